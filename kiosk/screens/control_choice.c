#include <string.h>

#include "base/utf8.h"
#include "screens/control.h"
#include "screens/letters.h"

/*
 * One or several of a list: full-width cards, two columns from five on or as
 * the form asks, and for long lists a search with a keyboard of our own and a
 * jump by the first letter.
 */
#define SEARCH_FROM 25 /* choices */
#define SHOWN_MAX 60   /* of a search's hits */
#define ROW_SEARCH (FLOW_CONTROL + 1)
#define ROW_MORE_HITS (FLOW_CONTROL + 2)
#define ROW_APART (FLOW_CONTROL + 3)
#define ROW_LETTERS (FLOW_CONTROL + 4)
#define LOW_ROOM_MM 60.0
#define IMAGE_LEAST_MM 12.0
#define PACKED_MAX 6 /* columns, where as many as fit are asked for */

static struct widgets_card
card_of(const struct control *c, size_t index, int width)
{
    const struct filling_choice *choice = &c->choices[index];
    bool many = c->q.control == FORM_CONTROL_SELECT_MULTIPLE;
    struct widgets_card card = {.label = control_choice_label(c, index),
                                .image = choice->label.image,
                                .mark = many ? WIDGETS_MARK_SQUARE
                                             : WIDGETS_MARK_CIRCLE,
                                .selected = choice->selected,
                                .role = METRICS_BODY,
                                .action = control_action(c, (int)index),
                                .id_kind = "choice"};
    if (card.image && !kiosk_picture(c->k, card.image)) {
        card.image = NULL;
        card.note = kiosk_text(c->k, "its picture cannot be shown");
    }
    if (control_has(c->q.appearance, "no-buttons")) {
        card.mark = WIDGETS_MARK_TICK;
    }
    /* A picture gives way before words do. */
    int usual = widgets_card_height(&c->k->ui, &card, width);
    if (card.image && usual > c->room_px) {
        int image = ui_mm(&c->k->ui, WIDGETS_IMAGE_MM) - (usual - c->room_px);
        card.image_px = geom_max(image, ui_mm(&c->k->ui, IMAGE_LEAST_MM));
    }
    /* Words that would overflow a whole page are set smaller. */
    if (widgets_card_height(&c->k->ui, &card, width) > c->room_px) {
        card.role = METRICS_HINT;
    }
    return card;
}

static int
gap_of(const struct control *c)
{
    return ui_mm(&c->k->ui, METRICS_GAP_MM);
}

static int
column_width(const struct control *c, int columns)
{
    return (c->width_px - (columns - 1) * gap_of(c)) / columns;
}

bool
control_searched(const struct control *c)
{
    return c->choice_count >= SEARCH_FROM
           || control_has(c->q.appearance, "autocomplete")
           || control_has(c->q.appearance, "search");
}

static bool
contains_folded(const char *text, const char *part)
{
    for (size_t from = 0; text[from]; from++) {
        size_t i = from;
        size_t j = 0;
        while (part[j] && text[i]) {
            uint32_t a = 0;
            uint32_t b = 0;
            i += utf8_decode(text + i, strlen(text + i), &a);
            j += utf8_decode(part + j, strlen(part + j), &b);
            /* ё is typed as е by most. */
            a = utf8_fold(a) == 0x451 ? 0x435 : utf8_fold(a);
            b = utf8_fold(b) == 0x451 ? 0x435 : utf8_fold(b);
            if (a != b) {
                j = SIZE_MAX;
                break;
            }
        }
        if (j != SIZE_MAX && !part[j]) {
            return true;
        }
    }
    return part[0] == '\0';
}

/* Choices that stand in columns; "hard to say" stands beneath. */
static size_t
listed(const struct control *c)
{
    return c->choice_count - (control_searched(c) ? 0 : control_apart(c));
}

static bool
offered(const struct control *c, size_t index)
{
    const char *label = control_choice_label(c, index);
    return !control_searched(c) || c->choices[index].selected
           || (letters_match(c, label)
               && contains_folded(label, c->k->session.search.text));
}

