#include "ui/widgets.h"

#include <stdio.h>
#include <string.h>

#define CARD_PAD_MM 5.0
#define MARK_MM 8.0
#define MARK_GAP_MM 4.2
#define MARK_ABOVE_GAP_MM 1.8
#define NOTE_GAP_MM 0.6

static void
wrap(struct ui *ui, const struct widgets_text *style, const char *text,
     int width_px, struct text_block *out)
{
    struct metrics_type type = metrics_type(&ui->metrics, style->role);
    if (style->even) {
        text_wrap_even(&ui->measure, &type, text, width_px, out);
    } else {
        text_wrap(&ui->measure, &type, text, width_px, out);
    }
}

int
widgets_text_height(struct ui *ui, const struct widgets_text *style,
                    const char *text, int width_px)
{
    struct text_block block;
    wrap(ui, style, text, width_px, &block);
    return (int)block.count * metrics_type(&ui->metrics, style->role).line_px;
}

static int
aligned_x(struct geom_rect rect, enum widgets_align align, int width)
{
    if (align == WIDGETS_CENTRE) {
        return rect.x + (rect.w - width) / 2;
    }
    return align == WIDGETS_RIGHT ? geom_right(rect) - width : rect.x;
}

int
widgets_text(struct ui *ui, const struct widgets_text *style, const char *text,
             struct geom_rect rect)
{
    struct metrics_type type = metrics_type(&ui->metrics, style->role);
    struct text_block block;
    wrap(ui, style, text, rect.w, &block);
    for (size_t i = 0; i < block.count; i++) {
        const struct text_line *line = &block.lines[i];
        if (line->len == 0) {
            continue;
        }
        struct geom_rect at = {aligned_x(rect, style->align, line->width_px),
                               rect.y + (int)i * type.line_px, line->width_px,
                               type.line_px};
        draw_list_text(&ui->list, at, &type, style->colour, line->text,
                       line->len);
    }
    return (int)block.count * type.line_px;
}

void
widgets_text_within(struct ui *ui, const struct widgets_text *style,
                    const char *text, struct geom_rect rect)
{
    struct metrics_type type = metrics_type(&ui->metrics, style->role);
    struct text_block block;
    wrap(ui, style, text, rect.w, &block);
    size_t room = (size_t)geom_max(rect.h / type.line_px, 1);
    for (size_t i = 0; i < block.count && i < room; i++) {
        struct text_line line = block.lines[i];
        struct geom_rect at = {rect.x, rect.y + (int)i * type.line_px,
                               line.width_px, type.line_px};
        if (line.len > 0) {
            draw_list_text(&ui->list, at, &type, style->colour, line.text,
                           line.len);
        }
    }
    if (block.count > room) {
        /* A mark of three dots, so that nobody thinks the rest is lost. */
        int side = type.em_px / 2;
        draw_list_icon(
            &ui->list,
            (struct geom_rect){
                geom_min(rect.x + block.lines[room - 1].width_px + side / 4,
                         geom_right(rect) - side),
                rect.y + (int)(room - 1) * type.line_px + type.baseline_px
                    - side * 5 / 8,
                side, side},
            DRAW_LIST_MORE, style->colour, 0);
    }
}

int
widgets_width(struct ui *ui, enum metrics_role role, const char *text)
{
    struct metrics_type type = metrics_type(&ui->metrics, role);
    return text_width(&ui->measure, &type, text);
}

void
widgets_line(struct ui *ui, const struct widgets_text *style, const char *text,
             struct geom_rect rect)
{
    struct metrics_type type = metrics_type(&ui->metrics, style->role);
    char shortened[512];
    size_t len = strlen(text);
    int width = text_width(&ui->measure, &type, text);
    if (len >= sizeof(shortened) - 4) {
        len = sizeof(shortened) - 4;
        width = rect.w + 1;
    }
    while (width > rect.w && len > 0) {
        len--;
        while (len > 0 && ((unsigned char)text[len] & 0xC0u) == 0x80u) {
            len--;
        }
        size_t kept = len;
        while (kept > 0 && text[kept - 1] == ' ') {
            kept--;
        }
        memcpy(shortened, text, kept);
        memcpy(shortened + kept, "…", sizeof("…"));
        width = text_width(&ui->measure, &type, shortened);
        if (width <= rect.w) {
            text = shortened;
            len = strlen(shortened);
            break;
        }
    }
    struct geom_rect at = {aligned_x(rect, style->align, width),
                           rect.y + (rect.h - type.line_px) / 2, width,
                           type.line_px};
    if (len > 0) {
        draw_list_text(&ui->list, at, &type, style->colour, text, len);
    }
}

