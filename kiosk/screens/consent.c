#include "screens/chrome.h"
#include "screens/words.h"

/*
 * Consent to the use of personal data: a page of its own, before a named form,
 * with a way out that costs nothing.
 */
static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct geom_rect body = chrome_body(k);
    const char *own = k->source->setting(k->source->self, "consent.text");
    struct words w = {
        .title = kiosk_text(k, "This questionnaire carries your name"),
        .text = own && own[0]
                    ? own
                    : kiosk_text(
                        k, "Your answers will be used only for the "
                           "mentoring programme: to find a pair and to "
                           "accompany its work. The coordinator sees them, "
                           "nobody else. You may withdraw at any time: "
                           "tell the coordinator, and the answers will be "
                           "erased."),
        .gap_px = ui_mm(ui, 4)};
    (void)words_draw(k, &w, body);
    chrome_bottom(
        k, &(struct chrome_bottom){.back = kiosk_text(k, "I do not agree"),
                                   .next = kiosk_text(k, "I agree"),
                                   .next_verb = KIOSK_NEXT,
                                   .next_last = true});
    chrome_top(k, kiosk_title(k, k->survey));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    if (event->kind != UI_ACTIVATE) {
        return;
    }
    if (event->action.verb == KIOSK_NEXT) {
        kiosk_go(k, KIOSK_CODE_PAD);
    } else if (event->action.verb == KIOSK_BACK) {
        kiosk_leave(k);
    }
}

const struct screen consent_screen = {"consent", draw, act};
