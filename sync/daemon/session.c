#include "daemon/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "daemon/delivery.h"
#include "daemon/talk.h"
#include "store/library.h"
#include "wire/bundle.h"
#include "wire/enrol.h"

/* -- small things --------------------------------------------------------- */

static const char *
phase_name(enum sync_phase phase)
{
    return sync_state_phase_text(phase, I18N_EN);
}

void
session_set_phase(struct session *s, enum sync_phase phase)
{
    struct buf path;
    if (s->state.phase != phase) {
        log_debug("sync", "%s -> %s", phase_name(s->state.phase),
                  phase_name(phase));
    }
    s->state.phase = phase;
    enum status st = talk_path(s, "sync.state", &path);
    if (st == STATUS_OK) {
        st = sync_state_write(path.data, &s->state);
    }
    if (st < 0) {
        log_warn("sync", "the state could not be written down");
    }
    buf_deinit(&path);
}

uint32_t
session_today(const struct session *s)
{
    int64_t ms = clock_wall_ms(s->clock);
    return ms > 0 ? (uint32_t)(ms / DAY_MS) : 0;
}

/* -- life ------------------------------------------------------------------- */

enum status
session_init(struct session *s, const char *dir, const struct clock *clock,
             const struct transport *transport)
{
    *s = (struct session){
        .clock = clock,
        .transport = transport,
        .batch_records = SESSION_BATCH_MIN_RECORDS,
        .outbox_version = -1,
    };
    int n = snprintf(s->dir, sizeof(s->dir), "%s", dir);
    if (n < 0 || (size_t)n >= sizeof(s->dir)) {
        return STATUS_E_LIMIT;
    }
    struct buf path;
    enum status st = talk_path(s, "sync.state", &path);
    if (st == STATUS_OK && sync_state_read(path.data, &s->state) < 0) {
        s->state = (struct sync_state){.phase = SYNC_IDLE};
    }
    buf_deinit(&path);
    if (st == STATUS_OK) {
        st = talk_path(s, "sync.key", &path);
        if (st == STATUS_OK) {
            st = account_load(path.data, &s->account);
        }
        buf_deinit(&path);
    }
    s->state.phase = s->account.enrolled ? SYNC_IDLE : SYNC_NOT_ENROLLED;
    s->state.fault = SYNC_FAULT_NONE;
    (void)snprintf(s->state.address, sizeof(s->state.address), "%s",
                   s->account.address);
    return st == STATUS_NONE ? STATUS_OK : st;
}

void
session_deinit(struct session *s)
{
    outbox_close(s->outbox);
    s->outbox = NULL;
    account_wipe(&s->account);
}

enum status
session_save_account(struct session *s)
{
    struct buf path;
    enum status st = talk_path(s, "sync.key", &path);
    if (st == STATUS_OK) {
        st = account_save(path.data, &s->account);
    }
    buf_deinit(&path);
    if (st < 0) {
        s->state.fault = SYNC_FAULT_DISK;
        talk_detail(s, "sync.key cannot be written");
    }
    return st;
}

bool
session_account_replaced(const struct session *s)
{
    struct buf path;
    bool replaced = talk_path(s, "sync.key", &path) == STATUS_OK
                    && !account_is_saved(path.data, &s->account);
    buf_deinit(&path);
    return replaced;
}

enum status
session_open_outbox(struct session *s)
{
    if (s->outbox) {
        return STATUS_OK;
    }
    struct buf path;
    enum status st = talk_path(s, "outbox.db", &path);
    if (st == STATUS_OK) {
        st = outbox_open(path.data, &s->outbox);
    }
    buf_deinit(&path);
    return st < 0
               ? talk_fail(s, SYNC_FAULT_DISK, "outbox.db cannot be opened", st)
               : st;
}

enum status
session_outbox_changed(struct session *s, bool *out)
{
    static const int64_t never = -1;
    int64_t before = s->outbox_version;
    *out = false;
    enum status st = session_open_outbox(s);
    if (st == STATUS_OK) {
        st = outbox_version(s->outbox, &s->outbox_version);
    }
    if (st == STATUS_OK) {
        *out = before == never || s->outbox_version != before;
    }
    return st;
}

/* -- enrolment ---------------------------------------------------------------- */

