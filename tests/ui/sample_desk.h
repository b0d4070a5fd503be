#ifndef ANKETA_TESTS_UI_SAMPLE_DESK_H
#define ANKETA_TESTS_UI_SAMPLE_DESK_H

#include "app/pin.h"
#include "screens/staff.h"

/*
 * A desk behind the staff menu whose reports are always the same, the longest
 * remarks among them. The PIN is the kiosk's own code if `pin` is set.
 */
struct sample_desk {
    struct staff_desk ops;
    struct pin *pin; /* or NULL: `state` is how it stands */
    enum staff_pin_state state;
    bool wrong; /* any PIN is; else any is right */
    int64_t wait_ms;
    size_t sticks;
    int brightness;
    struct hours hours;
    bool dark;
    bool running; /* the errand */
    bool good;
    char errand[1200]; /* what was asked for */
    char told[600];    /* its outcome, lines parted by "|"; "": a sample */
};

void
sample_desk_init(struct sample_desk *d);

#endif
