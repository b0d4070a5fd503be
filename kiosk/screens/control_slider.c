#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "screens/control.h"

/*
 * A range of many steps: a track with a knob and the value in a bubble above
 * it, between buttons for single steps. Nothing is chosen until it is touched.
 */
#define BUBBLE_MM 14.0

enum slider_arg {
    ARG_TRACK,
    ARG_LESS,
    ARG_GREATER,
};

static double
step_of(const struct control *c)
{
    return fabs(c->q.range_step) > 0.0 ? fabs(c->q.range_step) : 1.0;
}

static double
low_of(const struct control *c)
{
    return fmin(c->q.range_start, c->q.range_end);
}

static double
high_of(const struct control *c)
{
    return fmax(c->q.range_start, c->q.range_end);
}

static void
rows(const struct control *c, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    struct metrics_type hint = metrics_type(&ui->metrics, METRICS_HINT);
    flow_add(flow,
             &(struct flow_row){
                 .height_px = ui_mm(ui, BUBBLE_MM + 2.0 + METRICS_TARGET_MM)
                              + hint.line_px,
                 .gap_px = ui_mm(ui, METRICS_GAP_MM),
                 .entry = c->entry,
                 .kind = FLOW_CONTROL});
}

static int
knob_x(const struct control *c, struct geom_rect track, double value)
{
    double span = high_of(c) - low_of(c);
    double share = span > 0.0 ? (value - low_of(c)) / span : 0.0;
    return track.x + (int)lround(share * (double)track.w);
}

static struct geom_rect
track_of(const struct control *c, struct geom_rect touch)
{
    int knob = ui_mm(&c->k->ui, 10);
    int bar = ui_mm(&c->k->ui, 2.4);
    return (struct geom_rect){touch.x + knob, touch.y + (touch.h - bar) / 2,
                              touch.w - 2 * knob, bar};
}

static void
draw_bubble(const struct control *c, struct geom_rect row, int x)
{
    struct ui *ui = &c->k->ui;
    struct widgets_text style = {.role = METRICS_FIGURE,
                                 .colour = THEME_ON_ACCENT,
                                 .align = WIDGETS_CENTRE};
    int width =
        geom_max(ui_mm(ui, 17),
                 widgets_width(ui, METRICS_FIGURE, c->q.value) + ui_mm(ui, 6));
    struct geom_rect bubble = {x - width / 2, row.y, width,
                               ui_mm(ui, BUBBLE_MM)};
    bubble.x = geom_max(bubble.x, row.x);
    bubble.x = geom_min(bubble.x, geom_right(row) - width);
    draw_list_box(&ui->list,
                  &(struct draw_list_box){.rect = bubble,
                                          .fill = THEME_ACCENT,
                                          .radius_px = ui_mm(ui, 3.4)});
    widgets_line(ui, &style, c->q.value, bubble);
}

static void
say_track(const struct control *c, bool chosen)
{
    char low[64];
    char high[64];
    char said[256];
    control_number(low_of(c), low, sizeof(low));
    control_number(high_of(c), high, sizeof(high));
    (void)snprintf(said, sizeof(said), kiosk_text(c->k, "%s, from %s to %s"),
                   chosen ? c->q.value : kiosk_text(c->k, "nothing so far"),
                   low, high);
    ui_said(&c->k->ui, said);
}

static void
draw_track(const struct control *c, struct geom_rect row,
           struct geom_rect touch)
{
    struct ui *ui = &c->k->ui;
    char name[UI_ID_MAX_BYTES];
    struct geom_rect track = track_of(c, touch);
    control_name(c, "track", name, sizeof(name));
    bool pressed = ui_target(ui, touch, control_action(c, ARG_TRACK), UI_DRAG,
                             "slider", name);
    bool chosen = c->q.value[0] != '\0';
    say_track(c, chosen);
    int x = chosen ? knob_x(c, track, strtod(c->q.value, NULL)) : track.x;
    widgets_progress(ui, track, chosen ? (size_t)(x - track.x) : 0,
                     (size_t)geom_max(track.w, 1));
    int side = ui_mm(ui, pressed ? 14 : 12);
    struct geom_rect knob = {x - side / 2, touch.y + (touch.h - side) / 2, side,
                             side};
    draw_list_box(&ui->list, &(struct draw_list_box){
                                 .rect = knob,
                                 .fill = chosen ? THEME_ACCENT : THEME_CARD,
                                 .edge = chosen ? THEME_ACCENT : THEME_INK,
                                 .edge_px = geom_max(2, ui_mm(ui, 0.6)),
                                 .radius_px = side / 2});
    if (chosen) {
        draw_bubble(c, row, x);
    }
}

