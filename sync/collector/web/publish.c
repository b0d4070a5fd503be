#include "collector/web/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "collector/ingest/catalogue.h"
#include "collector/programme/meeting.h"
#include "collector/store/store_banks.h"
#include "collector/web/kiosk_settings.h"
#include "store/library.h"
#include "wire/bundle.h"

#define BUNDLE_ARENA_BYTES (BUNDLE_MAX_BYTES * 2)

/* --- a form --------------------------------------------------------------- */

enum status
publish_form(struct store *s, const struct buf *xform,
             const struct form_env *env, int64_t now_ms, struct diag *d,
             int64_t *out_id)
{
    struct form *form = NULL;
    enum status st = form_load(xform->data, xform->len, env, d, &form);
    if (st < 0) {
        return st;
    }
    struct store_form row = {
        .form_id = strdup(form_id(form)),
        .version = strdup(form_version(form)),
        .title = strdup(form_title(form)),
        .added_ms = now_ms,
    };
    if (row.form_id && row.version && row.title) {
        st = store_form_add(s, &row, xform->data, xform->len, out_id);
    } else {
        st = log_oom("publish");
    }
    if (st == STATUS_E_CONFLICT) {
        const struct diag_where where = {.path = row.form_id};
        (void)diag_add(d, DIAG_ERROR, &where,
                       N_("version “%s” of this questionnaire is there "
                          "already with other content: give the changed one "
                          "a new version"),
                       row.version);
    }
    store_form_clear(&row);
    form_free(form);
    return st;
}

/* --- a wave --------------------------------------------------------------- */

static int
extension_number(const struct form *f, const char *name, int otherwise)
{
    const char *text = form_extension(f, name);
    long n = text ? strtol(text, NULL, 10) : 0;
    return n > 0 && n < 100000 ? (int)n : otherwise;
}

static enum record_kind
extension_kind(const struct form *f)
{
    static const char *const names[] = {
        [RECORD_ANONYMOUS] = "anonymous",
        [RECORD_SLIP] = "slip",
        [RECORD_NAMED] = "named",
        [RECORD_BALLOT] = "ballot",
    };
    const char *text = form_extension(f, "kind");
    for (size_t i = 0; text && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], text) == 0) {
            return (enum record_kind)i;
        }
    }
    return RECORD_ANONYMOUS;
}

static int
at_least(int value, int least)
{
    return value > least ? value : least;
}

void
publish_settle(const struct form *f, const struct publish_terms *terms,
               struct store_wave *w)
{
    w->kind =
        terms->kind >= 0 ? (enum record_kind)terms->kind : extension_kind(f);
    w->k = terms->k > 0 ? terms->k : extension_number(f, "k", PUBLISH_K);
    w->k = at_least(w->k, PUBLISH_K_LEAST);
    w->k_text = terms->k_text > 0
                    ? terms->k_text
                    : extension_number(f, "k_text", PUBLISH_K_TEXT);
    w->k_text = at_least(w->k_text, w->k);
    w->invited = terms->invited;
    w->minutes = extension_number(f, "minutes", 0);
    w->live = terms->live;
    w->closes_ms = terms->closes_ms;
    (void)snprintf(w->groups, sizeof(w->groups), "%s",
                   terms->groups ? terms->groups : "");
}

