#include <stdlib.h>
#include <string.h>

#include "screens/chrome.h"
#include "screens/flow.h"

/*
 * Pages that only tell: a name at the left and what is so at the right, or one
 * below the other where the panel is narrow or the type large. Each line of
 * text is a row of the flow, so that the longest remark can be read whole.
 */
#define LINE_GAP_MM 3.0

static const struct widgets_text label_style = {.role = METRICS_HINT,
                                                .colour = THEME_INK};
static const struct widgets_text value_style = {.role = METRICS_HINT_STRONG,
                                                .colour = THEME_INK};

/* Where the two columns are; label.w is 0 when they are one. */
struct columns {
    struct geom_rect label;
    struct geom_rect value;
};

static struct columns
columns_of(struct kiosk *k, struct geom_rect body)
{
    struct columns c = {.label = body, .value = body};
    bool side_by_side =
        body.w >= ui_mm(&k->ui, 130) && k->ui.metrics.size <= METRICS_LARGE;
    if (side_by_side) {
        c.label = geom_cut_left(&c.value, body.w * 4 / 10);
        (void)geom_cut_right(&c.label, ui_mm(&k->ui, 5));
    } else {
        c.label.w = 0;
    }
    return c;
}

static void
wrap(struct kiosk *k, const struct widgets_text *style, const char *text,
     int width, struct text_block *out)
{
    struct metrics_type type = metrics_type(&k->ui.metrics, style->role);
    text_wrap(&k->ui.measure, &type, text, width, out);
}

static int
icon_room(struct kiosk *k, const struct staff_row *row)
{
    return row->warns
               ? metrics_type(&k->ui.metrics, METRICS_HINT).line_px * 5 / 4
               : 0;
}

/* Lines of one row of the report: of the label, then of the value where they
 * stand below each other, or as many as the longer of the two. */
struct lines {
    struct text_block label;
    struct text_block value;
    bool beside;
};

static void
lines_of(struct kiosk *k, const struct staff_row *row, const struct columns *c,
         struct geom_rect body, struct lines *out)
{
    out->beside = c->label.w > 0 && row->label[0];
    int width = out->beside ? c->value.w : body.w;
    wrap(k, &label_style, row->label, out->beside ? c->label.w : body.w,
         &out->label);
    if (!row->label[0]) {
        out->label.count = 0;
    }
    wrap(k, &value_style, row->value, width - icon_room(k, row), &out->value);
}

static size_t
line_count(const struct lines *l)
{
    if (!l->beside) {
        return l->label.count + l->value.count;
    }
    return l->label.count > l->value.count ? l->label.count : l->value.count;
}

static void
draw_text_line(struct kiosk *k, const struct widgets_text *style,
               const struct text_block *block, size_t line, int x, int y)
{
    struct metrics_type type = metrics_type(&k->ui.metrics, style->role);
    if (line >= block->count || block->lines[line].len == 0) {
        return;
    }
    const struct text_line *l = &block->lines[line];
    draw_list_text(&k->ui.list,
                   (struct geom_rect){x, y, l->width_px, type.line_px}, &type,
                   style->colour, l->text, l->len);
}

static void
draw_line(struct kiosk *k, const struct staff_row *row, const struct lines *l,
          const struct columns *c, struct geom_rect at, size_t line)
{
    size_t value = line;
    int x = at.x;
    if (l->beside) {
        draw_text_line(k, &label_style, &l->label, line, at.x, at.y);
        x = c->value.x;
    } else if (line < l->label.count) {
        draw_text_line(k, &label_style, &l->label, line, at.x, at.y);
        return;
    } else {
        value = line - l->label.count;
    }
    if (row->warns && value == 0) {
        draw_list_icon(&k->ui.list, (struct geom_rect){x, at.y, at.h, at.h},
                       DRAW_LIST_WARNING, THEME_INK, 0);
    }
    draw_text_line(k, &value_style, &l->value, value, x + icon_room(k, row),
                   at.y);
}

