/* The second step of ingest.h: opened batches into the store. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "collector/ingest/ingest_batch.h"
#include "collector/store/store_banks.h"

static bool
is_named(const struct ingest_item *it)
{
    return it->kind == RECORD_NAMED || it->kind == RECORD_BALLOT;
}

static void
instance_hash(const struct ingest_item *it, struct seal_hash *out)
{
    seal_hash(it->answers.instance_id, strlen(it->answers.instance_id), NULL, 0,
              out);
}

/* Has the store this answer, under this or another seal? */
static enum status
was_seen(struct store *s, const struct ingest_item *it, bool *out)
{
    enum status st = store_seen(s, &it->id, out);
    if (st == STATUS_OK && !*out && it->outcome == RECEIPT_ACCEPTED
        && it->answers.instance_id && *it->answers.instance_id) {
        struct seal_hash instance;
        instance_hash(it, &instance);
        st = store_seen(s, &instance, out);
    }
    return st;
}

static enum status
note_seen(struct store *s, const struct ingest_item *it)
{
    enum status st = store_seen_add(s, &it->id);
    if (st >= 0 && it->answers.instance_id && *it->answers.instance_id) {
        struct seal_hash instance;
        instance_hash(it, &instance);
        st = store_seen_add(s, &instance);
    }
    return st < 0 ? st : STATUS_OK;
}

/* May an anonymous record with a slip, or a named one, be taken? Stores the
 * latter. */
static enum status
settle_code(struct store *s, const struct ingest_batch *b,
            struct ingest_item *it)
{
    int64_t wave = b->wave[it->wave].id;
    if (it->kind == RECORD_SLIP) {
        enum status st = store_slip_use(s, wave, &it->slip);
        if (st == STATUS_NONE) {
            it->outcome = RECEIPT_REFUSED_SLIP;
        }
        return st < 0 ? st : STATUS_OK;
    }
    if (!is_named(it)) {
        return STATUS_OK;
    }
    int64_t person = 0;
    enum status st = store_person_find(s, it->code, &person);
    if (st == STATUS_NONE) {
        /* What still comes of somebody who was erased goes the same way. */
        bool retired = false;
        st = store_code_retired(s, it->code, &retired);
        it->outcome = retired ? RECEIPT_ACCEPTED : RECEIPT_REFUSED_CODE;
    } else if (st == STATUS_OK) {
        st = store_named_put(s, wave, person, it->xml, it->xml_len);
    }
    return st < 0 ? st : STATUS_OK;
}

static enum status
put_aside(struct store *s, const struct ingest_batch *b, size_t i)
{
    struct ingest_item *it = &b->item[i];
    const struct batch_record *r = &b->batch->record[i];
    enum status st = store_quarantine_put(s, &it->id, (int)it->outcome,
                                          it->form_id, r->box, r->len);
    if (st == STATUS_E_LIMIT) {
        log_warn("ingest", "the place for refused records is full");
        it->outcome = RECEIPT_LATER;
        st = STATUS_OK;
    }
    return st;
}

static enum status
settle(struct store *s, const struct ingest_batch *b, size_t i)
{
    struct ingest_item *it = &b->item[i];
    bool seen = false;
    enum status st = was_seen(s, it, &seen);
    if (st == STATUS_OK && seen) {
        it->outcome = RECEIPT_REPEAT;
        return STATUS_OK;
    }
    if (st == STATUS_OK && it->outcome == RECEIPT_ACCEPTED && !it->test) {
        st = settle_code(s, b, it);
    }
    if (st == STATUS_OK && it->outcome == RECEIPT_ACCEPTED) {
        st = note_seen(s, it);
    }
    if (st == STATUS_OK && receipt_refused(it->outcome)) {
        st = put_aside(s, b, i);
    }
    return st;
}

static int
by_place(const void *a, const void *b)
{
    const struct store_tally *x = a;
    const struct store_tally *y = b;
    if (x->field != y->field) {
        return x->field < y->field ? -1 : 1;
    }
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    return (x->item > y->item) - (x->item < y->item);
}

static size_t
merge_tallies(struct store_tally *t, size_t count)
{
    if (!t || count == 0) {
        return 0;
    }
    qsort(t, count, sizeof(*t), by_place);
    size_t to = 0;
    for (size_t i = 1; i < count; i++) {
        if (by_place(&t[to], &t[i]) == 0) {
            t[to].n += t[i].n;
        } else {
            t[++to] = t[i];
        }
    }
    return to + 1;
}

static bool
counts_in(const struct ingest_item *it, size_t wave)
{
    return it->wave == wave && it->outcome == RECEIPT_ACCEPTED && !it->test
           && !is_named(it);
}

/* Add how much one wave gains. */
static void
measure(const struct ingest_batch *b, size_t wave, size_t *out_rows,
        size_t *out_tallies)
{
    for (size_t i = 0; i < b->count; i++) {
        if (counts_in(&b->item[i], wave)) {
            *out_rows += 1;
            *out_tallies += b->item[i].answers.tally_count;
        }
    }
}

/* Where the next cells and tallies go. */
struct gathered {
    const char **cell;
    struct store_tally *tally;
};

static void
gather(const struct ingest_batch *b, size_t wave, size_t fields,
       struct gathered *to)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct answers *a = &b->item[i].answers;
        if (!counts_in(&b->item[i], wave)) {
            continue;
        }
        if (to->cell && fields > 0) {
            memcpy(to->cell, a->cell, fields * sizeof(*to->cell));
            to->cell += fields;
        }
        if (to->tally && a->tally_count > 0) {
            memcpy(to->tally, a->tally, a->tally_count * sizeof(*to->tally));
            to->tally += a->tally_count;
        }
    }
}

