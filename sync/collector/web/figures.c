#include "collector/web/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "collector/report/csv.h"
#include "collector/web/groups.h"
#include "collector/web/monitoring.h"

#define ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define SCRATCH_MAX_BYTES 4096

enum column {
    COLUMN_ITEM,
    COLUMN_QUESTION,
    COLUMN_VALUE,
    COLUMN_ANSWER,
    COLUMN_N,
    COLUMN_BY,
    COLUMN_GROUP,
    COLUMN_COUNT
};

struct row {
    const char *text[COLUMN_COUNT];
    int64_t n;
};

/* What one row tells. */
struct cell {
    size_t field;
    const char *value;
    const char *answer;
    int64_t n;
    const char *by;
    const char *group;
};

struct table {
    struct monitoring_source src;
    struct row *row; /* in the arena */
    size_t count;
    size_t cap;
    size_t at;            /* next row to hand out */
    struct buf *out;      /* of figures_csv() */
    figures_visit *visit; /* of figures_each() */
    void *ctx;
};

static enum status
new_row(struct table *t, struct row **out)
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
    *out = &t->row[t->count++];
    return STATUS_OK;
}

static enum status
add_row(struct table *t, const struct cell *c)
{
    struct row *row = NULL;
    enum status st = new_row(t, &row);
    if (st < 0) {
        return st;
    }
    const struct form *form = t->src.form->form;
    struct form_field f;
    form_field_get(form, c->field, &f);
    *row = (struct row){.n = c->n};
    row->text[COLUMN_ITEM] = f.name;
    row->text[COLUMN_QUESTION] =
        form_field_label(form, c->field, t->src.form_lang);
    row->text[COLUMN_VALUE] = c->value;
    row->text[COLUMN_ANSWER] = c->answer;
    row->text[COLUMN_BY] = c->by ? c->by : "";
    row->text[COLUMN_GROUP] = c->group ? c->group : "";
    return STATUS_OK;
}

static const char *
number_text(struct table *t, double value)
{
    buf_printf(&t->src.scratch, "%.10g", value);
    return monitoring_item_text(&t->src);
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
    const struct form *form = t->src.form->form;
    st = add_row(
        t, &(struct cell){field, "", "", (int64_t)counts.answered, NULL, NULL});
    for (size_t i = 0; st == STATUS_OK && i < counts.count; i++) {
        const struct store_tally *tally = &counts.first[i];
        struct cell cell = {.field = field, .answer = "", .n = tally->n};
        if (tally->kind == STORE_TALLY_CHOICE) {
            size_t c = (size_t)tally->item;
            cell.value = form_choice_name(form, field, c);
            cell.answer = form_choice_label(form, field, c, t->src.form_lang);
        } else if (tally->kind == STORE_TALLY_NUMBER) {
            cell.value =
                number_text(t, (double)tally->item / STORE_NUMBER_UNIT);
        }
        /* An option of several that (almost) all chose: left out, as a band. */
        bool band = tally->kind == STORE_TALLY_CHOICE
                    && suppress_unanimous((uint64_t)tally->n, counts.answered);
        if (cell.value && !band) {
            st = add_row(t, &cell);
        }
    }
    return st;
}

/* --- slips ---------------------------------------------------------------- */

static enum status
add_slips(struct table *t)
{
    const struct store_wave *w = t->src.wave;
    int64_t made = 0;
    int64_t used = 0;
    if (w->kind != RECORD_SLIP || w->closed_ms == 0) {
        return STATUS_OK;
    }
    enum status st = store_slips_count(t->src.reader, w->id, &made, &used);
    const struct {
        const char *value;
        const char *answer;
        int64_t n;
    } part[] = {
        {"made", N_("slips made"), made},
        {"used", N_("used"), used},
        {"unused", N_("unused"), made - used},
    };
    for (size_t i = 0; st == STATUS_OK && i < sizeof(part) / sizeof(part[0]);
         i++) {
        struct row *row = NULL;
        st = new_row(t, &row);
        if (st == STATUS_OK) {
            row->n = part[i].n;
            row->text[COLUMN_ITEM] = "slips";
            row->text[COLUMN_QUESTION] = i18n_text(t->src.lang, N_("Slips"));
            row->text[COLUMN_VALUE] = part[i].value;
            row->text[COLUMN_ANSWER] = i18n_text(t->src.lang, part[i].answer);
            row->text[COLUMN_BY] = "";
            row->text[COLUMN_GROUP] = "";
        }
    }
    return st;
}

/* --- by group ------------------------------------------------------------- */

/* "1..6" or "7..10": one side of the cut. */
static const char *
range_text(struct table *t, const struct groups_table *from, bool high)
{
    double top = from->start + (double)(from->answers - 1) * from->step;
    double low = ceil((from->cut - from->start) / from->step);
    double cut = from->start + low * from->step;
    buf_printf(&t->src.scratch, "%.10g..%.10g", high ? cut : from->start,
               high ? top : cut - from->step);
    return monitoring_item_text(&t->src);
}

static enum status
add_merged(struct table *t, const struct groups *g,
           const struct groups_table *from, const struct groups_row *row,
           struct cell cell)
{
    enum status st = STATUS_OK;
    for (int high = 0; high < 2 && st == STATUS_OK; high++) {
        cell.n = 0;
        for (size_t c = 0; c < from->answers; c++) {
            bool is = from->start + (double)c * from->step >= from->cut;
            cell.n +=
                is == (high == 1) ? (int64_t)groups_count(g, from, row, c) : 0;
        }
        cell.value = range_text(t, from, high == 1);
        st = add_row(t, &cell);
    }
    return st;
}

