#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "screens/chrome.h"
#include "screens/words.h"

/*
 * A room of people, one after another: between two of them the page says whose
 * turn it is, thanks the one before, and shows nothing of either.
 */
static size_t
index_of(const struct kiosk *k, const char *form_id)
{
    for (size_t i = 0; i < k->survey_count; i++) {
        struct kiosk_survey survey;
        kiosk_entry(k, i, &survey);
        if (strcmp(survey.form_id, form_id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void
start(struct kiosk *k, size_t survey, bool by_setting)
{
    struct kiosk_survey entry;
    kiosk_entry(k, survey, &entry);
    size_t len = entry.form_id ? strlen(entry.form_id) : 0;
    if (len == 0 || len >= sizeof(k->room.form_id)) {
        return;
    }
    k->room = (struct kiosk_room){.running = true, .by_setting = by_setting};
    memcpy(k->room.form_id, entry.form_id, len + 1);
    k->survey = survey;
    k->changed = true;
}

void
kiosk_room_start(struct kiosk *k, size_t survey)
{
    start(k, survey, false);
}

void
kiosk_room_stop(struct kiosk *k)
{
    k->room = (struct kiosk_room){0};
    k->changed = true;
}

bool
kiosk_room_running(const struct kiosk *k)
{
    return k->room.running;
}

void
kiosk_room_follow(struct kiosk *k)
{
    const char *wanted = k->source->setting(k->source->self, "room.form");
    size_t named = wanted && wanted[0] ? index_of(k, wanted) : SIZE_MAX;
    bool same = k->room.running && named != SIZE_MAX
                && strcmp(k->room.form_id, wanted) == 0;
    if (k->room.by_setting && !same) {
        kiosk_room_stop(k);
    }
    if (!k->room.running && named != SIZE_MAX) {
        start(k, named, true);
    }
    if (k->room.running) {
        size_t survey = index_of(k, k->room.form_id);
        if (survey == SIZE_MAX) {
            kiosk_room_stop(k);
        } else {
            k->survey = survey;
        }
    }
}

enum kiosk_place
kiosk_home(const struct kiosk *k)
{
    struct kiosk_survey survey;
    if (!k->room.running) {
        return KIOSK_ATTRACT;
    }
    kiosk_entry(k, k->survey, &survey);
    return survey.kind == RECORD_SLIP || survey.kind == RECORD_BALLOT
               ? KIOSK_CODE_PAD
               : KIOSK_ROOM;
}

void
kiosk_room_next(struct kiosk *k)
{
    k->room.done++;
    k->room.thanked = true;
    kiosk_leave(k);
}

void
kiosk_room_count(const struct kiosk *k, char *out, size_t size)
{
    const char *allowed = k->source->setting(k->source->self, "room.count");
    out[0] = '\0';
    if (!k->room.running || !allowed || strcmp(allowed, "yes") != 0) {
        return;
    }
    int invited = kiosk_number(k, "room.invited", 0);
    if (invited > 0) {
        (void)snprintf(out, size, kiosk_text(k, "Sent: %u of %d"), k->room.done,
                       invited);
    } else {
        (void)snprintf(out, size, kiosk_text(k, "Sent: %u"), k->room.done);
    }
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct geom_rect body = chrome_tall_body(k);
    char count[96];
    kiosk_room_count(k, count, sizeof(count));
    struct geom_rect line =
        geom_cut_bottom(&body, ui_mm(ui, METRICS_TARGET_MM));
    (void)geom_cut_bottom(&body, ui_mm(ui, 4));
    struct widgets_text style = {.role = METRICS_HINT_STRONG,
                                 .colour = THEME_ACCENT};
    if (count[0]) {
        int height = widgets_text_height(ui, &style, count, body.w);
        (void)widgets_text(ui, &style, count, geom_cut_bottom(&body, height));
        (void)geom_cut_bottom(&body, ui_mm(ui, 4));
    }
    body.w = geom_min(body.w, ui_mm(ui, 175));
    (void)geom_cut_top(&body, geom_max(body.h - ui_mm(ui, 70), 0) / 3);
    struct words w = {
        .title = kiosk_text(k, "Next person, please"),
        .text = k->room.thanked
                    ? kiosk_text(k, "Thank you: the answers before yours are "
                                    "sealed. Nothing of them is left on this "
                                    "screen.")
                    : kiosk_text(k, "One person at a time. Nobody after you "
                                    "sees what you answer."),
        .headline = true,
        .gap_px = ui_mm(ui, 4)};
    (void)words_draw(k, &w, body);
    struct widgets_button b = {.label = kiosk_text(k, "Begin"),
                               .look = WIDGETS_FILLED,
                               .role = METRICS_BUTTON,
                               .action = {.verb = KIOSK_START},
                               .id_kind = "start"};
    line.w = geom_min(line.w, ui_mm(ui, 71));
    widgets_button(ui, &b, line);
    chrome_top(k, kiosk_title(k, k->survey));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    if (event->kind == UI_ACTIVATE && event->action.verb == KIOSK_START) {
        kiosk_begin(k);
    }
}

const struct screen room_screen = {"room", draw, act};
