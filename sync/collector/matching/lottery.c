#include "collector/matching/lottery.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static uint64_t
rotate(uint64_t x, unsigned by)
{
    return (x << by) | (x >> (64 - by));
}

static void
sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

uint64_t
lottery_number(uint64_t seed, const char *id)
{
    const size_t len = strlen(id);
    uint64_t v[4] = {
        seed ^ 0x736f6d6570736575u,
        0x646f72616e646f6du,
        seed ^ 0x6c7967656e657261u,
        0x7465646279746573u,
    };
    for (size_t i = 0; i <= len; i += 8) {
        uint64_t word = 0;
        for (size_t k = 0; k < 8 && i + k < len; k++) {
            word |= (uint64_t)(unsigned char)id[i + k] << (8 * k);
        }
        if (i + 8 > len) {
            word |= (uint64_t)(len & 0xff) << 56;
        }
        v[3] ^= word;
        sip_round(v);
        sip_round(v);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t
lottery_next(struct lottery_draw *draw)
{
    draw->state += 0x9e3779b97f4a7c15u;
    uint64_t z = draw->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t
lottery_below(struct lottery_draw *draw, uint32_t bound)
{
    /* Lemire's multiplication; its bias below 2^-32 does not matter here. */
    return (uint32_t)(((lottery_next(draw) >> 32) * bound) >> 32);
}

struct ticket {
    uint64_t number;
    const char *id;
    uint32_t index;
};

static int
by_number(const void *a, const void *b)
{
    const struct ticket *x = a;
    const struct ticket *y = b;
    if (x->number != y->number) {
        return x->number < y->number ? -1 : 1;
    }
    return strcmp(x->id, y->id);
}

enum status
lottery_order(uint64_t seed, const char *const *id, uint32_t count,
              uint64_t *out_number, uint32_t *out_order)
{
    struct ticket *ticket = calloc((size_t)count + 1, sizeof(*ticket));
    if (!ticket) {
        return log_oom("lottery");
    }
    for (uint32_t i = 0; i < count; i++) {
        out_number[i] = lottery_number(seed, id[i]);
        ticket[i] = (struct ticket){out_number[i], id[i], i};
    }
    qsort(ticket, count, sizeof(*ticket), by_number);
    for (uint32_t i = 0; i < count; i++) {
        out_order[i] = ticket[i].index;
    }
    free(ticket);
    return STATUS_OK;
}
