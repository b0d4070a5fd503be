#include <stdlib.h>
#include <string.h>

#include "screens/control.h"

/*
 * Text: a sheet that opens the keyboard when touched. Numbers: a pad of their
 * own beside the question.
 */
/* Fills the column of the answers; wider, a thumb would have to travel. */
#define PAD_WIDTH_MM 132.0
#define PAD_FLAT_MM 230.0
/* Of the window with the number. */
#define VALUE_MM 18.0
#define VALUE_LOW_MM 13.0
#define ROW_VALUE FLOW_CONTROL
#define ROW_PAD (FLOW_CONTROL + 1)
#define NUMBER_CHARS_MAX 15

enum pad_arg {
    PAD_POINT = 10,
    PAD_MINUS,
    PAD_BACKSPACE,
    PAD_SIGN, /* comma or minus, as the question asks for */
};

static int
lines_wanted(const struct control *c)
{
    if (c->q.rows > 0) {
        return geom_min(c->q.rows, 12);
    }
    return control_has(c->q.appearance, "multiline") ? 4 : 1;
}

static int
sheet_height(const struct control *c)
{
    struct metrics_type body = metrics_type(&c->k->ui.metrics, METRICS_BODY);
    int pad = 2 * ui_mm(&c->k->ui, 3.6);
    struct widgets_text style = {.role = METRICS_BODY, .colour = THEME_INK};
    int width = c->width_px - 2 * ui_mm(&c->k->ui, 5);
    int written = widgets_text_height(&c->k->ui, &style, c->q.value, width);
    int wanted = lines_wanted(c) * body.line_px;
    int height = geom_max(geom_max(written, wanted) + pad,
                          ui_mm(&c->k->ui, METRICS_TARGET_MM));
    return geom_min(height, c->room_px);
}

static void
text_rows(const struct control *c, struct flow *flow)
{
    flow_add(flow,
             &(struct flow_row){.height_px = sheet_height(c),
                                .gap_px = ui_mm(&c->k->ui, METRICS_GAP_MM),
                                .entry = c->entry,
                                .kind = FLOW_CONTROL});
}

static void
text_draw(const struct control *c, const struct flow_row *row,
          struct geom_rect rect)
{
    (void)row;
    struct ui *ui = &c->k->ui;
    bool pressed =
        ui_target(ui, rect, (struct ui_action){KIOSK_FIELD, (int)c->entry, 0},
                  c->q.value[0] ? UI_SELECTED : 0, "field", c->q.name);
    draw_list_box(&ui->list,
                  &(struct draw_list_box){
                      .rect = rect,
                      .fill = pressed ? THEME_CARD_PRESSED : THEME_CARD,
                      .edge = pressed || c->q.value[0] ? THEME_INK : THEME_LINE,
                      .edge_px = geom_max(1, ui_mm(ui, 0.34)),
                      .radius_px = ui_mm(ui, METRICS_CARD_RADIUS_MM)});
    struct geom_rect inside = geom_inset(rect, ui_mm(ui, 3.6));
    inside.x += ui_mm(ui, 1.4);
    inside.w -= ui_mm(ui, 2.8);
    if (c->q.value[0]) {
        widgets_text_within(
            ui,
            &(struct widgets_text){.role = METRICS_BODY, .colour = THEME_INK},
            c->q.value, inside);
        return;
    }
    struct widgets_text hint = {.role = METRICS_HINT, .colour = THEME_INK};
    const char *invitation = kiosk_text(c->k, "Touch here to write");
    int height = widgets_text_height(ui, &hint, invitation, inside.w);
    if (lines_wanted(c) == 1 || height > inside.h) {
        inside.y = rect.y + (rect.h - height) / 2;
    }
    (void)widgets_text(ui, &hint, invitation, inside);
}

static void
text_act(const struct control *c, const struct ui_event *event)
{
    (void)c;
    (void)event;
}

const struct control_ops control_text_ops = {"text", text_rows, text_draw,
                                             text_act};

/* Three keys in a row as on a telephone; six where the column is wide, or so
 * low that four rows of keys would fall apart. */
struct pad_shape {
    int columns;
    int rows;
    const int *keys; /* in reading order; PAD_SIGN: comma or minus */
};

