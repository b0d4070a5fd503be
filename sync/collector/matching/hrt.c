#include "collector/matching/hrt.h"

#include <stdlib.h>
#include <string.h>

#include "collector/matching/lottery.h"

/* Entries of one side's lists brought to the people they name. */
struct inbox {
    uint32_t *first;
    uint32_t *from;
    int64_t *value; /* a rank or a score */
};

struct builder {
    const struct preferences *p;
    struct hrt *h;
    struct arena scratch;
    uint32_t *mentee_number; /* by row: the lottery's order */
    uint32_t *mentor_number;
    unsigned char *settled; /* by mentee row: has a forced pair */
    struct inbox ranks;     /* by mentee row: what mentors gave her */
    struct inbox scores;
    int64_t *rank_by_mentor; /* by mentor row, for one mentee; -1: none */
    int64_t *score;
    uint64_t *key;
    int64_t stay_bonus;
};

static enum status
inbox_init(struct inbox *box, struct arena *a, uint32_t people, size_t entries)
{
    box->first = arena_array(a, (size_t)people + 2, sizeof(*box->first));
    box->from = arena_array(a, entries + 1, sizeof(*box->from));
    box->value = arena_array(a, entries + 1, sizeof(*box->value));
    return box->first && box->from && box->value ? STATUS_OK : STATUS_E_NOMEM;
}

/* first[] holds counts at [i + 1]; make them starts, shifted by one so that
 * filling moves them into place. */
static void
inbox_open(struct inbox *box, uint32_t people)
{
    for (uint32_t i = 0; i < people; i++) {
        box->first[i + 1] += box->first[i];
    }
    memmove(box->first + 1, box->first, people * sizeof(*box->first));
    box->first[0] = 0;
}

static void
inbox_put(struct inbox *box, uint32_t to, uint32_t from, int64_t value)
{
    uint32_t at = box->first[to + 1]++;
    box->from[at] = from;
    box->value[at] = value;
}

static enum status
fill_inboxes(struct builder *b)
{
    const struct preferences *p = b->p;
    size_t ranks = 0;
    size_t scores = 0;
    for (uint32_t m = 0; m < p->mentors; m++) {
        ranks += p->mentor_list[m].count;
        scores += p->scores[m].count;
    }
    if (ranks > PREFERENCES_MAX_ENTRIES || scores > PREFERENCES_MAX_ENTRIES) {
        return STATUS_E_LIMIT;
    }
    if (inbox_init(&b->ranks, &b->scratch, p->mentees, ranks) < 0
        || inbox_init(&b->scores, &b->scratch, p->mentees, scores) < 0) {
        return STATUS_E_NOMEM;
    }
    for (uint32_t m = 0; m < p->mentors; m++) {
        for (uint32_t i = 0; i < p->mentor_list[m].count; i++) {
            b->ranks.first[p->mentor_list[m].entry[i].who + 1]++;
        }
        for (uint32_t i = 0; i < p->scores[m].count; i++) {
            b->scores.first[p->scores[m].score[i].who + 1]++;
        }
    }
    inbox_open(&b->ranks, p->mentees);
    inbox_open(&b->scores, p->mentees);
    for (uint32_t m = 0; m < p->mentors; m++) {
        for (uint32_t i = 0; i < p->mentor_list[m].count; i++) {
            const struct preferences_entry *e = &p->mentor_list[m].entry[i];
            inbox_put(&b->ranks, e->who, m, e->rank);
        }
        for (uint32_t i = 0; i < p->scores[m].count; i++) {
            const struct preferences_score *s = &p->scores[m].score[i];
            inbox_put(&b->scores, s->who, m, s->score);
        }
    }
    return STATUS_OK;
}

static enum status
number_people(struct builder *b, uint64_t seed)
{
    const struct preferences *p = b->p;
    const uint32_t most = p->mentees > p->mentors ? p->mentees : p->mentors;
    uint64_t *number =
        arena_array(&b->scratch, (size_t)most + 1, sizeof(*number));
    if (!number) {
        return STATUS_E_NOMEM;
    }
    enum status st =
        lottery_order(seed, p->mentee_id, p->mentees, number, b->h->mentee_row);
    if (st < 0) {
        return st;
    }
    st =
        lottery_order(seed, p->mentor_id, p->mentors, number, b->h->mentor_row);
    if (st < 0) {
        return st;
    }
    for (uint32_t i = 0; i < p->mentees; i++) {
        b->mentee_number[b->h->mentee_row[i]] = i;
    }
    for (uint32_t i = 0; i < p->mentors; i++) {
        b->mentor_number[b->h->mentor_row[i]] = i;
    }
    return STATUS_OK;
}

