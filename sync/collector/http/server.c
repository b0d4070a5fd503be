#include "collector/http/server.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/http/crowd.h"

#define BACKLOG 512
#define FORM_BUFFER_BYTES 4096
#define HOST_MAX_BYTES 256
#define MS_PER_S 1000
#define PEER_PLACES 256

_Static_assert(SERVER_CONNECTIONS == CROWD_MAX, "a place for each");

struct server {
    struct MHD_Daemon *daemon; /* owned */
    const struct server_route *route;
    size_t route_count;
    server_handler *explain;
    void *self;
    uint16_t port;
    atomic_size_t uploads; /* bytes held for requests under way */
    /* The same by client; those that share a place share its limit. */
    atomic_size_t peer_uploads[PEER_PLACES];
    struct crowd crowd; /* connections */

    pthread_mutex_t lock; /* guards the rest */
    pthread_cond_t idle;
    size_t under_way; /* requests */
};

/* One request under way. */
struct exchange {
    struct server *server;
    const struct server_route *route;
    struct request request;
    struct MHD_PostProcessor *form; /* owned */
    size_t held;                    /* bytes counted in server->uploads */
    size_t peer;                    /* of the client in peer_uploads */
    struct crowd_place *place;      /* of the connection; may be NULL */
    int64_t window_ms;              /* the present window of too_slow() */
    size_t window_held;             /* what was held when it began */
    bool begun;                     /* its headers were seen */
    bool malformed;                 /* the body is no form */
    bool too_large;
    void (*sent)(void *self, bool whole); /* of the response */
    void *sent_self;
};

/* --- answering ------------------------------------------------------------ */

static void
security_headers(struct MHD_Response *r)
{
    static const char *const headers[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Strict-Transport-Security", "max-age=31536000"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        /* Out of memory costs the header, not the answer. */
        (void)MHD_add_response_header(r, headers[i][0], headers[i][1]);
    }
}

static struct MHD_Response *
response_of_body(struct response *rs)
{
    size_t len = 0;
    char *body = buf_take(&rs->body, &len);
    static char nothing[1];
    struct MHD_Response *r = MHD_create_response_from_buffer(
        len, body ? body : nothing,
        body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!r) {
        free(body);
    }
    return r;
}

/* The library closes its own descriptor when it has sent the file. */
static struct MHD_Response *
response_of_file(struct response *rs)
{
    int fd = fflush(rs->file) == 0 ? dup(fileno(rs->file)) : -1;
    if (fd < 0) {
        log_warn("http", "a temporary file could not be sent");
        return NULL;
    }
    struct MHD_Response *r = MHD_create_response_from_fd(rs->file_len, fd);
    if (!r && close(fd) != 0) {
        log_warn("http", "a temporary file could not be sent");
    }
    return r;
}

static enum MHD_Result
send_response(struct MHD_Connection *connection, struct response *rs)
{
    if (buf_status(&rs->body) < 0) {
        log_error("http", "an answer did not fit: %s",
                  status_name(buf_status(&rs->body)));
        buf_clear(&rs->body);
        rs->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
    struct MHD_Response *r =
        rs->file ? response_of_file(rs) : response_of_body(rs);
    if (!r) {
        return MHD_NO;
    }
    security_headers(r);
    (void)MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, rs->type);
    for (size_t i = 0; i < rs->header_count; i++) {
        (void)MHD_add_response_header(r, rs->header[i].name,
                                      rs->header[i].value);
    }
    enum MHD_Result queued =
        MHD_queue_response(connection, (unsigned)rs->status, r);
    MHD_destroy_response(r);
    return queued;
}

static enum MHD_Result
send_error(struct exchange *x, int status)
{
    struct response rs;
    response_init(&rs);
    rs.status = status;
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE) {
        response_header(&rs, MHD_HTTP_HEADER_RETRY_AFTER, "5");
    }
    if (x->server->explain) {
        x->server->explain(x->server->self, &x->request, &rs);
    } else {
        buf_printf(&rs.body, "%d\n", status);
    }
    enum MHD_Result sent = send_response(x->request.connection, &rs);
    response_deinit(&rs);
    return sent;
}

static enum MHD_Result
handle(struct exchange *x)
{
    struct response rs;
    response_init(&rs);
    x->route->handle(x->server->self, &x->request, &rs);
    x->sent = rs.sent;
    x->sent_self = rs.sent_self;
    enum MHD_Result sent = send_response(x->request.connection, &rs);
    response_deinit(&rs);
    return sent;
}

/* --- taking in ------------------------------------------------------------ */

