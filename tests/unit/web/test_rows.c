#include "collector/web/rows.h"

#include <stdio.h>
#include <string.h>

#include "collector/report/csv.h"
#include "harness/harness.h"
#include "wave_fixture.h"

#define NOW_MS INT64_C(1795000100000)

#define CHOICES                         \
    "choices\n"                         \
    ",list_name,name,label\n"           \
    ",role,teacher,Teacher\n"           \
    ",role,psychologist,Psychologist\n" \
    ",years,few,Up to three\n"          \
    ",years,many,More\n"                \
    ",what,talk,Talking\n"              \
    ",what,visit,Visits\n"              \
    "settings\n"                        \
    ",form_title,form_id,anketa_kind\n" \
    ",Test,test,anonymous\n"

static const char grouped[] =
    "survey\n"
    ",type,name,label,parameters,anketa_indicator\n"
    ",select_one role,role,Role,,group\n"
    ",select_one years,years,Years of service,,group\n"
    ",range,score,Score,start=1 end=10 step=1,satisfaction\n"
    ",select_multiple what,likes,What do you like?,,\n"
    ",rank what,order,What comes first?,,\n"
    ",text,comment,Anything else?,,\n"
    ",date,day,Since when?,,\n" CHOICES;

static const char plain[] =
    "survey\n"
    ",type,name,label,parameters,anketa_indicator\n"
    ",select_one role,rare,A role that only two have,,\n"
    ",select_one years,years,Years of service,,\n"
    ",select_one years,again,The same told otherwise,,\n"
    ",select_one years,marked,An answer that tells who,,identifying\n"
    ",select_one years,opinion,An opinion that two share,,glad\n"
    ",range,score,Score,start=1 end=10 step=1,satisfaction\n"
    ",range,agreed,What all but one say,start=1 end=10 step=1,\n"
    ",select_multiple what,likes,What do you like?,,\n"
    ",rank what,order,What comes first?,,\n"
    ",integer,lessons,Lessons,,\n"
    ",text,comment,Anything else?,,\n"
    ",date,day,Since when?,,\n" CHOICES;

/* Every answer is told. Of 24 people 14 are teachers, every other one is new,
 * and both groups give all kinds of answers. */
static const char *
choose(void *ctx, size_t person, const char *question)
{
    (void)ctx;
    static const char *const score[] = {"1", "2", "3", "4", "5",
                                        "6", "7", "8", "9", "10"};
    static const struct {
        const char *question;
        const char *of_two;  /* what persons 0 and 1 say */
        const char *of_even; /* ... and the others with an even number */
        const char *of_odd;
    } told[] = {
        {"years", "few", "few", "many"},
        {"again", "many", "many", "few"},
        {"marked", "few", "few", "many"},
        {"opinion", "many", "few", "few"},
        {"rare", "psychologist", "teacher", "teacher"},
        {"likes", "talk visit", "visit", "talk"},
        {"order", "visit talk", "talk visit", "visit talk"},
        {"lessons", "3", "3", "4"},
        {"day", "2026-09-01", "2026-09-01", "2026-09-02"},
    };
    if (strcmp(question, "role") == 0) {
        return person < 14 ? "teacher" : "psychologist";
    }
    if (strcmp(question, "score") == 0) {
        return score[person % 10];
    }
    if (strcmp(question, "agreed") == 0) {
        return person == 0 ? "3" : "9";
    }
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        if (strcmp(question, told[i].question) == 0) {
            return person < 2 && strcmp(question, "years") != 0
                           && strcmp(question, "again") != 0
                           && strcmp(question, "lessons") != 0
                       ? told[i].of_two
                   : person % 2 == 0 ? told[i].of_even
                                     : told[i].of_odd;
        }
    }
    return "A comment";
}

struct text {
    struct buf buf;
};

static enum status
keep(void *self, const void *data, size_t len)
{
    struct text *t = self;
    buf_put(&t->buf, data, len);
    return buf_status(&t->buf);
}

static size_t
count_of(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        n++;
    }
    return n;
}

static void
only_what_points_at_nobody_leaves(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *survey;
        const char *head;
        const char *row;
        size_t rows_like_it;
        size_t withheld;
    } table[] = {
        /* Rows may tell no more than the tables by group do. */
        {"beside figures by group", grouped, "score\r\n", "\n1\r\n", 3, 6},
        /* `again` follows from `years`, so it may stay. */
        {"without groups", plain,
         "years,again,opinion,score,order__talk,order__visit,lessons\r\n",
         "\nfew,many,few,3,1,2,3\r\n", 3, 6},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        harness_row(table[i].label);
        struct wave_fixture f;
        struct store_wave w = {0};
        struct rows *rows = NULL;
        const struct wave_fixture_people people = {
            .n = 24, .seed = 1, .choose = choose};
        wave_fixture_open(&f);
        wave_fixture_publish(&f, table[i].survey, 24, &w);
        wave_fixture_answer(&f, &w, &people);
        wave_fixture_end(&f, &w);
        assert_int_equal(rows_open(f.store, f.catalogue, &w, NOW_MS, &rows),
                         STATUS_OK);
        struct text t;
        buf_init(&t.buf, 1 << 16);
        const struct csv_options options = {.lang = I18N_EN};
        const struct dataset_sink sink = {keep, &t};
        assert_int_equal(csv_write(rows_dataset(rows), &options, &sink),
                         STATUS_OK);
        size_t head = strcspn(t.buf.data, "\n") + 1;
        assert_int_equal(head, strlen(table[i].head));
        assert_memory_equal(t.buf.data, table[i].head, head);
        assert_int_equal(count_of(t.buf.data, "\r\n"), 25);
        assert_int_equal(count_of(t.buf.data, table[i].row),
                         table[i].rows_like_it);
        assert_int_equal(rows_withheld(rows), table[i].withheld);
        buf_deinit(&t.buf);
        rows_close(rows);
        store_wave_clear(&w);
        wave_fixture_close(&f);
    }
}

static void
nothing_leaves_early_or_from_few(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t n;
        bool closed;
        enum status expected;
    } table[] = {
        {"open", 12, false, STATUS_E_AUTH},
        {"nine answers", 9, true, STATUS_E_AUTH},
        {"ten answers", 10, true, STATUS_OK},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        harness_row(table[i].label);
        struct wave_fixture f;
        struct store_wave w = {0};
        struct rows *rows = NULL;
        const struct wave_fixture_people people = {
            .n = table[i].n, .seed = 1, .choose = choose};
        wave_fixture_open(&f);
        wave_fixture_publish(&f, plain, 12, &w);
        wave_fixture_answer(&f, &w, &people);
        if (table[i].closed) {
            wave_fixture_end(&f, &w);
        }
        assert_int_equal(rows_open(f.store, f.catalogue, &w, NOW_MS, &rows),
                         table[i].expected);
        rows_close(rows);
        store_wave_clear(&w);
        wave_fixture_close(&f);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_points_at_nobody_leaves),
        cmocka_unit_test(nothing_leaves_early_or_from_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
