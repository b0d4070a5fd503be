#ifndef ANKETA_COLLECTOR_PASSPHRASE_H
#define ANKETA_COLLECTOR_PASSPHRASE_H

#include "base/buf.h"
#include "base/status.h"

/*
 * Passphrase: where a program gets one from, without its standing in a command
 * line or an environment.
 */
enum passphrase_source {
    PASSPHRASE_FD,         /* a line of an open file descriptor */
    PASSPHRASE_CREDENTIAL, /* systemd's LoadCredential=passphrase:... */
    PASSPHRASE_TERMINAL,
    PASSPHRASE_NOWHERE,
};

/* Which there is: `fd` if it is not negative, else a credential, else a
 * terminal. */
enum passphrase_source
passphrase_source(int fd);

/* Append one line without its end. On a terminal `prompt` is shown and nothing
 * of what is typed. STATUS_NONE: there is nothing to read; STATUS_E_LIMIT. */
MUST_CHECK enum status
passphrase_read(enum passphrase_source source, int fd, const char *prompt,
                struct buf *out);

#endif
