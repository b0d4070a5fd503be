#include "form/scratch.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"

#define BLOCK_BYTES ((size_t)16 * 1024)
#define LARGEST_BLOCK ((size_t)4 * 1024 * 1024)

struct scratch_block {
    struct scratch_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

void
scratch_init(struct scratch *s, size_t max)
{
    *s = (struct scratch){.max = max};
}

void
scratch_deinit(struct scratch *s)
{
    struct scratch_block *b = s->first;
    while (b) {
        struct scratch_block *next = b->next;
        buf_wipe(b->bytes, b->size);
        free(b);
        b = next;
    }
    scratch_init(s, s->max);
}

struct scratch_mark
scratch_mark(const struct scratch *s)
{
    struct scratch_mark m = {s->at, s->at ? s->at->used : 0, s->used};
    return m;
}

void
scratch_release(struct scratch *s, struct scratch_mark mark)
{
    struct scratch_block *b = mark.at ? mark.at->next : s->first;
    while (b && b->used > 0) {
        b->used = 0;
        b = b->next;
    }
    if (mark.at) {
        mark.at->used = mark.block_used;
    }
    s->at = mark.at ? mark.at : s->first;
    s->used = mark.used;
    if (mark.used == 0) {
        s->failed = 0;
    }
}

void
scratch_clear(struct scratch *s)
{
    for (struct scratch_block *b = s->first; b; b = b->next) {
        buf_wipe(b->bytes, b->used);
        b->used = 0;
    }
    s->at = s->first;
    s->used = 0;
    s->failed = 0;
}

static struct scratch_block *
next_block(struct scratch *s, size_t at_least)
{
    struct scratch_block *b = s->at ? s->at->next : s->first;
    if (b && b->size >= at_least) {
        return b;
    }
    size_t size = s->at ? s->at->size * 2 : BLOCK_BYTES;
    size = size > LARGEST_BLOCK ? LARGEST_BLOCK : size;
    size = size < at_least ? at_least : size;
    struct scratch_block *fresh = malloc(sizeof(*fresh) + size);
    if (!fresh) {
        enum status logged = log_oom("form");
        (void)logged;
        return NULL;
    }
    *fresh = (struct scratch_block){.next = b, .size = size};
    if (s->at) {
        s->at->next = fresh;
    } else {
        s->first = fresh;
    }
    return fresh;
}

void *
scratch_alloc(struct scratch *s, size_t size)
{
    const size_t align = alignof(max_align_t);
    size_t padded = (size + align - 1) / align * align;
    if (padded < size || padded > s->max - s->used) {
        s->failed = 1;
        return NULL;
    }
    struct scratch_block *b = s->at;
    if (!b || padded > b->size - b->used) {
        b = next_block(s, padded);
        if (!b) {
            s->failed = 1;
            return NULL;
        }
        s->at = b;
    }
    void *mem = b->bytes + b->used;
    b->used += padded;
    s->used += padded;
    return mem;
}

void *
scratch_array(struct scratch *s, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        s->failed = 1;
        return NULL;
    }
    return scratch_alloc(s, count * size);
}

const char *
scratch_text(struct scratch *s, const char *text, size_t len)
{
    if (len == 0) {
        return "";
    }
    char *copy = len < SIZE_MAX ? scratch_alloc(s, len + 1) : NULL;
    if (!copy) {
        return "";
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}
