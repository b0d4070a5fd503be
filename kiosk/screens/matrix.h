#ifndef ANKETA_SCREENS_MATRIX_H
#define ANKETA_SCREENS_MATRIX_H

#include "screens/control.h"

/*
 * Matrix: the questions of a table-list as one grid: the choices once, as the
 * headings of columns, and a row of marks for each question.
 *
 * The headings come again at the top of every part of a long page. Where the
 * panel is too narrow for marks of a finger's size beside the words, the
 * questions are shown one below the other instead.
 */

/* How many entries of the page, from `first` on, make one matrix that fits
 * into `width_px`, each row with the headings into `room_px`; 0 if they make
 * none. */
size_t
matrix_length(struct kiosk *k, size_t first, int width_px, int room_px);

void
matrix_rows(struct kiosk *k, size_t first, size_t count, int width_px,
            struct flow *flow);
void
matrix_draw(struct kiosk *k, const struct flow_row *row, struct geom_rect rect);

#endif
