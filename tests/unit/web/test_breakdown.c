#include "collector/web/breakdown.h"

#include <stdio.h>
#include <string.h>

#include "collector/ingest/strata.h"
#include "collector/web/monitoring.h"
#include "collector/web/publish.h"
#include "harness/harness.h"
#include "wave_fixture.h"

#define NOW_MS INT64_C(1795000100000)

static const char survey[] =
    "survey\n"
    ",type,name,label,parameters,anketa_indicator\n"
    ",select_one role,role,Role,,group\n"
    ",range,score,Score,start=1 end=10 step=1,satisfaction\n"
    "choices\n"
    ",list_name,name,label\n"
    ",role,teacher,Teacher\n"
    ",role,nurse,Nurse\n"
    ",role,psychologist,Psychologist\n"
    "settings\n"
    ",form_title,form_id,anketa_kind\n"
    ",Test,test,anonymous\n";

/* How many people of each role, in order. */
struct roles {
    size_t n[3];
};

static const char *
choose(void *ctx, size_t person, const char *question)
{
    static const char *const role[] = {"teacher", "nurse", "psychologist"};
    static char score[8];
    const struct roles *r = ctx;
    if (strcmp(question, "role") != 0) {
        (void)snprintf(score, sizeof(score), "%zu", 4 + person * 5 % 7);
        return score;
    }
    size_t at = 0;
    while (at < 2 && person >= r->n[at]) {
        person -= r->n[at++];
    }
    return role[at];
}

static void
shows_groups_only_where_none_is_given_away(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct roles roles;
        size_t shown; /* groups in the chart */
        const char *text;
    } table[] = {
        {"three large groups", {{12, 9, 8}}, 3, "Mean and its interval"},
        {"a small group goes with the next larger one",
         {{20, 12, 3}},
         2,
         "2 groups have no rows of their own"},
        {"a small and a large one", {{10, 3, 0}}, 0, "Not shown"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        harness_row(table[i].label);
        struct wave_fixture f;
        struct store_wave w = {0};
        struct monitoring *m = NULL;
        struct roles roles = table[i].roles;
        const struct wave_fixture_people people = {.n = roles.n[0] + roles.n[1]
                                                        + roles.n[2],
                                                   .seed = 3,
                                                   .choose = choose,
                                                   .ctx = &roles};
        wave_fixture_open(&f);
        wave_fixture_publish(&f, survey, 40, &w);
        wave_fixture_answer(&f, &w, &people);
        wave_fixture_end(&f, &w);
        assert_int_equal(
            monitoring_open(f.store, f.catalogue, &w, I18N_EN, NOW_MS, &m),
            STATUS_OK);
        const struct report *r = monitoring_report(m);
        assert_int_equal(r->items, 3); /* role, score, score by role */
        const struct report_item *item = &r->item[2];
        assert_string_equal(item->part, "By group");
        assert_string_equal(item->base, "Role");
        assert_int_equal(item->chart ? item->chart->u.dots.count : 0,
                         table[i].shown);
        assert_non_null(strstr(item->text, table[i].text));
        monitoring_free(m);
        store_wave_clear(&w);
        wave_fixture_close(&f);
    }
}

/* --- groups that the coordinator chose ------------------------------------ */

static const char two_groups[] =
    "survey\n"
    ",type,name,label,parameters,anketa_indicator\n"
    ",select_one role,role,Role,,group\n"
    ",select_one shift,shift,Shift,,\n"
    ",range,score,Score,start=1 end=10 step=1,satisfaction\n"
    "choices\n"
    ",list_name,name,label\n"
    ",role,teacher,Teacher\n"
    ",role,nurse,Nurse\n"
    ",role,psychologist,Psychologist\n"
    ",shift,day,Day\n"
    ",shift,night,Night\n"
    "settings\n"
    ",form_title,form_id,anketa_kind\n"
    ",Test,test,anonymous\n";

static const char *
by_shift(void *ctx, size_t person, const char *question)
{
    return strcmp(question, "shift") == 0 ? (person % 2 ? "night" : "day")
                                          : choose(ctx, person, question);
}