/* Count `len` more bytes against the route's and the server's limits. */
static bool
hold(struct exchange *x, size_t len)
{
    if (len > x->route->body_max_bytes - x->held) {
        x->too_large = true;
        return false;
    }
    size_t before = atomic_fetch_add(&x->server->uploads, len);
    size_t peer = atomic_fetch_add(&x->server->peer_uploads[x->peer], len);
    x->held += len;
    return before + len <= SERVER_UPLOADS_MAX_BYTES
           && peer + len <= SERVER_UPLOADS_PER_PEER_MAX_BYTES;
}

/* Did less come in the last window than the slowest line brings? */
static bool
too_slow(struct exchange *x)
{
    int64_t now_ms = clock_mono_ms(clock_system());
    if (now_ms - x->window_ms < (int64_t)SERVER_PATIENCE_S * MS_PER_S) {
        return false;
    }
    bool slow = x->held - x->window_held
                < (size_t)SERVER_PATIENCE_S * SERVER_SLOWEST_BYTES_PER_S;
    x->window_ms = now_ms;
    x->window_held = x->held;
    return slow;
}

static struct request_field *
new_field(struct request *rq, const char *name, const char *file_name,
          const char *type, size_t max)
{
    if (rq->field_count == REQUEST_FIELDS_MAX) {
        return NULL;
    }
    if (!rq->field) {
        rq->field = calloc(REQUEST_FIELDS_MAX, sizeof(*rq->field));
    }
    if (!rq->field) {
        return NULL;
    }
    struct request_field *f = &rq->field[rq->field_count];
    f->name = strdup(name);
    f->file_name = file_name ? strdup(file_name) : NULL;
    f->type = type ? strdup(type) : NULL;
    buf_init(&f->value, max);
    rq->field_count++;
    return f->name ? f : NULL;
}

/* The only place where libmicrohttpd tells the target before it decodes it. What
 * this returns becomes the state of the request. */
static void *
on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    (void)cls;
    (void)connection;
    struct exchange *x = calloc(1, sizeof(*x));
    if (x) {
        x->request.target = strdup(target);
    }
    return x;
}

/* The shape of this and of on_request() is libmicrohttpd's. */
/* NOLINTBEGIN(readability-function-size) */
static enum MHD_Result
take_field(void *cls, enum MHD_ValueKind kind, const char *name,
           const char *file_name, const char *type, const char *encoding,
           const char *data, uint64_t offset, size_t size)
{
    (void)kind;
    (void)encoding;
    struct exchange *x = cls;
    struct request *rq = &x->request;
    struct request_field *f =
        rq->field_count > 0 ? &rq->field[rq->field_count - 1] : NULL;
    if (offset == 0) {
        f = new_field(rq, name, file_name, type, x->route->body_max_bytes);
    }
    if (!f) {
        x->too_large = true;
        return MHD_NO;
    }
    buf_put(&f->value, data, size);
    return buf_status(&f->value) < 0 ? MHD_NO : MHD_YES;
}
/* NOLINTEND(readability-function-size) */

static const struct server_route *
match(const struct server *s, const char *path, const char **out_tail)
{
    *out_tail = "";
    for (size_t i = 0; i < s->route_count; i++) {
        const char *pattern = s->route[i].path;
        size_t len = strlen(pattern);
        if (pattern[len - 1] == '*' && strncmp(pattern, path, len - 1) == 0) {
            *out_tail = path + len - 1;
            return &s->route[i];
        }
        if (strcmp(pattern, path) == 0) {
            return &s->route[i];
        }
    }
    return NULL;
}

static unsigned
method_bit(const char *method)
{
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0) {
        return REQUEST_GET;
    }
    if (strcmp(method, MHD_HTTP_METHOD_HEAD) == 0) {
        return REQUEST_HEAD;
    }
    return strcmp(method, MHD_HTTP_METHOD_POST) == 0 ? REQUEST_POST : 0;
}

static bool
takes(const struct server_route *route, unsigned method)
{
    unsigned takes = route->methods;
    if (takes & REQUEST_GET) {
        takes |= REQUEST_HEAD;
    }
    return (takes & method) != 0;
}

