#include "collector/web/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "collector/web/anonymity.h"
#include "collector/web/groups.h"
#include "collector/web/monitoring.h"

#define ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define SCRATCH_MAX_BYTES 65536
#define DECIMALS 6
#define NAME_GLUE "__" /* between a question and its option */

/* What short cells read as: most columns hold a few different ones. */
#define MEMO_BITS 5
struct memo {
    uint64_t key; /* the bytes of the text; 0: free */
    struct dataset_cell cell;
};

/* Where a column of the data set comes from. */
struct origin {
    size_t cell;   /* index among the fields read */
    size_t choice; /* SIZE_MAX: the whole cell; else one option of it */
    enum catalogue_count count;
    struct memo *memo; /* 1 << MEMO_BITS */
};

struct rows {
    struct arena arena;
    struct store *reader; /* borrowed */
    struct catalogue *catalogue;
    const struct catalogue_form *form; /* borrowed from the catalogue */
    const struct store_wave *wave;     /* borrowed */
    size_t lang[I18N_LANG_COUNT];      /* of the form */
    uint32_t *field;                   /* fields read from the store */
    size_t fields;
    struct dataset_column *column;
    struct origin *origin;
    size_t withheld;
    struct monitoring_source src; /* while opening */
    const struct groups *groups;
    struct anonymity *anonymity;
    struct dataset dataset;
    /* during one reading */
    struct dataset_cell *cell;
    dataset_visit *visit;
    void *ctx;
};

/* A question somebody answered: no calculation, note or housekeeping. */
static bool
is_question(const struct rows *r, size_t field)
{
    struct form_field f;
    form_field_get(r->form->form, field, &f);
    return r->form->field[field].count != CATALOGUE_COUNT_SKIP
           && f.control != FORM_CONTROL_NONE && f.control != FORM_CONTROL_NOTE
           && f.control != FORM_CONTROL_UPLOAD && !f.in_repeat;
}

/* --- columns -------------------------------------------------------------- */

static void
set_labels(const struct rows *r, size_t field, const char *out[I18N_LANG_COUNT])
{
    for (size_t l = 0; l < I18N_LANG_COUNT; l++) {
        out[l] = form_field_label(r->form->form, field, r->lang[l]);
    }
}

static enum status
choice_values(struct rows *r, size_t field, size_t count,
              struct dataset_column *out)
{
    struct dataset_value *v = arena_array(&r->arena, count + 1, sizeof(*v));
    if (!v) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        v[i].code = (double)(i + 1);
        v[i].name = form_choice_name(r->form->form, field, i);
        for (size_t l = 0; l < I18N_LANG_COUNT; l++) {
            v[i].label[l] =
                form_choice_label(r->form->form, field, i, r->lang[l]);
        }
    }
    out->value = v;
    out->values = count;
    return STATUS_OK;
}

/* "question: option" in the arena. */
static const char *
joined(struct rows *r, const char *a, const char *glue, const char *b)
{
    size_t len = strlen(a) + strlen(glue) + strlen(b);
    char *out = arena_alloc(&r->arena, len + 1);
    if (out) {
        (void)snprintf(out, len + 1, "%s%s%s", a, glue, b);
    }
    return out;
}

/* How often each option of a multiple choice stands in the rows, and each place
 * of an order was given to each option. */
struct marks {
    const struct catalogue_field *field;
    bool rank;
    uint64_t answered;
    uint64_t most;  /* of an order: people who agree on one place */
    uint64_t *hits; /* in the arena; options x options of an order */
};

static enum status
take_marks(void *self, const char *const *cell, size_t count)
{
    struct marks *m = self;
    size_t place = 0;
    m->answered += count > 0 && cell[0] ? 1 : 0;
    for (const char *at = count > 0 && cell[0] ? cell[0] : ""; *at;) {
        at += strspn(at, " ");
        size_t len = strcspn(at, " ");
        size_t o =
            len > 0 ? catalogue_choice_find(m->field, at, len) : SIZE_MAX;
        if (o < m->field->choice_count && place < m->field->choice_count) {
            uint64_t *n =
                &m->hits[m->rank ? o * m->field->choice_count + place : o];
            m->most = ++*n > m->most ? *n : m->most;
            place++;
        }
        at += len;
    }
    return STATUS_OK;
}