static enum status
fetch_identity(struct session *s, const struct enrol_code *code,
               struct enrol_identity *out)
{
    struct transport_answer answer;
    const struct transport_request request = {.path = "/sync/v1/identity"};
    enum status st = talk_exchange(s, &request, &answer, ENROL_MAX_BYTES);
    if (st == STATUS_NONE) {
        st = talk_unreadable(s, "identity", STATUS_E_INVALID);
    } else if (st == STATUS_OK) {
        st = enrol_identity_decode(answer.body.data, answer.body.len, out);
        if (st < 0) {
            st = talk_unreadable(s, "identity", st);
        }
    }
    if (st == STATUS_OK && enrol_code_check(code, out) < 0) {
        st = talk_fail(s, SYNC_FAULT_KEY,
                       "the code was not made by the collector that answers",
                       STATUS_E_AUTH);
    }
    buf_deinit(&answer.body);
    return st;
}

static enum status
ask_to_enrol(struct session *s, const struct enrol_request *request,
             const struct enrol_identity *expected)
{
    struct transport_answer answer;
    struct enrol_answer told = {.name = ""};
    struct buf message;
    buf_init(&message, ENROL_MAX_BYTES);
    buf_init(&answer.body, 0);
    enum status st = enrol_request_encode(request, &s->account.kiosk, &message);
    if (st == STATUS_OK) {
        const struct transport_request post = {
            .path = "/sync/v1/enrol",
            .body = message.data,
            .len = message.len,
        };
        st = talk_exchange(s, &post, &answer, ENROL_MAX_BYTES);
    }
    if (st < 0 && s->state.fault == SYNC_FAULT_REVOKED) {
        s->state.fault = SYNC_FAULT_CODE;
    } else if (st == STATUS_NONE) {
        st = talk_unreadable(s, "enrol answer", STATUS_E_INVALID);
    } else if (st == STATUS_OK) {
        st = enrol_answer_decode(answer.body.data, answer.body.len,
                                 &s->account.kiosk.public_key, &told);
        if (st == STATUS_OK
            && !seal_equal(&told.who.sign, &expected->sign,
                           sizeof(told.who.sign))) {
            st = STATUS_E_AUTH;
        }
        if (st < 0) {
            st = talk_unreadable(s, "enrol answer", st);
        }
    }
    if (st == STATUS_OK) {
        s->account.collector = told.who;
        memcpy(s->account.name, told.name, sizeof(told.name));
    }
    buf_deinit(&answer.body);
    buf_deinit(&message);
    return st;
}

void
session_take_name(struct session *s, const char *own)
{
    (void)snprintf(s->state.name, sizeof(s->state.name), "%s",
                   s->account.name[0] ? s->account.name : own);
}

enum status
session_enrol(struct session *s, const char *code, const char *address,
              const char *name)
{
    static const struct account none;
    struct account before = s->account;
    struct enrol_code parsed;
    struct enrol_identity who;
    struct enrol_request request = {.name = ""};
    enum status st = enrol_code_parse(code, &parsed);
    if (st < 0) {
        return talk_fail(s, SYNC_FAULT_CODE, "the code has a typing error", st);
    }
    if (seal_equal(&before.kiosk, &none.kiosk, sizeof(none.kiosk))) {
        account_new(&s->account);
    }
    /* Not enrolled: the transport trusts no key and says what it is shown. */
    s->account.enrolled = false;
    s->account.rotates = false;
    int n =
        snprintf(s->account.address, sizeof(s->account.address), "%s", address);
    if (n < 0 || (size_t)n >= sizeof(s->account.address)) {
        st = talk_fail(s, SYNC_FAULT_NAME, "the address is too long",
                       STATUS_E_LIMIT);
        goto out;
    }
    st = fetch_identity(s, &parsed, &who);
    if (st < 0) {
        goto out;
    }
    s->account.collector = who;
    s->account.enrolled = true; /* from here on its TLS key is pinned */
    memcpy(request.secret, parsed.secret, sizeof(request.secret));
    (void)snprintf(request.name, sizeof(request.name), "%s", name);
    st = ask_to_enrol(s, &request, &who);
    if (st == STATUS_OK) {
        st = session_save_account(s);
    }

out:
    if (st < 0) {
        s->account = before;
    } else {
        s->state.fault = SYNC_FAULT_NONE;
        (void)snprintf(s->state.address, sizeof(s->state.address), "%s",
                       s->account.address);
        session_take_name(s, name);
        log_info("sync", "enrolled at %s", s->account.address);
        session_set_phase(s, SYNC_IDLE);
    }
    account_wipe(&before);
    buf_wipe(&parsed, sizeof(parsed));
    buf_wipe(&request, sizeof(request));
    return st;
}

