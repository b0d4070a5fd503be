#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "screens/control.h"

/*
 * A scale of few steps: one large cell a step, in one or two rows, with the
 * words for both ends beneath. Serves ranges and lists of numbers; choices of
 * a list that are words ("hard to say") follow as cards. With the appearance
 * "faces" the cells show faces.
 */
#define STEPS_MAX 11
#define CELL_MM 25.0
#define STRETCH_MM 5.0
#define ENDS_GAP_MM 2.2
#define FACE_STRETCH_MM 15.0
#define ROW_ENDS (FLOW_CONTROL + 1)
#define ROW_WORD (FLOW_CONTROL + 2)

static size_t
range_steps(const struct filling_question *q)
{
    double step = fabs(q->range_step) > 0.0 ? fabs(q->range_step) : 1.0;
    double steps = fabs(q->range_end - q->range_start) / step + 1.0;
    return steps > 0.0 && steps < 100000.0 ? (size_t)lround(floor(steps + 1e-9))
                                           : SIZE_MAX;
}

static bool
is_figure(const struct filling_choice *choice)
{
    const char *text = choice->label.text;
    size_t len = strlen(text);
    return len > 0 && len <= 3 && strspn(text, "0123456789") == len
           && !choice->label.image;
}

static size_t
figures(const struct control *c)
{
    size_t n = 0;
    while (n < c->choice_count && is_figure(&c->choices[n])) {
        n++;
    }
    return n;
}

bool
control_scale_fits(const struct control *c)
{
    if (c->q.control == FORM_CONTROL_RANGE) {
        return range_steps(&c->q) <= STEPS_MAX
               && !control_has(c->q.appearance, "no-ticks")
               && !control_has(c->q.appearance, "picker");
    }
    return c->choice_count >= 3 && figures(c) >= 3 && figures(c) <= STEPS_MAX;
}

static size_t
cells(const struct control *c)
{
    return c->q.control == FORM_CONTROL_RANGE ? range_steps(&c->q) : figures(c);
}

static void
cell_value(const struct control *c, size_t cell, char *out, size_t size)
{
    if (c->q.control == FORM_CONTROL_RANGE) {
        double step = fabs(c->q.range_step) > 0.0 ? fabs(c->q.range_step) : 1.0;
        if (c->q.range_end < c->q.range_start) {
            step = -step;
        }
        control_number(c->q.range_start + step * (double)cell, out, size);
    } else {
        (void)snprintf(out, size, "%s", c->choices[cell].name);
    }
}

static size_t
per_row(const struct control *c)
{
    int gap = ui_mm(&c->k->ui, METRICS_GAP_MM);
    int room =
        (c->width_px + gap) / (ui_mm(&c->k->ui, METRICS_TARGET_MM) + gap);
    size_t most = (size_t)geom_max(room, 1);
    size_t count = cells(c);
    size_t row_count = (count + most - 1) / most;
    return (count + row_count - 1) / row_count;
}

static bool
ends(const struct control *c, char low[CONTROL_END_BYTES],
     char high[CONTROL_END_BYTES])
{
    char first[64];
    char last[64];
    cell_value(c, 0, first, sizeof(first));
    cell_value(c, cells(c) - 1, last, sizeof(last));
    return control_ends_beneath(c)
           && control_ends(c->q.hint.text, (int)strtol(first, NULL, 10),
                           (int)strtol(last, NULL, 10), low, high);
}

static int
ends_height(const struct control *c)
{
    char low[CONTROL_END_BYTES];
    char high[CONTROL_END_BYTES];
    if (!ends(c, low, high)) {
        return 0;
    }
    struct widgets_text style = {.role = METRICS_HINT, .colour = THEME_INK};
    int width = (c->width_px - ui_mm(&c->k->ui, 6)) / 2;
    return geom_max(widgets_text_height(&c->k->ui, &style, low, width),
                    widgets_text_height(&c->k->ui, &style, high, width));
}

static struct widgets_card
word_card(const struct control *c, size_t index)
{
    return (struct widgets_card){.label = c->choices[index].label.text,
                                 .mark = WIDGETS_MARK_CIRCLE,
                                 .selected = c->choices[index].selected,
                                 .role = METRICS_BODY,
                                 .action = control_action(c, (int)index),
                                 .id_kind = "choice"};
}

/* Height of a cell: on a low panel no more than lets all of them stand on it. */
static int
cell_height(const struct control *c)
{
    struct ui *ui = &c->k->ui;
    int each = geom_max((int)per_row(c), 1);
    int row_count = geom_max(((int)cells(c) + each - 1) / each, 1);
    int gaps = (row_count - 1) * ui_mm(ui, METRICS_GAP_MM);
    int room = (c->room_px - gaps - ends_height(c) - ui_mm(ui, ENDS_GAP_MM))
               / row_count;
    return geom_max(geom_min(ui_mm(ui, CELL_MM), room),
                    ui_mm(ui, METRICS_TARGET_MM));
}

/* A face is never higher than wide. */
static int
cell_stretch(const struct control *c)
{
    struct ui *ui = &c->k->ui;
    int each = geom_max((int)per_row(c), 1);
    int width = (c->width_px - (each - 1) * ui_mm(ui, METRICS_GAP_MM)) / each;
    if (!control_has(c->q.appearance, "faces")) {
        return ui_mm(ui, STRETCH_MM);
    }
    return geom_max(
        0, geom_min(width - cell_height(c), ui_mm(ui, FACE_STRETCH_MM)));
}

