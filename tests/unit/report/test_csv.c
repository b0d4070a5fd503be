#include "collector/report/csv.h"

#include <string.h>

#include "harness/harness.h"
#include "sample.h"

static void
quotes_and_disarms(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct csv_options options;
        const char *expected;
    } rows[] = {
        {"for programs",
         {I18N_EN, false, false},
         "how_often,score,Score,2nd-comment\r\n"
         "weekly,7.5,10,\"Спасибо, всё хорошо\"\r\n"
         "monthly,-0.1,,\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\r\n"
         "never,1e+21,-3,\"две\nстроки, \"\"кавычки\"\"\"\r\n"
         ",,0,\r\n"
         "weekly,0.33333333333333331,1,\"'  @SUM(A1)\"\r\n"},
        {"for Excel, with labels",
         {I18N_RU, true, true},
         "\xEF\xBB\xBF"
         "Как часто вы встречаетесь?;Оценка;Другая оценка;2nd-comment\r\n"
         "Каждую неделю;7,5;10;Спасибо, всё хорошо\r\n"
         "\"Раз в месяц; иногда \"\"чаще\"\"\";-0,1;;"
         "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\r\n"
         "Never;1e+21;-3;\"две\nстроки, \"\"кавычки\"\"\"\r\n"
         ";;0;\r\n"
         "Каждую неделю;0,33333333333333331;1;\"'  @SUM(A1)\"\r\n"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        struct sample s;
        struct sample_sink sink;
        sample_init(&s);
        sample_sink_init(&sink, 0);
        assert_int_equal(csv_write(&s.dataset, &rows[i].options, &sink.sink),
                         STATUS_OK);
        assert_string_equal(sink.out.data, rows[i].expected);
        sample_sink_deinit(&sink);
    }
}

static void
passes_a_full_disk_on(void **state)
{
    (void)state;
    struct csv_options options = {I18N_EN, false, false};
    struct sample s;
    struct sample_sink sink;
    sample_init(&s);
    sample_sink_init(&sink, 10);
    assert_int_equal(csv_write(&s.dataset, &options, &sink.sink),
                     STATUS_E_FULL);
    sample_sink_deinit(&sink);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_and_disarms),
        cmocka_unit_test(passes_a_full_disk_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
