#include "screens/matrix.h"

#include <string.h>

#include "screens/header.h"

#define ROWS_LEAST 2
#define COLUMNS_MAX 11
#define WORDS_LEAST_MM 46.0
#define COLUMN_MOST_MM 34.0
#define PAD_MM 5.0 /* of the words, as in every card */
#define PAD_RIGHT_MM 1.0
#define MARK_MM 9.0

static const struct widgets_text heading_style = {
    .role = METRICS_HINT_STRONG, .colour = THEME_INK, .align = WIDGETS_CENTRE};
static const struct widgets_text words_style = {.role = METRICS_BODY,
                                                .colour = THEME_INK};
static const struct widgets_text hint_style = {.role = METRICS_HINT,
                                               .colour = THEME_INK};

struct columns {
    size_t count;
    int words_px; /* width of the questions' words */
    int from_px[COLUMNS_MAX];
    int width_px[COLUMNS_MAX];
};

static bool
row_of_table(struct kiosk *k, size_t entry, struct control *out)
{
    const struct session_entry *e = session_entry(&k->session, entry);
    if (!e || e->kind != SESSION_QUESTION) {
        return false;
    }
    control_init(out, k, entry);
    return control_has(out->q.appearance, "list-nolabel")
           && out->choice_count >= 2 && out->choice_count <= COLUMNS_MAX;
}

/* Borrowed strings move with the next look at the filling's choices, so names
 * are compared by a digest. */
static uint64_t
list_digest(const struct control *c)
{
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < c->choice_count; i++) {
        const char *name = c->choices[i].name;
        for (size_t j = 0; j <= strlen(name); j++) {
            h = (h ^ (unsigned char)name[j]) * UINT64_C(1099511628211);
        }
    }
    return h;
}

/* As wide as a finger, and as the longest word of the heading. */
static int
least_width(const struct control *c, size_t column)
{
    struct ui *ui = &c->k->ui;
    struct metrics_type type = metrics_type(&ui->metrics, heading_style.role);
    int widest = 0;
    const char *at = control_choice_label(c, column);
    while (*at) {
        size_t len = strcspn(at, " ");
        widest = geom_max(widest, ui->measure.width(ui->measure.self, type.face,
                                                    type.em_px, at, len));
        at += len + strspn(at + len, " ");
    }
    return geom_max(ui_mm(ui, METRICS_TARGET_MM), widest + ui_mm(ui, 1));
}

/* Columns of one width if there is room for that; false if not even columns
 * each as wide as it must be leave room for the questions' words. */
static bool
columns_of(const struct control *c, int width_px, struct columns *out)
{
    struct ui *ui = &c->k->ui;
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int count = (int)c->choice_count;
    int even =
        geom_min(width_px * 11 / 20 / count - gap, ui_mm(ui, COLUMN_MOST_MM));
    int used = 0;
    for (size_t i = 0; i < c->choice_count; i++) {
        out->width_px[i] = least_width(c, i);
        even = out->width_px[i] > even ? 0 : even;
    }
    for (size_t i = 0; i < c->choice_count; i++) {
        out->width_px[i] = geom_max(out->width_px[i], even);
        used += out->width_px[i] + gap;
    }
    out->count = c->choice_count;
    out->words_px = width_px - used;
    int from = out->words_px;
    for (size_t i = 0; i < c->choice_count; i++) {
        out->from_px[i] = from + gap;
        from += gap + out->width_px[i];
    }
    return out->words_px >= ui_mm(ui, WORDS_LEAST_MM);
}

static int
words_width(struct ui *ui, const struct columns *cols)
{
    return cols->words_px - ui_mm(ui, PAD_MM + PAD_RIGHT_MM);
}

static bool
words_fit(const struct control *c, const struct columns *cols)
{
    struct ui *ui = &c->k->ui;
    static struct text_block block;
    struct metrics_type type = metrics_type(&ui->metrics, words_style.role);
    text_wrap(&ui->measure, &type, c->q.label.text, words_width(ui, cols),
              &block);
    return !block.broken
           && (int)block.count * type.line_px
                  <= ui_mm(ui, 2.2 * METRICS_TARGET_MM);
}

static int
row_height(const struct control *c, const struct columns *cols)
{
    struct ui *ui = &c->k->ui;
    int width = words_width(ui, cols);
    int height = widgets_text_height(ui, &words_style, c->q.label.text, width);
    if (c->q.hint.text[0]) {
        height += widgets_text_height(ui, &hint_style, c->q.hint.text, width);
    }
    return geom_max(height + 2 * ui_mm(ui, 2.2), ui_mm(ui, METRICS_TARGET_MM));
}

static int
head_height(const struct control *c, const struct columns *cols)
{
    int height = 0;
    for (size_t i = 0; i < cols->count; i++) {
        height =
            geom_max(height, widgets_text_height(&c->k->ui, &heading_style,
                                                 control_choice_label(c, i),
                                                 cols->width_px[i]));
    }
    return height;
}

size_t
matrix_length(struct kiosk *k, size_t first, int width_px, int room_px)
{
    struct control c;
    struct columns cols;
    if (!row_of_table(k, first, &c) || !columns_of(&c, width_px, &cols)) {
        return 0;
    }
    uint64_t digest = list_digest(&c);
    int room = room_px - head_height(&c, &cols) - ui_mm(&k->ui, METRICS_GAP_MM);
    size_t count = 0;
    bool fits = true;
    while (row_of_table(k, first + count, &c) && list_digest(&c) == digest) {
        fits = fits && words_fit(&c, &cols) && row_height(&c, &cols) <= room;
        count++;
    }
    return fits && count >= ROWS_LEAST ? count : 0;
}

