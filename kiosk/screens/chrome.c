#include "screens/chrome.h"

#include <stdio.h>
#include <string.h>

#define TOP_GAP_MM 3.0
#define BOTTOM_MARGIN_MM 4.2
#define BODY_GAP_MM 4.0
/* On a low panel every millimetre of the body counts. */
#define LOW_GAP_MM 2.7
/* The top line moves together on a panel narrower than this. */
#define NARROW_PANEL_MM 180.0
/* Tenths of a title that have to fit before it is cut. */
#define TITLE_SHARE 6
/* A progress bar shorter than this is left out. */
#define BAR_LEAST_MM 30.0

static int
margin(const struct kiosk *k)
{
    return ui_mm(&k->ui, METRICS_MARGIN_MM);
}

static double
tight(const struct kiosk *k, double mm)
{
    bool low = k->ui.metrics.height_px < ui_mm(&k->ui, METRICS_LOW_PANEL_MM);
    return low && mm > LOW_GAP_MM ? LOW_GAP_MM : mm;
}

static int
bottom_top(const struct kiosk *k)
{
    return k->ui.metrics.height_px - ui_mm(&k->ui, tight(k, BOTTOM_MARGIN_MM))
           - ui_mm(&k->ui, METRICS_TARGET_MM);
}

struct geom_rect
chrome_tall_body(const struct kiosk *k)
{
    int top = ui_mm(&k->ui, METRICS_TOP_MM + tight(k, TOP_GAP_MM));
    if (reading_height(k) > 0) {
        top += reading_height(k) + ui_mm(&k->ui, 4.0);
    }
    int bottom =
        k->ui.metrics.height_px - ui_mm(&k->ui, tight(k, BOTTOM_MARGIN_MM));
    return (struct geom_rect){
        margin(k), top, k->ui.metrics.width_px - 2 * margin(k), bottom - top};
}

struct geom_rect
chrome_body(const struct kiosk *k)
{
    struct geom_rect body = chrome_tall_body(k);
    body.h = bottom_top(k) - ui_mm(&k->ui, tight(k, BODY_GAP_MM)) - body.y;
    return body;
}

static void
top_button(struct kiosk *k, struct geom_rect *line, struct widgets_button *b)
{
    b->look = WIDGETS_QUIET;
    b->role = METRICS_LABEL;
    b->flags = UI_DISPLAY;
    b->narrow = k->ui.metrics.width_px < ui_mm(&k->ui, NARROW_PANEL_MM);
    int width = widgets_button_width(&k->ui, b);
    struct geom_rect at = geom_cut_right(line, width);
    (void)geom_cut_right(line, ui_mm(&k->ui, METRICS_GAP_MM));
    widgets_button(&k->ui, b, at);
}

/* A long title in two lines, smaller if it must be: false if that is not
 * enough either. */
static bool
title_in_two(struct kiosk *k, const char *title, struct geom_rect line)
{
    static struct text_block block;
    struct metrics m = k->ui.metrics;
    for (int size = (int)m.size; size >= (int)METRICS_SMALL; size--) {
        m.size = (enum metrics_size)size;
        struct metrics_type type = metrics_type(&m, METRICS_LABEL);
        type.baseline_px -= (type.line_px - type.em_px * 6 / 5) / 2;
        type.line_px = type.em_px * 6 / 5;
        text_wrap_even(&k->ui.measure, &type, title, line.w, &block);
        if (block.count > 2 || block.broken || 2 * type.line_px > line.h) {
            continue;
        }
        int y = line.y + (line.h - (int)block.count * type.line_px) / 2;
        for (size_t i = 0; i < block.count; i++) {
            const struct text_line *l = &block.lines[i];
            draw_list_text(
                &k->ui.list,
                (struct geom_rect){line.x, y, l->width_px, type.line_px}, &type,
                THEME_INK, l->text, l->len);
            y += type.line_px;
        }
        return true;
    }
    return false;
}

/* Whole, or up to a "·", or cut where most of it can still be read; a stump of
 * a few letters helps nobody. */
static void
top_title(struct kiosk *k, const char *title, struct geom_rect line)
{
    static const struct widgets_text style = {.role = METRICS_LABEL,
                                              .colour = THEME_INK};
    int width = widgets_width(&k->ui, METRICS_LABEL, title);
    const char *dot = strstr(title, " · ");
    char part[128];
    size_t len = dot ? (size_t)(dot - title) : 0;
    if (width > line.w && len > 0 && len < sizeof(part)) {
        memcpy(part, title, len);
        part[len] = '\0';
        title = part;
        width = widgets_width(&k->ui, METRICS_LABEL, title);
    }
    if (width > line.w && title_in_two(k, title, line)) {
        return;
    }
    if (line.w >= width || line.w * 10 >= width * TITLE_SHARE) {
        widgets_line(&k->ui, &style, title, line);
    }
}

