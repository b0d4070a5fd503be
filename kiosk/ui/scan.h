#ifndef ANKETA_UI_SCAN_H
#define ANKETA_UI_SCAN_H

#include <stdbool.h>

#include "ui/ui.h"

/*
 * Scan: the whole interface by two switches, one that moves and one that
 * selects.
 *
 * The focus goes from target to target in the order in which they were
 * declared. Keys in a row (UI_KEY) are passed as one; selecting such a row
 * leads into it, behind its last key the row as a whole comes again. So the
 * keyboard takes some ten steps a letter, not fifty.
 *
 * Threads  As struct ui.
 */

/* Focus the next target or row. */
void
scan_move(struct ui *ui);

/* True and *out filled in if that activates a target; false if it only led
 * into a row, or nothing was in focus yet: then the first target is now. */
bool
scan_select(struct ui *ui, struct ui_event *out);

/* The targets from `first` on that are passed as one: their number, at least
 * 1. */
size_t
scan_row(const struct ui *ui, size_t first);

#endif
