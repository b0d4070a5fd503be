#ifndef ANKETA_FORM_SECONDARY_H
#define ANKETA_FORM_SECONDARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/status.h"
#include "form/names.h"

/*
 * Secondary: an instance that is read and never filled: choice lists inside the
 * form, XML and CSV files beside it.
 *
 * A tree of nodes numbered in document order; node 0 is the document. Children
 * of a node follow it, so a hundred thousand rows need a few megabytes and no
 * pointers. An index answers `item[column = value]` without a walk; they are
 * made while the form loads, for the predicates it uses.
 *
 * Threads  Building: one; reading: any number.
 */
#define SECONDARY_NODES_MAX 8000000
#define SECONDARY_INDEXES_MAX 64
#define SECONDARY_FILE_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define SECONDARY_COLUMNS_MAX 1000
#define SECONDARY_NONE UINT32_MAX

struct secondary_node {
    uint32_t name; /* in the form's names; SECONDARY_NONE: the document */
    uint32_t parent;
    uint32_t end;  /* the first node after this one's descendants */
    uint32_t text; /* offset, 0: none */
};

struct secondary_index {
    uint32_t parent; /* whose children of name `row` are indexed */
    uint32_t row;
    uint32_t column;
    uint32_t mask;
    uint32_t *head; /* hash -> first row */
    uint32_t *next; /* by row node minus `base` */
    uint32_t base;
};

struct secondary {
    const char *id;
    const char *src; /* NULL: inside the form */
    struct secondary_node *node;
    uint32_t count;
    uint32_t cap;
    struct buf text; /* texts, each with its NUL; offset 0 is "" */
    struct secondary_index index[SECONDARY_INDEXES_MAX];
    uint32_t index_count;
};

enum status
secondary_init(struct secondary *s, const char *id, const char *src);
void
secondary_deinit(struct secondary *s);

/* Building in document order: open, text, close. */
MUST_CHECK enum status
secondary_open(struct secondary *s, uint32_t parent, uint32_t name,
               uint32_t *out_node);
MUST_CHECK enum status
secondary_set_text(struct secondary *s, uint32_t node, const char *text,
                   size_t len);
void
secondary_close(struct secondary *s, uint32_t node);

/* Rows of a CSV file (RFC 4180, also with ';', UTF-8 with or without a mark) as
 * /root/item/<column>. Faults go to `d`. */
MUST_CHECK enum status
secondary_read_csv(struct secondary *s, struct names *names,
                   struct arena *arena, const struct buf *file, struct diag *d);

/* Text of a leaf; "" for anything else. */
const char *
secondary_text(const struct secondary *s, uint32_t node);

/* First child of that name, or SECONDARY_NONE. */
uint32_t
secondary_child(const struct secondary *s, uint32_t node, uint32_t name);

/* First child; next sibling; SECONDARY_NONE at the end. */
uint32_t
secondary_first(const struct secondary *s, uint32_t node);
uint32_t
secondary_next(const struct secondary *s, uint32_t node);

/* Make or find the index over children `row` of `parent` by `column`. */
MUST_CHECK enum status
secondary_index_add(struct secondary *s, uint32_t parent, uint32_t row,
                    uint32_t column, const struct secondary_index **out_index);

/* Rows whose column holds `value`, in document order: the first, the next. */
uint32_t
secondary_index_first(const struct secondary *s,
                      const struct secondary_index *ix, const char *value);
uint32_t
secondary_index_next(const struct secondary *s,
                     const struct secondary_index *ix, uint32_t row,
                     const char *value);

#endif
