#ifndef ANKETA_COLLECTOR_WEB_PAGES_ACCOUNT_H
#define ANKETA_COLLECTOR_WEB_PAGES_ACCOUNT_H

#include "collector/http/request.h"

/*
 * Pages: signing in and out, the accounts, and who did what. `self` is the
 * desk.
 *
 *   /sign-in      for everybody
 *   /sign-out     POST
 *   /users        accounts of the house (coordinator)
 *   /users/change POST: a new password, or the account switched off or on
 *   /audit        who did what (coordinator)
 */
void
pages_account_sign_in(void *self, const struct request *rq,
                      struct response *rs);
void
pages_account_sign_out(void *self, const struct request *rq,
                       struct response *rs);
void
pages_account_users(void *self, const struct request *rq, struct response *rs);
void
pages_account_change(void *self, const struct request *rq, struct response *rs);
void
pages_account_audit(void *self, const struct request *rq, struct response *rs);

#endif
