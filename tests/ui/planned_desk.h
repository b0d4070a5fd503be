#ifndef ANKETA_TESTS_UI_PLANNED_DESK_H
#define ANKETA_TESTS_UI_PLANNED_DESK_H

#include "app/desk.h"
#include "sample_desk.h"

/*
 * The desk behind the staff menu for who plans touches at an installation that a
 * real kiosk is using: it tells what that installation's own desk tells, and
 * does nothing to it. Errands are only pretended, the PIN is not asked there.
 *
 * Threads  One at a time.
 */
struct planned_desk {
    struct sample_desk sample; /* first: its operations point here */
    struct desk *real;         /* owned */
};

/* `source` and `clock` are borrowed. */
MUST_CHECK enum status
planned_desk_open(struct planned_desk *d, const char *dir,
                  struct source *source, const struct clock *clock);
void
planned_desk_close(struct planned_desk *d);

#endif
