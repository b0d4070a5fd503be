#include "screens/writing.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "screens/chrome.h"
#include "screens/control.h"
#include "ui/widgets.h"

#define COUNT_FROM 200 /* characters left, from which they are counted */

static struct edit *
current(struct kiosk *k)
{
    return k->session.searching ? &k->session.search : &k->session.edit;
}

void
writing_open(struct kiosk *k, size_t entry, bool search)
{
    struct session *s = &k->session;
    const struct session_entry *e = session_entry(s, entry);
    if (!e || e->kind != SESSION_QUESTION) {
        return;
    }
    s->edited = e->node;
    s->edited_entry = entry;
    s->searching = search;
    s->letters_open = false;
    if (search) {
        s->letter = 0;
    } else {
        struct filling_question q;
        filling_question(s->filling, e->node, &q);
        edit_set(&s->edit, q.value);
    }
    k->keyboard.shift = current(k)->len == 0 && !search;
    k->changed = true;
}

static void
close_keyboard(struct kiosk *k)
{
    struct session *s = &k->session;
    s->edited = NULL;
    s->searching = false;
    edit_wipe(&s->edit);
    k->changed = true;
}

static void
commit(struct kiosk *k)
{
    struct session *s = &k->session;
    if (!s->searching) {
        struct control c;
        control_init(&c, k, s->edited_entry);
        control_set(&c, s->edit.text);
    }
    k->changed = true;
}

/* Line of the wrapped text on which the cursor stands. */
static size_t
cursor_line(const struct text_block *block, const struct edit *e)
{
    size_t line = 0;
    for (size_t i = 0; i < block->count; i++) {
        if ((size_t)(block->lines[i].text - e->text) <= e->cursor) {
            line = i;
        }
    }
    bool fresh =
        e->cursor > 0 && e->cursor == e->len && e->text[e->len - 1] == '\n';
    return fresh ? block->count : line;
}

static int
cursor_x(struct kiosk *k, const struct metrics_type *type,
         const struct text_block *block, size_t line)
{
    const struct edit *e = current(k);
    if (line >= block->count) {
        return 0;
    }
    size_t from = (size_t)(block->lines[line].text - e->text);
    size_t len = e->cursor > from ? e->cursor - from : 0;
    return len > 0 ? k->ui.measure.width(k->ui.measure.self, type->face,
                                         type->em_px, e->text + from, len)
                   : 0;
}

static size_t
first_line(size_t line, size_t count, int room_lines)
{
    size_t room = (size_t)geom_max(room_lines, 1);
    size_t total = geom_max((int)count, (int)line + 1) > 0
                       ? (size_t)geom_max((int)count, (int)line + 1)
                       : 1;
    if (total <= room || line < room / 2) {
        return 0;
    }
    size_t first = line - room / 2;
    return first + room > total ? total - room : first;
}

static void
draw_sheet(struct kiosk *k, struct geom_rect sheet)
{
    struct ui *ui = &k->ui;
    const struct edit *e = current(k);
    (void)ui_target(ui, sheet, (struct ui_action){KIOSK_CURSOR, 0, 0}, UI_KEY,
                    "sheet", NULL);
    draw_list_box(&ui->list,
                  &(struct draw_list_box){
                      .rect = sheet,
                      .fill = THEME_CARD,
                      .edge = THEME_INK,
                      .edge_px = geom_max(2, ui_mm(ui, 0.5)),
                      .radius_px = ui_mm(ui, METRICS_CARD_RADIUS_MM)});
    struct geom_rect inside = geom_inset(sheet, ui_mm(ui, 2.6));
    inside.x += ui_mm(ui, 2);
    inside.w -= ui_mm(ui, 4);
    struct metrics_type type = metrics_type(&ui->metrics, METRICS_BODY);
    static struct text_block block;
    text_wrap(&ui->measure, &type, e->text, inside.w, &block);
    size_t line = cursor_line(&block, e);
    size_t first = first_line(line, block.count, inside.h / type.line_px);
    int y = inside.y;
    for (size_t i = first;
         i < block.count && y + type.line_px <= geom_bottom(inside); i++) {
        const struct text_line *l = &block.lines[i];
        if (l->len > 0) {
            draw_list_text(
                &ui->list,
                (struct geom_rect){inside.x, y, l->width_px, type.line_px},
                &type, THEME_INK, l->text, l->len);
        }
        y += type.line_px;
    }
    int cap = type.em_px;
    struct geom_rect cursor = {inside.x + cursor_x(k, &type, &block, line),
                               inside.y + (int)(line - first) * type.line_px
                                   + (type.line_px - cap) / 2,
                               geom_max(2, ui_mm(ui, 0.6)), cap};
    draw_list_box(&ui->list, &(struct draw_list_box){.rect = cursor,
                                                     .fill = THEME_ACCENT});
}

static void
draw_count(struct kiosk *k, struct geom_rect at)
{
    size_t left = edit_chars_left(current(k));
    if (k->session.searching || left > COUNT_FROM) {
        return;
    }
    char text[96];
    (void)snprintf(text, sizeof(text),
                   i18n_plural(k->lang, "%zu character left",
                               "%zu characters left", (unsigned long)left),
                   left);
    widgets_line(&k->ui,
                 &(struct widgets_text){.role = METRICS_HINT,
                                        .colour = THEME_INK,
                                        .align = WIDGETS_RIGHT},
                 text, at);
}

