#ifndef ANKETA_COLLECTOR_HTTP_CROWD_H
#define ANKETA_COLLECTOR_HTTP_CROWD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Crowd: who is connected, and who has to go when places become few.
 *
 * Beyond CROWD_FULL connections each newcomer pushes out the one that has done
 * least for its time: bytes of a body a millisecond, since it came or since its
 * last request was answered; of several that did nothing, the oldest. Half-open
 * handshakes, endless headers and dripping bodies go first; a kiosk on a slow
 * line outlives them. Nobody goes while its answer is made. CROWD_MAX lies well
 * above CROWD_FULL, because who is pushed out is gone only when the server has
 * noticed.
 *
 * Threads  Any.
 */
#define CROWD_MAX 512
#define CROWD_FULL 320

struct crowd_place {
    int fd; /* -1: free */
    int64_t since_ms;
    uint64_t bytes;
    bool answering;
    bool leaving; /* was told to */
};

struct crowd {
    pthread_mutex_t lock; /* guards the rest */
    struct crowd_place place[CROWD_MAX];
    size_t count;
};

void
crowd_init(struct crowd *c);
void
crowd_deinit(struct crowd *c);

/* A connection came; NULL if there is no place. May shut down another's
 * socket. */
struct crowd_place *
crowd_enter(struct crowd *c, int fd, int64_t mono_ms);
/* It goes, and its socket will be closed after this. NULL is fine. */
void
crowd_leave(struct crowd *c, struct crowd_place *p);

/* So much of a body came. NULL is fine here and below. */
void
crowd_bytes(struct crowd *c, struct crowd_place *p, size_t len);
/* The request is all there. */
void
crowd_answering(struct crowd *c, struct crowd_place *p);
/* It is answered. */
void
crowd_answered(struct crowd *c, struct crowd_place *p, int64_t mono_ms);

#endif
