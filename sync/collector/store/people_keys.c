#include "collector/store/people_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/random.h"

#define MAGIC "ANKETA PEOPLE KEYS 1\n"
#define MAGIC_BYTES (sizeof(MAGIC) - 1)
#define NODE_BYTES (5 + SEAL_HASH_BYTES)
#define MODE 0600u

static void
child(const struct people_keys_node *parent, bool second,
      struct people_keys_node *out)
{
    const uint8_t which = second;
    const uint8_t depth = (uint8_t)(parent->depth + 1);
    struct people_keys_node made = {
        .first = parent->first
                 + (second ? UINT32_C(1) << (PEOPLE_KEYS_DEPTH - depth) : 0),
        .depth = depth,
    };
    seal_hash(&which, sizeof(which), parent->key.bytes,
              sizeof(parent->key.bytes), &made.key);
    *out = made;
    buf_wipe(&made, sizeof(made));
}

/* The node kept that stands above a number; NULL: none. */
static struct people_keys_node *
above(const struct people_keys *k, int64_t number)
{
    for (size_t i = 0; i < k->count; i++) {
        const int64_t width = INT64_C(1)
                              << (PEOPLE_KEYS_DEPTH - k->node[i].depth);
        if (number >= k->node[i].first && number < k->node[i].first + width) {
            return &k->node[i];
        }
    }
    return NULL;
}

static bool
second_half(const struct people_keys_node *n, int64_t number)
{
    return (number >> (PEOPLE_KEYS_DEPTH - n->depth - 1)) & 1;
}

enum status
people_keys_new(struct people_keys *out)
{
    out->count = 0;
    out->node = calloc(1, sizeof(*out->node));
    if (!out->node) {
        return log_oom("people");
    }
    random_bytes(out->node[0].key.bytes, sizeof(out->node[0].key.bytes));
    out->count = 1;
    return STATUS_OK;
}

void
people_keys_clear(struct people_keys *k)
{
    if (k->node) {
        buf_wipe(k->node, k->count * sizeof(*k->node));
    }
    free(k->node);
    *k = (struct people_keys){0};
}

enum status
people_keys_of(const struct people_keys *k, int64_t number,
               struct seal_lock_key *out)
{
    const struct people_keys_node *from =
        number < 0 || number > PEOPLE_KEYS_NUMBER_MAX ? NULL : above(k, number);
    if (!from) {
        return STATUS_NONE;
    }
    struct people_keys_node n = *from;
    while (n.depth < PEOPLE_KEYS_DEPTH) {
        child(&n, second_half(&n, number), &n);
    }
    _Static_assert(sizeof(out->bytes) == SEAL_HASH_BYTES, "a hash is a key");
    memcpy(out->bytes, n.key.bytes, sizeof(out->bytes));
    buf_wipe(&n, sizeof(n));
    return STATUS_OK;
}

enum status
people_keys_destroy(struct people_keys *k, int64_t number)
{
    struct people_keys_node *from =
        number < 0 || number > PEOPLE_KEYS_NUMBER_MAX ? NULL : above(k, number);
    if (!from) {
        return STATUS_NONE;
    }
    const size_t room = k->count + PEOPLE_KEYS_DEPTH;
    struct people_keys_node *node = calloc(room, sizeof(*node));
    if (!node) {
        return log_oom("people");
    }
    size_t count = 0;
    for (size_t i = 0; i < k->count; i++) {
        if (&k->node[i] != from) {
            node[count++] = k->node[i];
        }
    }
    struct people_keys_node n = *from;
    while (n.depth < PEOPLE_KEYS_DEPTH && count < room) {
        const bool second = second_half(&n, number);
        child(&n, !second, &node[count++]);
        child(&n, second, &n);
    }
    buf_wipe(&n, sizeof(n));
    people_keys_clear(k);
    k->node = node;
    k->count = count;
    return STATUS_OK;
}

enum status
people_keys_encode(const struct people_keys *k, struct buf *out)
{
    buf_put(out, MAGIC, MAGIC_BYTES);
    for (size_t i = 0; i < k->count; i++) {
        const struct people_keys_node *n = &k->node[i];
        const uint8_t head[] = {n->depth, (uint8_t)(n->first >> 24),
                                (uint8_t)(n->first >> 16),
                                (uint8_t)(n->first >> 8), (uint8_t)n->first};
        buf_put(out, head, sizeof(head));
        buf_put(out, n->key.bytes, sizeof(n->key.bytes));
    }
    return buf_status(out);
}

enum status
people_keys_decode(const void *data, size_t len, struct people_keys *out)
{
    const uint8_t *at = data;
    *out = (struct people_keys){0};
    if (len < MAGIC_BYTES || memcmp(at, MAGIC, MAGIC_BYTES) != 0
        || (len - MAGIC_BYTES) % NODE_BYTES != 0
        || (len - MAGIC_BYTES) / NODE_BYTES > PEOPLE_KEYS_NODES_MAX) {
        return STATUS_E_INVALID;
    }
    const size_t count = (len - MAGIC_BYTES) / NODE_BYTES;
    out->node = calloc(count + 1, sizeof(*out->node));
    if (!out->node) {
        return log_oom("people");
    }
    at += MAGIC_BYTES;
    for (; out->count < count; out->count++, at += NODE_BYTES) {
        struct people_keys_node *n = &out->node[out->count];
        n->depth = at[0];
        n->first = (uint32_t)at[1] << 24 | (uint32_t)at[2] << 16
                   | (uint32_t)at[3] << 8 | at[4];
        memcpy(n->key.bytes, at + 5, sizeof(n->key.bytes));
        if (n->depth > PEOPLE_KEYS_DEPTH
            || n->first > (uint32_t)PEOPLE_KEYS_NUMBER_MAX) {
            people_keys_clear(out);
            return STATUS_E_INVALID;
        }
    }
    return STATUS_OK;
}

enum status
people_keys_save(const char *path, const struct people_keys *k)
{
    struct buf bytes;
    buf_init(&bytes, PEOPLE_KEYS_FILE_MAX_BYTES);
    enum status st = people_keys_encode(k, &bytes);
    if (st == STATUS_OK) {
        st = file_replace(path, bytes.data, bytes.len, MODE);
    }
    if (bytes.len > 0) {
        buf_wipe(bytes.data, bytes.len);
    }
    buf_deinit(&bytes);
    return st;
}

enum status
people_keys_load(const char *path, struct people_keys *out)
{
    struct buf bytes;
    *out = (struct people_keys){0};
    if (!file_exists(path)) {
        enum status made = people_keys_new(out);
        return made == STATUS_OK ? people_keys_save(path, out) : made;
    }
    buf_init(&bytes, PEOPLE_KEYS_FILE_MAX_BYTES);
    enum status st = file_read(path, &bytes);
    if (st == STATUS_OK) {
        st = people_keys_decode(bytes.data, bytes.len, out);
    }
    if (bytes.len > 0) {
        buf_wipe(bytes.data, bytes.len);
    }
    buf_deinit(&bytes);
    return st;
}
