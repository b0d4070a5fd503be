#include "collector/web/throttle.h"

#include <string.h>

void
throttle_init(struct throttle *t)
{
    memset(t, 0, sizeof(*t));
    pthread_mutex_init(&t->lock, NULL);
}

void
throttle_deinit(struct throttle *t)
{
    pthread_mutex_destroy(&t->lock);
}

/* Give back what time has earned; the lock is held. */
static int
wrong_now(struct throttle *t, size_t i, int64_t mono_ms)
{
    int64_t earned = (mono_ms - t->slot[i].at_ms) / THROTTLE_REFILL_MS;
    if (earned > 0) {
        int64_t left = t->slot[i].wrong - earned;
        t->slot[i].wrong = left > 0 ? (int)left : 0;
        t->slot[i].at_ms += earned * THROTTLE_REFILL_MS;
    }
    return t->slot[i].wrong;
}

bool
throttle_allows(struct throttle *t, unsigned long client, int64_t mono_ms)
{
    pthread_mutex_lock(&t->lock);
    bool ok = wrong_now(t, client % THROTTLE_SLOTS, mono_ms) < THROTTLE_TRIES;
    pthread_mutex_unlock(&t->lock);
    return ok;
}

void
throttle_wrong(struct throttle *t, unsigned long client, int64_t mono_ms)
{
    size_t i = client % THROTTLE_SLOTS;
    pthread_mutex_lock(&t->lock);
    if (wrong_now(t, i, mono_ms) == 0) {
        t->slot[i].at_ms = mono_ms;
    }
    t->slot[i].wrong++;
    pthread_mutex_unlock(&t->lock);
}
