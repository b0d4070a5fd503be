#include "collector/web/paper_desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/log.h"
#include "collector/programme/pair.h"
#include "collector/programme/roadmap.h"
#include "collector/store/store_banks.h"
#include "collector/store/store_meetings.h"
#include "collector/web/monitoring.h"
#include "collector/web/pair_desk.h"
#include "collector/web/paper_letter_of_thanks.h"
#include "collector/web/paper_mentor_consent.h"
#include "collector/web/paper_order_closing.h"
#include "collector/web/paper_order_pairs.h"
#include "collector/web/paper_order_regulation.h"
#include "collector/web/paper_personal_programme.h"
#include "collector/web/paper_posts.h"
#include "collector/web/paper_regulation.h"
#include "collector/web/paper_roadmap.h"

#define MEMORY_MAX_BYTES ((size_t)32 * 1024 * 1024)
#define KEY_BYTES 96
#define NAMES_MAX_BYTES 20000
#define NUMBER_BYTES 24
#define FIRST_STEP 4 /* after the three meetings every programme begins with */
#define EMPTY_STEPS 2

/* --- templates ------------------------------------------------------------ */

static const struct paper_template templates[] = {
    {"order_regulation", N_("Order adopting the regulation"), 1, PAPER_OF_HOUSE,
     "order_regulation", paper_order_regulation},
    {"regulation", N_("Regulation on mentoring"), 1, PAPER_OF_HOUSE,
     "order_regulation", paper_regulation},
    {"roadmap", N_("Roadmap, annex of the order"), 1, PAPER_OF_HOUSE,
     "order_regulation", paper_roadmap},
    {"mentor_consent", N_("Consents of the mentors to the work"), 3,
     PAPER_OF_MENTOR, "mentor_consent", paper_mentor_consent},
    {"order_pairs", N_("Order naming pairs and groups"), 5, PAPER_OF_HOUSE,
     "order_pairs", paper_order_pairs},
    {"personal_programme", N_("Personal programmes of the pairs"), 5,
     PAPER_OF_PAIR, "personal_programme", paper_personal_programme},
    {"order_closing", N_("Order on the closing event"), 7, PAPER_OF_HOUSE,
     "order_closing", paper_order_closing},
    {"letter_of_thanks", N_("Letters of thanks to the mentors"), 7,
     PAPER_OF_MENTOR, "letter_of_thanks", paper_letter_of_thanks},
    {"posts", N_("Texts for the site"), 8, PAPER_OF_HOUSE, NULL, paper_posts},
};

const struct paper_template *
paper_desk_templates(size_t *out_count)
{
    *out_count = sizeof(templates) / sizeof(templates[0]);
    return templates;
}

const struct paper_template *
paper_desk_find(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++) {
        if (strlen(templates[i].name) == len
            && strncmp(templates[i].name, name, len) == 0) {
            return &templates[i];
        }
    }
    return NULL;
}

/* --- what is filled in ---------------------------------------------------- */

const struct paper_setting paper_settings[PAPER_SETTINGS] = {
    {"city", N_("City")},
    {"head", N_("Head of the preschool, surname and initials")},
    {"coordinator", N_("Coordinator, surname and initials")},
    {"year", N_("School year, as 2026/27")},
    {"term", N_("Until when the pairs work")},
    {"place", N_("Place of the closing event")},
    {"fee", N_("Pay for mentoring, as agreed")},
};

const char *
paper_desk_label(const char *field)
{
    static const struct paper_setting others[] = {
        {"house", N_("Name of the preschool")},
        {"date", N_("Date")},
        {"number", N_("Number of the order")},
        {"mentor", N_("Mentor")},
        {"mentees", N_("Mentees")},
        {"position", N_("Position")},
        {"person", N_("Name")},
        {"request", N_("Request")},
        {"goal", N_("Goals")},
        {"step", N_("Step")},
    };
    for (size_t i = 0; i < PAPER_SETTINGS; i++) {
        if (strcmp(paper_settings[i].name, field) == 0) {
            return paper_settings[i].label;
        }
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (strcmp(others[i].name, field) == 0) {
            return others[i].label;
        }
    }
    return field;
}

