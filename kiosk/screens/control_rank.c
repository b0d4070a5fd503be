#include <stdio.h>
#include <string.h>

#include "screens/chrome.h"
#include "screens/control.h"

/*
 * Ranking: cards with a place number, moved by arrows or by the finger.
 *
 * A card that is carried floats under the finger, above the place it would be
 * laid down in, and the others make way for it; where nothing may move, it is
 * marked in that place.
 *
 * Untouched, the list has no places: it says that nothing is ranked so far and
 * offers to accept the order as it stands, so that an order nobody chose is
 * never taken for an answer.
 */
#define ARG_ACCEPT 100000
#define ARG_CLEAR 100001
#define ARG_CARRY 200000 /* and the index: the card itself, by the finger */
#define ROW_ACCEPT (FLOW_CONTROL + 1)
#define ROW_CLEAR (FLOW_CONTROL + 2)

static bool
accepted(const struct control *c)
{
    return c->q.value[0] != '\0';
}

#define NUMBER_MM 15.0
#define PADDING_MM 1.4 /* two lines are as high as a target */

static int
arrow_gap(const struct control *c)
{
    return ui_mm(&c->k->ui, METRICS_GAP_MM);
}

static int
text_width_of(const struct control *c, size_t index)
{
    int side = ui_mm(&c->k->ui, METRICS_TARGET_MM);
    bool ends = index == 0 || index + 1 == c->choice_count;
    return c->width_px - ui_mm(&c->k->ui, NUMBER_MM)
           - (ends ? side : 2 * side + arrow_gap(c)) - arrow_gap(c);
}

/* As between two arrows, wherever the card lies: a page must not fall into
 * other parts because somebody moved up. */
static int
card_height(const struct control *c, size_t index)
{
    struct ui *ui = &c->k->ui;
    struct widgets_text style = {.role = METRICS_BODY};
    int width = geom_min(text_width_of(c, index), text_width_of(c, 1));
    int height =
        widgets_text_height(ui, &style, c->choices[index].label.text, width)
        + 2 * ui_mm(ui, PADDING_MM);
    return geom_max(height, ui_mm(ui, METRICS_TARGET_MM));
}

/* What ends a ranking: taking the order as it stands, or taking it back. */
static struct widgets_button
end_button(const struct control *c, bool accept)
{
    return (struct widgets_button){
        .label = accept ? kiosk_text(c->k, "This order is right")
                        : kiosk_text(c->k, "Reset the order"),
        .icon = DRAW_LIST_TICK,
        .has_icon = accept,
        .look = WIDGETS_OUTLINED,
        .role = METRICS_BUTTON,
        .action = control_action(c, accept ? ARG_ACCEPT : ARG_CLEAR),
        .id_kind = "rank"};
}

static void
rows(const struct control *c, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    int gap = ui_mm(ui, METRICS_GAP_MM);
    for (size_t i = 0; i < c->choice_count; i++) {
        flow_add(flow, &(struct flow_row){.height_px = card_height(c, i),
                                          .gap_px = gap,
                                          /* The button ends no list alone. */
                                          .glue = i + 1 == c->choice_count,
                                          .entry = c->entry,
                                          .kind = FLOW_CONTROL,
                                          .arg = (int)i});
    }
    struct widgets_button take = end_button(c, true);
    struct widgets_button clear = end_button(c, false);
    flow_add(flow, &(struct flow_row){
                       .height_px = ui_mm(ui, METRICS_TARGET_MM),
                       .gap_px = gap,
                       .aside_px = geom_max(widgets_button_width(ui, &take),
                                            widgets_button_width(ui, &clear)),
                       .entry = c->entry,
                       .kind = accepted(c) ? ROW_CLEAR : ROW_ACCEPT});
}

static void
arrow(const struct control *c, size_t index, bool up, struct geom_rect at)
{
    char text[32];
    char name[UI_ID_MAX_BYTES];
    (void)snprintf(text, sizeof(text), "%.20s-%s", c->choices[index].name,
                   up ? "up" : "down");
    control_name(c, text, name, sizeof(name));
    struct widgets_button b = {
        .icon = up ? DRAW_LIST_ARROW_UP : DRAW_LIST_ARROW_DOWN,
        .has_icon = true,
        .look = WIDGETS_OUTLINED,
        .role = METRICS_BUTTON,
        .action = control_action(c, (int)index * 2 + (up ? 0 : 1)),
        .inset_px = ui_mm(&c->k->ui, 2.4),
        .id_kind = "rank",
        .id_name = name};
    widgets_button(&c->k->ui, &b, at);
    const char *who = c->choices[index].label.text;
    char said[256];
    (void)snprintf(said, sizeof(said),
                   up ? kiosk_text(c->k, "%s: one place up")
                      : kiosk_text(c->k, "%s: one place down"),
                   who);
    ui_said(&c->k->ui, said);
}

