#include "base/arena.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"

#define FIRST_BLOCK ((size_t)4 * 1024)
#define LARGEST_BLOCK ((size_t)1024 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

void
arena_init(struct arena *a, size_t max)
{
    *a = (struct arena){.max = max};
}

void
arena_deinit(struct arena *a)
{
    struct arena_block *block = a->head;
    while (block) {
        struct arena_block *next = block->next;
        buf_wipe(block->bytes, block->used);
        free(block);
        block = next;
    }
    a->head = NULL;
    a->used = 0;
}

static struct arena_block *
grow(struct arena *a, size_t at_least)
{
    size_t size = a->head ? a->head->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK) {
        size = LARGEST_BLOCK;
    }
    if (size < at_least) {
        size = at_least;
    }
    struct arena_block *block = malloc(sizeof(*block) + size);
    if (!block) {
        enum status logged = log_oom("arena");
        (void)logged;
        return NULL;
    }
    block->next = a->head;
    block->used = 0;
    block->size = size;
    a->head = block;
    return block;
}

void *
arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > a->max - a->used) {
        return NULL;
    }
    size_t padded = (size + align - 1) / align * align;
    if (padded < size) {
        return NULL;
    }
    struct arena_block *block = a->head;
    if (!block || padded > block->size - block->used) {
        block = grow(a, padded);
        if (!block) {
            return NULL;
        }
    }
    void *mem = block->bytes + block->used;
    block->used += padded;
    a->used += padded < a->max - a->used ? padded : a->max - a->used;
    memset(mem, 0, padded);
    return mem;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return arena_alloc(a, count * size);
}

char *
arena_strndup(struct arena *a, const char *text, size_t len)
{
    char *copy = len < SIZE_MAX ? arena_alloc(a, len + 1) : NULL;
    if (copy && len > 0) {
        memcpy(copy, text, len);
    }
    return copy;
}

char *
arena_strdup(struct arena *a, const char *text)
{
    return arena_strndup(a, text, strlen(text));
}
