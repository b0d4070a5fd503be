#include "screens/control.h"

/*
 * Steps of agreement side by side, as on paper: one row, the mark above its
 * words. "Hard to say" is no step and stands beneath. Where the words do not
 * fit side by side, control_choice shows them one below the other.
 */
#define STEPS_LEAST 2
#define STEPS_MAX 7
#define HEIGHT_MAX_MM 46.0
#define STRETCH_MM 14.0
#define ROW_APART (FLOW_CONTROL + 1)

static size_t
steps(const struct control *c)
{
    return c->choice_count - control_apart(c);
}

static int
step_width(const struct control *c)
{
    int gap = ui_mm(&c->k->ui, METRICS_GAP_MM);
    int count = (int)steps(c);
    return (c->width_px - (count - 1) * gap) / count;
}

static struct widgets_card
step_card(const struct control *c, size_t index, enum metrics_role role)
{
    return (struct widgets_card){.label = control_choice_label(c, index),
                                 .mark = c->q.control
                                                 == FORM_CONTROL_SELECT_MULTIPLE
                                             ? WIDGETS_MARK_SQUARE
                                             : WIDGETS_MARK_CIRCLE,
                                 .mark_above = true,
                                 .selected = c->choices[index].selected,
                                 .role = role,
                                 .action = control_action(c, (int)index),
                                 .id_kind = "choice"};
}

/* Height of the row in this size of text; 0 if the words do not fit. */
static int
row_height(const struct control *c, enum metrics_role role)
{
    struct ui *ui = &c->k->ui;
    int width = step_width(c);
    int limit = geom_min(ui_mm(ui, HEIGHT_MAX_MM), c->room_px);
    int tallest = 0;
    enum metrics_role widest =
        role == METRICS_BODY ? METRICS_BODY_STRONG : role;
    struct metrics_type type = metrics_type(&ui->metrics, widest);
    for (size_t i = 0; i < steps(c); i++) {
        static struct text_block block;
        struct widgets_card card = step_card(c, i, role);
        text_wrap(&ui->measure, &type, card.label, width - 2 * ui_mm(ui, 2.0),
                  &block);
        int height = widgets_card_height(ui, &card, width);
        if (block.broken || c->choices[i].label.image || height > limit) {
            return 0;
        }
        tallest = geom_max(tallest, height);
    }
    return tallest;
}

static enum metrics_role
role_of(const struct control *c)
{
    return row_height(c, METRICS_BODY) > 0 ? METRICS_BODY : METRICS_HINT;
}

bool
control_likert_fits(const struct control *c)
{
    return (control_has(c->q.appearance, "likert")
            || control_has(c->q.appearance, "list-nolabel"))
           && c->choice_count >= STEPS_LEAST && steps(c) >= STEPS_LEAST
           && steps(c) <= STEPS_MAX
           && step_width(c) >= ui_mm(&c->k->ui, METRICS_TARGET_MM)
           && row_height(c, METRICS_HINT) > 0;
}

static void
rows(const struct control *c, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    int height = row_height(c, role_of(c));
    /* No step is drawn higher than wide. */
    int stretch = geom_min(ui_mm(ui, STRETCH_MM), step_width(c) - height);
    flow_add(flow, &(struct flow_row){.height_px = height,
                                      .gap_px = ui_mm(ui, METRICS_GAP_MM),
                                      .stretch_px = geom_max(stretch, 0),
                                      .entry = c->entry,
                                      .kind = FLOW_CONTROL});
    control_apart_rows(c, ROW_APART, flow);
}

static void
draw(const struct control *c, const struct flow_row *row, struct geom_rect rect)
{
    if (row->kind == ROW_APART) {
        control_apart_draw(c, rect);
        return;
    }
    int count = (int)steps(c);
    int gap = ui_mm(&c->k->ui, METRICS_GAP_MM);
    int room = rect.w - gap * (count - 1);
    enum metrics_role role = role_of(c);
    int words = 0;
    for (int i = 0; i < count; i++) {
        struct widgets_card card = step_card(c, (size_t)i, role);
        words = geom_max(words,
                         widgets_card_words(&c->k->ui, &card, step_width(c)));
    }
    for (int i = 0; i < count; i++) {
        struct widgets_card card = step_card(c, (size_t)i, role);
        card.words_px = words;
        char name[UI_ID_MAX_BYTES];
        control_name(c, c->choices[i].name, name, sizeof(name));
        card.id_name = name;
        int from = room * i / count;
        int to = room * (i + 1) / count;
        widgets_card(&c->k->ui, &card,
                     (struct geom_rect){rect.x + from + i * gap, rect.y,
                                        to - from, rect.h});
    }
}

static void
act(const struct control *c, const struct ui_event *event)
{
    control_choice_ops.act(c, event);
}

const struct control_ops control_likert_ops = {"likert", rows, draw, act};
