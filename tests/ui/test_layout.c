#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/log.h"
#include "render/fonts.h"
#include "sample_library.h"
#include "walk.h"

/*
 * Every page, in every size of text, both languages and on four panels: no
 * text is cut off, none lies on another, every target is large enough for a
 * finger and far enough from the next. Colours: every pair of text and ground
 * holds its contrast in every theme, and no other pair is used.
 */
#define TOLERANCE_MM 0.25
#define FAULTS_SHOWN 40

static const struct {
    const char *name;
    int width;
    int height;
    double inches;
} panels[] = {
    {"7in", 800, 480, 7.0},
    {"10in", 1280, 800, 10.1},
    {"15in", 1920, 1080, 15.6},
    {"portrait", 800, 1280, 10.1},
};

struct checker {
    const struct ui *ui;
    const char *page;
    char where[64];
    int faults;
    int pages;
};

static void
fault(struct checker *c, const char *what, const char *which)
{
    c->faults++;
    if (c->faults <= FAULTS_SHOWN) {
        (void)fprintf(stderr, "%s, %s: %s: %s\n", c->where, c->page, what,
                      which);
    }
}

static double
mm(const struct checker *c, int px)
{
    return (double)px / c->ui->metrics.px_per_mm;
}

static void
check_target(struct checker *c, const struct ui_target *t)
{
    struct geom_rect panel = {0, 0, c->ui->metrics.width_px,
                              c->ui->metrics.height_px};
    struct geom_rect seen = geom_meet(t->rect, panel);
    bool small = (t->flags & (UI_KEY | UI_DISPLAY)) != 0;
    double least = (small ? METRICS_KEY_MM : METRICS_TARGET_MM) - TOLERANCE_MM;
    if (seen.w != t->rect.w || seen.h != t->rect.h) {
        fault(c, "target beyond the panel", t->id);
    }
    if (mm(c, t->rect.w) < least || mm(c, t->rect.h) < least) {
        fault(c, "target too small", t->id);
    }
}

/* Gap between two rectangles: the larger of the two axes. */
static int
gap_px(struct geom_rect a, struct geom_rect b)
{
    int dx = geom_max(b.x - geom_right(a), a.x - geom_right(b));
    int dy = geom_max(b.y - geom_bottom(a), a.y - geom_bottom(b));
    return geom_max(dx, dy);
}

static void
check_gaps(struct checker *c)
{
    for (size_t i = 0; i < c->ui->target_count; i++) {
        for (size_t k = i + 1; k < c->ui->target_count; k++) {
            const struct ui_target *a = &c->ui->targets[i];
            const struct ui_target *b = &c->ui->targets[k];
            if (mm(c, gap_px(a->rect, b->rect)) < 2.54 - TOLERANCE_MM) {
                char both[2 * UI_ID_MAX_BYTES + 8];
                (void)snprintf(both, sizeof(both), "%s | %s", a->id, b->id);
                fault(c, "targets too close", both);
            }
        }
    }
}

/* From the top of capitals to below the baseline. */
static struct geom_rect
ink(const struct draw_list_command *t)
{
    int cap = (int)((double)t->em_px * METRICS_CAP);
    return (struct geom_rect){t->rect.x + 1, t->rect.y + t->baseline_px - cap,
                              t->rect.w - 2, cap + t->em_px / 8};
}

static void
check_text(struct checker *c, size_t index)
{
    const struct draw_list *dl = &c->ui->list;
    const struct draw_list_command *t = &dl->commands[index];
    const char *text = draw_list_string(dl, t);
    struct geom_rect panel = {0, 0, c->ui->metrics.width_px,
                              c->ui->metrics.height_px};
    struct geom_rect body = ink(t);
    struct geom_rect seen = geom_meet(body, panel);
    if (body.w > 0 && (seen.w != body.w || seen.h != body.h)) {
        fault(c, "text beyond the panel", text);
    }
    bool top_line = t->rect.y < metrics_mm(&c->ui->metrics, METRICS_TOP_MM);
    size_t len = strlen(text);
    if (!top_line && len > 3 && strcmp(text + len - 3, "…") == 0) {
        fault(c, "text cut short", text);
    }
    for (size_t i = index + 1; i < dl->count; i++) {
        const struct draw_list_command *o = &dl->commands[i];
        if (o->kind == DRAW_LIST_TEXT && !geom_empty(geom_meet(body, ink(o)))) {
            char both[256];
            (void)snprintf(both, sizeof(both), "\"%.100s\" and \"%.100s\"",
                           text, draw_list_string(dl, o));
            fault(c, "texts overlap", both);
        }
    }
    /* The target whose middle line the text stands on must hold all of it. */
    for (size_t i = 0; i < c->ui->target_count; i++) {
        struct geom_rect r = c->ui->targets[i].rect;
        if (geom_contains(r, body.x + body.w / 2, body.y + body.h / 2)
            && (body.x < r.x || geom_right(body) > geom_right(r) || body.y < r.y
                || geom_bottom(body) > geom_bottom(r))) {
            fault(c, "text leaves its card", text);
        }
    }
}

