#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "screens/chrome.h"
#include "screens/pad.h"
#include "screens/words.h"
#include "seal/pin_code.h"

/*
 * The staff PIN: given to come in, or chosen and repeated.
 */
static void
wait_text(const struct kiosk *k, int64_t wait_ms, char *out, size_t size)
{
    unsigned long seconds = (unsigned long)((wait_ms + 999) / 1000);
    unsigned long minutes = (seconds + 59) / 60;
    if (seconds <= 120) {
        (void)snprintf(
            out, size,
            i18n_plural(k->lang, "Too many wrong tries. Wait %lu second.",
                        "Too many wrong tries. Wait %lu seconds.", seconds),
            seconds);
    } else {
        (void)snprintf(
            out, size,
            i18n_plural(k->lang, "Too many wrong tries. Wait %lu minute.",
                        "Too many wrong tries. Wait %lu minutes.", minutes),
            minutes);
    }
}

static const char *
title_of(const struct kiosk *k)
{
    switch (k->staff.step) {
    case STAFF_PIN_ENTER:
        break;
    case STAFF_PIN_NEW:
        return kiosk_text(k, "Choose a PIN");
    case STAFF_PIN_REPEAT:
        return kiosk_text(k, "The same PIN once more");
    }
    return kiosk_text(k, "For the staff");
}

static const char *
text_of(const struct kiosk *k)
{
    if (k->staff.message) {
        return k->staff.message;
    }
    switch (k->staff.step) {
    case STAFF_PIN_ENTER:
        break;
    case STAFF_PIN_NEW:
        return kiosk_text(k, "Six digits that nobody would guess: no birthday, "
                             "no row. They open this menu; answers they do "
                             "not open.");
    case STAFF_PIN_REPEAT:
        return kiosk_text(k, "So that a slip of the finger locks nobody out.");
    }
    return kiosk_text(k, "Type the PIN of this screen. If you came here by "
                         "chance, touch “Close”.");
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    char waiting[200];
    int64_t wait = 0;
    enum staff_pin_state state = k->desk->pin(k->desk->self, &wait);
    bool entering = k->staff.step == STAFF_PIN_ENTER;
    bool shut = entering && state == STAFF_PIN_LOCKED;
    bool waits = entering && state == STAFF_PIN_WAITING;
    struct geom_rect body = chrome_body(k);
    struct words w = {
        .title = title_of(k), .text = text_of(k), .gap_px = ui_mm(ui, 2)};
    if (shut) {
        w.title = kiosk_text(k, "The staff menu is locked");
        w.text = kiosk_text(k, "Too many wrong PINs were tried. The "
                               "coordinator can send a new PIN with the "
                               "questionnaires. Answers go on being taken.");
    } else if (waits) {
        wait_text(k, wait, waiting, sizeof(waiting));
        w.text = waiting;
    }
    struct chrome_bottom bottom = {.back = kiosk_text(k, "Close")};
    if (shut) {
        (void)words_draw(k, &w, body);
    } else {
        struct pad pad = {
            .code = k->staff.pin, .digits = STAFF_PIN_DIGITS, .hidden = true};
        pad_page(k, &w, &pad, body);
        bottom.next = kiosk_text(k, "Next");
        bottom.next_verb = KIOSK_NEXT;
        bottom.next_quiet = waits || strlen(pad.code) < STAFF_PIN_DIGITS;
    }
    chrome_bottom(k, &bottom);
    chrome_top(k, kiosk_house(k));
}

static void
say(struct kiosk *k, const char *message)
{
    buf_wipe(k->staff.pin, sizeof(k->staff.pin));
    k->staff.message = message;
}

static void
enter(struct kiosk *k)
{
    int64_t wait = 0;
    if (k->desk->pin(k->desk->self, &wait) != STAFF_PIN_READY) {
        say(k, NULL);
        return;
    }
    enum status st = k->desk->pin_check(k->desk->self, k->staff.pin);
    if (st == STATUS_OK) {
        say(k, NULL);
        k->staff.inside = true;
        staff_go(k, STAFF_MENU);
    } else if (st == STATUS_E_AUTH) {
        say(k, kiosk_text(k, "This PIN is wrong. After five wrong ones each "
                             "try has to wait, longer and longer."));
    } else {
        say(k, kiosk_text(k, "The PIN cannot be checked now. Look at the "
                             "log of this computer."));
    }
}

static void
choose(struct kiosk *k)
{
    struct staff *s = &k->staff;
    if (s->step == STAFF_PIN_NEW) {
        const char *fault = pin_code_fault(s->pin);
        if (fault) {
            say(k, kiosk_text(k, fault));
            return;
        }
        memcpy(s->first, s->pin, sizeof(s->first));
        say(k, NULL);
        s->step = STAFF_PIN_REPEAT;
        return;
    }
    if (strlen(s->first) != strlen(s->pin)
        || !seal_equal(s->first, s->pin, strlen(s->pin))) {
        s->step = STAFF_PIN_NEW;
        say(k, kiosk_text(k, "The two were not the same. Choose the PIN "
                             "again."));
    } else if (k->desk->pin_set(k->desk->self, s->pin) < 0) {
        s->step = STAFF_PIN_NEW;
        say(k, kiosk_text(k, "The PIN could not be kept. Is the disk full? "
                             "Look at the log of this computer."));
    } else {
        say(k, NULL);
        s->inside = true;
        staff_go(k, STAFF_MENU);
    }
    buf_wipe(s->first, sizeof(s->first));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    int key = 0;
    if (pad_key(event, &key)) {
        pad_type(k->staff.pin, STAFF_PIN_DIGITS, key);
        k->staff.message = NULL;
        k->changed = true;
        return;
    }
    if (staff_common_act(k, event) || event->kind != UI_ACTIVATE
        || event->action.verb != KIOSK_NEXT) {
        return;
    }
    k->changed = true;
    if (strlen(k->staff.pin) < STAFF_PIN_DIGITS) {
        k->staff.message = kiosk_text(k, "A PIN has six digits.");
    } else if (k->staff.step == STAFF_PIN_ENTER) {
        enter(k);
    } else {
        choose(k);
    }
}

const struct screen staff_pin_screen = {"staff-pin", draw, act};
