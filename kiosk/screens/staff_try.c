#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "screens/chrome.h"

/*
 * Is the panel sound? Even colours and fine lines for the eye, and cells to be
 * touched for the finger, with the trail it leaves.
 */

/* -- picture ------------------------------------------------------------------ */

enum picture {
    PICTURE_LINES,
    PICTURE_WHITE,
    PICTURE_BLACK,
    PICTURE_COLOUR,
    PICTURE_COUNT
};

static void
fill(struct kiosk *k, enum theme_role role)
{
    struct geom_rect all = {0, 0, k->ui.metrics.width_px,
                            k->ui.metrics.height_px};
    draw_list_box(&k->ui.list,
                  &(struct draw_list_box){.rect = all, .fill = role});
}

/* A line on every edge, and a square of ten millimetres to lay a ruler on. */
static void
draw_lines(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct geom_rect all = {0, 0, ui->metrics.width_px, ui->metrics.height_px};
    draw_list_box(&ui->list, &(struct draw_list_box){
                                 .rect = all, .edge = THEME_INK, .edge_px = 1});
    int ten = ui_mm(ui, 10);
    for (int x = ten; x < all.w; x += ten) {
        draw_list_box(&ui->list,
                      &(struct draw_list_box){.rect = {x, 0, 1, all.h},
                                              .fill = THEME_LINE});
    }
    for (int y = ten; y < all.h; y += ten) {
        draw_list_box(&ui->list,
                      &(struct draw_list_box){.rect = {0, y, all.w, 1},
                                              .fill = THEME_LINE});
    }
    const char *text = kiosk_text(
        k, "A thin line runs along all four edges and the squares measure one "
           "centimetre. Touch the screen: white, black and colour follow. A "
           "spot that stays is a broken pixel.");
    struct widgets_text style = {.role = METRICS_HINT, .colour = THEME_INK};
    struct geom_rect box = geom_inset(all, ui_mm(ui, 12));
    int height = widgets_text_height(ui, &style, text, box.w - ui_mm(ui, 10));
    box.y += geom_max((box.h - height) / 2 - ui_mm(ui, 5), 0);
    box.h = height + ui_mm(ui, 10);
    draw_list_box(&ui->list,
                  &(struct draw_list_box){.rect = box,
                                          .fill = THEME_PAPER,
                                          .radius_px = ui_mm(ui, 3)});
    (void)widgets_text(ui, &style, text, geom_inset(box, ui_mm(ui, 5)));
}

static void
draw_picture(struct kiosk *k)
{
    struct geom_rect all = {0, 0, k->ui.metrics.width_px,
                            k->ui.metrics.height_px};
    if (k->staff.test_step == 0) {
        k->staff.theme = k->ui.theme;
    }
    switch (k->staff.test_step) {
    case PICTURE_LINES:
        draw_lines(k);
        break;
    case PICTURE_WHITE:
        k->ui.theme = THEME_BLACK_ON_WHITE;
        fill(k, THEME_PAPER);
        break;
    case PICTURE_BLACK:
        k->ui.theme = THEME_WHITE_ON_BLACK;
        fill(k, THEME_PAPER);
        break;
    default:
        k->ui.theme = THEME_WARM;
        fill(k, THEME_ACCENT);
        break;
    }
    (void)ui_target(&k->ui, all,
                    (struct ui_action){KIOSK_STAFF_DO, STAFF_PANEL, 0}, 0,
                    "panel", NULL);
}

static void
end_picture(struct kiosk *k)
{
    k->ui.theme = k->staff.theme;
    k->staff.test_step = 0;
    staff_go(k, STAFF_MENU);
}

static void
act_picture(struct kiosk *k, const struct ui_event *event)
{
    bool key = event->kind == UI_PRESS_KEY;
    if (key && event->key == UI_KEY_ESCAPE) {
        end_picture(k);
    } else if (key || event->kind == UI_ACTIVATE) {
        k->staff.test_step++;
        k->changed = true;
        if (k->staff.test_step == PICTURE_COUNT) {
            end_picture(k);
        }
    }
}

