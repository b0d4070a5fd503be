#ifndef ANKETA_COLLECTOR_HTTP_REQUEST_H
#define ANKETA_COLLECTOR_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/status.h"

struct MHD_Connection;

/*
 * Request and response: what a handler sees of HTTP.
 *
 * A handler is called once, when the whole request is in. Everything in the
 * request is borrowed for that call. The response starts as 200 with an empty
 * body; the handler fills it in.
 *
 * Threads  A request belongs to the thread that handles it.
 */
enum request_method {
    REQUEST_GET = 1,
    REQUEST_HEAD = 2, /* routes that take GET take it too */
    REQUEST_POST = 4,
};

/* One field of a posted form. */
struct request_field {
    char *name;
    char *file_name;  /* NULL: an ordinary field */
    char *type;       /* of a file, as the client says; may be NULL */
    struct buf value; /* text is NUL-terminated like any buf */
};
#define REQUEST_FIELDS_MAX 256

struct request {
    enum request_method method;
    const char *path;
    const char *tail; /* what stands for the * of the route; "" without */
    char *target;     /* path and query as the first line has them */
    struct buf body;  /* routes that do not take forms */
    struct request_field *field; /* routes that do */
    size_t field_count;
    void *connection; /* the server's */
};

/* NULL if absent. */
const char *
request_header(const struct request *rq, const char *name);
const char *
request_query(const struct request *rq, const char *name);
const char *
request_cookie(const struct request *rq, const char *name);
/* Value of an ordinary form field, NULL if absent. */
const char *
request_form(const struct request *rq, const char *name);
const struct request_field *
request_file(const struct request *rq, const char *name);

/* A key that is the same for all connections of one client address: for
 * limits, never for a log. */
unsigned long
request_peer(const struct request *rq);
unsigned long
request_peer_of(struct MHD_Connection *connection);

/* Did it come over TLS? */
bool
request_secure(const struct request *rq);

#define RESPONSE_HEADERS_MAX 16
#define RESPONSE_MAX_BYTES ((size_t)256 * 1024 * 1024)
/* What response_write() holds in memory; the rest goes through a file. */
#define RESPONSE_HELD_BYTES ((size_t)1024 * 1024)
#define RESPONSE_FILE_MAX_BYTES ((size_t)4 * 1024 * 1024 * 1024)

struct response {
    int status;
    const char *type; /* Content-Type; a literal */
    struct buf body;
    FILE *file; /* owned; sent instead of the body. NULL: none */
    size_t file_len;
    struct {
        const char *name; /* a literal */
        char *value;      /* owned */
    } header[RESPONSE_HEADERS_MAX];
    size_t header_count;
    /* May be NULL. Called once when the answer has gone out, or could not: then
     * not `whole`. From any thread of the server's. */
    void (*sent)(void *self, bool whole);
    void *sent_self;
};

/* Values with line breaks are refused, and beyond the maximum: both are logged
 * and the header is left out. */
void
response_header(struct response *rs, const char *name, const char *value);

/* Append to an answer that may be large: what is more than a little lies in a
 * file without a name until it is sent. STATUS_E_LIMIT beyond
 * RESPONSE_FILE_MAX_BYTES; STATUS_E_IO, logged. */
MUST_CHECK enum status
response_write(struct response *rs, const void *data, size_t len);
/* Nothing was written. */
void
response_clear(struct response *rs);

/* 303 to a path of ours. */
void
response_redirect(struct response *rs, const char *path);

void
response_init(struct response *rs);
void
response_deinit(struct response *rs);

#endif
