#include "app/watch.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/log.h"

#define EVENT_BYTES 4096

struct watch {
    int inotify;
    int stop[2]; /* written to end the thread */
    pthread_t thread;
    void (*changed)(void *self);
    void *self;
};

static bool
about_library(const char *events, size_t len)
{
    static const char name[] = "library.db";
    size_t at = 0;
    while (at + sizeof(struct inotify_event) <= len) {
        struct inotify_event event;
        memcpy(&event, events + at, sizeof(event));
        const char *file = events + at + sizeof(event);
        if (event.len >= sizeof(name)
            && strncmp(file, name, sizeof(name) - 1) == 0) {
            return true;
        }
        at += sizeof(event) + event.len;
    }
    return false;
}

static void *
run(void *self)
{
    struct watch *w = self;
    char events[EVENT_BYTES];
    for (;;) {
        struct pollfd fds[2] = {{.fd = w->inotify, .events = POLLIN},
                                {.fd = w->stop[0], .events = POLLIN}};
        if (poll(fds, 2, -1) < 0 || fds[1].revents != 0) {
            return NULL;
        }
        ssize_t n = read(w->inotify, events, sizeof(events));
        if (n > 0 && about_library(events, (size_t)n)) {
            w->changed(w->self);
        }
    }
}

static void
release(struct watch *w)
{
    if (w->inotify >= 0) {
        (void)close(w->inotify);
    }
    for (int i = 0; i < 2; i++) {
        if (w->stop[i] >= 0) {
            (void)close(w->stop[i]);
        }
    }
    free(w);
}

enum status
watch_start(const char *dir, void (*changed)(void *self), void *self,
            struct watch **out)
{
    *out = NULL;
    struct watch *w = calloc(1, sizeof(*w));
    if (!w) {
        return log_oom("watch");
    }
    w->stop[0] = -1;
    w->stop[1] = -1;
    w->changed = changed;
    w->self = self;
    enum status st = STATUS_OK;
    w->inotify = inotify_init1(IN_CLOEXEC);
    /* A commit ends with the journal's removal; a swap with a rename. */
    if (w->inotify < 0
        || inotify_add_watch(w->inotify, dir,
                             IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE)
               < 0
        || pipe(w->stop) != 0) {
        st = log_errno("watch", dir);
    } else if (pthread_create(&w->thread, NULL, run, w) != 0) {
        st = log_errno("watch", "thread");
    }
    if (st < 0) {
        release(w);
        return st;
    }
    *out = w;
    return STATUS_OK;
}

void
watch_stop(struct watch *w)
{
    if (!w) {
        return;
    }
    if (write(w->stop[1], "", 1) != 1) {
        log_warn("watch", "the thread cannot be ended");
        return;
    }
    (void)pthread_join(w->thread, NULL);
    release(w);
}
