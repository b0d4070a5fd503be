/*
 * What leaves the collector, attacked. Random waves are answered through the
 * form engine and published; an attacker takes everything that comes out: the
 * figures (CSV, the same numbers as page, PDF and workbook) and the raw rows
 * (CSV, the same as SPSS), of two looks with late answers between them, knows
 * the staff list, and tries by linear programming to recover what some small
 * group answered.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attack.h"
#include "collector/report/csv.h"
#include "collector/web/figures.h"
#include "collector/web/monitoring.h"
#include "collector/web/rows.h"
#include "harness/harness.h"
#include "wave_fixture.h"

#define NOW_MS INT64_C(1795000100000)
#define WAVES 200
#define PEOPLE_MAX 80
#define LATE_MAX 8
#define TEXT_MAX_BYTES ((size_t)1 << 20)
#define K 5

/* Two group questions, a scale and two choices. */
enum {
    ROLE,
    YEARS,
    SCORE,
    GLAD,
    AGAIN,
    QUESTIONS
};
#define GROUP_QUESTIONS 2
#define OPTIONS_MAX 6 /* of a question; and one for no answer */

struct question {
    const char *name;
    size_t options;
    const char *option[OPTIONS_MAX];
};

static const struct question questions[QUESTIONS] = {
    {"role", 3, {"teacher", "nurse", "psychologist"}},
    {"years", 2, {"few", "many"}},
    {"score", 5, {"1", "2", "3", "4", "5"}},
    {"glad", 2, {"yes", "no"}},
    {"again", 3, {"yes", "no", "hard"}},
};
#define STRATA ((size_t)4 * 3) /* no answer is an option too */

static const char survey[] =
    "survey\n"
    ",type,name,label,parameters,anketa_indicator\n"
    ",select_one role,role,Role,,group\n"
    ",select_one years,years,Years,,group\n"
    ",range,score,Score,start=1 end=5 step=1,satisfaction\n"
    ",select_one glad,glad,Glad?,,glad\n"
    ",select_one again,again,Again?,,glad\n"
    "choices\n"
    ",list_name,name,label\n"
    ",role,teacher,teacher\n"
    ",role,nurse,nurse\n"
    ",role,psychologist,psychologist\n"
    ",years,few,few\n"
    ",years,many,many\n"
    ",glad,yes,yes\n"
    ",glad,no,no\n"
    ",again,yes,yes\n"
    ",again,no,no\n"
    ",again,hard,hard\n"
    "settings\n"
    ",form_title,form_id,anketa_kind\n"
    ",Test,test,anonymous\n";

static uint32_t rng_state;

static uint32_t
below(uint32_t bound)
{
    return harness_below(&rng_state, bound);
}

struct people {
    size_t n;
    size_t from; /* the first to answer now */
    size_t answer[PEOPLE_MAX][QUESTIONS];
};

static size_t
stratum_of(const size_t *answer)
{
    return answer[ROLE] + 4 * answer[YEARS];
}

static void
random_people(struct people *p)
{
    uint32_t lean = below(100);
    bool uneven = below(2) == 0;
    *p = (struct people){.n = 12 + below(PEOPLE_MAX - LATE_MAX - 12)};
    for (size_t i = 0; i < PEOPLE_MAX; i++) {
        for (size_t q = 0; q < QUESTIONS; q++) {
            uint32_t options = (uint32_t)questions[q].options;
            uint32_t a = below(options);
            uint32_t b = below(options);
            a = q == ROLE && uneven && b < a ? b : a;
            a = q >= SCORE && below(4) == 0 ? lean % options : a;
            p->answer[i][q] = below(q < SCORE ? 200 : 12) == 0 ? options : a;
        }
    }
}

static const char *
choose(void *ctx, size_t person, const char *name)
{
    const struct people *p = ctx;
    for (size_t q = 0; q < QUESTIONS; q++) {
        if (strcmp(questions[q].name, name) == 0) {
            size_t a = p->answer[p->from + person][q];
            return a < questions[q].options ? questions[q].option[a] : "";
        }
    }
    return NULL;
}

