#define _DEFAULT_SOURCE /* explicit_bzero */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define FIRST_CAP 64

static char empty[1];

void
buf_wipe(void *mem, size_t len)
{
    if (mem && len > 0) {
        explicit_bzero(mem, len);
    }
}

void
buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.data = empty, .max = max};
}

static void
release(struct buf *b)
{
    if (b->cap > 0) {
        buf_wipe(b->data, b->cap);
        free(b->data);
    }
    b->data = empty;
    b->len = 0;
    b->cap = 0;
}

void
buf_deinit(struct buf *b)
{
    if (b->data) {
        release(b);
    }
}

void
buf_clear(struct buf *b)
{
    if (b->cap > 0) {
        buf_wipe(b->data, b->len);
    }
    b->len = 0;
    b->error = STATUS_OK;
}

static void
fail(struct buf *b, enum status st)
{
    release(b);
    b->error = st;
}

/* Make room for len more bytes and the closing NUL. */
static bool
reserve(struct buf *b, size_t len)
{
    if (b->error != STATUS_OK) {
        return false;
    }
    if (len > b->max - b->len) {
        fail(b, STATUS_E_LIMIT);
        return false;
    }
    size_t need = b->len + len + 1;
    if (need <= b->cap) {
        return true;
    }
    size_t cap = b->cap ? b->cap : FIRST_CAP;
    while (cap < need) {
        cap *= 2;
    }
    char *grown = malloc(cap); /* not realloc: the old copy must be wiped */
    if (!grown) {
        fail(b, log_oom("buf"));
        return false;
    }
    memcpy(grown, b->data, b->len);
    size_t kept = b->len;
    release(b);
    b->data = grown;
    b->len = kept;
    b->cap = cap;
    return true;
}

char *
buf_extend(struct buf *b, size_t len)
{
    if (!reserve(b, len)) {
        return NULL;
    }
    char *at = b->data + b->len;
    b->len += len;
    b->data[b->len] = '\0';
    return at;
}

void
buf_put(struct buf *b, const void *data, size_t len)
{
    if (len == 0) {
        return;
    }
    char *at = buf_extend(b, len);
    if (at) {
        memcpy(at, data, len);
    }
}

void
buf_puts(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}

void
buf_putc(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    va_list again;
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0) {
        fail(b, STATUS_E_INVALID);
    } else if (reserve(b, (size_t)len)) {
        (void)vsnprintf(b->data + b->len, (size_t)len + 1, fmt, again);
        b->len += (size_t)len;
    }
    va_end(again);
}

void
buf_truncate(struct buf *b, size_t len)
{
    if (len < b->len) {
        buf_wipe(b->data + len, b->len - len);
        b->len = len;
    }
}

enum status
buf_status(const struct buf *b)
{
    return b->error;
}

char *
buf_take(struct buf *b, size_t *out_len)
{
    if (b->error != STATUS_OK || !reserve(b, 0)) {
        return NULL;
    }
    char *data = b->data;
    data[b->len] = '\0';
    if (out_len) {
        *out_len = b->len;
    }
    buf_init(b, b->max);
    return data;
}
