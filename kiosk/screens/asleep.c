#include "screens/kiosk.h"

/*
 * Outside the hours of service: dark, until somebody touches it.
 */
static void
draw(struct kiosk *k)
{
    k->ui.theme = THEME_WHITE_ON_BLACK;
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    (void)k;
    (void)event;
}

const struct screen asleep_screen = {"asleep", draw, act};