static enum status
count_marks(struct rows *r, size_t field, struct marks *out)
{
    const uint32_t column = (uint32_t)field;
    *out = (struct marks){.field = &r->form->field[field],
                          .rank = r->form->field[field].count
                                  == CATALOGUE_COUNT_RANK};
    size_t options = out->field->choice_count;
    out->hits =
        arena_array(&r->arena, out->rank ? options * options + 1 : options + 1,
                    sizeof(*out->hits));
    return out->hits ? store_answers_each(r->reader, r->wave->id, &column, 1,
                                          take_marks, out)
                     : STATUS_E_LIMIT;
}

/* A column for each option of a multiple choice or an order. What (almost) all
 * chose has a band in the figures and no column here; an order of which they
 * agree on one place has none at all. */
static enum status
add_options(struct rows *r, size_t field, size_t cell,
            const struct form_field *f)
{
    const struct form *form = r->form->form;
    struct marks m;
    enum status st = count_marks(r, field, &m);
    size_t from = r->dataset.columns;
    if (st < 0) {
        return st;
    }
    for (size_t i = 0; i < f->choice_count; i++) {
        if (suppress_unanimous(m.rank ? m.most : m.hits[i], m.answered)) {
            continue;
        }
        if (r->dataset.columns == DATASET_COLUMNS_MAX) {
            return STATUS_E_LIMIT;
        }
        struct dataset_column *c = &r->column[r->dataset.columns];
        c->type = DATASET_NUMBER;
        c->name =
            joined(r, f->name, NAME_GLUE, form_choice_name(form, field, i));
        for (size_t l = 0; l < I18N_LANG_COUNT; l++) {
            c->label[l] =
                joined(r, form_field_label(form, field, r->lang[l]), " — ",
                       form_choice_label(form, field, i, r->lang[l]));
        }
        if (!c->name) {
            return STATUS_E_LIMIT;
        }
        r->origin[r->dataset.columns++] =
            (struct origin){cell, i, r->form->field[field].count, NULL};
    }
    r->withheld += r->dataset.columns - from < f->choice_count ? 1 : 0;
    return STATUS_OK;
}

static enum status
add_column(struct rows *r, size_t field)
{
    struct form_field f;
    form_field_get(r->form->form, field, &f);
    enum catalogue_count count = r->form->field[field].count;
    if (r->dataset.columns == DATASET_COLUMNS_MAX) {
        return STATUS_E_LIMIT;
    }
    size_t cell = r->fields;
    r->field[r->fields++] = (uint32_t)field;
    if (count == CATALOGUE_COUNT_CHOICES || count == CATALOGUE_COUNT_RANK) {
        return add_options(r, field, cell, &f);
    }
    struct dataset_column *c = &r->column[r->dataset.columns];
    c->name = f.name;
    set_labels(r, field, c->label);
    enum status st = STATUS_OK;
    if (count == CATALOGUE_COUNT_CHOICE) {
        c->type = DATASET_CHOICE;
        st = choice_values(r, field, f.choice_count, c);
    } else {
        c->type = DATASET_NUMBER;
        c->ordered = f.control == FORM_CONTROL_RANGE;
        c->decimals = f.type == FORM_TYPE_DECIMAL ? DECIMALS : 0;
    }
    r->origin[r->dataset.columns++] =
        (struct origin){cell, SIZE_MAX, count, NULL};
    return st;
}

/* A choice or number of which the form does not say that it is an opinion. */
static bool
may_point(const struct rows *r, size_t field, const struct form_field *f)
{
    const char *indicator =
        form_field_extension(r->form->form, field, "indicator");
    enum catalogue_count count = r->form->field[field].count;
    return count != CATALOGUE_COUNT_RANK && !catalogue_is_scale(f)
           && !(indicator && *indicator);
}

