#include "collector/ingest/ingest.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "collector/ingest/ingest_batch.h"
#include "seal/record.h"

struct worker {
    struct ingest_batch *b;
    struct arena *arena;
    size_t from;
    size_t to;
    struct buf xml;
};

/* --- opening -------------------------------------------------------------- */

static enum status
open_with_any_key(const struct keys *keys, const struct batch_record *r,
                  struct record *out)
{
    enum status st = STATUS_E_AUTH;
    for (size_t i = 0; st == STATUS_E_AUTH && i < keys->seal_count; i++) {
        st = record_open(&keys->seal[i], r->box, r->len, out);
    }
    return st;
}

static size_t
find_wave(const struct ingest_batch *b, const struct record_head *head)
{
    for (size_t i = 0; i < b->wave_count; i++) {
        const struct store_wave *w = &b->wave[i];
        if (strcmp(w->name, head->wave) == 0
            && strcmp(w->form_id, head->form_id) == 0
            && strcmp(w->version, head->form_version) == 0
            && w->kind == head->kind) {
            return i;
        }
    }
    return SIZE_MAX;
}

static enum status
wave_form(struct ingest_batch *b, size_t wave,
          const struct catalogue_form **out)
{
    enum status st = STATUS_OK;
    pthread_mutex_lock(&b->form_lock);
    if (!b->form[wave]) {
        st = catalogue_take_wave(b->in->catalogue, b->reader, &b->wave[wave],
                                 &b->form[wave]);
    }
    *out = b->form[wave];
    pthread_mutex_unlock(&b->form_lock);
    return st;
}

static enum status
keep_head(struct ingest_item *it, const struct record_head *head,
          struct arena *arena)
{
    it->kind = head->kind;
    it->test = head->test;
    it->slip = head->slip;
    it->code = arena_strdup(arena, head->code);
    it->form_id = arena_strdup(arena, head->form_id);
    return it->code && it->form_id ? STATUS_OK : STATUS_E_LIMIT;
}

static enum status
keep_xml(struct ingest_item *it, const struct buf *xml, struct arena *arena)
{
    it->xml = arena_strndup(arena, xml->data, xml->len);
    it->xml_len = xml->len;
    return it->xml ? STATUS_OK : STATUS_E_LIMIT;
}

static enum status
read_record(struct worker *w, struct ingest_item *it, const struct record *r)
{
    enum status st = keep_head(it, &r->head, w->arena);
    if (st < 0) {
        return st;
    }
    it->wave = find_wave(w->b, &r->head);
    if (it->wave == SIZE_MAX) {
        it->outcome = RECEIPT_REFUSED_FORM;
        return STATUS_OK;
    }
    const struct catalogue_form *form = NULL;
    st = wave_form(w->b, it->wave, &form);
    if (st < 0) {
        return st;
    }
    buf_clear(&w->xml);
    const struct record_blank blank = {form->blank.data, form->blank.len};
    st = record_xml(r, &blank, &w->xml);
    if (st == STATUS_E_INVALID) {
        it->outcome = RECEIPT_REFUSED_RECORD;
        return STATUS_OK;
    }
    bool named = it->kind == RECORD_NAMED || it->kind == RECORD_BALLOT;
    if (st == STATUS_OK) {
        st = answers_parse(form, w->xml.data, w->xml.len, !named, w->arena,
                           NULL, &it->answers);
    }
    if (st == STATUS_E_INVALID) {
        it->outcome = RECEIPT_REFUSED_ANSWERS;
        return STATUS_OK;
    }
    return st == STATUS_OK && named ? keep_xml(it, &w->xml, w->arena) : st;
}

static void
open_item(struct worker *w, size_t i)
{
    const struct batch_record *r = &w->b->batch->record[i];
    struct ingest_item *it = &w->b->item[i];
    struct record record = {0};
    it->outcome = RECEIPT_ACCEPTED;
    it->form_id = "";
    it->wave = SIZE_MAX;
    record_id(r->box, r->len, &it->id);
    enum status st = open_with_any_key(w->b->in->keys, r, &record);
    if (st == STATUS_E_AUTH) {
        it->outcome = RECEIPT_REFUSED_SEAL;
    } else if (st == STATUS_E_UNSUPPORTED) {
        it->outcome = RECEIPT_REFUSED_VERSION;
    } else if (st == STATUS_E_INVALID) {
        it->outcome = RECEIPT_REFUSED_RECORD;
    } else if (st == STATUS_OK) {
        st = read_record(w, it, &record);
    }
    if (st < 0 && it->outcome == RECEIPT_ACCEPTED) {
        it->outcome = RECEIPT_LATER;
    }
    if (record.plain.data) {
        record_clear(&record);
    }
}

static void *
open_range(void *arg)
{
    struct worker *w = arg;
    for (size_t i = w->from; i < w->to; i++) {
        open_item(w, i);
    }
    return NULL;
}

static unsigned
thread_count(const struct ingest *in, size_t records)
{
    size_t worth = records / INGEST_THREAD_RECORDS + 1;
    if (worth == 1) {
        return 1; /* to ask for the processors is to read a file */
    }
    long processors =
        in->threads ? (long)in->threads : sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = processors > 0 ? (size_t)processors : 1;
    n = n < worth ? n : worth;
    return (unsigned)(n < INGEST_THREADS_MAX ? n : INGEST_THREADS_MAX);
}