static void
key_of(const char *order, const char *name, char out[KEY_BYTES])
{
    (void)snprintf(out, KEY_BYTES, "paper:%.40s:%.40s", order ? order : "",
                   name);
}

enum status
paper_desk_setting(struct store *s, const char *order, const char *name,
                   struct buf *out)
{
    char key[KEY_BYTES];
    key_of(order, name, key);
    return store_text(s, key, out);
}

enum status
paper_desk_set(struct store *s, const char *order, const char *name,
               const char *value)
{
    char key[KEY_BYTES];
    key_of(order, name, key);
    return strlen(value) > PAPER_VALUE_MAX_BYTES
               ? STATUS_E_LIMIT
               : store_text_set(s, key, value);
}

/* --- fields --------------------------------------------------------------- */

/* The fields of every copy; the last ones are of its people. */
enum {
    FIELD_HOUSE,
    FIELD_DATE,
    FIELD_NUMBER,
    FIELD_SETTINGS,
    FIELD_MENTOR = FIELD_SETTINGS + PAPER_SETTINGS,
    FIELD_MENTEES,
    FIELD_PERSON,
    FIELD_POSITION,
    FIELD_REQUEST,
    FIELD_GOAL,
    FIELD_COUNT
};
#define FIELD_TERM (FIELD_SETTINGS + 4)

struct draft {
    struct store *reader;
    struct arena *arena;
    const struct paper_template *t;
    struct template_field common[FIELD_COUNT];
    struct store_pair *pairs;
    size_t pair_count;
    struct paper_desk *out;
};

static const char *
keep(struct draft *d, const char *text)
{
    return arena_strdup(d->arena, text ? text : "");
}

static enum status
read_setting(struct draft *d, const char *order, const char *name,
             const char **out)
{
    struct buf value;
    buf_init(&value, PAPER_VALUE_MAX_BYTES);
    enum status st = paper_desk_setting(d->reader, order, name, &value);
    *out = keep(d, value.data);
    buf_deinit(&value);
    return st < 0 ? st : *out ? STATUS_OK : log_oom("papers");
}

/* A day as people write it; whatever else was typed stays. */
static const char *
day_text(struct draft *d, const char *day)
{
    struct day c;
    struct buf text;
    if (roadmap_day(day, &c) < 0) {
        return day;
    }
    buf_init(&text, PAPER_VALUE_MAX_BYTES);
    monitoring_date(&text, I18N_RU, day_number(c) * DAY_MS + DAY_MS / 2);
    const char *kept = keep(d, text.data);
    buf_deinit(&text);
    return kept;
}

static enum status
read_common(struct draft *d)
{
    static const char *const names[FIELD_COUNT] = {
        [FIELD_HOUSE] = "house",       [FIELD_DATE] = "date",
        [FIELD_NUMBER] = "number",     [FIELD_MENTOR] = "mentor",
        [FIELD_MENTEES] = "mentees",   [FIELD_PERSON] = "person",
        [FIELD_POSITION] = "position", [FIELD_REQUEST] = "request",
        [FIELD_GOAL] = "goal"};
    struct buf house;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        d->common[i].name = names[i];
    }
    for (size_t i = 0; i < PAPER_SETTINGS && st == STATUS_OK; i++) {
        d->common[FIELD_SETTINGS + i].name = paper_settings[i].name;
        st = read_setting(d, NULL, paper_settings[i].name,
                          &d->common[FIELD_SETTINGS + i].value);
    }
    if (st == STATUS_OK && d->t->order) {
        st = read_setting(d, d->t->order, "number",
                          &d->common[FIELD_NUMBER].value);
    }
    if (st == STATUS_OK && d->t->order) {
        st = read_setting(d, d->t->order, "date", &d->common[FIELD_DATE].value);
        d->common[FIELD_DATE].value = day_text(d, d->common[FIELD_DATE].value);
    }
    buf_init(&house, PAPER_VALUE_MAX_BYTES * 4);
    if (st == STATUS_OK) {
        st = store_text(d->reader, STORE_HOUSE, &house);
        d->common[FIELD_HOUSE].value = keep(d, house.data);
    }
    buf_deinit(&house);
    return st < 0 ? st : STATUS_OK;
}

