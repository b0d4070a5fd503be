#ifndef ANKETA_APP_SOURCE_H
#define ANKETA_APP_SOURCE_H

#include "base/status.h"
#include "screens/kiosk.h"

/*
 * Source: the installation's folder behind the screens: questionnaires out of
 * library.db, sealed answers into outbox.db.
 *
 * A folder without a library is not an error: the kiosk waits for one. A form
 * that cannot be read is named in the log and shown as such; the others serve.
 *
 * Threads  One at a time.
 */
struct source;

/* `dir` is the installation's folder. */
MUST_CHECK enum status
source_open(const char *dir, struct source **out);
void
source_close(struct source *s);

/* Operations for the screens; borrows `s`. */
const struct kiosk_source *
source_ops(struct source *s);

#endif