/* May the question leave? */
static enum status
may_leave(struct rows *r, size_t field, bool *out)
{
    struct form_field f;
    struct monitoring_counts counts;
    form_field_get(r->form->form, field, &f);
    const char *indicator =
        form_field_extension(r->form->form, field, "indicator");
    *out = false;
    if ((indicator && strcmp(indicator, "identifying") == 0)
        || r->form->field[field].group
        || groups_detail(r->groups, field) != SUPPRESS_FULL) {
        return STATUS_OK;
    }
    enum status st = monitoring_item_is_open(&r->src, field, &counts, out);
    bool grown = (int64_t)r->dataset.rows < r->wave->answers;
    if (st == STATUS_OK && *out && grown) {
        st = anonymity_is_open(r->anonymity, (uint32_t)field, out);
    }
    if (st == STATUS_OK && *out && may_point(r, field, &f)) {
        st = anonymity_keep(r->anonymity, (uint32_t)field, out);
    }
    return st;
}

static enum status
add_columns(struct rows *r)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < r->form->field_count && st == STATUS_OK; i++) {
        if (!is_question(r, i)) {
            continue;
        }
        enum catalogue_count count = r->form->field[i].count;
        bool may = false;
        if (count != CATALOGUE_COUNT_NOT && count != CATALOGUE_COUNT_DATE
            && count != CATALOGUE_COUNT_CODE) {
            st = may_leave(r, i, &may);
        }
        if (may && st == STATUS_OK) {
            st = add_column(r, i);
        } else {
            r->withheld++;
        }
    }
    return st;
}

/* --- reading -------------------------------------------------------------- */

/* Place of option `choice` among the names of `cell`, from 1; 0: not there. */
static size_t
place_of(const struct catalogue_field *field, const char *cell, size_t choice)
{
    size_t place = 0;
    while (*cell) {
        cell += strspn(cell, " ");
        size_t len = strcspn(cell, " ");
        place += len > 0 ? 1 : 0;
        if (len > 0 && catalogue_choice_find(field, cell, len) == choice) {
            return place;
        }
        cell += len;
    }
    return 0;
}

static struct dataset_cell
read_cell(const struct rows *r, const struct origin *o, const char *text)
{
    if (!text || *text == '\0') {
        return (struct dataset_cell){.missing = true};
    }
    const struct catalogue_field *field = &r->form->field[r->field[o->cell]];
    if (o->choice != SIZE_MAX) {
        size_t place = place_of(field, text, o->choice);
        bool rank = o->count == CATALOGUE_COUNT_RANK;
        return (struct dataset_cell){
            .missing = rank && place == 0,
            .number = rank ? (double)place : (double)(place > 0),
        };
    }
    if (o->count == CATALOGUE_COUNT_CHOICE) {
        size_t choice = catalogue_choice_find(field, text, strlen(text));
        return (struct dataset_cell){.missing = choice == SIZE_MAX,
                                     .number = (double)choice + 1.0};
    }
    char *end = NULL;
    double number = strtod(text, &end);
    return (struct dataset_cell){.missing = *end != '\0', .number = number};
}

static struct dataset_cell
recall_cell(const struct rows *r, const struct origin *o, const char *text)
{
    uint64_t key = 0;
    size_t len = text ? strnlen(text, sizeof(key)) : 0;
    if (len == 0 || len == sizeof(key)) {
        return read_cell(r, o, text);
    }
    memcpy(&key, text, len);
    struct memo *m =
        &o->memo[key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - MEMO_BITS)];
    if (m->key != key) {
        m->key = key;
        m->cell = read_cell(r, o, text);
    }
    return m->cell;
}

static enum status
take_row(void *self, const char *const *cell, size_t count)
{
    (void)count;
    struct rows *r = self;
    for (size_t i = 0; i < r->dataset.columns; i++) {
        r->cell[i] = recall_cell(r, &r->origin[i], cell[r->origin[i].cell]);
    }
    return r->visit(r->ctx, r->cell);
}

static enum status
each(void *self, dataset_visit *visit, void *ctx)
{
    struct rows *r = self;
    r->visit = visit;
    r->ctx = ctx;
    return store_answers_each(r->reader, r->wave->id, r->field, r->fields,
                              take_row, r);
}

/* --- opening -------------------------------------------------------------- */

static size_t
settled_rows(const struct store_wave *w)
{
    return (size_t)(w->settled >= 0 ? w->settled : w->answers);
}

