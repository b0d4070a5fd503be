#ifndef ANKETA_COLLECTOR_STORE_COLUMN_H
#define ANKETA_COLLECTOR_STORE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * Column: the answers to one field for the records of a chunk, as bytes.
 *
 * Raw form, cell by cell: 0 for no answer, or 1, the text, 0. It is stored
 * compressed with zstd; columns of choices shrink to a few bytes a record, and
 * a table over two questions reads two columns and nothing else.
 *
 * Threads  A zip (the library's working memory) belongs to one at a time.
 */
#define COLUMN_RAW_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct column_zip;

MUST_CHECK enum status
column_zip_new(struct column_zip **out);
void
column_zip_free(struct column_zip *zip);

/* Append one cell; NULL for no answer. */
void
column_put(struct buf *raw, const char *cell);

/* Appends to `out`: compressed, or as it is if it is `brief`: a chunk that is
 * rewritten with the next record is not worth the work. */
MUST_CHECK enum status
column_pack(struct column_zip *zip, const struct buf *raw, bool brief,
            struct buf *out);
/* Appends to `raw`. STATUS_E_INVALID: damaged. */
MUST_CHECK enum status
column_unpack(struct column_zip *zip, const void *body, size_t len,
              struct buf *raw);

/* Read the cells of an unpacked column in place. */
struct column_reader {
    const char *at;
    const char *end;
};
/* STATUS_NONE after the last; STATUS_E_INVALID: damaged. */
MUST_CHECK enum status
column_next(struct column_reader *r, const char **out_cell);

#endif