enum status
publish_wave(struct store *s, int64_t form, const struct form_env *env,
             const struct publish_terms *terms, int64_t now_ms,
             struct store_wave *out_wave)
{
    *out_wave = (struct store_wave){0};
    struct form *f = NULL;
    int64_t id = 0;
    int64_t serial = 0;
    struct buf xml;
    buf_init(&xml, FORM_XML_MAX_BYTES);
    enum status st = store_form_xml(s, form, &xml);
    if (st == STATUS_NONE) {
        st = STATUS_E_NOT_FOUND;
    }
    if (st == STATUS_OK) {
        st = form_load(xml.data, xml.len, env, NULL, &f);
    }
    if (st == STATUS_OK) {
        char *title = strdup(terms->title ? terms->title : "");
        struct store_wave w = {
            .form = form, .title = title, .opened_ms = now_ms};
        publish_settle(f, terms, &w);
        st = title ? store_wave_add(s, &w, &id) : log_oom("publish");
        free(title);
    }
    if (st == STATUS_OK) {
        st = store_number_next(s, STORE_SERIAL, &serial);
    }
    if (st == STATUS_OK) {
        st = store_wave_by_id(s, id, out_wave);
    }
    form_free(f);
    buf_deinit(&xml);
    return st;
}

enum status
publish_plan(struct store *s, const struct store_plan *plan, int64_t now_ms,
             struct store_wave *out_wave)
{
    const struct publish_terms terms = {
        .title = plan->title,
        .kind = plan->kind,
        .k = plan->k,
        .k_text = plan->k_text,
        .invited = plan->invited,
        .live = plan->live,
        .closes_ms = plan->closes_ms,
        .groups = plan->groups,
    };
    struct catalogue_files files;
    catalogue_files_init(&files, s, plan->form);
    return publish_wave(s, plan->form, &files.env, &terms, now_ms, out_wave);
}

