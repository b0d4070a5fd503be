#include "app/desk.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/core.h"
#include "base/file.h"
#include "base/log.h"
#include "harness/harness.h"
#include "render/dump.h"
#include "sample_library.h"
#include "script.h"
#include "store/sync_state.h"

/*
 * The staff menu's desk over a real installation: what it counts, what it runs,
 * and that a rehearsal leaves nothing behind.
 */
static char dir[HARNESS_PATH_MAX];
static struct source *source;
static struct desk *desk;
static struct events *events;
static struct harness_clock now;
static char program[HARNESS_PATH_MAX + 64];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static bool done;

static void
tell(void *self)
{
    (void)self;
    (void)pthread_mutex_lock(&lock);
    done = true;
    (void)pthread_cond_signal(&ended);
    (void)pthread_mutex_unlock(&lock);
}

static void
wait_for_errand(void)
{
    (void)pthread_mutex_lock(&lock);
    while (!done) {
        (void)pthread_cond_wait(&ended, &lock);
    }
    done = false;
    (void)pthread_mutex_unlock(&lock);
}

/* A sync program that says and does what the test wants. */
static void
write_program(const char *body)
{
    struct buf text;
    buf_init(&text, 4096);
    buf_printf(&text, "#!/bin/sh\n%s\n", body);
    assert_int_equal(file_replace(program, text.data, text.len, 0755),
                     STATUS_OK);
    buf_deinit(&text);
}

static struct staff_report *
report(enum staff_page which, enum i18n_lang lang)
{
    static struct staff_report r;
    const struct staff_desk *ops = desk_ops(desk);
    r = (struct staff_report){0};
    ops->report(ops->self, which, lang, &r);
    return &r;
}

static const struct staff_row *
row(const struct staff_report *r, const char *label)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->row[i].label, label) == 0) {
            return &r->row[i];
        }
    }
    fail_msg("no row %s", label);
    return NULL;
}

/* -- errands ------------------------------------------------------------------ */

static void
an_errand_is_told_without_its_log_lines(void **state)
{
    (void)state;
    static struct staff_outcome outcome;
    const struct staff_desk *ops = desk_ops(desk);
    write_program("echo 'error stick: no' >&2; echo \"$@\"; exit 1");
    assert_int_equal(ops->carry(ops->self, "/media/a stick", I18N_RU),
                     STATUS_OK);
    wait_for_errand();
    ops->outcome(ops->self, &outcome);
    assert_false(outcome.running);
    assert_false(outcome.good);
    char expected[HARNESS_PATH_MAX + 128];
    (void)snprintf(expected, sizeof(expected),
                   "--dir %s --lang ru usb /media/a stick\n", dir);
    assert_string_equal(outcome.text, expected);
}

static void
enrolling_hands_address_and_code_over(void **state)
{
    (void)state;
    static struct staff_outcome outcome;
    const struct staff_desk *ops = desk_ops(desk);
    write_program("shift 4; echo \"$@\"");
    assert_int_equal(ops->enrol(ops->self, "https://a:1", "ABCE-HKMO", I18N_EN),
                     STATUS_OK);
    wait_for_errand();
    ops->outcome(ops->self, &outcome);
    assert_true(outcome.good);
    assert_string_equal(outcome.text,
                        "enrol ABCE-HKMO --address https://a:1\n");
}

static void
one_errand_at_a_time_and_much_talk_is_cut(void **state)
{
    (void)state;
    static struct staff_outcome outcome;
    const struct staff_desk *ops = desk_ops(desk);
    /* Says more than is kept and waits for its input, which is empty. */
    write_program("i=0; while [ $i -lt 500 ]; do echo 0123456789; "
                  "i=$((i+1)); done; cat");
    assert_int_equal(ops->carry(ops->self, "/x", I18N_EN), STATUS_OK);
    enum status second = ops->carry(ops->self, "/x", I18N_EN);
    wait_for_errand();
    if (second != STATUS_E_BUSY) {
        assert_int_equal(second, STATUS_OK); /* the first was that quick */
        wait_for_errand();
    }
    ops->outcome(ops->self, &outcome);
    assert_true(outcome.good);
    assert_true(strlen(outcome.text) < STAFF_OUTCOME_BYTES);
    assert_true(strlen(outcome.text) > 1000);
}

