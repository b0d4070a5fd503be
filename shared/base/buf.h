#ifndef ANKETA_BASE_BUF_H
#define ANKETA_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * Buf: growing bytes with a maximum and a sticky error.
 *
 * Append freely and check once with buf_status(): after a failure the content
 * is gone and every further append is ignored. `data` is always followed by a
 * NUL that does not count, so text may be read in place.
 *
 * Threads  A buf belongs to one thread at a time.
 */
struct buf {
    char *data; /* owned; "" while empty */
    size_t len;
    size_t cap;
    size_t max; /* STATUS_E_LIMIT beyond */
    enum status error;
};

void
buf_init(struct buf *b, size_t max);

/* Frees, after overwriting with zeros: any buf may have held an answer. */
void
buf_deinit(struct buf *b);

/* Overwrites and empties; keeps the memory and clears the error. */
void
buf_clear(struct buf *b);

void
buf_put(struct buf *b, const void *data, size_t len);
void
buf_puts(struct buf *b, const char *text);
void
buf_putc(struct buf *b, char c);
void
buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Room for `len` more bytes, to be filled by the caller; NULL on failure. */
char *
buf_extend(struct buf *b, size_t len);

/* Shorten to `len` bytes; ignored if longer than the content. */
void
buf_truncate(struct buf *b, size_t len);

MUST_CHECK enum status
buf_status(const struct buf *b);

/* Move the content out as a heap string, to be freed by free(). NULL after an
 * error. The buf is empty afterwards. */
char *
buf_take(struct buf *b, size_t *out_len);

/* memset that the compiler must keep. */
void
buf_wipe(void *mem, size_t len);

#endif
