#include "collector/matching/preferences_json.h"

#include <stdlib.h>
#include <string.h>

/* Rows by id, sorted for search. */
struct name {
    const char *id;
    uint32_t row;
};

struct reader {
    const struct preferences *p;
    struct diag *d;
    struct name *mentee;
    struct name *mentor;
};

static enum status
fault(struct diag *d, const char *path, const char *text)
{
    return diag_add(d, DIAG_ERROR, &(struct diag_where){.path = path}, "%s",
                    i18n_text(d ? d->lang : I18N_EN, text));
}

enum status
preferences_json_parse(const char *data, size_t len, const char *file,
                       struct diag *d, json_t **out_root)
{
    json_error_t error;
    *out_root = NULL;
    if (len > PREFERENCES_JSON_MAX_BYTES) {
        return diag_add(d, DIAG_ERROR, &(struct diag_where){.file = file},
                        N_("the file is larger than %zu MB; split it"),
                        PREFERENCES_JSON_MAX_BYTES / 1024 / 1024);
    }
    json_t *root = json_loadb(data, len, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        return diag_add(d, DIAG_ERROR,
                        &(struct diag_where){
                            .file = file,
                            .row = error.line,
                            .column = error.column,
                        },
                        N_("this is not valid JSON: %s"), error.text);
    }
    *out_root = root;
    return STATUS_OK;
}

static int
compare_names(const void *a, const void *b)
{
    const struct name *x = a;
    const struct name *y = b;
    return strcmp(x->id, y->id);
}

static uint32_t
find_row(const struct name *names, uint32_t count, const char *id)
{
    const struct name key = {id, 0};
    const struct name *found =
        id ? bsearch(&key, names, count, sizeof(*names), compare_names) : NULL;
    return found ? found->row : PREFERENCES_NOBODY;
}

static uint32_t
mentee_row(const struct reader *r, const json_t *id)
{
    return find_row(r->mentee, r->p->mentees, json_string_value(id));
}

static uint32_t
mentor_row(const struct reader *r, const json_t *id)
{
    return find_row(r->mentor, r->p->mentors, json_string_value(id));
}

/* "id" of each person; no two alike. */
static enum status
read_ids(struct preferences *p, const json_t *people, const char *path,
         const char **id, struct name *names)
{
    const uint32_t count = (uint32_t)json_array_size(people);
    (void)path;
    for (uint32_t i = 0; i < count; i++) {
        const json_t *person = json_array_get(people, i);
        const char *text = json_string_value(json_object_get(person, "id"));
        if (!text || !*text) {
            return STATUS_E_INVALID;
        }
        id[i] = arena_strdup(&p->mem, text);
        if (!id[i]) {
            return STATUS_E_NOMEM;
        }
        names[i] = (struct name){id[i], i};
    }
    qsort(names, count, sizeof(*names), compare_names);
    for (uint32_t i = 1; i < count; i++) {
        if (strcmp(names[i].id, names[i - 1].id) == 0) {
            return STATUS_E_CONFLICT;
        }
    }
    return STATUS_OK;
}

static enum status
names_of(struct preferences *p, const json_t *people, struct diag *d,
         const char *path, struct name *names)
{
    const char **id =
        strcmp(path, "mentees") == 0 ? p->mentee_id : p->mentor_id;
    enum status st = read_ids(p, people, path, id, names);
    if (st == STATUS_E_INVALID) {
        return fault(d, path,
                     N_("every person needs an “id”, a text that is "
                        "not empty"));
    }
    if (st == STATUS_E_CONFLICT) {
        return fault(d, path,
                     N_("two people have the same “id”; make them "
                        "different"));
    }
    return st;
}

static size_t
count_entries(const json_t *prefs)
{
    size_t entries = 0;
    for (size_t g = 0; g < json_array_size(prefs); g++) {
        entries += json_array_size(json_array_get(prefs, g));
    }
    return entries;
}

