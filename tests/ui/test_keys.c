#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/core.h"
#include "app/source.h"
#include "base/log.h"
#include "harness/harness.h"
#include "render/dump.h"
#include "sample_library.h"
#include "ui/scan.h"
#include "walk.h"

/*
 * Without a finger: every page of the walk is worked by Tab and Enter alone,
 * and by two switches alone; the ring around the focus is three millimetres in
 * every theme; one switch scans by the clock.
 */
#define FAULTS_SHOWN 20

static char dir[HARNESS_PATH_MAX];
static struct source *source;
static const char *switches;
static int faults;

static const char *
setting(void *self, const char *key)
{
    (void)self;
    return strcmp(key, "input.switches") == 0 ? switches : NULL;
}

static void
fault(const char *page, const char *what, const char *which)
{
    faults++;
    if (faults <= FAULTS_SHOWN) {
        (void)fprintf(stderr, "%s: %s: %s\n", page, what, which);
    }
}

/* A copy of the page's own focus: the walk must find it as it was. */
struct focus {
    char id[UI_ID_MAX_BYTES];
    bool visible;
    bool row;
    bool given;
};

static struct focus
keep(const struct ui *ui)
{
    struct focus f = {.visible = ui->focus_visible,
                      .row = ui->focus_row,
                      .given = ui->focus_given};
    memcpy(f.id, ui->focus, sizeof(f.id));
    return f;
}

static void
restore(struct ui *ui, const struct focus *f)
{
    memcpy(ui->focus, f->id, sizeof(f->id));
    ui->focus_visible = f->visible;
    ui->focus_row = f->row;
    ui->focus_given = f->given;
}

static size_t
index_of(const struct ui *ui)
{
    const struct ui_target *t = ui_find(ui, ui->focus);
    return t ? (size_t)(t - ui->targets) : UI_TARGETS_MAX;
}

static void
by_tab(void *self, const char *page, struct core *core)
{
    (void)self;
    struct ui *ui = &core->kiosk.ui;
    struct focus before = keep(ui);
    bool reached[UI_TARGETS_MAX] = {false};
    ui->focus[0] = '\0';
    for (size_t i = 0; i < ui->target_count; i++) {
        struct ui_event event;
        (void)ui_press_key(ui, UI_KEY_TAB, &event);
        size_t at = index_of(ui);
        if (at == UI_TARGETS_MAX || reached[at]) {
            fault(page, "Tab comes twice, two targets of one name?", ui->focus);
            break;
        }
        reached[at] = true;
        (void)ui_press_key(ui, UI_KEY_ENTER, &event);
        if (event.kind != UI_ACTIVATE
            || event.action.verb != ui->targets[at].action.verb
            || event.action.arg != ui->targets[at].action.arg) {
            fault(page, "Enter does not activate", ui->focus);
        }
    }
    restore(ui, &before);
}

static void
by_switches(void *self, const char *page, struct core *core)
{
    (void)self;
    struct ui *ui = &core->kiosk.ui;
    struct focus before = keep(ui);
    bool reached[UI_TARGETS_MAX] = {false};
    size_t most = 2 * ui->target_count + 2;
    struct ui_event event;
    ui->focus[0] = '\0';
    ui->focus_visible = false;
    /* Into every row, along it, and out again. */
    for (size_t i = 0; i < most; i++) {
        scan_move(ui);
        size_t at = index_of(ui);
        if (at == UI_TARGETS_MAX) {
            fault(page, "the focus is lost", ui->focus);
            break;
        }
        if (ui->focus_row && !reached[at]) {
            if (scan_select(ui, &event)) {
                fault(page, "a row is no target", ui->focus);
            }
        } else if (ui->focus_row) {
            continue;
        }
        reached[index_of(ui)] = true;
    }
    for (size_t i = 0; i < ui->target_count; i++) {
        if (!reached[i]) {
            fault(page, "no switch comes to", ui->targets[i].id);
        }
    }
    restore(ui, &before);
}

