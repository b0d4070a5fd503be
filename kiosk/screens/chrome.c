#include "screens/chrome.h"

#include <stdio.h>

#define TOP_GAP_MM 3.0
#define BOTTOM_MARGIN_MM 4.2
#define BODY_GAP_MM 4.0

static int
margin(const struct kiosk *k)
{
    return ui_mm(&k->ui, METRICS_MARGIN_MM);
}

static int
bottom_top(const struct kiosk *k)
{
    return k->ui.metrics.height_px - ui_mm(&k->ui, BOTTOM_MARGIN_MM)
           - ui_mm(&k->ui, METRICS_TARGET_MM);
}

struct geom_rect
chrome_tall_body(const struct kiosk *k)
{
    int top = ui_mm(&k->ui, METRICS_TOP_MM + TOP_GAP_MM);
    int bottom = k->ui.metrics.height_px - ui_mm(&k->ui, BOTTOM_MARGIN_MM);
    return (struct geom_rect){
        margin(k), top, k->ui.metrics.width_px - 2 * margin(k), bottom - top};
}

struct geom_rect
chrome_body(const struct kiosk *k)
{
    struct geom_rect body = chrome_tall_body(k);
    body.h = bottom_top(k) - ui_mm(&k->ui, BODY_GAP_MM) - body.y;
    return body;
}

static void
top_button(struct kiosk *k, struct geom_rect *line, struct widgets_button *b)
{
    b->look = WIDGETS_QUIET;
    b->role = METRICS_LABEL;
    b->flags = UI_DISPLAY;
    int width = widgets_button_width(&k->ui, b);
    struct geom_rect at = geom_cut_right(line, width);
    (void)geom_cut_right(line, ui_mm(&k->ui, METRICS_GAP_MM));
    widgets_button(&k->ui, b, at);
}

void
chrome_top(struct kiosk *k, const char *title)
{
    struct geom_rect line = {margin(k), ui_mm(&k->ui, 0.6),
                             k->ui.metrics.width_px - margin(k),
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
    top_button(k, &line, &size);
    if (k->in_session) {
        top_button(k, &line, &over);
    }
    widgets_line(
        &k->ui,
        &(struct widgets_text){.role = METRICS_LABEL, .colour = THEME_INK},
        title, line);
}

static void
progress(struct kiosk *k, const struct chrome_bottom *b, struct geom_rect room)
{
    int bar = ui_mm(&k->ui, 2.3);
    struct metrics_type label = metrics_type(&k->ui.metrics, METRICS_LABEL);
    int gap = ui_mm(&k->ui, 1.8);
    int height = bar + gap + label.line_px;
    room.y += (room.h - height) / 2;
    room.h = bar;
    widgets_progress(&k->ui, room, b->done, b->total);
    char text[64];
    (void)snprintf(text, sizeof(text), kiosk_text(k, "%zu of %zu"), b->done,
                   b->total);
    room.y += bar + gap;
    room.h = label.line_px;
    widgets_line(&k->ui,
                 &(struct widgets_text){.role = METRICS_LABEL,
                                        .colour = THEME_INK,
                                        .align = WIDGETS_CENTRE},
                 text, room);
}

void
chrome_bottom(struct kiosk *k, const struct chrome_bottom *b)
{
    struct ui *ui = &k->ui;
    struct geom_rect line = {margin(k), bottom_top(k),
                             ui->metrics.width_px - 2 * margin(k),
                             ui_mm(ui, METRICS_TARGET_MM)};
    int gap = ui_mm(ui, 4.8);
    if (b->back) {
        struct widgets_button back = {.label = b->back,
                                      .icon = DRAW_LIST_CHEVRON_LEFT,
                                      .has_icon = true,
                                      .look = WIDGETS_OUTLINED,
                                      .role = METRICS_BUTTON,
                                      .action = {.verb = KIOSK_BACK},
                                      .id_kind = "back"};
        int width = geom_max(widgets_button_width(ui, &back),
                             geom_min(ui_mm(ui, 41), line.w / 4));
        widgets_button(ui, &back, geom_cut_left(&line, width));
        (void)geom_cut_left(&line, gap);
    }
    if (b->next) {
        struct widgets_button next = {
            .label = b->next,
            .icon = DRAW_LIST_CHEVRON_RIGHT,
            .has_icon = !b->next_last,
            .icon_after = true,
            .look = b->next_quiet ? WIDGETS_OUTLINED : WIDGETS_FILLED,
            .role = METRICS_BUTTON,
            .action = {.verb = (int)b->next_verb},
            .id_kind = b->next_verb == KIOSK_SEND ? "send" : "next"};
        int width = geom_max(widgets_button_width(ui, &next),
                             geom_min(ui_mm(ui, 51), line.w / 3));
        widgets_button(ui, &next, geom_cut_right(&line, width));
        (void)geom_cut_right(&line, gap);
    }
    if (b->total > 0 && line.w > ui_mm(ui, 14)) {
        progress(k, b, line);
    }
}

int
chrome_parts_height(const struct kiosk *k)
{
    return ui_mm(&k->ui, METRICS_TARGET_MM) + ui_mm(&k->ui, METRICS_GAP_MM);
}

static void
part_button(struct kiosk *k, struct geom_rect at, bool on)
{
    struct widgets_button b = {
        .label = on ? kiosk_text(k, "More") : kiosk_text(k, "Up"),
        .icon = on ? DRAW_LIST_ARROW_DOWN : DRAW_LIST_ARROW_UP,
        .has_icon = true,
        .look = WIDGETS_OUTLINED,
        .role = METRICS_BUTTON,
        .action = {.verb = KIOSK_PART, .arg = on ? 1 : -1},
        .id_kind = on ? "more" : "up"};
    widgets_button(&k->ui, &b, at);
}

struct geom_rect
chrome_parts(struct kiosk *k, struct geom_rect rect, int part, int parts)
{
    if (parts < 2) {
        return rect;
    }
    struct geom_rect line =
        geom_cut_bottom(&rect, ui_mm(&k->ui, METRICS_TARGET_MM));
    (void)geom_cut_bottom(&rect, ui_mm(&k->ui, METRICS_GAP_MM));
    int gap = ui_mm(&k->ui, METRICS_GAP_MM);
    bool first = part == 0;
    bool last = part == parts - 1;
    struct geom_rect left = line;
    left.w = first || last ? line.w : (line.w - gap) / 2;
    struct geom_rect right = line;
    if (!first && !last) {
        right.x = line.x + left.w + gap;
        right.w = line.w - left.w - gap;
    }
    if (!first) {
        part_button(k, left, false);
    }
    if (!last) {
        part_button(k, right, true);
    }
    return rect;
}