static enum status
begin_plan(struct store *s, const struct store_plan *plan, int64_t now_ms)
{
    struct store_wave wave = {0};
    enum status st = store_begin(s);
    if (st == STATUS_OK) {
        st = publish_plan(s, plan, now_ms, &wave);
    }
    if (st == STATUS_OK) {
        st = store_plan_drop(s, plan->id);
    }
    if (st == STATUS_OK) {
        st = store_audit_add(s, now_ms, "", "open", wave.name);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    store_wave_clear(&wave);
    return st;
}

enum status
publish_due(struct store *s, int64_t now_ms)
{
    struct store_plan *plans = NULL;
    size_t count = 0;
    enum status st = store_plans(s, &plans, &count);
    for (size_t i = 0; i < count && st >= 0; i++) {
        if (plans[i].opens_ms <= now_ms) {
            st = begin_plan(s, &plans[i], now_ms);
        }
    }
    store_plans_free(plans, count);
    return st < 0 ? st : STATUS_OK;
}

/* --- the library ---------------------------------------------------------- */

/* What a bundle is put together from; everything it points to is here. */
struct draft {
    struct arena arena;
    struct store *store;
    struct bundle bundle;
    size_t media_cap;
    const char *media_form; /* whose media are being read */
    struct buf *people;     /* of the meeting whose ballot it is, or NULL */
    struct store_wave *wave;
    size_t wave_count;
    struct store_person *person;
    size_t person_count;
    struct bundle_slips *slips; /* being filled */
};

static void *
copy(struct draft *d, const void *data, size_t len)
{
    char *to = arena_alloc(&d->arena, len + 1);
    if (to && len > 0) {
        memcpy(to, data, len);
    }
    return to;
}

static enum status
take_media(void *self, const char *name, const void *data, size_t len)
{
    struct draft *d = self;
    struct bundle *b = &d->bundle;
    if (b->media_count == BUNDLE_MAX_ITEMS) {
        return STATUS_E_LIMIT;
    }
    if (b->media_count == d->media_cap) {
        d->media_cap = d->media_cap ? d->media_cap * 2 : 16;
        struct bundle_media *grown =
            arena_array(&d->arena, d->media_cap, sizeof(*grown));
        if (!grown) {
            return STATUS_E_LIMIT;
        }
        if (b->media_count > 0) {
            memcpy(grown, b->media, b->media_count * sizeof(*grown));
        }
        b->media = grown;
    }
    struct bundle_media *m = &b->media[b->media_count++];
    m->form_id = d->media_form;
    m->name = arena_strdup(&d->arena, name);
    if (d->people && strcmp(name, MEETING_PEOPLE_FILE) == 0) {
        data = d->people->data;
        len = d->people->len;
    }
    m->data = copy(d, data, len);
    m->len = len;
    return m->name && m->data ? STATUS_OK : STATUS_E_LIMIT;
}

/* Names of the people of a meeting leave with the ballot alone; the store keeps
 * the list without them. */
static enum status
draft_media(struct draft *d, const struct store_wave *w)
{
    int64_t meeting = 0;
    struct store_participant *people = NULL;
    size_t count = 0;
    struct buf list;
    buf_init(&list, MEETING_LIST_MAX_BYTES);
    d->media_form = w->form_id;
    d->people = NULL;
    enum status st = store_meeting_of_wave(d->store, w->id, &meeting);
    if (st == STATUS_OK && meeting != 0) {
        st = store_participants(d->store, meeting, &people, &count);
        meeting_people(people, count, true, &list);
        d->people = &list;
    }
    if (st == STATUS_OK) {
        st = buf_status(&list);
    }
    if (st == STATUS_OK) {
        st = store_media_each(d->store, w->form, take_media, d);
    }
    d->people = NULL;
    store_participants_free(people, count);
    buf_deinit(&list);
    return st;
}

static enum status
draft_form(struct draft *d, const struct store_wave *w)
{
    struct bundle *b = &d->bundle;
    for (size_t i = 0; i < b->form_count; i++) {
        if (strcmp(b->form[i].form_id, w->form_id) == 0
            && strcmp(b->form[i].version, w->version) == 0) {
            return STATUS_OK;
        }
    }
    struct buf xml;
    buf_init(&xml, FORM_XML_MAX_BYTES);
    enum status st = store_form_xml(d->store, w->form, &xml);
    if (st == STATUS_OK) {
        struct bundle_form *f = &b->form[b->form_count++];
        f->form_id = w->form_id;
        f->version = w->version;
        f->xform = copy(d, xml.data, xml.len);
        f->xform_len = xml.len;
        st = f->xform ? STATUS_OK : STATUS_E_LIMIT;
    }
    buf_deinit(&xml);
    return st == STATUS_OK ? draft_media(d, w) : st;
}

static enum status
take_slip(void *self, const struct seal_hash *hash)
{
    struct draft *d = self;
    if (d->slips->count == BUNDLE_MAX_SLIPS) {
        return STATUS_E_LIMIT;
    }
    d->slips->hash[d->slips->count++] = *hash;
    return STATUS_OK;
}

static enum status
draft_slips(struct draft *d, const struct store_wave *w)
{
    struct buf key;
    buf_init(&key, BUNDLE_SLIP_KEY_BYTES);
    enum status st = store_slip_key(d->store, w->id, &key);
    if (st == STATUS_OK && key.len == BUNDLE_SLIP_KEY_BYTES) {
        d->slips = &d->bundle.slips[d->bundle.slips_count++];
        d->slips->form_id = w->form_id;
        d->slips->wave = w->name;
        memcpy(d->slips->key, key.data, BUNDLE_SLIP_KEY_BYTES);
        d->slips->hash =
            arena_array(&d->arena, BUNDLE_MAX_SLIPS, sizeof(struct seal_hash));
        st = d->slips->hash ? store_slips_each(d->store, w->id, take_slip, d)
                            : STATUS_E_LIMIT;
    }
    buf_deinit(&key);
    return st;
}

static enum status
draft_person(struct draft *d, const char *form_id, const char *name,
             const char *role, const char *code)
{
    struct bundle *b = &d->bundle;
    if (b->person_count == BUNDLE_MAX_ITEMS) {
        return STATUS_E_LIMIT;
    }
    struct bundle_person *p = &b->person[b->person_count++];
    p->form_id = form_id;
    p->name = name;
    p->role = role;
    library_person_hash(form_id, code, &p->code);
    return STATUS_OK;
}

/* Only who was there may vote, in the role she had there. */
static enum status
draft_participants(struct draft *d, const struct store_wave *w, int64_t meeting)
{
    struct store_participant *people = NULL;
    size_t count = 0;
    enum status st = store_participants(d->store, meeting, &people, &count);
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        const char *name = arena_strdup(&d->arena, people[i].name);
        st = name ? draft_person(d, w->form_id, name,
                                 people[i].mentor ? "mentor" : "mentee",
                                 people[i].code)
                  : STATUS_E_LIMIT;
    }
    store_participants_free(people, count);
    return st;
}