/* --- people --------------------------------------------------------------- */

static bool
first_of_mentor(const struct draft *d, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (d->pairs[k].mentor == d->pairs[i].mentor) {
            return false;
        }
    }
    return true;
}

static const char *
mentees_of(struct draft *d, int64_t mentor)
{
    struct buf names;
    buf_init(&names, NAMES_MAX_BYTES);
    for (size_t i = 0; i < d->pair_count; i++) {
        if (d->pairs[i].mentor == mentor) {
            buf_puts(&names, names.len > 0 ? ", " : "");
            buf_puts(&names, d->pairs[i].mentee_name);
        }
    }
    const char *kept = keep(d, names.data);
    buf_deinit(&names);
    return kept;
}

static const char *
term_of(struct draft *d, const struct store_pair *pair)
{
    return *pair->term ? keep(d, pair->term) : d->common[FIELD_TERM].value;
}

/* What she asked for when she entered the bank. */
static enum status
request_of(struct draft *d, int64_t mentee, const char **out)
{
    struct store_entry *entries = NULL;
    size_t count = 0;
    enum status st = store_entries(d->reader, STORE_BANK_MENTEES, false, mentee,
                                   &entries, &count);
    if (st == STATUS_OK && count > 0) {
        const struct store_entry *e = &entries[0];
        *out = keep(d, *e->request      ? e->request
                       : *e->main_topic ? e->main_topic
                                        : e->topics);
    }
    store_entries_free(entries, count);
    return st;
}

static enum status
position_of(struct draft *d, int64_t person, const char **out)
{
    struct store_person p = {0};
    enum status st = store_person(d->reader, person, &p);
    if (st == STATUS_OK) {
        *out = keep(d, p.category);
    }
    store_person_clear(&p);
    return st < 0 ? st : STATUS_OK;
}

/* The steps of a plan are its lines; two rows to fill in if it has none. */
static enum status
put_steps(struct draft *d, const char *steps, struct paper_source *copy)
{
    size_t lines = 1;
    for (const char *c = steps; *c; c++) {
        lines += *c == '\n';
    }
    lines = lines > EMPTY_STEPS ? lines : EMPTY_STEPS;
    struct template_field *record =
        arena_array(d->arena, lines * 2, sizeof(*record));
    if (!record) {
        return log_oom("papers");
    }
    size_t n = 0;
    for (const char *line = steps; *line;) {
        const size_t len = strcspn(line, "\r\n");
        char *step = arena_alloc(d->arena, len + 1);
        if (!step) {
            return log_oom("papers");
        }
        memcpy(step, line, len);
        step[len] = '\0';
        if (len > 0) {
            record[2 * n++ + 1] = (struct template_field){"step", step};
        }
        line += len + strspn(line + len, "\r\n");
    }
    for (const size_t least = n > 0 ? n : EMPTY_STEPS; n < least; n++) {
        record[2 * n + 1] = (struct template_field){"step", NULL};
    }
    for (size_t i = 0; i < n; i++) {
        char number[NUMBER_BYTES];
        (void)snprintf(number, sizeof(number), "%zu", i + FIRST_STEP);
        record[2 * i] = (struct template_field){"step_number", keep(d, number)};
    }
    copy->section = "steps";
    copy->record = record;
    copy->records = n;
    copy->record_fields = 2;
    return STATUS_OK;
}

