#ifndef ANKETA_DAEMON_STICK_H
#define ANKETA_DAEMON_STICK_H

#include <stddef.h>

#include "base/status.h"
#include "daemon/session.h"

/*
 * Stick: batches, receipts and the library carried by hand on a USB stick
 * (wire/README.md, "By hand").
 *
 * Every step may be cut off by pulling the stick out, and repeated. Files that
 * are not ours are left alone.
 *
 * Threads  One. May run beside the daemon: the outbox keeps them apart.
 * Errors   state.fault: SYNC_FAULT_STICK and its kin for the stick, SYNC_FAULT_DISK for
 *          this kiosk's own files.
 */
struct stick_result {
    size_t receipts; /* taken */
    size_t batches;  /* written; an empty one asks for questionnaires */
    size_t answers;  /* in them */
    size_t foreign;  /* files that could not be read as what they are named */
};

/* `folder` is where the stick is mounted. */
MUST_CHECK enum status
stick_run(struct session *s, const char *folder, struct stick_result *out);

#endif
