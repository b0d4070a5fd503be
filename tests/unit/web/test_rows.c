#include "collector/web/rows.h"

#include <stdio.h>
#include <string.h>

#include "collector/report/csv.h"
#include "harness/harness.h"
#include "wave_fixture.h"

#define NOW_MS INT64_C(1795000100000)

static const char survey[] =
    "survey\n"
    ",type,name,label,parameters,anketa_indicator\n"
    ",select_one role,role,Role,,group\n"
    ",select_one years,years,Years of service,,group\n"
    ",range,score,Score,start=1 end=10 step=1,satisfaction\n"
    ",select_multiple what,likes,What do you like?,,\n"
    ",rank what,order,What comes first?,,\n"
    ",integer,lessons,Lessons,,\n"
    ",text,comment,Anything else?,,\n"
    ",date,day,Since when?,,\n"
    "choices\n"
    ",list_name,name,label\n"
    ",role,teacher,Teacher\n"
    ",role,psychologist,Psychologist\n"
    ",years,few,Up to three\n"
    ",years,many,More\n"
    ",what,talk,Talking\n"
    ",what,visit,Visits\n"
    "settings\n"
    ",form_title,form_id,anketa_kind\n"
    ",Test,test,anonymous\n";

/* Person 0 to 11: every answer is told. The roles are 8 and 4, the years 6 and
 * 6. */
static const char *
choose(void *ctx, size_t person, const char *question)
{
    (void)ctx;
    static const char *const score[] = {"1", "2", "3", "4",  "5", "6",
                                        "7", "8", "9", "10", "9", "8"};
    if (strcmp(question, "role") == 0) {
        return person < 8 ? "teacher" : "psychologist";
    }
    if (strcmp(question, "years") == 0) {
        return person % 2 == 0 ? "few" : "many";
    }
    if (strcmp(question, "score") == 0) {
        return score[person];
    }
    if (strcmp(question, "likes") == 0) {
        return person == 0 ? "talk visit" : "visit";
    }
    if (strcmp(question, "order") == 0) {
        return person < 5 ? "visit talk" : "talk visit";
    }
    if (strcmp(question, "lessons") == 0) {
        return "3";
    }
    return strcmp(question, "day") == 0 ? "2026-09-01" : "A comment";
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
    struct wave_fixture f;
    struct store_wave w = {0};
    struct rows *rows = NULL;
    const struct wave_fixture_people people = {
        .n = 12, .seed = 1, .choose = choose};
    wave_fixture_open(&f);
    wave_fixture_publish(&f, survey, 12, &w);
    wave_fixture_answer(&f, &w, &people);
    wave_fixture_end(&f, &w);
    assert_int_equal(rows_open(f.store, f.catalogue, &w, NOW_MS, &rows),
                     STATUS_OK);
    struct text t;
    buf_init(&t.buf, 1 << 16);
    const struct csv_options options = {.lang = I18N_EN};
    const struct dataset_sink sink = {keep, &t};
    assert_int_equal(csv_write(rows_dataset(rows), &options, &sink), STATUS_OK);
    const char *head = "score,likes__talk,likes__visit,order__talk,"
                       "order__visit,lessons\r\n";
    assert_memory_equal(t.buf.data, head, strlen(head));
    assert_int_equal(count_of(t.buf.data, "\r\n"), 13);
    assert_int_equal(count_of(t.buf.data, "\n1,1,1,2,1,3\r\n"), 1);
    assert_int_equal(count_of(t.buf.data, "\n10,0,1,1,2,3\r\n"), 1);
    assert_int_equal(rows_withheld(rows), 4); /* role, years, comment, day */
    buf_deinit(&t.buf);
    rows_close(rows);
    store_wave_clear(&w);
    wave_fixture_close(&f);
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
        {"four answers", 4, true, STATUS_E_AUTH},
        {"five answers", 5, true, STATUS_OK},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        harness_row(table[i].label);
        struct wave_fixture f;
        struct store_wave w = {0};
        struct rows *rows = NULL;
        const struct wave_fixture_people people = {
            .n = table[i].n, .seed = 1, .choose = choose};
        wave_fixture_open(&f);
        wave_fixture_publish(&f, survey, 12, &w);
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