static int
compare_keys(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Most lists have three to ten entries, nearly in order. */
static void
sort_keys(uint64_t *key, uint32_t count)
{
    if (count > 40) {
        qsort(key, count, sizeof(*key), compare_keys);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        uint64_t k = key[i];
        uint32_t j = i;
        while (j > 0 && key[j - 1] > k) {
            key[j] = key[j - 1];
            j--;
        }
        key[j] = k;
    }
}

static void
open_marks(struct builder *b, uint32_t row)
{
    for (uint32_t i = b->ranks.first[row]; i < b->ranks.first[row + 1]; i++) {
        b->rank_by_mentor[b->ranks.from[i]] = b->ranks.value[i];
    }
    for (uint32_t i = b->scores.first[row]; i < b->scores.first[row + 1]; i++) {
        b->score[b->scores.from[i]] = b->scores.value[i];
    }
}

static void
close_marks(struct builder *b, uint32_t row)
{
    for (uint32_t i = b->ranks.first[row]; i < b->ranks.first[row + 1]; i++) {
        b->rank_by_mentor[b->ranks.from[i]] = -1;
    }
    for (uint32_t i = b->scores.first[row]; i < b->scores.first[row + 1]; i++) {
        b->score[b->scores.from[i]] = 0;
    }
}

static void
add_pairs_of(struct builder *b, uint32_t e)
{
    const struct preferences *p = b->p;
    struct hrt *h = b->h;
    const uint32_t row = h->mentee_row[e];
    const struct preferences_list *list = &p->mentee_list[row];
    uint32_t count = 0;
    open_marks(b, row);
    for (uint32_t i = 0; i < list->count; i++) {
        const uint32_t m = list->entry[i].who;
        if (b->rank_by_mentor[m] >= 0 && h->capacity[b->mentor_number[m]] > 0) {
            b->key[count++] =
                (uint64_t)list->entry[i].rank << 32 | b->mentor_number[m];
        }
    }
    sort_keys(b->key, count);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t m = (uint32_t)b->key[i];
        const uint32_t m_row = h->mentor_row[m];
        const bool stays = p->previous && p->previous[row] == m_row;
        h->pair[h->pairs] = (struct hrt_pair){
            .mentee = e,
            .mentor = m,
            .rank_by_mentee = (uint32_t)(b->key[i] >> 32),
            .rank_by_mentor = (uint32_t)b->rank_by_mentor[m_row],
        };
        h->weight[h->pairs++] = b->score[m_row] + (stays ? b->stay_bonus : 0);
    }
    close_marks(b, row);
}

/* Forbidden pairs lose the mentor's rank, which makes them one-sided. */
static void
forbid_pairs(struct builder *b)
{
    for (uint32_t i = 0; i < b->p->forbidden_count; i++) {
        const struct preferences_pair *f = &b->p->forbidden[i];
        const uint32_t end = b->ranks.first[f->mentee + 1];
        for (uint32_t k = b->ranks.first[f->mentee]; k < end; k++) {
            if (b->ranks.from[k] == f->mentor) {
                b->ranks.value[k] = -1;
            }
        }
    }
}

static void
settle_forced(struct builder *b)
{
    struct hrt *h = b->h;
    for (uint32_t m = 0; m < h->mentors; m++) {
        h->capacity[m] = b->p->capacity[h->mentor_row[m]];
        h->minimum[m] = b->p->minimum[h->mentor_row[m]];
    }
    for (uint32_t i = 0; i < b->p->forced_count; i++) {
        const uint32_t m = b->mentor_number[b->p->forced[i].mentor];
        b->settled[b->p->forced[i].mentee] = 1;
        h->capacity[m] -= h->capacity[m] > 0 ? 1 : 0;
        h->minimum[m] = 0; /* the coordinator has opened the group herself */
    }
}

/* by_mentor and place from the finished pairs. */
static enum status
index_mentors(struct hrt *h)
{
    uint64_t *key = calloc((size_t)h->pairs + 1, sizeof(*key));
    if (!key) {
        return STATUS_E_NOMEM;
    }
    memset(h->mentor_first, 0, (h->mentors + 2) * sizeof(*h->mentor_first));
    for (uint32_t i = 0; i < h->pairs; i++) {
        h->mentor_first[h->pair[i].mentor + 2]++;
    }
    for (uint32_t m = 0; m < h->mentors; m++) {
        h->mentor_first[m + 2] += h->mentor_first[m + 1];
    }
    for (uint32_t i = 0; i < h->pairs; i++) {
        const uint32_t at = h->mentor_first[h->pair[i].mentor + 1]++;
        key[at] = (uint64_t)h->pair[i].rank_by_mentor << 32 | i;
    }
    for (uint32_t m = 0; m < h->mentors; m++) {
        const uint32_t first = h->mentor_first[m];
        sort_keys(key + first, h->mentor_first[m + 1] - first);
    }
    for (uint32_t i = 0; i < h->pairs; i++) {
        h->by_mentor[i] = (uint32_t)key[i];
        h->place[h->by_mentor[i]] = i;
    }
    free(key);
    return STATUS_OK;
}