static void
walk_all(walk_visit *visit)
{
    static const struct core_panel panels[] = {
        {1280, 800, 0}, {800, 480, 0}, {800, 1280, 0}};
    static const double inches[] = {10.1, 7.0, 10.1};
    faults = 0;
    for (size_t i = 0; i < sizeof(panels) / sizeof(panels[0]); i++) {
        struct walk_settings settings = {.panel = panels[i],
                                         .size = METRICS_NORMAL,
                                         .lang = I18N_RU,
                                         .measure = dump_measure()};
        settings.panel.px_per_mm =
            metrics_density(panels[i].width_px, panels[i].height_px, inches[i]);
        assert_true(walk(source, &settings, visit, NULL));
    }
    assert_int_equal(faults, 0);
}

static void
every_page_is_worked_by_tab_and_enter(void **state)
{
    (void)state;
    walk_all(by_tab);
}

static void
every_page_is_worked_by_two_switches(void **state)
{
    (void)state;
    walk_all(by_switches);
}

/* Three millimetres of ring, more than half of it ink on paper. */
static void
ring(void *self, const char *page, struct core *core)
{
    (void)self;
    struct ui *ui = &core->kiosk.ui;
    if (ui->target_count == 0) {
        return;
    }
    struct focus before = keep(ui);
    for (size_t i = 0; i < ui->target_count; i++) {
        memcpy(ui->focus, ui->targets[i].id, sizeof(ui->focus));
        ui->focus_visible = true;
        ui->focus_given = false;
        core->kiosk.changed = true;
        (void)core_frame(core);
        const struct draw_list_command *dark =
            &ui->list.commands[ui->list.count - 1];
        const struct draw_list_command *light =
            &ui->list.commands[ui->list.count - 2];
        double mm = ui->metrics.px_per_mm;
        if (light->edge != THEME_PAPER || dark->edge != THEME_INK
            || light->edge_px < 3.0 * mm - 1.0
            || dark->edge_px < 1.9 * mm - 1.0) {
            fault(page, "no ring around", ui->focus);
        }
        struct geom_rect panel = {0, 0, ui->metrics.width_px,
                                  ui->metrics.height_px};
        struct geom_rect seen = geom_meet(light->rect, panel);
        if (seen.w != light->rect.w || seen.h != light->rect.h) {
            fault(page, "ring beyond the panel", ui->focus);
        }
    }
    restore(ui, &before);
    core->kiosk.changed = true;
    (void)core_frame(core);
}

static void
focus_is_a_ring_of_three_millimetres(void **state)
{
    (void)state;
    walk_all(ring);
    for (int theme = 0; theme < THEME_COUNT; theme++) {
        harness_row(theme_name((enum theme_id)theme));
        uint32_t ink = theme_rgb((enum theme_id)theme, THEME_INK);
        uint32_t paper = theme_rgb((enum theme_id)theme, THEME_PAPER);
        assert_true(theme_contrast(ink, paper) >= THEME_CONTRAST_MIN);
    }
}

struct room {
    struct harness_clock clock;
    struct kiosk_source ops;
    struct core core;
};

static struct room *
open_room(const char *kind)
{
    struct room *r = calloc(1, sizeof(*r));
    struct text_measure measure = dump_measure();
    assert_non_null(r);
    switches = kind;
    harness_clock_init(&r->clock, INT64_C(1795000000000));
    r->ops = *source_ops(source);
    r->ops.setting = setting;
    core_init(&r->core, &r->ops, &r->clock.clock, &measure, I18N_RU);
    core_panel(&r->core, &(struct core_panel){
                             1280, 800, metrics_density(1280, 800, 10.1)});
    assert_true(core_begin(&r->core, "controls"));
    (void)core_frame(&r->core);
    return r;
}

static void
close_room(struct room *r)
{
    core_deinit(&r->core);
    free(r);
}

