#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/core.h"
#include "app/source.h"
#include "base/i18n.h"
#include "base/log.h"
#include "harness/harness.h"
#include "render/dump.h"
#include "sample_desk.h"
#include "sample_library.h"
#include "store/outbox.h"

/*
 * A monkey in front of the kiosk: random touches, drags, keys, switches, words
 * and pauses, with the voice on or off; it knows the staff's PIN, too, and plays
 * with what is behind it. The kiosk must always show something that can be
 * touched, come home from wherever it was left alone, and keep every answer it
 * thanked for: sent, thanked and stored are one number, and none of test mode
 * is among them.
 *
 * test_ui_monkey [EVENTS [SEED]]
 */
#define EVENTS 10000
#define FORMS 8
#define HOME_MS (INT64_C(400) * 1000)
/* A page that is read aloud, or test mode, may take that much longer. */
#define HOME_LONG_MS (INT64_C(1200) * 1000)
/* From time to time nobody is there: then the page of the moment is left. */
#define ALONE_EVERY 4000

static long events = EVENTS;
static uint64_t seed = 20261123;
static struct kiosk_source real;
static struct sample_desk desk;
static long sent;
static long thanked;
static long rehearsed;
static long came_in; /* to the staff menu */
static bool staff_seen[STAFF_PAGE_COUNT];

static uint32_t
dice(uint32_t sides)
{
    /* xorshift64*: the same monkey for the same seed. */
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (uint32_t)((seed * UINT64_C(2685821657736338717)) >> 33) % sides;
}

static const char *switches;

static const char *
setting(void *self, const char *key)
{
    return strcmp(key, "input.switches") == 0 ? switches
                                              : real.setting(self, key);
}

static bool
headphones(void *self)
{
    (void)self;
    return dice(10) != 0;
}

static bool
say(void *self, const char *text, const char *lang, int rate, bool private)
{
    (void)self;
    (void)private;
    return text[0] != '\0' && lang[0] != '\0' && rate < READING_RATES;
}

static void
pause_voice(void *self, bool pause)
{
    (void)self;
    (void)pause;
}

static void
silence(void *self)
{
    (void)self;
}

static const struct reading_voice voice = {headphones, say, pause_voice,
                                           silence, NULL};

static enum status
send_sometimes(void *self, size_t index, struct filling *f, const char *code)
{
    if (dice(8) == 0) {
        return dice(2) ? STATUS_E_FULL : STATUS_E_IO;
    }
    enum status st = real.send(self, index, f, code);
    sent += st >= 0 ? 1 : 0;
    return st;
}

static enum status
rehearse(void *self, size_t index, struct filling *f, const char *code)
{
    enum status st = real.rehearse(self, index, f, code);
    rehearsed += st >= 0 ? 1 : 0;
    return st;
}

static bool
tap(struct core *core, const char *id)
{
    (void)core_frame(core);
    const struct ui_target *t = ui_find(&core->kiosk.ui, id);
    if (!t) {
        return false;
    }
    int x = t->rect.x + t->rect.w / 2;
    int y = t->rect.y + t->rect.h / 2;
    core_pointer(core, UI_DOWN, x, y);
    core_pointer(core, UI_UP, x, y);
    (void)core_frame(core);
    return true;
}

/* By the key, and through the PIN, which is to be chosen now and then. */
static void
come_in(struct core *core)
{
    static const char *const digits[] = {"digit:2", "digit:7", "digit:1",
                                         "digit:8", "digit:2", "digit:8"};
    const struct kiosk *k = &core->kiosk;
    desk.wrong = dice(8) == 0;
    desk.state = dice(8) == 0 ? STAFF_PIN_UNSET : STAFF_PIN_READY;
    core_key(core, UI_KEY_STAFF);
    int times = desk.state == STAFF_PIN_UNSET ? 2 : 1;
    while (k->place == KIOSK_STAFF && times-- > 0) {
        for (size_t i = 0; i < sizeof(digits) / sizeof(digits[0]); i++) {
            (void)tap(core, digits[i]);
        }
        (void)tap(core, "next");
    }
    came_in += k->place == KIOSK_STAFF && k->staff.inside ? 1 : 0;
}

