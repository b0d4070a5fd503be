#include "collector/programme/roadmap.h"

#include <string.h>

#include "harness/harness.h"

static void
a_day_is_read_as_browsers_send_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status want;
    } rows[] = {
        {"2026-11-23", STATUS_OK},        {"2028-02-29", STATUS_OK},
        {"2026-02-29", STATUS_E_INVALID}, {"2026-13-01", STATUS_E_INVALID},
        {"2026-1-01", STATUS_E_INVALID},  {"", STATUS_E_INVALID},
        {"2026/11/23", STATUS_E_INVALID}, {"2026-11-2x", STATUS_E_INVALID},
        {"-026-11-23", STATUS_E_INVALID}, {"2026-11-230", STATUS_E_INVALID},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct day day;
        assert_int_equal(roadmap_day(rows[i].text, &day), rows[i].want);
    }
}

static void
every_stage_has_a_name_and_a_usual_measure(void **state)
{
    (void)state;
    size_t count = 0;
    const struct roadmap_usual *usual = roadmap_usual(&count);
    for (int stage = 1; stage <= ROADMAP_STAGES; stage++) {
        size_t found = 0;
        for (size_t i = 0; i < count; i++) {
            found += usual[i].stage == stage;
        }
        assert_true(found > 0);
        assert_true(strlen(roadmap_stage(stage)) > 0);
    }
    assert_string_equal(roadmap_stage(0), "");
    assert_string_equal(roadmap_stage(ROADMAP_STAGES + 1), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_read_as_browsers_send_it),
        cmocka_unit_test(every_stage_has_a_name_and_a_usual_measure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