static int
icon_px(struct ui *ui, enum metrics_role role)
{
    return metrics_type(&ui->metrics, role).em_px;
}

int
widgets_button_width(struct ui *ui, const struct widgets_button *b)
{
    int width = 2 * ui_mm(ui, b->look == WIDGETS_QUIET ? 3.0 : 6.5);
    if (b->label) {
        width += widgets_width(ui, b->role, b->label);
    }
    if (b->has_icon) {
        width += icon_px(ui, b->role) + (b->label ? ui_mm(ui, 1.4) : 0);
    }
    double least_mm = b->narrow ? METRICS_KEY_MM : METRICS_TARGET_MM;
    return geom_max(width, ui_mm(ui, least_mm));
}

static void
button_ground(struct ui *ui, const struct widgets_button *b,
              struct geom_rect rect, bool pressed)
{
    struct draw_list_box box = {
        .rect = rect, .radius_px = ui_mm(ui, METRICS_BUTTON_RADIUS_MM)};
    switch (b->look) {
    case WIDGETS_FILLED:
        box.fill = pressed ? THEME_ACCENT_PRESSED : THEME_ACCENT;
        box.edge = pressed ? THEME_INK : THEME_ACCENT;
        break;
    case WIDGETS_OUTLINED:
        box.fill = pressed ? THEME_CARD_PRESSED : THEME_PAPER;
        box.edge = THEME_INK;
        break;
    case WIDGETS_CARD:
        box.fill = pressed ? THEME_CARD_PRESSED : THEME_CARD;
        box.edge = pressed ? THEME_INK : THEME_LINE;
        box.radius_px =
            ui_mm(ui, (b->flags & UI_KEY) ? 2.0 : METRICS_CARD_RADIUS_MM);
        break;
    case WIDGETS_QUIET:
        if (!pressed) {
            return;
        }
        box.fill = THEME_CARD_PRESSED;
        box.edge = THEME_INK;
        break;
    }
    box.edge_px = geom_max(1, ui_mm(ui, pressed ? 0.7 : 0.34));
    if (b->look == WIDGETS_OUTLINED) {
        box.edge_px = geom_max(2, ui_mm(ui, pressed ? 0.8 : 0.5));
    }
    draw_list_box(&ui->list, &box);
}

void
widgets_button(struct ui *ui, const struct widgets_button *b,
               struct geom_rect rect)
{
    bool pressed =
        ui_target(ui, rect, b->action, b->flags, b->id_kind, b->id_name);
    rect = geom_inset(rect, b->inset_px);
    button_ground(ui, b, rect, pressed);
    enum theme_role colour =
        b->look == WIDGETS_FILLED ? THEME_ON_ACCENT : THEME_INK;
    struct metrics_type type = metrics_type(&ui->metrics, b->role);
    int icon = b->has_icon ? type.em_px : 0;
    int gap = b->has_icon && b->label ? ui_mm(ui, 1.4) : 0;
    int label = b->label ? text_width(&ui->measure, &type, b->label) : 0;
    label = geom_min(label, rect.w - icon - gap - ui_mm(ui, 2.0));
    int x = rect.x + (rect.w - label - gap - icon) / 2;
    struct geom_rect icon_at = {b->icon_after ? x + label + gap : x,
                                rect.y + (rect.h - icon) / 2, icon, icon};
    struct geom_rect label_at = {b->icon_after ? x : x + icon + gap, rect.y,
                                 label, rect.h};
    if (b->has_icon) {
        draw_list_icon(&ui->list, icon_at, b->icon, colour, 0);
    }
    if (b->label) {
        widgets_line(ui,
                     &(struct widgets_text){.role = b->role, .colour = colour},
                     b->label, label_at);
    }
}

/* Padding at both sides of a card's words. */
static int
card_pad(struct ui *ui, const struct widgets_card *card)
{
    return ui_mm(ui, card->centred || card->mark_above ? 2.0 : CARD_PAD_MM);
}