static void
draw_step(const struct control *c, bool up, struct geom_rect at)
{
    char name[UI_ID_MAX_BYTES];
    control_name(c, up ? "greater" : "less", name, sizeof(name));
    struct widgets_button b = {
        .icon = up ? DRAW_LIST_PLUS : DRAW_LIST_MINUS,
        .has_icon = true,
        .look = WIDGETS_CARD,
        .role = METRICS_BUTTON,
        .action = control_action(c, up ? ARG_GREATER : ARG_LESS),
        .flags = UI_REPEAT,
        .id_kind = "slider",
        .id_name = name};
    widgets_button(&c->k->ui, &b, at);
    char said[128];
    (void)snprintf(said, sizeof(said), "%s%s%s", c->q.value,
                   c->q.value[0] ? ": " : "",
                   up ? kiosk_text(c->k, "greater") : kiosk_text(c->k, "less"));
    ui_said(&c->k->ui, said);
}

static void
draw(const struct control *c, const struct flow_row *flow_row,
     struct geom_rect rect)
{
    (void)flow_row;
    struct ui *ui = &c->k->ui;
    struct geom_rect row = rect;
    struct metrics_type hint = metrics_type(&ui->metrics, METRICS_HINT);
    struct geom_rect ends = geom_cut_bottom(&rect, hint.line_px);
    struct geom_rect line =
        geom_cut_bottom(&rect, ui_mm(ui, METRICS_TARGET_MM));
    int gap = ui_mm(ui, METRICS_GAP_MM);
    draw_step(c, false, geom_cut_left(&line, line.h));
    draw_step(c, true, geom_cut_right(&line, line.h));
    (void)geom_cut_left(&line, gap);
    (void)geom_cut_right(&line, gap);
    draw_track(c, row, line);
    struct geom_rect track = track_of(c, line);
    ends.x = track.x;
    ends.w = track.w;
    char text[64];
    struct widgets_text style = {.role = METRICS_HINT, .colour = THEME_INK};
    control_number(low_of(c), text, sizeof(text));
    widgets_line(ui, &style, text, ends);
    style.align = WIDGETS_RIGHT;
    control_number(high_of(c), text, sizeof(text));
    widgets_line(ui, &style, text, ends);
}

static void
set_value(const struct control *c, double value)
{
    double steps = round((value - low_of(c)) / step_of(c));
    double snapped = low_of(c) + steps * step_of(c);
    if (snapped > high_of(c) + 1e-9) {
        snapped -= step_of(c);
    }
    char text[64];
    control_number(fmax(snapped, low_of(c)), text, sizeof(text));
    control_set(c, text);
}

static void
act(const struct control *c, const struct ui_event *event)
{
    bool chosen = c->q.value[0] != '\0';
    double now =
        chosen ? strtod(c->q.value, NULL) : (low_of(c) + high_of(c)) / 2.0;
    if (event->action.arg == ARG_TRACK) {
        struct geom_rect track = track_of(c, event->rect);
        double share =
            (double)(event->x - track.x) / (double)geom_max(track.w, 1);
        share = fmin(fmax(share, 0.0), 1.0);
        if (event->kind == UI_ACTIVATE) {
            set_value(c, now);
        } else {
            set_value(c, low_of(c) + share * (high_of(c) - low_of(c)));
        }
    } else if (event->kind == UI_ACTIVATE) {
        double by = event->action.arg == ARG_LESS ? -step_of(c) : step_of(c);
        set_value(c,
                  fmin(fmax(chosen ? now + by : now, low_of(c)), high_of(c)));
    }
}

const struct control_ops control_slider_ops = {"slider", rows, draw, act};
