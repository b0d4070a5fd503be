#include <string.h>

#include "screens/control.h"

/*
 * Notes, which only say something; acknowledgements, which are confirmed; and
 * questions that need a camera or a map, which this screen says it lacks.
 */
static void
note_rows(const struct control *c, struct flow *flow)
{
    /* A readonly question shows its value; a note is label and hint alone. */
    if (c->q.value[0] == '\0' || c->q.control == FORM_CONTROL_NOTE) {
        return;
    }
    struct widgets_text style = {.role = METRICS_BODY_STRONG,
                                 .colour = THEME_ACCENT};
    flow_add(flow,
             &(struct flow_row){.height_px = widgets_text_height(
                                    &c->k->ui, &style, c->q.value, c->width_px),
                                .gap_px = ui_mm(&c->k->ui, METRICS_GAP_MM),
                                .entry = c->entry,
                                .kind = FLOW_CONTROL});
}

static void
note_draw(const struct control *c, const struct flow_row *row,
          struct geom_rect rect)
{
    (void)row;
    (void)widgets_text(&c->k->ui,
                       &(struct widgets_text){.role = METRICS_BODY_STRONG,
                                              .colour = THEME_ACCENT},
                       c->q.value, rect);
}

static void
no_act(const struct control *c, const struct ui_event *event)
{
    (void)c;
    (void)event;
}

struct widgets_card
control_agree_card(const struct control *c)
{
    return (struct widgets_card){.label =
                                     kiosk_text(c->k, "Read and understood"),
                                 .mark = WIDGETS_MARK_SQUARE,
                                 .selected = c->q.value[0] != '\0',
                                 .role = METRICS_BODY,
                                 .action = control_action(c, 0),
                                 .id_kind = "choice"};
}

static void
agree_rows(const struct control *c, struct flow *flow)
{
    struct widgets_card card = control_agree_card(c);
    flow_add(flow,
             &(struct flow_row){.height_px = widgets_card_height(
                                    &c->k->ui, &card, c->width_px),
                                .gap_px = ui_mm(&c->k->ui, METRICS_GAP_MM),
                                .entry = c->entry,
                                .kind = FLOW_CONTROL});
}

void
control_agree_draw(const struct control *c, struct geom_rect rect)
{
    struct widgets_card card = control_agree_card(c);
    char name[UI_ID_MAX_BYTES];
    control_name(c, "OK", name, sizeof(name));
    card.id_name = name;
    widgets_card(&c->k->ui, &card, rect);
}

static void
agree_draw(const struct control *c, const struct flow_row *row,
           struct geom_rect rect)
{
    (void)row;
    control_agree_draw(c, rect);
}

void
control_agree_act(const struct control *c, const struct ui_event *event)
{
    if (event->kind == UI_ACTIVATE) {
        control_set(c, c->q.value[0] ? "" : "OK");
    }
}

static void
absent_rows(const struct control *c, struct flow *flow)
{
    struct metrics_type type = metrics_type(&c->k->ui.metrics, METRICS_BODY);
    flow_add(flow,
             &(struct flow_row){.height_px = 3 * type.line_px,
                                .gap_px = ui_mm(&c->k->ui, METRICS_GAP_MM),
                                .entry = c->entry,
                                .kind = FLOW_CONTROL});
}

static void
absent_draw(const struct control *c, const struct flow_row *row,
            struct geom_rect rect)
{
    (void)row;
    (void)widgets_text(
        &c->k->ui,
        &(struct widgets_text){.role = METRICS_BODY, .colour = THEME_INK},
        kiosk_text(c->k, "This screen cannot take this answer. "
                         "Please go on."),
        rect);
}

const struct control_ops control_note_ops = {"note", note_rows, note_draw,
                                             no_act};
const struct control_ops control_acknowledge_ops = {
    "acknowledge", agree_rows, agree_draw, control_agree_act};
const struct control_ops control_absent_ops = {"absent", absent_rows,
                                               absent_draw, no_act};