static enum status
draft_people(struct draft *d, const struct store_wave *w)
{
    int64_t meeting = 0;
    enum status st = store_meeting_of_wave(d->store, w->id, &meeting);
    if (st == STATUS_OK && meeting != 0) {
        return draft_participants(d, w, meeting);
    }
    for (size_t i = 0; i < d->person_count && st == STATUS_OK; i++) {
        st = draft_person(d, w->form_id, d->person[i].name, d->person[i].role,
                          d->person[i].code);
    }
    return st;
}

static enum status
draft_wave(struct draft *d, const struct store_wave *w)
{
    struct bundle_survey *s = &d->bundle.survey[d->bundle.survey_count++];
    s->form_id = w->form_id;
    s->version = w->version;
    s->wave = w->name;
    s->kind = w->kind;
    s->k = (uint32_t)w->k;
    s->minutes = (uint32_t)w->minutes;
    s->closed = w->closed_ms != 0;
    if (s->closed) {
        return STATUS_OK;
    }
    enum status st = draft_form(d, w);
    if (st == STATUS_OK && w->kind == RECORD_SLIP) {
        st = draft_slips(d, w);
    }
    if (st == STATUS_OK
        && (w->kind == RECORD_NAMED || w->kind == RECORD_BALLOT)) {
        st = draft_people(d, w);
    }
    return st;
}

static enum status
draft_arrays(struct draft *d)
{
    enum status st = store_waves(d->store, &d->wave, &d->wave_count);
    if (st == STATUS_OK) {
        st = store_people(d->store, &d->person, &d->person_count);
    }
    if (st < 0) {
        return st;
    }
    size_t people = d->person_count * (d->wave_count + 1);
    people = people < BUNDLE_MAX_ITEMS ? people : BUNDLE_MAX_ITEMS;
    struct bundle *b = &d->bundle;
    b->survey = arena_array(&d->arena, d->wave_count + 1, sizeof(*b->survey));
    b->form = arena_array(&d->arena, d->wave_count + 1, sizeof(*b->form));
    b->slips = arena_array(&d->arena, d->wave_count + 1, sizeof(*b->slips));
    b->person = arena_array(&d->arena, people + 1, sizeof(*b->person));
    size_t settings = 0;
    while (kiosk_settings_at(settings)) {
        settings++;
    }
    b->setting = arena_array(&d->arena, settings + 1 + LIBRARY_ERASED_SETTINGS,
                             sizeof(*b->setting));
    return b->survey && b->form && b->slips && b->person && b->setting
               ? STATUS_OK
               : STATUS_E_LIMIT;
}

/* One setting of the library, if the store knows its value. */
static enum status
draft_setting(struct draft *d, const char *key, enum status known,
              const struct buf *value)
{
    struct bundle_setting *to = &d->bundle.setting[d->bundle.setting_count];
    if (known != STATUS_OK || value->len == 0) {
        return known < 0 ? known : STATUS_OK;
    }
    *to = (struct bundle_setting){key, arena_strdup(&d->arena, value->data)};
    d->bundle.setting_count++;
    return to->value ? STATUS_OK : STATUS_E_LIMIT;
}

#define ORDER_KEY_BYTES 32

/* Tags on their way into settings. */
struct orders {
    struct draft *draft;
    struct buf hex;
    unsigned settings;
};

