#ifndef ANKETA_XLSFORM_PROP_H
#define ANKETA_XLSFORM_PROP_H

#include <stdbool.h>
#include <stddef.h>

#include "xlsform/pool.h"

/*
 * Prop: the cells of one row as an ordered tree of named texts.
 *
 * A plain column is a leaf ("name" -> text); a column with parts separated by
 * "::" is a branch ("label" -> {"ru" -> text}). Few keys to a level (columns of
 * a sheet), so lookup walks the list.
 *
 * Ownership  Everything lives in the pool. Keys and texts are borrowed by it.
 */
struct prop {
    const char *key;
    const char *text;   /* NULL for a branch */
    struct prop *child; /* first of a branch */
    struct prop *next;
};

/* NULL if there is none; `list` may be NULL. */
struct prop *
prop_find(struct prop *list, const char *key);

/* Text of the leaf `key`; NULL if absent or a branch. */
const char *
prop_text(struct prop *list, const char *key);

/* First child of the branch `key`, or NULL. */
struct prop *
prop_branch(struct prop *list, const char *key);

/* The prop named `key`, added at the end if absent. NULL only when the pool is
 * exhausted. */
struct prop *
prop_put(struct pool *p, struct prop **list, const char *key);

/* Make `key` a leaf with this text, whatever it was. */
void
prop_set(struct pool *p, struct prop **list, const char *key, const char *text);

/* Set list[branch][key] = text, making `branch` a branch. */
void
prop_set_in(struct pool *p, struct prop **list, const char *branch,
            const char *key, const char *text);

void
prop_remove(struct prop **list, const char *key);

/* A deep copy (keys and texts are shared). */
struct prop *
prop_copy(struct pool *p, const struct prop *list);

#endif