static void
draw_ground(const struct control *c, struct geom_rect rect, bool carried)
{
    struct ui *ui = &c->k->ui;
    bool placed = accepted(c);
    draw_list_box(&ui->list,
                  &(struct draw_list_box){
                      .rect = rect,
                      .fill = carried  ? THEME_CARD_PRESSED
                              : placed ? THEME_CARD
                                       : THEME_PAPER,
                      .edge = carried ? THEME_INK : THEME_LINE,
                      .edge_px = geom_max(carried ? 2 : 1,
                                          ui_mm(ui, carried ? 0.8 : 0.34)),
                      .radius_px = ui_mm(ui, METRICS_CARD_RADIUS_MM),
                      .dashed = !placed && !carried});
}

/* The finger's target: the card less its arrows. */
static bool
carry_target(const struct control *c, size_t index, struct geom_rect rect)
{
    char name[UI_ID_MAX_BYTES];
    control_name(c, c->choices[index].name, name, sizeof(name));
    rect.w = ui_mm(&c->k->ui, NUMBER_MM) + text_width_of(c, index);
    bool carried =
        ui_target(&c->k->ui, rect, control_action(c, ARG_CARRY + (int)index),
                  UI_DRAG, "carry", name);
    char said[512];
    const char *who = c->choices[index].label.text;
    if (accepted(c)) {
        (void)snprintf(said, sizeof(said),
                       kiosk_text(c->k, "%s: place %zu of %zu"), who, index + 1,
                       c->choice_count);
    } else {
        (void)snprintf(said, sizeof(said), kiosk_text(c->k, "%s: no place yet"),
                       who);
    }
    ui_said(&c->k->ui, said);
    return carried;
}

/* Cuts the arrows off the card's right. */
static void
draw_arrows(const struct control *c, size_t index, struct geom_rect *card)
{
    int side = ui_mm(&c->k->ui, METRICS_TARGET_MM);
    bool last = index + 1 == c->choice_count;
    if (!last) {
        struct geom_rect down = geom_cut_right(card, side);
        arrow(c, index, false, down);
    }
    if (index > 0) {
        if (!last) {
            (void)geom_cut_right(card, arrow_gap(c));
        }
        arrow(c, index, true, geom_cut_right(card, side));
    }
    (void)geom_cut_right(card, arrow_gap(c));
}

static void
draw_words(const struct control *c, size_t index, bool carried,
           struct geom_rect inside)
{
    struct ui *ui = &c->k->ui;
    char place[24];
    (void)snprintf(place, sizeof(place), "%zu", index + 1);
    struct geom_rect number = geom_cut_left(&inside, ui_mm(ui, NUMBER_MM));
    widgets_line(
        ui,
        &(struct widgets_text){.role = METRICS_FIGURE,
                               .colour = carried ? THEME_INK : THEME_ACCENT,
                               .align = WIDGETS_CENTRE},
        accepted(c) ? place : "·", number);
    struct widgets_text style = {.role = METRICS_BODY, .colour = THEME_INK};
    const char *label = c->choices[index].label.text;
    int height = widgets_text_height(ui, &style, label, inside.w);
    geom_cut_top(&inside, (inside.h - height) / 2);
    (void)widgets_text(ui, &style, label, inside);
}

/* The finger's own height, but on the page. */
static struct geom_rect
floating(const struct control *c, struct geom_rect place)
{
    const struct ui *ui = &c->k->ui;
    struct geom_rect body = chrome_body(c->k);
    int y = ui->drag_y - ui->drag_grip;
    place.y = geom_max(geom_min(y, geom_bottom(body) - place.h), body.y);
    return place;
}

