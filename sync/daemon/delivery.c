#include "daemon/delivery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "daemon/mix.h"
#include "daemon/talk.h"
#include "store/library.h"
#include "wire/batch.h"
#include "wire/receipt.h"

#define SETTLE_PORTION_RECORDS 4096

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

enum status
delivery_count(struct session *s)
{
    enum status st = outbox_scan(s->outbox);
    if (st >= 0) {
        note_counts(s);
    }
    return st;
}

/* The entry for a questionnaire, made if there is room; else the last one, which
 * stands for all others. */
static struct sync_form *
form_entry(struct sync_state *state, const char *form_id, size_t least)
{
    for (size_t i = 0; i < state->form_count; i++) {
        if (strcmp(state->form[i].form_id, form_id) == 0) {
            return &state->form[i];
        }
    }
    bool fresh = state->form_count < SYNC_STATE_FORMS_MAX;
    if (fresh) {
        state->form_count++;
    } else {
        form_id = "";
        least = 0;
    }
    struct sync_form *form = &state->form[state->form_count - 1];
    (void)snprintf(form->form_id, sizeof(form->form_id), "%s", form_id);
    form->least = least > 1 ? least : 0;
    form->waiting = fresh ? 0 : form->waiting;
    return form;
}

/* Without limits. */
static struct mix_rules
rules_for(const struct session *s, const struct library_wave *wave,
          size_t wave_count)
{
    return (struct mix_rules){
        .wave = wave,
        .wave_count = wave_count,
        .tag = outbox_tag(s->outbox, 0),
        .tag_count = outbox_tag_count(s->outbox),
        .least = s->least,
        .max_records = SIZE_MAX,
        .max_bytes = SIZE_MAX,
    };
}

/* What waits of which questionnaire, for the staff. */
static void
note_forms(struct session *s, const struct library_wave *wave,
           size_t wave_count)
{
    const struct mix_rules rules = rules_for(s, wave, wave_count);
    struct outbox_record record;
    s->state.form_count = 0;
    for (size_t i = 0; i < outbox_record_count(s->outbox); i++) {
        outbox_record(s->outbox, i, &record);
        if (record.state != SLOT_WAITING) {
            continue;
        }
        const char *form_id = "";
        for (size_t w = 0; w < wave_count; w++) {
            if (memcmp(&wave[w].form_tag, &record.form_tag,
                       sizeof(record.form_tag))
                == 0) {
                form_id = wave[w].form_id;
            }
        }
        form_entry(&s->state, form_id, mix_least(&rules, &record.form_tag))
            ->waiting++;
    }
}