/* --- what came out -------------------------------------------------------- */

/* "So many of these groups gave one of these answers." */
struct told {
    size_t question;
    bool kind[OPTIONS_MAX + 1];
    bool by_group;
    bool stratum[STRATA];
    uint32_t n;
};
#define TOLD_MAX 400

struct publication {
    struct told told[TOLD_MAX];
    size_t count;
    size_t by_group;
    bool in_rows[QUESTIONS];
    size_t row[PEOPLE_MAX][QUESTIONS];
    size_t rows;
};

static size_t
find(const char *name, const char *const *of, size_t count)
{
    size_t i = 0;
    while (i < count && strcmp(name, of[i]) != 0) {
        i++;
    }
    return i;
}

/* Cells of a line of CSV, which holds no quotes here; returns the next line. */
static char *
split(char *line, const char **cell, size_t count)
{
    char *end = strstr(line, "\r\n");
    assert_non_null(end);
    *end = '\0';
    for (size_t i = 0; i < count; i++) {
        cell[i] = line;
        size_t len = strcspn(line, ",");
        bool more = line[len] == ',';
        line[len] = '\0';
        line += more ? len + 1 : len;
    }
    return end + 2;
}

/* "teacher|-" of a group question, as strata. */
static void
read_group(struct told *t, const char *by, const char *group)
{
    size_t q = strcmp(by, "role") == 0 ? ROLE : YEARS;
    char names[128];
    char *rest = NULL;
    (void)snprintf(names, sizeof(names), "%s", group);
    t->by_group = true;
    for (char *name = strtok_r(names, "|", &rest); name;
         name = strtok_r(NULL, "|", &rest)) {
        size_t o = find(name, questions[q].option, questions[q].options);
        assert_true(o < questions[q].options || strcmp(name, "-") == 0);
        for (size_t s = 0; s < STRATA; s++) {
            size_t own = q == ROLE ? s % 4 : s / 4;
            t->stratum[s] = t->stratum[s] || own == o;
        }
    }
}

/* "" for all answers, "4" or "1..3". */
static void
read_value(struct told *t, const char *value)
{
    const struct question *q = &questions[t->question];
    const char *dots = strstr(value, "..");
    for (size_t o = 0; o < q->options; o++) {
        t->kind[o] = *value == '\0' || strcmp(value, q->option[o]) == 0;
        if (dots) {
            long low = strtol(value, NULL, 10);
            long high = strtol(dots + 2, NULL, 10);
            t->kind[o] = low <= (long)o + 1 && (long)o + 1 <= high;
        }
    }
}

static void
read_figures(struct publication *p, char *text)
{
    const char *cell[7];
    char *at = split(text, cell, 7);
    assert_string_equal(cell[6], "group");
    while (*at) {
        at = split(at, cell, 7);
        struct told *t = &p->told[p->count];
        *t = (struct told){0};
        for (t->question = 0;
             strcmp(cell[0], questions[t->question].name) != 0;) {
            t->question++;
            assert_true(t->question < QUESTIONS);
        }
        /* How many a group has is known anyway: the staff list tells. */
        if (t->question < GROUP_QUESTIONS) {
            continue;
        }
        t->n = (uint32_t)strtoul(cell[4], NULL, 10);
        read_value(t, cell[2]);
        if (*cell[5]) {
            read_group(t, cell[5], cell[6]);
            p->by_group++;
        }
        p->count++;
        assert_true(p->count < TOLD_MAX);
    }
}

static void
read_rows(struct publication *p, char *text)
{
    const char *name[QUESTIONS];
    size_t columns = 1;
    for (const char *c = text; *c != '\r'; c++) {
        columns += *c == ',' ? 1 : 0;
    }
    assert_true(columns <= QUESTIONS);
    char *at = split(text, name, columns);
    while (*at) {
        const char *cell[QUESTIONS];
        at = split(at, cell, columns);
        for (size_t c = 0; c < columns; c++) {
            for (size_t q = 0; q < QUESTIONS; q++) {
                if (strcmp(name[c], questions[q].name) == 0) {
                    assert_true(q >= GROUP_QUESTIONS);
                    p->in_rows[q] = true;
                    p->row[p->rows][q] = find(cell[c], questions[q].option,
                                              questions[q].options);
                }
            }
        }
        p->rows++;
    }
}

