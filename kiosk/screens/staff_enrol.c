#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "screens/chrome.h"
#include "screens/flow.h"
#include "screens/words.h"

/*
 * Make this kiosk known to a collector: its address and the code of six groups
 * of four letters, both from the sheet that the coordinator has printed.
 */
static const char *
value_of(const struct kiosk *k, enum staff_field field)
{
    return field == STAFF_FIELD_ADDRESS ? k->staff.address : k->staff.code;
}

static const char *
name_of(const struct kiosk *k, enum staff_field field)
{
    return field == STAFF_FIELD_ADDRESS
               ? kiosk_text(k, "Address of the coordinator's computer")
               : kiosk_text(k, "Enrolment code");
}

static void
draw_keyboard(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    int edge = ui_mm(ui, 2.54);
    int keyboard = keyboard_height(ui, &k->keyboard);
    struct geom_rect body = chrome_tall_body(k);
    body.h = ui->metrics.height_px - edge - body.y;
    bool low = body.h - keyboard < ui_mm(ui, METRICS_TARGET_MM);
    if (low) {
        body.h += body.y - edge;
        body.y = edge;
    } else {
        chrome_top(k, name_of(k, k->staff.field));
    }
    struct geom_rect keys = geom_cut_bottom(&body, keyboard);
    keys.x = edge;
    keys.w = ui->metrics.width_px - 2 * edge;
    (void)geom_cut_bottom(&body, ui_mm(ui, METRICS_GAP_MM));
    body.h = geom_min(body.h, ui_mm(ui, 40));
    draw_list_box(&ui->list,
                  &(struct draw_list_box){
                      .rect = body,
                      .fill = THEME_CARD,
                      .edge = THEME_INK,
                      .edge_px = geom_max(2, ui_mm(ui, 0.5)),
                      .radius_px = ui_mm(ui, METRICS_CARD_RADIUS_MM)});
    char shown[STAFF_ADDRESS_BYTES + 8];
    struct geom_rect inside = geom_inset(body, ui_mm(ui, 3));
    struct widgets_text style = {.role = METRICS_BODY, .colour = THEME_INK};
    (void)snprintf(shown, sizeof(shown), "%.*s|", (int)STAFF_ADDRESS_BYTES,
                   k->staff.edit.text);
    if (widgets_text_height(ui, &style, shown, inside.w) > inside.h) {
        style.role = METRICS_HINT;
    }
    /* Of what is longer than the sheet the end is seen: there it grows. */
    const char *at = shown;
    while (widgets_text_height(ui, &style, at, inside.w) > inside.h && at[1]) {
        at++;
        while (((unsigned char)*at & 0xC0u) == 0x80u) {
            at++;
        }
    }
    int height = widgets_text_height(ui, &style, at, inside.w);
    inside.y += geom_max((inside.h - height) / 2, 0);
    (void)widgets_text(ui, &style, at, inside);
    struct keyboard_labels labels = {.done = kiosk_text(k, "Done"),
                                     .space = kiosk_text(k, "space"),
                                     .verb = KIOSK_TYPE};
    keyboard_draw(ui, &k->keyboard, &labels, keys);
}

static struct widgets_card
card_of(const struct kiosk *k, enum staff_field field)
{
    const char *value = value_of(k, field);
    return (struct widgets_card){
        .label = name_of(k, field),
        .note = value[0] ? value : kiosk_text(k, "touch to type"),
        .note_strong = value[0] != '\0',
        .role = METRICS_HINT,
        .action = {KIOSK_STAFF_DO, STAFF_TYPE, (int)field},
        .id_kind = "field",
        .id_name = field == STAFF_FIELD_CODE ? "code" : "address"};
}

