#include "app/events.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

struct events {
    pthread_mutex_t lock;
    struct log_listener listener;
    char line[EVENTS_LINES][EVENTS_LINE_BYTES];
    size_t count; /* ever heard */
};

static void
hear(void *self, const char *line)
{
    struct events *e = self;
    (void)pthread_mutex_lock(&e->lock);
    (void)snprintf(e->line[e->count % EVENTS_LINES], EVENTS_LINE_BYTES, "%s",
                   line);
    e->count++;
    (void)pthread_mutex_unlock(&e->lock);
}

enum status
events_open(struct events **out)
{
    *out = NULL;
    struct events *e = calloc(1, sizeof(*e));
    if (!e) {
        return log_oom("staff");
    }
    (void)pthread_mutex_init(&e->lock, NULL);
    e->listener = (struct log_listener){hear, e};
    log_listen(&e->listener);
    *out = e;
    return STATUS_OK;
}

void
events_close(struct events *e)
{
    if (e) {
        log_listen(NULL);
        (void)pthread_mutex_destroy(&e->lock);
        free(e);
    }
}

bool
events_line(struct events *e, size_t back, char out[EVENTS_LINE_BYTES])
{
    (void)pthread_mutex_lock(&e->lock);
    bool there = back < e->count && back < EVENTS_LINES;
    if (there) {
        (void)snprintf(out, EVENTS_LINE_BYTES, "%s",
                       e->line[(e->count - 1 - back) % EVENTS_LINES]);
    }
    (void)pthread_mutex_unlock(&e->lock);
    return there;
}
