#include "collector/web/breakdown.h"

#include <stdio.h>
#include <string.h>

#include "collector/web/monitoring.h"
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_groups_only_where_none_is_given_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
