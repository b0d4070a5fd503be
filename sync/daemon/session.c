#include "daemon/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "daemon/mix.h"
#include "store/library.h"
#include "wire/batch.h"
#include "wire/bundle.h"
#include "wire/enrol.h"
#include "wire/receipt.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

/* -- small things --------------------------------------------------------- */

static enum status
path_in(const struct session *s, const char *name, struct buf *out)
{
    buf_init(out, SESSION_PATH_BYTES + 64);
    buf_printf(out, "%s/%s", s->dir, name);
    return buf_status(out);
}

static void
set_detail(struct session *s, const char *detail)
{
    (void)snprintf(s->state.detail, sizeof(s->state.detail), "%s", detail);
}

static enum status
fail(struct session *s, enum sync_fault fault, const char *detail,
     enum status st)
{
    s->state.fault = fault;
    set_detail(s, detail);
    log_warn("sync", "%s", detail);
    return st;
}

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
    enum status st = path_in(s, "sync.state", &path);
    if (st == STATUS_OK) {
        st = sync_state_write(path.data, &s->state);
    }
    if (st < 0) {
        log_warn("sync", "the state could not be written down");
    }
    buf_deinit(&path);
}

static bool
stopping(const struct session *s)
{
    return s->stop && *s->stop;
}

static uint32_t
today(const struct session *s)
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
    enum status st = path_in(s, "sync.state", &path);
    if (st == STATUS_OK && sync_state_read(path.data, &s->state) < 0) {
        s->state = (struct sync_state){.phase = SYNC_IDLE};
    }
    buf_deinit(&path);
    if (st == STATUS_OK) {
        st = path_in(s, "sync.key", &path);
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

static enum status
save_account(struct session *s)
{
    struct buf path;
    enum status st = path_in(s, "sync.key", &path);
    if (st == STATUS_OK) {
        st = account_save(path.data, &s->account);
    }
    buf_deinit(&path);
    if (st < 0) {
        s->state.fault = SYNC_FAULT_DISK;
        set_detail(s, "sync.key cannot be written");
    }
    return st;
}

static enum status
open_outbox(struct session *s)
{
    if (s->outbox) {
        return STATUS_OK;
    }
    struct buf path;
    enum status st = path_in(s, "outbox.db", &path);
    if (st == STATUS_OK) {
        st = outbox_open(path.data, &s->outbox);
    }
    buf_deinit(&path);
    return st < 0 ? fail(s, SYNC_FAULT_DISK, "outbox.db cannot be opened", st)
                  : st;
}

enum status
session_outbox_changed(struct session *s, bool *out)
{
    static const int64_t never = -1;
    int64_t before = s->outbox_version;
    *out = false;
    enum status st = open_outbox(s);
    if (st == STATUS_OK) {
        st = outbox_version(s->outbox, &s->outbox_version);
    }
    if (st == STATUS_OK) {
        *out = before == never || s->outbox_version != before;
    }
    return st;
}

/* -- exchanges -------------------------------------------------------------- */

/* What an HTTP code that is not 200 means. */
static enum status
refused(struct session *s, const struct transport_request *request, long http)
{
    char detail[SYNC_STATE_DETAIL_BYTES];
    enum sync_fault fault = SYNC_FAULT_FOREIGN;
    (void)snprintf(detail, sizeof(detail), "%s: HTTP %ld", request->path, http);
    if (http == 403) {
        fault = SYNC_FAULT_REVOKED;
    } else if (http == 429 || http == 503 || http == 507) {
        fault = SYNC_FAULT_BUSY;
    } else if (http == 400 || http == 413) {
        fault = SYNC_FAULT_REFUSED;
    } else if (http >= 500) {
        fault = SYNC_FAULT_BUSY;
    }
    return fail(s, fault, detail, STATUS_E_IO);
}

/* STATUS_OK: 200 with a body; STATUS_NONE: 204. */
static enum status
exchange(struct session *s, const struct transport_request *request,
         struct transport_answer *answer, size_t max)
{
    *answer = (struct transport_answer){.http = 0};
    buf_init(&answer->body, max);
    enum status st =
        s->transport->exchange(s->transport->self, request, answer);
    if (st < 0) {
        return fail(s, answer->fault, answer->detail, st);
    }
    if (answer->http == 204) {
        return STATUS_NONE;
    }
    return answer->http == 200 ? STATUS_OK : refused(s, request, answer->http);
}

/* What it means that an answer cannot be read. */
static enum status
unreadable(struct session *s, const char *what, enum status st)
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
    return fail(s, fault, detail, st);
}

