#ifndef ANKETA_COLLECTOR_STORE_STORE_OPENROSA_H
#define ANKETA_COLLECTOR_STORE_STORE_OPENROSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/store/store.h"

/*
 * The part of the store that other OpenRosa programs need: accounts of clients,
 * files that come with named answers, and the outbox to another server. Shapes,
 * threads and errors as in store.h.
 */
#define STORE_OPENROSA_USERS_MAX 2000

/* --- accounts ------------------------------------------------------------- */
#define STORE_OPENROSA_HASH_CHARS 64
struct store_openrosa_user {
    char *login;
    char sha256[STORE_OPENROSA_HASH_CHARS + 1];
    char md5[STORE_OPENROSA_HASH_CHARS + 1];
    int64_t person; /* 0: nobody */
    char *name;     /* of that person, "" for nobody */
};

/* Replaces one of that login. */
MUST_CHECK enum status
store_openrosa_user_put(struct store *s,
                        const struct store_openrosa_user *user);
/* STATUS_NONE */
MUST_CHECK enum status
store_openrosa_user(struct store *s, const char *login,
                    struct store_openrosa_user *out);
/* STATUS_NONE: there is none. */
MUST_CHECK enum status
store_openrosa_user_drop(struct store *s, const char *login);
/* By login. */
MUST_CHECK enum status
store_openrosa_users(struct store *s, struct store_openrosa_user **out,
                     size_t *out_count);
void
store_openrosa_user_clear(struct store_openrosa_user *user);
void
store_openrosa_users_free(struct store_openrosa_user *users, size_t count);

/* --- files of named answers ----------------------------------------------- */
#define STORE_FILES_MAX 1000 /* of one answer */

/* The answer of `person` in `wave` must be there. Replaces one of that name. */
MUST_CHECK enum status
store_file_put(struct store *s, int64_t wave, int64_t person, const char *name,
               const void *data, size_t len);
MUST_CHECK enum status
store_files_drop(struct store *s, int64_t wave, int64_t person);
/* Append; STATUS_NONE. */
MUST_CHECK enum status
store_file(struct store *s, int64_t wave, int64_t person, const char *name,
           struct buf *out);
/* Of one answer, or (person 0) of a wave; by person and name. `data` only if
 * asked for, else NULL. */
typedef enum status
store_file_visit(void *self, int64_t person, const char *name, const void *data,
                 size_t len);
MUST_CHECK enum status
store_files_each(struct store *s, int64_t wave, int64_t person, bool with_data,
                 store_file_visit *visit, void *self);
/* STATUS_NONE: she has not answered. */
MUST_CHECK enum status
store_named(struct store *s, int64_t wave, int64_t person, struct buf *out_xml);

/* --- the outbox ----------------------------------------------------------- */
#define STORE_FORWARD_URL "forward.url" /* "" or unset: nothing is forwarded */
#define STORE_FORWARD_LOGIN "forward.login"
#define STORE_FORWARD_PASSWORD "forward.password"
#define STORE_FORWARD_CA "forward.ca" /* path of a certificate, or "" */

enum store_forward_state {
    STORE_FORWARD_WAITING = 0,
    STORE_FORWARD_DONE = 1,
    STORE_FORWARD_REFUSED = 2,
};

struct store_forward {
    int64_t wave;
    int64_t person;
    int64_t revision;
    enum store_forward_state state;
    int64_t tries;
    int64_t next_ms;
    char *detail;
};

/* An answer changed: it is to go (again), not before `next_ms`. Nothing happens
 * unless forwarding is set and the wave is a named one: ballots and anonymous
 * answers never go anywhere. */
MUST_CHECK enum status
store_forward_put(struct store *s, int64_t wave, int64_t person,
                  int64_t next_ms);
/* All named answers that were never put; *out_count says how many. */
MUST_CHECK enum status
store_forward_all(struct store *s, int64_t *out_count);
/* The one that is due, with its XML appended to `xml`; STATUS_NONE: none.
 * *out_next_ms is when one will be, 0 if none waits. */
MUST_CHECK enum status
store_forward_due(struct store *s, int64_t now_ms, struct store_forward *out,
                  struct buf *xml, int64_t *out_next_ms);
void
store_forward_clear(struct store_forward *f);
/* Note state, tries, next_ms and detail, if the answer is still the same. */
MUST_CHECK enum status
store_forward_note(struct store *s, const struct store_forward *f);
/* Those that were refused, and those that wait, are due now. */
MUST_CHECK enum status
store_forward_retry(struct store *s);
/* Forget what was not sent. */
MUST_CHECK enum status
store_forward_stop(struct store *s);

struct store_forward_counts {
    int64_t waiting;
    int64_t done;
    int64_t refused;
    char detail[256]; /* of the latest that waits or was refused, or "" */
};
MUST_CHECK enum status
store_forward_count(struct store *s, struct store_forward_counts *out);

#endif