static void
press(struct room *r, enum ui_key key)
{
    core_key(&r->core, key);
    (void)core_frame(&r->core);
}

/* Presses the moving switch until `id` is in focus. */
static void
go_to(struct room *r, const char *id)
{
    struct ui *ui = &r->core.kiosk.ui;
    harness_row(id);
    for (int i = 0; i < 60 && strcmp(ui->focus, id) != 0; i++) {
        press(r, UI_KEY_SPACE);
    }
    assert_string_equal(ui->focus, id);
}

static void
two_switches_answer_and_go_on(void **state)
{
    (void)state;
    struct room *r = open_room("two");
    const struct session *s = &r->core.kiosk.session;
    go_to(r, "next");
    press(r, UI_KEY_ENTER);
    assert_int_equal(s->page, 1);
    go_to(r, "choice:often:monthly");
    press(r, UI_KEY_ENTER);
    const struct ui_target *t =
        ui_find(&r->core.kiosk.ui, "choice:often:monthly");
    assert_non_null(t);
    assert_true(t->flags & UI_SELECTED);
    /* What the box types beside its key is no text. */
    core_text(&r->core, " ");
    go_to(r, "next");
    press(r, UI_KEY_ENTER);
    assert_int_equal(s->page, 2);
    close_room(r);
}

static void
one_switch_scans_by_the_clock(void **state)
{
    (void)state;
    struct room *r = open_room("one");
    struct ui *ui = &r->core.kiosk.ui;
    assert_true(core_deadline(&r->core) > r->clock.mono_ms + 100000);
    press(r, UI_KEY_SPACE);
    assert_true(ui->focus_visible);
    assert_int_equal(core_deadline(&r->core), r->clock.mono_ms + 2000);
    for (int i = 0; i < 20 && strcmp(ui->focus, "next") != 0; i++) {
        harness_clock_advance(&r->clock, 2000);
        core_tick(&r->core);
        (void)core_frame(&r->core);
    }
    assert_string_equal(ui->focus, "next");
    press(r, UI_KEY_ENTER);
    assert_int_equal(r->core.kiosk.session.page, 1);
    /* It goes on by itself, and that keeps nobody's place. */
    for (int i = 0; i < 200 && r->core.kiosk.in_session; i++) {
        harness_clock_advance(&r->clock, 2000);
        core_tick(&r->core);
        (void)core_frame(&r->core);
    }
    assert_false(r->core.kiosk.in_session);
    core_tick(&r->core);
    assert_true(core_deadline(&r->core) < 0);
    close_room(r);
}

static void
without_the_setting_they_are_keys(void **state)
{
    (void)state;
    struct room *r = open_room(NULL);
    press(r, UI_KEY_SPACE);
    assert_false(r->core.kiosk.ui.focus_visible);
    close_room(r);
}

static int
open_sample(void **state)
{
    (void)state;
    const char *files[WALK_FORMS];
    char paths[WALK_FORMS][HARNESS_PATH_MAX];
    for (size_t i = 0; i < WALK_FORMS; i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "%s",
                       harness_source(walk_forms[i]));
        files[i] = paths[i];
    }
    harness_temp_dir(dir);
    log_set_level(LOG_ERROR);
    return sample_library_write(dir, files, WALK_FORMS, NULL) < 0
                   || source_open(dir, &source) < 0
               ? -1
               : 0;
}

static int
close_sample(void **state)
{
    (void)state;
    source_close(source);
    harness_remove_tree(dir);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_is_worked_by_tab_and_enter),
        cmocka_unit_test(every_page_is_worked_by_two_switches),
        cmocka_unit_test(focus_is_a_ring_of_three_millimetres),
        cmocka_unit_test(two_switches_answer_and_go_on),
        cmocka_unit_test(one_switch_scans_by_the_clock),
        cmocka_unit_test(without_the_setting_they_are_keys),
    };
    return cmocka_run_group_tests(tests, open_sample, close_sample);
}
