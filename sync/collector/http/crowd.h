#ifndef ANKETA_COLLECTOR_HTTP_CROWD_H
#define ANKETA_COLLECTOR_HTTP_CROWD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Crowd: who is connected, and who has to go when places become few.
 *
 * Beyond CROWD_FULL connections each newcomer pushes one out. It is one of the
 * address that holds most, as long as that is more than CROWD_SHARE: whoever
 * keeps coming back pushes out his own, and a kiosk has time for its handshake
 * however slow the collector is. Where all hold their share at most, and within
 * an address, it is the one that has done least for its time: bytes of a body a
 * millisecond, since it came or since its last request was answered; of several
 * that did nothing, the oldest. Half-open handshakes, endless headers and
 * dripping bodies go first; a kiosk on a slow line outlives them. Nobody goes
 * while its answer is made. CROWD_MAX lies well above CROWD_FULL, because who is
 * pushed out is gone only when the server has noticed.
 *
 * Threads  Any.
 */
#define CROWD_MAX 512
#define CROWD_FULL 320
#define CROWD_SHARE 8
/* Addresses that fall into one of so many places are taken for one. */
#define CROWD_PEERS 1024

struct crowd_place {
    int fd;        /* -1: free */
    uint16_t peer; /* of crowd->held */
    int64_t since_ms;
    uint64_t bytes;
    bool answering;
    bool leaving; /* was told to */
};

struct crowd {
    pthread_mutex_t lock; /* guards the rest */
    struct crowd_place place[CROWD_MAX];
    size_t count;
    uint16_t held[CROWD_PEERS]; /* by address, without those that leave */
};

void
crowd_init(struct crowd *c);
void
crowd_deinit(struct crowd *c);

/* A connection came from the address `peer` is a key of; NULL if there is no
 * place. May shut down another's socket. */
struct crowd_place *
crowd_enter(struct crowd *c, int fd, unsigned long peer, int64_t mono_ms);
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
