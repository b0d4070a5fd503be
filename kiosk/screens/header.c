#include "screens/header.h"

#include <stdio.h>
#include <string.h>

#define MESSAGE_PAD_MM 3.0
#define IMAGE_HEIGHT_MM 42.0
#define HEADLINE_LINES 2

static const struct widgets_text section_style = {.role = METRICS_HINT_STRONG,
                                                  .colour = THEME_ACCENT};
static const struct widgets_text label_style = {
    .role = METRICS_QUESTION, .colour = THEME_INK, .even = true};
static const struct widgets_text hint_style = {
    .role = METRICS_HINT, .colour = THEME_INK, .even = true};
static const struct widgets_text told_style = {
    .role = METRICS_BODY, .colour = THEME_INK, .even = true};
static const struct widgets_text message_style = {.role = METRICS_HINT_STRONG,
                                                  .colour = THEME_INK};

static const char *
label_of(const struct control *c)
{
    return c->q.label.text[0] ? c->q.label.text : c->q.name;
}

/* A page that only says something: it is no question, and what it says is set
 * in the size of an answer. */
static bool
only_tells(const struct control *c)
{
    const struct session_page *page = session_page(&c->k->session);
    return page && page->count == 1 && control_ops(c) == &control_note_ops;
}

static const struct widgets_text *
hint_type(const struct control *c)
{
    return only_tells(c) ? &told_style : &hint_style;
}

/* Few words that stand alone are the page's headline. */
static const struct widgets_text *
label_type(const struct control *c)
{
    static const struct widgets_text headline = {
        .role = METRICS_HEADLINE, .colour = THEME_INK, .even = true};
    struct ui *ui = &c->k->ui;
    struct metrics_type type = metrics_type(&ui->metrics, headline.role);
    static struct text_block block;
    if (!only_tells(c)) {
        return &label_style;
    }
    text_wrap(&ui->measure, &type, label_of(c), c->width_px, &block);
    return block.count <= HEADLINE_LINES && !block.broken ? &headline
                                                          : &label_style;
}

static void
section_text(const struct control *c, size_t number, char *out, size_t size)
{
    struct kiosk *k = c->k;
    const struct session_page *page = session_page(&k->session);
    out[0] = '\0';
    if (page && page->section) {
        struct filling_group group;
        filling_group(k->session.filling, page->section, &group);
        int used = snprintf(out, size, "%s", group.label.text);
        /* Which of several: the first alone needs no number. */
        if (page->instances > 1 && used > 0 && (size_t)used < size) {
            (void)snprintf(out + used, size - (size_t)used,
                           kiosk_text(k, " · %u of %u"), page->position,
                           page->instances);
        }
    } else if (number > 0 && !only_tells(c)) {
        (void)snprintf(out, size, kiosk_text(k, "Question %zu"), number);
    }
}

/* The ends of a scale stand beneath its cells: not said twice. */
static const char *
hint_of(const struct control *c)
{
    char low[CONTROL_END_BYTES];
    char high[CONTROL_END_BYTES];
    const char *hint = c->q.hint.text;
    bool scale =
        control_ops(c) == &control_scale_ops && control_ends_beneath(c);
    if (scale
        && control_ends(hint, (int)c->q.range_start, (int)c->q.range_end, low,
                        high)
        && strlen(hint) <= strlen(low) + strlen(high) + 24) {
        return "";
    }
    return control_is_document(c) ? "" : hint;
}

static const char *
message_of(const struct control *c)
{
    struct session *s = &c->k->session;
    const struct filling_violation *v =
        s->complain ? session_violation(s, c->node) : NULL;
    if (!v) {
        return "";
    }
    if (v->message && v->message[0]) {
        return v->message;
    }
    return v->fault == FILLING_REQUIRED
               ? kiosk_text(c->k, "Please answer this question: the next "
                                  "ones depend on it.")
               : kiosk_text(c->k, "This answer is not possible. Please check "
                                  "it.");
}

