#include "wave_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "collector/ingest/answers.h"
#include "collector/web/publish.h"
#include "harness/harness.h"
#include "xlsform/xlsform.h"

#define NOW_MS INT64_C(1795000000000)
#define VALUE_MAX_BYTES 512

void
wave_fixture_open(struct wave_fixture *f)
{
    char path[HARNESS_PATH_MAX + 32];
    harness_temp_dir(f->dir);
    (void)snprintf(path, sizeof(path), "%s/collector.db", f->dir);
    assert_int_equal(store_open(path, false, &f->store), STATUS_OK);
    assert_int_equal(catalogue_new(&f->catalogue), STATUS_OK);
    catalogue_set_code_key(f->catalogue,
                           (const uint8_t[CATALOGUE_CODE_KEY_BYTES]){7});
}

void
wave_fixture_close(struct wave_fixture *f)
{
    catalogue_free(f->catalogue);
    store_close(f->store);
    harness_remove_tree(f->dir);
}

static void
compile(const char *survey, struct buf *xform)
{
    struct buf sheet;
    struct diag d;
    struct xlsform_options options = {.file = "survey.csv"};
    buf_init(&sheet, FORM_XML_MAX_BYTES);
    diag_init(&d, I18N_EN);
    if (strchr(survey, '\n')) {
        buf_puts(&sheet, survey);
    } else {
        char path[VALUE_MAX_BYTES];
        (void)snprintf(path, sizeof(path), "assets/surveys/%s", survey);
        options.file = survey;
        assert_int_equal(file_read(harness_source(path), &sheet), STATUS_OK);
    }
    enum status st = xlsform_compile(sheet.data, sheet.len, XLSFORM_CSV,
                                     &options, &d, xform);
    if (st != STATUS_OK) {
        struct buf text;
        buf_init(&text, 1 << 16);
        diag_print(&d, &text);
        fail_msg("%s", text.data);
    }
    diag_deinit(&d);
    buf_deinit(&sheet);
}

void
wave_fixture_publish(struct wave_fixture *f, const char *survey, int invited,
                     struct store_wave *out)
{
    struct buf xform;
    struct diag d;
    struct publish_terms terms = {.kind = -1, .invited = invited};
    int64_t form = 0;
    buf_init(&xform, FORM_XML_MAX_BYTES);
    diag_init(&d, I18N_EN);
    compile(survey, &xform);
    enum status st = publish_form(f->store, &xform, NULL, NOW_MS, &d, &form);
    assert_true(st == STATUS_OK || st == STATUS_REPEAT);
    assert_int_equal(publish_wave(f->store, form, NULL, &terms, NOW_MS, out),
                     STATUS_OK);
    diag_deinit(&d);
    buf_deinit(&xform);
}

struct people {
    const struct wave_fixture_people *who;
    size_t person;
    uint32_t state;
};

static uint32_t
below(struct people *p, uint32_t bound)
{
    return harness_below(&p->state, bound);
}

/* Some of the choices, in a random order. */
static void
several(struct people *p, const struct filling_choice *choice, size_t count,
        bool all, char *out)
{
    size_t order[64];
    size_t n = count < 64 ? count : 64;
    for (size_t i = 0; i < n; i++) {
        size_t j = below(p, (uint32_t)(i + 1));
        order[i] = order[j];
        order[j] = i;
    }
    size_t take = all ? n : 1 + below(p, (uint32_t)n);
    size_t len = 0;
    for (size_t i = 0; i < take; i++) {
        int wrote = snprintf(out + len, VALUE_MAX_BYTES - len, "%s%s",
                             i > 0 ? " " : "", choice[order[i]].name);
        len += wrote > 0 ? (size_t)wrote : 0;
    }
}

