#include <string.h>

#include "base/log.h"
#include "screens/chrome.h"
#include "screens/flow.h"

/*
 * What the staff can look at and do, a card each.
 */
struct item {
    const char *name;
    const char *label;
    const char *note; /* or NULL */
    enum staff_verb verb;
    enum staff_page page;
};

static const struct item items[] = {
    {"waiting", N_("Answers here"), N_("how many wait"), STAFF_OPEN,
     STAFF_WAITING},
    {"sync", N_("Connection"), N_("to the coordinator"), STAFF_OPEN,
     STAFF_SYNC},
    {"stick", N_("USB stick"), N_("carry answers by hand"), STAFF_OPEN,
     STAFF_STICK},
    {"device", N_("This screen"), N_("disk, clock, versions"), STAFF_OPEN,
     STAFF_DEVICE},
    {"display", N_("Light and hours"), N_("brightness, when it sleeps"),
     STAFF_OPEN, STAFF_DISPLAY},
    {"test-screen", N_("Picture"), N_("look for broken spots"), STAFF_OPEN,
     STAFF_SCREEN_TEST},
    {"test-touch", N_("Touch"), N_("try the whole panel"), STAFF_OPEN,
     STAFF_TOUCH_TEST},
    {"rehearsal", N_("Test mode"), NULL, STAFF_REHEARSAL, STAFF_MENU},
    {"room", N_("Room"), NULL, STAFF_OPEN, STAFF_ROOM},
    {"enrol", N_("Enrol"), N_("with a code of letters"), STAFF_OPEN,
     STAFF_ENROL},
    {"events", N_("What happened"), N_("log without answers"), STAFF_OPEN,
     STAFF_EVENTS},
    {"pin", N_("Another PIN"), N_("of this menu"), STAFF_NEW_PIN, STAFF_PIN},
    {"restart", N_("Restart"), N_("the questionnaire program"), STAFF_RESTART,
     STAFF_MENU},
};
#define STRETCH_MM 6.0 /* of a row where a page leaves room */
#define ITEMS (sizeof(items) / sizeof(items[0]))

static struct widgets_card
card_of(const struct kiosk *k, const struct item *item)
{
    struct widgets_card card = {
        .label = kiosk_text(k, item->label),
        .note = item->note ? kiosk_text(k, item->note) : NULL,
        .role = METRICS_BODY_STRONG,
        .action = {KIOSK_STAFF_DO, (int)item->verb, (int)item->page},
        .id_kind = "staff",
        .id_name = item->name};
    if (item->page == STAFF_ROOM) {
        card.note = kiosk_room_running(k) ? kiosk_text(k, "stop: one by one")
                                          : kiosk_text(k, "people one by one");
        card.selected = kiosk_room_running(k);
        card.action.entry =
            card.selected ? (int)STAFF_STOP_ROOM : (int)STAFF_OPEN;
    }
    if (item->verb == STAFF_REHEARSAL) {
        card.note = k->rehearsal ? kiosk_text(k, "on: nothing is kept")
                                 : kiosk_text(k, "off: answers count");
        card.note_strong = k->rehearsal;
        card.selected = k->rehearsal;
    }
    return card;
}

static int
rows_of(struct kiosk *k, int columns, int width, struct flow *flow)
{
    int tallest = 0;
    flow->count = 0;
    for (size_t i = 0; i < ITEMS; i += (size_t)columns) {
        struct flow_row row = {.gap_px = ui_mm(&k->ui, METRICS_GAP_MM),
                               .arg = (int)i};
        for (size_t c = i; c < i + (size_t)columns && c < ITEMS; c++) {
            struct widgets_card card = card_of(k, &items[c]);
            row.height_px = geom_max(row.height_px,
                                     widgets_card_height(&k->ui, &card, width));
        }
        tallest = geom_max(tallest, row.height_px);
        flow_add(flow, &row);
    }
    return tallest;
}

/* Rows of one height; parts of as many rows each, which fill the page. */
static void
fill_page(struct kiosk *k, struct flow *flow, int room, int more)
{
    struct ui *ui = &k->ui;
    int tallest = 0;
    int part = 0;
    size_t first = 0;
    size_t count = 0;
    for (size_t i = 0; i < flow->count; i++) {
        tallest = geom_max(tallest, flow->rows[i].height_px);
    }
    for (size_t i = 0; i < flow->count; i++) {
        flow->rows[i].height_px = tallest;
    }
    int parts = flow_part(flow, room, more, &part, &first, &count);
    int each = geom_max(((int)flow->count + parts - 1) / geom_max(parts, 1), 1);
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int height = (room - (parts > 1 ? more : 0) + gap) / each - gap;
    height = geom_min(height, tallest + ui_mm(ui, STRETCH_MM));
    for (size_t i = 0; i < flow->count; i++) {
        flow->rows[i].height_px = geom_max(height, tallest);
    }
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct geom_rect body = chrome_body(k);
    int gap = ui_mm(ui, METRICS_GAP_MM);
    static struct flow flow;
    /* As many side by side as leave each its words in few lines. */
    int columns = geom_max(geom_min(body.w / ui_mm(ui, 62), 3), 1);
    int width = (body.w - (columns - 1) * gap) / columns;
    while (rows_of(k, columns, width, &flow) > body.h / 2 && columns > 1) {
        columns--;
        width = (body.w - (columns - 1) * gap) / columns;
    }
    struct chrome_bottom bottom = {.back = kiosk_text(k, "Close")};
    fill_page(k, &flow, body.h, chrome_parts_height(k, &bottom));
    struct chrome_view view = chrome_view(k, &flow, body, &bottom);
    while (chrome_view_next(&view)) {
        int first = view.row->arg;
        for (int c = 0; c < columns && first + c < (int)ITEMS; c++) {
            struct widgets_card card = card_of(k, &items[first + c]);
            widgets_card(ui, &card,
                         (struct geom_rect){body.x + c * (width + gap),
                                            view.box.y, width, view.box.h});
        }
    }
    chrome_bottom(k, &bottom);
    chrome_top(k, kiosk_house(k));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    if (staff_common_act(k, event) || event->kind != UI_ACTIVATE
        || event->action.verb != KIOSK_STAFF_DO) {
        return;
    }
    k->changed = true;
    switch (event->action.entry) {
    case STAFF_OPEN:
        staff_go(k, (enum staff_page)event->action.arg);
        if (k->staff.page == STAFF_ENROL) {
            k->desk->address(k->desk->self, k->staff.address);
        }
        break;
    case STAFF_NEW_PIN:
        staff_go(k, STAFF_PIN);
        k->staff.step = STAFF_PIN_NEW;
        break;
    case STAFF_REHEARSAL:
        k->rehearsal = !k->rehearsal;
        log_info("staff", "test mode %s", k->rehearsal ? "on" : "off");
        break;
    case STAFF_STOP_ROOM:
        kiosk_room_stop(k);
        log_info("staff", "the room is closed");
        break;
    case STAFF_RESTART:
        k->restart = true;
        break;
    default:
        break;
    }
}

const struct screen staff_menu_screen = {"staff", draw, act};