static struct widgets_text
card_style(const struct widgets_card *card)
{
    enum metrics_role role = card->role;
    if (role == METRICS_BODY && card->selected) {
        role = METRICS_BODY_STRONG;
    }
    return (struct widgets_text){
        .role = role,
        .colour = card->selected ? THEME_ON_ACCENT : THEME_INK,
        .align =
            card->centred || card->mark_above ? WIDGETS_CENTRE : WIDGETS_LEFT,
        .even = card->mark_above};
}

static int
card_text_width(struct ui *ui, const struct widgets_card *card, int width_px)
{
    int pad = card_pad(ui, card);
    int mark = card->mark == WIDGETS_MARK_NONE || card->mark_above
                   ? 0
                   : ui_mm(ui, MARK_MM) + ui_mm(ui, MARK_GAP_MM);
    width_px -= card->lead_px;
    int sign = card->warns ? ui_mm(ui, MARK_MM + MARK_GAP_MM) : 0;
    return width_px - 2 * pad - mark - sign;
}

#define NOTE_LINES_MAX 2

static int
note_height(struct ui *ui, const struct widgets_card *card, int width_px)
{
    struct widgets_text style = {.role = card->note_strong ? METRICS_HINT_STRONG
                                                           : METRICS_HINT};
    int line = metrics_type(&ui->metrics, style.role).line_px;
    return geom_min(widgets_text_height(ui, &style, card->note, width_px),
                    NOTE_LINES_MAX * line);
}

/* Reckoned in the heavier weight, so that choosing never moves a line. */
int
widgets_card_words(struct ui *ui, const struct widgets_card *card, int width_px)
{
    struct widgets_card chosen = *card;
    chosen.selected = true;
    struct widgets_text style = card_style(&chosen);
    int width = card_text_width(ui, card, width_px);
    int height = widgets_text_height(ui, &style, card->label, width);
    if (card->note && card->note[0]) {
        height += ui_mm(ui, NOTE_GAP_MM) + note_height(ui, card, width);
    }
    return height;
}

static int
image_height(struct ui *ui, const struct widgets_card *card)
{
    return card->image_px > 0 ? card->image_px : ui_mm(ui, WIDGETS_IMAGE_MM);
}

int
widgets_card_height(struct ui *ui, const struct widgets_card *card,
                    int width_px)
{
    int height = widgets_card_words(ui, card, width_px) + 2 * ui_mm(ui, 2.2);
    if (card->image) {
        height += image_height(ui, card) + ui_mm(ui, 2.0);
    }
    if (card->mark_above) {
        height += ui_mm(ui, MARK_MM) + ui_mm(ui, MARK_ABOVE_GAP_MM);
    }
    return geom_max(height, ui_mm(ui, METRICS_TARGET_MM));
}

static void
card_mark(struct ui *ui, const struct widgets_card *card, struct geom_rect at)
{
    bool circle = card->mark == WIDGETS_MARK_CIRCLE;
    if (card->mark == WIDGETS_MARK_TICK) {
        if (card->selected) {
            draw_list_icon(&ui->list, at, DRAW_LIST_TICK, THEME_ON_ACCENT, 0);
        }
        return;
    }
    struct draw_list_box box = {
        .rect = at,
        .fill = card->selected ? THEME_ON_ACCENT : THEME_CARD,
        .edge = card->selected ? THEME_ON_ACCENT : THEME_INK,
        .edge_px = geom_max(2, ui_mm(ui, 0.6)),
        .radius_px = circle ? at.h / 2 : ui_mm(ui, 1.4)};
    draw_list_box(&ui->list, &box);
    if (card->selected) {
        draw_list_icon(&ui->list, geom_inset(at, at.w / 8), DRAW_LIST_TICK,
                       THEME_ACCENT, 0);
    }
}

/* The mark at the top of what mark and words take together of `inside`, which
 * is cut to the words. */
static void
mark_above(struct ui *ui, const struct widgets_card *card, int width_px,
           struct geom_rect *inside)
{
    int size = ui_mm(ui, MARK_MM);
    int gap = ui_mm(ui, MARK_ABOVE_GAP_MM);
    int words =
        geom_max(card->words_px, widgets_card_words(ui, card, width_px));
    (void)geom_cut_top(inside, (inside->h - words - size - gap) / 2);
    struct geom_rect at = geom_cut_top(inside, size);
    at.x += (at.w - size) / 2;
    at.w = size;
    card_mark(ui, card, at);
    (void)geom_cut_top(inside, gap);
}