/* Decide at the headers whether the body may come; 0 or a status code. */
static int
refuse(struct exchange *x, const char *method)
{
    struct request *rq = &x->request;
    unsigned bit = method_bit(method);
    rq->method = bit ? (enum request_method)bit : REQUEST_GET;
    x->route = match(x->server, rq->path, &rq->tail);
    if (!x->route) {
        return MHD_HTTP_NOT_FOUND;
    }
    if (!takes(x->route, bit)) {
        return MHD_HTTP_METHOD_NOT_ALLOWED;
    }
    const char *length = request_header(rq, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (length && strtoull(length, NULL, 10) > x->route->body_max_bytes) {
        return MHD_HTTP_CONTENT_TOO_LARGE;
    }
    buf_init(&rq->body, x->route->body_max_bytes);
    if (bit == REQUEST_POST && x->route->form) {
        x->form = MHD_create_post_processor(rq->connection, FORM_BUFFER_BYTES,
                                            take_field, x);
        if (!x->form) {
            return MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
        }
    }
    return 0;
}

static enum MHD_Result
take_body(struct exchange *x, const char *data, size_t *len)
{
    if (!hold(x, *len) || too_slow(x)) {
        return MHD_NO;
    }
    crowd_bytes(&x->server->crowd, x->place, *len);
    bool taken = true;
    if (x->form) {
        /* The rest is let in all the same: only then can the client read an
         * answer. */
        x->malformed =
            x->malformed || MHD_post_process(x->form, data, *len) != MHD_YES;
    } else {
        buf_put(&x->request.body, data, *len);
        taken = buf_status(&x->request.body) == STATUS_OK;
    }
    *len = 0;
    return taken ? MHD_YES : MHD_NO;
}

static void
on_connection(void *cls, struct MHD_Connection *connection, void **context,
              enum MHD_ConnectionNotificationCode what)
{
    struct server *s = cls;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        crowd_leave(&s->crowd, *context);
        *context = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *context = info ? crowd_enter(&s->crowd, info->connect_fd,
                                  request_peer_of(connection),
                                  clock_mono_ms(clock_system()))
                    : NULL;
}

static struct crowd_place *
place_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void
under_way(struct server *s, bool begins)
{
    pthread_mutex_lock(&s->lock);
    s->under_way = begins ? s->under_way + 1 : s->under_way - 1;
    if (s->under_way == 0) {
        pthread_cond_broadcast(&s->idle);
    }
    pthread_mutex_unlock(&s->lock);
}

/* NOLINTBEGIN(readability-function-size) */
static enum MHD_Result
on_request(void *cls, struct MHD_Connection *connection, const char *url,
           const char *method, const char *version, const char *data,
           size_t *data_len, void **state)
{
    (void)version;
    struct exchange *x = *state;
    if (!x || !x->request.target) {
        return MHD_NO; /* no memory for it */
    }
    if (!x->begun) {
        x->begun = true;
        x->server = cls;
        under_way(x->server, true);
        x->window_ms = clock_mono_ms(clock_system());
        x->request.connection = connection;
        x->request.path = url;
        x->request.tail = "";
        x->peer = request_peer(&x->request) % PEER_PLACES;
        x->place = place_of(connection);
        int status = refuse(x, method);
        return status == 0 ? MHD_YES : send_error(x, status);
    }
    if (*data_len > 0) {
        return take_body(x, data, data_len);
    }
    crowd_answering(&x->server->crowd, x->place);
    return x->malformed && !x->too_large ? send_error(x, MHD_HTTP_BAD_REQUEST)
                                         : handle(x);
}
/* NOLINTEND(readability-function-size) */

static void
on_completed(void *cls, struct MHD_Connection *connection, void **state,
             enum MHD_RequestTerminationCode why)
{
    (void)connection;
    struct server *s = cls;
    struct exchange *x = *state;
    if (!x) {
        return;
    }
    if (x->sent) {
        x->sent(x->sent_self, why == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    }
    if (x->form) {
        MHD_destroy_post_processor(x->form);
    }
    atomic_fetch_sub(&s->uploads, x->held);
    atomic_fetch_sub(&s->peer_uploads[x->peer], x->held);
    crowd_answered(&s->crowd, x->place, clock_mono_ms(clock_system()));
    for (size_t i = 0; i < x->request.field_count; i++) {
        struct request_field *f = &x->request.field[i];
        free(f->name);
        free(f->file_name);
        free(f->type);
        buf_deinit(&f->value);
    }
    free(x->request.field);
    free(x->request.target);
    if (x->request.body.data) {
        buf_deinit(&x->request.body);
    }
    if (x->begun) {
        under_way(s, false);
    }
    free(x);
    *state = NULL;
}

/* --- starting and stopping ------------------------------------------------ */

/* "host:port", "[v6]:port", ":port" into its two parts. */
static enum status
split_address(const char *listen, char host[HOST_MAX_BYTES],
              const char **out_port)
{
    const char *colon = strrchr(listen, ':');
    if (!colon || colon[1] == '\0') {
        return STATUS_E_INVALID;
    }
    const char *from = listen;
    size_t len = (size_t)(colon - listen);
    if (len >= 2 && from[0] == '[' && from[len - 1] == ']') {
        from++;
        len -= 2;
    }
    if (len >= HOST_MAX_BYTES) {
        return STATUS_E_INVALID;
    }
    memcpy(host, from, len);
    host[len] = '\0';
    *out_port = colon + 1;
    return STATUS_OK;
}

static enum status
bind_socket(const struct addrinfo *ai, int *out_fd)
{
    int fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);
    if (fd < 0) {
        return log_errno("http", "socket");
    }
    const int on = 1;
    const int off = 0;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (ai->ai_family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    }
    if (bind(fd, ai->ai_addr, ai->ai_addrlen) != 0
        || listen(fd, BACKLOG) != 0) {
        enum status st =
            errno == EADDRINUSE ? STATUS_E_BUSY : log_errno("http", "listen");
        close(fd);
        return st;
    }
    *out_fd = fd;
    return STATUS_OK;
}

static enum status
listen_on(const char *listen, int *out_fd)
{
    char host[HOST_MAX_BYTES];
    const char *port = NULL;
    enum status st = split_address(listen, host, &port);
    if (st < 0) {
        return st;
    }
    const struct addrinfo hints = {
        .ai_family = host[0] ? AF_UNSPEC : AF_INET6,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
    };
    struct addrinfo *found = NULL;
    if (getaddrinfo(host[0] ? host : NULL, port, &hints, &found) != 0) {
        return STATUS_E_INVALID;
    }
    st = bind_socket(found, out_fd);
    freeaddrinfo(found);
    return st;
}

static void
note_port(struct server *s, int fd)
{
    struct sockaddr_storage at;
    socklen_t len = sizeof(at);
    if (getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        return;
    }
    if (at.ss_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, &at, sizeof(in));
        s->port = ntohs(in.sin_port);
    } else if (at.ss_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, &at, sizeof(in));
        s->port = ntohs(in.sin6_port);
    }
}