static void
a_program_that_is_missing_is_told(void **state)
{
    (void)state;
    const struct staff_desk *ops = desk_ops(desk);
    assert_true(ops->carry(ops->self, "/x", I18N_EN) < 0);
}

static void
closing_ends_what_runs(void **state)
{
    (void)state;
    const struct staff_desk *ops = desk_ops(desk);
    write_program("exec sleep 1000");
    assert_int_equal(ops->carry(ops->self, "/x", I18N_EN), STATUS_OK);
    /* desk_close() in the teardown returns, or the test times out. */
}

/* -- reports ------------------------------------------------------------------- */

static struct core *
open_core(void)
{
    struct text_measure measure = dump_measure();
    struct core *core = calloc(1, sizeof(*core));
    assert_non_null(core);
    core_init(core, source_ops(source), &now.clock, &measure, I18N_RU);
    core_staff(core, desk_ops(desk));
    core_panel(core, &(struct core_panel){1280, 800,
                                          metrics_density(1280, 800, 10.1)});
    return core;
}

static void
play(struct core *core, const char *text)
{
    struct script script = {.core = core, .clock = &now};
    assert_true(script_run(&script, "desk", text));
}

#define ONE_ANSWER "survey slip\ncode 27182818\nsend\nfinish\nexpect attract\n"

static void
outbox_hash(struct seal_hash *out)
{
    char path[HARNESS_PATH_MAX + 16];
    struct buf data;
    buf_init(&data, (size_t)64 * 1024 * 1024);
    (void)snprintf(path, sizeof(path), "%s/outbox.db", dir);
    assert_int_equal(file_read(path, &data), STATUS_OK);
    seal_hash(data.data, data.len, NULL, 0, out);
    buf_deinit(&data);
}

static void
a_rehearsal_leaves_the_outbox_as_it_was(void **state)
{
    (void)state;
    struct seal_hash before;
    struct seal_hash after;
    struct core *core = open_core();
    outbox_hash(&before);
    core->kiosk.rehearsal = true;
    play(core, ONE_ANSWER);
    play(core, ONE_ANSWER); /* the slip is not used up */
    outbox_hash(&after);
    assert_memory_equal(&before, &after, sizeof(before));
    assert_string_equal(
        row(report(STAFF_WAITING, I18N_EN), "Best mentor of the year")->value,
        "none");
    /* The same without the mode is kept: the test can fail. */
    core->kiosk.rehearsal = false;
    play(core, ONE_ANSWER);
    outbox_hash(&after);
    assert_memory_not_equal(&before, &after, sizeof(before));
    assert_string_equal(
        row(report(STAFF_WAITING, I18N_EN), "Best mentor of the year")->value,
        "1 waits");
    core_deinit(core);
    free(core);
}

static void
the_daemons_state_is_told_in_words(void **state)
{
    (void)state;
    char path[HARNESS_PATH_MAX + 16];
    struct sync_state sync = {.phase = SYNC_WAITING,
                              .fault = SYNC_FAULT_CONNECT,
                              .detail = "refused",
                              .address = "https://a:1",
                              .waiting = 4,
                              .damaged = 2,
                              .last_day = 20000};
    assert_true(report(STAFF_SYNC, I18N_EN)->row[0].warns);
    (void)snprintf(path, sizeof(path), "%s/sync.state", dir);
    assert_int_equal(sync_state_write(path, &sync), STATUS_OK);
    const struct staff_report *r = report(STAFF_SYNC, I18N_EN);
    assert_string_equal(row(r, "State")->value,
                        sync_state_phase_text(SYNC_WAITING, I18N_EN));
    assert_string_equal(row(r, "Why")->value,
                        sync_state_fault_text(SYNC_FAULT_CONNECT, I18N_EN));
    assert_string_equal(row(r, "Last in step")->value, "2024-10-04");
    assert_string_equal(row(r, "Waiting at the last try")->value, "4");
    assert_true(row(r, "Damaged places on the disk")->warns);
}