static void
rows(const struct control *c, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    size_t each = per_row(c);
    int gap = ui_mm(ui, METRICS_GAP_MM);
    for (size_t from = 0; from < cells(c); from += each) {
        flow_add(flow, &(struct flow_row){.height_px = cell_height(c),
                                          .gap_px = gap,
                                          .stretch_px = cell_stretch(c),
                                          .glue = true,
                                          .entry = c->entry,
                                          .kind = FLOW_CONTROL,
                                          .arg = (int)from});
    }
    int height = ends_height(c);
    if (height > 0) {
        flow_add(flow, &(struct flow_row){.height_px = height,
                                          .gap_px = ui_mm(ui, ENDS_GAP_MM),
                                          .entry = c->entry,
                                          .kind = ROW_ENDS});
    } else if (flow->count > 0) {
        flow->rows[flow->count - 1].glue = false;
    }
    for (size_t i = cells(c); i < c->choice_count; i++) {
        struct widgets_card card = word_card(c, i);
        flow_add(flow,
                 &(struct flow_row){
                     .height_px = widgets_card_height(ui, &card, c->width_px),
                     .gap_px = i == cells(c) ? ui_mm(ui, 5) : gap,
                     .entry = c->entry,
                     .kind = ROW_WORD,
                     .arg = (int)i});
    }
}

static void
draw_ends(const struct control *c, struct geom_rect rect)
{
    char low[CONTROL_END_BYTES];
    char high[CONTROL_END_BYTES];
    if (!ends(c, low, high)) {
        return;
    }
    int width = (c->width_px - ui_mm(&c->k->ui, 6)) / 2;
    struct geom_rect left = {rect.x, rect.y, width, rect.h};
    struct geom_rect right = {geom_right(rect) - width, rect.y, width, rect.h};
    (void)widgets_text(
        &c->k->ui,
        &(struct widgets_text){.role = METRICS_HINT, .colour = THEME_INK}, low,
        left);
    (void)widgets_text(&c->k->ui,
                       &(struct widgets_text){.role = METRICS_HINT,
                                              .colour = THEME_INK,
                                              .align = WIDGETS_RIGHT},
                       high, right);
}

static bool
cell_chosen(const struct control *c, const char *value)
{
    if (c->q.value[0] == '\0') {
        return false;
    }
    if (c->q.control == FORM_CONTROL_RANGE) {
        return fabs(strtod(c->q.value, NULL) - strtod(value, NULL)) < 1e-9;
    }
    return strcmp(c->q.value, value) == 0;
}

static void
draw_cell(const struct control *c, size_t cell, struct geom_rect at)
{
    char value[64];
    char name[UI_ID_MAX_BYTES];
    cell_value(c, cell, value, sizeof(value));
    control_name(c, value, name, sizeof(name));
    bool faces = control_has(c->q.appearance, "faces");
    bool chosen = cell_chosen(c, value);
    const char *label = c->q.control == FORM_CONTROL_RANGE
                            ? value
                            : c->choices[cell].label.text;
    struct widgets_card card = {.label = faces ? "" : label,
                                .selected = chosen,
                                .centred = true,
                                .role = METRICS_FIGURE,
                                .action = control_action(c, (int)cell),
                                .id_kind = "choice",
                                .id_name = name};
    widgets_card(&c->k->ui, &card, at);
    if (faces) {
        ui_said(&c->k->ui, label);
        int side = geom_min(at.w, at.h) * 3 / 5;
        struct geom_rect icon = {at.x + (at.w - side) / 2,
                                 at.y + (at.h - side) / 2, side, side};
        size_t last = cells(c) > 1 ? cells(c) - 1 : 1;
        draw_list_icon(&c->k->ui.list, icon, DRAW_LIST_FACE,
                       chosen ? THEME_ON_ACCENT : THEME_INK,
                       (int)(cell * 100 / last));
    }
}

static void
draw(const struct control *c, const struct flow_row *row, struct geom_rect rect)
{
    if (row->kind == ROW_ENDS) {
        draw_ends(c, rect);
        return;
    }
    char name[UI_ID_MAX_BYTES];
    if (row->kind == ROW_WORD) {
        struct widgets_card card = word_card(c, (size_t)row->arg);
        control_name(c, c->choices[row->arg].name, name, sizeof(name));
        card.id_name = name;
        widgets_card(&c->k->ui, &card, rect);
        return;
    }
    int each = (int)per_row(c);
    int gap = ui_mm(&c->k->ui, METRICS_GAP_MM);
    int room = rect.w - gap * (each - 1);
    for (int i = 0; i < each && (size_t)row->arg + (size_t)i < cells(c); i++) {
        int from = room * i / each;
        int to = room * (i + 1) / each;
        struct geom_rect at = {rect.x + from + i * gap, rect.y, to - from,
                               rect.h};
        draw_cell(c, (size_t)row->arg + (size_t)i, at);
    }
}

/* A digit typed at a real keyboard is the step of that name. */
static void
typed(const struct control *c, const char *text)
{
    for (size_t cell = 0; cell < cells(c); cell++) {
        char value[64];
        cell_value(c, cell, value, sizeof(value));
        if (strcmp(value, text) == 0) {
            control_set(c, value);
            return;
        }
    }
}

static void
act(const struct control *c, const struct ui_event *event)
{
    if (event->kind == UI_INPUT) {
        typed(c, event->text);
        return;
    }
    if (event->kind != UI_ACTIVATE || event->action.arg < 0) {
        return;
    }
    size_t index = (size_t)event->action.arg;
    char value[256];
    bool chosen = false;
    if (index < cells(c)) {
        cell_value(c, index, value, sizeof(value));
        chosen = cell_chosen(c, value);
    } else if (index < c->choice_count) {
        (void)snprintf(value, sizeof(value), "%.255s", c->choices[index].name);
        chosen = c->choices[index].selected;
    } else {
        return;
    }
    control_set(c, chosen && !c->q.required ? "" : value);
}

const struct control_ops control_scale_ops = {"scale", rows, draw, act};