static enum status
decide_columns(struct rows *r)
{
    struct monitoring_source *src = &r->src;
    struct store_tally *tally = NULL;
    struct groups *groups = NULL;
    *src = (struct monitoring_source){
        .reader = r->reader,
        .form = r->form,
        .wave = r->wave,
        .lang = I18N_EN,
        .arena = &r->arena,
        .settled = true,
    };
    buf_init(&src->scratch, SCRATCH_MAX_BYTES);
    enum status st =
        store_tallies(r->reader, r->wave->id, &tally, &src->tally_count);
    src->tally = tally;
    if (st == STATUS_OK) {
        st = groups_open(src, &groups);
        r->groups = groups;
    }
    if (st == STATUS_OK) {
        st = anonymity_new(r->reader, r->wave->id, r->dataset.rows,
                           (uint32_t)r->wave->k, &r->anonymity);
    }
    if (st == STATUS_OK) {
        st = add_columns(r);
    }
    anonymity_free(r->anonymity);
    r->anonymity = NULL;
    buf_deinit(&src->scratch);
    free(tally);
    src->tally = NULL;
    for (size_t i = 0; st == STATUS_OK && i < r->dataset.columns; i++) {
        r->origin[i].memo =
            arena_array(&r->arena, (size_t)1 << MEMO_BITS, sizeof(struct memo));
        st = r->origin[i].memo ? STATUS_OK : STATUS_E_LIMIT;
    }
    return st == STATUS_OK && r->dataset.columns == 0 ? STATUS_E_AUTH : st;
}

static enum status
prepare(struct rows *r)
{
    const struct form *form = r->form->form;
    for (size_t l = 0; l < I18N_LANG_COUNT; l++) {
        r->lang[l] = form_lang_find(form, i18n_tag((enum i18n_lang)l));
    }
    size_t fields = r->form->field_count + 1;
    r->field = arena_array(&r->arena, fields, sizeof(*r->field));
    r->column = arena_array(&r->arena, DATASET_COLUMNS_MAX, sizeof(*r->column));
    r->origin = arena_array(&r->arena, DATASET_COLUMNS_MAX, sizeof(*r->origin));
    r->cell = arena_array(&r->arena, DATASET_COLUMNS_MAX, sizeof(*r->cell));
    if (!r->field || !r->column || !r->origin || !r->cell) {
        return STATUS_E_LIMIT;
    }
    r->dataset.name = r->wave->name;
    for (size_t l = 0; l < I18N_LANG_COUNT; l++) {
        r->dataset.title[l] =
            monitoring_title(form, r->wave, (enum i18n_lang)l);
    }
    r->dataset.column = r->column;
    r->dataset.rows = settled_rows(r->wave);
    r->dataset.each = each;
    r->dataset.self = r;
    return decide_columns(r);
}

enum status
rows_open(struct store *reader, struct catalogue *catalogue,
          const struct store_wave *wave, int64_t now_ms, struct rows **out)
{
    *out = NULL;
    bool anonymous =
        wave->kind == RECORD_ANONYMOUS || wave->kind == RECORD_SLIP;
    if (!anonymous || !monitoring_is_over(wave, now_ms)
        || settled_rows(wave) < (size_t)wave->k_text) {
        return STATUS_E_AUTH;
    }
    struct rows *r = calloc(1, sizeof(*r));
    if (!r) {
        return log_oom("rows");
    }
    arena_init(&r->arena, ARENA_MAX_BYTES);
    r->reader = reader;
    r->catalogue = catalogue;
    r->wave = wave;
    enum status st = catalogue_take_wave(catalogue, reader, wave, &r->form);
    if (st == STATUS_OK) {
        st = prepare(r);
    }
    if (st < 0) {
        rows_close(r);
        return st;
    }
    *out = r;
    return STATUS_OK;
}

void
rows_close(struct rows *r)
{
    if (r) {
        catalogue_give(r->catalogue, r->form);
        arena_deinit(&r->arena);
        free(r);
    }
}

const struct dataset *
rows_dataset(const struct rows *r)
{
    return &r->dataset;
}

size_t
rows_withheld(const struct rows *r)
{
    return r->withheld;
}

struct ddi_study
rows_study(const struct store_wave *wave, const char *house)
{
    return (struct ddi_study){
        .organisation = house,
        .invited = wave->invited > 0 ? (uint32_t)wave->invited : 0,
        .k = (uint32_t)wave->k,
    };
}
