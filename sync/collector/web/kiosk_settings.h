#ifndef ANKETA_COLLECTOR_WEB_KIOSK_SETTINGS_H
#define ANKETA_COLLECTOR_WEB_KIOSK_SETTINGS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/store/store.h"

/*
 * Kiosk settings: what the coordinator may set for all her kiosks, carried to
 * them by the library ("room.form" opens a voting session, "idle.seconds", …).
 *
 * The PIN of the staff menu is one of them and is never stored: only what
 * proves it (seal/pin_code.h).
 *
 * Threads  The store's.
 */
#define KIOSK_SETTINGS_STAFF "staff.pin"

struct kiosk_setting {
    const char *key;
    const char *wants; /* msgid: what it may be set to */
};
/* NULL behind the last one. */
const struct kiosk_setting *
kiosk_settings_at(size_t index);

/* Append the value; nothing if it is not set. */
MUST_CHECK enum status
kiosk_settings_get(struct store *s, const char *key, struct buf *out);

/* "" takes the setting away. Numbers the library anew. `s` is in a transaction.
 * STATUS_E_NOT_FOUND: kiosks know none of that name. STATUS_E_INVALID: it cannot
 * be set to this; `wants` says to what. */
MUST_CHECK enum status
kiosk_settings_set(struct store *s, const char *key, const char *value);

/* The PIN of the staff menu at every kiosk. STATUS_E_INVALID: no PIN to choose,
 * for the reason pin_code_fault() gives. Takes about a third of a second. */
MUST_CHECK enum status
kiosk_settings_set_pin(struct store *s, const char *digits);

#endif
