#include <stdio.h>
#include <string.h>

#include "screens/chrome.h"
#include "screens/flow.h"
#include "screens/words.h"

/*
 * Which USB stick shall carry sealed answers out and receipts in? What is
 * mounted is looked for again while the page stands.
 */
static void
note_of(struct kiosk *k, const struct staff_stick *stick, char *out,
        size_t size)
{
    char room[64];
    if (stick->readonly) {
        (void)snprintf(out, size, "%s",
                       kiosk_text(k, "write-protected: nothing can be taken "
                                     "along"));
        return;
    }
    staff_bytes(k->lang, stick->free_bytes, room, sizeof(room));
    (void)snprintf(out, size, kiosk_text(k, "%s free"), room);
}

static struct widgets_card
card_of(const struct staff_stick *stick, size_t index, const char *note)
{
    const char *slash = strrchr(stick->path, '/');
    return (struct widgets_card){
        .label = slash && slash[1] ? slash + 1 : stick->path,
        .note = note,
        .note_strong = stick->readonly,
        .warns = stick->readonly,
        .role = METRICS_BODY_STRONG,
        .action = {KIOSK_STAFF_DO, STAFF_TAKE_STICK, (int)index},
        .id_kind = "stick"};
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    static struct staff_stick sticks[STAFF_STICKS_MAX];
    size_t found = k->desk->sticks(k->desk->self, sticks);
    struct geom_rect body = chrome_body(k);
    struct chrome_bottom bottom = {.back = kiosk_text(k, "Back")};
    struct words w = {
        .title = found > 0 ? kiosk_text(k, "Which stick?")
                           : kiosk_text(k, "Put a USB stick in"),
        .text =
            found > 0
                ? kiosk_text(k, "Sealed answers go onto it, receipts and new "
                                "questionnaires come from it. Only the "
                                "coordinator's computer can open the answers.")
                : kiosk_text(k, "It appears here by itself. If it does not, "
                                "take it out and put it in again, or try "
                                "another socket."),
        .gap_px = ui_mm(ui, 2)};
    bool wide = body.w > ui_mm(ui, 150) && found > 0;
    if (found == 0) {
        (void)words_draw(k, &w, body);
    } else if (wide) {
        (void)words_draw(k, &w, geom_cut_left(&body, body.w * 42 / 100));
        (void)geom_cut_left(&body, ui_mm(ui, 8));
    } else if (body.h > ui_mm(ui, 100)) {
        (void)words_draw(k, &w, geom_cut_top(&body, body.h / 3));
        (void)geom_cut_top(&body, ui_mm(ui, 4));
    }
    static struct flow flow;
    flow.count = 0;
    char note[160];
    for (size_t i = 0; i < found; i++) {
        note_of(k, &sticks[i], note, sizeof(note));
        struct widgets_card card = card_of(&sticks[i], i, note);
        flow_add(&flow, &(struct flow_row){
                            .height_px = widgets_card_height(ui, &card, body.w),
                            .gap_px = ui_mm(ui, METRICS_GAP_MM),
                            .arg = (int)i});
    }
    struct chrome_view view = chrome_view(k, &flow, body, &bottom);
    while (chrome_view_next(&view)) {
        size_t i = (size_t)view.row->arg;
        char name[24];
        note_of(k, &sticks[i], note, sizeof(note));
        struct widgets_card card = card_of(&sticks[i], i, note);
        (void)snprintf(name, sizeof(name), "%zu", i + 1);
        card.id_name = name;
        widgets_card(ui, &card, view.box);
    }
    chrome_bottom(k, &bottom);
    chrome_top(k, kiosk_text(k, "USB stick"));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    if (staff_common_act(k, event) || event->kind != UI_ACTIVATE
        || event->action.verb != KIOSK_STAFF_DO
        || event->action.entry != STAFF_TAKE_STICK) {
        return;
    }
    static struct staff_stick sticks[STAFF_STICKS_MAX];
    size_t found = k->desk->sticks(k->desk->self, sticks);
    size_t index = (size_t)event->action.arg;
    if (index < found
        && k->desk->carry(k->desk->self, sticks[index].path, k->lang) >= 0) {
        staff_go(k, STAFF_RESULT);
    } else {
        k->dialog = KIOSK_MESSAGE;
        k->message = kiosk_text(k, "The stick is not there any more, or the "
                                   "program that carries answers could not "
                                   "be started.");
    }
    k->changed = true;
}

const struct screen staff_stick_screen = {"staff-stick", draw, act};