static struct pad_shape
pad_shape(const struct control *c)
{
    static const int tall[] = {1, 2, 3, 4,        5, 6,
                               7, 8, 9, PAD_SIGN, 0, PAD_BACKSPACE};
    static const int flat[] = {1, 2, 3, 4, 5, PAD_BACKSPACE,
                               6, 7, 8, 9, 0, PAD_SIGN};
    const struct pad_shape shapes[] = {{3, 4, tall}, {6, 2, flat}};
    struct ui *ui = &c->k->ui;
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int key = ui_mm(ui, METRICS_KEY_MM) + 1;
    bool fits = c->room_px >= ui_mm(ui, VALUE_LOW_MM) + 4 * (key + gap);
    bool wide = c->width_px > ui_mm(ui, PAD_WIDTH_MM);
    bool roomy = c->width_px >= 6 * key + 5 * gap;
    return shapes[wide || (!fits && roomy) ? 1 : 0];
}

static int
value_height(const struct control *c)
{
    struct ui *ui = &c->k->ui;
    int keys = pad_shape(c).rows
               * (ui_mm(ui, METRICS_KEY_MM) + 1 + ui_mm(ui, METRICS_GAP_MM));
    return geom_max(geom_min(ui_mm(ui, VALUE_MM), c->room_px - keys),
                    ui_mm(ui, VALUE_LOW_MM));
}

static int
pad_key_height(const struct control *c)
{
    struct ui *ui = &c->k->ui;
    int rows = pad_shape(c).rows;
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int room = c->room_px - value_height(c) - rows * gap;
    int key = geom_min(room / rows, ui_mm(ui, METRICS_TARGET_MM));
    return geom_max(key, ui_mm(ui, METRICS_KEY_MM) + 1);
}

static void
number_rows(const struct control *c, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    int gap = ui_mm(ui, METRICS_GAP_MM);
    flow_add(flow, &(struct flow_row){.height_px = value_height(c),
                                      .gap_px = gap,
                                      .glue = true,
                                      .entry = c->entry,
                                      .kind = ROW_VALUE});
    int rows = pad_shape(c).rows;
    for (int row = 0; row < rows; row++) {
        flow_add(flow, &(struct flow_row){.height_px = pad_key_height(c),
                                          .gap_px = gap,
                                          .glue = row < rows - 1,
                                          .entry = c->entry,
                                          .kind = ROW_PAD,
                                          .arg = row});
    }
}

static int
pad_width(const struct control *c)
{
    double most_mm = pad_shape(c).columns == 3 ? PAD_WIDTH_MM : PAD_FLAT_MM;
    return geom_min(c->width_px, ui_mm(&c->k->ui, most_mm));
}

/* What stands in the window: half a number ("3." or "-") is not an answer yet
 * and is kept beside the filling. */
static const char *
shown(const struct control *c)
{
    const struct session *s = &c->k->session;
    return s->draft_node == c->node ? s->draft : c->q.value;
}

static void
number_value(const struct control *c, struct geom_rect rect)
{
    struct ui *ui = &c->k->ui;
    rect.w = pad_width(c);
    draw_list_box(&ui->list,
                  &(struct draw_list_box){
                      .rect = rect,
                      .fill = THEME_CARD,
                      .edge = c->q.value[0] ? THEME_INK : THEME_LINE,
                      .edge_px = geom_max(1, ui_mm(ui, 0.34)),
                      .radius_px = ui_mm(ui, METRICS_CARD_RADIUS_MM)});
    struct widgets_text style = {
        .role = METRICS_FIGURE, .colour = THEME_INK, .align = WIDGETS_CENTRE};
    const char *text = shown(c);
    widgets_line(ui, &style, text[0] ? text : "—",
                 geom_inset(rect, ui_mm(ui, 2)));
}

