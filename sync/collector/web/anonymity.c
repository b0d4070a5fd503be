#include "collector/web/anonymity.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/summary/suppress.h"

#define EMPTY UINT32_MAX
#define NO_ANSWER UINT64_C(0)

/* A combination: the one of the columns kept so far, and a value more. */
struct slot {
    uint64_t value;
    uint32_t before;
    uint32_t id; /* EMPTY: free */
};

struct anonymity {
    struct store *reader;
    int64_t wave;
    size_t rows;
    uint32_t k;
    uint32_t *of;      /* combination of each row; owned */
    uint32_t *next;    /* the same with the column that is tried; owned */
    struct slot *slot; /* owned */
    uint32_t *count;   /* of each new combination; owned */
    size_t slots;      /* a power of two */
    size_t limit;      /* more combinations cannot all have k rows */
    size_t combinations;
    size_t at;  /* row being read */
    bool alone; /* the column by itself, whatever was kept */
};

enum status
anonymity_new(struct store *reader, int64_t wave, size_t rows, uint32_t k,
              struct anonymity **out)
{
    *out = NULL;
    struct anonymity *a = calloc(1, sizeof(*a));
    if (!a) {
        return log_oom("anonymity");
    }
    a->reader = reader;
    a->wave = wave;
    a->rows = rows;
    a->k = k > 0 ? k : 1;
    a->limit = rows / a->k + 1;
    for (a->slots = 16; a->slots < 2 * a->limit;) {
        a->slots *= 2;
    }
    a->of = calloc(rows + 1, sizeof(*a->of));
    a->next = calloc(rows + 1, sizeof(*a->next));
    a->slot = calloc(a->slots, sizeof(*a->slot));
    a->count = calloc(a->limit + 1, sizeof(*a->count));
    if (!a->of || !a->next || !a->slot || !a->count) {
        anonymity_free(a);
        return log_oom("anonymity");
    }
    *out = a;
    return STATUS_OK;
}

void
anonymity_free(struct anonymity *a)
{
    if (a) {
        free(a->of);
        free(a->next);
        free(a->slot);
        free(a->count);
        free(a);
    }
}

/* FNV-1a with a final mix (splitmix64); 0 stands for no answer. Two values
 * that met would only be taken for one, with the columns hidden or shown as if
 * they were. */
static uint64_t
hash_of(const char *cell)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (const char *c = cell; *c; c++) {
        h = (h ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
    }
    h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (h ^ (h >> 31)) | 1;
}

/* The number of a combination; EMPTY when there are too many of them. */
static uint32_t
number_of(struct anonymity *a, uint32_t before, uint64_t value)
{
    size_t at = (size_t)((value ^ before * UINT64_C(0x9e3779b97f4a7c15)) >> 7);
    for (;; at++) {
        struct slot *s = &a->slot[at & (a->slots - 1)];
        if (s->id == EMPTY) {
            if (a->combinations == a->limit) {
                return EMPTY;
            }
            *s = (struct slot){value, before, (uint32_t)a->combinations++};
            return s->id;
        }
        if (s->value == value && s->before == before) {
            return s->id;
        }
    }
}

static enum status
take(void *self, const char *const *cell, size_t count)
{
    (void)count;
    struct anonymity *a = self;
    if (a->at == a->rows) {
        return STATUS_E_INVALID; /* the wave has grown meanwhile */
    }
    uint64_t value = cell[0] ? hash_of(cell[0]) : NO_ANSWER;
    uint32_t id = number_of(a, a->alone ? 0 : a->of[a->at], value);
    if (id == EMPTY) {
        return STATUS_NONE;
    }
    a->next[a->at++] = id;
    a->count[id]++;
    return STATUS_OK;
}

/* STATUS_NONE: too many combinations. */
static enum status
scan(struct anonymity *a, uint32_t field, bool alone)
{
    for (size_t i = 0; i < a->slots; i++) {
        a->slot[i].id = EMPTY;
    }
    memset(a->count, 0, (a->limit + 1) * sizeof(*a->count));
    a->combinations = 0;
    a->at = 0;
    a->alone = alone;
    return store_answers_each(a->reader, a->wave, &field, 1, take, a);
}

enum status
anonymity_keep(struct anonymity *a, uint32_t field, bool *out_kept)
{
    enum status st = scan(a, field, false);
    *out_kept = st == STATUS_OK;
    for (size_t i = 0; i < a->combinations; i++) {
        *out_kept = *out_kept && a->count[i] >= a->k;
    }
    if (*out_kept) {
        uint32_t *kept = a->next;
        a->next = a->of;
        a->of = kept;
    }
    return st < 0 ? st : STATUS_OK;
}

enum status
anonymity_is_open(struct anonymity *a, uint32_t field, bool *out_open)
{
    enum status st = scan(a, field, true);
    uint64_t answered = 0;
    uint64_t most = 0;
    for (size_t i = 0; i < a->slots; i++) {
        const struct slot *s = &a->slot[i];
        if (s->id != EMPTY && s->value != NO_ANSWER) {
            answered += a->count[s->id];
            most = a->count[s->id] > most ? a->count[s->id] : most;
        }
    }
    /* Cut short by variety: there are answers of every kind. */
    bool varied = st == STATUS_NONE;
    *out_open =
        varied || (answered >= a->k && !suppress_unanimous(most, answered));
    return st < 0 ? st : STATUS_OK;
}
