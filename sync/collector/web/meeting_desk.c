#include "collector/web/meeting_desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "collector/web/publish.h"
#include "form/filling.h"
#include "xlsform/xlsform.h"

#define VERSION_BYTES 24
#define SEED_BOUND 1000000u
#define SOLVER_SECONDS 5

/* --- opening -------------------------------------------------------------- */

static enum status
none_open(struct store *s)
{
    struct store_meeting *meetings = NULL;
    size_t count = 0;
    bool open = false;
    enum status st = store_meetings(s, &meetings, &count);
    for (size_t i = 0; i < count; i++) {
        open = open || meetings[i].closed_ms == 0;
    }
    store_meetings_free(meetings, count);
    return st < 0 ? st : open ? STATUS_E_CONFLICT : STATUS_OK;
}

static enum status
both_sides(const struct store_participant *people, size_t count)
{
    size_t mentors = 0;
    for (size_t i = 0; i < count; i++) {
        mentors += people[i].mentor;
    }
    if (count > STORE_PARTICIPANTS_MAX) {
        return STATUS_E_LIMIT;
    }
    return mentors > 0 && mentors < count ? STATUS_OK : STATUS_E_INVALID;
}

/* The list of choices while its form has no place in the store yet. */
static enum status
read_list(void *self, const char *name, struct buf *out)
{
    const struct buf *list = self;
    if (strcmp(name, MEETING_PEOPLE_FILE) != 0) {
        return STATUS_E_NOT_FOUND;
    }
    buf_put(out, list->data, list->len);
    return buf_status(out);
}

static enum status
add_form(struct store *w, struct buf *list, int64_t now_ms, int64_t *out_form)
{
    char version[VERSION_BYTES];
    int64_t number = 0;
    struct diag d;
    struct buf sheet;
    struct buf xform;
    const struct form_env env = {.read_file = read_list, .self = list};
    diag_init(&d, I18N_EN);
    buf_init(&sheet, FORM_XML_MAX_BYTES);
    buf_init(&xform, FORM_XML_MAX_BYTES);
    enum status st = store_number_next(w, "meeting", &number);
    (void)snprintf(version, sizeof(version), "%" PRId64, number);
    meeting_form(version, &sheet);
    if (st == STATUS_OK) {
        st = xlsform_compile(sheet.data, sheet.len, XLSFORM_CSV, NULL, &d,
                             &xform);
    }
    if (st == STATUS_OK) {
        st = publish_form(w, &xform, &env, now_ms, &d, out_form);
    }
    if (st == STATUS_OK) {
        st = store_media_put(w, *out_form, MEETING_PEOPLE_FILE, list->data,
                             list->len);
    }
    for (size_t i = 0; i < d.count && st < 0; i++) {
        log_error("meeting", "%s", d.entry[i].text);
    }
    buf_deinit(&xform);
    buf_deinit(&sheet);
    diag_deinit(&d);
    return st;
}

static enum status
add_wave(struct store *w, const char *title, size_t invited, struct buf *list,
         int64_t now_ms, int64_t *out_wave)
{
    int64_t form = 0;
    struct store_wave wave = {0};
    const struct form_env env = {.read_file = read_list, .self = list};
    const struct publish_terms terms = {
        .title = title, .kind = RECORD_BALLOT, .invited = (int)invited};
    enum status st = add_form(w, list, now_ms, &form);
    if (st == STATUS_OK) {
        st = publish_wave(w, form, &env, &terms, now_ms, &wave);
    }
    *out_wave = wave.id;
    store_wave_clear(&wave);
    return st;
}

enum status
meeting_desk_begin(struct store *w, const char *title,
                   const struct store_participant *people, size_t count,
                   int64_t now_ms, int64_t *out_id)
{
    char *copy = strdup(title);
    struct store_meeting meeting = {
        .title = copy, .seed = (int64_t)random_below(SEED_BOUND) + 1};
    struct buf list;
    buf_init(&list, MEETING_LIST_MAX_BYTES);
    enum status st = copy ? both_sides(people, count) : log_oom("meeting");
    if (st == STATUS_OK) {
        st = none_open(w);
    }
    if (st == STATUS_OK) {
        meeting_people(people, count, false, &list);
        st = buf_status(&list);
    }
    if (st == STATUS_OK) {
        st = add_wave(w, title, count, &list, now_ms, &meeting.wave);
    }
    if (st == STATUS_OK) {
        st = store_meeting_add(w, &meeting, out_id);
    }
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        st = store_participant_put(w, *out_id, &people[i]);
    }
    buf_deinit(&list);
    free(copy);
    return st;
}

/* --- reading -------------------------------------------------------------- */

