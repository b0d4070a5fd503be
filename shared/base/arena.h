#ifndef ANKETA_BASE_ARENA_H
#define ANKETA_BASE_ARENA_H

#include <stddef.h>

/*
 * Arena: memory that is given back all at once.
 *
 * For objects that live exactly as long as their owner (a loaded form has some
 * ten thousand). Blocks double up to 1 MiB, so few calls reach malloc.
 *
 * Threads  One at a time.
 * Errors   NULL when memory is out or `max` bytes are handed out; the arena
 *          stays usable.
 */
struct arena_block;

struct arena {
    struct arena_block *head; /* owned */
    size_t used;              /* bytes handed out so far */
    size_t max;
};

void
arena_init(struct arena *a, size_t max);

/* Overwrites and frees everything. */
void
arena_deinit(struct arena *a);

/* Zeroed, aligned for any type. */
void *
arena_alloc(struct arena *a, size_t size);

/* Zeroed array; NULL if count * size overflows. */
void *
arena_array(struct arena *a, size_t count, size_t size);

char *
arena_strdup(struct arena *a, const char *text);

/* Copies len bytes and adds a NUL. */
char *
arena_strndup(struct arena *a, const char *text, size_t len);

#endif
