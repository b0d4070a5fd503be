#include "daemon/mix.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"

/* The items of one form: neighbours after sorting. */
struct group {
    size_t first;
    size_t count;
    size_t k; /* 1: any number may go */
};

struct left {
    size_t records;
    size_t bytes;
};

size_t
mix_least(const struct mix_rules *rules, const struct seal_hash *tag)
{
    size_t k = 1;
    for (size_t i = 0; i < rules->wave_count; i++) {
        const struct library_wave *wave = &rules->wave[i];
        if (memcmp(&wave->form_tag, tag, sizeof(*tag)) != 0) {
            continue;
        }
        /* Two versions of a form may be listed under one wave: the stricter
         * rule holds, and the wave is open while either is. */
        bool mixed =
            !wave->closed
            && (wave->kind == RECORD_ANONYMOUS || wave->kind == RECORD_SLIP);
        if (mixed) {
            k = rules->least > k ? rules->least : k;
            k = wave->k > 1 && (size_t)wave->k > k ? (size_t)wave->k : k;
        }
    }
    return k;
}

/* How many of a group's items go, given what is left of the limits. */
static size_t
share(const struct mix_item *item, const struct group *g,
      const struct left *left)
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

/* Bring the items of each tag together: count, then exchange each to where its
 * tag's next place is. `next` has room for one number a tag. */
static void
gather(struct mix_item *item, size_t count, struct group *group, size_t tags,
       size_t *next)
{
    for (size_t i = 0; i < count; i++) {
        group[item[i].tag].count++;
    }
    for (size_t t = 0, at = 0; t < tags; t++) {
        group[t].first = at;
        next[t] = at;
        at += group[t].count;
    }
    for (size_t t = 0; t < tags; t++) {
        size_t end = group[t].first + group[t].count;
        while (next[t] < end) {
            uint16_t tag = item[next[t]].tag;
            if (tag == t) {
                next[t]++;
            } else {
                swap(&item[next[t]], &item[next[tag]]);
                next[tag]++;
            }
        }
    }
}

enum status
mix_choose(struct mix_item *item, size_t count, const struct mix_rules *rules,
           size_t *out_chosen)
{
    *out_chosen = 0;
    if (count == 0) {
        return STATUS_OK;
    }
    size_t tags = rules->tag_count;
    struct group *group = calloc(tags + 1, sizeof(*group));
    size_t *next = calloc(tags + 1, sizeof(*next));
    enum status st = STATUS_OK;
    size_t chosen = 0;
    struct left left = {rules->max_records, rules->max_bytes};
    if (!group || !next) {
        st = log_oom("mix");
        goto out;
    }

    gather(item, count, group, tags, next);
    for (size_t t = 0; t < tags; t++) {
        group[t].k = mix_least(rules, &rules->tag[t]);
        if (group[t].count > 0) {
            random_shuffle(item + group[t].first, group[t].count,
                           sizeof(item[0]));
        }
    }
    /* Which form goes first is drawn, too, so that none is starved. */
    random_shuffle(group, tags, sizeof(group[0]));
    for (size_t g = 0; g < tags; g++) {
        size_t n = share(item, &group[g], &left);
        for (size_t i = 0; i < n; i++) {
            left.bytes -= item[group[g].first + i].bytes;
        }
        left.records -= n;
        group[g].count = n; /* from here on: how many of it go */
    }
    /* To the front, the lowest places first, so that none is written over. */
    for (size_t at = 0; chosen < rules->max_records - left.records;) {
        size_t lowest = tags;
        for (size_t g = 0; g < tags; g++) {
            if (group[g].count > 0 && group[g].first >= at
                && (lowest == tags || group[g].first < group[lowest].first)) {
                lowest = g;
            }
        }
        for (size_t i = 0; i < group[lowest].count; i++) {
            swap(&item[chosen], &item[group[lowest].first + i]);
            chosen++;
        }
        at = group[lowest].first + 1;
    }
    random_shuffle(item, chosen, sizeof(item[0]));
    *out_chosen = chosen;

out:
    free(group);
    free(next);
    return st;
}
