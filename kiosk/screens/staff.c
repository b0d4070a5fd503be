#include "screens/staff.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/log.h"
#include "screens/chrome.h"

/* What stands on the page may change meanwhile. */
#define LOOK_MS INT64_C(2000)
#define SECOND_MS INT64_C(1000)
#define MINUTE_MS INT64_C(60000)
#define FRAME_MM 1.5

void
staff_open(struct kiosk *k)
{
    if (!k->desk || k->place != kiosk_home(k) || k->in_session || k->code[0]
        || k->dialog != KIOSK_NO_DIALOG) {
        return;
    }
    int64_t wait = 0;
    buf_wipe(&k->staff, sizeof(k->staff));
    k->staff.step = k->desk->pin(k->desk->self, &wait) == STAFF_PIN_UNSET
                        ? STAFF_PIN_NEW
                        : STAFF_PIN_ENTER;
    kiosk_go(k, KIOSK_STAFF);
}

void
staff_go(struct kiosk *k, enum staff_page page)
{
    k->staff.page = page;
    k->staff.message = NULL;
    k->part = 0;
    k->changed = true;
}

const struct screen *
staff_screen(const struct kiosk *k)
{
    static const struct screen *const pages[STAFF_PAGE_COUNT] = {
        [STAFF_PIN] = &staff_pin_screen,
        [STAFF_MENU] = &staff_menu_screen,
        [STAFF_WAITING] = &staff_waiting_screen,
        [STAFF_SYNC] = &staff_sync_screen,
        [STAFF_DEVICE] = &staff_device_screen,
        [STAFF_EVENTS] = &staff_events_screen,
        [STAFF_SCREEN_TEST] = &staff_screen_test_screen,
        [STAFF_TOUCH_TEST] = &staff_touch_test_screen,
        [STAFF_DISPLAY] = &staff_display_screen,
        [STAFF_STICK] = &staff_stick_screen,
        [STAFF_ENROL] = &staff_enrol_screen,
        [STAFF_ROOM] = &staff_room_screen,
        [STAFF_RESULT] = &staff_result_screen,
    };
    return pages[k->staff.page];
}

int64_t
staff_change_ms(const struct kiosk *k)
{
    if (k->place != KIOSK_STAFF) {
        return -1;
    }
    int64_t wait = 0;
    if (k->staff.page == STAFF_STICK || k->staff.page == STAFF_SYNC
        || k->staff.page == STAFF_WAITING) {
        return LOOK_MS;
    }
    if (k->staff.page == STAFF_PIN
        && k->desk->pin(k->desk->self, &wait) == STAFF_PIN_WAITING) {
        int64_t step = wait > 2 * MINUTE_MS ? MINUTE_MS : SECOND_MS;
        int64_t left = wait % step;
        return left > 0 ? left : step;
    }
    return -1;
}

bool
staff_busy(const struct kiosk *k)
{
    static struct staff_outcome outcome;
    if (k->place != KIOSK_STAFF || k->staff.page != STAFF_RESULT) {
        return false;
    }
    k->desk->outcome(k->desk->self, &outcome);
    return outcome.running;
}

bool
staff_common_act(struct kiosk *k, const struct ui_event *event)
{
    bool escape =
        event->kind == UI_PRESS_KEY
        && (event->key == UI_KEY_ESCAPE || event->key == UI_KEY_PAGE_UP);
    if (!escape && event->kind != UI_ACTIVATE) {
        return false;
    }
    if (!escape && event->action.verb == KIOSK_PART) {
        k->part = geom_max(k->part + event->action.arg, 0);
        k->changed = true;
        return true;
    }
    if (!escape && event->action.verb != KIOSK_BACK) {
        return false;
    }
    if (staff_busy(k)) {
        return true; /* what has begun is seen to its end */
    }
    if (!k->staff.inside || k->staff.page == STAFF_MENU) {
        kiosk_leave(k);
    } else {
        staff_go(k, STAFF_MENU);
    }
    return true;
}

void
staff_bytes(enum i18n_lang lang, uint64_t bytes, char *out, size_t size)
{
    static const uint64_t kilo = 1000;
    if (bytes >= kilo * kilo * kilo * 10) {
        (void)snprintf(out, size, i18n_text(lang, "%llu GB"),
                       (unsigned long long)(bytes / (kilo * kilo * kilo)));
    } else {
        (void)snprintf(out, size, i18n_text(lang, "%llu MB"),
                       (unsigned long long)(bytes / (kilo * kilo)));
    }
}

void
staff_mark_rehearsal(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    int w = ui->metrics.width_px;
    int h = ui->metrics.height_px;
    int edge = geom_max(3, ui_mm(ui, FRAME_MM));
    const struct geom_rect sides[] = {{0, 0, w, edge},
                                      {0, h - edge, w, edge},
                                      {0, edge, edge, h - 2 * edge},
                                      {w - edge, edge, edge, h - 2 * edge}};
    for (size_t i = 0; i < 4; i++) {
        draw_list_box(&ui->list, &(struct draw_list_box){.rect = sides[i],
                                                         .fill = THEME_ACCENT});
    }
}
