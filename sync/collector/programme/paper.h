#ifndef ANKETA_PROGRAMME_PAPER_H
#define ANKETA_PROGRAMME_PAPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/programme/template.h"

/*
 * Paper: a document template (assets/documents) with its fields put in, taken
 * apart into blocks that a page or a PDF can set.
 *
 * The marks of a template are # and ## for headings, | for tables, - for points,
 * ** around bold words, {{field}}. Lines that were broken only because they are
 * long are joined; a short line stands by itself. What values say is never read
 * as a mark.
 *
 * Pure functions.
 */
#define PAPER_CELLS_MAX 8
#define PAPER_MAX_BYTES ((size_t)1024 * 1024)

enum paper_kind {
    PAPER_TITLE,
    PAPER_PART,
    PAPER_TEXT,
    PAPER_POINT,
    PAPER_HEADS, /* first row of a table */
    PAPER_ROW,
    PAPER_TABLE_END
};

struct paper_block {
    enum paper_kind kind;
    const char *cell[PAPER_CELLS_MAX]; /* one, but in tables */
    size_t cells;
    bool close; /* belongs to the block before: no gap between them */
};

typedef void
paper_visit(void *self, const struct paper_block *block);

struct paper_source {
    const char *text;
    const struct template_field *field;
    size_t fields;
    /* The part that is repeated: with the fields of each record, which go
     * before the others. NULL: none. */
    const char *section;
    const struct template_field *record; /* `records` times `record_fields` */
    size_t records;
    size_t record_fields;
};

/* STATUS_E_LIMIT: more than PAPER_MAX_BYTES. */
MUST_CHECK enum status
paper_read(const struct paper_source *source, paper_visit *visit, void *self);

/* One run of a cell's text. `missing`: it names a field that has no value. */
struct paper_run {
    const char *text;
    size_t len;
    bool bold;
    bool missing;
};
/* The next run from *at on, which moves behind it; false at the end. `bold`
 * holds between calls, false before the first. */
bool
paper_next(const char **at, bool *bold, struct paper_run *out);

#endif
