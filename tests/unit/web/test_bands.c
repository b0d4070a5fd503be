/*
 * What (almost) all say alike is a band everywhere. Waves of few people who
 * largely agree are published, twice, with late answers between; nothing that
 * leaves may tell whether it was all or all but one, nor who stands apart:
 * not a column of the raw rows, not a line of the figures, not the mean of
 * those who answered all items of a scale.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/report/csv.h"
#include "collector/web/figures.h"
#include "collector/web/monitoring.h"
#include "collector/web/rows.h"
#include "harness/harness.h"
#include "wave_fixture.h"

#define NOW_MS INT64_C(1795000100000)
#define WAVES 80
#define PEOPLE_MAX 40
#define LATE 6
#define OPTIONS 3
#define ITEMS 3
#define COLUMNS_MAX 32
#define TEXT_MAX_BYTES ((size_t)1 << 20)

static const char survey[] =
    "survey\n"
    ",type,name,label,parameters,anketa_indicator,anketa_scale\n"
    ",select_multiple what,likes,What do you like?,,glad,\n"
    ",rank what,places,What comes first?,,,\n"
    ",range,item0,Item 0,start=1 end=10 step=1,quality,climate\n"
    ",range,item1,Item 1,start=1 end=10 step=1,quality,climate\n"
    ",range,item2,Item 2,start=1 end=10 step=1,quality,climate\n"
    "choices\n"
    ",list_name,name,label\n"
    ",what,talk,Talking\n"
    ",what,visit,Visits\n"
    ",what,plan,Plans\n"
    "settings\n"
    ",form_title,form_id,anketa_kind\n"
    ",Test,test,anonymous\n";

static uint32_t rng_state;

static uint32_t
below(uint32_t bound)
{
    return harness_below(&rng_state, bound);
}

struct person {
    const char *likes;
    const char *places;
    unsigned item[ITEMS]; /* 0: no answer */
    char text[ITEMS][12];
};

struct people {
    size_t n;
    size_t from; /* the first to answer now */
    struct person person[PEOPLE_MAX + LATE];
};

/* Of one mind but for about one in `odd`. */
static void
random_people(struct people *p)
{
    static const char *const likes[] = {"talk visit", "talk", "talk plan",
                                        "visit", "plan"};
    static const char *const places[] = {"talk visit plan", "talk plan visit",
                                         "visit talk plan", "plan talk visit"};
    uint32_t odd = 2 + below(10);
    *p = (struct people){.n = 10 + below(PEOPLE_MAX - 10)};
    for (size_t i = 0; i < PEOPLE_MAX + LATE; i++) {
        struct person *one = &p->person[i];
        one->likes = likes[below(odd) == 0 ? 3 + below(2) : below(3)];
        one->places = places[below(odd) == 0 ? 2 + below(2) : below(2)];
        bool leaves_out = below(6) == 0;
        for (size_t q = 0; q < ITEMS; q++) {
            bool apart = leaves_out || below(odd) == 0;
            one->item[q] = apart ? 1 + below(10) : 9;
            one->item[q] = leaves_out && q == 2 ? 0 : one->item[q];
            (void)snprintf(one->text[q], sizeof(one->text[q]), "%u",
                           one->item[q]);
        }
    }
}

static const char *
choose(void *ctx, size_t person, const char *name)
{
    const struct people *p = ctx;
    const struct person *one = &p->person[p->from + person];
    if (strcmp(name, "likes") == 0) {
        return one->likes;
    }
    if (strcmp(name, "places") == 0) {
        return one->places;
    }
    size_t q = (size_t)(name[4] - '0');
    return one->item[q] > 0 ? one->text[q] : "";
}

static void
answer(struct wave_fixture *f, const struct store_wave *w, struct people *p,
       size_t from, size_t n)
{
    p->from = from;
    const struct wave_fixture_people who = {
        .n = n, .seed = 1, .choose = choose, .ctx = p};
    wave_fixture_answer(f, w, &who);
}

static enum status
keep(void *self, const void *data, size_t len)
{
    buf_put(self, data, len);
    return buf_status(self);
}

/* --- the attack ----------------------------------------------------------- */

struct score {
    size_t columns;   /* looked at */
    size_t given;     /* that tell what a band hides */
    size_t orders;    /* columns of the order */
    size_t scales;    /* shown */
    size_t bands;     /* in the truth */
    size_t held_back; /* questions of which a column did not leave */
};

/* Cells of one line of CSV without quotes; returns the next line. */
static char *
split(char *line, const char **cell, size_t *count)
{
    char *end = strstr(line, "\r\n");
    assert_non_null(end);
    *end = '\0';
    *count = 0;
    for (char *at = line; at; (*count)++) {
        assert_true(*count < COLUMNS_MAX);
        cell[*count] = at;
        at = strchr(at, ',');
        if (at) {
            *at++ = '\0';
        }
    }
    return end + 2;
}

/* The most frequent value of each column against the answers it has: of an
 * option only how many chose it. */
