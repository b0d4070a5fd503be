#ifndef ANKETA_REPORT_DATASET_H
#define ANKETA_REPORT_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/status.h"

/*
 * Dataset: a table of answers on its way out, row by row.
 *
 * What CSV, XLSX, SPSS and DDI writers have in common: columns with labels in
 * every language, and a source that hands out one row at a time, so that a
 * million rows need the memory of one. What may leave at all is decided before
 * (web/rows.h); the source delivers rows shuffled and without times.
 *
 * Lifetime  Everything is borrowed. A row's texts stay valid until the next
 *           row is asked for.
 */
#define DATASET_COLUMNS_MAX 4096
#define DATASET_NAME_MAX_BYTES 64 /* longer names are cut in SPSS files */
#define DATASET_TEXT_MAX_BYTES 4000

enum dataset_type {
    DATASET_NUMBER,
    DATASET_CHOICE, /* one of `value`; the cell's number is its `code` */
    DATASET_TEXT
};

struct dataset_value {
    double code;
    const char *name; /* as in the questionnaire: "every_week" */
    const char *label[I18N_LANG_COUNT]; /* NULL: only in the other one */
};

struct dataset_column {
    const char *name; /* as in the questionnaire; letters, digits, _ */
    const char *label[I18N_LANG_COUNT];
    enum dataset_type type;
    const struct dataset_value *value; /* DATASET_CHOICE */
    size_t values;
    bool ordered;     /* a scale rather than a name */
    uint8_t decimals; /* DATASET_NUMBER */
    /* DATASET_TEXT: bytes an SPSS file holds of it; 0 is 255, the most that
     * every program reads as one variable. */
    uint16_t text_bytes;
};

struct dataset_cell {
    bool missing;
    double number;    /* DATASET_NUMBER and DATASET_CHOICE */
    const char *text; /* DATASET_TEXT; valid UTF-8 */
};

typedef enum status
dataset_visit(void *ctx, const struct dataset_cell *cell);

struct dataset {
    const char *name; /* "satisfaction_2027_spring" */
    const char *title[I18N_LANG_COUNT];
    const struct dataset_column *column;
    size_t columns;
    size_t rows;
    /* One of the two. `next` fills `columns` cells, STATUS_NONE after the last
     * row; `each` hands every row to `visit` and passes its failure on. */
    enum status (*next)(void *self, struct dataset_cell *cell);
    enum status (*each)(void *self, dataset_visit *visit, void *ctx);
    void *self;
};

/* Where a writer puts bytes. A failure ends the writing and is passed on. */
struct dataset_sink {
    enum status (*write)(void *self, const void *data, size_t len);
    void *self;
};

/* `write` of a sink whose `self` is a struct buf. */
enum status
dataset_to_buf(void *self, const void *data, size_t len);

/* The label in `lang`, else in the other language, else the name. */
const char *
dataset_label(const char *const label[I18N_LANG_COUNT], const char *name,
              enum i18n_lang lang);

/* Every row from either kind of source. Calls for no more rows after a
 * failure of `visit`, and returns it. */
MUST_CHECK enum status
dataset_each(const struct dataset *d, dataset_visit *visit, void *ctx);

/* The value with this code, or NULL. */
const struct dataset_value *
dataset_value_of(const struct dataset_column *c, double code);

#endif
