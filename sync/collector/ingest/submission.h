#ifndef ANKETA_COLLECTOR_INGEST_SUBMISSION_H
#define ANKETA_COLLECTOR_INGEST_SUBMISSION_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/store/store.h"

/*
 * Submission: one filled form as another OpenRosa client sends it, in clear
 * over TLS. Taken in by the same rules as a kiosk's record: validated by the
 * form engine, once only, stored without a time. It goes to the newest open
 * wave of its form and version, if that is an anonymous one: such clients know
 * neither slips nor personal codes.
 */
struct submission_root {
    char form_id[256];
    char version[256];
};

/* Name and version of the form in the root element. STATUS_E_INVALID: there is
 * no root element with an id. */
MUST_CHECK enum status
submission_read_root(const char *xml, size_t len, struct submission_root *out);

/*
 * STATUS_REPEAT: these bytes were taken in before. STATUS_E_CONFLICT: another
 * submission of the same instanceID was. STATUS_E_NOT_FOUND: no such form or
 * version. STATUS_E_STALE: no wave of it is open. STATUS_E_INVALID: breaks the
 * rules of its form, or has no instanceID.
 */
MUST_CHECK enum status
submission_take(struct store *reader, struct store *writer,
                struct catalogue *catalogue, const char *xml, size_t len);

#endif