enum status
meeting_desk_load(struct store *reader, int64_t id, struct meeting_desk *out)
{
    memset(out, 0, sizeof(*out));
    enum status st = store_meeting(reader, id, &out->meeting);
    if (st == STATUS_OK) {
        st = store_participants(reader, id, &out->people,
                                &out->input.people_count);
    }
    if (st == STATUS_OK) {
        st = store_locks(reader, id, &out->locks, &out->input.lock_count);
    }
    if (st == STATUS_OK) {
        st = store_before(reader, id, &out->before, &out->input.before_count);
    }
    out->input.before = out->before;
    out->input.people = out->people;
    out->input.lock = out->locks;
    out->input.complete = out->meeting.complete;
    if (st != STATUS_OK) {
        meeting_desk_clear(out);
    }
    return st;
}

void
meeting_desk_clear(struct meeting_desk *m)
{
    preferences_deinit(&m->preferences);
    if (m->ballots) {
        buf_wipe(m->ballots, m->input.ballot_count * sizeof(*m->ballots));
    }
    free(m->ballots);
    free(m->before);
    free(m->locks);
    store_participants_free(m->people, m->input.people_count);
    store_meeting_clear(&m->meeting);
    memset(m, 0, sizeof(*m));
}

struct reading {
    const struct catalogue_form *form;
    struct meeting_desk *m;
    size_t room;
};

static const char *
answer(struct filling *f, const char *path)
{
    struct filling_node *node = filling_find(f, path);
    const char *value = node ? filling_value(f, node) : NULL;
    return value ? value : "";
}

static enum status
read_ballot(void *self, const struct store_person *person, const char *xml,
            size_t len)
{
    struct reading *r = self;
    struct filling *f = NULL;
    if (r->m->input.ballot_count == r->room) {
        return STATUS_OK; /* people who were not at the meeting */
    }
    enum status st = filling_new(r->form->form, NULL, &f);
    if (st == STATUS_OK) {
        st = filling_read(f, xml, len, NULL);
    }
    if (st == STATUS_OK) {
        st = meeting_ballot_read(person->id, answer(f, "/data/ballot/order"),
                                 answer(f, "/data/ballot/equal"),
                                 answer(f, "/data/ballot/not_with"),
                                 &r->m->ballots[r->m->input.ballot_count]);
        r->m->input.ballot_count += st == STATUS_OK;
    }
    filling_free(f);
    return st;
}

enum status
meeting_desk_weigh(struct store *reader, struct catalogue *catalogue,
                   struct meeting_desk *m, struct diag *d)
{
    struct store_wave wave = {0};
    struct reading r = {.m = m, .room = STORE_PARTICIPANTS_MAX};
    enum status st = store_wave_by_id(reader, m->meeting.wave, &wave);
    if (st == STATUS_OK) {
        st = catalogue_take_wave(catalogue, reader, &wave, &r.form);
    }
    if (st == STATUS_OK) {
        m->ballots = calloc(r.room, sizeof(*m->ballots));
        m->input.ballot = m->ballots;
        st = m->ballots ? store_named_each(reader, wave.id, read_ballot, &r)
                        : log_oom("meeting");
    }
    if (r.form) {
        catalogue_give(catalogue, r.form);
    }
    store_wave_clear(&wave);
    if (st == STATUS_OK) {
        st = meeting_preferences(&m->input, &m->preferences);
    }
    if (st == STATUS_OK) {
        st = preferences_check(&m->preferences, d);
    }
    return st < 0 ? st : STATUS_OK;
}

enum status
meeting_desk_propose(const struct meeting_desk *m,
                     enum proposal_objective objective, struct proposal *out)
{
    const struct proposal_options options = {
        .objective = objective,
        .seed = (uint64_t)m->meeting.seed,
        .seconds = SOLVER_SECONDS,
        .threads = 1,
        .use_solver = true,
    };
    return proposal_make(&m->preferences, &options, out);
}

const struct store_participant *
meeting_desk_mentee(const struct meeting_desk *m, uint32_t row)
{
    return &m->people[meeting_row(&m->input, false, row)];
}

const struct store_participant *
meeting_desk_mentor(const struct meeting_desk *m, uint32_t row)
{
    return &m->people[meeting_row(&m->input, true, row)];
}

void
meeting_desk_name(struct meeting_desk *m)
{
    struct preferences *p = &m->preferences;
    for (uint32_t e = 0; e < p->mentees; e++) {
        p->mentee_id[e] = meeting_desk_mentee(m, e)->name;
    }
    for (uint32_t t = 0; t < p->mentors; t++) {
        p->mentor_id[t] = meeting_desk_mentor(m, t)->name;
    }
}