void
writing_draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    int edge = ui_mm(ui, 2.54);
    int keyboard = keyboard_height(ui, &k->keyboard);
    struct geom_rect body = chrome_tall_body(k);
    body.h = ui->metrics.height_px - edge - body.y;
    if (body.h - keyboard < ui_mm(ui, METRICS_TARGET_MM)) {
        /* A low panel holds the keyboard and one line, and no more. */
        int spare = ui_mm(ui, 1.2);
        body.h += body.y + spare;
        body.y = 0;
    } else {
        chrome_top(k, kiosk_title(k, k->survey));
    }
    struct geom_rect keys = geom_cut_bottom(&body, keyboard);
    /* In line with the sheet; nearer to the edge where keys need the width. */
    if (!keyboard_fits(ui, body.w)) {
        keys.x = edge;
        keys.w = ui->metrics.width_px - 2 * edge;
    }
    (void)geom_cut_bottom(&body, ui_mm(ui, METRICS_GAP_MM));

    struct control c;
    control_init(&c, k, k->session.edited_entry);
    struct metrics_type body_type = metrics_type(&ui->metrics, METRICS_BODY);
    struct widgets_text words = {.role = METRICS_HINT_STRONG,
                                 .colour = THEME_INK};
    int least = geom_max(body_type.line_px, ui_mm(ui, METRICS_KEY_MM))
                + 2 * ui_mm(ui, 2.6);
    int height = widgets_text_height(ui, &words, c.q.label.text, body.w);
    /* The sheet comes first: on a low panel the words give way. */
    if (body.h - height - ui_mm(ui, 2) >= least) {
        struct geom_rect label = geom_cut_top(&body, height);
        (void)widgets_text(ui, &words, c.q.label.text, label);
        (void)geom_cut_top(&body, ui_mm(ui, 2));
    }
    struct metrics_type hint = metrics_type(&ui->metrics, METRICS_HINT);
    if (body.h - hint.line_px >= least
        && edit_chars_left(current(k)) <= COUNT_FROM && !k->session.searching) {
        draw_count(k, geom_cut_bottom(&body, hint.line_px));
    }
    draw_sheet(k, body);
    struct keyboard_labels labels = {.done = kiosk_text(k, "Done"),
                                     .space = kiosk_text(k, "space"),
                                     .verb = KIOSK_TYPE};
    keyboard_draw(ui, &k->keyboard, &labels, keys);
}

/* Put the cursor where the finger was. */
static void
place_cursor(struct kiosk *k, const struct ui_event *event)
{
    struct ui *ui = &k->ui;
    struct edit *e = current(k);
    struct geom_rect inside = geom_inset(event->rect, ui_mm(ui, 2.6));
    inside.x += ui_mm(ui, 2);
    inside.w -= ui_mm(ui, 4);
    struct metrics_type type = metrics_type(&ui->metrics, METRICS_BODY);
    static struct text_block block;
    text_wrap(&ui->measure, &type, e->text, inside.w, &block);
    size_t line = cursor_line(&block, e);
    size_t first = first_line(line, block.count, inside.h / type.line_px);
    int row = geom_max(event->y - inside.y, 0) / type.line_px;
    /* A finger below the text means its last line. */
    size_t at = first + (size_t)row;
    at = block.count > 0 && at >= block.count ? block.count - 1 : at;
    if (at >= block.count) {
        edit_place(e, e->len);
    } else {
        const struct text_line *l = &block.lines[at];
        size_t from = (size_t)(l->text - e->text);
        size_t len = 0;
        while (len < l->len
               && inside.x
                          + ui->measure.width(ui->measure.self, type.face,
                                              type.em_px, l->text, len + 1)
                      <= event->x) {
            len++;
        }
        bool end = at + 1 == block.count && len == l->len;
        edit_place(e, end ? e->len : from + len);
    }
    k->changed = true;
}

static bool
typed_key(struct kiosk *k, enum ui_key key)
{
    struct edit *e = current(k);
    switch (key) {
    case UI_KEY_BACKSPACE:
        return edit_backspace(e);
    case UI_KEY_DELETE:
        return edit_delete(e);
    case UI_KEY_LEFT:
        return edit_left(e);
    case UI_KEY_RIGHT:
        return edit_right(e);
    case UI_KEY_HOME:
        edit_place(e, 0);
        return true;
    case UI_KEY_END:
        edit_place(e, e->len);
        return true;
    case UI_KEY_ENTER:
        return !k->session.searching && edit_insert(e, "\n");
    case UI_KEY_ESCAPE:
        close_keyboard(k);
        return false;
    case UI_KEY_NONE:
    case UI_KEY_TAB:
    case UI_KEY_BACK_TAB:
    case UI_KEY_UP:
    case UI_KEY_DOWN:
    case UI_KEY_SPACE:
    case UI_KEY_PAGE_UP:
    case UI_KEY_PAGE_DOWN:
    case UI_KEY_STAFF:
        break;
    }
    return false;
}

bool
writing_act(struct kiosk *k, const struct ui_event *event)
{
    struct edit *e = current(k);
    if (event->kind == UI_INPUT) {
        if (edit_insert(e, event->text)) {
            commit(k);
        }
        return true;
    }
    if (event->kind == UI_PRESS_KEY) {
        if (typed_key(k, event->key)) {
            commit(k);
        }
        return true;
    }
    if (event->kind != UI_ACTIVATE) {
        return false;
    }
    if (event->action.verb == KIOSK_CURSOR) {
        place_cursor(k, event);
        return true;
    }
    if (event->action.verb != KIOSK_TYPE) {
        return false;
    }
    if (event->action.arg == KEYBOARD_DONE
        || (event->action.arg == KEYBOARD_ENTER && k->session.searching)) {
        close_keyboard(k);
    } else if (keyboard_press(&k->keyboard, event->action.arg, e)) {
        commit(k);
    }
    return true;
}
