#ifndef ANKETA_APP_FINGER_H
#define ANKETA_APP_FINGER_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/ui.h"

/*
 * Finger: which of several touches counts.
 *
 * The first one, until it is lifted. A touch panel that is unplugged never
 * lifts it: one that was not heard of for FINGER_STALE_MS gives way to the
 * next that comes, as does a resting palm.
 *
 * Threads  One at a time.
 */
#define FINGER_STALE_MS INT64_C(3000)

struct finger {
    bool down;
    int64_t id;
    int64_t heard_ms; /* monotonic */
};

/* What becomes of a touch. */
enum finger_verdict {
    FINGER_IGNORE,
    FINGER_TAKE,
    FINGER_TAKE_OVER, /* the one before is lost: cancel it, then take this */
};

enum finger_verdict
finger_event(struct finger *f, int64_t id, enum ui_phase phase, int64_t now_ms);

#endif
