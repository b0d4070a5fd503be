#include <stdio.h>
#include <string.h>

#include "screens/control.h"

/*
 * The first few of a ranking (appearance "first-N"): a touch gives a card the
 * next place, another takes it back. Cards stay where they are: only the
 * numbers move.
 */
#define NUMBER_MM 15.0
#define ROW_STATE (FLOW_CONTROL + 1)

struct place {
    size_t of; /* from 1; 0: none */
    size_t taken;
    size_t places;
};

/* Place of `name` in the answer. */
static struct place
place_of(const struct control *c, const char *name)
{
    struct place p = {.places =
                          form_rank_places(c->q.appearance, c->choice_count)};
    size_t len = strlen(name);
    for (const char *at = c->q.value; *at;) {
        size_t word = strcspn(at, " ");
        p.taken += word > 0 ? 1 : 0;
        if (word == len && memcmp(at, name, len) == 0) {
            p.of = p.taken;
        }
        at += word + (at[word] == ' ' ? 1 : 0);
    }
    return p;
}

static int
number_px(const struct control *c)
{
    return ui_mm(&c->k->ui, NUMBER_MM);
}

static struct widgets_card
card_of(const struct control *c, size_t index)
{
    return (struct widgets_card){.label = control_choice_label(c, index),
                                 .lead_px = number_px(c),
                                 .mark = WIDGETS_MARK_NONE,
                                 .selected = c->choices[index].selected,
                                 .role = METRICS_BODY,
                                 .action = control_action(c, (int)index),
                                 .id_kind = "choice"};
}

static void
state_text(const struct control *c, char *out, size_t size)
{
    struct place p = place_of(c, "");
    if (p.taken == p.places) {
        (void)snprintf(out, size, "%s",
                       kiosk_text(c->k, "All places are given. Touch a card "
                                        "to take its place back."));
    } else {
        (void)snprintf(out, size, kiosk_text(c->k, "Places given: %zu of %zu"),
                       p.taken, p.places);
    }
}

static const struct widgets_text state_style = {.role = METRICS_HINT_STRONG,
                                                .colour = THEME_ACCENT};

static void
rows(const struct control *c, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    int gap = ui_mm(ui, METRICS_GAP_MM);
    char text[256];
    state_text(c, text, sizeof(text));
    flow_add(flow, &(struct flow_row){.height_px = widgets_text_height(
                                          ui, &state_style, text, c->width_px),
                                      .gap_px = gap,
                                      .glue = true,
                                      .entry = c->entry,
                                      .kind = ROW_STATE});
    for (size_t i = 0; i < c->choice_count; i++) {
        struct widgets_card card = card_of(c, i);
        flow_add(flow, &(struct flow_row){.height_px = widgets_card_height(
                                              ui, &card, c->width_px),
                                          .gap_px = gap,
                                          .entry = c->entry,
                                          .kind = FLOW_CONTROL,
                                          .arg = (int)i});
    }
}

static void
draw_card(const struct control *c, size_t index, struct geom_rect rect)
{
    struct ui *ui = &c->k->ui;
    struct widgets_card card = card_of(c, index);
    struct place p = place_of(c, c->choices[index].name);
    char name[UI_ID_MAX_BYTES];
    control_name(c, c->choices[index].name, name, sizeof(name));
    card.id_name = name;
    widgets_card(ui, &card, rect);
    char said[512];
    (void)snprintf(said, sizeof(said), kiosk_text(c->k, "%s: place %zu of %zu"),
                   card.label, p.of, p.places);
    ui_said(ui, p.of > 0 ? said : card.label);
    char number[24];
    (void)snprintf(number, sizeof(number), "%zu", p.of);
    widgets_line(
        ui,
        &(struct widgets_text){.role = METRICS_FIGURE,
                               .colour = p.of > 0 ? THEME_ON_ACCENT : THEME_INK,
                               .align = WIDGETS_CENTRE},
        p.of > 0 ? number : "·", geom_cut_left(&rect, number_px(c)));
}

static void
draw(const struct control *c, const struct flow_row *row, struct geom_rect rect)
{
    if (row->kind == ROW_STATE) {
        char text[256];
        state_text(c, text, sizeof(text));
        (void)widgets_text(&c->k->ui, &state_style, text, rect);
        return;
    }
    draw_card(c, (size_t)row->arg, rect);
}

static void
act(const struct control *c, const struct ui_event *event)
{
    size_t index = (size_t)event->action.arg;
    if (event->kind != UI_ACTIVATE || index >= c->choice_count) {
        return;
    }
    const char *name = c->choices[index].name;
    struct place p = place_of(c, name);
    if (p.of == 0 && p.taken == p.places) {
        return; /* the line above the cards says how to free one */
    }
    struct buf value;
    buf_init(&value, FILLING_XML_MAX_BYTES);
    size_t len = strlen(name);
    for (const char *at = c->q.value; *at;) {
        size_t word = strcspn(at, " ");
        if (word > 0 && (word != len || memcmp(at, name, len) != 0)) {
            buf_printf(&value, "%s%.*s", value.len > 0 ? " " : "", (int)word,
                       at);
        }
        at += word + (at[word] == ' ' ? 1 : 0);
    }
    if (p.of == 0) {
        buf_printf(&value, "%s%s", value.len > 0 ? " " : "", name);
    }
    if (buf_status(&value) == STATUS_OK) {
        control_set(c, value.len > 0 ? value.data : "");
    }
    buf_deinit(&value);
}

const struct control_ops control_first_ops = {"first", rows, draw, act};