/* -- enrolment ---------------------------------------------------------------- */

static enum status
fetch_identity(struct session *s, const struct enrol_code *code,
               struct enrol_identity *out)
{
    struct transport_answer answer;
    const struct transport_request request = {.path = "/sync/v1/identity"};
    enum status st = exchange(s, &request, &answer, ENROL_MAX_BYTES);
    if (st == STATUS_NONE) {
        st = unreadable(s, "identity", STATUS_E_INVALID);
    } else if (st == STATUS_OK) {
        st = enrol_identity_decode(answer.body.data, answer.body.len, out);
        if (st < 0) {
            st = unreadable(s, "identity", st);
        }
    }
    if (st == STATUS_OK && enrol_code_check(code, out) < 0) {
        st = fail(s, SYNC_FAULT_KEY,
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
    struct enrol_identity who;
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
        st = exchange(s, &post, &answer, ENROL_MAX_BYTES);
    }
    if (st < 0 && s->state.fault == SYNC_FAULT_REVOKED) {
        s->state.fault = SYNC_FAULT_CODE;
    } else if (st == STATUS_NONE) {
        st = unreadable(s, "enrol answer", STATUS_E_INVALID);
    } else if (st == STATUS_OK) {
        st = enrol_answer_decode(answer.body.data, answer.body.len,
                                 &s->account.kiosk.public_key, &who);
        if (st == STATUS_OK
            && !seal_equal(&who.sign, &expected->sign, sizeof(who.sign))) {
            st = STATUS_E_AUTH;
        }
        if (st < 0) {
            st = unreadable(s, "enrol answer", st);
        }
    }
    if (st == STATUS_OK) {
        s->account.collector = who;
    }
    buf_deinit(&answer.body);
    buf_deinit(&message);
    return st;
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
        return fail(s, SYNC_FAULT_CODE, "the code has a typing error", st);
    }
    if (memcmp(&before.kiosk, &none.kiosk, sizeof(none.kiosk)) == 0) {
        account_new(&s->account);
    }
    /* Not enrolled: the transport trusts no key and says what it is shown. */
    s->account.enrolled = false;
    s->account.rotates = false;
    int n =
        snprintf(s->account.address, sizeof(s->account.address), "%s", address);
    if (n < 0 || (size_t)n >= sizeof(s->account.address)) {
        st =
            fail(s, SYNC_FAULT_NAME, "the address is too long", STATUS_E_LIMIT);
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
        st = save_account(s);
    }

out:
    if (st < 0) {
        s->account = before;
    } else {
        s->state.fault = SYNC_FAULT_NONE;
        (void)snprintf(s->state.address, sizeof(s->state.address), "%s",
                       s->account.address);
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
    return save_account(s);
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
    return save_account(s);
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
    return st < 0 ? unreadable(s, "library", st) : STATUS_OK;
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

static enum status
fetch_library(struct session *s)
{
    struct transport_answer answer;
    struct library_head head;
    struct bundle_request ask = {.serial = 0};
    struct buf message;
    struct buf path;
    buf_init(&message, BUNDLE_REQUEST_MAX_BYTES);
    buf_init(&answer.body, 0);
    enum status st = path_in(s, "library.db", &path);
    if (st == STATUS_OK) {
        st = read_head(path.data, &head);
    }
    if (st < 0) {
        st = fail(s, SYNC_FAULT_DISK, "library.db cannot be read", st);
        goto out;
    }
    ask.serial = (uint64_t)head.serial;
    memcpy(ask.tls_pin, s->account.collector.tls_pin, sizeof(ask.tls_pin));
    st = bundle_request_encode(&ask, &s->account.kiosk, &message);
    if (st == STATUS_OK) {
        const struct transport_request post = {
            .path = "/sync/v1/library",
            .body = message.data,
            .len = message.len,
        };
        st = exchange(s, &post, &answer, BUNDLE_MAX_BYTES);
    }
    if (st == STATUS_OK) {
        st = install_bundle(s, path.data, &answer.body);
        if (st == STATUS_OK) {
            st = read_head(path.data, &head);
        }
        if (st == STATUS_OK) {
            log_info("sync", "library %lld installed", (long long)head.serial);
            st = note_next_keys(s, &head);
        }
    }
    s->state.library_serial = (uint64_t)head.serial;

out:
    buf_deinit(&answer.body);
    buf_deinit(&message);
    buf_deinit(&path);
    return st < 0 ? st : STATUS_OK;
}

/* -- batches ------------------------------------------------------------------ */

static void
note_counts(struct session *s)
{
    struct outbox_counts c;
    outbox_counts(s->outbox, &c);
    s->state.waiting = c.waiting;
    s->state.held = c.held;
    s->state.refused = c.refused;
    s->state.damaged = c.damaged;
}

/* Waves as the library has them; none without a library. */
static enum status
load_waves(struct session *s, struct library_wave **out, size_t *out_count)
{
    struct library *lib = NULL;
    struct buf path;
    *out = NULL;
    *out_count = 0;
    enum status st = path_in(s, "library.db", &path);
    if (st == STATUS_OK) {
        st = library_open(path.data, &lib);
    }
    if (st == STATUS_OK) {
        st = library_waves(lib, out, out_count);
    }
    library_close(lib);
    buf_deinit(&path);
    return st;
}

/* Choose records and read them into `bytes`; the batch's records point into
 * it. STATUS_NONE: nothing may leave now. */
static enum status
fill_batch(struct session *s, const struct library_wave *wave,
           size_t wave_count, struct buf *bytes, struct batch *batch)
{
    const struct mix_limits limits = {
        .records = s->batch_records,
        .bytes = SESSION_BATCH_MAX_BYTES,
    };
    size_t total = outbox_record_count(s->outbox);
    size_t count = 0;
    size_t chosen = 0;
    size_t *at = NULL;
    struct outbox_record record;
    struct mix_item *item = calloc(total + 1, sizeof(*item));
    enum status st = item ? STATUS_OK : log_oom("sync");
    for (size_t i = 0; i < total && st == STATUS_OK; i++) {
        outbox_record(s->outbox, i, &record);
        if (record.state == SLOT_WAITING) {
            item[count] = (struct mix_item){
                .index = i,
                .form_tag = record.form_tag,
                .bytes = (size_t)record.chunks * SLOT_PAYLOAD_BYTES,
            };
            count++;
        }
    }
    if (st == STATUS_OK) {
        st = mix_choose(item, count, wave, wave_count, &limits, &chosen);
    }
    if (st < 0 || chosen == 0) {
        st = st < 0 ? st : STATUS_NONE;
        goto out;
    }
    batch->record = calloc(chosen, sizeof(batch->record[0]));
    at = calloc(chosen + 1, sizeof(*at));
    if (!batch->record || !at) {
        st = log_oom("sync");
        goto out;
    }
    for (size_t i = 0; i < chosen && st == STATUS_OK; i++) {
        st = outbox_read(s->outbox, item[i].index, bytes);
        at[i + 1] = bytes->len;
    }
    for (size_t i = 0; i < chosen && st == STATUS_OK; i++) {
        batch->record[i].box = (const uint8_t *)bytes->data + at[i];
        batch->record[i].len = at[i + 1] - at[i];
        batch->count++;
    }

out:
    free(at);
    free(item);
    return st;
}

/* Bring the outbox in line with a receipt. */
static enum status
settle(struct session *s, const struct receipt *receipt)
{
    struct outbox_verdict *verdict =
        calloc(receipt->count + 1, sizeof(*verdict));
    if (!verdict) {
        return log_oom("sync");
    }
    size_t refusals = 0;
    for (size_t i = 0; i < receipt->count; i++) {
        const struct receipt_item *item = &receipt->item[i];
        verdict[i] = (struct outbox_verdict){.id = item->record};
        if (item->outcome == RECEIPT_LATER) {
            verdict[i].state = SLOT_WAITING;
        } else if (receipt_refused(item->outcome)) {
            verdict[i].state = SLOT_REFUSED;
            verdict[i].reason = (uint8_t)item->outcome;
            refusals++;
        } else if (receipt->position > receipt->covered) {
            verdict[i].state = SLOT_HELD;
            verdict[i].day = (uint16_t)today(s);
            verdict[i].position = receipt->position;
            verdict[i].epoch = receipt->epoch;
        } else {
            verdict[i].state = SLOT_FREE;
        }
    }
    enum status st = outbox_settle(s->outbox, verdict, receipt->count);
    free(verdict);
    if (st == STATUS_OK && receipt->count > 0) {
        log_info("sync", "%zu records taken in, %zu refused",
                 receipt->count - refusals, refusals);
    }
    return st;
}

/* Held records that a backup covers, or that were held long enough, are
 * overwritten; those of another epoch wait again. */
static enum status
review_held(struct session *s, uint64_t epoch, uint64_t covered)
{
    size_t total = outbox_record_count(s->outbox);
    size_t count = 0;
    struct outbox_record r;
    struct outbox_verdict *verdict = calloc(total + 1, sizeof(*verdict));
    if (!verdict) {
        return log_oom("sync");
    }
    for (size_t i = 0; i < total; i++) {
        outbox_record(s->outbox, i, &r);
        if (r.state != SLOT_HELD) {
            continue;
        }
        if (r.epoch != epoch) {
            verdict[count].state = SLOT_WAITING;
        } else if (r.position <= covered
                   || today(s) > (uint32_t)r.day + SESSION_KEEP_DAYS) {
            verdict[count].state = SLOT_FREE;
        } else {
            continue;
        }
        verdict[count].id = r.id;
        count++;
    }
    enum status st =
        count > 0 ? outbox_settle(s->outbox, verdict, count) : STATUS_OK;
    free(verdict);
    return st;
}

static enum status
take_receipt(struct session *s, const struct batch *batch,
             const struct buf *body)
{
    struct receipt receipt;
    enum status st =
        receipt_decode(body->data, body->len, &s->account.collector.sign,
                       &s->account.kiosk.public_key, &receipt);
    if (st == STATUS_OK
        && !seal_equal(&receipt.batch, &batch->id, sizeof(batch->id))) {
        receipt_clear(&receipt);
        st = STATUS_E_AUTH;
    }
    if (st < 0) {
        return unreadable(s, "receipt", st);
    }
    st = settle(s, &receipt);
    if (st == STATUS_OK) {
        st = review_held(s, receipt.epoch, receipt.covered);
    }
    if (st == STATUS_OK && receipt.epoch != s->account.collector.epoch) {
        log_info("sync", "the collector was restored: sending again what "
                         "it may have lost");
        s->account.collector.epoch = receipt.epoch;
        st = save_account(s);
    } else if (st < 0) {
        st = fail(s, SYNC_FAULT_DISK, "outbox.db cannot be written", st);
    }
    receipt_clear(&receipt);
    return st;
}

/* One batch, there and back. STATUS_NONE: nothing to send. */
static enum status
send_batch(struct session *s, const struct library_wave *wave,
           size_t wave_count, bool even_empty)
{
    struct transport_answer answer;
    struct batch batch = {.epoch = s->account.collector.epoch};
    struct buf bytes;
    struct buf message;
    buf_init(&bytes, SESSION_BATCH_MAX_BYTES);
    buf_init(&message, BATCH_MAX_BYTES);
    buf_init(&answer.body, 0);
    enum status st = fill_batch(s, wave, wave_count, &bytes, &batch);
    if (st == STATUS_NONE && even_empty) {
        st = STATUS_OK;
    }
    if (st == STATUS_OK) {
        st = batch_encode(&batch, &s->account.kiosk, &message);
    }
    if (st < 0) {
        st = fail(s, SYNC_FAULT_DISK, "a batch could not be made", st);
    }
    if (st == STATUS_OK) {
        const struct transport_request post = {
            .path = "/sync/v1/batch",
            .body = message.data,
            .len = message.len,
        };
        st = exchange(s, &post, &answer, RECEIPT_MAX_BYTES);
        if (st == STATUS_NONE) {
            st = unreadable(s, "receipt", STATUS_E_INVALID);
        }
        if (st == STATUS_OK) {
            st = take_receipt(s, &batch, &answer.body);
        }
    }
    batch_clear(&batch);
    buf_deinit(&bytes);
    buf_deinit(&message);
    buf_deinit(&answer.body);
    return st;
}

static void
pace(struct session *s, bool success)
{
    if (success && s->batch_records < SESSION_BATCH_MAX_RECORDS) {
        s->batch_records *= 2;
    } else if (!success && s->batch_records > SESSION_BATCH_MIN_RECORDS) {
        s->batch_records /= 2;
    }
}

/* Send until nothing may leave. */
static enum status
send_all(struct session *s)
{
    struct library_wave *wave = NULL;
    size_t wave_count = 0;
    enum status st = load_waves(s, &wave, &wave_count);
    if (st == STATUS_E_NOT_FOUND) {
        return STATUS_OK; /* no library, so nothing was ever answered */
    }
    if (st < 0) {
        return fail(s, SYNC_FAULT_DISK, "library.db cannot be read", st);
    }
    st = outbox_scan(s->outbox);
    if (st < 0) {
        free(wave);
        return fail(s, SYNC_FAULT_DISK, "outbox.db cannot be read", st);
    }
    note_counts(s);
    bool ask_news = s->state.held > 0;
    while (st == STATUS_OK && !stopping(s)) {
        size_t before = outbox_record_count(s->outbox);
        uint64_t waiting = s->state.waiting;
        st = send_batch(s, wave, wave_count, ask_news);
        pace(s, st >= 0);
        note_counts(s);
        if (st == STATUS_OK && !ask_news
            && outbox_record_count(s->outbox) == before
            && s->state.waiting == waiting) {
            /* All "later": going on would go round and round. */
            st = fail(s, SYNC_FAULT_BUSY, "the collector takes nothing now",
                      STATUS_E_BUSY);
        }
        ask_news = false;
    }
    free(wave);
    return st < 0 ? st : STATUS_OK;
}

enum status
session_run(struct session *s)
{
    if (!s->account.enrolled) {
        session_set_phase(s, SYNC_NOT_ENROLLED);
        return STATUS_NONE;
    }
    session_set_phase(s, SYNC_TALKING);
    enum status st = open_outbox(s);
    if (st == STATUS_OK) {
        st = fetch_library(s);
    }
    if (st == STATUS_OK) {
        st = send_all(s);
    }
    if (st == STATUS_OK) {
        s->failures = 0;
        s->state.fault = SYNC_FAULT_NONE;
        set_detail(s, "");
        s->state.last_day = today(s);
        st = outbox_reserve(s->outbox);
        if (st < 0) {
            st = fail(s, SYNC_FAULT_DISK, "outbox.db cannot grow", st);
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