static enum status
keep(void *self, const void *data, size_t len)
{
    struct buf *b = self;
    buf_put(b, data, len);
    return buf_status(b);
}

/* Charts and bands of the report stand for figures of the same questions: what
 * it shows by group is what the file tells by group. */
static size_t
charts_by_group(struct wave_fixture *f, const struct store_wave *w)
{
    struct monitoring *m = NULL;
    size_t n = 0;
    assert_int_equal(
        monitoring_open(f->store, f->catalogue, w, I18N_EN, NOW_MS, &m),
        STATUS_OK);
    const struct report *r = monitoring_report(m);
    for (size_t i = monitoring_groups_from(m); i < r->items; i++) {
        n += r->item[i].chart ? 1 : 0;
    }
    monitoring_free(m);
    return n;
}

static void
publish(struct wave_fixture *f, const struct store_wave *w,
        struct publication *p)
{
    struct buf text;
    struct rows *rows = NULL;
    buf_init(&text, TEXT_MAX_BYTES);
    *p = (struct publication){0};
    assert_int_equal(
        figures_csv(f->store, f->catalogue, w, I18N_EN, NOW_MS, &text),
        STATUS_OK);
    read_figures(p, text.data);
    assert_int_equal(p->by_group > 0, charts_by_group(f, w) > 0);
    buf_clear(&text);
    enum status st = rows_open(f->store, f->catalogue, w, NOW_MS, &rows);
    assert_true(st == STATUS_OK || st == STATUS_E_AUTH);
    if (st == STATUS_OK) {
        const struct csv_options options = {.lang = I18N_EN};
        const struct dataset_sink sink = {keep, &text};
        assert_int_equal(csv_write(rows_dataset(rows), &options, &sink),
                         STATUS_OK);
        read_rows(p, text.data);
    }
    rows_close(rows);
    buf_deinit(&text);
}

/* --- the attack ----------------------------------------------------------- */

struct score {
    size_t cells;
    size_t recovered;
    size_t by_group;
    size_t rows;
    size_t late_seen;
};

/* The kinds of people as far as rows, or one question alone, tell them. */
struct kinds {
    size_t count;
    uint32_t of[PEOPLE_MAX];
    size_t answer[PEOPLE_MAX][QUESTIONS];
    bool tells[QUESTIONS];
};

static void
count_kinds(const struct people *people, struct kinds *k)
{
    for (size_t i = 0; i < people->n; i++) {
        size_t at = 0;
        for (; at < k->count; at++) {
            bool same = true;
            for (size_t q = 0; q < QUESTIONS; q++) {
                same = same
                       && (!k->tells[q]
                           || k->answer[at][q] == people->answer[i][q]);
            }
            if (same) {
                break;
            }
        }
        k->count += at == k->count ? 1 : 0;
        memcpy(k->answer[at], people->answer[i], sizeof(k->answer[at]));
        k->of[at]++;
    }
}

/* Everything that was told about the questions of these kinds. */
static void
learn(struct attack *a, const struct kinds *k, const struct publication *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct told *t = &p->told[i];
        bool kind[PEOPLE_MAX] = {false};
        if (!k->tells[t->question]) {
            continue;
        }
        for (size_t j = 0; j < k->count; j++) {
            kind[j] = t->kind[k->answer[j][t->question]];
        }
        attack_know(a,
                    &(struct attack_set){t->by_group ? t->stratum : NULL, kind},
                    t->n);
    }
}

