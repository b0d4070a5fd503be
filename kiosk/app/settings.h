#ifndef ANKETA_APP_SETTINGS_H
#define ANKETA_APP_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "seal/pin_code.h"

/*
 * Settings: what this one kiosk remembers for its staff, in "kiosk.settings"
 * (0600), replaced as a whole.
 *
 * Nothing in it comes from respondents, and no time is kept in it.
 *
 * Threads  One at a time.
 */
#define SETTINGS_DAY_MINUTES 1440
#define SETTINGS_BRIGHTNESS_LEAST 10

struct settings {
    bool pin_set; /* what follows is set */
    struct pin_code pin;
    /* Of the PIN that the collector sent: a new one from there wins once. */
    struct seal_hash pin_from_collector;
    unsigned pin_failures; /* since the last good one */
    int hours_from;        /* minutes of the day; both equal: always open */
    int hours_to;
    int brightness; /* percent; 0: as the display was found */
};

/* STATUS_NONE: there is none, *out is how a new kiosk is. STATUS_E_INVALID: the
 * file is damaged. */
MUST_CHECK enum status
settings_load(const char *path, struct settings *out);
MUST_CHECK enum status
settings_save(const char *path, const struct settings *settings);

#endif
