#include "xlsform/name_map.h"

#include <stdint.h>
#include <string.h>

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t
hash(const char *key, size_t len)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < len; i++) {
        h = (h ^ (unsigned char)key[i]) * UINT64_C(1099511628211);
    }
    return h ^ (h >> 32);
}

static struct name_map_slot *
find(struct name_map_slot *slot, size_t cap, const char *key, size_t len)
{
    size_t at = (size_t)hash(key, len) & (cap - 1);
    while (slot[at].key
           && (strncmp(slot[at].key, key, len) != 0
               || slot[at].key[len] != '\0')) {
        at = (at + 1) & (cap - 1);
    }
    return &slot[at];
}

static int
grow(struct name_map *m, struct pool *p)
{
    size_t cap = m->cap ? m->cap * 2 : 16;
    struct name_map_slot *slot = pool_array(p, cap, sizeof(*slot));
    if (!slot) {
        return 0;
    }
    for (size_t i = 0; i < m->cap; i++) {
        if (m->slot[i].key) {
            *find(slot, cap, m->slot[i].key, strlen(m->slot[i].key)) =
                m->slot[i];
        }
    }
    m->slot = slot;
    m->cap = cap;
    return 1;
}

void **
name_map_put(struct name_map *m, struct pool *p, const char *key)
{
    if (m->count * 2 >= m->cap && !grow(m, p)) {
        return NULL;
    }
    struct name_map_slot *slot = find(m->slot, m->cap, key, strlen(key));
    if (!slot->key) {
        slot->key = key;
        m->count++;
    }
    return &slot->value;
}

void *
name_map_get_len(const struct name_map *m, const char *key, size_t len)
{
    return m->cap ? find(m->slot, m->cap, key, len)->value : NULL;
}

void *
name_map_get(const struct name_map *m, const char *key)
{
    return name_map_get_len(m, key, strlen(key));
}
