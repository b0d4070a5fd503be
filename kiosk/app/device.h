#ifndef ANKETA_APP_DEVICE_H
#define ANKETA_APP_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "screens/staff.h"

/*
 * Device: what the machine itself tells and lets be set: sticks, backlight.
 *
 * Threads  Pure functions over files.
 */

/* Sticks that are mounted: below /media, /run/media or /mnt by the kernel's
 * list, or, if `root` is not NULL, the folders in it. */
size_t
device_sticks(const char *root, struct staff_stick out[STAFF_STICKS_MAX]);

/* The first backlight below `root`, NULL: /sys/class/backlight. *out_percent is
 * -1 if there is none. */
MUST_CHECK enum status
device_backlight(const char *root, int *out_percent);
/* STATUS_E_NOT_FOUND: there is none. 0 switches it off. */
MUST_CHECK enum status
device_set_backlight(const char *root, int percent);

/* Bytes free and in all where `dir` lies. */
MUST_CHECK enum status
device_disk(const char *dir, uint64_t *out_free, uint64_t *out_total);

#endif
