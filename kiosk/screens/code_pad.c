#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "screens/chrome.h"
#include "screens/pad.h"
#include "screens/words.h"

/*
 * A code of digits: the number on a drawn slip, which names nobody, or the
 * personal code of a named form or ballot.
 */
#define SLIP_DIGITS 8
#define PERSONAL_DIGITS 6

static size_t
digits_wanted(const struct kiosk *k)
{
    struct kiosk_survey survey;
    kiosk_entry(k, k->survey, &survey);
    return survey.kind == RECORD_SLIP ? SLIP_DIGITS : PERSONAL_DIGITS;
}

static struct words
words_of(struct kiosk *k, bool slip)
{
    return (struct words){
        .title = slip ? kiosk_text(k, "Type the number on your "
                                      "slip")
                      : kiosk_text(k, "Type your personal code"),
        .text = slip ? kiosk_text(k, "The slip gives the right to one "
                                     "answer. It was drawn from the "
                                     "box by chance, so it does not "
                                     "tell who you are.")
                     : kiosk_text(k, "Six digits that the coordinator "
                                     "gave you. They stand for your "
                                     "name."),
        .gap_px = ui_mm(&k->ui, 2)};
}

/* Where people come one after another: whose turn it is, that the one before
 * is done, and what to type. */
static void
room_words(struct kiosk *k, struct words *w, char *text, size_t size)
{
    char count[96];
    const char *thanks =
        k->room.thanked
            ? kiosk_text(k, "The answers before yours are sealed, thank you.")
            : "";
    kiosk_room_count(k, count, sizeof(count));
    (void)snprintf(text, size, "%s.%s%s%s%s", w->title, thanks[0] ? "\n" : "",
                   thanks, count[0] ? "\n" : "", count);
    w->title = kiosk_text(k, "Next person, please");
    w->text = text;
}

static void
draw(struct kiosk *k)
{
    struct kiosk_survey survey;
    kiosk_entry(k, k->survey, &survey);
    bool slip = survey.kind == RECORD_SLIP;
    struct geom_rect body = chrome_body(k);
    struct words w = words_of(k, slip);
    char room[512];
    if (kiosk_room_running(k)) {
        room_words(k, &w, room, sizeof(room));
    }
    struct pad pad = {.code = k->code, .digits = digits_wanted(k)};
    pad_page(k, &w, &pad, body);
    bool full = strlen(k->code) == digits_wanted(k);
    /* Between two people in a room there is nowhere to go back to. */
    bool back = !kiosk_room_running(k) || k->code[0];
    chrome_bottom(
        k, &(struct chrome_bottom){.back = back ? kiosk_text(k, "Back") : NULL,
                                   .next = kiosk_text(k, "Next"),
                                   .next_verb = KIOSK_NEXT,
                                   .next_quiet = !full});
    chrome_top(k, kiosk_title(k, k->survey));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    int key = 0;
    if (pad_key(event, &key)) {
        pad_type(k->code, digits_wanted(k), key);
        k->changed = true;
        return;
    }
    if (event->kind != UI_ACTIVATE) {
        return;
    }
    switch (event->action.verb) {
    case KIOSK_NEXT:
        if (strlen(k->code) == digits_wanted(k)) {
            kiosk_admit(k);
        } else {
            k->dialog = KIOSK_MESSAGE;
            k->message = kiosk_text(k, "The code is not complete yet: please "
                                       "type all its digits.");
            k->changed = true;
        }
        break;
    case KIOSK_BACK:
        kiosk_leave(k);
        break;
    default:
        break;
    }
}

const struct screen code_pad_screen = {"code", draw, act};
