#include "collector/summary/sentence.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/harness.h"

#define NB "\xC2\xA0"

static struct buf out;

/* The sentence written since the last call equals `expected`. */
static void
reads(const char *expected)
{
    assert_int_equal(buf_status(&out), STATUS_OK);
    assert_string_equal(out.data, expected);
    buf_clear(&out);
}

static void
says_a_share_with_what_it_bears(void **state)
{
    (void)state;
    static const struct {
        uint64_t hits;
        uint64_t n;
        bool everyone;
        const char *ru;
        const char *en;
    } rows[] = {
        {15, 20, false,
         "15 из 20 довольны (7 и выше из 10). Ответов мало: настоящая доля"
         " может быть от 53 до 89" NB "%.",
         "15 of 20 are satisfied (7 or more of 10). There are few answers: the"
         " true share may lie between 53 and 89" NB "%."},
        {15, 20, true, "15 из 20 довольны (7 и выше из 10).",
         "15 of 20 are satisfied (7 or more of 10)."},
        {1, 8, true, "1 из 8 доволен (7 и выше из 10).",
         "1 of 8 is satisfied (7 or more of 10)."},
        {0, 6, false,
         "Ответов: 6, и ни одного в 7 и выше из 10. Ответов мало: настоящая"
         " доля может быть от 0 до 39" NB "%.",
         "Of 6 answers none is 7 or more of 10. There are few answers: the"
         " true share may lie between 0 and 39" NB "%."},
        {750000, 1000000, false,
         "750\xE2\x80\xAF"
         "000 из 1\xE2\x80\xAF"
         "000\xE2\x80\xAF"
         "000 довольны (7 и выше из 10).",
         NULL},
        {0, 0, false, "Никто не ответил.", "Nobody answered."},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct proportion p =
            proportion_of(rows[i].hits, rows[i].n, INTERVAL_LEVEL);
        sentence_satisfied(&out, I18N_RU, &p, 7, 10, rows[i].everyone);
        reads(rows[i].ru);
        if (rows[i].en) {
            sentence_satisfied(&out, I18N_EN, &p, 7, 10, rows[i].everyone);
            reads(rows[i].en);
        }
    }
}

static void
counts_people_in_the_right_form(void **state)
{
    (void)state;
    static const struct {
        uint64_t answered;
        uint64_t invited;
        const char *ru;
    } rows[] = {
        {20, 23, "Ответили 20 из 23 приглашённых (87" NB "%)."},
        {21, 23, "Ответил 21 из 23 приглашённых (91" NB "%)."},
        {23, 23, "Ответили все приглашённые: 23."},
        {1, 0, "Ответил 1 человек."},
        {2, 0, "Ответили 2 человека."},
        {11, 0, "Ответили 11 человек."},
        {24, 23,
         "Ответили 24 человека, а приглашено 23: проверьте число"
         " приглашённых."},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        sentence_response(&out, I18N_RU, rows[i].answered, rows[i].invited);
        reads(rows[i].ru);
    }
}

static void
calls_a_change_real_only_where_chance_is_unlikely(void **state)
{
    (void)state;
    struct compare c = {.size = COMPARE_MEDIUM};
    sentence_change(&out, I18N_RU, &c, 6.1, 7.9, 0.008);
    reads("Средняя оценка выросла с 6,1 до 7,9. Такая разница едва ли"
          " случайна; по величине она средняя.");
    sentence_change(&out, I18N_RU, &c, 6.1, 5.9, 0.4);
    reads("Средняя оценка снизилась с 6,1 до 5,9. Такая разница вполне может"
          " быть случайной.");
    sentence_change(&out, I18N_EN, &c, 6.02, 6.04, NAN);
    reads("The mean stayed at 6.0. Whether this is chance was not tested.");
    c.powerless = true;
    sentence_change(&out, I18N_RU, &c, 2.0, 9.0, 0.001);
    reads("Средняя оценка выросла с 2,0 до 9,0. Ответов так мало, что даже"
          " самую большую разницу нельзя отличить от случайной.");
}

static void
prints_the_cut_and_judges_a_target_only_when_settled(void **state)
{
    (void)state;
    const struct tally_value scale[] = {{5, 5}, {8, 15}};
    const struct tally t = {scale, 2, 0, 0};
    struct indicator i =
        indicator_satisfied(INDICATOR_SATISFIED_MENTEES, &t, 7, 0.7);
    sentence_indicator(&out, I18N_RU, &i);
    reads("Удовлетворённость наставляемых: 75" NB "% (15 из 20). Довольными"
          " считаются те, кто поставил 7 и выше. Цель года — 70" NB "%;"
          " ответов слишком мало, чтобы сказать, достигнута ли она.");
    i = indicator_counted(INDICATOR_INVOLVED_MENTORS, 3, 20, 0.1);
    sentence_indicator(&out, I18N_RU, &i);
    reads("Вовлечённость в роли наставников: 15" NB "% (3 из 20). Цель года"
          " (10" NB "%) достигнута.");
    i = indicator_counted(INDICATOR_MEETINGS_HELD, 0, 0, NAN);
    sentence_indicator(&out, I18N_EN, &i);
    reads("Meetings held of those planned: nothing to count yet.");
}

static void
explains_why_nothing_is_shown(void **state)
{
    (void)state;
    sentence_hidden(&out, I18N_RU, SUPPRESS_TOO_FEW, 5);
    reads("Меньше 5 ответов: не показано, чтобы никого нельзя было узнать.");
    sentence_hidden(&out, I18N_RU, SUPPRESS_SHOWN, 5);
    reads("");
    sentence_unanimous(&out, I18N_RU, 20);
    reads("(Почти) все ответили одинаково: 19 или 20 из 20. Подробнее не"
          " показано, чтобы никого нельзя было узнать.");
}

static void
writes_numbers_as_the_reader_does(void **state)
{
    (void)state;
    static const struct {
        double value;
        int decimals;
        const char *ru;
        const char *en;
    } rows[] = {
        {7.85, 1, "7,8", "7.8"},
        {-0.04, 1, "0,0", "0.0"},
        {-1.5, 1,
         "\xE2\x88\x92"
         "1,5",
         "\xE2\x88\x92"
         "1.5"},
        {1234, 0, "1234", "1234"},
        {12345.5, 2,
         "12\xE2\x80\xAF"
         "345,50",
         "12\xE2\x80\xAF"
         "345.50"},
        {NAN, 1, "–", "–"},
        {1e300, 0, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        sentence_number(&out, I18N_RU, rows[i].value, rows[i].decimals);
        if (rows[i].ru) {
            reads(rows[i].ru);
        }
        buf_clear(&out);
        sentence_number(&out, I18N_EN, rows[i].value, rows[i].decimals);
        if (rows[i].en) {
            reads(rows[i].en);
        }
        buf_clear(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_a_share_with_what_it_bears),
        cmocka_unit_test(counts_people_in_the_right_form),
        cmocka_unit_test(calls_a_change_real_only_where_chance_is_unlikely),
        cmocka_unit_test(prints_the_cut_and_judges_a_target_only_when_settled),
        cmocka_unit_test(explains_why_nothing_is_shown),
        cmocka_unit_test(writes_numbers_as_the_reader_does),
    };
    char locale[HARNESS_PATH_MAX];
    const char *build = getenv("ANKETA_BUILD"); /* NOLINT: one thread */
    (void)snprintf(locale, sizeof(locale), "%s/locale", build ? build : ".");
    if (i18n_init(locale) != STATUS_OK) {
        return harness_skip("the Russian texts are not built");
    }
    buf_init(&out, 4096);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_deinit(&out);
    return failed;
}