static void
attack_question(struct attack *a, const struct kinds *k,
                const struct people *people, size_t q, const bool *stratum,
                struct score *score)
{
    for (size_t o = 0; o <= questions[q].options; o++) {
        bool kind[PEOPLE_MAX] = {false};
        uint32_t truth = 0;
        for (size_t j = 0; j < k->count; j++) {
            kind[j] = k->answer[j][q] == o;
        }
        for (size_t i = 0; i < people->n; i++) {
            const size_t *answer = people->answer[i];
            truth += stratum[stratum_of(answer)] && answer[q] == o ? 1 : 0;
        }
        score->cells++;
        score->recovered +=
            attack_recovers(a, &(struct attack_set){stratum, kind}, truth) ? 1
                                                                           : 0;
    }
}

/* Every stratum, every option of a group question, and everybody else, if they
 * gave fewer than K answers. */
static void
attack_sets(struct attack *a, const struct kinds *k,
            const struct people *people, size_t q, struct score *score)
{
    for (size_t set = 0; set < STRATA + 7 * 2; set++) {
        bool stratum[STRATA];
        size_t option = (set - STRATA) / 2;
        for (size_t s = 0; s < STRATA; s++) {
            bool in = option < 4 ? s % 4 == option : s / 4 == option - 4;
            stratum[s] = set < STRATA ? s == set : in == (set % 2 == 0);
        }
        size_t n = 0;
        size_t answers = 0;
        for (size_t i = 0; i < people->n; i++) {
            const size_t *answer = people->answer[i];
            bool in = stratum[stratum_of(answer)];
            n += in ? 1 : 0;
            /* "Hard to say" is no answer that counts. */
            bool counts = answer[q] < questions[q].options
                          && !(q == AGAIN && answer[q] == 2);
            answers += in && counts ? 1 : 0;
        }
        if (n > 0 && answers < K) {
            attack_question(a, k, people, q, stratum, score);
        }
    }
}

static void
attack_publication(const struct people *people, const struct publication *p,
                   struct score *score)
{
    static struct kinds k;
    uint32_t size[STRATA] = {0};
    for (size_t i = 0; i < people->n; i++) {
        size[stratum_of(people->answer[i])]++;
    }
    for (size_t q = GROUP_QUESTIONS; q < QUESTIONS; q++) {
        memset(&k, 0, sizeof(k));
        for (size_t o = GROUP_QUESTIONS; o < QUESTIONS; o++) {
            k.tells[o] = o == q || (p->in_rows[o] && p->in_rows[q]);
        }
        count_kinds(people, &k);
        struct attack a;
        attack_open(&a, STRATA, size, k.count, k.of);
        learn(&a, &k, p);
        attack_sets(&a, &k, people, q, score);
        attack_close(&a);
    }
    score->by_group += p->by_group > 0 ? 1 : 0;
    score->rows += p->rows > 0 ? 1 : 0;
}

/* What the second look adds to the first must be about K answers, not of one
 * mind, to every question; rows and groups must not have moved. */
