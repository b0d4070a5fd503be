#ifndef ANKETA_COLLECTOR_OPENROSA_ACCOUNT_H
#define ANKETA_COLLECTOR_OPENROSA_ACCOUNT_H

#include "base/status.h"
#include "collector/store/password.h"
#include "collector/store/store.h"

/*
 * Account: of an OpenRosa client. Its password is made here, because what is
 * kept of it must serve HTTP Digest: no other password may be behind it.
 */

/* Makes the account or gives it a new password. `code` is a person's, or "" for
 * nobody. STATUS_E_INVALID: no login that HTTP can carry; STATUS_E_NOT_FOUND: no
 * such person; STATUS_E_LIMIT. */
MUST_CHECK enum status
account_new(struct store *s, const char *login, const char *code,
            char out_password[PASSWORD_GENERATED_CHARS + 1]);

#endif
