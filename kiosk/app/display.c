#include "app/display.h"

#include <SDL.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/bare.h"
#include "base/log.h"

/* Signals and exit() know no context, so these stand alone. */
static volatile sig_atomic_t end_asked;
static volatile sig_atomic_t watching;
static void (*next_handler)(int);

static enum status
tell(enum i18n_lang lang, bool bare)
{
    if (bare) {
        const char *why = bare_text(bare_look("/dev/dri", "/sys/class/drm"));
        (void)fprintf(stderr, "%s\n", i18n_text(lang, why));
    }
    (void)fprintf(
        stderr, "%s\n",
        i18n_text(
            lang,
            "No screen was found to show the questionnaires on. Either start "
            "the kiosk inside a graphical session (DISPLAY or WAYLAND_DISPLAY "
            "is set there), or on a bare screen: then /dev/dri must exist, the "
            "account must be in the groups video, render and input, and no "
            "other program may hold the screen. Answers given before are "
            "safe."));
    return STATUS_E_IO;
}

enum status
display_open(enum i18n_lang lang)
{
    static const char *const drivers[] = {"x11", "wayland", "KMSDRM"};
    if (SDL_InitSubSystem(SDL_INIT_EVENTS) != 0) {
        log_error("display", "%s", SDL_GetError());
        return STATUS_E_IO;
    }
    const char *wanted = SDL_getenv("SDL_VIDEODRIVER");
    if (wanted && wanted[0]) {
        if (SDL_VideoInit(wanted) == 0) {
            return STATUS_OK;
        }
        log_error("display", "%s: %s", wanted, SDL_GetError());
        return tell(lang, SDL_strcasecmp(wanted, "kmsdrm") == 0);
    }
    for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
        if (SDL_VideoInit(drivers[i]) == 0) {
            log_info("display", "%s", drivers[i]);
            return STATUS_OK;
        }
        log_info("display", "not %s: %s", drivers[i], SDL_GetError());
    }
    log_error("display", "none could be opened");
    return tell(lang, true);
}

static void
on_signal(int number)
{
    end_asked = 1;
    if (next_handler != SIG_DFL && next_handler != SIG_IGN) {
        next_handler(number);
    }
}

static void
on_exit_by_others(void)
{
    if (watching) {
        log_error("display", "the display is gone; what was being answered is "
                             "forgotten");
        _exit(DISPLAY_EXIT_LOST);
    }
}

void
display_watch(void)
{
    /* SDL turns the signals into SDL_QUIT; its handler goes on doing so. */
    struct sigaction ours = {.sa_handler = on_signal};
    struct sigaction before;
    (void)sigemptyset(&ours.sa_mask);
    if (sigaction(SIGINT, &ours, &before) == 0) {
        next_handler = before.sa_handler;
    }
    (void)sigaction(SIGTERM, &ours, NULL);
    watching = 1;
    (void)atexit(on_exit_by_others);
}

bool
display_end_asked(void)
{
    return end_asked != 0;
}

void
display_unwatch(void)
{
    watching = 0;
}