/* The field of that name; fails without it. */
static size_t
field_of(const struct catalogue_form *form, const char *name)
{
    for (size_t i = 0; i < form->field_count; i++) {
        struct form_field f;
        form_field_get(form->form, i, &f);
        if (strcmp(f.name, name) == 0) {
            return i;
        }
    }
    fail_msg("no field %s", name);
    return SIZE_MAX;
}

/* A wave of the form of `w` with groups by `count` of its questions. */
static void
publish_again(struct wave_fixture *f, struct store_wave *w,
              const char *const *name, size_t count)
{
    const struct catalogue_form *form = NULL;
    char groups[STORE_GROUPS_CHARS + 1];
    size_t field[CATALOGUE_GROUPS_MAX];
    struct store_wave again = {0};
    assert_int_equal(catalogue_take(f->catalogue, f->store, w->form, &form),
                     STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        field[i] = field_of(form, name[i]);
    }
    assert_int_equal(strata_choose(form, field, count, groups), STATUS_OK);
    catalogue_give(f->catalogue, form);
    const struct publish_terms terms = {.kind = -1, .groups = groups};
    assert_int_equal(publish_wave(f->store, w->form, NULL, &terms, 1, &again),
                     STATUS_OK);
    store_wave_clear(w);
    *w = again;
}

static void
compares_the_groups_that_the_wave_was_opened_with(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *name[2];
        size_t count;
        size_t items;     /* three questions, and those by group */
        const char *base; /* of the first by group */
        bool role_closed;
    } table[] = {
        {"a question the form does not mark", {"shift"}, 1, 4, "Shift", true},
        {"none", {NULL}, 0, 3, NULL, true},
        {"two", {"role", "shift"}, 2, 5, "Role", false},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        harness_row(table[i].label);
        struct wave_fixture f;
        struct store_wave w = {0};
        struct monitoring *m = NULL;
        struct roles roles = {{40, 40, 40}};
        const struct wave_fixture_people people = {
            .n = 120, .seed = 3, .choose = by_shift, .ctx = &roles};
        wave_fixture_open(&f);
        wave_fixture_publish(&f, two_groups, 40, &w);
        publish_again(&f, &w, table[i].name, table[i].count);
        wave_fixture_answer(&f, &w, &people);
        wave_fixture_end(&f, &w);
        assert_int_equal(
            monitoring_open(f.store, f.catalogue, &w, I18N_EN, 2, &m),
            STATUS_OK);
        const struct report *r = monitoring_report(m);
        assert_int_equal(r->items, table[i].items);
        assert_true((r->item[0].chart == NULL) == table[i].role_closed);
        if (table[i].base) {
            assert_string_equal(r->item[3].base, table[i].base);
            assert_non_null(r->item[3].chart);
        }
        monitoring_free(m);
        store_wave_clear(&w);
        wave_fixture_close(&f);
    }
}

static void
takes_no_question_that_makes_no_groups(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave w = {0};
    const struct catalogue_form *form = NULL;
    char groups[STORE_GROUPS_CHARS + 1];
    wave_fixture_open(&f);
    wave_fixture_publish(&f, two_groups, 40, &w);
    assert_int_equal(catalogue_take(f.catalogue, f.store, w.form, &form),
                     STATUS_OK);
    const size_t score = field_of(form, "score");
    const size_t many[] = {field_of(form, "role"), field_of(form, "shift"),
                           field_of(form, "role"), field_of(form, "shift")};
    const size_t none = form->field_count;
    assert_int_equal(strata_choose(form, &score, 1, groups), STATUS_E_INVALID);
    assert_int_equal(strata_choose(form, &none, 1, groups), STATUS_E_INVALID);
    assert_int_equal(strata_choose(form, many, 4, groups), STATUS_E_LIMIT);
    catalogue_give(f.catalogue, form);
    store_wave_clear(&w);
    wave_fixture_close(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_groups_only_where_none_is_given_away),
        cmocka_unit_test(compares_the_groups_that_the_wave_was_opened_with),
        cmocka_unit_test(takes_no_question_that_makes_no_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
