#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/core.h"
#include "app/source.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/log.h"
#include "harness/harness.h"
#include "render/dump.h"
#include "sample_library.h"

/*
 * Reading aloud, with a speaker that only writes down what it is given: the
 * words, the language, the speed, and whether others may hear it.
 */
struct speaker {
    struct reading_voice ops;
    struct buf said; /* of the last text */
    char lang[8];
    int rate;
    bool private;
    bool plugged;
    int texts;
    int silenced;
    bool paused;
};

struct room {
    char dir[HARNESS_PATH_MAX];
    struct harness_clock clock;
    struct source *source;
    struct kiosk_source ops;
    struct speaker speaker;
    struct core *core;
};

static const char *speaker_setting;
static struct kiosk_source real;

static const char *
setting(void *self, const char *key)
{
    return strcmp(key, "speech.speaker") == 0 ? speaker_setting
                                              : real.setting(self, key);
}

static bool
headphones(void *self)
{
    const struct speaker *s = self;
    return s->plugged;
}

static bool
say(void *self, const char *text, const char *lang, int rate, bool private)
{
    struct speaker *s = self;
    buf_clear(&s->said);
    buf_puts(&s->said, text);
    (void)snprintf(s->lang, sizeof(s->lang), "%s", lang);
    s->rate = rate;
    s->private = private;
    s->paused = false;
    s->texts++;
    return true;
}

static void
pause_it(void *self, bool pause)
{
    struct speaker *s = self;
    s->paused = pause;
}

static void
silence(void *self)
{
    struct speaker *s = self;
    s->silenced++;
}

static int
enter(void **state)
{
    static const char *const names[] = {"tests/data/ui/controls.csv",
                                        "assets/surveys/consent.csv"};
    char paths[2][HARNESS_PATH_MAX];
    const char *files[2];
    struct room *r = calloc(1, sizeof(*r));
    if (!r) {
        return -1;
    }
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "%s",
                       harness_source(names[i]));
        files[i] = paths[i];
    }
    char locale[HARNESS_PATH_MAX];
    (void)snprintf(locale, sizeof(locale), "%s/locale",
                   getenv("ANKETA_BUILD") ? getenv("ANKETA_BUILD") : ".");
    harness_temp_dir(r->dir);
    harness_clock_init(&r->clock, INT64_C(1795000000000));
    if (i18n_init(locale) < 0
        || sample_library_write(r->dir, files, 2, NULL) < 0
        || source_open(r->dir, &r->source) < 0) {
        return -1;
    }
    real = *source_ops(r->source);
    r->ops = real;
    r->ops.setting = setting;
    speaker_setting = NULL;
    struct text_measure measure = dump_measure();
    r->core = calloc(1, sizeof(*r->core));
    if (!r->core) {
        return -1;
    }
    core_init(r->core, &r->ops, &r->clock.clock, &measure, I18N_RU);
    core_panel(r->core, &(struct core_panel){1280, 800,
                                             metrics_density(1280, 800, 10.1)});
    r->speaker.ops =
        (struct reading_voice){headphones, say, pause_it, silence, &r->speaker};
    buf_init(&r->speaker.said, 65536);
    r->core->kiosk.voice = &r->speaker.ops;
    *state = r;
    return 0;
}

static int
leave(void **state)
{
    struct room *r = *state;
    core_deinit(r->core);
    free(r->core);
    source_close(r->source);
    buf_deinit(&r->speaker.said);
    harness_remove_tree(r->dir);
    free(r);
    return 0;
}

static void
tap(struct room *r, const char *id)
{
    (void)core_frame(r->core);
    const struct ui_target *t = ui_find(&r->core->kiosk.ui, id);
    harness_row(id);
    assert_non_null(t);
    int x = t->rect.x + t->rect.w / 2;
    int y = t->rect.y + t->rect.h / 2;
    core_pointer(r->core, UI_DOWN, x, y);
    core_pointer(r->core, UI_UP, x, y);
    (void)core_frame(r->core);
}

static const char *
said(const struct room *r)
{
    return r->speaker.said.len > 0 ? r->speaker.said.data : "";
}