/* -- the library -------------------------------------------------------------- */

/* The collector signs with its next keys from now on. */
static enum status
turn_keys(struct session *s)
{
    s->account.collector.sign = s->account.next_sign;
    memcpy(s->account.collector.tls_pin, s->account.next_tls_pin,
           sizeof(s->account.next_tls_pin));
    s->account.rotates = false;
    log_info("sync", "the collector has taken its next keys into use");
    return session_save_account(s);
}

static enum status
note_next_keys(struct session *s, const struct library_head *head)
{
    if (!head->rotates
        || (s->account.rotates
            && seal_equal(&s->account.next_sign, &head->next_sign,
                          sizeof(head->next_sign)))
        || seal_equal(&s->account.collector.sign, &head->next_sign,
                      sizeof(head->next_sign))) {
        return STATUS_OK;
    }
    s->account.rotates = true;
    s->account.next_sign = head->next_sign;
    memcpy(s->account.next_tls_pin, head->next_tls_pin,
           sizeof(head->next_tls_pin));
    return session_save_account(s);
}

static enum status
install_bundle(struct session *s, const char *path, const struct buf *bundle)
{
    enum status st = library_install(path, bundle->data, bundle->len,
                                     &s->account.collector.sign);
    if (st == STATUS_E_AUTH && s->account.rotates) {
        st = library_install(path, bundle->data, bundle->len,
                             &s->account.next_sign);
        if (st >= 0) {
            enum status turned = turn_keys(s);
            st = turned < 0 ? turned : st;
        }
    }
    return st < 0 ? talk_unreadable(s, "library", st) : STATUS_OK;
}

static enum status
read_head(const char *path, struct library_head *out)
{
    struct library *lib = NULL;
    *out = (struct library_head){0};
    enum status st = library_open(path, &lib);
    if (st == STATUS_E_NOT_FOUND) {
        return STATUS_OK;
    }
    if (st == STATUS_OK) {
        st = library_head(lib, out);
    }
    library_close(lib);
    return st;
}

enum status
session_note_library(struct session *s)
{
    struct buf path;
    struct library_head head = {0};
    enum status st = talk_path(s, "library.db", &path);
    if (st == STATUS_OK) {
        st = read_head(path.data, &head);
    }
    if (st == STATUS_OK) {
        s->state.library_serial = (uint64_t)head.serial;
        log_info("sync", "library %lld installed", (long long)head.serial);
        st = note_next_keys(s, &head);
    }
    buf_deinit(&path);
    return st;
}

/* What the coordinator may know of this kiosk: as of the last talk, and coarse
 * (wire/bundle.h). */
static void
describe(const struct session *s, const struct library_head *head,
         struct bundle_request *out)
{
    out->serial = (uint64_t)head->serial;
    out->epoch = (uint64_t)head->epoch;
    (void)snprintf(out->program, sizeof(out->program), "%s", ANKETA_VERSION);
    for (size_t i = 0;
         i < s->state.form_count && out->form_count < BUNDLE_REQUEST_FORMS_MAX;
         i++) {
        const struct sync_form *form = &s->state.form[i];
        enum bundle_waiting waiting = bundle_waiting_of(form->waiting);
        if (waiting != BUNDLE_WAITING_FEW) {
            (void)snprintf(out->form[out->form_count].form_id,
                           sizeof(out->form[0].form_id), "%s", form->form_id);
            out->form[out->form_count].waiting = waiting;
            out->form_count++;
        }
    }
}

static enum status
fetch_library(struct session *s)
{
    struct transport_answer answer;
    struct library_head head = {0};
    struct bundle_request ask = {.serial = 0};
    struct buf message;
    struct buf path;
    buf_init(&message, BUNDLE_REQUEST_MAX_BYTES);
    buf_init(&answer.body, 0);
    enum status st = talk_path(s, "library.db", &path);
    if (st == STATUS_OK) {
        st = read_head(path.data, &head);
    }
    if (st < 0) {
        st = talk_fail(s, SYNC_FAULT_DISK, "library.db cannot be read", st);
        goto out;
    }
    describe(s, &head, &ask);
    memcpy(ask.tls_pin, s->account.collector.tls_pin, sizeof(ask.tls_pin));
    st = bundle_request_encode(&ask, &s->account.kiosk, &message);
    if (st == STATUS_OK) {
        const struct transport_request post = {
            .path = "/sync/v1/library",
            .body = message.data,
            .len = message.len,
        };
        st = talk_exchange(s, &post, &answer, BUNDLE_MAX_BYTES);
    }
    if (st == STATUS_OK) {
        st = install_bundle(s, path.data, &answer.body);
        if (st == STATUS_OK) {
            st = session_note_library(s);
        }
    } else if (st == STATUS_NONE) {
        s->state.library_serial = (uint64_t)head.serial;
    }

out:
    buf_deinit(&answer.body);
    buf_deinit(&message);
    buf_deinit(&path);
    return st < 0 ? st : STATUS_OK;
}

