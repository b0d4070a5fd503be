#include "ui/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/scan.h"

void
ui_init(struct ui *ui, const struct text_measure *measure)
{
    *ui = (struct ui){.measure = *measure, .metrics = {.size = METRICS_NORMAL}};
    draw_list_init(&ui->list);
}

void
ui_deinit(struct ui *ui)
{
    ui_wipe(ui);
    draw_list_deinit(&ui->list);
}

void
ui_wipe(struct ui *ui)
{
    draw_list_wipe(&ui->list);
    buf_wipe(ui->targets, sizeof(ui->targets));
    ui->target_count = 0;
    buf_wipe(ui->pressed, sizeof(ui->pressed));
    buf_wipe(ui->focus, sizeof(ui->focus));
    ui->pressed_inside = false;
    ui->dragging = false;
    ui->focus_visible = false;
    ui->focus_row = false;
}

int
ui_mm(const struct ui *ui, double mm)
{
    return metrics_mm(&ui->metrics, mm);
}

void
ui_begin(struct ui *ui)
{
    draw_list_clear(&ui->list);
    ui->target_count = 0;
    struct geom_rect all = {0, 0, ui->metrics.width_px, ui->metrics.height_px};
    draw_list_box(&ui->list,
                  &(struct draw_list_box){.rect = all, .fill = THEME_PAPER});
}

const struct ui_target *
ui_find(const struct ui *ui, const char *id)
{
    for (size_t i = 0; i < ui->target_count; i++) {
        if (strcmp(ui->targets[i].id, id) == 0) {
            return &ui->targets[i];
        }
    }
    return NULL;
}

/* A dark ring between two light ones, three millimetres together: seen on every
 * ground and in every theme. It stays on the panel, into the target if need
 * be. */
#define RING_MM 3.0
#define RING_LIGHT_MM 0.5

static void
focus_ring(struct ui *ui, struct geom_rect target)
{
    int whole = ui_mm(ui, RING_MM);
    int light = geom_max(1, ui_mm(ui, RING_LIGHT_MM));
    int radius = ui_mm(ui, METRICS_BUTTON_RADIUS_MM) + whole;
    struct geom_rect panel = {0, 0, ui->metrics.width_px,
                              ui->metrics.height_px};
    struct geom_rect outer = geom_meet(geom_inset(target, -whole), panel);
    draw_list_box(&ui->list, &(struct draw_list_box){.rect = outer,
                                                     .edge = THEME_PAPER,
                                                     .edge_px = whole,
                                                     .radius_px = radius});
    draw_list_box(&ui->list,
                  &(struct draw_list_box){.rect = geom_inset(outer, light),
                                          .edge = THEME_INK,
                                          .edge_px = whole - 2 * light,
                                          .radius_px = radius - light});
}

/* The focused target, or the row of keys around it. */
static struct geom_rect
focus_rect(const struct ui *ui, const struct ui_target *focused)
{
    struct geom_rect all = focused->rect;
    size_t first = (size_t)(focused - ui->targets);
    size_t count = ui->focus_row ? scan_row(ui, first) : 1;
    for (size_t i = 1; i < count; i++) {
        all = geom_join(all, ui->targets[first + i].rect);
    }
    return all;
}

void
ui_end(struct ui *ui)
{
    if (ui->want_focus && ui_find(ui, ui->want_focus)) {
        (void)snprintf(ui->focus, sizeof(ui->focus), "%s", ui->want_focus);
        ui->want_focus = NULL;
        ui->focus_given = false;
        ui->focus_row = false;
    }
    const struct ui_target *focused =
        ui->focus[0] ? ui_find(ui, ui->focus) : NULL;
    bool lost = !focused || ui->focus_given;
    if (ui->focus_visible && lost && ui->target_count > 0) {
        ui->focus_given = true;
        focused = &ui->targets[0];
        (void)snprintf(ui->focus, sizeof(ui->focus), "%s", focused->id);
        ui->focus_row = false;
    }
    if (ui->focus_visible && focused) {
        focus_ring(ui, focus_rect(ui, focused));
    }
}

