#include "daemon/mix.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"

/* The items of one wave: neighbours after sorting. */
struct group {
    size_t first;
    size_t count;
    size_t k; /* 1: any number may go */
};

static int
compare_tags(const void *a, const void *b)
{
    const struct mix_item *x = a;
    const struct mix_item *y = b;
    return memcmp(&x->form_tag, &y->form_tag, sizeof(x->form_tag));
}

size_t
mix_least(const struct seal_hash *tag, const struct library_wave *wave,
          size_t wave_count, size_t least)
{
    size_t k = 1;
    for (size_t i = 0; i < wave_count; i++) {
        if (memcmp(&wave[i].form_tag, tag, sizeof(*tag)) != 0) {
            continue;
        }
        /* Two versions of a form may be listed under one wave: the stricter
         * rule holds, and the wave is open while either is. */
        bool mixed = !wave[i].closed
                     && (wave[i].kind == RECORD_ANONYMOUS
                         || wave[i].kind == RECORD_SLIP);
        if (mixed) {
            k = least > k ? least : k;
            k = wave[i].k > 1 && (size_t)wave[i].k > k ? (size_t)wave[i].k : k;
        }
    }
    return k;
}

/* How many of a group's items go, given what is left of the limits. */
static size_t
share(const struct mix_item *item, const struct group *g,
      const struct mix_limits *left)
{
    size_t take = 0;
    size_t bytes = 0;
    while (take < g->count && take < left->records
           && bytes + item[g->first + take].bytes <= left->bytes) {
        bytes += item[g->first + take].bytes;
        take++;
    }
    size_t rest = g->count - take;
    if (rest > 0 && rest < g->k) {
        take = g->count > g->k ? g->count - g->k : 0;
    }
    return take < g->k ? 0 : take;
}

static void
swap(struct mix_item *a, struct mix_item *b)
{
    struct mix_item kept = *a;
    *a = *b;
    *b = kept;
}

enum status
mix_choose(struct mix_item *item, size_t count, const struct library_wave *wave,
           size_t wave_count, const struct mix_limits *limits,
           size_t *out_chosen)
{
    *out_chosen = 0;
    if (count == 0) {
        return STATUS_OK;
    }
    struct group *group = calloc(count, sizeof(*group));
    size_t *take = calloc(count, sizeof(*take));
    enum status st = STATUS_OK;
    size_t groups = 0;
    size_t chosen = 0;
    struct mix_limits left = *limits;
    if (!group || !take) {
        st = log_oom("mix");
        goto out;
    }

    qsort(item, count, sizeof(item[0]), compare_tags);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || compare_tags(&item[i - 1], &item[i]) != 0) {
            group[groups].first = i;
            group[groups].k =
                mix_least(&item[i].form_tag, wave, wave_count, limits->least);
            groups++;
        }
        group[groups - 1].count++;
    }
    for (size_t g = 0; g < groups; g++) {
        random_shuffle(item + group[g].first, group[g].count, sizeof(item[0]));
    }
    /* Which wave goes first is drawn, too, so that none is starved. */
    random_shuffle(group, groups, sizeof(group[0]));
    for (size_t g = 0; g < groups; g++) {
        size_t n = share(item, &group[g], &left);
        for (size_t i = 0; i < n; i++) {
            take[group[g].first + i] = 1;
            left.bytes -= item[group[g].first + i].bytes;
        }
        left.records -= n;
    }
    for (size_t i = 0; i < count; i++) {
        if (take[i]) {
            swap(&item[chosen], &item[i]);
            chosen++;
        }
    }
    random_shuffle(item, chosen, sizeof(item[0]));
    *out_chosen = chosen;

out:
    free(group);
    free(take);
    return st;
}
