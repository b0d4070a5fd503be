#include "app/switches.h"

#include <string.h>

#include "app/core.h"
#include "ui/scan.h"

#define SCAN_SECONDS 2
#define SCAN_SECONDS_MAX 20

enum kind {
    NONE,
    ONE,
    TWO,
};

static enum kind
kind_of(const struct kiosk *k)
{
    const char *kind = k->source->setting(k->source->self, "input.switches");
    if (!kind) {
        return NONE;
    }
    if (strcmp(kind, "two") == 0) {
        return TWO;
    }
    return strcmp(kind, "one") == 0 ? ONE : NONE;
}

static int64_t
step_ms(const struct kiosk *k)
{
    int seconds = kiosk_number(k, "input.scan_seconds", SCAN_SECONDS);
    return (seconds > SCAN_SECONDS_MAX ? SCAN_SECONDS_MAX : seconds)
           * INT64_C(1000);
}

bool
switches_key(struct core *c, enum ui_key key, struct ui_event *out)
{
    struct kiosk *k = &c->kiosk;
    *out = (struct ui_event){.kind = UI_NOTHING};
    if (key != UI_KEY_SPACE && key != UI_KEY_ENTER) {
        return false;
    }
    switch (kind_of(k)) {
    case NONE:
        return false;
    case TWO:
        if (key == UI_KEY_SPACE) {
            scan_move(&k->ui);
        } else {
            (void)scan_select(&k->ui, out);
        }
        break;
    case ONE:
        (void)scan_select(&k->ui, out);
        c->scan_ms = clock_mono_ms(c->clock) + step_ms(k);
        break;
    }
    k->changed = true;
    return true;
}

bool
switches_text(const struct core *c, const char *text)
{
    return strcmp(text, " ") == 0 && kind_of(&c->kiosk) != NONE;
}

int64_t
switches_deadline(const struct core *c)
{
    return c->scan_ms > 0 && c->kiosk.ui.focus_visible ? c->scan_ms : -1;
}

void
switches_tick(struct core *c, int64_t now)
{
    if (!c->kiosk.ui.focus_visible) {
        c->scan_ms = 0;
    } else if (c->scan_ms > 0 && now >= c->scan_ms) {
        scan_move(&c->kiosk.ui);
        c->kiosk.changed = true;
        c->scan_ms = now + step_ms(&c->kiosk);
    }
}