static void
begin(struct room *r)
{
    r->speaker.plugged = true;
    assert_true(core_begin(r->core, "controls"));
    tap(r, "speech");
}

static void
a_page_is_read_as_it_stands_there(void **state)
{
    struct room *r = *state;
    begin(r);
    tap(r, "next");
    assert_string_equal(said(r), "Вопрос 2.\n"
                                 "Как часто вы встречаетесь с наставником?\n"
                                 "Считайте и короткие встречи на рабочем "
                                 "месте.\n"
                                 "Каждую неделю.\n"
                                 "Два-три раза в месяц.\n"
                                 "Раз в месяц или реже.\n"
                                 "Назад.\n"
                                 "Ещё.\n"
                                 "2 из 20.\n"
                                 "Далее.\n");
    assert_string_equal(r->speaker.lang, "ru");
    assert_int_equal(r->speaker.rate, 1);
}

static void
what_is_chosen_is_said_with_its_state(void **state)
{
    struct room *r = *state;
    begin(r);
    tap(r, "next");
    tap(r, "choice:often:monthly");
    assert_string_equal(said(r), "Два-три раза в месяц, выбрано.\n");
    int texts = r->speaker.texts;
    tap(r, "choice:often:rarely");
    assert_string_equal(said(r), "Раз в месяц или реже, выбрано.\n");
    assert_int_equal(r->speaker.texts, texts + 1);
    (void)core_frame(r->core);
    assert_int_equal(r->speaker.texts, texts + 1);
}

/* What is drawn as a sign has words, and they say how it stands. */
static void
signs_are_said_in_words_with_their_state(void **state)
{
    struct room *r = *state;
    begin(r);
    while (!ui_find(&r->core->kiosk.ui, "choice:often:monthly")) {
        tap(r, "next");
    }
    tap(r, "choice:often:monthly");
    static const struct {
        const char *touched;
        const char *said;
    } rows[] = {
        {"slider:share:greater", "50: больше.\n"},
        {"step:first_day:2+", "год 2026: больше.\n"},
        {"rank:wish:accept", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        while (!ui_find(&r->core->kiosk.ui, rows[i].touched)) {
            tap(r, "next");
        }
        if (!rows[i].said) {
            assert_non_null(strstr(said(r), "Елена Викторовна П.: места пока "
                                            "нет"));
            continue;
        }
        assert_null(strstr(said(r), "—"));
        tap(r, rows[i].touched);
        assert_string_equal(said(r), rows[i].said);
    }
    tap(r, "rank:wish:accept");
    tap(r, "reading-repeat");
    assert_non_null(strstr(said(r), "Елена Викторовна П.: место 1 из 3.\n"));
}

static void
the_language_of_the_form_is_the_voices(void **state)
{
    struct room *r = *state;
    begin(r);
    tap(r, "next");
    tap(r, "language");
    assert_string_equal(r->speaker.lang, "en");
    assert_non_null(strstr(said(r), "How often"));
}

static void
focus_is_said_wherever_it_goes(void **state)
{
    struct room *r = *state;
    begin(r);
    tap(r, "next");
    (void)core_key(r->core, UI_KEY_TAB);
    (void)core_frame(r->core);
    const struct ui *ui = &r->core->kiosk.ui;
    for (int i = 0; i < 30 && strcmp(ui->focus, "choice:often:weekly") != 0;
         i++) {
        core_key(r->core, UI_KEY_TAB);
        (void)core_frame(r->core);
    }
    assert_string_equal(said(r), "Каждую неделю.\n");
}

static void
it_pauses_goes_on_repeats_and_changes_speed(void **state)
{
    struct room *r = *state;
    begin(r);
    int texts = r->speaker.texts;
    tap(r, "reading-pause");
    assert_true(r->speaker.paused);
    tap(r, "reading-pause");
    assert_false(r->speaker.paused);
    assert_int_equal(r->speaker.texts, texts);
    tap(r, "reading-repeat");
    assert_int_equal(r->speaker.texts, texts + 1);
    tap(r, "reading-speed");
    assert_int_equal(r->speaker.rate, 2);
    tap(r, "reading-speed");
    assert_int_equal(r->speaker.rate, 0);
    core_voice_ended(r->core);
    (void)core_frame(r->core);
    assert_false(r->core->kiosk.reading.speaking);
    tap(r, "reading-pause"); /* "Read" by now */
    assert_true(r->core->kiosk.reading.speaking);
}

static void
nameless_answers_are_not_read_to_the_room(void **state)
{
    static const struct {
        const char *label;
        const char *form;
        bool plugged;
        const char *setting;
        bool read;
        bool private;
    } rows[] = {
        {"speaker", "controls", false, NULL, false, false},
        {"headphones", "controls", true, NULL, true, true},
        {"setting", "controls", false, "yes", true, false},
        {"another setting", "controls", false, "no", false, false},
        {"named form", "consent", false, NULL, true, false},
    };
    struct room *r = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        r->speaker.plugged = rows[i].plugged;
        speaker_setting = rows[i].setting;
        r->speaker.texts = 0;
        assert_true(core_begin(r->core, rows[i].form));
        tap(r, "speech");
        harness_row(rows[i].label);
        assert_int_equal(r->speaker.texts > 0, rows[i].read);
        assert_int_equal(r->core->kiosk.reading.on, rows[i].read);
        assert_int_equal(r->core->kiosk.dialog == KIOSK_MESSAGE, !rows[i].read);
        if (rows[i].read) {
            assert_int_equal(r->speaker.private, rows[i].private);
        }
        kiosk_leave(&r->core->kiosk);
    }
}