/* One person's groups of equals; `names` are of the other side. */
static enum status
read_list(struct preferences *p, const json_t *prefs, const struct name *names,
          uint32_t count, struct preferences_list *out)
{
    const size_t entries = count_entries(prefs);
    if (entries > PREFERENCES_MAX_ENTRIES) {
        return STATUS_E_LIMIT;
    }
    out->entry = arena_array(&p->mem, entries + 1, sizeof(*out->entry));
    if (!out->entry) {
        return STATUS_E_NOMEM;
    }
    for (size_t g = 0; g < json_array_size(prefs); g++) {
        const json_t *group = json_array_get(prefs, g);
        if (!json_is_array(group)) {
            return STATUS_E_INVALID;
        }
        for (size_t i = 0; i < json_array_size(group); i++) {
            const char *id = json_string_value(json_array_get(group, i));
            const uint32_t who = find_row(names, count, id);
            if (who == PREFERENCES_NOBODY) {
                return STATUS_E_NOT_FOUND;
            }
            out->entry[out->count++] =
                (struct preferences_entry){who, (uint32_t)g};
        }
    }
    return STATUS_OK;
}

static enum status
list_of(struct reader *r, struct preferences *p, const json_t *person,
        bool mentees, struct preferences_list *out)
{
    const json_t *prefs = json_object_get(person, "prefs");
    const char *id = json_string_value(json_object_get(person, "id"));
    if (prefs && !json_is_array(prefs)) {
        return fault(r->d, id,
                     N_("“prefs” has to be a list of groups: "
                        "[[\"a\"], [\"b\", \"c\"]]"));
    }
    enum status st = read_list(p, prefs, mentees ? r->mentor : r->mentee,
                               mentees ? p->mentors : p->mentees, out);
    if (st == STATUS_E_INVALID) {
        return fault(r->d, id,
                     N_("“prefs” has to be a list of groups: "
                        "[[\"a\"], [\"b\", \"c\"]]"));
    }
    if (st == STATUS_E_NOT_FOUND) {
        return fault(r->d, id,
                     N_("“prefs” names somebody who is not among "
                        "the people of the other side"));
    }
    return st;
}

/* A whole number from 0 to `max`, or `missing`. */
static enum status
read_count(struct reader *r, const json_t *person, const char *key,
           uint32_t missing, uint32_t *out)
{
    const json_t *value = json_object_get(person, key);
    *out = missing;
    if (!value) {
        return STATUS_OK;
    }
    const json_int_t n = json_integer_value(value);
    if (!json_is_integer(value) || n < 0 || n > PREFERENCES_MAX_PEOPLE) {
        return diag_add(
            r->d, DIAG_ERROR,
            &(struct diag_where){
                .path = json_string_value(json_object_get(person, "id")),
            },
            N_("“%s” has to be a whole number from 0 to %d"), key,
            PREFERENCES_MAX_PEOPLE);
    }
    *out = (uint32_t)n;
    return STATUS_OK;
}

static enum status
read_people(struct reader *r, struct preferences *p, const json_t *mentees,
            const json_t *mentors)
{
    enum status st = STATUS_OK;
    for (uint32_t e = 0; e < p->mentees && st >= 0; e++) {
        st =
            list_of(r, p, json_array_get(mentees, e), true, &p->mentee_list[e]);
    }
    for (uint32_t m = 0; m < p->mentors && st >= 0; m++) {
        const json_t *person = json_array_get(mentors, m);
        st = list_of(r, p, person, false, &p->mentor_list[m]);
        if (st >= 0) {
            st = read_count(r, person, "capacity", 1, &p->capacity[m]);
        }
        if (st >= 0) {
            st = read_count(r, person, "min", 0, &p->minimum[m]);
        }
    }
    return st;
}

