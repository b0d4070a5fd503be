#include <string.h>

#include "base/utf8.h"
#include "screens/control.h"

/*
 * One or several of a list: full-width cards, two columns from five on, and a
 * search with a keyboard of our own for long lists.
 */
#define SEARCH_FROM 25 /* choices */
#define SHOWN_MAX 60   /* of a search's hits */
#define ROW_SEARCH (FLOW_CONTROL + 1)
#define ROW_MORE_HITS (FLOW_CONTROL + 2)

static struct widgets_card
card_of(const struct control *c, size_t index)
{
    const struct filling_choice *choice = &c->choices[index];
    bool many = c->q.control == FORM_CONTROL_SELECT_MULTIPLE;
    struct widgets_card card = {
        .label = choice->label.text[0] ? choice->label.text : choice->name,
        .image = choice->label.image,
        .mark = many ? WIDGETS_MARK_SQUARE : WIDGETS_MARK_CIRCLE,
        .selected = choice->selected,
        .role = METRICS_BODY,
        .action = control_action(c, (int)index),
        .id_kind = "choice"};
    /* Words that would overflow a whole page are set smaller. */
    if (widgets_card_height(&c->k->ui, &card, c->width_px) > c->room_px) {
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

static bool
searched(const struct control *c)
{
    return c->choice_count >= SEARCH_FROM
           || control_has(c->q.appearance, "autocomplete");
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

static bool
offered(const struct control *c, size_t index)
{
    return !searched(c) || c->choices[index].selected
           || contains_folded(c->choices[index].label.text,
                              c->k->session.search.text);
}

/* Whether every label stands in a column without needing more than two
 * lines. */
static bool
columns_fit(const struct control *c, int columns)
{
    int width = column_width(c, columns);
    int limit = ui_mm(&c->k->ui, METRICS_TARGET_MM * 1.45);
    for (size_t i = 0; i < c->choice_count; i++) {
        struct widgets_card card = card_of(c, i);
        if (!card.image
            && widgets_card_height(&c->k->ui, &card, width) > limit) {
            return false;
        }
    }
    return width >= ui_mm(&c->k->ui, 45);
}

static int
one_column_height(const struct control *c)
{
    int height = 0;
    for (size_t i = 0; i < c->choice_count; i++) {
        struct widgets_card card = card_of(c, i);
        height += widgets_card_height(&c->k->ui, &card, c->width_px)
                  + (i > 0 ? gap_of(c) : 0);
    }
    return height;
}

static int
columns_of(const struct control *c)
{
    int asked = control_columns(c->q.appearance);
    if (asked > 0) {
        while (asked > 1 && !columns_fit(c, asked)) {
            asked--;
        }
        return asked;
    }
    if (searched(c) || c->choice_count < 5
        || one_column_height(c) <= c->room_px) {
        return 1;
    }
    return columns_fit(c, 2) ? 2 : 1;
}

static void
rows(const struct control *c, struct flow *flow)
{
    int columns = columns_of(c);
    int width = column_width(c, columns);
    int gap = gap_of(c);
    if (searched(c)) {
        flow_add(flow, &(struct flow_row){
                           .height_px = ui_mm(&c->k->ui, METRICS_TARGET_MM),
                           .gap_px = gap,
                           .entry = c->entry,
                           .kind = ROW_SEARCH});
    }
    struct flow_row row = {
        .gap_px = gap, .entry = c->entry, .kind = FLOW_CONTROL};
    int in_row = 0;
    int shown = 0;
    for (size_t i = 0; i < c->choice_count && shown < SHOWN_MAX; i++) {
        if (!offered(c, i)) {
            continue;
        }
        shown += searched(c) ? 1 : 0;
        struct widgets_card card = card_of(c, i);
        if (in_row == 0) {
            row.arg = (int)i;
            row.height_px = 0;
        }
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
    struct widgets_button b = {
        .label = typed[0] ? typed : kiosk_text(k, "Search the list"),
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
    for (size_t i = (size_t)row->arg; i < c->choice_count && col < columns;
         i++) {
        if (!offered(c, i)) {
            continue;
        }
        struct widgets_card card = card_of(c, i);
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
