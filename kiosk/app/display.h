#ifndef ANKETA_APP_DISPLAY_H
#define ANKETA_APP_DISPLAY_H

#include <stdbool.h>

#include "base/i18n.h"
#include "base/status.h"

/*
 * Display: which of SDL's ways to a screen is taken, and how it is known that
 * it has gone.
 *
 * X11 first, then Wayland, then the bare screen (KMSDRM); what SDL_VIDEODRIVER
 * names is tried alone. SDL's drivers without a screen are never chosen by
 * themselves: a kiosk that nobody sees looks alive to whoever watches it.
 *
 * Threads  From one; display_watch() sets process-wide state, once.
 */

/* Exit code when the display is lost: start again (README.md). */
#define DISPLAY_EXIT_LOST 74

/* After SDL's hints are set. On failure it says on standard error, in `lang`,
 * what was tried and what to do. */
MUST_CHECK enum status
display_open(enum i18n_lang lang);

/* After display_open(): SIGTERM and SIGINT end the wait for an event at once, as
 * SDL_QUIT from a thread of its own, and are told from a display that goes. Xlib
 * ends a program whose server died by exit(): then the log says so, the exit
 * code is DISPLAY_EXIT_LOST, and nothing else is run. */
MUST_CHECK enum status
display_watch(void);
/* Was the end asked for by a signal? */
bool
display_end_asked(void);
/* The program ends as it should: exit() is nobody else's from now on. */
void
display_unwatch(void);

#endif
