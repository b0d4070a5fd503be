#ifndef ANKETA_FORM_SCRATCH_H
#define ANKETA_FORM_SCRATCH_H

#include <stddef.h>

/*
 * Scratch: short-lived memory for evaluating expressions.
 *
 * A stack of blocks: everything allocated after a mark goes at once with the
 * release, and the blocks stay for the next expression. An expression needs some
 * hundred bytes and runs a million times an hour, so this must not reach malloc.
 *
 * Threads  One at a time.
 * Errors   NULL when memory is out or `max` bytes are in use; sets `failed`,
 *          which stays until the next release to an empty stack.
 */
struct scratch_block;

struct scratch {
    struct scratch_block *first; /* owned */
    struct scratch_block *at;
    size_t used; /* bytes in use in all blocks up to `at` */
    size_t max;
    int failed;
};

struct scratch_mark {
    struct scratch_block *at;
    size_t block_used;
    size_t used;
};

void
scratch_init(struct scratch *s, size_t max);

/* Overwrites and frees. */
void
scratch_deinit(struct scratch *s);

struct scratch_mark
scratch_mark(const struct scratch *s);
void
scratch_release(struct scratch *s, struct scratch_mark mark);

/* Overwrite and release everything. */
void
scratch_clear(struct scratch *s);

/* Aligned for any type, not zeroed. */
void *
scratch_alloc(struct scratch *s, size_t size);

/* NULL if count * size overflows. */
void *
scratch_array(struct scratch *s, size_t count, size_t size);

/* Copies len bytes and adds a NUL; "" on failure, so that text is never NULL. */
const char *
scratch_text(struct scratch *s, const char *text, size_t len);

#endif
