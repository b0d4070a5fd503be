#ifndef ANKETA_SCREENS_FLOW_H
#define ANKETA_SCREENS_FLOW_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Flow: the rows of a page, split into parts that fit the panel.
 *
 * There is no scroll bar: a page that is too tall is shown part by part, with
 * a large "More" button.
 */
#define FLOW_ROWS_MAX 1024

struct flow_row {
    int height_px;
    int gap_px;     /* above, unless the row is the first of its part */
    int stretch_px; /* how much taller it may be where a page leaves room */
    int aside_px;   /* width in which it may stand beneath the words of a page
                     that is too low for it; 0: nowhere else */
    bool glue;      /* never the last row of a part */
    size_t entry;   /* of the page */
    int kind;       /* enum flow_kind or, from FLOW_CONTROL on, the control's */
    int arg;
    size_t head; /* 1 + the row repeated above it at the top of a part; 0: none
                  */
};

enum flow_kind {
    FLOW_SECTION,
    FLOW_LABEL, /* arg: line of the question */
    FLOW_HINT,
    FLOW_IMAGE,
    FLOW_MESSAGE,
    FLOW_HEADING,
    FLOW_ADD,
    FLOW_MATRIX_HEAD,
    FLOW_MATRIX_ROW,
    FLOW_CONTROL,
};

struct flow {
    struct flow_row rows[FLOW_ROWS_MAX];
    size_t count;
    bool cut; /* more rows than FLOW_ROWS_MAX */
};

void
flow_add(struct flow *f, const struct flow_row *row);

int
flow_height(const struct flow *f);

/* What row `index` gets of its stretch in a part of `count` rows from `first`
 * on that may be `height_px` tall. */
int
flow_stretch(const struct flow *f, size_t first, size_t count, size_t index,
             int height_px);

/* The row to repeat above a part that begins with row `first`, or NULL. */
const struct flow_row *
flow_head(const struct flow *f, size_t first);

/* Rows of part `part` when parts may be `height_px` tall, less `more_px` for
 * the buttons if there are several. Returns the number of parts, at least 1;
 * `part` is taken modulo nothing: one too large gives the last. */
int
flow_part(const struct flow *f, int height_px, int more_px, int *part,
          size_t *out_first, size_t *out_count);

#endif
