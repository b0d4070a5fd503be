#include "collector/http/request.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

#include "base/log.h"
#include "seal/seal.h"

static const char *
lookup(const struct request *rq, enum MHD_ValueKind kind, const char *name)
{
    return rq->connection
               ? MHD_lookup_connection_value(rq->connection, kind, name)
               : NULL;
}

const char *
request_header(const struct request *rq, const char *name)
{
    return lookup(rq, MHD_HEADER_KIND, name);
}

const char *
request_query(const struct request *rq, const char *name)
{
    return lookup(rq, MHD_GET_ARGUMENT_KIND, name);
}

const char *
request_cookie(const struct request *rq, const char *name)
{
    return lookup(rq, MHD_COOKIE_KIND, name);
}

static const struct request_field *
find(const struct request *rq, const char *name, bool file)
{
    for (size_t i = 0; i < rq->field_count; i++) {
        if ((rq->field[i].file_name != NULL) == file
            && strcmp(rq->field[i].name, name) == 0) {
            return &rq->field[i];
        }
    }
    return NULL;
}

const char *
request_form(const struct request *rq, const char *name)
{
    const struct request_field *f = find(rq, name, false);
    return f ? f->value.data : NULL;
}

const struct request_field *
request_file(const struct request *rq, const char *name)
{
    return find(rq, name, true);
}

bool
request_secure(const struct request *rq)
{
    return rq->connection
           && MHD_get_connection_info(rq->connection,
                                      MHD_CONNECTION_INFO_GNUTLS_SESSION);
}

unsigned long
request_peer(const struct request *rq)
{
    return request_peer_of(rq->connection);
}

unsigned long
request_peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        connection ? MHD_get_connection_info(connection,
                                             MHD_CONNECTION_INFO_CLIENT_ADDRESS)
                   : NULL;
    struct seal_hash hash = {{0}};
    if (info && info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, info->client_addr, sizeof(in));
        seal_hash(&in.sin_addr, sizeof(in.sin_addr), NULL, 0, &hash);
    } else if (info && info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, info->client_addr, sizeof(in));
        seal_hash(&in.sin6_addr, sizeof(in.sin6_addr), NULL, 0, &hash);
    }
    unsigned long key = 0;
    memcpy(&key, hash.bytes, sizeof(key));
    return key;
}

void
response_init(struct response *rs)
{
    memset(rs, 0, sizeof(*rs));
    rs->status = MHD_HTTP_OK;
    rs->type = "text/plain; charset=utf-8";
    buf_init(&rs->body, RESPONSE_MAX_BYTES);
}

void
response_deinit(struct response *rs)
{
    for (size_t i = 0; i < rs->header_count; i++) {
        free(rs->header[i].value);
    }
    rs->header_count = 0;
    response_clear(rs);
    buf_deinit(&rs->body);
}

void
response_clear(struct response *rs)
{
    buf_clear(&rs->body);
    if (rs->file && fclose(rs->file) != 0) {
        log_warn("http", "a temporary file did not close");
    }
    rs->file = NULL;
    rs->file_len = 0;
}

static enum status
to_file(struct response *rs, const void *data, size_t len)
{
    if (len > RESPONSE_FILE_MAX_BYTES - rs->file_len) {
        return STATUS_E_LIMIT;
    }
    if (len > 0 && fwrite(data, 1, len, rs->file) != len) {
        return log_errno("http", "temporary file");
    }
    rs->file_len += len;
    return STATUS_OK;
}

enum status
response_write(struct response *rs, const void *data, size_t len)
{
    if (!rs->file && len <= RESPONSE_HELD_BYTES - rs->body.len) {
        buf_put(&rs->body, data, len);
        return buf_status(&rs->body);
    }
    if (!rs->file) {
        rs->file = tmpfile();
        if (!rs->file) {
            return log_errno("http", "temporary file");
        }
        enum status st = to_file(rs, rs->body.data, rs->body.len);
        buf_clear(&rs->body);
        if (st < 0) {
            return st;
        }
    }
    return to_file(rs, data, len);
}

void
response_header(struct response *rs, const char *name, const char *value)
{
    char *copy = strpbrk(value, "\r\n") ? NULL : strdup(value);
    if (!copy || rs->header_count == RESPONSE_HEADERS_MAX) {
        log_error("http", "header %s left out", name);
        free(copy);
        return;
    }
    rs->header[rs->header_count].name = name;
    rs->header[rs->header_count].value = copy;
    rs->header_count++;
}

void
response_redirect(struct response *rs, const char *path)
{
    rs->status = MHD_HTTP_SEE_OTHER;
    response_header(rs, MHD_HTTP_HEADER_LOCATION, path);
}