/* Every mentor with her mentees and their term, for the order. */
static enum status
put_pairs(struct draft *d, struct paper_source *copy)
{
    struct template_field *record =
        arena_array(d->arena, d->pair_count * 3 + 1, sizeof(*record));
    size_t n = 0;
    if (!record) {
        return log_oom("papers");
    }
    for (size_t i = 0; i < d->pair_count; i++) {
        if (first_of_mentor(d, i)) {
            record[n++] = (struct template_field){
                "mentor", keep(d, d->pairs[i].mentor_name)};
            record[n++] = (struct template_field){
                "mentees", mentees_of(d, d->pairs[i].mentor)};
            record[n++] =
                (struct template_field){"term", term_of(d, &d->pairs[i])};
        }
    }
    copy->section = "pairs";
    copy->record = record;
    copy->records = n / 3;
    copy->record_fields = 3;
    return STATUS_OK;
}

/* A copy for a pair, or for a mentor with all her mentees; NULL: for all. */
static enum status
add_copy(struct draft *d, const struct store_pair *pair)
{
    struct template_field *field =
        arena_array(d->arena, FIELD_COUNT, sizeof(*field));
    if (!field) {
        return log_oom("papers");
    }
    memcpy(field, d->common, sizeof(d->common));
    struct paper_source *copy = &d->out->copy[d->out->copies++];
    *copy = (struct paper_source){
        .text = d->t->text, .field = field, .fields = FIELD_COUNT};
    if (!pair) {
        return put_pairs(d, copy);
    }
    field[FIELD_MENTOR].value = keep(d, pair->mentor_name);
    field[FIELD_PERSON].value = field[FIELD_MENTOR].value;
    field[FIELD_TERM].value = term_of(d, pair);
    if (d->t->of == PAPER_OF_MENTOR) {
        field[FIELD_MENTEES].value = mentees_of(d, pair->mentor);
        return position_of(d, pair->mentor, &field[FIELD_POSITION].value);
    }
    field[FIELD_MENTEES].value = keep(d, pair->mentee_name);
    field[FIELD_GOAL].value = keep(d, pair->goals);
    enum status st = request_of(d, pair->mentee, &field[FIELD_REQUEST].value);
    return st == STATUS_OK ? put_steps(d, pair->steps, copy) : st;
}

/* Pairs that the papers are about: letters of thanks go to those who completed,
 * too, the others to those who last. */
static void
leave_out(struct draft *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->pair_count; i++) {
        const bool done = d->pairs[i].state == PAIR_COMPLETED
                          && strcmp(d->t->name, "letter_of_thanks") == 0;
        if (done || pair_desk_lasts(&d->pairs[i])) {
            const struct store_pair kept = d->pairs[n];
            d->pairs[n++] = d->pairs[i];
            d->pairs[i] = kept;
        }
    }
    for (size_t i = n; i < d->pair_count; i++) {
        store_pair_clear(&d->pairs[i]);
    }
    d->pair_count = n;
}

enum status
paper_desk_load(struct store *reader, const struct paper_template *t,
                struct paper_desk *out)
{
    *out = (struct paper_desk){0};
    arena_init(&out->arena, MEMORY_MAX_BYTES);
    struct draft d = {
        .reader = reader, .arena = &out->arena, .t = t, .out = out};
    enum status st = read_common(&d);
    if (st == STATUS_OK) {
        st = store_pairs(reader, &d.pairs, &d.pair_count);
        leave_out(&d);
    }
    out->copy = arena_array(&out->arena, d.pair_count + 1, sizeof(*out->copy));
    if (st == STATUS_OK && !out->copy) {
        st = log_oom("papers");
    }
    if (st == STATUS_OK && t->of == PAPER_OF_HOUSE) {
        st = add_copy(&d, NULL);
    }
    for (size_t i = 0;
         t->of != PAPER_OF_HOUSE && i < d.pair_count && st == STATUS_OK; i++) {
        if (t->of == PAPER_OF_PAIR || first_of_mentor(&d, i)) {
            st = add_copy(&d, &d.pairs[i]);
        }
    }
    store_pairs_free(d.pairs, d.pair_count);
    if (st < 0) {
        paper_desk_clear(out);
    }
    return st;
}

void
paper_desk_clear(struct paper_desk *p)
{
    arena_deinit(&p->arena);
    *p = (struct paper_desk){0};
}
