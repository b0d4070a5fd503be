#include "collector/web/indicators.h"

#include <stdio.h>
#include <string.h>

#include "base/day.h"
#include "collector/programme/pair.h"
#include "collector/store/store_banks.h"
#include "collector/store/store_meetings.h"
#include "collector/web/monitoring.h"
#include "harness/harness.h"
#include "wave_fixture.h"

/* November 2026. */
#define NOW_MS INT64_C(1795000100000)

static void
school_years_begin_in_september(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        int year;
    } table[] = {
        {INT64_C(1788134400000), 2025}, /* 31 August 2026 */
        {INT64_C(1788220800000), 2026}, /* 1 September 2026 */
        {NOW_MS, 2026},
        {INT64_C(1798761600000), 2026}, /* 1 January 2027 */
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(indicators_year_of(table[i].ms), table[i].year);
    }
}

static void
refuses_counts_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        struct indicators_entry entry;
        enum status expected;
    } table[] = {
        {{3, 4, 50}, STATUS_OK},        {{3, -1, 50}, STATUS_OK},
        {{-1, 4, 50}, STATUS_OK},       {{0, 0, -1}, STATUS_OK},
        {{5, 4, 50}, STATUS_E_INVALID}, {{-2, 4, 50}, STATUS_E_INVALID},
        {{3, 4, 101}, STATUS_E_INVALID}};
    struct wave_fixture f;
    struct indicators_entry e;
    wave_fixture_open(&f);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(indicators_write(f.store, 2026, INDICATOR_PAIRS_FORMED,
                                          &table[i].entry),
                         table[i].expected);
    }
    assert_int_equal(indicators_read(f.store, 2026, INDICATOR_PAIRS_FORMED, &e),
                     STATUS_OK);
    assert_int_equal(e.hits, -1);
    assert_int_equal(e.base, -1);
    assert_int_equal(e.target, -1);
    wave_fixture_close(&f);
}

/* Twelve of twenty say 8, the others 4. */
static const char *
choose(void *ctx, size_t person, const char *question)
{
    (void)ctx;
    if (strcmp(question, "satisfaction") != 0) {
        return NULL;
    }
    return person < 12 ? "8" : "4";
}

static void
figures_stand_beside_targets(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave w = {0};
    struct indicators *in = NULL;
    const struct wave_fixture_people people = {
        .n = 20, .seed = 1, .choose = choose};
    wave_fixture_open(&f);
    wave_fixture_publish(&f, "after_mentee.csv", 22, &w);
    wave_fixture_answer(&f, &w, &people);
    wave_fixture_end(&f, &w);
    assert_int_equal(indicators_write(f.store, 2026, INDICATOR_PAIRS_FORMED,
                                      &(struct indicators_entry){18, 20, 80}),
                     STATUS_OK);
    assert_int_equal(indicators_write(f.store, 2026,
                                      INDICATOR_SATISFIED_MENTEES,
                                      &(struct indicators_entry){0, 0, 70}),
                     STATUS_OK);

    harness_row("before the summary was opened");
    assert_int_equal(
        indicators_open(f.store, f.catalogue, I18N_EN, NOW_MS, &in), STATUS_OK);
    const struct report *r = indicators_report(in);
    assert_int_equal(r->items, 2);
    assert_string_equal(r->item[0].text,
                        "There is a target but no figure yet.");
    assert_non_null(strstr(r->item[1].text, "90\xC2\xA0% (18 of 20)"));
    assert_non_null(strstr(r->item[1].text, "is reached"));
    indicators_free(in);

    harness_row("afterwards");
    struct store_wave seen = {0};
    assert_int_equal(monitoring_wave(f.store, w.name, NOW_MS, &seen),
                     STATUS_OK);
    store_wave_clear(&seen);
    assert_int_equal(
        indicators_open(f.store, f.catalogue, I18N_EN, NOW_MS, &in), STATUS_OK);
    r = indicators_report(in);
    assert_int_equal(r->items, 2);
    assert_non_null(strstr(r->item[0].text, "60\xC2\xA0% (12 of 20)"));
    assert_non_null(strstr(r->item[0].text, "7 or more"));
    assert_non_null(strstr(r->item[0].text, "do not settle"));
    assert_int_equal(r->item[0].chart->u.dots.count, 2);
    assert_string_equal(r->item[0].chart->u.dots.dot[1].label,
                        "2026/27, target");
    indicators_free(in);
    store_wave_clear(&w);
    wave_fixture_close(&f);
}

/* --- from the tables ------------------------------------------------------ */

#define PEOPLE 8
#define YEAR_MS INT64_C(1788220800000) /* 1 September 2026 */

static int64_t
person(struct wave_fixture *f, int number)
{
    char code[16];
    char name[32];
    char role[] = "";
    int64_t id = 0;
    (void)snprintf(code, sizeof(code), "CODE%d", number);
    (void)snprintf(name, sizeof(name), "Person %d", number);
    const struct store_person p = {.code = code, .name = name, .role = role};
    assert_int_equal(store_person_add(f->store, &p, &id), STATUS_OK);
    return id;
}

