#ifndef ANKETA_COLLECTOR_HTTP_SERVER_H
#define ANKETA_COLLECTOR_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "collector/http/request.h"

/*
 * Server: HTTPS by libmicrohttpd, within limits, and a table of routes.
 *
 * Every limit answers by itself: 400 for a body that is no form, 404, 405, 413 for a body beyond the route's
 * maximum. A body that would bring the uploads under way beyond
 * SERVER_UPLOADS_MAX_BYTES, or those of its address beyond
 * SERVER_UPLOADS_PER_PEER_MAX_BYTES, is cut off. One address may hold
 * SERVER_CONNECTIONS_PER_PEER connections, a silent one is dropped after
 * SERVER_IDLE_S, in a crowd the laziest sooner (crowd.h), and a body must come in faster than
 * SERVER_SLOWEST_BYTES_PER_S, looked at every SERVER_PATIENCE_S. There is no
 * access log.
 *
 * Threads  Handlers run in SERVER_THREADS threads at once.
 */
#define SERVER_THREADS 8
#define SERVER_CONNECTIONS 512
#define SERVER_CONNECTIONS_PER_PEER 64
#define SERVER_CONNECTION_BYTES 32768
#define SERVER_IDLE_S 30
#define SERVER_PATIENCE_S 30
#define SERVER_SLOWEST_BYTES_PER_S 512
#define SERVER_UPLOADS_MAX_BYTES ((size_t)96 * 1024 * 1024)
#define SERVER_UPLOADS_PER_PEER_MAX_BYTES ((size_t)32 * 1024 * 1024)

typedef void
server_handler(void *self, const struct request *rq, struct response *rs);

struct server_route {
    const char *path; /* a star at the end stands for any tail */
    unsigned methods; /* of enum request_method; GET brings HEAD */
    bool form;        /* urlencoded or multipart; else the raw body */
    size_t body_max_bytes;
    server_handler *handle;
};

struct server_options {
    const char
        *listen;       /* "127.0.0.1:8443", "[::]:8443", ":8443"; port 0: any */
    const int *socket; /* of server_leave(): instead of `listen`; or NULL */
    const char *key_pem; /* NULL with cert_pem: no TLS (tests) */
    const char *cert_pem;
    const struct server_route *route; /* first match wins */
    size_t route_count;
    /* Fill in the body of an error answer; rs->status is set. NULL: a line of
     * text. */
    server_handler *explain;
    void *self; /* for the handlers */
};

struct server;

/* Listens when it returns STATUS_OK. STATUS_E_INVALID: not an address;
 * STATUS_E_BUSY: the address is taken. */
MUST_CHECK enum status
server_start(const struct server_options *options, struct server **out);

/* The port really listened on. */
uint16_t
server_port(const struct server *server);

/* Ends what is under way and waits for it. NULL is fine. */
void
server_stop(struct server *server);

/* Stop, but keep the socket for a server to follow at once: who comes in between
 * waits for it. Requests under way have SERVER_LEAVE_S to come to their end. */
#define SERVER_LEAVE_S 10
MUST_CHECK enum status
server_leave(struct server *server, int *out_socket);

#endif