/* What the world behind the menu does. */
static void
stir(struct core *core)
{
    desk.sticks = dice(4);
    desk.brightness = dice(4) == 0 ? -1 : 10 + (int)dice(91);
    if (desk.running && dice(2) == 0) {
        desk.running = false;
        desk.good = dice(2) == 0;
    }
    core_refresh(core);
}

static void
touch(struct core *core)
{
    const struct ui *ui = &core->kiosk.ui;
    int x = (int)dice((uint32_t)ui->metrics.width_px);
    int y = (int)dice((uint32_t)ui->metrics.height_px);
    /* Mostly at something: a monkey that misses learns nothing. */
    if (ui->target_count > 0 && dice(10) < 8) {
        static const char *const onward[] = {"next", "send", "start"};
        const struct ui_target *t = ui_find(ui, onward[dice(3)]);
        struct geom_rect r =
            t && dice(2) ? t->rect
                         : ui->targets[dice((uint32_t)ui->target_count)].rect;
        x = r.x + (int)dice((uint32_t)r.w);
        y = r.y + (int)dice((uint32_t)r.h);
    }
    core_pointer(core, UI_DOWN, x, y);
    if (dice(6) == 0) {
        core_pointer(core, dice(5) == 0 ? UI_CANCEL : UI_MOVE,
                     (int)dice((uint32_t)ui->metrics.width_px),
                     (int)dice((uint32_t)ui->metrics.height_px));
    }
    core_pointer(core, UI_UP, x, y);
}

static void
one_event(struct core *core, struct harness_clock *clock)
{
    static const char *const words[] = {"а", "Б", "q", "7", "«", " ", "слово"};
    static const char *const kinds[] = {NULL, NULL, "two", "one"};
    switch (dice(12)) {
    case 4:
        if (dice(300) == 0) {
            switches = kinds[dice(4)];
        }
        if (dice(20) == 0) {
            core_voice_ended(core);
        }
        core_key(core, dice(3) == 0 ? UI_KEY_ENTER : UI_KEY_SPACE);
        break;
    case 3:
        if (dice(60) == 0) {
            come_in(core);
        } else if (dice(20) == 0) {
            stir(core);
        } else {
            touch(core);
        }
        break;
    case 0:
        core_key(core, (enum ui_key)dice(UI_KEY_PAGE_DOWN + 1));
        break;
    case 1:
        core_text(core, words[dice(7)]);
        break;
    case 2:
        harness_clock_advance(clock, dice(200) == 0 ? 130000 : dice(3000));
        core_tick(core);
        break;
    default:
        touch(core);
        break;
    }
}

/* Left alone, it goes home by itself, from any page. */
static void
leave_alone(struct core *core, struct harness_clock *clock)
{
    bool longer = core->kiosk.reading.on || core->kiosk.rehearsal;
    int64_t until = clock->mono_ms + (longer ? HOME_LONG_MS : HOME_MS);
    desk.running = false; /* an errand is waited for, however long */
    desk.hours = (struct hours){0, 0};
    kiosk_look_at_hours(&core->kiosk);
    while (clock->mono_ms < until) {
        harness_clock_advance(clock, 1000);
        core_tick(core);
        (void)core_frame(core);
    }
    const struct kiosk *k = &core->kiosk;
    assert_int_equal(k->place, kiosk_home(k));
    kiosk_room_stop(&core->kiosk);
    core_key(core, UI_KEY_ESCAPE);
    kiosk_go(&core->kiosk, kiosk_home(k));
    (void)core_frame(core);
    assert_false(k->rehearsal);
    assert_false(k->staff.inside);
    assert_string_equal(k->staff.pin, "");
    assert_string_equal(k->staff.code, "");
    assert_int_equal(k->ui.theme, THEME_WARM);
    assert_int_equal(k->dialog, KIOSK_NO_DIALOG);
    assert_false(k->in_session);
    assert_false(k->reading.on);
    assert_true(core_deadline(core) < 0);
    assert_non_null(ui_find(&k->ui, "start"));
}

