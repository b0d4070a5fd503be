#ifndef ANKETA_COLLECTOR_INGEST_SUBMISSION_H
#define ANKETA_COLLECTOR_INGEST_SUBMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/store/store.h"

/*
 * Submission: one filled form as another OpenRosa client sends it, in clear
 * over TLS. Taken in by the same rules as a kiosk's record: validated by the
 * form engine, once only, stored without a time.
 *
 * It goes to the newest open wave of its form and version that may take it: an
 * anonymous one, or a named one if the sender is known as a person. Slips and
 * ballots are for kiosks.
 *
 * Files (photographs, sounds) come with named answers only: the name of a file
 * is a time as a rule, and what is in it points at who made it. One file may
 * come by several requests that repeat the XML; each file must be named by a
 * question for files. What is missing may still come.
 *
 * In two steps like ingest.h, so that the long one needs no lock.
 */
#define SUBMISSION_FILE_NAME_MAX_BYTES 255
#define SUBMISSION_FILES_MAX_BYTES ((size_t)64 * 1024 * 1024) /* an answer */
/* How long an answer waits for its files before it is forwarded. */
#define SUBMISSION_FILES_WAIT_MS ((int64_t)3600 * 1000)

struct submission_root {
    char form_id[256];
    char version[256];
    bool encrypted;
};

/* Name and version of the form in the root element. STATUS_E_INVALID: there is
 * no root element with an id. */
MUST_CHECK enum status
submission_read_root(const char *xml, size_t len, struct submission_root *out);

struct submission_file {
    const char *name;
    const void *data;
    size_t len;
};

struct submission {
    const char *xml;
    size_t len;
    const struct submission_file *file;
    size_t files;
    int64_t person; /* 0: nobody known */
};

struct submission_opened;

/*
 * Parse and check; `in` is borrowed until submission_free(). `d` is told why
 * not, in the sender's language.
 *
 * STATUS_E_NOT_FOUND: no such form or version. STATUS_E_STALE: no wave of it
 * is open to this sender. STATUS_E_AUTH: open to persons only.
 * STATUS_E_UNSUPPORTED: encrypted. STATUS_E_INVALID: breaks the rules of its
 * form, has no instanceID, or has a file that no question names.
 */
MUST_CHECK enum status
submission_open(struct store *reader, struct catalogue *catalogue,
                const struct submission *in, struct diag *d,
                struct submission_opened **out);

/*
 * One transaction. STATUS_REPEAT: these bytes were taken in before; files that
 * came with them are kept. STATUS_E_CONFLICT: another submission of the same
 * instanceID was. STATUS_E_LIMIT: too many or too large files.
 */
MUST_CHECK enum status
submission_commit(const struct submission_opened *o, struct store *writer,
                  int64_t now_ms);

void
submission_free(struct submission_opened *o);

#endif
