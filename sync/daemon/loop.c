#include "daemon/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "base/log.h"
#include "base/random.h"

#define EVENT_BYTES 4096
#define SECOND_MS 1000U

static volatile sig_atomic_t stop;
static int wake_pipe[2] = {-1, -1};

const volatile sig_atomic_t *
loop_stop_flag(void)
{
    return &stop;
}

static void
on_signal(int number)
{
    int kept = errno;
    (void)number;
    stop = 1;
    /* Full means that somebody is being woken already. */
    (void)!write(wake_pipe[1], "", 1);
    errno = kept;
}

enum status
loop_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    if (pipe(wake_pipe) != 0) {
        return log_errno("loop", "pipe");
    }
    for (int i = 0; i < 2; i++) {
        if (fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC) != 0
            || fcntl(wake_pipe[i], F_SETFL, O_NONBLOCK) != 0) {
            return log_errno("loop", "fcntl");
        }
    }
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGTERM, &action, NULL) != 0
        || sigaction(SIGINT, &action, NULL) != 0) {
        return log_errno("loop", "sigaction");
    }
    return STATUS_OK;
}

void
loop_beat(void)
{
    (void)sd_notify(0, "WATCHDOG=1");
}

/* "systemctl status" shows it; nothing is kept of it. */
static void
tell(const struct session *s)
{
    (void)sd_notifyf(0, "STATUS=%s",
                     sync_state_phase_text(s->state.phase, I18N_EN));
}

/* Longest sleep that still lets us beat in time; -1: any. */
static int64_t
watchdog_ms(void)
{
    uint64_t interval_us = 0;
    if (sd_watchdog_enabled(0, &interval_us) <= 0) {
        return -1;
    }
    return (int64_t)(interval_us / 3000);
}

enum change {
    CHANGE_NONE = 0,
    CHANGE_OUTBOX = 1,
    CHANGE_SETTINGS = 2,
    CHANGE_ACCOUNT = 4,
};

/* Read all events that are there; which files they name. */
static unsigned
drain(int fd)
{
    unsigned changes = CHANGE_NONE;
    _Alignas(struct inotify_event) char data[EVENT_BYTES];
    for (;;) {
        ssize_t len = read(fd, data, sizeof(data));
        if (len <= 0) {
            return changes;
        }
        for (ssize_t at = 0; at < len;) {
            struct inotify_event event;
            memcpy(&event, data + at, sizeof(event));
            const char *name = data + at + sizeof(event);
            if (event.mask & IN_Q_OVERFLOW) {
                changes |= CHANGE_OUTBOX | CHANGE_SETTINGS | CHANGE_ACCOUNT;
            } else if (event.len > 0 && strcmp(name, "outbox.db") == 0) {
                changes |= CHANGE_OUTBOX;
            } else if (event.len > 0 && strcmp(name, "sync.conf") == 0) {
                changes |= CHANGE_SETTINGS;
            } else if (event.len > 0 && strcmp(name, "sync.key") == 0) {
                changes |= CHANGE_ACCOUNT;
            }
            at += (ssize_t)(sizeof(event) + event.len);
        }
    }
}

/* Sleep until something happens or `until_ms` comes. */
static enum status
rest(const struct session *s, int inotify, int64_t until_ms)
{
    struct pollfd fds[] = {
        {.fd = inotify, .events = POLLIN},
        {.fd = wake_pipe[0], .events = POLLIN},
    };
    int64_t longest = watchdog_ms();
    for (;;) {
        int64_t left = until_ms - clock_mono_ms(s->clock);
        if (left <= 0) {
            return STATUS_OK;
        }
        int64_t nap = longest > 0 && left > longest ? longest : left;
        int n = poll(fds, 2, (int)nap);
        loop_beat();
        if (n > 0 || (n < 0 && errno == EINTR)) {
            return STATUS_OK;
        }
        if (n < 0) {
            return log_errno("loop", "poll");
        }
    }
}

static int64_t
after_seconds(const struct session *s, int seconds)
{
    return clock_mono_ms(s->clock) + (int64_t)SECOND_MS * seconds;
}

/* When to talk, given what happened. */
static int64_t
next_time(struct session *s, const struct config *config, enum status ran)
{
    if (ran < 0) {
        return clock_mono_ms(s->clock) + session_retry_ms(s);
    }
    int seconds = config->library_seconds > 0 ? config->library_seconds
                                              : CONFIG_LIBRARY_SECONDS;
    return after_seconds(s, seconds > config->metered_seconds
                                ? seconds
                                : config->metered_seconds);
}

/* The kiosk has written: talk within the mixing time, unless sooner anyway. A
 * metered link is left alone until its time has come. */
static int64_t
hasten(const struct session *s, const struct config *config, int64_t due_ms)
{
    if (config->metered_seconds > 0) {
        return due_ms;
    }
    int64_t wait = 0;
    if (config->mix_seconds > 0) {
        wait = random_below((uint32_t)config->mix_seconds * SECOND_MS);
    }
    int64_t soon = clock_mono_ms(s->clock) + wait;
    return soon < due_ms ? soon : due_ms;
}

static enum status
watch(const char *dir, int *out_fd)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) {
        return log_errno("loop", "inotify");
    }
    if (inotify_add_watch(fd, dir, IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO)
        < 0) {
        enum status st = log_errno("loop", dir);
        close(fd);
        return st;
    }
    *out_fd = fd;
    return STATUS_OK;
}

/* Are the settings or the account others than the session was started with? */
static bool
outdated(const struct session *s, unsigned changes)
{
    return (changes & CHANGE_SETTINGS)
           || ((changes & CHANGE_ACCOUNT) && session_account_replaced(s));
}

enum status
loop_run(struct session *s, const struct config *config)
{
    int inotify = -1;
    bool hastened = false;
    bool changed = false;
    int64_t due_ms = 0;
    enum status st = watch(s->dir, &inotify);
    if (st < 0) {
        return st;
    }
    (void)sd_notify(0, "READY=1");
    /* Perhaps it was replaced after it was loaded and before we watched. */
    unsigned changes = CHANGE_ACCOUNT;
    while (!stop && !outdated(s, changes)) {
        if (clock_mono_ms(s->clock) >= due_ms) {
            /* Note where the outbox stands, to see what comes meanwhile. */
            st = session_outbox_changed(s, &changed);
            st = st < 0 ? st : session_run(s);
            tell(s);
            due_ms = next_time(s, config, st);
            hastened = false;
            loop_beat();
        }
        changes = drain(inotify);
        if (outdated(s, changes)) {
            break;
        }
        if ((changes & CHANGE_OUTBOX) && !hastened && s->failures == 0) {
            st = session_outbox_changed(s, &changed);
            if (st == STATUS_OK && changed) {
                due_ms = hasten(s, config, due_ms);
                hastened = true;
                continue; /* it may be due now */
            }
        }
        st = rest(s, inotify, due_ms);
        if (st < 0) {
            goto out;
        }
    }
    if (!stop) {
        st = STATUS_E_STALE;
        goto out;
    }
    st = STATUS_OK;
    (void)sd_notify(0, "STOPPING=1");
    session_set_phase(s, SYNC_STOPPED);

out:
    close(inotify);
    return st;
}