/* Colour of what the text stands on: the last filled box under it. */
static enum theme_role
ground_of(const struct draw_list *dl, size_t index)
{
    const struct draw_list_command *t = &dl->commands[index];
    int x = t->rect.x + t->rect.w / 2;
    int y = t->rect.y + t->rect.h / 2;
    enum theme_role ground = THEME_NONE;
    for (size_t i = 0; i < index; i++) {
        const struct draw_list_command *b = &dl->commands[i];
        if (b->kind == DRAW_LIST_BOX && b->fill != THEME_NONE
            && geom_contains(b->rect, x, y)) {
            ground = b->fill;
        }
    }
    return ground;
}

static void
check_colours(struct checker *c, size_t index)
{
    const struct draw_list *dl = &c->ui->list;
    enum theme_role ground = ground_of(dl, index);
    enum theme_role text = dl->commands[index].fill;
    for (size_t i = 0; i < THEME_PAIR_COUNT; i++) {
        if (theme_pairs[i].text == text && theme_pairs[i].ground == ground) {
            return;
        }
    }
    char which[256];
    const struct draw_list_command *t = &dl->commands[index];
    (void)snprintf(which, sizeof(which), "%s on %s: %.160s",
                   theme_role_name(text), theme_role_name(ground),
                   t->kind == DRAW_LIST_TEXT ? draw_list_string(dl, t)
                                             : draw_list_icon_name(t->icon));
    fault(c, "colours that are no pair", which);
}

static void
check_all_colours(struct checker *c)
{
    for (size_t i = 0; i < c->ui->list.count; i++) {
        enum draw_list_kind kind = c->ui->list.commands[i].kind;
        if (kind == DRAW_LIST_TEXT || kind == DRAW_LIST_ICON) {
            check_colours(c, i);
        }
    }
}

/* Every target of the page held by a finger, and one in focus. A slider takes
 * its value on touch and is left alone; of a keyboard one key is enough. */
static void
check_states(void *self, const char *page, struct core *core)
{
    static struct ui_target targets[UI_TARGETS_MAX];
    struct checker *c = self;
    c->ui = &core->kiosk.ui;
    c->page = page;
    c->pages++;
    check_all_colours(c);
    size_t count = c->ui->target_count;
    bool key_seen = false;
    memcpy(targets, c->ui->targets, count * sizeof(targets[0]));
    for (size_t i = 0; i < count; i++) {
        const struct ui_target *t = &targets[i];
        bool key = (t->flags & UI_KEY) != 0;
        if ((key && key_seen) || strncmp(t->id, "slider:", 7) == 0) {
            continue;
        }
        key_seen = key_seen || key;
        core_pointer(core, UI_DOWN, t->rect.x + t->rect.w / 2,
                     t->rect.y + t->rect.h / 2);
        (void)core_frame(core);
        check_all_colours(c);
        core_pointer(core, UI_CANCEL, 0, 0);
        (void)core_frame(core);
    }
    core_key(core, UI_KEY_TAB);
    (void)core_frame(core);
    check_all_colours(c);
    /* The next touch puts the focus away: so does one that is lost. */
    core_pointer(core, UI_DOWN, 0, 0);
    core_pointer(core, UI_CANCEL, 0, 0);
    (void)core_frame(core);
}

static void
check_page(void *self, const char *page, struct core *core)
{
    struct checker *c = self;
    c->ui = &core->kiosk.ui;
    c->page = page;
    c->pages++;
    if (c->ui->list.overflow || c->ui->target_count == UI_TARGETS_MAX) {
        fault(c, "more than fits a frame", "");
    }
    for (size_t i = 0; i < c->ui->target_count; i++) {
        check_target(c, &c->ui->targets[i]);
    }
    check_gaps(c);
    for (size_t i = 0; i < c->ui->list.count; i++) {
        if (c->ui->list.commands[i].kind == DRAW_LIST_TEXT) {
            check_text(c, i);
        }
    }
    check_all_colours(c);
}

static struct source *source;
static struct fonts *fonts;
static char dir[HARNESS_PATH_MAX];

static bool
has_headphones(void *self)
{
    (void)self;
    return true;
}