static enum status
read_scores_of(struct reader *r, struct preferences *p, uint32_t m,
               json_t *scores)
{
    struct preferences_scores *out = &p->scores[m];
    const size_t count = json_object_size(scores);
    out->score = arena_array(&p->mem, count + 1, sizeof(*out->score));
    if (!out->score) {
        return STATUS_E_NOMEM;
    }
    for (void *at = json_object_iter(scores); at;
         at = json_object_iter_next(scores, at)) {
        const json_t *value = json_object_iter_value(at);
        const uint32_t e =
            find_row(r->mentee, p->mentees, json_object_iter_key(at));
        const json_int_t n = json_integer_value(value);
        if (e == PREFERENCES_NOBODY || !json_is_integer(value)
            || n > PREFERENCES_MAX_SCORE || n < -PREFERENCES_MAX_SCORE) {
            return diag_add(r->d, DIAG_ERROR,
                            &(struct diag_where){.path = "score"},
                            N_("“%s”: a score belongs to a known mentee and "
                               "is a whole number up to %d"),
                            p->mentor_id[m], PREFERENCES_MAX_SCORE);
        }
        out->score[out->count++] = (struct preferences_score){e, (int32_t)n};
    }
    return STATUS_OK;
}

static enum status
read_scores(struct reader *r, struct preferences *p, json_t *scores)
{
    if (scores && !json_is_object(scores)) {
        return fault(r->d, "score",
                     N_("“score” has to be an object of mentors, each with an "
                        "object of mentees"));
    }
    enum status st = STATUS_OK;
    for (void *at = json_object_iter(scores); at && st >= 0;
         at = json_object_iter_next(scores, at)) {
        const uint32_t m =
            find_row(r->mentor, p->mentors, json_object_iter_key(at));
        json_t *of = json_object_iter_value(at);
        if (m == PREFERENCES_NOBODY || !json_is_object(of)) {
            return fault(r->d, "score",
                         N_("“score” has to be an object of mentors, each "
                            "with an object of mentees"));
        }
        st = read_scores_of(r, p, m, of);
    }
    return st;
}

static enum status
read_pairs(struct reader *r, struct preferences *p, const json_t *list,
           struct preferences_pair **out, uint32_t *out_count)
{
    const size_t count = json_array_size(list);
    if (list && !json_is_array(list)) {
        return fault(r->d, "locks",
                     N_("locks are lists of pairs: "
                        "[[\"mentee\", \"mentor\"], …]"));
    }
    *out = arena_array(&p->mem, count + 1, sizeof(**out));
    if (!*out) {
        return STATUS_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *pair = json_array_get(list, i);
        const uint32_t e = mentee_row(r, json_array_get(pair, 0));
        const uint32_t m = mentor_row(r, json_array_get(pair, 1));
        if (json_array_size(pair) != 2 || e == PREFERENCES_NOBODY
            || m == PREFERENCES_NOBODY) {
            return fault(r->d, "locks",
                         N_("every lock names a known mentee and a known "
                            "mentor, in this order"));
        }
        (*out)[(*out_count)++] = (struct preferences_pair){e, m};
    }
    return STATUS_OK;
}

static enum status
read_partners(struct reader *r, json_t *object, const char *path, uint32_t *out)
{
    const json_t *value = NULL;
    for (void *at = json_object_iter(object); at;
         at = json_object_iter_next(object, at)) {
        value = json_object_iter_value(at);
        const uint32_t e =
            find_row(r->mentee, r->p->mentees, json_object_iter_key(at));
        const uint32_t m = mentor_row(r, value);
        if (e == PREFERENCES_NOBODY
            || (m == PREFERENCES_NOBODY && !json_is_null(value))) {
            return diag_add(r->d, DIAG_ERROR,
                            &(struct diag_where){.path = path},
                            N_("“%s”: not a known mentee with a known mentor "
                               "or null"),
                            json_object_iter_key(at));
        }
        out[e] = m;
    }
    return STATUS_OK;
}

static enum status
read_previous(struct reader *r, struct preferences *p, json_t *previous)
{
    if (!previous || json_is_null(previous)) {
        return STATUS_OK;
    }
    if (!json_is_object(previous)) {
        return fault(r->d, "previous",
                     N_("the pairs have to be an object: {\"mentee\": "
                        "\"mentor\", …}"));
    }
    p->previous =
        arena_array(&p->mem, (size_t)p->mentees + 1, sizeof(*p->previous));
    if (!p->previous) {
        return STATUS_E_NOMEM;
    }
    memset(p->previous, 0xff, p->mentees * sizeof(*p->previous));
    return read_partners(r, previous, "previous", p->previous);
}

