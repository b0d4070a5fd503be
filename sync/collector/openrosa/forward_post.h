#ifndef ANKETA_COLLECTOR_OPENROSA_FORWARD_POST_H
#define ANKETA_COLLECTOR_OPENROSA_FORWARD_POST_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * Forward post: one submission to another OpenRosa server (ODK Central, Kobo),
 * by libcurl.
 *
 * HTTPS only, certificates verified, no redirects: an answer goes where the
 * coordinator said and nowhere else. Files are split into requests by the
 * size the server announces, all but the last marked "*isIncomplete*".
 *
 * Threads  A post belongs to one thread.
 */
struct forward_post;

struct forward_target {
    char *url;   /* of the server, "/submission" is appended */
    char *login; /* "" without */
    char *password;
    char *ca; /* path of the certificate to trust; "": the system's */
};

enum forward_verdict {
    FORWARD_TAKEN,   /* 201 or 202: it has all of it */
    FORWARD_REFUSED, /* it will never take this */
    FORWARD_LATER,   /* this one not now */
    FORWARD_AWAY,    /* no server there now, or it does not know us */
};

struct forward_answer {
    enum forward_verdict verdict;
    int64_t wait_ms;  /* as long as the server asks for; 0: did not say */
    char detail[200]; /* what it said; may name what it was about: not for a
                       * log */
};

struct forward_file {
    char *name;
    size_t len;
};

struct forward_item {
    const char *xml;
    size_t xml_len;
    const struct forward_file *file;
    size_t files;
    /* Append the content of a file. */
    enum status (*read)(void *self, const char *name, struct buf *out);
    void *self;
};

/* `stop` ends a transfer; both are borrowed. */
MUST_CHECK enum status
forward_post_new(const struct forward_target *target, const atomic_bool *stop,
                 struct forward_post **out);
void
forward_post_free(struct forward_post *p);

/* Only failures of ours are a status; what the server did is in `out`. */
MUST_CHECK enum status
forward_post_send(struct forward_post *p, const struct forward_item *item,
                  struct forward_answer *out);

#endif