/* The first range runs in this thread; so does one whose thread would not
 * start. */
static void
open_all(struct ingest_batch *b)
{
    struct worker worker[INGEST_THREADS_MAX];
    pthread_t thread[INGEST_THREADS_MAX];
    bool started[INGEST_THREADS_MAX] = {false};
    for (unsigned t = 0; t < b->arenas; t++) {
        worker[t] = (struct worker){
            .b = b,
            .arena = &b->arena[t],
            .from = b->count * t / b->arenas,
            .to = b->count * (t + 1) / b->arenas,
        };
        buf_init(&worker[t].xml, RECORD_XML_MAX_BYTES);
        started[t] =
            t > 0
            && pthread_create(&thread[t], NULL, open_range, &worker[t]) == 0;
    }
    for (unsigned t = 0; t < b->arenas; t++) {
        if (started[t]) {
            pthread_join(thread[t], NULL);
        } else {
            (void)open_range(&worker[t]);
        }
        buf_deinit(&worker[t].xml);
    }
}

enum status
ingest_open(const struct ingest *in, struct store *reader,
            const struct batch *batch, struct ingest_batch **out)
{
    *out = NULL;
    struct ingest_batch *b = calloc(1, sizeof(*b));
    if (!b) {
        return log_oom("ingest");
    }
    b->in = in;
    b->reader = reader;
    b->batch = batch;
    b->count = batch->count;
    pthread_mutex_init(&b->form_lock, NULL);
    b->arenas = thread_count(in, batch->count);
    for (unsigned t = 0; t < b->arenas; t++) {
        arena_init(&b->arena[t], INGEST_ARENA_MAX_BYTES / b->arenas);
    }
    enum status st = store_waves(reader, &b->wave, &b->wave_count);
    if (st == STATUS_OK) {
        b->item = calloc(b->count + 1, sizeof(*b->item));
        b->form = calloc(b->wave_count + 1, sizeof(struct catalogue_form *));
        st = b->item && b->form ? STATUS_OK : log_oom("ingest");
    }
    if (st < 0) {
        ingest_free(b);
        return st;
    }
    open_all(b);
    *out = b;
    return STATUS_OK;
}

void
ingest_free(struct ingest_batch *b)
{
    if (!b) {
        return;
    }
    for (unsigned t = 0; t < b->arenas; t++) {
        arena_deinit(&b->arena[t]);
    }
    for (size_t i = 0; b->form && i < b->wave_count; i++) {
        catalogue_give(b->in->catalogue, b->form[i]);
    }
    free(b->form);
    free(b->item);
    store_waves_free(b->wave, b->wave_count);
    pthread_mutex_destroy(&b->form_lock);
    free(b);
}

/* --- what was put aside --------------------------------------------------- */

struct shelf {
    struct buf boxes;   /* one after another */
    struct batch batch; /* records point into it once all are there */
};

static enum status
collect(void *self, const struct store_quarantine *q, const void *box,
        size_t len)
{
    (void)q;
    struct shelf *shelf = self;
    if (shelf->batch.count == BATCH_MAX_RECORDS
        || len > BATCH_MAX_BYTES - shelf->boxes.len) {
        return STATUS_NONE; /* the rest waits for the next time */
    }
    struct batch_record *r = &shelf->batch.record[shelf->batch.count++];
    r->len = len;
    buf_put(&shelf->boxes, box, len);
    return buf_status(&shelf->boxes);
}

static enum status
retry_shelf(const struct ingest *in, struct store *reader, struct store *writer,
            struct shelf *shelf, size_t *out_taken)
{
    const uint8_t *at = (const uint8_t *)shelf->boxes.data;
    for (size_t i = 0; i < shelf->batch.count; i++) {
        shelf->batch.record[i].box = at;
        at += shelf->batch.record[i].len;
    }
    struct ingest_batch *b = NULL;
    struct receipt receipt = {0};
    enum status st = ingest_open(in, reader, &shelf->batch, &b);
    if (!b) {
        return st;
    }
    st = ingest_commit(b, writer, &receipt);
    for (size_t i = 0; receipt.item && st == STATUS_OK && i < receipt.count;
         i++) {
        if (!receipt_refused(receipt.item[i].outcome)
            && receipt.item[i].outcome != RECEIPT_LATER) {
            st = store_quarantine_drop(writer, &receipt.item[i].record);
            *out_taken += 1;
        }
    }
    receipt_clear(&receipt);
    ingest_free(b);
    return st;
}

enum status
ingest_retry(const struct ingest *in, struct store *reader,
             struct store *writer, size_t *out_taken)
{
    *out_taken = 0;
    struct shelf shelf = {0};
    buf_init(&shelf.boxes, BATCH_MAX_BYTES);
    shelf.batch.record = calloc(BATCH_MAX_RECORDS, sizeof(struct batch_record));
    if (!shelf.batch.record) {
        return log_oom("ingest");
    }
    enum status st = store_quarantine_each(reader, collect, &shelf);
    if (st == STATUS_OK && shelf.batch.count > 0) {
        st = retry_shelf(in, reader, writer, &shelf, out_taken);
    }
    free(shelf.batch.record);
    buf_deinit(&shelf.boxes);
    return st;
}
