#include "collector/http/crowd.h"

#include <string.h>
#include <sys/socket.h>

void
crowd_init(struct crowd *c)
{
    memset(c, 0, sizeof(*c));
    pthread_mutex_init(&c->lock, NULL);
    for (size_t i = 0; i < CROWD_MAX; i++) {
        c->place[i].fd = -1;
    }
}

void
crowd_deinit(struct crowd *c)
{
    pthread_mutex_destroy(&c->lock);
}

static double
rate(const struct crowd_place *p, int64_t mono_ms)
{
    return (double)p->bytes / (double)(mono_ms - p->since_ms + 1);
}

/* Did `a` do less for its time than `b`? */
static bool
is_lazier(const struct crowd_place *a, const struct crowd_place *b,
          int64_t mono_ms)
{
    double for_a = rate(a, mono_ms);
    double for_b = rate(b, mono_ms);
    return for_a < for_b || (for_a <= for_b && a->since_ms < b->since_ms);
}

/* What the address of `p` holds beyond its share. */
static int
excess(const struct crowd *c, const struct crowd_place *p)
{
    int held = c->held[p->peer];
    return held > CROWD_SHARE ? held - CROWD_SHARE : 0;
}

static bool
goes_before(const struct crowd *c, const struct crowd_place *a,
            const struct crowd_place *b, int64_t mono_ms)
{
    int of_a = excess(c, a);
    int of_b = excess(c, b);
    return of_a != of_b ? of_a > of_b : is_lazier(a, b, mono_ms);
}

static void
push_out(struct crowd *c, int64_t mono_ms)
{
    struct crowd_place *worst = NULL;
    for (size_t i = 0; i < CROWD_MAX; i++) {
        struct crowd_place *p = &c->place[i];
        if (p->fd >= 0 && !p->answering && !p->leaving
            && (!worst || goes_before(c, p, worst, mono_ms))) {
            worst = p;
        }
    }
    if (worst) {
        worst->leaving = true;
        c->held[worst->peer]--;
        /* The server sees the end of the connection and closes it itself. */
        (void)shutdown(worst->fd, SHUT_RDWR);
    }
}

struct crowd_place *
crowd_enter(struct crowd *c, int fd, unsigned long peer, int64_t mono_ms)
{
    struct crowd_place *found = NULL;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; !found && i < CROWD_MAX; i++) {
        if (c->place[i].fd < 0) {
            found = &c->place[i];
        }
    }
    if (c->count >= CROWD_FULL) {
        push_out(c, mono_ms);
    }
    if (found) {
        *found = (struct crowd_place){
            .fd = fd,
            .peer = (uint16_t)(peer % CROWD_PEERS),
            .since_ms = mono_ms,
        };
        c->held[found->peer]++;
        c->count++;
    }
    pthread_mutex_unlock(&c->lock);
    return found;
}

void
crowd_leave(struct crowd *c, struct crowd_place *p)
{
    if (p) {
        pthread_mutex_lock(&c->lock);
        if (!p->leaving) {
            c->held[p->peer]--;
        }
        p->fd = -1;
        c->count--;
        pthread_mutex_unlock(&c->lock);
    }
}

void
crowd_bytes(struct crowd *c, struct crowd_place *p, size_t len)
{
    if (p) {
        pthread_mutex_lock(&c->lock);
        p->bytes += len;
        pthread_mutex_unlock(&c->lock);
    }
}

void
crowd_answering(struct crowd *c, struct crowd_place *p)
{
    if (p) {
        pthread_mutex_lock(&c->lock);
        p->answering = true;
        pthread_mutex_unlock(&c->lock);
    }
}

void
crowd_answered(struct crowd *c, struct crowd_place *p, int64_t mono_ms)
{
    if (p) {
        pthread_mutex_lock(&c->lock);
        p->answering = false;
        p->bytes = 0;
        p->since_ms = mono_ms;
        pthread_mutex_unlock(&c->lock);
    }
}