void
chrome_top(struct kiosk *k, const char *title)
{
    struct geom_rect line = {margin(k), 0, k->ui.metrics.width_px - margin(k),
                             ui_mm(&k->ui, METRICS_TOP_MM)};
    /* The words of the last button end at the margin, its target beyond. */
    line.w -= margin(k) / 2;
    struct widgets_button language = {.label = k->lang == I18N_RU ? "EN" : "RU",
                                      .action = {.verb = KIOSK_LANGUAGE},
                                      .id_kind = "language"};
    struct widgets_button theme = {.icon = DRAW_LIST_CONTRAST,
                                   .has_icon = true,
                                   .action = {.verb = KIOSK_THEME},
                                   .id_kind = "contrast"};
    struct widgets_button size = {
        .label = "Aa", .action = {.verb = KIOSK_SIZE}, .id_kind = "text-size"};
    struct widgets_button over = {.label = kiosk_text(k, "Start over"),
                                  .action = {.verb = KIOSK_START_OVER},
                                  .id_kind = "start-over"};
    top_button(k, &line, &language);
    top_button(k, &line, &theme);
    ui_said(&k->ui, kiosk_text(k, "Contrast"));
    top_button(k, &line, &size);
    ui_said(&k->ui, kiosk_text(k, "Text size"));
    if (k->voice) {
        struct widgets_button speech = {
            .icon = k->reading.on ? DRAW_LIST_SPEAKER_ON : DRAW_LIST_SPEAKER,
            .has_icon = true,
            .action = {.verb = KIOSK_READING},
            .id_kind = "speech"};
        top_button(k, &line, &speech);
        ui_said(&k->ui, kiosk_text(k, "Reading aloud"));
    }
    if (reading_on(k) && reading_height(k) == 0) {
        /* A low panel: in place of the title. */
        int height = ui_mm(&k->ui, METRICS_KEY_MM);
        line.y = (line.h - height) / 2;
        line.h = height;
        reading_draw(k, line);
        return;
    }
    if (k->in_session) {
        top_button(k, &line, &over);
    }
    /* Of test mode every page speaks. */
    top_title(k, k->rehearsal ? kiosk_house(k) : title, line);
    if (reading_height(k) > 0) {
        reading_draw(
            k, (struct geom_rect){
                   margin(k), ui_mm(&k->ui, METRICS_TOP_MM + LOW_GAP_MM),
                   k->ui.metrics.width_px - 2 * margin(k), reading_height(k)});
    }
}

static void
progress(struct kiosk *k, const struct chrome_bottom *b, struct geom_rect room)
{
    int bar = ui_mm(&k->ui, 2.3);
    struct metrics_type label = metrics_type(&k->ui.metrics, METRICS_LABEL);
    int gap = ui_mm(&k->ui, 1.8);
    int height = bar + gap + label.line_px;
    struct widgets_text style = {
        .role = METRICS_LABEL, .colour = THEME_INK, .align = WIDGETS_CENTRE};
    char text[64];
    (void)snprintf(text, sizeof(text), kiosk_text(k, "%zu of %zu"), b->done,
                   b->total);
    bool roomy = room.w >= ui_mm(&k->ui, BAR_LEAST_MM);
    if (widgets_width(&k->ui, METRICS_LABEL, text) > room.w) {
        (void)snprintf(text, sizeof(text), "%zu/%zu", b->done, b->total);
        style.role = METRICS_HINT_STRONG;
    }
    if (!roomy) {
        /* A stub of a bar tells less than the number alone. */
        if (widgets_width(&k->ui, style.role, text) <= room.w) {
            widgets_line(&k->ui, &style, text, room);
        }
        return;
    }
    room.y += (room.h - height) / 2;
    room.h = bar;
    widgets_progress(&k->ui, room, b->share, 1000);
    room.y += bar + gap;
    room.h = label.line_px;
    widgets_line(&k->ui, &style, text, room);
}

static struct widgets_button
back_button(const struct chrome_bottom *b)
{
    return (struct widgets_button){.label = b->back[0] ? b->back : NULL,
                                   .icon = DRAW_LIST_CHEVRON_LEFT,
                                   .has_icon = true,
                                   .look = WIDGETS_OUTLINED,
                                   .role = METRICS_BUTTON,
                                   .action = {.verb = KIOSK_BACK},
                                   .id_kind = "back"};
}