static enum status
reserve(struct hrt *h, uint32_t mentees, uint32_t mentors, size_t pairs)
{
    *h = (struct hrt){.mentees = mentees, .mentors = mentors};
    arena_init(&h->mem, PREFERENCES_MAX_BYTES);
    struct arena *a = &h->mem;
    const size_t e = (size_t)mentees + 2;
    const size_t m = (size_t)mentors + 2;
    h->mentee_first = arena_array(a, e, sizeof(*h->mentee_first));
    h->mentee_row = arena_array(a, e, sizeof(*h->mentee_row));
    h->mentor_first = arena_array(a, m, sizeof(*h->mentor_first));
    h->mentor_row = arena_array(a, m, sizeof(*h->mentor_row));
    h->capacity = arena_array(a, m, sizeof(*h->capacity));
    h->minimum = arena_array(a, m, sizeof(*h->minimum));
    h->pair = arena_array(a, pairs + 1, sizeof(*h->pair));
    h->by_mentor = arena_array(a, pairs + 1, sizeof(*h->by_mentor));
    h->place = arena_array(a, pairs + 1, sizeof(*h->place));
    h->weight = arena_array(a, pairs + 1, sizeof(*h->weight));
    if (!h->mentee_first || !h->mentee_row || !h->mentor_first || !h->mentor_row
        || !h->capacity || !h->minimum || !h->pair || !h->by_mentor || !h->place
        || !h->weight) {
        return STATUS_E_NOMEM;
    }
    return STATUS_OK;
}

static enum status
builder_init(struct builder *b)
{
    struct arena *a = &b->scratch;
    const size_t e = (size_t)b->p->mentees + 1;
    const size_t m = (size_t)b->p->mentors + 1;
    arena_init(a, PREFERENCES_MAX_BYTES);
    b->mentee_number = arena_array(a, e, sizeof(*b->mentee_number));
    b->mentor_number = arena_array(a, m, sizeof(*b->mentor_number));
    b->settled = arena_array(a, e, 1);
    b->rank_by_mentor = arena_array(a, m, sizeof(*b->rank_by_mentor));
    b->score = arena_array(a, m, sizeof(*b->score));
    b->key = arena_array(a, m, sizeof(*b->key));
    if (!b->mentee_number || !b->mentor_number || !b->settled
        || !b->rank_by_mentor || !b->score || !b->key) {
        return STATUS_E_NOMEM;
    }
    for (size_t i = 0; i < m; i++) {
        b->rank_by_mentor[i] = -1;
    }
    return STATUS_OK;
}

/* Staying together outweighs every sum of scores. */
static int64_t
bonus_for_staying(const struct preferences *p)
{
    int64_t largest = 0;
    for (uint32_t m = 0; p->previous && m < p->mentors; m++) {
        for (uint32_t i = 0; i < p->scores[m].count; i++) {
            const int64_t s = p->scores[m].score[i].score;
            const int64_t size = s < 0 ? -s : s;
            largest = size > largest ? size : largest;
        }
    }
    return 2 * largest * p->mentees + 1;
}

enum status
hrt_build(const struct preferences *p, uint64_t seed, struct hrt *out)
{
    struct builder b = {.p = p, .h = out};
    size_t entries = 0;
    for (uint32_t e = 0; e < p->mentees; e++) {
        entries += p->mentee_list[e].count;
    }
    *out = (struct hrt){0};
    if (entries > PREFERENCES_MAX_ENTRIES) {
        return STATUS_E_LIMIT;
    }
    enum status st = builder_init(&b);
    if (st < 0) {
        goto out;
    }
    st = reserve(out, p->mentees, p->mentors, entries);
    if (st < 0) {
        goto out;
    }
    st = number_people(&b, seed);
    if (st < 0) {
        goto out;
    }
    st = fill_inboxes(&b);
    if (st < 0) {
        goto out;
    }
    b.stay_bonus = bonus_for_staying(p);
    forbid_pairs(&b);
    settle_forced(&b);
    for (uint32_t e = 0; e < p->mentees; e++) {
        out->mentee_first[e] = out->pairs;
        if (!b.settled[out->mentee_row[e]]) {
            add_pairs_of(&b, e);
        }
    }
    out->mentee_first[p->mentees] = out->pairs;
    st = index_mentors(out);
out:
    arena_deinit(&b.scratch);
    if (st < 0) {
        hrt_deinit(out);
    }
    return st;
}

