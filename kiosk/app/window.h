#ifndef ANKETA_APP_WINDOW_H
#define ANKETA_APP_WINDOW_H

#include <stdbool.h>

#include "app/core.h"
#include "base/status.h"
#include "render/fonts.h"

/*
 * Window: SDL2 on one side, the core on the other.
 *
 * The loop sleeps in SDL_WaitEvent until something is touched, the core's
 * deadline comes or the library changes; only what differs from the last frame
 * is painted and shown. Painting is in software onto the window's own surface:
 * no driver has to be warmed up and an idle kiosk costs nothing.
 *
 * Threads  window_library_changed() from any; the rest from one.
 */
struct window_options {
    int width_px; /* 0: full screen */
    int height_px;
    double panel_inches; /* 0: ask the display, else assume 10.1 */
    enum i18n_lang lang; /* to say that there is no display */
};

struct window;

MUST_CHECK enum status
window_open(const struct window_options *options, struct window **out);
void
window_close(struct window *w);

/* What the core has to know of the panel. */
void
window_panel(const struct window *w, struct core_panel *out);

/* Runs until SIGTERM, SIGINT or the window is closed. STATUS_REPEAT: the staff
 * want the program started again. STATUS_E_STALE: the display is gone. */
MUST_CHECK enum status
window_run(struct window *w, struct core *core, struct fonts *fonts);

/* Wake the loop; safe from another thread. */
void
window_voice_ended(struct window *w);
void
window_library_changed(struct window *w);

#endif
