#ifndef ANKETA_APP_DESK_H
#define ANKETA_APP_DESK_H

#include "app/events.h"
#include "app/source.h"
#include "base/clock.h"
#include "base/status.h"
#include "screens/staff.h"

/*
 * Desk: what stands behind the staff menu: the PIN and the other settings of
 * this kiosk, its outbox, disk and clock, and the sync program for what has to
 * be carried or enrolled.
 *
 * Threads  One at a time; `done` is called from another.
 */
struct desk_options {
    const char *dir;           /* the installation */
    const char *sync_program;  /* NULL: anketa-sync beside this program */
    const char *sticks;        /* NULL: what the kernel has mounted */
    const char *backlight;     /* NULL: /sys/class/backlight */
    const struct clock *clock; /* borrowed */
    struct source *source;     /* borrowed */
    struct events *events;     /* borrowed; NULL: no log is shown */
    void (*done)(void *self);  /* an errand has ended */
    void *self;
};

struct desk;

/* Damaged settings are no failure here: the menu stays shut then. */
MUST_CHECK enum status
desk_open(const struct desk_options *options, struct desk **out);
void
desk_close(struct desk *d);

/* Operations for the screens; borrows `d`. */
const struct staff_desk *
desk_ops(struct desk *d);

#endif
