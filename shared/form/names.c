#include "form/names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/vec.h"

#define FIRST_SLOTS 64

void
names_deinit(struct names *n)
{
    free(n->text);
    free(n->slot);
    *n = (struct names){0};
}

uint32_t
names_hash(const char *text, size_t len)
{
    uint32_t h = UINT32_C(2166136261);
    for (size_t i = 0; i < len; i++) {
        h = (h ^ (unsigned char)text[i]) * UINT32_C(16777619);
    }
    return h ^ (h >> 15);
}

static bool
same(const char *known, const char *text, size_t len)
{
    return strncmp(known, text, len) == 0 && known[len] == '\0';
}

/* Slot that holds the text, or the free one where it belongs. */
static uint32_t
probe(const struct names *n, const char *text, size_t len)
{
    uint32_t at = names_hash(text, len) & (n->slot_count - 1);
    while (n->slot[at] != 0 && !same(n->text[n->slot[at] - 1], text, len)) {
        at = (at + 1) & (n->slot_count - 1);
    }
    return at;
}

static enum status
grow(struct names *n)
{
    uint32_t slots = n->slot_count ? n->slot_count * 2 : FIRST_SLOTS;
    uint32_t *fresh = calloc(slots, sizeof(*fresh));
    if (!fresh) {
        return log_oom("form");
    }
    free(n->slot);
    n->slot = fresh;
    n->slot_count = slots;
    for (uint32_t i = 0; i < n->count; i++) {
        n->slot[probe(n, n->text[i], strlen(n->text[i]))] = i + 1;
    }
    return STATUS_OK;
}

enum status
names_add(struct names *n, struct arena *arena, const char *text, size_t len,
          uint32_t *out_index)
{
    enum status st = STATUS_OK;
    if (n->count * 2 >= n->slot_count) {
        st = grow(n);
        if (st < 0) {
            return st;
        }
    }
    uint32_t at = probe(n, text, len);
    if (n->slot[at] != 0) {
        *out_index = n->slot[at] - 1;
        return STATUS_OK;
    }
    st = vec_reserve(&n->text, &n->cap, (size_t)n->count + 1, sizeof(*n->text),
                     NAMES_MAX);
    if (st < 0) {
        return st;
    }
    char *copy = arena_strndup(arena, text, len);
    if (!copy) {
        return STATUS_E_NOMEM;
    }
    n->text[n->count] = copy;
    *out_index = n->count;
    n->count++;
    n->slot[at] = n->count;
    return STATUS_OK;
}

uint32_t
names_find(const struct names *n, const char *text, size_t len)
{
    if (n->slot_count == 0) {
        return NAMES_NONE;
    }
    uint32_t at = probe(n, text, len);
    return n->slot[at] ? n->slot[at] - 1 : NAMES_NONE;
}