static void
pad_key(const struct control *c, int arg, struct geom_rect at)
{
    char label[4] = {0};
    char name[UI_ID_MAX_BYTES];
    if (arg < 10) {
        label[0] = (char)('0' + arg);
    } else if (arg == PAD_POINT) {
        label[0] = c->k->lang == I18N_RU ? ',' : '.';
    } else if (arg == PAD_MINUS) {
        memcpy(label, "−", sizeof("−"));
    }
    bool icon = arg == PAD_BACKSPACE;
    const char *plain = icon               ? "backspace"
                        : arg == PAD_POINT ? "point"
                        : arg == PAD_MINUS ? "minus"
                                           : label;
    control_name(c, plain, name, sizeof(name));
    struct widgets_button b = {.label = icon ? NULL : label,
                               .icon = DRAW_LIST_BACKSPACE,
                               .has_icon = icon,
                               .look = WIDGETS_CARD,
                               .role = METRICS_FIGURE,
                               .action = control_action(c, arg),
                               .flags = icon ? UI_KEY | UI_REPEAT : UI_KEY,
                               .id_kind = "pad",
                               .id_name = name};
    widgets_button(&c->k->ui, &b, at);
}

static void
number_draw(const struct control *c, const struct flow_row *row,
            struct geom_rect rect)
{
    if (row->kind == ROW_VALUE) {
        number_value(c, rect);
        return;
    }
    int gap = ui_mm(&c->k->ui, METRICS_GAP_MM);
    struct pad_shape shape = pad_shape(c);
    int room = pad_width(c) - (shape.columns - 1) * gap;
    bool point = c->q.type == FORM_TYPE_DECIMAL;
    for (int col = 0; col < shape.columns; col++) {
        int from = room * col / shape.columns;
        int to = room * (col + 1) / shape.columns;
        struct geom_rect at = {rect.x + from + col * gap, rect.y, to - from,
                               rect.h};
        int arg = shape.keys[row->arg * shape.columns + col];
        if (arg == PAD_SIGN) {
            arg = point ? PAD_POINT : PAD_MINUS;
        }
        pad_key(c, arg, at);
    }
}

static void
edit_number(char *value, int arg)
{
    size_t len = strlen(value);
    if (arg == PAD_BACKSPACE) {
        value[len > 0 ? len - 1 : 0] = '\0';
    } else if (arg == PAD_MINUS && value[0] == '-') {
        memmove(value, value + 1, len);
    } else if (arg == PAD_MINUS) {
        memmove(value + 1, value, len + 1);
        value[0] = '-';
    } else if (arg == PAD_POINT && strchr(value, '.')) {
        return;
    } else if (len < NUMBER_CHARS_MAX) {
        /* "0" is replaced: nobody means "07". */
        if (strcmp(value, "0") == 0 && arg < 10) {
            len = 0;
        }
        value[len] = "0123456789."[geom_min(arg, PAD_POINT)];
        value[len + 1] = '\0';
    }
}

/* The pad's key for what was touched or typed; -1: none. */
static int
pad_arg(const struct control *c, const struct ui_event *event)
{
    char typed = event->text[0];
    if (event->kind == UI_ACTIVATE) {
        return event->action.arg;
    }
    if (event->kind == UI_PRESS_KEY) {
        return event->key == UI_KEY_BACKSPACE ? PAD_BACKSPACE : -1;
    }
    if (event->kind != UI_INPUT) {
        return -1;
    }
    if (typed >= '0' && typed <= '9') {
        return typed - '0';
    }
    if ((typed == '.' || typed == ',') && c->q.type == FORM_TYPE_DECIMAL) {
        return PAD_POINT;
    }
    return typed == '-' ? PAD_MINUS : -1;
}

static void
number_act(const struct control *c, const struct ui_event *event)
{
    struct session *s = &c->k->session;
    const char *from = shown(c);
    char value[SESSION_DRAFT_BYTES] = {0};
    size_t len = strlen(from);
    int arg = pad_arg(c, event);
    if (arg < 0 || len > NUMBER_CHARS_MAX) {
        return;
    }
    memcpy(value, from, len + 1);
    edit_number(value, arg);
    memcpy(s->draft, value, sizeof(s->draft));
    s->draft_node = c->node;
    len = strlen(value);
    bool whole = len > 0 && value[len - 1] >= '0' && value[len - 1] <= '9';
    control_set(c, whole ? value : "");
    buf_wipe(value, sizeof(value));
}

const struct control_ops control_number_ops = {"number", number_rows,
                                               number_draw, number_act};