static void
attack_rows(char *text, struct score *score)
{
    const char *name[COLUMNS_MAX];
    size_t columns = 0;
    size_t answers[COLUMNS_MAX] = {0};
    size_t of[COLUMNS_MAX][11] = {{0}};
    char *at = split(text, name, &columns);
    while (*at) {
        const char *cell[COLUMNS_MAX];
        size_t cells = 0;
        at = split(at, cell, &cells);
        assert_int_equal(cells, columns);
        for (size_t c = 0; c < columns; c++) {
            unsigned long value = strtoul(cell[c], NULL, 10);
            assert_true(value < 11);
            answers[c] += *cell[c] ? 1 : 0;
            of[c][value] += *cell[c] ? 1 : 0;
        }
    }
    for (size_t c = 0; c < columns; c++) {
        bool option = strncmp(name[c], "likes", 5) == 0;
        size_t most = of[c][1];
        for (size_t v = 0; !option && v < 11; v++) {
            most = of[c][v] > most ? of[c][v] : most;
        }
        score->columns++;
        score->orders += strncmp(name[c], "places", 6) == 0 ? 1 : 0;
        score->given += most + 1 >= answers[c] ? 1 : 0;
    }
}

static void
attack_figures(char *text, struct score *score)
{
    const char *cell[COLUMNS_MAX];
    size_t count = 0;
    unsigned long n = 0;
    for (char *at = split(text, cell, &count); *at;) {
        at = split(at, cell, &count);
        n = *cell[2] ? n : strtoul(cell[4], NULL, 10);
        score->given += *cell[2] && strtoul(cell[4], NULL, 10) + 1 >= n ? 1 : 0;
    }
}

/* Those who answered every item: (almost) all alike in one of them? */
static bool
complete_agree(const struct people *p)
{
    for (size_t q = 0; q < ITEMS; q++) {
        size_t of[11] = {0};
        size_t n = 0;
        size_t most = 0;
        for (size_t i = 0; i < p->n; i++) {
            const struct person *one = &p->person[i];
            bool complete = one->item[0] && one->item[1] && one->item[2];
            n += complete ? 1 : 0;
            size_t now = complete ? ++of[one->item[q]] : 0;
            most = now > most ? now : most;
        }
        if (most + 1 >= n) {
            return true;
        }
    }
    return false;
}

static bool
shows_scale(struct wave_fixture *f, const struct store_wave *w)
{
    struct monitoring *m = NULL;
    bool shown = false;
    assert_int_equal(
        monitoring_open(f->store, f->catalogue, w, I18N_EN, NOW_MS, &m),
        STATUS_OK);
    const struct report *r = monitoring_report(m);
    for (size_t i = 0; i < r->items; i++) {
        bool scale = strncmp(r->item[i].heading, "Scale", 5) == 0;
        shown = shown || (scale && r->item[i].chart);
    }
    monitoring_free(m);
    return shown;
}

static void
look(struct wave_fixture *f, const char *name, const struct people *p,
     bool first, struct score *score)
{
    struct store_wave w = {0};
    struct buf text;
    struct rows *rows = NULL;
    buf_init(&text, TEXT_MAX_BYTES);
    assert_int_equal(monitoring_wave(f->store, name, NOW_MS, &w), STATUS_OK);
    assert_int_equal(
        figures_csv(f->store, f->catalogue, &w, I18N_EN, NOW_MS, &text),
        STATUS_OK);
    attack_figures(text.data, score);
    buf_clear(&text);
    enum status st = rows_open(f->store, f->catalogue, &w, NOW_MS, &rows);
    assert_true(st == STATUS_OK || st == STATUS_E_AUTH);
    if (st == STATUS_OK) {
        const struct csv_options options = {.lang = I18N_EN};
        const struct dataset_sink sink = {keep, &text};
        assert_int_equal(csv_write(rows_dataset(rows), &options, &sink),
                         STATUS_OK);
        attack_rows(text.data, score);
        score->held_back += rows_withheld(rows);
    }
    if (first) {
        bool agree = complete_agree(p);
        bool shown = shows_scale(f, &w);
        score->bands += agree ? 1 : 0;
        score->scales += shown ? 1 : 0;
        assert_false(agree && shown);
    }
    rows_close(rows);
    buf_deinit(&text);
    store_wave_clear(&w);
}

static void
a_band_is_a_band_in_all_that_leaves(void **state)
{
    (void)state;
    static struct people people;
    struct score score = {0};
    rng_state = 20261125;
    for (size_t i = 0; i < WAVES; i++) {
        char label[32];
        struct wave_fixture f;
        struct store_wave w = {0};
        (void)snprintf(label, sizeof(label), "wave %zu", i);
        harness_row(label);
        random_people(&people);
        wave_fixture_open(&f);
        wave_fixture_publish(&f, survey, PEOPLE_MAX, &w);
        answer(&f, &w, &people, 0, people.n);
        wave_fixture_end(&f, &w);
        look(&f, w.name, &people, true, &score);
        answer(&f, &w, &people, people.n, LATE);
        look(&f, w.name, &people, false, &score);
        assert_int_equal(score.given, 0);
        store_wave_clear(&w);
        wave_fixture_close(&f);
    }
    print_message("%zu columns, %zu of orders, %zu questions held back; %zu of"
                  " %d scales shown, %zu of one mind\n",
                  score.columns, score.orders, score.held_back, score.scales,
                  WAVES, score.bands);
    assert_true(score.orders > WAVES);
    assert_true(score.held_back > WAVES / 2);
    assert_true(score.scales > WAVES / 4);
    assert_true(score.bands > 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_band_is_a_band_in_all_that_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