/* Whether every label stands in a column in at most so many lines. */
static bool
columns_fit(const struct control *c, int columns, int lines)
{
    struct ui *ui = &c->k->ui;
    int width = column_width(c, columns);
    int limit = ui_mm(ui, METRICS_TARGET_MM * (lines > 1 ? 1.45 : 1.0));
    int line = metrics_type(&ui->metrics, METRICS_BODY).line_px;
    limit = geom_max(limit, lines * line + ui_mm(ui, 4.6));
    int shown = 0;
    for (size_t i = 0; i < listed(c) && shown < SHOWN_MAX; i++) {
        if (!offered(c, i)) {
            continue;
        }
        shown++;
        struct widgets_card card = card_of(c, i, width);
        card.image = NULL;
        if (widgets_card_height(ui, &card, width) > limit) {
            return false;
        }
    }
    return width >= ui_mm(ui, lines > 1 ? 45 : 28);
}

static int
one_column_height(const struct control *c)
{
    int height = 0;
    for (size_t i = 0; i < listed(c); i++) {
        struct widgets_card card = card_of(c, i, c->width_px);
        height += widgets_card_height(&c->k->ui, &card, c->width_px)
                  + (i > 0 ? gap_of(c) : 0);
    }
    return height;
}

/* The most columns, up to `most`, in which the labels take `lines` lines. */
static int
most_columns(const struct control *c, int most, int lines)
{
    int columns = geom_min(most, (int)listed(c));
    while (columns > 1 && !columns_fit(c, columns, lines)) {
        columns--;
    }
    return geom_max(columns, 1);
}

static int
columns_of(const struct control *c)
{
    int asked = control_columns(c->q.appearance);
    if (asked > 0) {
        return most_columns(c, asked, 2);
    }
    if (control_has(c->q.appearance, "columns-pack")) {
        return most_columns(c, PACKED_MAX, 1);
    }
    if (control_has(c->q.appearance, "columns")) {
        return most_columns(c, PACKED_MAX, 2);
    }
    if (control_searched(c)) {
        return most_columns(c, 2, 1);
    }
    if (c->choice_count < 5 || one_column_height(c) <= c->room_px) {
        return 1;
    }
    return most_columns(c, 2, 2);
}

int
control_side_by_side(const struct control *c)
{
    bool asked = strstr(c->q.appearance, "columns") != NULL;
    if (c->choice_count == 0) {
        return 1;
    }
    if (control_likert_fits(c)) {
        return (int)listed(c);
    }
    return asked ? columns_of(c) : 1;
}

static void
rows(const struct control *c, struct flow *flow)
{
    int columns = columns_of(c);
    int width = column_width(c, columns);
    int gap = gap_of(c);
    bool letters = control_searched(c) && c->k->session.letters_open;
    /* On a low panel the letters need all there is. */
    if (control_searched(c)
        && (!letters || c->room_px >= ui_mm(&c->k->ui, LOW_ROOM_MM))) {
        flow_add(flow, &(struct flow_row){
                           .height_px = ui_mm(&c->k->ui, METRICS_TARGET_MM),
                           .gap_px = gap,
                           .entry = c->entry,
                           .kind = ROW_SEARCH});
    }
    if (letters) {
        letters_rows(c, ROW_LETTERS, flow);
        return;
    }
    struct flow_row row = {
        .gap_px = gap, .entry = c->entry, .kind = FLOW_CONTROL};
    int stretch =
        control_searched(c) ? 0 : ui_mm(&c->k->ui, CONTROL_STRETCH_MM);
    int in_row = 0;
    int shown = 0;
    for (size_t i = 0; i < listed(c) && shown < SHOWN_MAX; i++) {
        if (!offered(c, i)) {
            continue;
        }
        shown += control_searched(c) ? 1 : 0;
        struct widgets_card card = card_of(c, i, width);
        if (in_row == 0) {
            row.arg = (int)i;
            row.height_px = 0;
            row.stretch_px = stretch;
        }
        row.stretch_px = card.image ? 0 : row.stretch_px;
        row.height_px = geom_max(row.height_px,
                                 widgets_card_height(&c->k->ui, &card, width));
        in_row++;
        if (in_row == columns) {
            flow_add(flow, &row);
            in_row = 0;
        }
    }
    if (in_row > 0) {
        flow_add(flow, &row);
    }
    if (listed(c) < c->choice_count) {
        control_apart_rows(c, ROW_APART, flow);
        flow->rows[flow->count - 1].stretch_px = stretch;
    }
    if (shown == SHOWN_MAX) {
        struct metrics_type hint =
            metrics_type(&c->k->ui.metrics, METRICS_HINT);
        flow_add(flow, &(struct flow_row){.height_px = 2 * hint.line_px,
                                          .gap_px = gap,
                                          .entry = c->entry,
                                          .kind = ROW_MORE_HITS});
    }
}