static void
draw_report(struct kiosk *k, const struct staff_report *report,
            struct geom_rect body, struct chrome_bottom *bottom)
{
    struct ui *ui = &k->ui;
    int line = metrics_type(&ui->metrics, METRICS_HINT).line_px;
    struct columns columns = columns_of(k, body);
    static struct flow flow;
    static struct lines lines;
    flow.count = 0;
    for (size_t i = 0; i < report->count; i++) {
        lines_of(k, &report->row[i], &columns, body, &lines);
        size_t count = line_count(&lines);
        for (size_t n = 0; n < count; n++) {
            flow_add(&flow, &(struct flow_row){
                                .height_px = line,
                                .gap_px = n == 0 ? ui_mm(ui, LINE_GAP_MM) : 0,
                                /* A remark is not torn in two unless it is
                                 * longer than the panel is high. */
                                .glue = n + 1 < count,
                                .entry = i,
                                .arg = (int)n});
        }
    }
    struct chrome_view view = chrome_view(k, &flow, body, bottom);
    while (chrome_view_next(&view)) {
        const struct staff_row *entry = &report->row[view.row->entry];
        int rule = view.row->gap_px / 2;
        if (view.box.y > body.y && rule > 0) {
            int y = view.box.y - view.row->gap_px + rule;
            draw_list_box(&ui->list, &(struct draw_list_box){
                                         .rect = {body.x, y, body.w, 1},
                                         .fill = THEME_LINE});
        }
        lines_of(k, entry, &columns, body, &lines);
        draw_line(k, entry, &lines, &columns, view.box, (size_t)view.row->arg);
    }
}

static const char *
title_of(const struct kiosk *k)
{
    switch ((int)k->staff.page) {
    case STAFF_WAITING:
        return kiosk_text(k, "Answers here");
    case STAFF_SYNC:
        return kiosk_text(k, "Connection");
    case STAFF_EVENTS:
        return kiosk_text(k, "What happened");
    default:
        return kiosk_text(k, "This screen");
    }
}

static void
draw(struct kiosk *k)
{
    struct chrome_bottom bottom = {.back = kiosk_text(k, "Back")};
    struct staff_report *report = calloc(1, sizeof(*report));
    if (report) {
        k->desk->report(k->desk->self, k->staff.page, k->lang, report);
        draw_report(k, report, chrome_body(k), &bottom);
    }
    free(report);
    chrome_bottom(k, &bottom);
    chrome_top(k, title_of(k));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    (void)staff_common_act(k, event);
}

/* An errand's outcome is a report of one remark. */
static void
draw_result(struct kiosk *k)
{
    static struct staff_outcome outcome;
    k->desk->outcome(k->desk->self, &outcome);
    struct staff_report *report = calloc(1, sizeof(*report));
    struct chrome_bottom bottom = {0};
    if (!outcome.running) {
        bottom.back = kiosk_text(k, "Back");
    }
    const char *at = outcome.running
                         ? kiosk_text(k, "One moment, please. Do not pull the "
                                         "stick out.")
                         : outcome.text;
    while (report && *at && report->count < STAFF_ROWS_MAX) {
        struct staff_row *row = &report->row[report->count];
        size_t len = strcspn(at, "\n");
        size_t kept = len < sizeof(row->value) ? len : sizeof(row->value) - 1;
        memcpy(row->value, at, kept);
        row->warns = report->count == 0 && !outcome.good && !outcome.running;
        report->count += kept > 0 ? 1 : 0;
        at += len + (at[len] == '\n' ? 1 : 0);
    }
    if (report) {
        struct geom_rect body = chrome_body(k);
        const char *title = outcome.running ? kiosk_text(k, "Working")
                            : outcome.good  ? kiosk_text(k, "Done")
                                           : kiosk_text(k, "That did not work");
        chrome_headline(k, title, &body);
        draw_report(k, report, body, &bottom);
    }
    free(report);
    chrome_bottom(k, &bottom);
    chrome_top(k, kiosk_house(k));
}

const struct screen staff_waiting_screen = {"staff-waiting", draw, act};
const struct screen staff_sync_screen = {"staff-sync", draw, act};
const struct screen staff_device_screen = {"staff-device", draw, act};
const struct screen staff_events_screen = {"staff-events", draw, act};
const struct screen staff_result_screen = {"staff-result", draw_result, act};