struct made {
    int64_t mentee;
    int64_t mentor;
    int64_t fixed_day; /* from 1 September 2026 */
    int64_t active_day;
    int state;
    int meetings; /* every 20 days after it became active */
};

static void
make_pair(struct wave_fixture *f, const struct made *m)
{
    char none[] = "";
    struct store_pair p = {.mentee = m->mentee,
                           .mentor = m->mentor,
                           .fixed_ms = YEAR_MS + m->fixed_day * DAY_MS};
    assert_int_equal(store_pair_add(f->store, &p, &p.id), STATUS_OK);
    p.state = m->state;
    p.reason = none;
    p.goals = none;
    p.steps = none;
    p.term = none;
    p.active_ms = YEAR_MS + m->active_day * DAY_MS;
    assert_int_equal(store_pair_update(f->store, &p), STATUS_OK);
    for (int i = 0; i < m->meetings; i++) {
        const struct store_journal entry = {.kind = PAIR_MEETING_REGULAR,
                                            .held_ms = p.active_ms
                                                       + (i + 1) * 20 * DAY_MS,
                                            .for_pair = none,
                                            .for_desk = none};
        assert_int_equal(store_journal_add(f->store, p.id, &entry), STATUS_OK);
    }
}

static void
counts_pairs_and_meetings_of_the_year(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct indicators_count c;
    struct indicators *in = NULL;
    int64_t who[PEOPLE];
    int64_t entry = 0;
    wave_fixture_open(&f);

    harness_row("nothing is there");
    assert_int_equal(indicators_count(f.store, 2026, NOW_MS, &c), STATUS_OK);
    for (size_t k = 0; k < INDICATOR_KIND_COUNT; k++) {
        assert_int_equal(c.hits[k], -1);
        assert_int_equal(c.base[k], -1);
    }

    for (int i = 0; i < PEOPLE; i++) {
        who[i] = person(&f, i);
    }
    const struct made pairs[] = {
        /* Active for 70 days until now: two planned, three held. */
        {who[0], who[6], 0, 8, PAIR_ACTIVE, 3},
        /* The same mentor; planned two, held one. */
        {who[1], who[6], 0, 8, PAIR_ACTIVE, 1},
        /* Over before the year began, but for its last meeting. */
        {who[2], who[7], -200, -30, PAIR_COMPLETED, 2},
        /* Ended long ago. */
        {who[3], who[7], -300, -290, PAIR_ENDED, 3},
        /* The first one's second pair in a year. */
        {who[0], who[7], 10, 0, PAIR_PLANNED, 0},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        make_pair(&f, &pairs[i]);
    }
    for (int i = 4; i < 6; i++) {
        assert_int_equal(store_entry_open(f.store, who[i], STORE_BANK_MENTEES,
                                          YEAR_MS + i * DAY_MS, &entry),
                         STATUS_OK);
    }
    assert_int_equal(store_entry_end(f.store, entry, YEAR_MS + 9 * DAY_MS, ""),
                     STATUS_OK);

    static const struct {
        const char *label;
        int year;
        int64_t hits[INDICATOR_KIND_COUNT];
        int64_t base[INDICATOR_KIND_COUNT];
    } table[] = {
        {"this year", 2026, {3, 2, -1, -1, 3, 5}, {-1, -1, -1, -1, 5, 6}},
        {"the year before", 2025, {2, 1, -1, -1, 2, 4}, {-1, -1, -1, -1, 2, 4}},
        {"later", 2028, {2, 2, -1, -1, 2, -1}, {-1, -1, -1, -1, 3, -1}},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        harness_row(table[i].label);
        assert_int_equal(
            indicators_count(f.store, table[i].year, YEAR_MS + 78 * DAY_MS, &c),
            STATUS_OK);
        for (size_t k = 0; k < INDICATOR_KIND_COUNT; k++) {
            assert_int_equal(c.hits[k], table[i].hits[k]);
            assert_int_equal(c.base[k], table[i].base[k]);
        }
    }

    harness_row("what is entered goes first");
    assert_int_equal(indicators_write(f.store, 2026, INDICATOR_INVOLVED_MENTEES,
                                      &(struct indicators_entry){-1, 12, 20}),
                     STATUS_OK);
    assert_int_equal(indicators_write(f.store, 2026, INDICATOR_PAIRS_FORMED,
                                      &(struct indicators_entry){-1, 4, -1}),
                     STATUS_OK);
    assert_int_equal(indicators_open(f.store, f.catalogue, I18N_EN,
                                     YEAR_MS + 78 * DAY_MS, &in),
                     STATUS_OK);
    const struct report *r = indicators_report(in);
    assert_int_equal(r->items, 3);
    assert_non_null(strstr(r->item[0].text, "(3 of 12)"));
    assert_non_null(strstr(r->item[1].text, "(3 of 4)"));
    assert_non_null(strstr(r->item[2].text, "(5 of 6)"));
    indicators_free(in);
    wave_fixture_close(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(school_years_begin_in_september),
        cmocka_unit_test(refuses_counts_that_cannot_be),
        cmocka_unit_test(figures_stand_beside_targets),
        cmocka_unit_test(counts_pairs_and_meetings_of_the_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