/* A wave as one of the batches of a group knows it; SIZE_MAX: not at all. */
static size_t
wave_in(const struct ingest_batch *b, int64_t id)
{
    for (size_t w = 0; w < b->wave_count; w++) {
        if (b->wave[w].id == id) {
            return w;
        }
    }
    return SIZE_MAX;
}

/* Cells and tallies of the records that one wave gains by all batches. */
static enum status
grow_wave(struct store *s, const struct ingest_group *g, int64_t id,
          const struct catalogue_form *form)
{
    size_t rows = 0;
    size_t tallies = 0;
    for (size_t i = 0; i < g->count; i++) {
        measure(g->batch[i], wave_in(g->batch[i], id), &rows, &tallies);
    }
    if (rows == 0) {
        return STATUS_OK;
    }
    const char **cell = calloc(rows * form->field_count + 1, sizeof(*cell));
    struct store_tally *tally = calloc(tallies + 1, sizeof(*tally));
    enum status st = cell && tally ? STATUS_OK : log_oom("ingest");
    if (st == STATUS_OK) {
        struct gathered to = {cell, tally};
        for (size_t i = 0; i < g->count; i++) {
            gather(g->batch[i], wave_in(g->batch[i], id), form->field_count,
                   &to);
        }
        const struct store_rows block = {
            .cell = cell, .rows = rows, .fields = form->field_count};
        st = store_answers_add(s, id, &block);
    }
    if (st == STATUS_OK) {
        tallies = merge_tallies(tally, tallies);
        st = store_tally_add(s, id, tally, tallies);
    }
    free(cell);
    free(tally);
    return st;
}

/* Each wave by the first batch that has records of it. */
static enum status
grow_waves(struct store *s, const struct ingest_group *g)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < g->count; i++) {
        const struct ingest_batch *b = g->batch[i];
        for (size_t w = 0; st == STATUS_OK && w < b->wave_count; w++) {
            bool done = !b->form[w];
            for (size_t j = 0; !done && j < i; j++) {
                size_t other = wave_in(g->batch[j], b->wave[w].id);
                done = other != SIZE_MAX && g->batch[j]->form[other];
            }
            if (!done) {
                st = grow_wave(s, g, b->wave[w].id, b->form[w]);
            }
        }
    }
    return st;
}

static enum status
write_receipt(struct store *s, const struct ingest_batch *b,
              struct receipt *out)
{
    bool gained = false;
    for (size_t i = 0; i < b->count; i++) {
        out->item[i].record = b->item[i].id;
        out->item[i].outcome = b->item[i].outcome;
        gained = gained || b->item[i].outcome == RECEIPT_ACCEPTED;
    }
    int64_t position = 0;
    int64_t covered = 0;
    enum status st = gained ? store_number_next(s, STORE_POSITION, &position)
                            : store_number(s, STORE_POSITION, &position);
    if (st == STATUS_OK) {
        st = store_number(s, STORE_COVERED, &covered);
    }
    out->kiosk = b->batch->kiosk;
    out->batch = b->batch->id;
    out->epoch = b->in->epoch;
    /* Batches count from 1; before the first, nothing is covered either. */
    out->position = position > 0 ? (uint64_t)position : 1;
    out->covered = (uint64_t)covered;
    out->count = b->count;
    return st;
}

static enum status
settle_all(struct ingest_batch *b, struct store *s)
{
    enum status st = STATUS_OK;
    uint32_t *order = calloc(b->count + 1, sizeof(*order));
    if (!order) {
        return log_oom("ingest");
    }
    for (size_t i = 0; i < b->count; i++) {
        order[i] = (uint32_t)i;
    }
    /* The batch came shuffled; this order is nobody else's. */
    random_shuffle(order, b->count, sizeof(*order));
    for (size_t i = 0; st == STATUS_OK && i < b->count; i++) {
        st = settle(s, b, order[i]);
    }
    free(order);
    return st;
}

static enum status
store_group(const struct ingest_group *g, struct store *s)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < g->count; i++) {
        st = settle_all(g->batch[i], s);
    }
    if (st == STATUS_OK) {
        st = grow_waves(s, g);
    }
    for (size_t i = 0; st == STATUS_OK && i < g->count; i++) {
        st = write_receipt(s, g->batch[i], &g->receipt[i]);
        if (st == STATUS_OK && g->now_ms >= 0) {
            st =
                store_kiosk_touch(s, &g->batch[i]->batch->kiosk, -1, g->now_ms);
        }
    }
    return st;
}

enum status
ingest_commit_group(const struct ingest_group *g, struct store *writer)
{
    size_t records = 0;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < g->count; i++) {
        g->receipt[i] = (struct receipt){0};
        g->receipt[i].item =
            calloc(g->batch[i]->count + 1, sizeof(*g->receipt[i].item));
        if (!g->receipt[i].item) {
            st = log_oom("ingest");
        }
        records += g->batch[i]->count;
    }
    if (st == STATUS_OK && records > 0) {
        st = store_begin(writer);
    }
    if (st == STATUS_OK) {
        st = store_group(g, writer);
    }
    if (st == STATUS_OK && records > 0) {
        st = store_commit(writer);
    }
    store_rollback(writer);
    for (size_t i = 0; st < 0 && i < g->count; i++) {
        receipt_clear(&g->receipt[i]);
    }
    return st;
}

enum status
ingest_commit(struct ingest_batch *b, struct store *writer, struct receipt *out)
{
    const struct ingest_group g = {&b, out, 1, -1};
    return ingest_commit_group(&g, writer);
}

size_t
ingest_records(const struct ingest_batch *b)
{
    return b->count;
}