static bool
say_nothing(void *self, const char *text, const char *lang, int rate,
            bool private)
{
    (void)self;
    (void)lang;
    (void)rate;
    (void)private;
    return text[0] != '\0';
}

static void
pause_nothing(void *self, bool pause)
{
    (void)self;
    (void)pause;
}

static void
silence_nothing(void *self)
{
    (void)self;
}

/* Reading aloud puts a line of buttons on every page. */
static const struct reading_voice mute = {has_headphones, say_nothing,
                                          pause_nothing, silence_nothing, NULL};

static void
check_panel_read(size_t panel, const struct reading_voice *voice)
{
    int faults = 0;
    int pages = 0;
    for (int size = 0; size < METRICS_SIZE_COUNT; size++) {
        for (int lang = 0; lang < I18N_LANG_COUNT; lang++) {
            struct walk_settings settings = {
                .panel = {panels[panel].width, panels[panel].height,
                          metrics_density(panels[panel].width,
                                          panels[panel].height,
                                          panels[panel].inches)},
                .size = (enum metrics_size)size,
                .lang = (enum i18n_lang)lang,
                .measure = fonts_measure(fonts),
                .voice = voice};
            struct checker c = {0};
            (void)snprintf(c.where, sizeof(c.where), "%s size %d %s",
                           panels[panel].name, size,
                           i18n_tag((enum i18n_lang)lang));
            assert_true(walk(source, &settings, check_page, &c));
            faults += c.faults;
            pages += c.pages;
        }
    }
    print_message("%s: %d pages looked at\n", panels[panel].name, pages);
    assert_int_equal(faults, 0);
}

static void
check_panel(size_t panel)
{
    check_panel_read(panel, NULL);
    check_panel_read(panel, &mute);
}

static void
every_page_fits_seven_inches(void **state)
{
    (void)state;
    check_panel(0);
}

static void
every_page_fits_ten_inches(void **state)
{
    (void)state;
    check_panel(1);
}

static void
every_page_fits_fifteen_inches(void **state)
{
    (void)state;
    check_panel(2);
}

static void
every_page_fits_portrait(void **state)
{
    (void)state;
    check_panel(3);
}

static void
every_state_draws_only_pairs_of_colours(void **state)
{
    (void)state;
    struct walk_settings settings = {
        .panel = {1280, 800, metrics_density(1280, 800, 10.1)},
        .size = METRICS_NORMAL,
        .lang = I18N_RU,
        .measure = fonts_measure(fonts)};
    struct checker c = {.where = "states"};
    assert_true(walk(source, &settings, check_states, &c));
    print_message("%d pages touched all over\n", c.pages);
    assert_int_equal(c.faults, 0);
}

static void
every_pair_of_colours_holds_its_contrast(void **state)
{
    (void)state;
    for (int theme = 0; theme < THEME_COUNT; theme++) {
        for (size_t i = 0; i < THEME_PAIR_COUNT; i++) {
            uint32_t text =
                theme_rgb((enum theme_id)theme, theme_pairs[i].text);
            uint32_t ground =
                theme_rgb((enum theme_id)theme, theme_pairs[i].ground);
            harness_row(theme_role_name(theme_pairs[i].text));
            double least = THEME_CONTRAST_MIN;
            if (theme == THEME_WARM) {
                least = 10.0;
            } else if (theme != THEME_NIGHT) {
                least = 20.0;
            }
            assert_true(theme_contrast(text, ground) >= least);
        }
    }
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
    log_set_level(LOG_WARN);
    char locale[HARNESS_PATH_MAX];
    (void)snprintf(locale, sizeof(locale), "%s/locale",
                   getenv("ANKETA_BUILD") ? getenv("ANKETA_BUILD") : ".");
    if (i18n_init(locale) < 0
        || sample_library_write(dir, files, WALK_FORMS, NULL) < 0
        || source_open(dir, &source) < 0 || fonts_open(NULL, &fonts) < 0) {
        return -1;
    }
    return 0;
}

static int
close_sample(void **state)
{
    (void)state;
    fonts_close(fonts);
    source_close(source);
    harness_remove_tree(dir);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_colours_holds_its_contrast),
        cmocka_unit_test(every_state_draws_only_pairs_of_colours),
        cmocka_unit_test(every_page_fits_seven_inches),
        cmocka_unit_test(every_page_fits_ten_inches),
        cmocka_unit_test(every_page_fits_fifteen_inches),
        cmocka_unit_test(every_page_fits_portrait),
    };
    return cmocka_run_group_tests(tests, open_sample, close_sample);
}