static void
draw_search(const struct control *c, struct geom_rect rect)
{
    struct kiosk *k = c->k;
    const char *typed = k->session.search.text;
    if (letters_offered(c)) {
        struct widgets_button letters;
        char label[32];
        letters_button(c, &letters, label, sizeof(label));
        int width = widgets_button_width(&k->ui, &letters);
        widgets_button(&k->ui, &letters, geom_cut_right(&rect, width));
        (void)geom_cut_right(&rect, gap_of(c));
    }
    const char *label = typed[0] ? typed : kiosk_text(k, "Search the list");
    int room = rect.w - ui_mm(&k->ui, 13);
    if (!typed[0] && widgets_width(&k->ui, METRICS_BUTTON, label) > room) {
        label = kiosk_text(k, "Search");
    }
    struct widgets_button b = {.label = label,
                               .icon = DRAW_LIST_SEARCH,
                               .has_icon = true,
                               .look = WIDGETS_OUTLINED,
                               .role = METRICS_BUTTON,
                               .action = {KIOSK_FIELD, (int)c->entry, 1},
                               .id_kind = "search"};
    widgets_button(&k->ui, &b, rect);
}

static void
draw(const struct control *c, const struct flow_row *row, struct geom_rect rect)
{
    if (row->kind == ROW_SEARCH) {
        draw_search(c, rect);
        return;
    }
    if (row->kind == ROW_LETTERS) {
        letters_draw(c, row, rect);
        return;
    }
    if (row->kind == ROW_APART) {
        control_apart_draw(c, rect);
        return;
    }
    if (row->kind == ROW_MORE_HITS) {
        (void)widgets_text(
            &c->k->ui,
            &(struct widgets_text){.role = METRICS_HINT, .colour = THEME_INK},
            kiosk_text(c->k, "There are more: type a few letters above."),
            rect);
        return;
    }
    int columns = columns_of(c);
    int width = column_width(c, columns);
    int col = 0;
    for (size_t i = (size_t)row->arg; i < listed(c) && col < columns; i++) {
        if (!offered(c, i)) {
            continue;
        }
        struct widgets_card card = card_of(c, i, width);
        char name[UI_ID_MAX_BYTES];
        control_name(c, c->choices[i].name, name, sizeof(name));
        card.id_name = name;
        struct geom_rect at = {rect.x + col * (width + gap_of(c)), rect.y,
                               width, rect.h};
        widgets_card(&c->k->ui, &card, at);
        col++;
    }
}

/* The chosen names with one toggled, in the order of the list. */
static void
toggle(const struct control *c, size_t index)
{
    struct buf value;
    buf_init(&value, FILLING_XML_MAX_BYTES);
    for (size_t i = 0; i < c->choice_count; i++) {
        bool chosen = c->choices[i].selected != (i == index);
        if (chosen) {
            if (value.len > 0) {
                buf_putc(&value, ' ');
            }
            buf_puts(&value, c->choices[i].name);
        }
    }
    if (buf_status(&value) == STATUS_OK) {
        control_set(c, value.data);
    }
    buf_deinit(&value);
}

static void
act(const struct control *c, const struct ui_event *event)
{
    size_t index = (size_t)event->action.arg;
    if (event->action.arg >= LETTERS_ARG) {
        letters_act(c, event);
        return;
    }
    if (event->kind != UI_ACTIVATE || index >= c->choice_count) {
        return;
    }
    if (c->q.control == FORM_CONTROL_SELECT_MULTIPLE) {
        toggle(c, index);
        return;
    }
    /* A second touch takes the answer back where none is needed. */
    bool off = c->choices[index].selected && !c->q.required;
    char value[256];
    size_t len = strlen(c->choices[index].name);
    if (len >= sizeof(value)) {
        return;
    }
    memcpy(value, c->choices[index].name, len + 1);
    control_set(c, off ? "" : value);
}

const struct control_ops control_choice_ops = {"choice", rows, draw, act};