static void
headphones_pulled_out_end_it_on_the_next_page(void **state)
{
    struct room *r = *state;
    begin(r);
    r->speaker.plugged = false;
    int texts = r->speaker.texts;
    tap(r, "next");
    assert_int_equal(r->speaker.texts, texts);
    assert_false(r->core->kiosk.reading.on);
    assert_int_equal(r->core->kiosk.dialog, KIOSK_MESSAGE);
}

static void
the_next_person_finds_it_off(void **state)
{
    struct room *r = *state;
    begin(r);
    tap(r, "reading-speed");
    int silenced = r->speaker.silenced;
    kiosk_leave(&r->core->kiosk);
    (void)core_frame(r->core);
    assert_true(r->speaker.silenced > silenced);
    assert_false(r->core->kiosk.reading.on);
    assert_int_equal(r->core->kiosk.reading.rate, 1);
    assert_null(ui_find(&r->core->kiosk.ui, "reading-pause"));
}

static void
listening_is_being_there(void **state)
{
    struct room *r = *state;
    begin(r);
    harness_clock_advance(&r->clock, (CORE_IDLE_SECONDS + 5) * INT64_C(1000));
    core_tick(r->core);
    assert_int_equal(r->core->kiosk.dialog, KIOSK_NO_DIALOG);
    core_voice_ended(r->core);
    core_tick(r->core);
    assert_int_equal(r->core->kiosk.dialog, KIOSK_NO_DIALOG);
    harness_clock_advance(&r->clock, (CORE_IDLE_SECONDS + 5) * INT64_C(1000));
    core_tick(r->core);
    assert_int_equal(r->core->kiosk.dialog, KIOSK_IDLE_WARNING);
    (void)core_frame(r->core);
    assert_non_null(strstr(said(r), "Вы ещё здесь?"));
}

int
main(void)
{
    log_set_level(LOG_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_page_is_read_as_it_stands_there,
                                        enter, leave),
        cmocka_unit_test_setup_teardown(what_is_chosen_is_said_with_its_state,
                                        enter, leave),
        cmocka_unit_test_setup_teardown(
            signs_are_said_in_words_with_their_state, enter, leave),
        cmocka_unit_test_setup_teardown(the_language_of_the_form_is_the_voices,
                                        enter, leave),
        cmocka_unit_test_setup_teardown(focus_is_said_wherever_it_goes, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(
            it_pauses_goes_on_repeats_and_changes_speed, enter, leave),
        cmocka_unit_test_setup_teardown(
            nameless_answers_are_not_read_to_the_room, enter, leave),
        cmocka_unit_test_setup_teardown(
            headphones_pulled_out_end_it_on_the_next_page, enter, leave),
        cmocka_unit_test_setup_teardown(the_next_person_finds_it_off, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(listening_is_being_there, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