static enum status
add_group_row(struct table *t, const struct groups *g,
              const struct groups_table *from, const struct groups_row *row,
              struct cell cell)
{
    const struct form *form = t->src.form->form;
    cell.group = row->name;
    cell.value = "";
    cell.answer = "";
    for (size_t c = 0; c + 1 < from->categories; c++) {
        cell.n += (int64_t)groups_count(g, from, row, c);
    }
    enum status st = add_row(t, &cell);
    if (st == STATUS_OK && from->detail == SUPPRESS_MERGED) {
        return add_merged(t, g, from, row, cell);
    }
    for (size_t c = 0; c + 1 < from->categories && st == STATUS_OK; c++) {
        cell.n = (int64_t)groups_count(g, from, row, c);
        if (from->scale) {
            cell.value = number_text(t, from->start + (double)c * from->step);
        } else {
            cell.value = form_choice_name(form, from->field, from->choice[c]);
            cell.answer = form_choice_label(form, from->field, from->choice[c],
                                            t->src.form_lang);
        }
        st = add_row(t, &cell);
    }
    return st;
}

static enum status
add_groups(struct table *t, const struct groups *g)
{
    const struct form *form = t->src.form->form;
    enum status st = STATUS_OK;
    for (size_t q = 0; g && q < g->questions; q++) {
        const struct groups_question *question = &g->question[q];
        struct form_field by;
        form_field_get(form, question->field, &by);
        for (size_t r = 0; r < question->rows && st == STATUS_OK; r++) {
            const struct groups_row *row = &question->row[r];
            st = add_row(t, &(struct cell){question->field, "", row->label,
                                           (int64_t)row->people, by.name,
                                           row->name});
            for (size_t i = 0; i < t->src.form->field_count && st == STATUS_OK;
                 i++) {
                const struct groups_table *from = &g->table[i];
                if (from->categories > 0 && from->detail != SUPPRESS_CLOSED) {
                    st =
                        add_group_row(t, g, from, row,
                                      (struct cell){.field = i, .by = by.name});
                }
            }
        }
    }
    return st;
}

/* --- as a file ------------------------------------------------------------ */

static enum status
next(void *self, struct dataset_cell *cell)
{
    struct table *t = self;
    if (t->at == t->count) {
        return STATUS_NONE;
    }
    const struct row *r = &t->row[t->at++];
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
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
        [COLUMN_BY] = {.name = "by", .type = DATASET_TEXT},
        [COLUMN_GROUP] = {.name = "group", .type = DATASET_TEXT},
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

static enum status
visit_all(struct table *t)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < t->count && st == STATUS_OK; i++) {
        const struct row *r = &t->row[i];
        const struct figures_row row = {
            .item = r->text[COLUMN_ITEM],
            .question = r->text[COLUMN_QUESTION],
            .value = r->text[COLUMN_VALUE],
            .answer = r->text[COLUMN_ANSWER],
            .by = r->text[COLUMN_BY],
            .group = r->text[COLUMN_GROUP],
            .n = r->n,
        };
        st = t->visit(t->ctx, &row);
    }
    return st;
}

/* Fill the table whose source names reader, wave and language, and hand it
 * on. */
static enum status
fill(struct table *table, struct catalogue *catalogue, int64_t now_ms)
{
    struct arena arena;
    struct store_tally *tally = NULL;
    const struct catalogue_form *form = NULL;
    struct table t = *table;
    struct store *reader = t.src.reader;
    const struct store_wave *wave = t.src.wave;
    enum i18n_lang lang = t.src.lang;
    arena_init(&arena, ARENA_MAX_BYTES);
    t.src.arena = &arena;
    t.src.settled = monitoring_is_over(wave, now_ms);
    buf_init(&t.src.scratch, SCRATCH_MAX_BYTES);
    struct groups *groups = NULL;
    enum status st = catalogue_take_wave(catalogue, reader, wave, &form);
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
    if (st == STATUS_OK && shown && t.src.settled) {
        st = groups_open(&t.src, &groups);
    }
    if (st == STATUS_OK && groups_shown(groups)) {
        st = add_groups(&t, groups);
    }
    if (st == STATUS_OK) {
        st = add_slips(&t);
    }
    if (st == STATUS_OK) {
        st = t.visit ? visit_all(&t) : write_csv(&t, wave);
    }
    catalogue_give(catalogue, form);
    free(tally);
    buf_deinit(&t.src.scratch);
    arena_deinit(&arena);
    return st;
}

enum status
figures_csv(struct store *reader, struct catalogue *catalogue,
            const struct store_wave *wave, enum i18n_lang lang, int64_t now_ms,
            struct buf *out)
{
    struct table t = {.out = out};
    t.src.reader = reader;
    t.src.wave = wave;
    t.src.lang = lang;
    return fill(&t, catalogue, now_ms);
}

enum status
figures_each(const struct figures_from *from, figures_visit *visit, void *ctx)
{
    struct table t = {.visit = visit, .ctx = ctx};
    t.src.reader = from->reader;
    t.src.wave = from->wave;
    t.src.lang = from->lang;
    return fill(&t, from->catalogue, from->now_ms);
}