bool
ui_target(struct ui *ui, struct geom_rect rect, struct ui_action action,
          unsigned flags, const char *id_kind, const char *id_name)
{
    if (ui->target_count == UI_TARGETS_MAX) {
        return false;
    }
    struct ui_target *t = &ui->targets[ui->target_count];
    ui->target_count++;
    t->rect = rect;
    t->action = action;
    t->flags = flags;
    t->said = 0;
    (void)snprintf(t->id, sizeof(t->id), "%s%s%s", id_kind, id_name ? ":" : "",
                   id_name ? id_name : "");
    return ui->pressed_inside && strcmp(ui->pressed, t->id) == 0;
}

void
ui_said(struct ui *ui, const char *words)
{
    size_t at = ui->list.texts.len;
    buf_put(&ui->list.texts, words, strlen(words) + 1);
    if (ui->target_count > 0 && buf_status(&ui->list.texts) == STATUS_OK) {
        ui->targets[ui->target_count - 1].said = at + 1;
    }
}

static const struct ui_target *
hit(const struct ui *ui, int x, int y)
{
    for (size_t i = ui->target_count; i > 0; i--) {
        if (geom_contains(ui->targets[i - 1].rect, x, y)) {
            return &ui->targets[i - 1];
        }
    }
    return NULL;
}

static void
fill_event(struct ui_event *out, enum ui_event_kind kind,
           const struct ui_target *t)
{
    out->kind = kind;
    out->action = t->action;
    out->rect = t->rect;
}

static bool
pointer_down(struct ui *ui, struct ui_event *out)
{
    if (ui->pressed[0]) {
        return false;
    }
    bool had_focus = ui->focus_visible;
    ui->focus_visible = false;
    const struct ui_target *t = hit(ui, out->x, out->y);
    if (!t) {
        return had_focus;
    }
    (void)snprintf(ui->pressed, sizeof(ui->pressed), "%s", t->id);
    ui->pressed_rect = t->rect;
    ui->pressed_inside = true;
    ui->dragging = (t->flags & UI_DRAG) != 0;
    ui->drag_y = out->y;
    ui->drag_grip = out->y - t->rect.y;
    if (ui->dragging) {
        fill_event(out, UI_DRAG_START, t);
    }
    return true;
}

static bool
pointer_up(struct ui *ui, struct ui_event *out)
{
    const struct ui_target *t =
        ui->pressed[0] ? ui_find(ui, ui->pressed) : NULL;
    bool had = ui->pressed[0] != '\0';
    bool inside = geom_contains(ui->pressed_rect, out->x, out->y);
    if (t && ui->dragging) {
        fill_event(out, UI_DRAG_END, t);
    } else if (t && inside) {
        fill_event(out, UI_ACTIVATE, t);
        (void)snprintf(ui->focus, sizeof(ui->focus), "%s", t->id);
        ui->focus_given = false;
    }
    ui->pressed[0] = '\0';
    ui->pressed_inside = false;
    ui->dragging = false;
    return had;
}

static bool
pointer_move(struct ui *ui, struct ui_event *out)
{
    const struct ui_target *t =
        ui->pressed[0] ? ui_find(ui, ui->pressed) : NULL;
    if (!t) {
        return false;
    }
    if (ui->dragging) {
        ui->drag_y = out->y;
        fill_event(out, UI_DRAG_MOVE, t);
        return true;
    }
    bool inside = geom_contains(ui->pressed_rect, out->x, out->y);
    bool changed = inside != ui->pressed_inside;
    ui->pressed_inside = inside;
    return changed;
}

bool
ui_pointer(struct ui *ui, enum ui_phase phase, int x, int y,
           struct ui_event *out)
{
    *out = (struct ui_event){.x = x, .y = y};
    switch (phase) {
    case UI_DOWN:
        return pointer_down(ui, out);
    case UI_MOVE:
        return pointer_move(ui, out);
    case UI_UP:
        return pointer_up(ui, out);
    case UI_CANCEL:
        break;
    }
    /* A drag that is lost ends where it was last seen. */
    const struct ui_target *t =
        ui->pressed[0] ? ui_find(ui, ui->pressed) : NULL;
    if (t && ui->dragging) {
        fill_event(out, UI_DRAG_END, t);
    }
    bool had = ui->pressed[0] != '\0';
    ui->pressed[0] = '\0';
    ui->pressed_inside = false;
    ui->dragging = false;
    return had;
}