static struct widgets_button
next_button(const struct chrome_bottom *b)
{
    return (struct widgets_button){
        .label = b->next,
        .icon = DRAW_LIST_CHEVRON_RIGHT,
        .has_icon = !b->next_last,
        .icon_after = true,
        .look = b->next_quiet ? WIDGETS_OUTLINED : WIDGETS_FILLED,
        .role = METRICS_BUTTON,
        .action = {.verb = (int)b->next_verb},
        .id_kind = b->next_verb == KIOSK_SEND ? "send" : "next"};
}

/* Cuts the room of a button off one end of the line. */
static struct geom_rect
cut_button(struct kiosk *k, const struct widgets_button *b, bool left,
           struct geom_rect *line)
{
    struct ui *ui = &k->ui;
    int least =
        geom_min(ui_mm(ui, left ? 41 : 51), left ? line->w / 5 : line->w / 4);
    least = b->label ? least : 0;
    int width = geom_max(widgets_button_width(ui, b), least);
    struct geom_rect at =
        left ? geom_cut_left(line, width) : geom_cut_right(line, width);
    int gap = ui_mm(ui, METRICS_GAP_MM + 1.0);
    (void)(left ? geom_cut_left(line, gap) : geom_cut_right(line, gap));
    return at;
}

/* The bottom line and what its buttons leave in the middle. */
struct bottom {
    struct geom_rect back;
    struct geom_rect next;
    struct geom_rect middle;
};

static struct bottom
lay_bottom(struct kiosk *k, const struct chrome_bottom *b)
{
    struct bottom at = {0};
    at.middle = (struct geom_rect){margin(k), bottom_top(k),
                                   k->ui.metrics.width_px - 2 * margin(k),
                                   ui_mm(&k->ui, METRICS_TARGET_MM)};
    if (b->back) {
        struct widgets_button back = back_button(b);
        at.back = cut_button(k, &back, true, &at.middle);
    }
    if (b->next) {
        struct widgets_button next = next_button(b);
        at.next = cut_button(k, &next, false, &at.middle);
    }
    return at;
}

static struct widgets_button
part_button(const struct kiosk *k, bool on, bool icon_only)
{
    const char *label = on ? kiosk_text(k, "More") : kiosk_text(k, "Up");
    return (struct widgets_button){
        .label = icon_only ? NULL : label,
        .icon = on ? DRAW_LIST_ARROW_DOWN : DRAW_LIST_ARROW_UP,
        .has_icon = true,
        .look = WIDGETS_OUTLINED,
        .role = METRICS_BUTTON,
        .action = {.verb = KIOSK_PART, .arg = on ? 1 : -1},
        .id_kind = on ? "more" : "up"};
}

/* Width of both buttons side by side in the bottom line. */
static int
parts_width(struct kiosk *k, bool icons)
{
    struct widgets_button more = part_button(k, true, icons);
    struct widgets_button up = part_button(k, false, true);
    return widgets_button_width(&k->ui, &more)
           + widgets_button_width(&k->ui, &up) + ui_mm(&k->ui, METRICS_GAP_MM);
}

/* On a low panel Back shrinks to its arrow before the page loses height. */
static struct chrome_bottom
compact(struct kiosk *k, const struct chrome_bottom *b)
{
    struct chrome_bottom small = *b;
    bool low = k->ui.metrics.height_px < ui_mm(&k->ui, METRICS_LOW_PANEL_MM);
    struct bottom at = lay_bottom(k, b);
    int least = low && b->parts > 1 ? parts_width(k, true) : 0;
    if (b->back && at.middle.w < least) {
        small.back = "";
        at = lay_bottom(k, &small);
        small.next_last = small.next_last || at.middle.w < least;
    }
    return small;
}

/* With a word on "More" and the progress beside it, or with arrows alone. */
static bool
parts_fit(struct kiosk *k, const struct chrome_bottom *b, bool icons)
{
    struct bottom at = lay_bottom(k, b);
    int progress = b->total > 0 && !icons ? ui_mm(&k->ui, 26) : 0;
    return at.middle.w >= parts_width(k, icons) + progress;
}

int
chrome_parts_height(struct kiosk *k, const struct chrome_bottom *b)
{
    struct chrome_bottom small = *b;
    small.parts = 2;
    small = compact(k, &small);
    return parts_fit(k, &small, true) ? 0
                                      : ui_mm(&k->ui, METRICS_TARGET_MM)
                                            + ui_mm(&k->ui, METRICS_GAP_MM);
}