enum status
hrt_part(const struct hrt *whole, const struct hrt_choice *c, struct hrt *out)
{
    size_t pairs = 0;
    for (uint32_t e = 0; e < c->mentees; e++) {
        pairs += whole->mentee_first[c->mentee[e] + 1]
                 - whole->mentee_first[c->mentee[e]];
    }
    enum status st = reserve(out, c->mentees, c->mentors, pairs);
    if (st < 0) {
        goto out;
    }
    out->pair_row = arena_array(&out->mem, pairs + 1, sizeof(uint32_t));
    if (!out->pair_row) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    for (uint32_t m = 0; m < c->mentors; m++) {
        out->mentor_row[m] = c->mentor[m];
        out->capacity[m] = whole->capacity[c->mentor[m]];
        out->minimum[m] = whole->minimum[c->mentor[m]];
        c->local_mentor[c->mentor[m]] = m + 1;
    }
    for (uint32_t e = 0; e < c->mentees; e++) {
        const uint32_t from = c->mentee[e];
        out->mentee_row[e] = from;
        out->mentee_first[e] = out->pairs;
        for (uint32_t i = whole->mentee_first[from];
             i < whole->mentee_first[from + 1]; i++) {
            const uint32_t m = c->local_mentor[whole->pair[i].mentor];
            if (m == 0 || (c->keep && !c->keep[i])) {
                continue;
            }
            out->pair[out->pairs] = whole->pair[i];
            out->pair[out->pairs].mentee = e;
            out->pair[out->pairs].mentor = m - 1;
            out->weight[out->pairs] = whole->weight[i];
            out->pair_row[out->pairs++] = i;
        }
    }
    out->mentee_first[c->mentees] = out->pairs;
    for (uint32_t m = 0; m < c->mentors; m++) {
        c->local_mentor[c->mentor[m]] = 0;
    }
    st = index_mentors(out);
out:
    if (st < 0) {
        hrt_deinit(out);
    }
    return st;
}

void
hrt_deinit(struct hrt *h)
{
    arena_deinit(&h->mem);
    *h = (struct hrt){0};
}

uint32_t
hrt_size(const struct hrt *h, const uint32_t *match)
{
    uint32_t size = 0;
    for (uint32_t e = 0; e < h->mentees; e++) {
        size += match[e] != HRT_NONE;
    }
    return size;
}

int64_t
hrt_weight(const struct hrt *h, const uint32_t *match)
{
    int64_t weight = 0;
    for (uint32_t e = 0; e < h->mentees; e++) {
        weight += match[e] != HRT_NONE ? h->weight[match[e]] : 0;
    }
    return weight;
}

void
hrt_load(const struct hrt *h, const uint32_t *match, uint32_t *out_load)
{
    memset(out_load, 0, h->mentors * sizeof(*out_load));
    for (uint32_t e = 0; e < h->mentees; e++) {
        if (match[e] != HRT_NONE) {
            out_load[h->pair[match[e]].mentor]++;
        }
    }
}

enum status
hrt_worst(const struct hrt *h, const uint32_t *match, uint64_t *out_worst)
{
    uint32_t *load = calloc((size_t)h->mentors + 1, sizeof(*load));
    if (!load) {
        return STATUS_E_NOMEM;
    }
    memset(out_worst, 0, h->mentors * sizeof(*out_worst));
    for (uint32_t e = 0; e < h->mentees; e++) {
        if (match[e] != HRT_NONE) {
            const struct hrt_pair *p = &h->pair[match[e]];
            load[p->mentor]++;
            if (p->rank_by_mentor > out_worst[p->mentor]) {
                out_worst[p->mentor] = p->rank_by_mentor;
            }
        }
    }
    for (uint32_t m = 0; m < h->mentors; m++) {
        if (load[m] < h->capacity[m]) {
            out_worst[m] = UINT64_MAX;
        }
    }
    free(load);
    return STATUS_OK;
}

enum status
hrt_blocking(const struct hrt *h, const uint32_t *match,
             const unsigned char *closed, uint32_t *out_count)
{
    uint64_t *worst = calloc((size_t)h->mentors + 1, sizeof(*worst));
    if (!worst) {
        return STATUS_E_NOMEM;
    }
    uint32_t count = 0;
    enum status st = hrt_worst(h, match, worst);
    for (uint32_t m = 0; closed && m < h->mentors; m++) {
        worst[m] = closed[m] ? 0 : worst[m];
    }
    for (uint32_t e = 0; st >= 0 && e < h->mentees; e++) {
        const uint64_t mine = match[e] == HRT_NONE
                                  ? UINT64_MAX
                                  : h->pair[match[e]].rank_by_mentee;
        for (uint32_t i = h->mentee_first[e];
             i < h->mentee_first[e + 1] && h->pair[i].rank_by_mentee < mine;
             i++) {
            count += h->pair[i].rank_by_mentor < worst[h->pair[i].mentor];
        }
    }
    free(worst);
    *out_count = count;
    return st;
}