/* One above the other, or one after the other on a low panel. */
static void
draw_fields(struct kiosk *k, struct geom_rect at, struct chrome_bottom *bottom)
{
    struct ui *ui = &k->ui;
    static struct flow flow;
    flow.count = 0;
    for (int i = STAFF_FIELD_ADDRESS; i <= STAFF_FIELD_CODE; i++) {
        struct widgets_card card = card_of(k, (enum staff_field)i);
        flow_add(&flow, &(struct flow_row){
                            .height_px = widgets_card_height(ui, &card, at.w),
                            .gap_px = ui_mm(ui, METRICS_GAP_MM),
                            .arg = i});
    }
    struct chrome_view view = chrome_view(k, &flow, at, bottom);
    while (chrome_view_next(&view)) {
        struct widgets_card card = card_of(k, (enum staff_field)view.row->arg);
        widgets_card(ui, &card, view.box);
    }
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    if (k->staff.field != STAFF_FIELD_NONE) {
        draw_keyboard(k);
        return;
    }
    struct geom_rect body = chrome_body(k);
    int gap = ui_mm(ui, METRICS_GAP_MM);
    bool wide = body.w > ui_mm(ui, 180);
    struct geom_rect fields = body;
    struct words w = {
        .title = kiosk_text(k, "Enrol this screen"),
        .text = k->staff.message
                    ? k->staff.message
                    : kiosk_text(k, "The coordinator prints a sheet with an "
                                    "address and a code of letters. Letters "
                                    "may be Russian or Latin, large or "
                                    "small."),
        .gap_px = ui_mm(ui, 2)};
    if (wide) {
        fields = geom_cut_right(&body, body.w * 56 / 100);
        (void)geom_cut_right(&body, ui_mm(ui, 8));
        (void)words_draw(k, &w, body);
    } else if (body.h > ui_mm(ui, 100)) {
        (void)words_draw(k, &w, geom_cut_top(&fields, fields.h / 3));
        (void)geom_cut_top(&fields, gap);
    }
    bool ready = k->staff.address[0] && k->staff.code[0];
    struct chrome_bottom bottom = {.back = kiosk_text(k, "Back"),
                                   .next = kiosk_text(k, "Enrol"),
                                   .next_verb = KIOSK_NEXT,
                                   .next_quiet = !ready};
    draw_fields(k, fields, &bottom);
    chrome_bottom(k, &bottom);
    chrome_top(k, kiosk_text(k, "Enrol"));
}

static void
close_field(struct kiosk *k)
{
    struct staff *s = &k->staff;
    char *to = s->field == STAFF_FIELD_ADDRESS ? s->address : s->code;
    size_t size =
        s->field == STAFF_FIELD_ADDRESS ? sizeof(s->address) : sizeof(s->code);
    size_t len = s->edit.len < size - 1 ? s->edit.len : size - 1;
    memcpy(to, s->edit.text, len);
    to[len] = '\0';
    edit_wipe(&s->edit);
    s->field = STAFF_FIELD_NONE;
    s->message = NULL;
    k->changed = true;
}

static void
act_keyboard(struct kiosk *k, const struct ui_event *event)
{
    struct edit *e = &k->staff.edit;
    k->changed = true;
    if (event->kind == UI_INPUT) {
        (void)edit_insert(e, event->text);
    } else if (event->kind == UI_PRESS_KEY && event->key == UI_KEY_BACKSPACE) {
        (void)edit_backspace(e);
    } else if (event->kind == UI_PRESS_KEY
               && (event->key == UI_KEY_ENTER || event->key == UI_KEY_ESCAPE)) {
        close_field(k);
    } else if (event->kind == UI_ACTIVATE && event->action.verb == KIOSK_TYPE) {
        int key = event->action.arg;
        if (key == KEYBOARD_DONE || key == KEYBOARD_ENTER) {
            close_field(k);
        } else if (keyboard_press(&k->keyboard, key, e)) {
            /* Addresses are written small and codes large: no shift that
             * comes by itself. */
            k->keyboard.shift = k->staff.field == STAFF_FIELD_CODE;
        }
    }
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    struct staff *s = &k->staff;
    if (s->field != STAFF_FIELD_NONE) {
        act_keyboard(k, event);
        return;
    }
    if (staff_common_act(k, event) || event->kind != UI_ACTIVATE) {
        return;
    }
    k->changed = true;
    if (event->action.verb == KIOSK_STAFF_DO
        && event->action.entry == STAFF_TYPE) {
        s->field = (enum staff_field)event->action.arg;
        keyboard_init(&k->keyboard, false);
        k->keyboard.shift = s->field == STAFF_FIELD_CODE;
        edit_set(&s->edit, value_of(k, s->field));
    } else if (event->action.verb == KIOSK_NEXT) {
        if (!s->address[0] || !s->code[0]) {
            s->message = kiosk_text(k, "Both are needed: the address and the "
                                       "code.");
        } else if (k->desk->enrol(k->desk->self, s->address, s->code, k->lang)
                   >= 0) {
            buf_wipe(s->code, sizeof(s->code));
            staff_go(k, STAFF_RESULT);
        } else {
            s->message = kiosk_text(k, "The program that talks to the "
                                       "coordinator could not be started.");
        }
    }
}

const struct screen staff_enrol_screen = {"staff-enrol", draw, act};
