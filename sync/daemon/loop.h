#ifndef ANKETA_DAEMON_LOOP_H
#define ANKETA_DAEMON_LOOP_H

#include <signal.h>

#include "base/status.h"
#include "daemon/config.h"
#include "daemon/session.h"

/*
 * Loop: when the daemon talks. It sleeps until the kiosk has written, the
 * account or the settings were replaced, a time is due, or a signal ends it.
 *
 * What somebody sends does not leave at once: a wait is drawn at random up to
 * config.mix_seconds, so that the network tells no time of answering.
 *
 * Threads  One. SIGTERM and SIGINT are taken over.
 */

/* Raised by SIGTERM and SIGINT once loop_catch_signals() was called. */
const volatile sig_atomic_t *
loop_stop_flag(void);
MUST_CHECK enum status
loop_catch_signals(void);

/* Tell systemd, if it asked, that we are alive. */
void
loop_beat(void);

/* Runs until stopped, telling systemd, if it asked, how things stand after each
 * talk. STATUS_E_STALE: the account or settings were replaced; load them and
 * start again. */
MUST_CHECK enum status
loop_run(struct session *s, const struct config *config);

#endif
