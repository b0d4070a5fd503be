#include "collector/matching/preferences.h"

#include <stdlib.h>
#include <string.h>

enum status
preferences_init(struct preferences *p, uint32_t mentees, uint32_t mentors)
{
    *p = (struct preferences){.mentees = mentees, .mentors = mentors};
    arena_init(&p->mem, PREFERENCES_MAX_BYTES);
    if (mentees > PREFERENCES_MAX_PEOPLE || mentors > PREFERENCES_MAX_PEOPLE) {
        return STATUS_E_LIMIT;
    }
    const size_t e = (size_t)mentees + 1;
    const size_t m = (size_t)mentors + 1;
    p->mentee_id = arena_array(&p->mem, e, sizeof(*p->mentee_id));
    p->mentor_id = arena_array(&p->mem, m, sizeof(*p->mentor_id));
    p->mentee_list = arena_array(&p->mem, e, sizeof(*p->mentee_list));
    p->mentor_list = arena_array(&p->mem, m, sizeof(*p->mentor_list));
    p->scores = arena_array(&p->mem, m, sizeof(*p->scores));
    p->capacity = arena_array(&p->mem, m, sizeof(*p->capacity));
    p->minimum = arena_array(&p->mem, m, sizeof(*p->minimum));
    if (!p->mentee_id || !p->mentor_id || !p->mentee_list || !p->mentor_list
        || !p->scores || !p->capacity || !p->minimum) {
        return STATUS_E_NOMEM;
    }
    return STATUS_OK;
}

void
preferences_deinit(struct preferences *p)
{
    arena_deinit(&p->mem);
    *p = (struct preferences){0};
}

/* One list against the rows of the other side; `seen[row] == stamp` marks the
 * rows met in it. */
struct list_check {
    struct diag *diag;
    uint32_t *seen;
    uint32_t stamp;
    uint32_t others;
    const char *const *other_id;
};

static enum status
check_list(struct list_check *c, const struct preferences_list *list,
           const char *id)
{
    enum status st = STATUS_OK;
    c->stamp++;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct preferences_entry *e = &list->entry[i];
        if (e->who >= c->others
            || (i > 0 && e->rank < list->entry[i - 1].rank)) {
            st = diag_add(c->diag, DIAG_ERROR, &(struct diag_where){.path = id},
                          N_("the list is not in order of ranks; write the "
                             "groups of choices from the best to the last"));
            break;
        }
        if (c->seen[e->who] == c->stamp) {
            st = diag_add(c->diag, DIAG_ERROR, &(struct diag_where){.path = id},
                          N_("“%s” stands in the list twice; leave one place"),
                          c->other_id[e->who]);
        }
        c->seen[e->who] = c->stamp;
    }
    return st;
}

static enum status
check_lists(const struct preferences *p, struct diag *d)
{
    const uint32_t most = p->mentees > p->mentors ? p->mentees : p->mentors;
    uint32_t *seen = calloc((size_t)most + 1, sizeof(*seen));
    if (!seen) {
        return STATUS_E_NOMEM;
    }
    enum status st = STATUS_OK;
    struct list_check c = {d, seen, 0, p->mentors, p->mentor_id};
    for (uint32_t i = 0; i < p->mentees; i++) {
        enum status one = check_list(&c, &p->mentee_list[i], p->mentee_id[i]);
        st = one < 0 ? one : st;
    }
    memset(seen, 0, ((size_t)most + 1) * sizeof(*seen));
    c = (struct list_check){d, seen, 0, p->mentees, p->mentee_id};
    for (uint32_t i = 0; i < p->mentors; i++) {
        enum status one = check_list(&c, &p->mentor_list[i], p->mentor_id[i]);
        st = one < 0 ? one : st;
    }
    free(seen);
    return st;
}

static bool
is_forbidden(const struct preferences *p, const struct preferences_pair *pair)
{
    for (uint32_t i = 0; i < p->forbidden_count; i++) {
        if (p->forbidden[i].mentee == pair->mentee
            && p->forbidden[i].mentor == pair->mentor) {
            return true;
        }
    }
    return false;
}

static bool
lists(const struct preferences_list *list, uint32_t who)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->entry[i].who == who) {
            return true;
        }
    }
    return false;
}

