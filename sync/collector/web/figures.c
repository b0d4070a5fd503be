#include "collector/web/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "collector/report/csv.h"
#include "collector/web/monitoring.h"
#include "collector/web/monitoring_item.h"

#define ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define NUMBER_MAX_BYTES 40

enum column {
    COLUMN_ITEM,
    COLUMN_QUESTION,
    COLUMN_VALUE,
    COLUMN_ANSWER,
    COLUMN_N,
    COLUMN_COUNT
};

struct row {
    const char *text[COLUMN_N];
    int64_t n;
};

struct table {
    struct monitoring_source src;
    struct row *row; /* in the arena */
    size_t count;
    size_t cap;
    size_t at; /* next row to hand out */
    struct buf *out;
};

static enum status
add_row(struct table *t, size_t field, const char *value, const char *answer,
        int64_t n)
{
    if (t->count == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 64;
        struct row *grown = arena_array(t->src.arena, cap, sizeof(*grown));
        if (!grown) {
            return STATUS_E_LIMIT;
        }
        if (t->count > 0) {
            memcpy(grown, t->row, t->count * sizeof(*grown));
        }
        t->row = grown;
        t->cap = cap;
    }
    const struct form *form = t->src.form->form;
    struct form_field f;
    form_field_get(form, field, &f);
    t->row[t->count++] = (struct row){
        .text = {f.name, form_field_label(form, field, t->src.form_lang), value,
                 answer},
        .n = n,
    };
    return STATUS_OK;
}

static enum status
add_number(struct table *t, size_t field, const struct store_tally *tally)
{
    char text[NUMBER_MAX_BYTES];
    double value = (double)tally->item / STORE_NUMBER_UNIT;
    (void)snprintf(text, sizeof(text), "%.10g", value);
    const char *copy = arena_strdup(t->src.arena, text);
    return copy ? add_row(t, field, copy, "", tally->n) : STATUS_E_LIMIT;
}

static enum status
add_field(struct table *t, size_t field)
{
    struct monitoring_counts counts;
    bool open = false;
    enum status st = monitoring_item_is_open(&t->src, field, &counts, &open);
    if (st < 0 || !open) {
        return st;
    }
    st = add_row(t, field, "", "", (int64_t)counts.answered);
    const struct form *form = t->src.form->form;
    for (size_t i = 0; st == STATUS_OK && i < counts.count; i++) {
        const struct store_tally *tally = &counts.first[i];
        if (tally->kind == STORE_TALLY_CHOICE) {
            size_t c = (size_t)tally->item;
            st = add_row(t, field, form_choice_name(form, field, c),
                         form_choice_label(form, field, c, t->src.form_lang),
                         tally->n);
        } else if (tally->kind == STORE_TALLY_NUMBER) {
            st = add_number(t, field, tally);
        }
    }
    return st;
}

static enum status
next(void *self, struct dataset_cell *cell)
{
    struct table *t = self;
    if (t->at == t->count) {
        return STATUS_NONE;
    }
    const struct row *r = &t->row[t->at++];
    for (size_t i = 0; i < COLUMN_N; i++) {
        cell[i] = (struct dataset_cell){.text = r->text[i]};
    }
    cell[COLUMN_N] = (struct dataset_cell){.number = (double)r->n};
    return STATUS_OK;
}

static enum status
write_out(void *self, const void *data, size_t len)
{
    struct table *t = self;
    buf_put(t->out, data, len);
    return buf_status(t->out);
}

static enum status
write_csv(struct table *t, const struct store_wave *wave)
{
    static const struct dataset_column column[COLUMN_COUNT] = {
        [COLUMN_ITEM] = {.name = "item", .type = DATASET_TEXT},
        [COLUMN_QUESTION] = {.name = "question", .type = DATASET_TEXT},
        [COLUMN_VALUE] = {.name = "value", .type = DATASET_TEXT},
        [COLUMN_ANSWER] = {.name = "answer", .type = DATASET_TEXT},
        [COLUMN_N] = {.name = "n", .type = DATASET_NUMBER},
    };
    const struct dataset set = {
        .name = wave->name,
        .column = column,
        .columns = COLUMN_COUNT,
        .rows = t->count,
        .next = next,
        .self = t,
    };
    const struct csv_options options = {.lang = t->src.lang};
    const struct dataset_sink sink = {.write = write_out, .self = t};
    return csv_write(&set, &options, &sink);
}

enum status
figures_csv(struct store *reader, struct catalogue *catalogue,
            const struct store_wave *wave, enum i18n_lang lang, int64_t now_ms,
            struct buf *out)
{
    struct arena arena;
    struct store_tally *tally = NULL;
    const struct catalogue_form *form = NULL;
    arena_init(&arena, ARENA_MAX_BYTES);
    struct table t = {.out = out};
    t.src.reader = reader;
    t.src.wave = wave;
    t.src.lang = lang;
    t.src.arena = &arena;
    enum status st = catalogue_take(catalogue, reader, wave->form, &form);
    if (st == STATUS_OK) {
        t.src.form = form;
        t.src.form_lang = form_lang_find(form->form, i18n_tag(lang));
        st = store_tallies(reader, wave->id, &tally, &t.src.tally_count);
        t.src.tally = tally;
    }
    bool shown = monitoring_state_of(wave, now_ms) == MONITORING_SHOWN;
    for (size_t i = 0; st == STATUS_OK && shown && i < form->field_count; i++) {
        st = add_field(&t, i);
    }
    if (st == STATUS_OK) {
        st = write_csv(&t, wave);
    }
    catalogue_give(catalogue, form);
    free(tally);
    arena_deinit(&arena);
    return st;
}