static enum status
reader_init(struct reader *r, const struct preferences *p, struct diag *d)
{
    *r = (struct reader){.p = p, .d = d};
    r->mentee = calloc((size_t)p->mentees + 1, sizeof(*r->mentee));
    r->mentor = calloc((size_t)p->mentors + 1, sizeof(*r->mentor));
    return r->mentee && r->mentor ? STATUS_OK : STATUS_E_NOMEM;
}

static void
reader_deinit(struct reader *r)
{
    free(r->mentee);
    free(r->mentor);
}

enum status
preferences_json_read(const json_t *root, struct diag *d,
                      struct preferences *out)
{
    const json_t *mentees = json_object_get(root, "mentees");
    const json_t *mentors = json_object_get(root, "mentors");
    const json_t *locks = json_object_get(root, "locks");
    struct reader r = {0};
    *out = (struct preferences){0};
    if (!json_is_array(mentees) || !json_is_array(mentors)
        || json_array_size(mentees) > PREFERENCES_MAX_PEOPLE
        || json_array_size(mentors) > PREFERENCES_MAX_PEOPLE) {
        return fault(d, NULL,
                     N_("there have to be two lists, “mentees” and "
                        "“mentors”, of up to a million people"));
    }
    enum status st = preferences_init(out, (uint32_t)json_array_size(mentees),
                                      (uint32_t)json_array_size(mentors));
    if (st < 0) {
        goto out;
    }
    st = reader_init(&r, out, d);
    if (st < 0) {
        goto out;
    }
    st = names_of(out, mentees, d, "mentees", r.mentee);
    if (st >= 0) {
        st = names_of(out, mentors, d, "mentors", r.mentor);
    }
    if (st >= 0) {
        st = read_people(&r, out, mentees, mentors);
    }
    if (st >= 0) {
        st = read_scores(&r, out, json_object_get(root, "score"));
    }
    if (st >= 0) {
        st = read_pairs(&r, out, json_object_get(locks, "forced"), &out->forced,
                        &out->forced_count);
    }
    if (st >= 0) {
        st = read_pairs(&r, out, json_object_get(locks, "forbidden"),
                        &out->forbidden, &out->forbidden_count);
    }
    if (st >= 0) {
        st = read_previous(&r, out, json_object_get(root, "previous"));
    }
    if (st >= 0) {
        st = preferences_check(out, d);
    }
out:
    reader_deinit(&r);
    if (st < 0) {
        preferences_deinit(out);
    }
    return st;
}

static enum status
index_people(struct reader *r)
{
    for (uint32_t e = 0; e < r->p->mentees; e++) {
        r->mentee[e] = (struct name){r->p->mentee_id[e], e};
    }
    for (uint32_t m = 0; m < r->p->mentors; m++) {
        r->mentor[m] = (struct name){r->p->mentor_id[m], m};
    }
    qsort(r->mentee, r->p->mentees, sizeof(*r->mentee), compare_names);
    qsort(r->mentor, r->p->mentors, sizeof(*r->mentor), compare_names);
    return STATUS_OK;
}

enum status
preferences_json_read_matching(const json_t *root, const struct preferences *p,
                               struct diag *d, uint32_t **out_mentor_of)
{
    json_t *matching = json_object_get(root, "matching");
    struct reader r = {0};
    *out_mentor_of = NULL;
    if (!json_is_object(matching)) {
        return fault(d, "matching",
                     N_("the pairs have to be an object: {\"mentee\": "
                        "\"mentor\", …}"));
    }
    uint32_t *mentor_of = malloc(((size_t)p->mentees + 1) * sizeof(*mentor_of));
    enum status st = reader_init(&r, p, d);
    if (st < 0 || !mentor_of) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    memset(mentor_of, 0xff, ((size_t)p->mentees + 1) * sizeof(*mentor_of));
    st = index_people(&r);
    if (st >= 0) {
        st = read_partners(&r, matching, "matching", mentor_of);
    }
    if (st >= 0) {
        *out_mentor_of = mentor_of;
        mentor_of = NULL;
    }
out:
    free(mentor_of);
    reader_deinit(&r);
    return st;
}

