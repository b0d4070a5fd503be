#ifndef ANKETA_RENDER_FONTS_H
#define ANKETA_RENDER_FONTS_H

#include <stddef.h>

#include "base/status.h"
#include "render/canvas.h"
#include "ui/metrics.h"
#include "ui/text.h"

/*
 * Fonts: lines of text to widths and coverage masks, by SDL2_ttf.
 *
 * Faces are opened when first used, one per weight and size. Characters that
 * the text face lacks are taken from the fallback. Widths and masks are kept
 * in bounded tables keyed by a hash; fonts_forget() overwrites them, because
 * what a person typed was among them.
 *
 * Threads  One at a time.
 * Errors   A missing face is told once in the log and replaced by the
 *          fallback; fonts_open fails only if there is no font at all.
 */
struct fonts;

#define FONTS_MASK_CACHE_BYTES ((size_t)3 * 1024 * 1024)

/* `dir` is searched first for Inter-Regular.otf and so on; may be NULL.
 * STATUS_E_NOT_FOUND: neither Inter nor DejaVu Sans is installed. */
MUST_CHECK enum status
fonts_open(const char *dir, struct fonts **out);
void
fonts_close(struct fonts *f);

/* Whether the text face itself was found (else: the fallback serves). */
bool
fonts_complete(const struct fonts *f);

/* Borrows `f`. */
struct text_measure
fonts_measure(struct fonts *f);

/* Draws a line whose baseline is at y. */
void
fonts_draw(struct fonts *f, struct canvas *c,
           const struct draw_list_command *line, const char *text,
           uint32_t colour);

void
fonts_forget(struct fonts *f);

#endif
