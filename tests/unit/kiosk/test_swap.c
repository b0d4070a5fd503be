#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/core.h"
#include "app/source.h"
#include "base/log.h"
#include "harness/harness.h"
#include "render/dump.h"
#include "sample_library.h"
#include "script.h"

/*
 * A library that arrives while somebody answers: she ends on the old one, the
 * next person finds the new one.
 */
static char dir[HARNESS_PATH_MAX];

static void
renew(const char *form, uint64_t serial)
{
    char path[HARNESS_PATH_MAX];
    const char *files[1] = {path};
    (void)snprintf(path, sizeof(path), "%s", harness_source(form));
    assert_int_equal(sample_library_renew(dir, files, 1, serial), STATUS_OK);
}

static const char *
only_survey(struct core *core)
{
    struct kiosk_survey survey;
    assert_int_equal(core->kiosk.survey_count, 1);
    kiosk_entry(&core->kiosk, 0, &survey);
    return survey.form_id;
}

static void
a_session_ends_on_the_library_it_began_with(void **state)
{
    (void)state;
    struct source *source = NULL;
    struct harness_clock clock;
    struct source_tally tally[1];
    struct source_tally others;
    struct text_measure measure = dump_measure();
    struct core *core = calloc(1, sizeof(*core));
    assert_non_null(core);
    harness_temp_dir(dir);
    harness_clock_init(&clock, INT64_C(1795000000000));
    renew("tests/data/ui/private.csv", 1);
    assert_int_equal(source_open(dir, &source), STATUS_OK);
    core_init(core, source_ops(source), &clock.clock, &measure, I18N_RU);
    core_panel(core, &(struct core_panel){1280, 800,
                                          metrics_density(1280, 800, 10.1)});
    struct script script = {.core = core, .clock = &clock};
    assert_true(script_run(&script, "before",
                           "survey private\nanswer often never\n"
                           "answer number 7\n"));

    /* Her questionnaire is not even in the new one. */
    renew("tests/data/ui/slip.csv", 2);
    core_refresh(core);
    assert_true(script_run(&script, "during",
                           "value often never\nvalue number 7\n"
                           "lang en\nback\nnext\n"));
    core_refresh(core);
    assert_true(script_run(&script, "end", "send\n"));
    assert_int_equal(source_look(source, tally, &others), STATUS_OK);
    assert_int_equal(tally[0].waiting, 1);
    core_refresh(core);
    assert_true(script_run(&script, "thanks", "expect thanks\nfinish\n"));

    assert_string_equal(only_survey(core), "slip");
    assert_int_equal(source_look(source, tally, &others), STATUS_OK);
    assert_int_equal(tally[0].waiting, 0);
    assert_int_equal(others.waiting, 1);

    /* With nobody there it is taken over at once. */
    renew("tests/data/ui/private.csv", 3);
    core_refresh(core);
    assert_string_equal(only_survey(core), "private");
    core_deinit(core);
    free(core);
    source_close(source);
    harness_remove_tree(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_ends_on_the_library_it_began_with),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
