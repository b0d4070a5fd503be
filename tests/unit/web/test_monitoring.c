#include "collector/web/monitoring.h"

#include <stdio.h>
#include <string.h>

#include "collector/summary/alpha.h"
#include "collector/summary/sentence.h"
#include "harness/harness.h"
#include "wave_fixture.h"

#define NOW_MS INT64_C(1795000100000)
#define PEOPLE 36

static const char survey[] =
    "survey\n"
    ",type,name,label,appearance,parameters,anketa_scale\n"
    ",range,nps,Recommend?,,start=0 end=10 step=1,\n"
    ",select_one degree,a1,First,likert,,\n"
    ",select_one degree,a2,Second,likert,,\n"
    ",select_one degree,alike,Third,likert,,\n"
    ",range,s1,Scale one,,start=1 end=10 step=1,trust\n"
    ",range,s2,Scale two,,start=1 end=10 step=1,trust\n"
    ",rank what,order,What first?,,,\n"
    ",select_multiple what,likes,What?,,,\n"
    ",date,day,Since when?,,,\n"
    "choices\n"
    ",list_name,name,label\n"
    ",degree,yes,Yes\n"
    ",degree,rather,Rather\n"
    ",degree,no,No\n"
    ",degree,hard,Hard to say\n"
    ",what,talk,Talk\n"
    ",what,visit,Visit\n"
    ",what,paper,Paper\n"
    "settings\n"
    ",form_title,form_id,anketa_kind\n"
    ",Test,test,anonymous\n";

static double
value(size_t person, int item)
{
    return 3.0 + (double)((person * 5 + (item ? person / 9 : 0)) % 7);
}

static const char *
choose(void *ctx, size_t person, const char *question)
{
    (void)ctx;
    static char text[32];
    if (strcmp(question, "nps") == 0) {
        /* 18 promoters, 9 detractors, 9 between. */
        return person % 2 == 0 ? "9" : person % 4 == 1 ? "2" : "8";
    }
    if (question[0] == 's') {
        if (person == 3) {
            return ""; /* not complete */
        }
        (void)snprintf(text, sizeof(text), "%g",
                       value(person, question[1] == '2'));
        return text;
    }
    if (strcmp(question, "a1") == 0) {
        return person < 20 ? "yes" : person < 30 ? "no" : "hard";
    }
    if (strcmp(question, "a2") == 0) {
        return person % 3 == 0 ? "yes" : "rather";
    }
    if (strcmp(question, "alike") == 0) {
        return person == 7 ? "no" : "yes";
    }
    if (strcmp(question, "order") == 0) {
        return person < 16   ? "talk visit paper"
               : person < 34 ? "visit talk paper"
                             : "visit paper talk";
    }
    if (strcmp(question, "likes") == 0) {
        return person == 0 ? "talk" : person % 2 ? "visit talk" : "talk paper";
    }
    (void)snprintf(text, sizeof(text), "2026-%02zu-01", 1 + person % 9);
    return text;
}

static const struct report_item *
find(const struct report *r, const char *heading)
{
    for (size_t i = 0; i < r->items; i++) {
        if (strcmp(r->item[i].heading, heading) == 0) {
            return &r->item[i];
        }
    }
    fail_msg("no item %s", heading);
    return NULL;
}