void
widgets_card(struct ui *ui, const struct widgets_card *card,
             struct geom_rect rect)
{
    bool pressed =
        ui_target(ui, rect, card->action, card->selected ? UI_SELECTED : 0,
                  card->id_kind, card->id_name);
    struct draw_list_box box = {.rect = rect,
                                .fill = THEME_CARD,
                                .edge = THEME_LINE,
                                .edge_px = geom_max(1, ui_mm(ui, 0.34)),
                                .radius_px = ui_mm(ui, METRICS_CARD_RADIUS_MM)};
    if (card->selected) {
        box.fill = pressed ? THEME_ACCENT_PRESSED : THEME_ACCENT;
        box.edge = box.fill;
    } else if (pressed) {
        box.fill = THEME_CARD_PRESSED;
    }
    if (pressed) {
        box.edge = THEME_INK;
        box.edge_px = geom_max(2, ui_mm(ui, 0.7));
    }
    draw_list_box(&ui->list, &box);

    struct geom_rect inside = rect;
    int pad = card_pad(ui, card);
    (void)geom_cut_left(&inside, card->lead_px);
    inside.x += pad;
    inside.w -= 2 * pad;
    if (card->image) {
        (void)geom_cut_top(&inside, ui_mm(ui, 2.0));
        struct geom_rect image = geom_cut_top(&inside, image_height(ui, card));
        draw_list_image(&ui->list, image, card->image);
    }
    if (card->mark_above) {
        mark_above(ui, card, rect.w, &inside);
    } else if (card->mark == WIDGETS_MARK_TICK) {
        int size = ui_mm(ui, MARK_MM);
        struct geom_rect at = geom_cut_right(&inside, size);
        at.y += (at.h - size) / 2;
        at.h = size;
        card_mark(ui, card, at);
        (void)geom_cut_right(&inside, ui_mm(ui, MARK_GAP_MM));
    } else if (card->mark != WIDGETS_MARK_NONE) {
        int size = ui_mm(ui, MARK_MM);
        struct geom_rect at = geom_cut_left(&inside, size);
        at.y += (at.h - size) / 2;
        at.h = size;
        card_mark(ui, card, at);
        (void)geom_cut_left(&inside, ui_mm(ui, MARK_GAP_MM));
    }
    if (card->warns) {
        int size = ui_mm(ui, MARK_MM);
        struct geom_rect at = geom_cut_right(&inside, size);
        at.y += (at.h - size) / 2;
        at.h = size;
        draw_list_icon(&ui->list, at, DRAW_LIST_WARNING, THEME_INK, 0);
        (void)geom_cut_right(&inside, ui_mm(ui, MARK_GAP_MM));
    }
    struct widgets_text style = card_style(card);
    int label = widgets_text_height(ui, &style, card->label, inside.w);
    struct widgets_text small = style;
    small.role = card->note_strong ? METRICS_HINT_STRONG : METRICS_HINT;
    bool has_note = card->note && card->note[0];
    int note =
        has_note ? ui_mm(ui, NOTE_GAP_MM) + note_height(ui, card, inside.w) : 0;
    if (!card->mark_above) {
        (void)geom_cut_top(&inside, (inside.h - label - note) / 2);
    }
    (void)geom_cut_top(&inside, widgets_text(ui, &style, card->label, inside));
    if (has_note) {
        (void)geom_cut_top(&inside, ui_mm(ui, NOTE_GAP_MM));
        inside.h = note_height(ui, card, inside.w);
        widgets_text_within(ui, &small, card->note, inside);
    }
}

void
widgets_progress(struct ui *ui, struct geom_rect rect, size_t done,
                 size_t total)
{
    struct draw_list_box bar = {.rect = rect,
                                .fill = THEME_TRACK,
                                .edge = THEME_LINE,
                                .edge_px = 1,
                                .radius_px = rect.h / 2};
    draw_list_box(&ui->list, &bar);
    if (total > 0 && done > 0) {
        long width = (long)rect.w * (long)done / (long)total;
        bar.rect.w = geom_max((int)width, rect.h);
        bar.fill = THEME_ACCENT;
        bar.edge = THEME_ACCENT;
        draw_list_box(&ui->list, &bar);
    }
}
