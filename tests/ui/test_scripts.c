#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/source.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "render/dump.h"
#include "sample_library.h"
#include "script.h"

/*
 * Touch scripts: each runs against the whole kiosk but for the window, with
 * real sealing and storing, a virtual clock and widths that need no font, and
 * its dumps are compared with what is expected.
 *
 * ANKETA_WRITE_EXPECTED=1 writes the expected dumps instead: read the
 * difference before you commit it.
 */
#define TEXT_MAX_BYTES ((size_t)4 * 1024 * 1024)

/* What scripts of the whole house find; others have a form of their own. */
static const char *const forms[] = {
    "tests/data/ui/controls.csv",
    "tests/data/ui/slip.csv",
    "tests/data/ui/named.csv",
    "tests/data/ui/ballot.csv",
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

struct failing {
    struct kiosk_source real;
    enum status result;
};

static struct failing failing;

static enum status
send_through(void *self, size_t index, struct filling *f, const char *code)
{
    if (failing.result < 0) {
        return failing.result;
    }
    return failing.real.send(self, index, f, code);
}

static struct script_settings settings;

static const char *
setting_through(void *self, const char *key)
{
    const char *set = script_setting(&settings, key);
    return set ? set : failing.real.setting(self, key);
}

static bool
refresh_through(void *self)
{
    bool changed = settings.changed;
    settings.changed = false;
    return failing.real.refresh(self) || changed;
}

/* `own`: the only questionnaire, or NULL for the house's. */
static void
make_installation(char dir[HARNESS_PATH_MAX], const char *own)
{
    const char *files[FORMS];
    char paths[FORMS][HARNESS_PATH_MAX];
    size_t count = own ? 1 : FORMS;
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "%s",
                       harness_source(own ? own : forms[i]));
        files[i] = paths[i];
    }
    harness_temp_dir(dir);
    assert_int_equal(sample_library_write(dir, files, count, NULL), STATUS_OK);
}

/* Every page of the staff menu, with a PIN of its own. */
static struct sample_desk desk;
static struct pin pin;
static struct settings kept;

static void
open_desk(const char *dir, const struct clock *clock)
{
    char path[HARNESS_PATH_MAX + 32];
    (void)snprintf(path, sizeof(path), "%s/kiosk.settings", dir);
    sample_desk_init(&desk);
    assert_int_equal(pin_init(&pin, &kept, path, clock), STATUS_OK);
    desk.pin = &pin;
}

static void
compare(const char *name, const struct buf *got)
{
    char relative[256];
    char path[HARNESS_PATH_MAX];
    struct buf expected;
    (void)snprintf(relative, sizeof(relative), "tests/ui/scripts/%s.expect",
                   name);
    (void)snprintf(path, sizeof(path), "%s", harness_source(relative));
    if (getenv("ANKETA_WRITE_EXPECTED")) {
        assert_int_equal(file_replace(path, got->data, got->len, 0644),
                         STATUS_OK);
        return;
    }
    buf_init(&expected, TEXT_MAX_BYTES);
    assert_int_equal(file_read(path, &expected), STATUS_OK);
    assert_string_equal(got->data, expected.data);
    buf_deinit(&expected);
}

static void
run_with(const char *name, const char *own)
{
    char dir[HARNESS_PATH_MAX];
    char relative[256];
    struct source *source = NULL;
    struct harness_clock clock;
    struct buf text;
    struct buf dumped;
    make_installation(dir, own);
    harness_clock_init(&clock, INT64_C(1795000000000));
    buf_init(&text, TEXT_MAX_BYTES);
    buf_init(&dumped, TEXT_MAX_BYTES);
    (void)snprintf(relative, sizeof(relative), "tests/ui/scripts/%s.script",
                   name);
    assert_int_equal(file_read(harness_source(relative), &text), STATUS_OK);
    assert_int_equal(source_open(dir, &source), STATUS_OK);

    failing = (struct failing){.real = *source_ops(source)};
    struct kiosk_source ops = failing.real;
    ops.send = send_through;
    ops.setting = setting_through;
    ops.refresh = refresh_through;
    settings = (struct script_settings){0};
    struct text_measure measure = dump_measure();
    struct core *core = calloc(1, sizeof(*core));
    assert_non_null(core);
    core_init(core, &ops, &clock.clock, &measure, I18N_RU);
    open_desk(dir, &clock.clock);
    core_staff(core, &desk.ops);
    core_panel(core, &(struct core_panel){1280, 800,
                                          metrics_density(1280, 800, 10.1)});
    struct script script = {.core = core,
                            .clock = &clock,
                            .dump = &dumped,
                            .send_result = &failing.result,
                            .settings = &settings,
                            .desk = &desk};
    assert_true(script_run(&script, name, text.data));
    assert_int_equal(buf_status(&dumped), STATUS_OK);
    compare(name, &dumped);

    core_deinit(core);
    free(core);
    source_close(source);
    buf_deinit(&text);
    buf_deinit(&dumped);
    harness_remove_tree(dir);
}

static void
run(const char *name)
{
    run_with(name, NULL);
}

static void
every_control_takes_its_answer(void **state)
{
    (void)state;
    run("every_control");
}

static void
choices_stand_as_the_form_asks(void **state)
{
    (void)state;
    run_with("choices", "tests/data/ui/choices.csv");
}

static void
a_table_list_is_one_grid(void **state)
{
    (void)state;
    run_with("tables", "tests/data/ui/tables.csv");
}

static void
answers_survive_back_and_display_settings(void **state)
{
    (void)state;
    run("flow");
}

static void
the_check_leads_to_gaps_and_back(void **state)
{
    (void)state;
    run("check");
}

static void
walking_away_is_warned_and_wiped(void **state)
{
    (void)state;
    run("idle");
}