static void
each_kind_of_question_has_its_picture(void **state)
{
    (void)state;
    static const struct {
        const char *heading;
        enum chart_kind kind;
        const char *text; /* part of the words */
    } table[] = {
        {"Recommend?", CHART_KIND_COLUMNS, "net promoter score is 25"},
        {"Questions with the same answers", CHART_KIND_DIVERGING,
         "1 question of the row is not shown"},
        {"Scale one", CHART_KIND_COLUMNS, "Mean"},
        {"Scale «trust»", CHART_KIND_DOTS, "alpha"},
        {"What first?", CHART_KIND_BARS,
         "Visit (mean place 1.4, Borda points: 56); Talk (mean place 1.6,"
         " Borda points: 50); Paper (mean place 2.9, Borda points: 2)."
         " Preferred to each other one by a majority: «Visit»."},
        {"What?", CHART_KIND_BARS, ""},
        {"Since when?", CHART_KIND_LINE, ""},
    };
    struct wave_fixture f;
    struct store_wave w = {0};
    struct monitoring *m = NULL;
    const struct wave_fixture_people people = {
        .n = PEOPLE, .seed = 3, .choose = choose};
    wave_fixture_open(&f);
    wave_fixture_publish(&f, survey, 40, &w);
    wave_fixture_answer(&f, &w, &people);
    wave_fixture_end(&f, &w);
    assert_int_equal(
        monitoring_open(f.store, f.catalogue, &w, I18N_EN, NOW_MS, &m),
        STATUS_OK);
    const struct report *r = monitoring_report(m);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        harness_row(table[i].heading);
        const struct report_item *item = find(r, table[i].heading);
        assert_non_null(item->chart);
        assert_int_equal(item->chart->kind, table[i].kind);
        if (*table[i].text && !strstr(item->text, table[i].text)) {
            fail_msg("%s", item->text);
        }
    }

    harness_row("diverging bars");
    const struct chart_diverging *d =
        &find(r, "Questions with the same answers")->chart->u.diverging;
    assert_int_equal(d->count, 2);
    assert_int_equal(d->segments, 3);
    assert_string_equal(d->segment[0], "No");
    assert_string_equal(d->segment[2], "Yes");
    assert_non_null(strstr(d->row[0].label, "hard to say: 6"));
    assert_true(d->row[0].share[2] > 0.666 && d->row[0].share[2] < 0.667);
    assert_string_equal(d->row[0].low_text, "33\xC2\xA0%");

    harness_row("an option that all chose is a band");
    assert_string_equal(find(r, "What?")->chart->u.bars.bar[0].text,
                        "all or all but one");

    harness_row("reliability from the sums kept with every commit");
    struct alpha_sums sums;
    struct alpha alpha;
    struct buf words;
    buf_init(&words, 4096);
    assert_int_equal(alpha_init(&sums, 2), STATUS_OK);
    for (size_t i = 0; i < PEOPLE; i++) {
        const double both[] = {value(i, 0), value(i, 1)};
        if (i != 3) {
            alpha_add(&sums, both);
        }
    }
    alpha_compute(&sums, INTERVAL_LEVEL, &alpha);
    sentence_alpha(&words, I18N_EN, &alpha);
    const struct report_item *scale = find(r, "Scale «trust»");
    assert_non_null(strstr(scale->text, words.data));
    assert_string_equal(scale->base, "35 people answered all 2 items");
    assert_int_equal(scale->chart->u.dots.count, 3);
    buf_deinit(&words);

    monitoring_free(m);
    store_wave_clear(&w);
    wave_fixture_close(&f);
}

/* Likert by labels alone: they begin with the strongest no. */
static const char poles[] = "survey\n"
                            ",type,name,label,appearance,anketa_indicator\n"
                            ",select_one degree,agree,Agreed?,likert,glad\n"
                            "choices\n"
                            ",list_name,name,label\n"
                            ",degree,d1,Not at all\n"
                            ",degree,d2,So so\n"
                            ",degree,d3,Fully\n"
                            "settings\n"
                            ",form_title,form_id,anketa_kind\n"
                            ",Test,test,anonymous\n";

static const char *
choose_pole(void *ctx, size_t person, const char *question)
{
    (void)question;
    static const char *const degree[] = {"d1", "d2", "d3"};
    return *(const bool *)ctx ? "d3" : degree[person % 3];
}

static void
however_few_answered_it_begins_with_a_sentence(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        bool alike;
        const char *lead;
        const char *text; /* of the question; NULL: there is none */
    } table[] = {
        {0, false, "Nobody answered.", NULL},
        {1, false,
         "1 person answered. Fewer than 5 answers: not shown, so that nobody"
         " can be recognised.",
         NULL},
        {4, false,
         "4 people answered. Fewer than 5 answers: not shown, so that nobody"
         " can be recognised.",
         NULL},
        {6, false, "6 people answered.", "«Fully»: 2 of 6"},
        {10, true, "10 people answered.", "9 or 10 of 10"},
        {30, false, "30 people answered.", "«Fully»: 10 of 30"},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct wave_fixture f;
        struct store_wave w = {0};
        struct monitoring *m = NULL;
        char label[32];
        bool alike = table[i].alike;
        const struct wave_fixture_people people = {
            .n = table[i].n, .seed = 1, .choose = choose_pole, .ctx = &alike};
        (void)snprintf(label, sizeof(label), "%zu answers", table[i].n);
        harness_row(label);
        wave_fixture_open(&f);
        wave_fixture_publish(&f, poles, 0, &w);
        wave_fixture_answer(&f, &w, &people);
        wave_fixture_end(&f, &w);
        assert_int_equal(
            monitoring_open(f.store, f.catalogue, &w, I18N_EN, NOW_MS, &m),
            STATUS_OK);
        const struct report *r = monitoring_report(m);
        assert_string_equal(r->lead, table[i].lead);
        assert_int_equal(r->items, table[i].text ? 1 : 0);
        if (table[i].text && !strstr(r->item[0].text, table[i].text)) {
            fail_msg("%s", r->item[0].text);
        }
        monitoring_free(m);
        store_wave_clear(&w);
        wave_fixture_close(&f);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_question_has_its_picture),
        cmocka_unit_test(however_few_answered_it_begins_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