static size_t
focus_index(const struct ui *ui)
{
    for (size_t i = 0; i < ui->target_count; i++) {
        if (ui->focus[0] && strcmp(ui->targets[i].id, ui->focus) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void
set_focus(struct ui *ui, size_t index)
{
    (void)snprintf(ui->focus, sizeof(ui->focus), "%s", ui->targets[index].id);
    ui->focus_visible = true;
    ui->focus_given = false;
    ui->focus_row = false;
}

static void
focus_step(struct ui *ui, bool forward)
{
    size_t count = ui->target_count;
    size_t at = focus_index(ui);
    if (count == 0) {
        return;
    }
    if (at == SIZE_MAX) {
        set_focus(ui, forward ? 0 : count - 1);
    } else if (!ui->focus_visible) {
        set_focus(ui, at);
    } else {
        set_focus(ui, forward ? (at + 1) % count : (at + count - 1) % count);
    }
}

/* A rectangle seen along the direction of a key: `near` and `far` ahead,
 * `low` and `high` aside. */
struct span {
    long near;
    long far;
    long low;
    long high;
};

static struct span
span_of(struct geom_rect r, enum ui_key key)
{
    struct span s = {r.x, geom_right(r), r.y, geom_bottom(r)};
    if (key == UI_KEY_UP || key == UI_KEY_DOWN) {
        s = (struct span){r.y, geom_bottom(r), r.x, geom_right(r)};
    }
    if (key == UI_KEY_UP || key == UI_KEY_LEFT) {
        s = (struct span){-s.far, -s.near, s.low, s.high};
    }
    return s;
}

/* Distance to a target in a direction; -1 if it does not lie there. Sideways
 * distance weighs double, so that rows and columns are followed; what overlaps
 * counts as nearly straight ahead. */
static long
distance(struct geom_rect from, struct geom_rect to, enum ui_key key)
{
    struct span a = span_of(from, key);
    struct span b = span_of(to, key);
    if (b.near < a.far) {
        return -1;
    }
    long aside = labs((b.low + b.high) - (a.low + a.high));
    bool overlaps = b.low < a.high && b.high > a.low;
    return b.near - a.far + (overlaps ? aside / 8 : aside);
}

static void
focus_towards(struct ui *ui, enum ui_key key)
{
    size_t at = focus_index(ui);
    if (at == SIZE_MAX || !ui->focus_visible) {
        focus_step(ui, true);
        return;
    }
    long best = -1;
    size_t found = at;
    for (size_t i = 0; i < ui->target_count; i++) {
        long d = i == at
                     ? -1
                     : distance(ui->targets[at].rect, ui->targets[i].rect, key);
        if (d >= 0 && (best < 0 || d < best)) {
            best = d;
            found = i;
        }
    }
    set_focus(ui, found);
}

bool
ui_press_key(struct ui *ui, enum ui_key key, struct ui_event *out)
{
    *out = (struct ui_event){.key = key};
    if (key == UI_KEY_TAB || key == UI_KEY_BACK_TAB) {
        focus_step(ui, key == UI_KEY_TAB);
        return true;
    }
    if (key == UI_KEY_UP || key == UI_KEY_DOWN || key == UI_KEY_LEFT
        || key == UI_KEY_RIGHT) {
        focus_towards(ui, key);
        return true;
    }
    size_t at = focus_index(ui);
    if ((key == UI_KEY_ENTER || key == UI_KEY_SPACE) && ui->focus_visible
        && at != SIZE_MAX) {
        fill_event(out, UI_ACTIVATE, &ui->targets[at]);
        return true;
    }
    out->kind = UI_PRESS_KEY;
    return true;
}