static void
compare_looks(const struct publication *first, const struct publication *second,
              struct score *score)
{
    bool moved = false;
    assert_int_equal(first->rows, second->rows);
    assert_int_equal(first->by_group, second->by_group);
    for (size_t q = GROUP_QUESTIONS; q < QUESTIONS; q++) {
        uint32_t more = 0;
        uint32_t most = 0;
        for (size_t i = 0; i < first->count; i++) {
            const struct told *x = &first->told[i];
            if (x->question != q) {
                continue;
            }
            uint32_t now = 0;
            for (size_t j = 0; j < second->count; j++) {
                const struct told *y = &second->told[j];
                bool same =
                    y->question == q && y->by_group == x->by_group
                    && memcmp(x->kind, y->kind, sizeof(x->kind)) == 0
                    && memcmp(x->stratum, y->stratum, sizeof(x->stratum)) == 0;
                now = same ? y->n : now;
            }
            assert_true(now >= x->n);
            if (x->by_group) {
                assert_int_equal(now, x->n);
                continue;
            }
            size_t kinds = 0;
            for (size_t o = 0; o < OPTIONS_MAX; o++) {
                kinds += x->kind[o] ? 1 : 0;
            }
            more = kinds > 1 ? now - x->n : more;
            most = kinds == 1 && now - x->n > most ? now - x->n : most;
        }
        assert_true(more == 0 || more >= K);
        assert_true(more == 0 || most + 1 < more);
        moved = moved || more > 0;
    }
    score->late_seen += moved ? 1 : 0;
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

static void
one_wave(struct score *score)
{
    static struct publication first;
    static struct publication second;
    static struct people people;
    struct wave_fixture f;
    struct store_wave w = {0};
    struct store_wave seen = {0};
    random_people(&people);
    wave_fixture_open(&f);
    wave_fixture_publish(&f, survey, PEOPLE_MAX, &w);
    answer(&f, &w, &people, 0, people.n);
    wave_fixture_end(&f, &w);
    assert_int_equal(monitoring_wave(f.store, w.name, NOW_MS, &seen),
                     STATUS_OK);
    publish(&f, &seen, &first);
    attack_publication(&people, &first, score);
    store_wave_clear(&seen);

    answer(&f, &w, &people, people.n, 1 + below(LATE_MAX));
    assert_int_equal(monitoring_wave(f.store, w.name, NOW_MS, &seen),
                     STATUS_OK);
    publish(&f, &seen, &second);
    compare_looks(&first, &second, score);
    store_wave_clear(&seen);
    store_wave_clear(&w);
    wave_fixture_close(&f);
}

static void
nothing_that_leaves_gives_a_small_group_away(void **state)
{
    (void)state;
    struct score score = {0};
    rng_state = 20261124;
    for (size_t i = 0; i < WAVES; i++) {
        char label[32];
        (void)snprintf(label, sizeof(label), "wave %zu", i);
        harness_row(label);
        one_wave(&score);
        assert_int_equal(score.recovered, 0);
    }
    print_message("%zu cells attacked; of %d waves %zu show groups, %zu give"
                  " rows, %zu moved after late answers\n",
                  score.cells, WAVES, score.by_group, score.rows,
                  score.late_seen);
    assert_true(score.cells > 2000);
    assert_true(score.by_group > WAVES / 10);
    assert_true(score.rows > WAVES / 10);
    assert_true(score.late_seen > 0);
}

/* The same attack on what primary suppression alone would have let out. */
static void
primary_suppression_alone_would_give_it_away(void **state)
{
    (void)state;
    static struct publication p;
    static struct people people;
    struct score score = {0};
    rng_state = 3;
    for (size_t i = 0; i < 10; i++) {
        random_people(&people);
        memset(&p, 0, sizeof(p));
        for (size_t q = GROUP_QUESTIONS; q < QUESTIONS; q++) {
            p.in_rows[q] = true;
            for (size_t g = 0; g < 5; g++) {
                struct told row[OPTIONS_MAX] = {{0}};
                uint32_t n = 0;
                for (size_t o = 0; o < questions[q].options; o++) {
                    row[o].question = q;
                    row[o].kind[o] = true;
                    row[o].by_group = true;
                    for (size_t s = 0; s < STRATA; s++) {
                        row[o].stratum[s] = g < 3 ? s % 4 == g : s / 4 == g - 3;
                    }
                    for (size_t j = 0; j < people.n; j++) {
                        const size_t *a = people.answer[j];
                        bool is = row[o].stratum[stratum_of(a)] && a[q] == o;
                        row[o].n += is ? 1 : 0;
                        n += is ? 1 : 0;
                    }
                }
                for (size_t o = 0; n >= K && o < questions[q].options; o++) {
                    p.told[p.count++] = row[o];
                }
            }
        }
        attack_publication(&people, &p, &score);
    }
    print_message("%zu of %zu cells recovered\n", score.recovered, score.cells);
    assert_true(score.recovered > 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_leaves_gives_a_small_group_away),
        cmocka_unit_test(primary_suppression_alone_would_give_it_away),
    };
    glp_term_out(GLP_OFF);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glp_free_env();
    return failed;
}