/* ["e1", "m2", "apply", "e3", "m2"] */
static bool
read_step(const struct reader *r, const json_t *step, struct checker_step *out)
{
    const char *rule = json_string_value(json_array_get(step, 2));
    *out = (struct checker_step){
        .deleted = {mentee_row(r, json_array_get(step, 0)),
                    mentor_row(r, json_array_get(step, 1))},
        .because = {mentee_row(r, json_array_get(step, 3)),
                    mentor_row(r, json_array_get(step, 4))},
        .offered = rule && strcmp(rule, "offer") == 0,
    };
    return rule && out->deleted.mentee != PREFERENCES_NOBODY
           && out->deleted.mentor != PREFERENCES_NOBODY
           && out->because.mentee != PREFERENCES_NOBODY
           && out->because.mentor != PREFERENCES_NOBODY;
}

static bool
read_cover(const struct reader *r, const json_t *certificate,
           struct preferences_json_proof *out)
{
    const json_t *cover = json_object_get(certificate, "cover");
    const json_t *mentees = json_object_get(cover, "mentees");
    const json_t *mentors = json_object_get(cover, "mentors");
    for (size_t i = 0; i < json_array_size(mentees); i++) {
        const uint32_t e = mentee_row(r, json_array_get(mentees, i));
        if (e == PREFERENCES_NOBODY) {
            return false;
        }
        out->mentee_cover[e] = 1;
    }
    for (size_t i = 0; i < json_array_size(mentors); i++) {
        const uint32_t m = mentor_row(r, json_array_get(mentors, i));
        if (m == PREFERENCES_NOBODY) {
            return false;
        }
        out->mentor_cover[m] = 1;
    }
    return true;
}

static bool
read_steps(const struct reader *r, const json_t *steps,
           struct preferences_json_proof *out)
{
    bool ok = true;
    for (size_t i = 0; i < json_array_size(steps) && ok; i++) {
        ok = read_step(r, json_array_get(steps, i), &out->step[i]);
    }
    return ok;
}

static uint32_t
claimed_bound(const json_t *certificate)
{
    const json_int_t bound =
        json_integer_value(json_object_get(certificate, "bound"));
    return bound < 0 || bound > UINT32_MAX ? 0 : (uint32_t)bound;
}

enum status
preferences_json_read_proof(const json_t *root, const struct preferences *p,
                            struct diag *d, struct preferences_json_proof *out)
{
    const json_t *certificate = json_object_get(root, "certificate");
    const json_t *steps = json_object_get(certificate, "deleted");
    const size_t count = json_array_size(steps);
    struct reader r = {0};
    *out = (struct preferences_json_proof){0};
    if (!certificate) {
        return STATUS_NONE;
    }
    if (count > PREFERENCES_MAX_ENTRIES) {
        return STATUS_E_LIMIT;
    }
    enum status st = reader_init(&r, p, d);
    out->step = calloc(count + 1, sizeof(*out->step));
    out->mentee_cover = calloc((size_t)p->mentees + 1, 1);
    out->mentor_cover = calloc((size_t)p->mentors + 1, 1);
    if (st < 0 || !out->step || !out->mentee_cover || !out->mentor_cover) {
        st = STATUS_E_NOMEM;
        goto out;
    }
    st = index_people(&r);
    if (!read_steps(&r, steps, out) || !read_cover(&r, certificate, out)) {
        st = fault(d, "certificate",
                   N_("the certificate names somebody unknown or lacks a "
                      "part; take the result as it was written"));
    }
    out->proof = (struct checker_proof){
        .step = out->step,
        .steps = (uint32_t)count,
        .mentee_cover = out->mentee_cover,
        .mentor_cover = out->mentor_cover,
        .bound = claimed_bound(certificate),
    };
out:
    reader_deinit(&r);
    if (st < 0) {
        preferences_json_proof_free(out);
    }
    return st;
}

void
preferences_json_proof_free(struct preferences_json_proof *proof)
{
    free(proof->step);
    free(proof->mentee_cover);
    free(proof->mentor_cover);
    *proof = (struct preferences_json_proof){0};
}
