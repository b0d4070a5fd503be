#ifndef ANKETA_COLLECTOR_PRESENCE_H
#define ANKETA_COLLECTOR_PRESENCE_H

#include <stdint.h>

#include "base/status.h"
#include "wire/enrol.h"

/*
 * Presence: the collector tells the local network where it is (DNS service
 * discovery over multicast, by avahi-daemon), so that kiosks find it after its
 * address has changed.
 *
 * Service "_anketa._tcp", TXT "v=1" and "id=" with 16 hexadecimal digits, the
 * start of the TLS pin, by which a kiosk tells its own collector from others;
 * whether it is that one the pin itself decides.
 *
 * A convenience: without D-Bus, or built without Avahi's library, nothing is
 * told and nothing fails. avahi-daemon may come and go while the collector runs.
 *
 * Threads  One of its own, of Avahi's.
 */
#define PRESENCE_TYPE "_anketa._tcp"

struct presence;

/* `house` is part of the name that people see in a browser of services. NULL
 * in *out if this build has none: STATUS_NONE. */
MUST_CHECK enum status
presence_start(const char *house, uint16_t port,
               const uint8_t pin[ENROL_TLS_PIN_BYTES], struct presence **out);
/* NULL is fine. */
void
presence_stop(struct presence *p);

#endif
