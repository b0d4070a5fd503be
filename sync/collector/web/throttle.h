#ifndef ANKETA_COLLECTOR_WEB_THROTTLE_H
#define ANKETA_COLLECTOR_WEB_THROTTLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Throttle: guesses at a secret, limited by client.
 *
 * A client has THROTTLE_TRIES wrong guesses and gets one back every
 * THROTTLE_REFILL_MS. Clients share THROTTLE_SLOTS counters by hash: a crowd of
 * attackers may hold up somebody honest for a while, never the other way round.
 *
 * Threads  Any.
 */
#define THROTTLE_SLOTS 256
#define THROTTLE_TRIES 10
#define THROTTLE_REFILL_MS 30000

struct throttle {
    pthread_mutex_t lock;
    struct {
        int64_t at_ms; /* monotonic */
        int wrong;
    } slot[THROTTLE_SLOTS];
};

void
throttle_init(struct throttle *t);
void
throttle_deinit(struct throttle *t);

/* May this client guess? */
bool
throttle_allows(struct throttle *t, unsigned long client, int64_t mono_ms);
/* It guessed wrong. */
void
throttle_wrong(struct throttle *t, unsigned long client, int64_t mono_ms);

#endif