static void
a_clock_that_cannot_be_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t wall_ms;
        bool warns;
    } rows[] = {{"factory setting", INT64_C(0), true},
                {"years ago", INT64_C(1420070400000), true},
                {"far later", INT64_C(4102444800000), false}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        now.wall_ms = rows[i].wall_ms;
        harness_row(rows[i].name);
        assert_int_equal(row(report(STAFF_DEVICE, I18N_EN), "Clock")->warns,
                         rows[i].warns);
    }
}

static void
the_screen_has_a_name_and_its_forms_versions(void **state)
{
    (void)state;
    const struct staff_report *r = report(STAFF_DEVICE, I18N_EN);
    assert_string_equal(row(r, "Name of this screen")->value,
                        "Детский сад № 00 · учительская");
    assert_string_equal(row(r, "Set of questionnaires no.")->value, "1");
    assert_true(row(r, "Best mentor of the year")->value[0] != '\0');
}

static void
the_log_is_bounded_and_the_newest_comes_first(void **state)
{
    (void)state;
    for (int i = 0; i < 3 * EVENTS_LINES; i++) {
        log_info("test", "event %d", i);
    }
    const struct staff_report *r = report(STAFF_EVENTS, I18N_EN);
    char newest[64];
    (void)snprintf(newest, sizeof(newest), "info test: event %d",
                   3 * EVENTS_LINES - 1);
    assert_int_equal(r->count, EVENTS_LINES + 1);
    assert_string_equal(r->row[0].value, newest);
}

static void
settings_survive_a_restart(void **state)
{
    (void)state;
    const struct staff_desk *ops = desk_ops(desk);
    struct hours hours = {480, 1140};
    assert_int_equal(ops->set_hours(ops->self, &hours), STATUS_OK);
    struct desk_options options = {.dir = dir,
                                   .sync_program = program,
                                   .clock = &now.clock,
                                   .source = source,
                                   .done = tell};
    struct desk *second = NULL;
    assert_int_equal(desk_open(&options, &second), STATUS_OK);
    hours = (struct hours){0, 0};
    ops = desk_ops(second);
    ops->hours(ops->self, &hours);
    assert_int_equal(hours.from, 480);
    assert_int_equal(hours.to, 1140);
    desk_close(second);
}

static int
open_desk(void **state)
{
    (void)state;
    const char *files[1];
    char form[HARNESS_PATH_MAX];
    (void)snprintf(form, sizeof(form), "%s",
                   harness_source("tests/data/ui/slip.csv"));
    files[0] = form;
    harness_temp_dir(dir);
    harness_clock_init(&now, INT64_C(1795000000000));
    (void)snprintf(program, sizeof(program), "%s/sync", dir);
    if (sample_library_write(dir, files, 1, NULL) < 0
        || source_open(dir, &source) < 0 || events_open(&events) < 0) {
        return -1;
    }
    struct desk_options options = {.dir = dir,
                                   .sync_program = program,
                                   .clock = &now.clock,
                                   .source = source,
                                   .events = events,
                                   .done = tell};
    return desk_open(&options, &desk) < 0 ? -1 : 0;
}

static int
close_desk(void **state)
{
    (void)state;
    desk_close(desk);
    source_close(source);
    events_close(events);
    harness_remove_tree(dir);
    done = false;
    return 0;
}

#define ROW(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(an_errand_is_told_without_its_log_lines),
        ROW(enrolling_hands_address_and_code_over),
        ROW(one_errand_at_a_time_and_much_talk_is_cut),
        ROW(a_program_that_is_missing_is_told),
        ROW(closing_ends_what_runs),
        ROW(a_rehearsal_leaves_the_outbox_as_it_was),
        ROW(the_daemons_state_is_told_in_words),
        ROW(a_clock_that_cannot_be_is_told),
        ROW(the_screen_has_a_name_and_its_forms_versions),
        ROW(the_log_is_bounded_and_the_newest_comes_first),
        ROW(settings_survive_a_restart),
    };
    log_set_level(LOG_INFO);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
