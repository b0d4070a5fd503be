#include <string.h>

#include "base/log.h"
#include "screens/control.h"

/*
 * A document to read and acknowledge (appearance "document"): a long text,
 * turned part by part; "Read and understood" stands at its end and nowhere
 * before.
 *
 * The text is the media file that the column anketa_document names, else the
 * question's hint. Of Markdown it knows headings (#), items of a list (-, * or
 * 1.) and ** for emphasis, which is left out.
 */
#define LINE_MAX_BYTES 8192
#define ROW_TEXT FLOW_CONTROL
#define ROW_AGREE (FLOW_CONTROL + 1)
#define ITEM_INDENT_MM 6.0

bool
control_is_document(const struct control *c)
{
    return c->q.control == FORM_CONTROL_TRIGGER
           && control_has(c->q.appearance, "document");
}

/* Read once, when the question comes up. */
static const char *
text_of(const struct control *c)
{
    struct session *s = &c->k->session;
    const struct kiosk_source *source = c->k->source;
    const char *file =
        form_field_extension(filling_form(s->filling), c->q.field, "document");
    if (!file || !source->media) {
        return c->q.hint.text;
    }
    if (s->document_node != c->node) {
        buf_clear(&s->document);
        s->document_node = c->node;
        enum status st =
            source->media(source->self, c->k->survey, file, &s->document);
        if (st >= 0) {
            st = buf_status(&s->document);
        }
        if (st < 0) {
            log_error("kiosk", "document %s cannot be shown: %s", file,
                      status_name(st));
            buf_clear(&s->document);
        }
    }
    return s->document.len > 0 ? s->document.data : "";
}

struct line {
    struct widgets_text style;
    int indent_px;
    char number[8];            /* "12." of an item, else "" */
    char text[LINE_MAX_BYTES]; /* without its marks */
};

/* Bytes of "12. " at the start of an item, 0 if there is none. */
static size_t
number_length(const char *at)
{
    size_t digits = strspn(at, "0123456789");
    bool item = digits > 0 && digits <= 3
                && (at[digits] == '.' || at[digits] == ')')
                && at[digits + 1] == ' ';
    return item ? digits + 2 : 0;
}

static void
read_line(const struct control *c, const char *at, struct line *out)
{
    size_t len = strcspn(at, "\r\n");
    out->style =
        (struct widgets_text){.role = METRICS_BODY, .colour = THEME_INK};
    out->indent_px = 0;
    out->number[0] = '\0';
    size_t number = number_length(at);
    size_t marks = strspn(at, "#");
    if (marks > 0) {
        out->style.role = marks == 1 ? METRICS_QUESTION : METRICS_BODY_STRONG;
        marks += strspn(at + marks, " ");
    } else if (strncmp(at, "- ", 2) == 0 || strncmp(at, "* ", 2) == 0) {
        out->indent_px = ui_mm(&c->k->ui, ITEM_INDENT_MM);
        marks = 2;
    } else if (number > 0) {
        /* All numbers of a list leave the same room. */
        out->indent_px = widgets_width(&c->k->ui, METRICS_BODY, "00. ");
        memcpy(out->number, at, number - 1);
        out->number[number - 1] = '\0';
        marks = number;
    }
    size_t to = 0;
    for (size_t i = marks < len ? marks : len;
         i < len && to < sizeof(out->text) - 1; i++) {
        if (at[i] == '*' && (at[i + 1] == '*' || (i > 0 && at[i - 1] == '*'))) {
            continue;
        }
        out->text[to] = at[i];
        to++;
    }
    out->text[to] = '\0';
}

/* Start of the line after the one at `at`. */
static const char *
next_line(const char *at)
{
    at += strcspn(at, "\n");
    return *at ? at + 1 : at;
}

/* Wrapped lines of the text line at `at`. */
static void
wrap_line(const struct control *c, const struct line *line,
          struct text_block *out)
{
    struct metrics_type type =
        metrics_type(&c->k->ui.metrics, line->style.role);
    text_wrap(&c->k->ui.measure, &type, line->text,
              c->width_px - line->indent_px, out);
}

/* The row's number within a wrapped line, behind the line's offset. */
#define ROWS_OF_LINE 64

static void
rows(const struct control *c, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    static struct line line;
    static struct text_block block;
    const char *text = text_of(c);
    int gap = 0;
    for (const char *at = text; *at; at = next_line(at)) {
        read_line(c, at, &line);
        if (!line.text[0]) {
            gap = ui_mm(ui, 3.2);
            continue;
        }
        wrap_line(c, &line, &block);
        int height = metrics_type(&ui->metrics, line.style.role).line_px;
        bool heading = line.style.role != METRICS_BODY;
        for (size_t i = 0; i < block.count; i++) {
            flow_add(flow,
                     &(struct flow_row){
                         .height_px = height,
                         .gap_px = i == 0 ? gap : 0,
                         /* A paragraph's first line is never left alone. */
                         .glue = heading || (i == 0 && block.count > 1),
                         .entry = c->entry,
                         .kind = ROW_TEXT,
                         .arg = (int)(at - text) * ROWS_OF_LINE + (int)i});
        }
        gap = ui_mm(ui, heading ? 1.6 : 1.2);
    }
    /* Nor what is confirmed without its last lines. */
    for (size_t i = 1; i <= 2 && i <= flow->count; i++) {
        flow->rows[flow->count - i].glue = true;
    }
    struct widgets_card card = control_agree_card(c);
    flow_add(flow, &(struct flow_row){
                       .height_px = widgets_card_height(ui, &card, c->width_px),
                       .gap_px = ui_mm(ui, 5),
                       .entry = c->entry,
                       .kind = ROW_AGREE});
    if (flow->cut) {
        log_error("kiosk", "a document is longer than this screen can show");
    }
}

static void
draw_text(const struct control *c, const struct flow_row *row,
          struct geom_rect rect)
{
    struct ui *ui = &c->k->ui;
    static struct line line;
    static struct text_block block;
    size_t number = (size_t)(row->arg % ROWS_OF_LINE);
    read_line(c, text_of(c) + row->arg / ROWS_OF_LINE, &line);
    wrap_line(c, &line, &block);
    if (number >= block.count || block.lines[number].len == 0) {
        return;
    }
    struct metrics_type type = metrics_type(&ui->metrics, line.style.role);
    if (line.number[0] && number == 0) {
        (void)widgets_text(ui, &line.style, line.number, rect);
    } else if (line.indent_px > 0 && number == 0) {
        int dot = ui_mm(ui, 1.6);
        draw_list_box(&ui->list,
                      &(struct draw_list_box){
                          .rect = {rect.x + ui_mm(ui, 1.5),
                                   rect.y + (type.line_px - dot) / 2, dot, dot},
                          .fill = THEME_ACCENT,
                          .radius_px = dot / 2});
    }
    const struct text_line *l = &block.lines[number];
    draw_list_text(&ui->list,
                   (struct geom_rect){rect.x + line.indent_px, rect.y,
                                      l->width_px, type.line_px},
                   &type, line.style.colour, l->text, l->len);
}

static void
draw(const struct control *c, const struct flow_row *row, struct geom_rect rect)
{
    if (row->kind == ROW_TEXT) {
        draw_text(c, row, rect);
        return;
    }
    control_agree_draw(c, rect);
}

const struct control_ops control_document_ops = {"document", rows, draw,
                                                 control_agree_act};