static enum status
end_setting(struct orders *o)
{
    struct bundle *b = &o->draft->bundle;
    char key[ORDER_KEY_BYTES];
    if (o->hex.len == 0) {
        return STATUS_OK;
    }
    if (o->settings == LIBRARY_ERASED_SETTINGS) {
        return STATUS_E_LIMIT;
    }
    (void)snprintf(key, sizeof(key), LIBRARY_ERASED, o->settings++);
    struct bundle_setting *to = &b->setting[b->setting_count++];
    to->key = arena_strdup(&o->draft->arena, key);
    to->value = arena_strdup(&o->draft->arena, o->hex.data);
    buf_clear(&o->hex);
    return to->key && to->value ? STATUS_OK : STATUS_E_LIMIT;
}

static enum status
put_order(void *self, const struct seal_hash *tag)
{
    struct orders *o = self;
    for (size_t i = 0; i < sizeof(tag->bytes); i++) {
        buf_printf(&o->hex, "%02x", (unsigned)tag->bytes[i]);
    }
    enum status st = buf_status(&o->hex);
    if (st == STATUS_OK
        && o->hex.len == (size_t)LIBRARY_ERASED_TAGS * 2 * sizeof(tag->bytes)) {
        st = end_setting(o);
    }
    return st;
}

/* What kiosks must overwrite. */
static enum status
draft_erased(struct draft *d)
{
    struct orders o = {.draft = d};
    buf_init(&o.hex, BUNDLE_VALUE_MAX_BYTES);
    enum status st = store_retired_each(d->store, put_order, &o);
    if (st == STATUS_OK) {
        st = end_setting(&o);
    }
    buf_deinit(&o.hex);
    return st;
}

static enum status
draft_settings(struct draft *d)
{
    struct buf value;
    buf_init(&value, BUNDLE_VALUE_MAX_BYTES);
    enum status st = store_text(d->store, STORE_HOUSE, &value);
    st = draft_setting(d, "house.name", st, &value);
    for (size_t i = 0; st == STATUS_OK && kiosk_settings_at(i); i++) {
        const char *key = kiosk_settings_at(i)->key;
        buf_clear(&value);
        st = kiosk_settings_get(d->store, key, &value);
        st = draft_setting(d, key, st, &value);
    }
    buf_deinit(&value);
    return st;
}

enum status
publish_bundle(struct store *s, const struct home *home, struct buf *out)
{
    struct draft d = {.store = s};
    arena_init(&d.arena, BUNDLE_ARENA_BYTES);
    int64_t serial = 0;
    enum status st = store_begin_read(s);
    if (st == STATUS_OK) {
        st = store_number(s, STORE_SERIAL, &serial);
    }
    if (st == STATUS_OK) {
        st = draft_arrays(&d);
    }
    /* The list is newest first; staff see the oldest first. */
    for (size_t i = d.wave_count; st == STATUS_OK && i > 0; i--) {
        st = draft_wave(&d, &d.wave[i - 1]);
    }
    if (st == STATUS_OK) {
        st = draft_settings(&d);
    }
    if (st == STATUS_OK) {
        st = draft_erased(&d);
    }
    if (st == STATUS_OK) {
        d.bundle.serial = (uint64_t)serial;
        d.bundle.epoch = home->identity.epoch;
        d.bundle.seal = home->identity.seal;
        d.bundle.rotates = home->keys.announced;
    }
    if (st == STATUS_OK && d.bundle.rotates) {
        d.bundle.next_sign = home->keys.next_sign.public_key;
        st = home_next_pin(home, d.bundle.next_tls_pin);
    }
    if (st == STATUS_OK) {
        st = bundle_encode(&d.bundle, &home->keys.sign, out);
    }
    store_rollback(s);
    if (st == STATUS_E_LIMIT) {
        log_error("publish", "the library is too large to be published");
    }
    store_waves_free(d.wave, d.wave_count);
    store_people_free(d.person, d.person_count);
    arena_deinit(&d.arena);
    return st;
}