static size_t
stored(const char *dir)
{
    char path[HARNESS_PATH_MAX + 16];
    struct outbox *ob = NULL;
    (void)snprintf(path, sizeof(path), "%s/outbox.db", dir);
    assert_int_equal(outbox_open(path, &ob), STATUS_OK);
    assert_int_equal(outbox_scan(ob), STATUS_OK);
    size_t count = outbox_record_count(ob);
    outbox_close(ob);
    return count;
}

static void
the_kiosk_survives_a_monkey(void **state)
{
    (void)state;
    static const char *const names[FORMS] = {
        "tests/data/ui/controls.csv",        "tests/data/ui/slip.csv",
        "assets/surveys/interim_mentee.csv", "tests/data/ui/choices.csv",
        "tests/data/ui/tables.csv",          "tests/data/ui/repeats.csv",
        "tests/data/ui/branches.csv",        "tests/data/ui/ballot.csv"};
    char paths[FORMS][HARNESS_PATH_MAX];
    const char *files[FORMS];
    char dir[HARNESS_PATH_MAX];
    struct source *source = NULL;
    struct harness_clock clock;
    for (size_t i = 0; i < FORMS; i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "%s",
                       harness_source(names[i]));
        files[i] = paths[i];
    }
    harness_temp_dir(dir);
    harness_clock_init(&clock, INT64_C(1795000000000));
    assert_int_equal(sample_library_write(dir, files, FORMS, NULL), STATUS_OK);
    assert_int_equal(source_open(dir, &source), STATUS_OK);
    real = *source_ops(source);
    struct kiosk_source ops = real;
    ops.send = send_sometimes;
    ops.rehearse = rehearse;
    ops.setting = setting;
    struct text_measure measure = dump_measure();
    struct core *core = calloc(1, sizeof(*core));
    assert_non_null(core);
    core_init(core, &ops, &clock.clock, &measure, I18N_RU);
    core_panel(core, &(struct core_panel){1280, 800,
                                          metrics_density(1280, 800, 10.1)});
    core->kiosk.voice = &voice;
    sample_desk_init(&desk);
    desk.hours = (struct hours){0, 0};
    core_staff(core, &desk.ops);
    enum kiosk_place before = KIOSK_ATTRACT;
    unsigned before_done = 0;
    for (long i = 0; i < events; i++) {
        one_event(core, &clock);
        (void)core_frame(core);
        const struct kiosk *k = &core->kiosk;
        enum kiosk_place now = k->place;
        assert_true(k->ui.target_count > 0 || now == KIOSK_ASLEEP);
        assert_false(k->ui.list.overflow);
        if (!k->rehearsal) {
            thanked += now == KIOSK_THANKS && before != KIOSK_THANKS ? 1 : 0;
            thanked += k->room.done > before_done ? 1 : 0;
        }
        before_done = k->room.done;
        before = now;
        staff_seen[k->staff.page] |= now == KIOSK_STAFF;
        core->kiosk.restart = false; /* the window's business */
        if (i % ALONE_EVERY == ALONE_EVERY - 1) {
            leave_alone(core, &clock);
            before = KIOSK_ATTRACT;
            before_done = 0;
            assert_int_equal(sent, thanked);
            if (dice(2) == 0) {
                come_in(core);
            }
        }
    }
    leave_alone(core, &clock);
    assert_int_equal(sent, thanked);
    for (int i = 0; i < STAFF_PAGE_COUNT; i++) {
        assert_true(staff_seen[i] || events < 100 * EVENTS);
    }
    print_message("%ld events, %ld answers sent, %ld in test mode, %ld times "
                  "in the staff menu\n",
                  events, sent, rehearsed, came_in);
    core_deinit(core);
    free(core);
    source_close(source);
    assert_int_equal(stored(dir), sent);
    harness_remove_tree(dir);
}

int
main(int argc, char **argv)
{
    if (argc > 1) {
        events = strtol(argv[1], NULL, 10);
    }
    if (argc > 2) {
        seed = strtoull(argv[2], NULL, 10);
    }
    log_set_level(LOG_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kiosk_survives_a_monkey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
