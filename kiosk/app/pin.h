#ifndef ANKETA_APP_PIN_H
#define ANKETA_APP_PIN_H

#include <stdbool.h>
#include <stdint.h>

#include "app/settings.h"
#include "base/clock.h"
#include "base/status.h"

/*
 * Pin: the six digits in front of the staff menu.
 *
 * Kept as what proves it and no more (seal/pin_code.h). From PIN_FREE_TRIES wrong ones on each further one costs a
 * wait, PIN_WAIT_MS at first and twice as long each time; after PIN_LOCK_TRIES
 * the menu stays shut until the collector sends another PIN or the file of
 * settings is removed by whoever has the machine's own account. A wrong try is
 * on the disk before it is judged, and a start begins with the whole wait, so
 * that neither pulling the plug nor setting the clock shortens it. On a full
 * disk the tries are counted in memory: the menu is what tells of the disk.
 *
 * A thief of the disk can try all million PINs in some days; what the PIN
 * keeps is the menu, and no answer lies behind it.
 *
 * Threads  One at a time.
 */
#define PIN_FREE_TRIES 5
#define PIN_LOCK_TRIES 15
#define PIN_WAIT_MS INT64_C(15000)

struct pin {
    struct settings *settings; /* borrowed */
    char path[1024];           /* of the settings */
    const struct clock *clock; /* borrowed */
    int64_t free_ms;           /* monotonic: no try before */
    bool damaged;              /* the settings cannot be read: stay shut */
};

enum pin_state {
    PIN_UNSET,
    PIN_READY,
    PIN_WAITING,
    PIN_LOCKED,
};

MUST_CHECK enum status
pin_init(struct pin *p, struct settings *settings, const char *path,
         const struct clock *clock);

/* What the library's setting "staff.pin" holds (pin_code_print), or NULL. One
 * that differs from the last it held is taken over and opens a locked menu;
 * STATUS_NONE: nothing new. */
MUST_CHECK enum status
pin_offer(struct pin *p, const char *from_collector);

/* *out_wait_ms: until the next try. */
enum pin_state
pin_state(const struct pin *p, int64_t *out_wait_ms);

/* STATUS_OK: right. STATUS_E_AUTH: wrong. STATUS_E_BUSY: not now. */
MUST_CHECK enum status
pin_check(struct pin *p, const char *digits);

/* STATUS_E_INVALID: not six digits, or weak. The caller has seen to it that the
 * old one was given, or that there was none. */
MUST_CHECK enum status
pin_set(struct pin *p, const char *digits);

#endif