/* In the middle of the bottom line, "More" at the same place on every part. */
static void
parts_inline(struct kiosk *k, const struct chrome_bottom *b,
             struct geom_rect *middle)
{
    struct ui *ui = &k->ui;
    struct widgets_button more = part_button(k, true, !parts_fit(k, b, false));
    struct widgets_button up = part_button(k, false, true);
    struct geom_rect more_at =
        geom_cut_right(middle, widgets_button_width(ui, &more));
    (void)geom_cut_right(middle, ui_mm(ui, METRICS_GAP_MM));
    struct geom_rect up_at =
        geom_cut_right(middle, widgets_button_width(ui, &up));
    (void)geom_cut_right(middle, ui_mm(ui, METRICS_GAP_MM + 1.0));
    if (b->part > 0) {
        widgets_button(ui, &up, up_at);
    }
    if (b->part < b->parts - 1) {
        widgets_button(ui, &more, more_at);
    }
}

/* A line of their own above the bottom line. */
static void
parts_above(struct kiosk *k, const struct chrome_bottom *b)
{
    struct ui *ui = &k->ui;
    struct geom_rect body = geom_empty(b->area) ? chrome_body(k) : b->area;
    struct geom_rect line =
        geom_cut_bottom(&body, ui_mm(ui, METRICS_TARGET_MM));
    int gap = ui_mm(ui, METRICS_GAP_MM);
    bool first = b->part == 0;
    bool last = b->part == b->parts - 1;
    struct geom_rect left = line;
    struct geom_rect right = line;
    if (!first && !last) {
        left = geom_cut_left(&line, (line.w - gap) / 2);
        (void)geom_cut_left(&line, gap);
        right = line;
    }
    if (!first) {
        struct widgets_button up = part_button(k, false, false);
        widgets_button(ui, &up, left);
    }
    if (!last) {
        struct widgets_button more = part_button(k, true, false);
        widgets_button(ui, &more, right);
    }
}

void
chrome_bottom(struct kiosk *k, const struct chrome_bottom *wanted)
{
    struct chrome_bottom small = compact(k, wanted);
    const struct chrome_bottom *b = &small;
    struct bottom at = lay_bottom(k, b);
    if (b->parts > 1 && !parts_fit(k, b, true)) {
        parts_above(k, b);
    }
    if (b->back) {
        struct widgets_button back = back_button(b);
        widgets_button(&k->ui, &back, at.back);
    }
    if (b->parts > 1 && parts_fit(k, b, true)) {
        parts_inline(k, b, &at.middle);
    }
    if (b->total > 0 && at.middle.w > ui_mm(&k->ui, 14)) {
        progress(k, b, at.middle);
    }
    if (b->next) {
        struct widgets_button next = next_button(b);
        widgets_button(&k->ui, &next, at.next);
    }
}

void
chrome_headline(struct kiosk *k, const char *title, struct geom_rect *body)
{
    struct widgets_text style = {
        .role = METRICS_QUESTION, .colour = THEME_INK, .even = true};
    int height =
        widgets_text_height(&k->ui, &style, title, body->w) + ui_mm(&k->ui, 3);
    if (body->h - height < ui_mm(&k->ui, 2 * METRICS_TARGET_MM + 8)) {
        return;
    }
    (void)widgets_text(&k->ui, &style, title, *body);
    (void)geom_cut_top(body, height);
}

struct chrome_view
chrome_view(struct kiosk *k, const struct flow *flow, struct geom_rect body,
            struct chrome_bottom *bottom)
{
    size_t first = 0;
    size_t count = 0;
    int more = chrome_parts_height(k, bottom);
    bottom->parts = flow_part(flow, body.h, more, &k->part, &first, &count);
    bottom->part = k->part;
    return (struct chrome_view){.box = {body.x, body.y, body.w, 0},
                                .flow = flow,
                                .first = first,
                                .next = first,
                                .end = first + count,
                                .y = body.y,
                                .room_px =
                                    body.h - (bottom->parts > 1 ? more : 0)};
}

bool
chrome_view_next(struct chrome_view *v)
{
    if (v->next == v->end) {
        return false;
    }
    const struct flow_row *row = &v->flow->rows[v->next];
    v->y += v->row ? row->gap_px : 0;
    v->row = row;
    v->box.y = v->y;
    v->box.h = row->height_px
               + flow_stretch(v->flow, v->first, v->end - v->first, v->next,
                              v->room_px);
    v->y += v->box.h;
    v->next++;
    return true;
}
