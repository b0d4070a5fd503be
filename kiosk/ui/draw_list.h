#ifndef ANKETA_UI_DRAW_LIST_H
#define ANKETA_UI_DRAW_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "ui/geom.h"
#include "ui/metrics.h"
#include "ui/theme.h"

/*
 * Draw list: what one frame shows, from back to front.
 *
 * The screens fill it, the painter turns it into pixels and the dump into
 * lines of text. Texts are copied in. Beyond DRAW_LIST_MAX commands or
 * DRAW_LIST_TEXT_MAX_BYTES the rest of the frame is left out and `overflow`
 * set: a page that needs more is a fault of that page.
 *
 * Privacy  draw_list_wipe overwrites texts: they may be a person's answers.
 */
#define DRAW_LIST_MAX 4096
#define DRAW_LIST_TEXT_MAX_BYTES ((size_t)512 * 1024)

enum draw_list_kind {
    DRAW_LIST_BOX,
    DRAW_LIST_TEXT,
    DRAW_LIST_ICON,
    DRAW_LIST_IMAGE,
};

enum draw_list_icon {
    DRAW_LIST_TICK,
    DRAW_LIST_CIRCLE,
    DRAW_LIST_DOT,
    DRAW_LIST_CHEVRON_LEFT,
    DRAW_LIST_CHEVRON_RIGHT,
    DRAW_LIST_ARROW_UP,
    DRAW_LIST_ARROW_DOWN,
    DRAW_LIST_PLUS,
    DRAW_LIST_MINUS,
    DRAW_LIST_CROSS,
    DRAW_LIST_CONTRAST,
    DRAW_LIST_WARNING,
    DRAW_LIST_BACKSPACE,
    DRAW_LIST_SHIFT,
    DRAW_LIST_SHIFT_ON,
    DRAW_LIST_ENTER,
    DRAW_LIST_SEARCH,
    DRAW_LIST_SPEAKER,
    DRAW_LIST_SPEAKER_ON,
    DRAW_LIST_PLAY,
    DRAW_LIST_PAUSE,
    DRAW_LIST_REPEAT,
    DRAW_LIST_LOCK,
    DRAW_LIST_GRIP,
    DRAW_LIST_MORE, /* three dots: there is more than is shown */
    DRAW_LIST_FACE, /* `level`: 0 saddest to 100 happiest */
    DRAW_LIST_ICON_COUNT
};

struct draw_list_command {
    enum draw_list_kind kind;
    struct geom_rect rect; /* of the box, the icon, or the line of text */
    enum theme_role fill;  /* box: inside; text and icon: its colour */
    enum theme_role edge;  /* box only */
    int edge_px;
    int radius_px;
    bool dashed;
    enum draw_list_icon icon;
    int level;
    enum metrics_face face;
    int em_px;
    int baseline_px; /* from rect.y */
    size_t text;     /* offset in `texts`, NUL-terminated */
};

struct draw_list {
    struct draw_list_command *commands; /* owned */
    size_t count;
    size_t capacity;
    struct buf texts;
    bool overflow;
};

void
draw_list_init(struct draw_list *dl);
void
draw_list_deinit(struct draw_list *dl);

/* Empty, without overwriting. */
void
draw_list_clear(struct draw_list *dl);
/* Empty, and overwrite what was in it. */
void
draw_list_wipe(struct draw_list *dl);

struct draw_list_box {
    struct geom_rect rect;
    enum theme_role fill;
    enum theme_role edge;
    int edge_px;
    int radius_px;
    bool dashed;
};
void
draw_list_box(struct draw_list *dl, const struct draw_list_box *box);

/* One line; `rect` is its measured box. */
void
draw_list_text(struct draw_list *dl, struct geom_rect rect,
               const struct metrics_type *type, enum theme_role colour,
               const char *text, size_t len);

/* `level` matters to DRAW_LIST_FACE only. */
void
draw_list_icon(struct draw_list *dl, struct geom_rect rect,
               enum draw_list_icon icon, enum theme_role colour, int level);

/* `name`: a file of the form's media. */
void
draw_list_image(struct draw_list *dl, struct geom_rect rect, const char *name);

const char *
draw_list_string(const struct draw_list *dl,
                 const struct draw_list_command *command);

/* Where two frames differ; empty when they show the same. */
struct geom_rect
draw_list_damage(const struct draw_list *before, const struct draw_list *after);

const char *
draw_list_icon_name(enum draw_list_icon icon);

#endif
