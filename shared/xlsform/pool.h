#ifndef ANKETA_XLSFORM_POOL_H
#define ANKETA_XLSFORM_POOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"

/*
 * Pool: an arena with a sticky failure, for everything that one compilation
 * builds.
 *
 * Texts never come back NULL: after a failure they are "" and `failed` is set,
 * so a compiler may go on and check once at the end. Structs may be NULL.
 *
 * Threads  One at a time.
 */
struct pool {
    struct arena arena;
    bool failed;
};

void
pool_init(struct pool *p, size_t max_bytes);
void
pool_deinit(struct pool *p);

/* Zeroed; NULL on failure. */
void *
pool_alloc(struct pool *p, size_t size);
void *
pool_array(struct pool *p, size_t count, size_t size);

const char *
pool_dup(struct pool *p, const char *text);
const char *
pool_dup_len(struct pool *p, const char *text, size_t len);
const char *
pool_printf(struct pool *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
