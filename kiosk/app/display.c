#include "app/display.h"

#include <SDL.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/bare.h"
#include "base/log.h"

/* Signals and exit() know no context, so these stand alone. */
static volatile sig_atomic_t end_asked;
static volatile sig_atomic_t watching;
/* A byte from the handler, or the end of the pipe, wakes the thread. */
static int asked[2] = {-1, -1};
static pthread_t asker;

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
    /* SDL's own handler is heard at the next event only, which may be hours
     * away. */
    (void)SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
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
    int before = errno;
    (void)number;
    end_asked = 1;
    /* A full pipe has woken the thread already. */
    if (write(asked[1], "", 1) < 0) {
        errno = before;
    }
}

static void *
ask(void *unused)
{
    char byte;
    for (;;) {
        ssize_t n = read(asked[0], &byte, 1);
        if (n > 0) {
            SDL_Event quit = {.type = SDL_QUIT};
            (void)SDL_PushEvent(&quit);
        } else if (n == 0 || errno != EINTR) {
            return unused;
        }
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

enum status
display_watch(void)
{
    struct sigaction ours = {.sa_handler = on_signal};
    if (pipe(asked) != 0) {
        return log_errno("display", "pipe");
    }
    /* A child that held the writing end would keep the thread from its end. */
    (void)fcntl(asked[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(asked[1], F_SETFD, FD_CLOEXEC);
    if (pthread_create(&asker, NULL, ask, NULL) != 0) {
        (void)close(asked[0]);
        (void)close(asked[1]);
        return log_errno("display", "thread");
    }
    (void)sigemptyset(&ours.sa_mask);
    (void)sigaction(SIGINT, &ours, NULL);
    (void)sigaction(SIGTERM, &ours, NULL);
    watching = 1;
    (void)atexit(on_exit_by_others);
    return STATUS_OK;
}

bool
display_end_asked(void)
{
    return end_asked != 0;
}

void
display_unwatch(void)
{
    if (!watching) {
        return;
    }
    watching = 0;
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)close(asked[1]);
    (void)pthread_join(asker, NULL);
    (void)close(asked[0]);
    asked[0] = -1;
    asked[1] = -1;
}