/* Nobody, or not our collector, was met at the address. */
static bool
may_have_moved(enum sync_fault fault)
{
    return fault == SYNC_FAULT_NAME || fault == SYNC_FAULT_CONNECT
           || fault == SYNC_FAULT_KEY || fault == SYNC_FAULT_TLS
           || fault == SYNC_FAULT_FOREIGN;
}

/* Does the announcement look like our collector's? Without an id any may be. */
static bool
likely(const struct session *s, const struct find_place *place)
{
    return !place->has_id
           || seal_equal(place->id, s->account.collector.tls_pin, FIND_ID_BYTES)
           || (s->account.rotates
               && seal_equal(place->id, s->account.next_tls_pin,
                             FIND_ID_BYTES));
}

/* Look for the collector on the local network, and note its new address.
 * STATUS_NONE: it is not there. */
static enum status
follow(struct session *s)
{
    struct find_place place[FIND_PLACES_MAX];
    size_t count = 0;
    struct sync_state before = s->state;
    enum status st = s->finder ? s->finder->find(s->finder->self, place, &count)
                               : STATUS_NONE;
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        struct transport_answer answer;
        const struct transport_request request = {.path = "/sync/v1/identity",
                                                  .address = place[i].address};
        if (!likely(s, &place[i])
            || strcmp(place[i].address, s->account.address) == 0) {
            continue;
        }
        /* The transport speaks to our collector's TLS key and no other. */
        enum status met = talk_exchange(s, &request, &answer, ENROL_MAX_BYTES);
        buf_deinit(&answer.body);
        if (met == STATUS_OK) {
            (void)snprintf(s->account.address, sizeof(s->account.address), "%s",
                           place[i].address);
            (void)snprintf(s->state.address, sizeof(s->state.address), "%s",
                           place[i].address);
            s->state.fault = SYNC_FAULT_NONE;
            talk_detail(s, "");
            log_info("sync", "the collector is at %s now", place[i].address);
            return session_save_account(s);
        }
    }
    s->state = before; /* what was wrong at the known address */
    return st < 0 ? st : STATUS_NONE;
}

enum status
session_run(struct session *s)
{
    if (!s->account.enrolled) {
        session_set_phase(s, SYNC_NOT_ENROLLED);
        return STATUS_NONE;
    }
    s->state.tried_day = session_today(s);
    session_set_phase(s, SYNC_TALKING);
    enum status st = session_open_outbox(s);
    if (st == STATUS_OK) {
        st = fetch_library(s);
    }
    if (st < 0 && may_have_moved(s->state.fault) && follow(s) == STATUS_OK) {
        st = fetch_library(s);
    }
    if (st == STATUS_OK) {
        st = delivery_run(s);
    } else if (s->outbox && delivery_count(s) < 0) {
        log_warn("session", "the outbox cannot be counted");
    }
    if (st == STATUS_OK) {
        s->failures = 0;
        s->state.fault = SYNC_FAULT_NONE;
        talk_detail(s, "");
        s->state.last_day = session_today(s);
        st = outbox_reserve(s->outbox);
        if (st < 0) {
            st = talk_fail(s, SYNC_FAULT_DISK, "outbox.db cannot grow", st);
        }
    }
    if (st < 0) {
        s->failures++;
    }
    session_set_phase(s, st < 0 ? SYNC_WAITING : SYNC_IDLE);
    return st;
}

int64_t
session_retry_ms(const struct session *s)
{
    int64_t delay = SESSION_RETRY_FIRST_MS;
    for (unsigned i = 1; i < s->failures && delay < SESSION_RETRY_MAX_MS; i++) {
        delay *= 2;
    }
    if (delay > SESSION_RETRY_MAX_MS) {
        delay = SESSION_RETRY_MAX_MS;
    }
    /* Half fixed, half drawn: kiosks that were cut off together must not come
     * back together. */
    return delay / 2 + random_below((uint32_t)(delay / 2) + 1);
}
