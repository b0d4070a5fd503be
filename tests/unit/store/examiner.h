#ifndef ANKETA_TESTS_UNIT_STORE_EXAMINER_H
#define ANKETA_TESTS_UNIT_STORE_EXAMINER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Examiner: what somebody who knows the code goes by when he reads the bytes of
 * a kiosk's files, and how well he does.
 *
 * A clue is a number for each place where a record may lie. Trials of one
 * question make a figure: 0.5 is what a coin would do.
 */
#define EXAMINER_CELLS_MAX 4096
#define EXAMINER_BODY_BYTES 656 /* of a slot, and of a row of a plain table */

struct examiner_cell {
    size_t page;
    size_t offset; /* in the page */
    int64_t rowid;
    const uint8_t *body;
};

/* The slots of an outbox, where pages.h and slot.h say they are. */
size_t
examiner_slots(const uint8_t *image, size_t len, struct examiner_cell *out);
/* All cells of table leaves of an SQLite file whose payload is as long as a body
 * at least. */
size_t
examiner_cells(const uint8_t *image, size_t len, struct examiner_cell *out);

enum examiner_clue {
    EXAMINER_PLACE, /* pages in order, in each from its end: as SQLite fills it */
    EXAMINER_ROWID,
    EXAMINER_OFFSET, /* within the page only */
    EXAMINER_BYTES,  /* of the body itself */
    EXAMINER_BITS,   /* how many are set */
    EXAMINER_COUNT
};
extern const char *const examiner_clue_name[EXAMINER_COUNT];

double
examiner_value(enum examiner_clue which, const struct examiner_cell *c);

/* The share of pairs (one of a, one of b) with a < b, equals by half; sorts
 * both. */
double
examiner_below(double *a, size_t a_count, double *b, size_t b_count);
/* The share of pairs whose order the clue tells right. */
double
examiner_in_order(const double *value, size_t count);

/* Mean and spread of a figure over trials. */
struct examiner_figure {
    double sum;
    double squares;
    size_t n;
};
void
examiner_add(struct examiner_figure *f, double value);
double
examiner_mean(const struct examiner_figure *f);
/* How far from a coin, in standard errors. */
double
examiner_z(const struct examiner_figure *f);

#endif
