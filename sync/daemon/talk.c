#include "daemon/talk.h"

#include <stdio.h>

#include "base/log.h"

enum status
talk_path(const struct session *s, const char *name, struct buf *out)
{
    buf_init(out, SESSION_PATH_BYTES + 64);
    buf_printf(out, "%s/%s", s->dir, name);
    return buf_status(out);
}

void
talk_detail(struct session *s, const char *detail)
{
    (void)snprintf(s->state.detail, sizeof(s->state.detail), "%s", detail);
}

enum status
talk_fail(struct session *s, enum sync_fault fault, const char *detail,
          enum status st)
{
    s->state.fault = fault;
    talk_detail(s, detail);
    log_warn("sync", "%s", detail);
    return st;
}

/* What an HTTP code that is not 200 means. */
static enum status
refused(struct session *s, const struct transport_request *request, long http)
{
    char detail[SYNC_STATE_DETAIL_BYTES];
    enum sync_fault fault = SYNC_FAULT_FOREIGN;
    (void)snprintf(detail, sizeof(detail), "%s: HTTP %ld", request->path, http);
    if (http == 403) {
        fault = SYNC_FAULT_REVOKED;
    } else if (http == 400 || http == 413) {
        fault = SYNC_FAULT_REFUSED;
    } else if (http == 429 || http >= 500) {
        fault = SYNC_FAULT_BUSY;
    }
    return talk_fail(s, fault, detail, STATUS_E_IO);
}

/* STATUS_OK: 200 with a body; STATUS_NONE: 204. */
enum status
talk_exchange(struct session *s, const struct transport_request *request,
              struct transport_answer *answer, size_t max)
{
    *answer = (struct transport_answer){.http = 0};
    buf_init(&answer->body, max);
    enum status st =
        s->transport->exchange(s->transport->self, request, answer);
    if (st < 0) {
        return talk_fail(s, answer->fault, answer->detail, st);
    }
    if (answer->http == 204) {
        return STATUS_NONE;
    }
    return answer->http == 200 ? STATUS_OK : refused(s, request, answer->http);
}

/* What it means that an answer cannot be read. */
enum status
talk_unreadable(struct session *s, const char *what, enum status st)
{
    char detail[SYNC_STATE_DETAIL_BYTES];
    enum sync_fault fault = SYNC_FAULT_FOREIGN;
    (void)snprintf(detail, sizeof(detail), "%s: %s", what, status_name(st));
    if (st == STATUS_E_AUTH) {
        fault = SYNC_FAULT_SIGNATURE;
    } else if (st == STATUS_E_UNSUPPORTED) {
        fault = SYNC_FAULT_VERSION;
    } else if (st == STATUS_E_IO || st == STATUS_E_FULL || st == STATUS_E_NOMEM
               || st == STATUS_E_BUSY) {
        fault = SYNC_FAULT_DISK;
    }
    return talk_fail(s, fault, detail, st);
}