static void
a_slip_opens_one_answer(void **state)
{
    (void)state;
    run("slip");
}

static void
a_named_form_asks_consent_first(void **state)
{
    (void)state;
    run("named");
}

static void
people_are_ranked_by_touching_them(void **state)
{
    (void)state;
    run("ballot");
}

static void
rankings_are_carried_and_counted(void **state)
{
    (void)state;
    run_with("ranks", "tests/data/ui/ranks.csv");
}

static void
pictures_are_shown_or_their_absence_told(void **state)
{
    (void)state;
    run_with("pictures", "tests/data/ui/pictures.csv");
}

static void
a_document_is_read_to_its_end(void **state)
{
    (void)state;
    run_with("documents", "tests/data/ui/documents.csv");
}

static void
every_clock_keeps_its_time(void **state)
{
    (void)state;
    run("timeouts");
}

static void
repeats_are_added_and_removed(void **state)
{
    (void)state;
    run_with("repeats", "tests/data/ui/repeats.csv");
}

static void
a_real_keyboard_writes_everywhere(void **state)
{
    (void)state;
    run("typing");
}

static void
a_key_held_down_repeats(void **state)
{
    (void)state;
    run("held");
}

static void
a_room_votes_one_after_another(void **state)
{
    (void)state;
    run("room");
}

static void
a_full_disk_loses_nothing(void **state)
{
    (void)state;
    run("full_disk");
}

static void
a_keyboard_reaches_everything(void **state)
{
    (void)state;
    run("keys");
}

/* Every way through a form full of branches, by a coin. */
static void
progress_never_goes_back_and_ends_at_the_check(void **state)
{
    (void)state;
    char dir[HARNESS_PATH_MAX];
    struct source *source = NULL;
    struct harness_clock clock;
    make_installation(dir, "tests/data/ui/branches.csv");
    harness_clock_init(&clock, INT64_C(1795000000000));
    assert_int_equal(source_open(dir, &source), STATUS_OK);
    struct text_measure measure = dump_measure();
    struct core *core = calloc(1, sizeof(*core));
    assert_non_null(core);
    core_init(core, source_ops(source), &clock.clock, &measure, I18N_RU);
    core_panel(core, &(struct core_panel){1280, 800,
                                          metrics_density(1280, 800, 10.1)});
    struct kiosk *k = &core->kiosk;
    struct script script = {.core = core};
    for (unsigned coins = 0; coins < 16; coins++) {
        size_t before = 0;
        unsigned step = 0;
        assert_true(core_begin(core, "branches"));
        while (k->place == KIOSK_QUESTION) {
            size_t share = session_share(&k->session);
            assert_true(share > before && share < 1000);
            before = share;
            struct filling_question q;
            filling_question(k->session.filling,
                             session_entry(&k->session, 0)->node, &q);
            char line[96];
            (void)snprintf(line, sizeof(line), "tap choice:%s:%s\nnext\n",
                           q.name, coins >> (step % 4) & 1u ? "yes" : "no");
            assert_true(script_run(&script, "branches", line));
            step++;
        }
        assert_int_equal(k->place, KIOSK_REVIEW);
        kiosk_leave(k);
    }
    core_deinit(core);
    free(core);
    source_close(source);
    harness_remove_tree(dir);
}

static void
the_staff_menu_opens_behind_its_pin(void **state)
{
    (void)state;
    run("staff_pin");
}

static void
every_page_of_the_staff_menu_does_its_work(void **state)
{
    (void)state;
    run("staff");
}

static void
test_mode_shows_and_keeps_nothing(void **state)
{
    (void)state;
    run("rehearsal");
}

static void
outside_its_hours_the_screen_sleeps(void **state)
{
    (void)state;
    run("hours");
}

static int
open_texts(void **state)
{
    (void)state;
    char locale[HARNESS_PATH_MAX];
    const char *build = getenv("ANKETA_BUILD");
    (void)snprintf(locale, sizeof(locale), "%s/locale", build ? build : ".");
    log_set_level(LOG_ERROR);
    return i18n_init(locale) < 0 ? -1 : 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_control_takes_its_answer),
        cmocka_unit_test(choices_stand_as_the_form_asks),
        cmocka_unit_test(a_table_list_is_one_grid),
        cmocka_unit_test(answers_survive_back_and_display_settings),
        cmocka_unit_test(the_check_leads_to_gaps_and_back),
        cmocka_unit_test(walking_away_is_warned_and_wiped),
        cmocka_unit_test(a_slip_opens_one_answer),
        cmocka_unit_test(a_named_form_asks_consent_first),
        cmocka_unit_test(people_are_ranked_by_touching_them),
        cmocka_unit_test(rankings_are_carried_and_counted),
        cmocka_unit_test(pictures_are_shown_or_their_absence_told),
        cmocka_unit_test(a_document_is_read_to_its_end),
        cmocka_unit_test(every_clock_keeps_its_time),
        cmocka_unit_test(repeats_are_added_and_removed),
        cmocka_unit_test(a_real_keyboard_writes_everywhere),
        cmocka_unit_test(a_key_held_down_repeats),
        cmocka_unit_test(a_room_votes_one_after_another),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(a_keyboard_reaches_everything),
        cmocka_unit_test(progress_never_goes_back_and_ends_at_the_check),
        cmocka_unit_test(the_staff_menu_opens_behind_its_pin),
        cmocka_unit_test(every_page_of_the_staff_menu_does_its_work),
        cmocka_unit_test(test_mode_shows_and_keeps_nothing),
        cmocka_unit_test(outside_its_hours_the_screen_sleeps),
    };
    return cmocka_run_group_tests(tests, open_texts, NULL);
}
