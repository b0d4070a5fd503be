#ifndef ANKETA_STORE_SYNC_STATE_H
#define ANKETA_STORE_SYNC_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/i18n.h"
#include "base/status.h"

/*
 * Sync state: how the sync daemon fares, for the staff menu and for
 * `anketa-sync status`. The daemon replaces the small file "sync.state" at
 * each change; anybody may read it at any moment.
 *
 * It names no time finer than a day, and its counts move only when the daemon
 * talks to the collector, never when somebody answers.
 *
 * Threads  Pure functions over a file, from any thread.
 */
/* In the file: never renumber. */
enum sync_phase {
    SYNC_NOT_ENROLLED = 0,
    SYNC_IDLE = 1,    /* nothing to do until something changes */
    SYNC_TALKING = 2, /* with the collector */
    SYNC_WAITING = 3, /* after a fault, until the next try */
    SYNC_STOPPED = 4, /* the daemon has ended */
    SYNC_PHASE_COUNT
};

enum sync_fault {
    SYNC_FAULT_NONE = 0,
    SYNC_FAULT_NAME = 1,    /* the address's name is not known */
    SYNC_FAULT_CONNECT = 2, /* nobody answers at the address */
    SYNC_FAULT_BROKEN = 3,  /* the connection broke off or timed out */
    SYNC_FAULT_KEY = 4,     /* somebody else answers: another TLS key */
    SYNC_FAULT_FOREIGN = 5, /* the answer is not a collector's */
    SYNC_FAULT_BUSY = 6,    /* the collector says later */
    SYNC_FAULT_REVOKED = 7, /* the collector does not know this kiosk */
    SYNC_FAULT_REFUSED = 8, /* it calls what we sent malformed */
    SYNC_FAULT_DISK = 9,    /* this kiosk's own files */
    SYNC_FAULT_SIGNATURE =
        10,                  /* a collector's answer, but not signed by ours */
    SYNC_FAULT_CODE = 11,    /* enrolment code wrong, used or expired */
    SYNC_FAULT_VERSION = 12, /* the collector is of a later version */
    SYNC_FAULT_TLS = 13,     /* no secure connection could be made */
    SYNC_FAULT_STICK = 14,   /* the USB stick cannot be read or written */
    SYNC_FAULT_STICK_FULL = 15,
    SYNC_FAULT_STICK_PROTECTED = 16, /* against writing */
    SYNC_FAULT_STICK_NAME = 17, /* a file has the name of our folder on it */
    SYNC_FAULT_COUNT
};

#define SYNC_STATE_DETAIL_BYTES 200
#define SYNC_STATE_ADDRESS_BYTES 256
#define SYNC_STATE_NAME_BYTES 256
#define SYNC_STATE_FORM_BYTES 64
#define SYNC_STATE_FORMS_MAX 16

/* What waits of one questionnaire. */
struct sync_form {
    char form_id[SYNC_STATE_FORM_BYTES]; /* "": all that are not listed */
    uint64_t waiting;
    uint64_t least; /* so many leave together; 0: any number */
};

struct sync_state {
    enum sync_phase phase;
    enum sync_fault fault;
    char detail[SYNC_STATE_DETAIL_BYTES]; /* English, for technicians */
    char address[SYNC_STATE_ADDRESS_BYTES];
    uint64_t library_serial;
    uint64_t waiting; /* records, as of the last talk */
    uint64_t held;
    uint64_t refused;
    uint64_t damaged;   /* slots */
    uint32_t last_day;  /* of the last success: days since 1970; 0 never */
    uint32_t tried_day; /* of the last try */
    char name[SYNC_STATE_NAME_BYTES]; /* of this kiosk; "" if it has none */
    struct sync_form form[SYNC_STATE_FORMS_MAX];
    size_t form_count;
};

/* STATUS_NONE: the daemon has not run here. */
MUST_CHECK enum status
sync_state_read(const char *path, struct sync_state *out);
MUST_CHECK enum status
sync_state_write(const char *path, const struct sync_state *state);

/* What it means and what to do, for the staff. Static storage. */
const char *
sync_state_fault_text(enum sync_fault fault, enum i18n_lang lang);
const char *
sync_state_phase_text(enum sync_phase phase, enum i18n_lang lang);

#endif