static void
line_rows(const struct control *c, const struct widgets_text *style,
          const char *text, struct flow_row row, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    int line = metrics_type(&ui->metrics, style->role).line_px;
    int height = widgets_text_height(ui, style, text, c->width_px);
    int first_gap = row.gap_px;
    row.height_px = line;
    row.entry = c->entry;
    row.glue = true;
    for (int i = 0; i < height / line; i++) {
        row.arg = i;
        row.gap_px = i == 0 ? first_gap : 0;
        flow_add(flow, &row);
    }
}

static int
message_text_width(const struct control *c)
{
    return c->width_px - ui_mm(&c->k->ui, 2 * MESSAGE_PAD_MM + 9);
}

bool
header_breaks_word(const struct control *c)
{
    struct ui *ui = &c->k->ui;
    static struct text_block block;
    struct metrics_type type = metrics_type(&ui->metrics, label_style.role);
    text_wrap(&ui->measure, &type, label_of(c), c->width_px, &block);
    return block.broken;
}

void
header_message_rows(const struct control *c, struct flow *flow)
{
    const char *message = message_of(c);
    if (message[0]) {
        struct ui *ui = &c->k->ui;
        int text = widgets_text_height(ui, &message_style, message,
                                       message_text_width(c));
        flow_add(flow, &(struct flow_row){
                           .kind = FLOW_MESSAGE,
                           .height_px = text + 2 * ui_mm(ui, MESSAGE_PAD_MM),
                           .gap_px = ui_mm(ui, 3),
                           .glue = true,
                           .entry = c->entry});
    }
}

static const char *
missing_picture(const struct control *c)
{
    return kiosk_text(c->k, "A picture belongs here, but this screen cannot "
                            "show it.");
}

/* A picture leaves a low panel room for the answers; a missing one is told. */
static int
image_height(const struct control *c)
{
    struct ui *ui = &c->k->ui;
    if (!kiosk_picture(c->k, c->q.label.image)) {
        return widgets_text_height(ui, &hint_style, missing_picture(c),
                                   c->width_px);
    }
    int most = ui_mm(ui, IMAGE_HEIGHT_MM);
    return c->room_px > 0 ? geom_min(most, c->room_px * 45 / 100) : most;
}

void
header_rows(const struct control *c, size_t number, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    char section[256];
    section_text(c, number, section, sizeof(section));
    int gap = flow->count > 0 ? ui_mm(ui, 6) : 0;
    if (section[0] && c->entry == 0) {
        line_rows(c, &section_style, section,
                  (struct flow_row){.kind = FLOW_SECTION, .gap_px = gap}, flow);
        gap = ui_mm(ui, 1.6);
    }
    line_rows(c, label_type(c), label_of(c),
              (struct flow_row){.kind = FLOW_LABEL, .gap_px = gap}, flow);
    if (c->q.label.image) {
        flow_add(flow, &(struct flow_row){.kind = FLOW_IMAGE,
                                          .height_px = image_height(c),
                                          .gap_px = ui_mm(ui, 2.5),
                                          .glue = true,
                                          .entry = c->entry});
    }
    const char *hint = hint_of(c);
    if (hint[0]) {
        line_rows(
            c, hint_type(c), hint,
            (struct flow_row){.kind = FLOW_HINT,
                              .gap_px = ui_mm(ui, only_tells(c) ? 4.0 : 2.0)},
            flow);
    }
    header_message_rows(c, flow);
}

/* Line `line` of a paragraph. */
static void
draw_line(struct ui *ui, const struct widgets_text *style, const char *text,
          size_t line, struct geom_rect rect)
{
    struct metrics_type type = metrics_type(&ui->metrics, style->role);
    struct text_block block;
    if (style->even) {
        text_wrap_even(&ui->measure, &type, text, rect.w, &block);
    } else {
        text_wrap(&ui->measure, &type, text, rect.w, &block);
    }
    if (line < block.count && block.lines[line].len > 0) {
        const struct text_line *l = &block.lines[line];
        struct geom_rect at = {rect.x, rect.y, l->width_px, type.line_px};
        draw_list_text(&ui->list, at, &type, style->colour, l->text, l->len);
    }
}