const struct screen staff_screen_test_screen = {"staff-picture", draw_picture,
                                                act_picture};

/* -- touch -------------------------------------------------------------------- */

#define CELL_MM 19.0

struct grid {
    int columns;
    int rows;
    int width;
    int height;
};

static struct grid
grid_of(const struct kiosk *k)
{
    const struct metrics *m = &k->ui.metrics;
    double cell = CELL_MM;
    struct grid g;
    do {
        g.width = m->width_px;
        g.height = m->height_px;
        g.columns = geom_max(m->width_px / ui_mm(&k->ui, cell), 1);
        g.rows = geom_max(m->height_px / ui_mm(&k->ui, cell), 1);
        cell += 1.0;
    } while (g.columns * g.rows > STAFF_CELLS_MAX);
    return g;
}

static struct geom_rect
cell_at(const struct grid *g, int column, int row)
{
    int x = g->width * column / g->columns;
    int y = g->height * row / g->rows;
    return (struct geom_rect){x, y, g->width * (column + 1) / g->columns - x,
                              g->height * (row + 1) / g->rows - y};
}

static int
touched(const struct kiosk *k, const struct grid *g)
{
    int count = 0;
    for (int i = 0; i < g->columns * g->rows; i++) {
        count += k->staff.cells[i] ? 1 : 0;
    }
    return count;
}

static void
draw_cells(struct kiosk *k, const struct grid *g)
{
    for (int row = 0; row < g->rows; row++) {
        for (int column = 0; column < g->columns; column++) {
            bool on = k->staff.cells[row * g->columns + column];
            struct geom_rect at = cell_at(g, column, row);
            struct geom_rect tick = geom_inset(at, at.h / 3);
            draw_list_box(&k->ui.list,
                          &(struct draw_list_box){
                              .rect = geom_inset(at, 1),
                              .fill = on ? THEME_ACCENT_SOFT : THEME_PAPER,
                              .edge = THEME_LINE,
                              .edge_px = 1,
                              .radius_px = ui_mm(&k->ui, 1.5)});
            if (on) {
                tick.x = at.x + (at.w - tick.h) / 2;
                tick.w = tick.h;
                draw_list_icon(&k->ui.list, tick, DRAW_LIST_TICK, THEME_INK, 0);
            }
        }
    }
}

static void
draw_trail(struct kiosk *k)
{
    const struct staff *s = &k->staff;
    int side = ui_mm(&k->ui, 2.2);
    size_t kept =
        s->trail_count < STAFF_TRAIL_MAX ? s->trail_count : STAFF_TRAIL_MAX;
    for (size_t i = 0; i < kept; i++) {
        draw_list_box(&k->ui.list,
                      &(struct draw_list_box){.rect = {s->trail[i].x - side / 2,
                                                       s->trail[i].y - side / 2,
                                                       side, side},
                                              .fill = THEME_ACCENT,
                                              .radius_px = side / 2});
    }
}

/* The way out stands at one edge and can be sent to the other, so that the
 * whole panel can be tried. */