void
matrix_rows(struct kiosk *k, size_t first, size_t count, int width_px,
            struct flow *flow)
{
    struct ui *ui = &k->ui;
    struct control c;
    struct columns cols;
    control_init(&c, k, first);
    (void)columns_of(&c, width_px, &cols);
    flow_add(flow, &(struct flow_row){.kind = FLOW_MATRIX_HEAD,
                                      .height_px = head_height(&c, &cols),
                                      .gap_px = ui_mm(ui, 4),
                                      .glue = true,
                                      .entry = first});
    size_t head = flow->count;
    for (size_t i = first; i < first + count; i++) {
        control_init(&c, k, i);
        c.width_px = width_px;
        size_t before = flow->count;
        header_message_rows(&c, flow);
        flow_add(flow, &(struct flow_row){.kind = FLOW_MATRIX_ROW,
                                          .height_px = row_height(&c, &cols),
                                          .gap_px = ui_mm(ui, METRICS_GAP_MM),
                                          .entry = i});
        for (size_t row = before; row < flow->count; row++) {
            flow->rows[row].head = head;
        }
    }
}

static struct geom_rect
cell_of(const struct columns *cols, size_t column, struct geom_rect row)
{
    return (struct geom_rect){row.x + cols->from_px[column], row.y,
                              cols->width_px[column], row.h};
}

static void
draw_mark(const struct control *c, size_t column, struct geom_rect cell)
{
    struct ui *ui = &c->k->ui;
    char name[UI_ID_MAX_BYTES];
    bool chosen = c->choices[column].selected;
    bool many = c->q.control == FORM_CONTROL_SELECT_MULTIPLE;
    control_name(c, c->choices[column].name, name, sizeof(name));
    bool pressed = ui_target(ui, cell, control_action(c, (int)column),
                             chosen ? UI_SELECTED : 0, "choice", name);
    if (pressed || chosen) {
        draw_list_box(&ui->list,
                      &(struct draw_list_box){
                          .rect = geom_inset(cell, ui_mm(ui, 0.8)),
                          .fill = chosen ? THEME_ACCENT : THEME_CARD_PRESSED,
                          .edge = pressed ? THEME_INK : THEME_ACCENT,
                          .edge_px = geom_max(2, ui_mm(ui, 0.7)),
                          .radius_px = ui_mm(ui, 2.4)});
    }
    int side = ui_mm(ui, MARK_MM);
    struct geom_rect mark = {cell.x + (cell.w - side) / 2,
                             cell.y + (cell.h - side) / 2, side, side};
    if (chosen) {
        draw_list_icon(&ui->list, mark, DRAW_LIST_TICK, THEME_ON_ACCENT, 0);
        return;
    }
    draw_list_box(
        &ui->list,
        &(struct draw_list_box){.rect = mark,
                                .fill = THEME_CARD,
                                .edge = THEME_INK,
                                .edge_px = geom_max(2, ui_mm(ui, 0.6)),
                                .radius_px = many ? ui_mm(ui, 1.4) : side / 2});
}

static void
draw_head(const struct control *c, const struct columns *cols,
          struct geom_rect rect)
{
    struct ui *ui = &c->k->ui;
    for (size_t i = 0; i < cols->count; i++) {
        struct geom_rect at = cell_of(cols, i, rect);
        const char *label = control_choice_label(c, i);
        int height = widgets_text_height(ui, &heading_style, label, at.w);
        (void)geom_cut_top(&at, at.h - height);
        (void)widgets_text(ui, &heading_style, label, at);
    }
}

static void
draw_row(const struct control *c, const struct columns *cols,
         struct geom_rect rect)
{
    struct ui *ui = &c->k->ui;
    draw_list_box(&ui->list,
                  &(struct draw_list_box){
                      .rect = rect,
                      .fill = THEME_CARD,
                      .edge = THEME_LINE,
                      .edge_px = geom_max(1, ui_mm(ui, 0.34)),
                      .radius_px = ui_mm(ui, METRICS_CARD_RADIUS_MM)});
    struct geom_rect words = {rect.x + ui_mm(ui, PAD_MM), rect.y,
                              words_width(ui, cols), rect.h};
    int label = widgets_text_height(ui, &words_style, c->q.label.text, words.w);
    int hint = c->q.hint.text[0] ? widgets_text_height(ui, &hint_style,
                                                       c->q.hint.text, words.w)
                                 : 0;
    (void)geom_cut_top(&words, (words.h - label - hint) / 2);
    (void)widgets_text(ui, &words_style, c->q.label.text,
                       geom_cut_top(&words, label));
    if (hint > 0) {
        (void)widgets_text(ui, &hint_style, c->q.hint.text, words);
    }
    for (size_t i = 0; i < cols->count; i++) {
        draw_mark(c, i, cell_of(cols, i, rect));
    }
}

void
matrix_draw(struct kiosk *k, const struct flow_row *row, struct geom_rect rect)
{
    struct control c;
    struct columns cols;
    control_init(&c, k, row->entry);
    (void)columns_of(&c, rect.w, &cols);
    if (row->kind == FLOW_MATRIX_HEAD) {
        draw_head(&c, &cols, rect);
    } else {
        draw_row(&c, &cols, rect);
    }
}
