#ifndef ANKETA_RENDER_DUMP_H
#define ANKETA_RENDER_DUMP_H

#include "base/buf.h"
#include "ui/ui.h"

/*
 * Dump: a frame as lines of text, for tests.
 *
 * First what can be read, a line each, with its place in tenths of a
 * millimetre and its colour; then what can be touched, by id.
 */
void
dump(const struct ui *ui, struct buf *out);

/* Without places: only what is read and what can be touched. */
void
dump_words(const struct ui *ui, struct buf *out);

/* A width for every text that needs no font: tests then depend on none. */
struct text_measure
dump_measure(void);

#endif