static enum status
check_forced(const struct preferences *p, const struct preferences_pair *pair,
             uint32_t *taken, uint32_t *partner, struct diag *d)
{
    const char *e = p->mentee_id[pair->mentee];
    const char *m = p->mentor_id[pair->mentor];
    const struct diag_where where = {.path = "locks.forced"};
    if (is_forbidden(p, pair)) {
        return diag_add(d, DIAG_ERROR, &where,
                        N_("“%s” with “%s” is both fixed and forbidden; "
                           "remove one of the two"),
                        e, m);
    }
    if (partner[pair->mentee] != 0) {
        return diag_add(d, DIAG_ERROR, &where,
                        N_("“%s” is fixed to more than one mentor; leave one"),
                        e);
    }
    partner[pair->mentee] = 1;
    taken[pair->mentor]++;
    if (taken[pair->mentor] > p->capacity[pair->mentor]) {
        return diag_add(d, DIAG_ERROR, &where,
                        N_("more people are fixed to “%s” than there are "
                           "places; give more places or fix fewer"),
                        m);
    }
    if (!lists(&p->mentee_list[pair->mentee], pair->mentor)
        && !lists(&p->mentor_list[pair->mentor], pair->mentee)) {
        return diag_add(d, DIAG_WARNING, &where,
                        N_("“%s” and “%s” are fixed, but neither chose the "
                           "other; speak with both"),
                        e, m);
    }
    return STATUS_OK;
}

static enum status
check_locks(const struct preferences *p, struct diag *d)
{
    uint32_t *taken = calloc((size_t)p->mentors + 1, sizeof(*taken));
    uint32_t *partner = calloc((size_t)p->mentees + 1, sizeof(*partner));
    enum status st = STATUS_OK;
    if (!taken || !partner) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    for (uint32_t i = 0; i < p->forced_count; i++) {
        enum status one = check_forced(p, &p->forced[i], taken, partner, d);
        st = one < 0 ? one : st;
    }
out:
    free(taken);
    free(partner);
    return st;
}

enum status
preferences_check(const struct preferences *p, struct diag *d)
{
    enum status st = check_lists(p, d);
    enum status locks = check_locks(p, d);
    return st < 0 ? st : locks;
}

/* ---- complete lists ---- */

struct candidate {
    int32_t score;
    uint32_t who;
};

static int
better_score_first(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    if (x->score != y->score) {
        return x->score > y->score ? -1 : 1;
    }
    return x->who < y->who ? -1 : x->who > y->who;
}

/* Append `rest` to the list as ties of equal score. */
static enum status
append(struct preferences *p, struct preferences_list *list,
       struct candidate *rest, uint32_t count)
{
    qsort(rest, count, sizeof(*rest), better_score_first);
    const size_t total = (size_t)list->count + count;
    struct preferences_entry *entry =
        arena_array(&p->mem, total + 1, sizeof(*entry));
    if (!entry) {
        return STATUS_E_NOMEM;
    }
    uint32_t rank = 0;
    if (list->count > 0) {
        memcpy(entry, list->entry, list->count * sizeof(*entry));
        rank = entry[list->count - 1].rank + 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 && rest[i].score != rest[i - 1].score) {
            rank++;
        }
        entry[list->count + i] = (struct preferences_entry){rest[i].who, rank};
    }
    list->entry = entry;
    list->count = (uint32_t)total;
    return STATUS_OK;
}

/* The people of `others` not in `list`, with their scores from `score`. */
static uint32_t
unlisted(const struct preferences_list *list, uint32_t others,
         const int32_t *score, unsigned char *mark, struct candidate *out)
{
    memset(mark, 0, others);
    for (uint32_t i = 0; i < list->count; i++) {
        mark[list->entry[i].who] = 1;
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < others; i++) {
        if (!mark[i]) {
            out[count++] = (struct candidate){score[i], i};
        }
    }
    return count;
}

enum status
preferences_complete(struct preferences *p)
{
    const size_t cells = (size_t)p->mentees * p->mentors;
    if (cells > PREFERENCES_MAX_ENTRIES) {
        return STATUS_E_LIMIT;
    }
    const uint32_t most = p->mentees > p->mentors ? p->mentees : p->mentors;
    enum status st = STATUS_OK;
    int32_t *table = calloc(cells + most + 1, sizeof(*table));
    unsigned char *mark = calloc((size_t)most + 1, 1);
    struct candidate *rest = calloc((size_t)most + 1, sizeof(*rest));
    int32_t *column = table ? table + cells : NULL;
    if (!table || !mark || !rest) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    for (uint32_t m = 0; m < p->mentors; m++) {
        int32_t *row = table + (size_t)m * p->mentees;
        for (uint32_t i = 0; i < p->scores[m].count; i++) {
            row[p->scores[m].score[i].who] = p->scores[m].score[i].score;
        }
        uint32_t n = unlisted(&p->mentor_list[m], p->mentees, row, mark, rest);
        st = append(p, &p->mentor_list[m], rest, n);
        if (st < 0) {
            goto out;
        }
    }
    for (uint32_t e = 0; e < p->mentees; e++) {
        for (uint32_t m = 0; m < p->mentors; m++) {
            column[m] = table[(size_t)m * p->mentees + e];
        }
        uint32_t n =
            unlisted(&p->mentee_list[e], p->mentors, column, mark, rest);
        st = append(p, &p->mentee_list[e], rest, n);
        if (st < 0) {
            goto out;
        }
    }
out:
    free(table);
    free(mark);
    free(rest);
    return st;
}