static void
log_microhttpd(void *cls, const char *fmt, va_list ap)
{
    (void)cls;
    (void)fmt;
    (void)ap;
    /* What clients do wrong is no news, and would be a trace of them. */
}

/* libmicrohttpd only reads what its option type says may be written. */
union text {
    const char *in;
    void *out;
};

static struct MHD_Daemon *
start_daemon(const struct server_options *options, struct server *s, int fd)
{
    static const char priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:"
                                     "+VERS-TLS1.2";
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG;
    const bool tls = options->key_pem && options->cert_pem;
    const struct MHD_OptionItem end = {MHD_OPTION_END, 0, NULL};
    struct MHD_OptionItem item[] = {
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (union text){options->key_pem}.out},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (union text){options->cert_pem}.out},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (union text){priorities}.out},
        end,
    };
    if (tls) {
        flags |= MHD_USE_TLS;
    } else {
        item[0] = end;
    }
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER,
        log_microhttpd, NULL, MHD_OPTION_URI_LOG_CALLBACK, on_target, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)SERVER_THREADS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)SERVER_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)SERVER_CONNECTIONS_PER_PEER, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)SERVER_CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)SERVER_IDLE_S, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_ARRAY, item, MHD_OPTION_END);
}

static void
drop(struct server *s)
{
    crowd_deinit(&s->crowd);
    pthread_cond_destroy(&s->idle);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static void
init_idle(struct server *s)
{
    pthread_condattr_t attr;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->idle, &attr);
    pthread_condattr_destroy(&attr);
}

enum status
server_start(const struct server_options *options, struct server **out)
{
    *out = NULL;
    int fd = -1;
    struct server *s = calloc(1, sizeof(*s));
    if (!s) {
        return log_oom("http");
    }
    s->route = options->route;
    s->route_count = options->route_count;
    s->explain = options->explain;
    s->self = options->self;
    crowd_init(&s->crowd);
    init_idle(s);
    enum status st = STATUS_OK;
    if (options->socket) {
        fd = *options->socket;
    } else {
        st = listen_on(options->listen, &fd);
    }
    if (st < 0) {
        drop(s);
        return st;
    }
    note_port(s, fd);
    s->daemon = start_daemon(options, s, fd);
    if (!s->daemon) {
        log_error("http", "libmicrohttpd did not start");
        close(fd);
        drop(s);
        return STATUS_E_IO;
    }
    *out = s;
    return STATUS_OK;
}

uint16_t
server_port(const struct server *server)
{
    return server->port;
}

void
server_stop(struct server *server)
{
    if (server) {
        MHD_stop_daemon(
            server->daemon); /* closes the socket, unless it was left */
        drop(server);
    }
}

enum status
server_leave(struct server *server, int *out_socket)
{
    struct timespec until;
    int rc = 0;
    *out_socket = MHD_quiesce_daemon(server->daemon);
    if (*out_socket == MHD_INVALID_SOCKET) {
        log_error("http", "libmicrohttpd does not give the socket back");
        server_stop(server);
        return STATUS_E_IO;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += SERVER_LEAVE_S;
    pthread_mutex_lock(&server->lock);
    while (server->under_way > 0 && rc == 0) {
        rc = pthread_cond_timedwait(&server->idle, &server->lock, &until);
    }
    pthread_mutex_unlock(&server->lock);
    server_stop(server);
    return STATUS_OK;
}