static void
draw_message(const struct control *c, struct geom_rect rect)
{
    struct ui *ui = &c->k->ui;
    draw_list_box(&ui->list, &(struct draw_list_box){
                                 .rect = rect,
                                 .fill = THEME_ACCENT_SOFT,
                                 .edge = THEME_INK,
                                 .edge_px = geom_max(1, ui_mm(ui, 0.34)),
                                 .radius_px = ui_mm(ui, 2.4)});
    struct geom_rect inside = geom_inset(rect, ui_mm(ui, MESSAGE_PAD_MM));
    struct geom_rect icon = geom_cut_left(&inside, ui_mm(ui, 6.5));
    icon.h = icon.w;
    draw_list_icon(&ui->list, icon, DRAW_LIST_WARNING, THEME_INK, 0);
    (void)geom_cut_left(&inside, ui_mm(ui, 2.5));
    inside.w = message_text_width(c);
    (void)widgets_text(ui, &message_style, message_of(c), inside);
}

void
header_draw(const struct control *c, size_t number, const struct flow_row *row,
            struct geom_rect rect)
{
    struct ui *ui = &c->k->ui;
    char section[256];
    switch (row->kind) {
    case FLOW_SECTION:
        section_text(c, number, section, sizeof(section));
        draw_line(ui, &section_style, section, (size_t)row->arg, rect);
        break;
    case FLOW_LABEL:
        draw_line(ui, label_type(c), label_of(c), (size_t)row->arg, rect);
        break;
    case FLOW_HINT:
        draw_line(ui, hint_type(c), hint_of(c), (size_t)row->arg, rect);
        break;
    case FLOW_IMAGE:
        if (kiosk_picture(c->k, c->q.label.image)) {
            draw_list_image(&ui->list, rect, c->q.label.image);
        } else {
            (void)widgets_text(ui, &hint_style, missing_picture(c), rect);
        }
        break;
    case FLOW_MESSAGE:
        draw_message(c, rect);
        break;
    default:
        break;
    }
}

/* What may be added, and how many there are. */
static void
repeat_text(struct kiosk *k, const struct session_entry *e, char *out,
            size_t size)
{
    struct filling_group group = {0};
    if (e->last) {
        filling_group(k->session.filling, e->last, &group);
    }
    if (e->last && group.label.text[0]) {
        (void)snprintf(out, size, "%s: %u", group.label.text, e->count);
    } else if (e->count > 0) {
        (void)snprintf(out, size, kiosk_text(k, "Filled in so far: %u"),
                       e->count);
    } else {
        (void)snprintf(out, size, "%s",
                       kiosk_text(k, "Is there something to add here?"));
    }
}

static void
heading_text(struct kiosk *k, size_t entry, char *out, size_t size)
{
    const struct session_entry *e = session_entry(&k->session, entry);
    struct filling_group group;
    out[0] = '\0';
    if (e && e->kind == SESSION_ADD) {
        repeat_text(k, e, out, size);
    } else if (e && e->node) {
        filling_group(k->session.filling, e->node, &group);
        (void)snprintf(out, size, "%s", group.label.text);
    }
}

void
header_heading_rows(struct kiosk *k, size_t entry, int width_px,
                    struct flow *flow)
{
    char text[512];
    heading_text(k, entry, text, sizeof(text));
    struct control c = {.k = k, .entry = entry, .width_px = width_px};
    line_rows(
        &c, &label_style, text,
        (struct flow_row){.kind = FLOW_HEADING, .gap_px = ui_mm(&k->ui, 6)},
        flow);
}

void
header_heading_draw(struct kiosk *k, const struct flow_row *row,
                    struct geom_rect rect)
{
    char text[512];
    heading_text(k, row->entry, text, sizeof(text));
    draw_line(&k->ui, &label_style, text, (size_t)row->arg, rect);
}