static void
draw_touch(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct grid g = grid_of(k);
    int margin = ui_mm(ui, METRICS_MARGIN_MM);
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int height = ui_mm(ui, METRICS_TARGET_MM);
    int rows = 1;
    while (cell_at(&g, 0, rows).y < height + 2 * gap && rows < g.rows) {
        rows++;
    }
    struct geom_rect all = {0, 0, g.width, g.height};
    struct geom_rect bar = all;
    struct geom_rect area = all;
    if (k->staff.flipped) {
        bar.h = cell_at(&g, 0, rows).y;
        (void)geom_cut_top(&area, bar.h);
    } else {
        int edge = cell_at(&g, 0, g.rows - rows).y;
        bar = (struct geom_rect){0, edge, g.width, g.height - edge};
        area.h = edge;
    }
    draw_cells(k, &g);
    draw_list_box(&ui->list,
                  &(struct draw_list_box){.rect = bar, .fill = THEME_PAPER});
    struct geom_rect line = {margin, bar.y + (bar.h - height) / 2,
                             bar.w - 2 * margin, height};
    if (k->staff.flipped) {
        line.y = geom_min(line.y, geom_bottom(bar) - gap - height);
    } else {
        line.y = geom_max(line.y, bar.y + gap);
    }
    (void)ui_target(ui, area,
                    (struct ui_action){KIOSK_STAFF_DO, STAFF_PANEL, 0}, UI_DRAG,
                    "panel", NULL);
    struct widgets_button back = {.label = kiosk_text(k, "Back"),
                                  .icon = DRAW_LIST_CHEVRON_LEFT,
                                  .has_icon = true,
                                  .look = WIDGETS_OUTLINED,
                                  .role = METRICS_BUTTON,
                                  .action = {.verb = KIOSK_BACK},
                                  .id_kind = "back"};
    struct widgets_button flip = {
        .label = NULL,
        .icon = k->staff.flipped ? DRAW_LIST_ARROW_DOWN : DRAW_LIST_ARROW_UP,
        .has_icon = true,
        .look = WIDGETS_OUTLINED,
        .role = METRICS_BUTTON,
        .action = {KIOSK_STAFF_DO, STAFF_FLIP, 0},
        .id_kind = "flip"};
    widgets_button(ui, &back,
                   geom_cut_left(&line, widgets_button_width(ui, &back)));
    (void)geom_cut_left(&line, 2 * gap);
    widgets_button(
        ui, &flip,
        geom_cut_right(&line, geom_max(widgets_button_width(ui, &flip),
                                       ui_mm(ui, METRICS_TARGET_MM))));
    (void)geom_cut_right(&line, 2 * gap);
    char text[160];
    int done = touched(k, &g);
    int total = g.columns * g.rows;
    if (done == total) {
        (void)snprintf(text, sizeof(text), "%s",
                       kiosk_text(k, "The whole panel answers."));
    } else {
        (void)snprintf(text, sizeof(text),
                       kiosk_text(k, "Wipe over every field: %d of %d"), done,
                       total);
    }
    struct widgets_text style = {.role = METRICS_HINT_STRONG,
                                 .colour = THEME_INK};
    int tall = widgets_text_height(ui, &style, text, line.w);
    if (tall <= line.h) {
        line.y += (line.h - tall) / 2;
        (void)widgets_text(ui, &style, text, line);
    }
    draw_trail(k);
}

static void
note_touch(struct kiosk *k, int x, int y)
{
    struct staff *s = &k->staff;
    struct grid g = grid_of(k);
    if (x < 0 || y < 0 || x >= g.width || y >= g.height) {
        return;
    }
    s->cells[y * g.rows / g.height * g.columns + x * g.columns / g.width] =
        true;
    s->trail[s->trail_count % STAFF_TRAIL_MAX].x = x;
    s->trail[s->trail_count % STAFF_TRAIL_MAX].y = y;
    s->trail_count++;
    k->changed = true;
}

static void
act_touch(struct kiosk *k, const struct ui_event *event)
{
    if (event->kind == UI_DRAG_START || event->kind == UI_DRAG_MOVE) {
        if (event->kind == UI_DRAG_START) {
            k->staff.trail_count = 0;
        }
        note_touch(k, event->x, event->y);
        return;
    }
    if (event->kind == UI_ACTIVATE && event->action.verb == KIOSK_STAFF_DO
        && event->action.entry == STAFF_FLIP) {
        k->staff.flipped = !k->staff.flipped;
        k->staff.trail_count = 0;
        k->changed = true;
        return;
    }
    if (staff_common_act(k, event)) {
        buf_wipe(k->staff.cells, sizeof(k->staff.cells));
        k->staff.trail_count = 0;
        k->staff.flipped = false;
    }
}

const struct screen staff_touch_test_screen = {"staff-touch", draw_touch,
                                               act_touch};
