#include "xlsform/pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
pool_init(struct pool *p, size_t max_bytes)
{
    arena_init(&p->arena, max_bytes);
    p->failed = false;
}

void
pool_deinit(struct pool *p)
{
    arena_deinit(&p->arena);
}

void *
pool_alloc(struct pool *p, size_t size)
{
    void *mem = arena_alloc(&p->arena, size);
    p->failed = p->failed || !mem;
    return mem;
}

void *
pool_array(struct pool *p, size_t count, size_t size)
{
    void *mem = arena_array(&p->arena, count, size);
    p->failed = p->failed || !mem;
    return mem;
}

const char *
pool_dup_len(struct pool *p, const char *text, size_t len)
{
    const char *copy = arena_strndup(&p->arena, text, len);
    p->failed = p->failed || !copy;
    return copy ? copy : "";
}

const char *
pool_dup(struct pool *p, const char *text)
{
    return pool_dup_len(p, text, strlen(text));
}

const char *
pool_printf(struct pool *p, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0) {
        p->failed = true;
        return "";
    }
    char *text = pool_alloc(p, (size_t)n + 1);
    if (!text) {
        return "";
    }
    va_start(ap, fmt);
    n = vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return n < 0 ? "" : text;
}