static void
draw_card(const struct control *c, size_t index, struct geom_rect rect)
{
    bool carried = carry_target(c, index, rect);
    if (carried && c->k->ui.dragging && kiosk_moves(c->k)) {
        struct geom_rect card = floating(c, rect);
        draw_list_box(
            &c->k->ui.list,
            &(struct draw_list_box){
                .rect = rect,
                .fill = THEME_TRACK,
                .edge = THEME_TRACK,
                .radius_px = ui_mm(&c->k->ui, METRICS_CARD_RADIUS_MM)});
        draw_ground(c, card, true);
        card.w -= arrow_gap(c);
        draw_words(c, index, true, card);
        return;
    }
    draw_ground(c, rect, carried);
    draw_arrows(c, index, &rect);
    draw_words(c, index, carried, rect);
}

bool
control_rank_raised(const struct control *c, const struct flow_row *row)
{
    char name[UI_ID_MAX_BYTES];
    static const char kind[] = "carry:";
    const char *pressed = c->k->ui.pressed;
    if (!c->k->ui.dragging || !kiosk_moves(c->k) || row->kind != FLOW_CONTROL
        || (size_t)row->arg >= c->choice_count
        || strncmp(pressed, kind, sizeof(kind) - 1) != 0) {
        return false;
    }
    control_name(c, c->choices[row->arg].name, name, sizeof(name));
    return strcmp(pressed + sizeof(kind) - 1, name) == 0;
}

static void
draw(const struct control *c, const struct flow_row *row, struct geom_rect rect)
{
    if (row->kind == FLOW_CONTROL) {
        draw_card(c, (size_t)row->arg, rect);
        return;
    }
    bool accept = row->kind == ROW_ACCEPT;
    char name[UI_ID_MAX_BYTES];
    control_name(c, accept ? "accept" : "clear", name, sizeof(name));
    struct widgets_button b = end_button(c, accept);
    b.id_name = name;
    widgets_button(&c->k->ui, &b, rect);
}

/* The order with one taken out at `from` and put in at `to`. */
static void
set_order(const struct control *c, size_t from, size_t to)
{
    struct buf value;
    buf_init(&value, FILLING_XML_MAX_BYTES);
    for (size_t i = 0; i < c->choice_count; i++) {
        size_t index = i;
        if (i == to) {
            index = from;
        } else if (from < to && i >= from && i < to) {
            index = i + 1;
        } else if (from > to && i > to && i <= from) {
            index = i - 1;
        }
        if (i > 0) {
            buf_putc(&value, ' ');
        }
        buf_puts(&value, c->choices[index].name);
    }
    if (buf_status(&value) == STATUS_OK) {
        control_set(c, value.data);
    }
    buf_deinit(&value);
}

/* The place under the finger: of the cards of this part of the page. */
static size_t
place_under(const struct control *c, size_t carried, int y)
{
    size_t place = carried;
    for (size_t i = 0; i < c->choice_count; i++) {
        char id[UI_ID_MAX_BYTES * 2];
        (void)snprintf(id, sizeof(id), "carry:%s:%s", c->q.name,
                       c->choices[i].name);
        const struct ui_target *t = ui_find(&c->k->ui, id);
        int middle = t ? t->rect.y + t->rect.h / 2 : 0;
        bool above = i < carried && y < middle && i < place;
        bool below = i > carried && y > middle;
        place = t && (above || below) ? i : place;
    }
    return place;
}

static void
carry(const struct control *c, size_t index, const struct ui_event *event)
{
    if (index >= c->choice_count || event->kind != UI_DRAG_MOVE) {
        return;
    }
    size_t place = place_under(c, index, event->y);
    if (place != index) {
        set_order(c, index, place);
    }
}

static void
act(const struct control *c, const struct ui_event *event)
{
    int arg = event->action.arg;
    if (arg >= ARG_CARRY) {
        carry(c, (size_t)(arg - ARG_CARRY), event);
        return;
    }
    if (event->kind != UI_ACTIVATE) {
        return;
    }
    if (arg == ARG_CLEAR) {
        control_set(c, "");
        return;
    }
    if (arg == ARG_ACCEPT) {
        set_order(c, 0, 0);
        return;
    }
    size_t index = (size_t)arg / 2;
    bool up = arg % 2 == 0;
    if (arg < 0 || index >= c->choice_count || (up && index == 0)
        || (!up && index + 1 >= c->choice_count)) {
        return;
    }
    set_order(c, index, up ? index - 1 : index + 1);
}

const struct control_ops control_rank_ops = {"rank", rows, draw, act};