/* Waves as the library has them; none without a library. */
static enum status
load_waves(struct session *s, struct library_wave **out, size_t *out_count)
{
    struct library *lib = NULL;
    struct buf path;
    *out = NULL;
    *out_count = 0;
    enum status st = talk_path(s, "library.db", &path);
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

/* The waiting records, as the mix wants them; NULL if memory is out. */
static struct mix_item *
list_waiting(const struct session *s, size_t *out_count)
{
    size_t total = outbox_record_count(s->outbox);
    struct outbox_record record;
    struct mix_item *item = calloc(total + 1, sizeof(*item));
    *out_count = 0;
    for (size_t i = 0; item && i < total; i++) {
        outbox_record(s->outbox, i, &record);
        if (record.state == SLOT_WAITING) {
            item[*out_count] = (struct mix_item){
                .index = (uint32_t)i,
                .tag = record.tag,
                .bytes = (uint32_t)record.chunks * SLOT_PAYLOAD_BYTES,
            };
            (*out_count)++;
        }
    }
    return item;
}

/* Read `count` chosen records one behind the other into `bytes`, which has
 * room for them all from the start, and point the batch at them. */
static enum status
read_chosen(struct session *s, const struct mix_item *item, size_t count,
            struct buf *bytes, struct batch *batch)
{
    size_t room = 0;
    batch->record = calloc(count, sizeof(batch->record[0]));
    if (!batch->record) {
        return log_oom("sync");
    }
    for (size_t i = 0; i < count; i++) {
        room += item[i].bytes;
    }
    if (!buf_extend(bytes, room)) { /* so that it does not move later */
        return buf_status(bytes);
    }
    buf_truncate(bytes, 0);
    for (size_t i = 0; i < count; i++) {
        size_t at = bytes->len;
        enum status st = outbox_read(s->outbox, item[i].index, bytes);
        if (st == STATUS_E_INVALID) {
            continue; /* damaged: it must not hold up the others */
        }
        if (st < 0) {
            return st;
        }
        batch->record[batch->count] = (struct batch_record){
            .box = (const uint8_t *)bytes->data + at,
            .len = bytes->len - at,
        };
        batch->count++;
    }
    return batch->count > 0 ? STATUS_OK : STATUS_NONE;
}

/* Choose records and read them into `bytes`; the batch's records point into
 * it. STATUS_NONE: nothing may leave now. */
static enum status
fill_batch(struct session *s, const struct library_wave *wave,
           size_t wave_count, struct buf *bytes, struct batch *batch)
{
    struct mix_rules rules = rules_for(s, wave, wave_count);
    size_t count = 0;
    size_t chosen = 0;
    struct mix_item *item = list_waiting(s, &count);
    if (!item) {
        return log_oom("sync");
    }
    rules.max_records = s->batch_records;
    rules.max_bytes = SESSION_BATCH_MAX_BYTES;
    enum status st = mix_choose(item, count, &rules, &chosen);
    if (st == STATUS_OK) {
        st = chosen > 0 ? read_chosen(s, item, chosen, bytes, batch)
                        : STATUS_NONE;
    }
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
            verdict[i].day = (uint16_t)session_today(s);
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

/* Is there a verdict on this record? Its id is filled in already. */
typedef bool
judge(const void *ctx, const struct outbox_record *r,
      struct outbox_verdict *out);

/* Settle all records on which there is a verdict, some at a time: there may be
 * hundreds of thousands. */
static enum status
settle_judged(struct session *s, judge *decide, const void *ctx)
{
    size_t portions =
        outbox_record_count(s->outbox) / SETTLE_PORTION_RECORDS + 1;
    size_t count = 0;
    enum status st = STATUS_OK;
    struct outbox_verdict *verdict =
        calloc(SETTLE_PORTION_RECORDS, sizeof(*verdict));
    if (!verdict) {
        return log_oom("sync");
    }
    do {
        size_t total = outbox_record_count(s->outbox);
        count = 0;
        for (size_t i = 0; i < total && count < SETTLE_PORTION_RECORDS; i++) {
            struct outbox_record r;
            outbox_record(s->outbox, i, &r);
            verdict[count] = (struct outbox_verdict){.id = r.id};
            count += decide(ctx, &r, &verdict[count]);
        }
        if (count > 0) {
            st = outbox_settle(s->outbox, verdict, count);
        }
        portions--;
    } while (st == STATUS_OK && count == SETTLE_PORTION_RECORDS
             && portions > 0);
    free(verdict);
    return st;
}

/* What a receipt says of records that were accepted before. */
struct news {
    uint64_t epoch;
    uint64_t covered;
    uint32_t today;
};

/* Held records that a backup covers, or that were held long enough, are
 * overwritten; those of another epoch wait again. */
static bool
judge_held(const void *ctx, const struct outbox_record *r,
           struct outbox_verdict *out)
{
    const struct news *news = ctx;
    if (r->state != SLOT_HELD) {
        return false;
    }
    if (r->epoch != news->epoch) {
        out->state = SLOT_WAITING;
        return true;
    }
    out->state = SLOT_FREE;
    return r->position <= news->covered
           || news->today > (uint32_t)r->day + SESSION_KEEP_DAYS;
}

/* The same, if the receipt says anything that the last one did not: looking at
 * all records for each batch of a backlog would take long. */
static enum status
review_if_news(struct session *s, const struct receipt *receipt)
{
    uint32_t today = session_today(s);
    if (receipt->epoch == s->seen_epoch && receipt->covered == s->seen_covered
        && today == s->seen_day) {
        return STATUS_OK;
    }
    const struct news news = {receipt->epoch, receipt->covered, today};
    enum status st = settle_judged(s, judge_held, &news);
    if (st == STATUS_OK) {
        s->seen_epoch = receipt->epoch;
        s->seen_covered = receipt->covered;
        s->seen_day = today;
    }
    return st;
}

/* `batch`: the one it must answer, or NULL for any of ours: then the ids of
 * the records alone say what it is about. */
static enum status
take_receipt(struct session *s, const struct batch *batch,
             const struct buf *body)
{
    struct receipt receipt;
    enum status st =
        receipt_decode(body->data, body->len, &s->account.collector.sign,
                       &s->account.kiosk.public_key, &receipt);
    if (st == STATUS_OK && batch
        && !seal_equal(&receipt.batch, &batch->id, sizeof(batch->id))) {
        receipt_clear(&receipt);
        st = STATUS_E_AUTH;
    }
    if (st == STATUS_OK && !batch
        && receipt.epoch < s->account.collector.epoch) {
        receipt_clear(&receipt); /* of a life the collector has lost */
        st = STATUS_E_STALE;
    }
    if (st < 0) {
        return talk_unreadable(s, "receipt", st);
    }
    st = settle(s, &receipt);
    if (st == STATUS_OK) {
        st = review_if_news(s, &receipt);
    }
    if (st == STATUS_OK && receipt.epoch != s->account.collector.epoch) {
        log_info("sync", "the collector was restored: sending again what "
                         "it may have lost");
        s->account.collector.epoch = receipt.epoch;
        st = session_save_account(s);
    } else if (st < 0) {
        st = talk_fail(s, SYNC_FAULT_DISK, "outbox.db cannot be written", st);
    }
    receipt_clear(&receipt);
    return st;
}

enum status
delivery_take_receipt(struct session *s, const struct buf *message)
{
    return take_receipt(s, NULL, message);
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
    if (st == STATUS_E_STALE) { /* the kiosk wrote: look again, once */
        batch_clear(&batch);
        buf_clear(&bytes);
        batch.epoch = s->account.collector.epoch;
        st = outbox_scan(s->outbox);
        if (st == STATUS_OK) {
            st = fill_batch(s, wave, wave_count, &bytes, &batch);
        }
    }
    if (st == STATUS_NONE && even_empty) {
        st = STATUS_OK;
    }
    if (st == STATUS_OK) {
        st = batch_encode(&batch, &s->account.kiosk, &message);
    }
    if (st < 0) {
        st = talk_fail(s, SYNC_FAULT_DISK, "a batch could not be made", st);
    }
    if (st == STATUS_OK) {
        const struct transport_request post = {
            .path = "/sync/v1/batch",
            .body = message.data,
            .len = message.len,
        };
        st = talk_exchange(s, &post, &answer, RECEIPT_MAX_BYTES);
        if (st == STATUS_NONE) {
            st = talk_unreadable(s, "receipt", STATUS_E_INVALID);
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

static bool
stopping(const struct session *s)
{
    return s->stop && *s->stop;
}

/* Which of the form tags belong to people whom the collector has erased. */
static enum status
find_erased(struct session *s, bool *erased, size_t tags, bool *out_any)
{
    struct library *lib = NULL;
    struct buf path;
    *out_any = false;
    enum status st = talk_path(s, "library.db", &path);
    if (st == STATUS_OK) {
        st = library_open(path.data, &lib);
    }
    for (size_t t = 0; st >= 0 && t < tags; t++) {
        st = library_erased(lib, outbox_tag(s->outbox, t));
        erased[t] = st == STATUS_OK;
        *out_any = *out_any || erased[t];
    }
    library_close(lib);
    buf_deinit(&path);
    return st < 0 ? st : STATUS_OK;
}

struct erasure {
    const bool *erased; /* by tag */
    size_t tags;
};

static bool
judge_erased(const void *ctx, const struct outbox_record *r,
             struct outbox_verdict *out)
{
    const struct erasure *e = ctx;
    out->state = SLOT_FREE;
    return r->tag < e->tags && e->erased[r->tag];
}

/* What waits or is held of people whom the collector has erased goes, too. */
static enum status
obey_erasures(struct session *s)
{
    const size_t tags = outbox_tag_count(s->outbox);
    bool any = false;
    bool *erased = calloc(tags + 1, sizeof(*erased));
    if (!erased) {
        return log_oom("sync");
    }
    enum status st = find_erased(s, erased, tags, &any);
    if (st == STATUS_OK && any) {
        const struct erasure e = {erased, tags};
        st = settle_judged(s, judge_erased, &e);
    }
    free(erased);
    return st;
}

enum status
delivery_run(struct session *s)
{
    struct library_wave *wave = NULL;
    size_t wave_count = 0;
    enum status st = load_waves(s, &wave, &wave_count);
    if (st == STATUS_E_NOT_FOUND) {
        return STATUS_OK; /* no library, so nothing was ever answered */
    }
    if (st < 0) {
        return talk_fail(s, SYNC_FAULT_DISK, "library.db cannot be read", st);
    }
    st = outbox_scan(s->outbox);
    if (st == STATUS_OK) {
        st = obey_erasures(s);
    }
    if (st < 0) {
        free(wave);
        return talk_fail(s, SYNC_FAULT_DISK, "outbox.db cannot be read", st);
    }
    note_counts(s);
    note_forms(s, wave, wave_count);
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
            st = talk_fail(s, SYNC_FAULT_BUSY,
                           "the collector takes nothing now", STATUS_E_BUSY);
        }
        ask_news = false;
    }
    note_forms(s, wave, wave_count);
    free(wave);
    return st < 0 ? st : STATUS_OK;
}

/* All that may leave, in batches of the largest size: they are seen together,
 * so that it is enough if together they keep the rule of k. */
static enum status
export_items(struct session *s, const struct mix_item *item, size_t count,
             delivery_sink *sink, void *self)
{
    enum status st = STATUS_OK;
    size_t done = 0;
    do {
        struct batch batch = {.epoch = s->account.collector.epoch};
        struct buf bytes;
        struct buf message;
        size_t n = 0;
        size_t size = 0;
        while (done + n < count && n < SESSION_BATCH_MAX_RECORDS
               && size + item[done + n].bytes <= SESSION_BATCH_MAX_BYTES) {
            size += item[done + n].bytes;
            n++;
        }
        buf_init(&bytes, SESSION_BATCH_MAX_BYTES);
        buf_init(&message, BATCH_MAX_BYTES);
        st = n > 0 ? read_chosen(s, item + done, n, &bytes, &batch) : STATUS_OK;
        if (st >= 0) {
            st = batch_encode(&batch, &s->account.kiosk, &message);
        }
        if (st == STATUS_OK) {
            st = sink(self, &batch.id, n, &message);
        }
        done += n;
        batch_clear(&batch);
        buf_deinit(&message);
        buf_deinit(&bytes);
    } while (st == STATUS_OK && done < count);
    return st;
}

enum status
delivery_export(struct session *s, delivery_sink *sink, void *self)
{
    struct library_wave *wave = NULL;
    size_t wave_count = 0;
    size_t count = 0;
    size_t chosen = 0;
    struct mix_item *item = NULL;
    enum status st = load_waves(s, &wave, &wave_count);
    const bool library = st == STATUS_OK;
    if (st == STATUS_E_NOT_FOUND) {
        st = STATUS_OK; /* no library: then there is nothing but to ask */
    }
    if (st == STATUS_OK) {
        st = outbox_scan(s->outbox);
    }
    if (st == STATUS_OK && library) {
        st = obey_erasures(s);
    }
    if (st == STATUS_OK) {
        const struct mix_rules rules = rules_for(s, wave, wave_count);
        item = list_waiting(s, &count);
        st = item ? mix_choose(item, count, &rules, &chosen) : log_oom("sync");
    }
    if (st == STATUS_OK) {
        st = export_items(s, item, chosen, sink, self);
    }
    note_counts(s);
    note_forms(s, wave, wave_count);
    free(item);
    free(wave);
    return st;
}