static void
make_value(struct people *p, struct filling *f, struct filling_node *node,
           const struct filling_question *q, char *out)
{
    size_t count = 0;
    const struct filling_choice *choice = NULL;
    out[0] = '\0';
    switch (q->control) {
    case FORM_CONTROL_SELECT_ONE:
        choice = filling_offered(f, node, &count);
        if (count > 0) {
            (void)snprintf(out, VALUE_MAX_BYTES, "%s",
                           choice[below(p, (uint32_t)count)].name);
        }
        break;
    case FORM_CONTROL_SELECT_MULTIPLE:
    case FORM_CONTROL_RANK:
        choice = filling_offered(f, node, &count);
        if (count > 0) {
            several(p, choice, count, q->control == FORM_CONTROL_RANK, out);
        }
        break;
    case FORM_CONTROL_RANGE: {
        double steps = round((q->range_end - q->range_start) / q->range_step);
        uint32_t at = below(p, (uint32_t)steps + 1);
        at += (uint32_t)(p->who->lift * (steps - at));
        (void)snprintf(out, VALUE_MAX_BYTES, "%g",
                       q->range_start + at * q->range_step);
        break;
    }
    case FORM_CONTROL_INPUT:
        if (q->type == FORM_TYPE_STRING) {
            (void)snprintf(out, VALUE_MAX_BYTES, "Мысль № %u", below(p, 1000));
        } else if (q->type == FORM_TYPE_INTEGER
                   || q->type == FORM_TYPE_DECIMAL) {
            (void)snprintf(out, VALUE_MAX_BYTES, "%u", below(p, 40));
        }
        break;
    case FORM_CONTROL_TRIGGER:
        (void)snprintf(out, VALUE_MAX_BYTES, "OK");
        break;
    case FORM_CONTROL_NONE:
    case FORM_CONTROL_NOTE:
    case FORM_CONTROL_UPLOAD:
        break;
    }
}

/* Answer the first open question; false when there is none left. */
static bool
answer_one(struct people *p, struct filling *f, bool *done, size_t fields)
{
    size_t count = 0;
    const struct filling_item *item = filling_items(f, &count);
    for (size_t i = 0; i < count; i++) {
        if (item[i].kind != FILLING_QUESTION) {
            continue;
        }
        struct filling_question q;
        struct filling_node *node = item[i].node;
        filling_question(f, node, &q);
        if (q.field >= fields || done[q.field]) {
            continue;
        }
        done[q.field] = true;
        char value[VALUE_MAX_BYTES];
        const char *given = p->who->choose
                                ? p->who->choose(p->who->ctx, p->person, q.name)
                                : NULL;
        make_value(p, f, node, &q, value);
        assert_int_equal(filling_set(f, node, given ? given : value),
                         STATUS_OK);
        return true;
    }
    return false;
}

static void
one_person(struct wave_fixture *fx, const struct catalogue_form *form,
           const struct store_wave *wave, struct people *p)
{
    static bool done[4096];
    struct filling_env env = {.anonymous = true};
    struct filling *f = NULL;
    struct arena arena;
    struct answers a;
    memset(done, 0, sizeof(done));
    arena_init(&arena, (size_t)8 << 20);
    assert_int_equal(filling_new(form->form, &env, &f), STATUS_OK);
    while (answer_one(p, f, done, sizeof(done) / sizeof(done[0]))) {
    }
    assert_int_equal(answers_read(form, f, &arena, &a), STATUS_OK);
    const struct store_rows row = {a.cell, 1, form->field_count};
    assert_int_equal(store_answers_add(fx->store, wave->id, &row), STATUS_OK);
    assert_int_equal(
        store_tally_add(fx->store, wave->id, a.tally, a.tally_count),
        STATUS_OK);
    filling_free(f);
    arena_deinit(&arena);
}

void
wave_fixture_answer(struct wave_fixture *f, const struct store_wave *wave,
                    const struct wave_fixture_people *people)
{
    const struct catalogue_form *form = NULL;
    assert_int_equal(catalogue_take_wave(f->catalogue, f->store, wave, &form),
                     STATUS_OK);
    struct people p = {people, 0, people->seed};
    assert_int_equal(store_begin(f->store), STATUS_OK);
    for (; p.person < people->n; p.person++) {
        one_person(f, form, wave, &p);
    }
    assert_int_equal(store_commit(f->store), STATUS_OK);
    catalogue_give(f->catalogue, form);
}

void
wave_fixture_end(struct wave_fixture *f, struct store_wave *wave)
{
    int64_t id = wave->id;
    assert_int_equal(store_wave_close(f->store, id, NOW_MS + 1000), STATUS_OK);
    store_wave_clear(wave);
    assert_int_equal(store_wave_by_id(f->store, id, wave), STATUS_OK);
}
