#include "collector/ingest/catalogue.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/log.h"
#include "collector/ingest/scales.h"
#include "collector/ingest/strata.h"
#include "form/filling.h"

struct catalogue {
    bool has_code_key;
    uint8_t code_key[CATALOGUE_CODE_KEY_BYTES];
    pthread_mutex_t lock;                        /* guards everything below */
    struct catalogue_form *entry[CATALOGUE_MAX]; /* owned */
    size_t count;
    uint64_t uses;
};

static enum status
read_media(void *self, const char *name, struct buf *out)
{
    const struct catalogue_files *files = self;
    enum status st = store_media(files->store, files->form, name, out);
    return st == STATUS_NONE ? STATUS_E_NOT_FOUND : st;
}

void
catalogue_files_init(struct catalogue_files *files, struct store *s,
                     int64_t form)
{
    files->store = s;
    files->form = form;
    files->env.read_file = read_media;
    files->env.self = files;
}

/* --- one form ------------------------------------------------------------- */

static void
free_form(struct catalogue_form *e)
{
    if (e) {
        for (size_t i = 0; e->field && i < e->field_count; i++) {
            free(e->field[i].choice);
        }
        free(e->field);
        buf_deinit(&e->blank);
        form_free(e->form);
        free(e);
    }
}

static int
by_name(const void *a, const void *b)
{
    const struct catalogue_choice *x = a;
    const struct catalogue_choice *y = b;
    return strcmp(x->name, y->name);
}

/* The name without the prefix of its namespace. */
static const char *
local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

/* The form's own block, in its namespace or in OpenRosa's. */
static bool
is_housekeeping(const char *path)
{
    return strstr(path, "/meta/") || strstr(path, ":meta/");
}

static enum catalogue_count
how_to_count(const struct form_field *f)
{
    if (is_housekeeping(f->path)) {
        return CATALOGUE_COUNT_SKIP;
    }
    if (f->control == FORM_CONTROL_SELECT_ONE) {
        return CATALOGUE_COUNT_CHOICE;
    }
    if (f->control == FORM_CONTROL_SELECT_MULTIPLE) {
        return CATALOGUE_COUNT_CHOICES;
    }
    if (f->control == FORM_CONTROL_RANK || f->type == FORM_TYPE_RANK) {
        return CATALOGUE_COUNT_RANK;
    }
    if (f->type == FORM_TYPE_INTEGER || f->type == FORM_TYPE_DECIMAL) {
        return CATALOGUE_COUNT_NUMBER;
    }
    if (f->type == FORM_TYPE_DATE || f->type == FORM_TYPE_DATETIME) {
        return CATALOGUE_COUNT_DATE;
    }
    return CATALOGUE_COUNT_NOT;
}

static enum status
index_field(struct catalogue_form *e, size_t i)
{
    struct form_field f;
    form_field_get(e->form, i, &f);
    struct catalogue_field *to = &e->field[i];
    to->count = how_to_count(&f);
    const char *indicator = form_field_extension(e->form, i, "indicator");
    if (to->count == CATALOGUE_COUNT_NOT && indicator
        && strcmp(indicator, "code") == 0 && !f.in_repeat) {
        to->count = CATALOGUE_COUNT_CODE;
    }
    to->is_file = f.control == FORM_CONTROL_UPLOAD;
    bool range = f.control == FORM_CONTROL_RANGE;
    to->low = range ? fmin(f.range_start, f.range_end) : -HUGE_VAL;
    to->high = range ? fmax(f.range_start, f.range_end) : HUGE_VAL;
    if (to->count == CATALOGUE_COUNT_SKIP
        && strcmp(local_name(f.name), "instanceID") == 0) {
        e->instance_id = i;
    }
    if (f.choice_count == 0) {
        return STATUS_OK;
    }
    to->choice = calloc(f.choice_count, sizeof(*to->choice));
    if (!to->choice) {
        return log_oom("catalogue");
    }
    to->choice_count = f.choice_count;
    for (size_t c = 0; c < f.choice_count; c++) {
        to->choice[c].name = form_choice_name(e->form, i, c);
        to->choice[c].index = (uint32_t)c;
    }
    qsort(to->choice, to->choice_count, sizeof(*to->choice), by_name);
    return STATUS_OK;
}

static enum status
load(struct store *s, int64_t id, const char *groups,
     struct catalogue_form **out)
{
    struct catalogue_form *e = calloc(1, sizeof(*e));
    if (!e) {
        return log_oom("catalogue");
    }
    struct catalogue_files files;
    catalogue_files_init(&files, s, id);
    struct diag d;
    diag_init(&d, I18N_EN);
    struct buf xml;
    buf_init(&xml, FORM_XML_MAX_BYTES);
    enum status st = store_form_xml(s, id, &xml);
    if (st != STATUS_OK) {
        st = st == STATUS_NONE ? STATUS_E_NOT_FOUND : st;
        goto out;
    }
    e->id = id;
    (void)snprintf(e->wanted, sizeof(e->wanted), "%s", groups);
    e->instance_id = SIZE_MAX;
    buf_init(&e->blank, FILLING_XML_MAX_BYTES);
    st = form_load(xml.data, xml.len, &files.env, &d, &e->form);
    if (st < 0) {
        log_error("catalogue", "form %lld does not load: %s", (long long)id,
                  d.count > 0 && d.entry[0].text ? d.entry[0].text : "?");
        goto out;
    }
    st = form_blank(e->form, &e->blank);
    if (st < 0) {
        goto out;
    }
    e->field_count = form_field_count(e->form);
    e->field = calloc(e->field_count + 1, sizeof(*e->field));
    if (!e->field) {
        st = log_oom("catalogue");
        goto out;
    }
    for (size_t i = 0; st == STATUS_OK && i < e->field_count; i++) {
        st = index_field(e, i);
    }
    if (st == STATUS_OK) {
        strata_survey(e);
        scales_survey(e);
        *out = e;
        e = NULL;
    }

out:
    free_form(e);
    buf_deinit(&xml);
    diag_deinit(&d);
    return st;
}

bool
catalogue_is_scale(const struct form_field *f)
{
    return f->control == FORM_CONTROL_RANGE && f->range_step > 0.0
           && f->range_end > f->range_start
           && (f->range_end - f->range_start) / f->range_step
                  < CATALOGUE_SCALE_STEPS_MAX;
}

size_t
catalogue_choice_find(const struct catalogue_field *field, const char *name,
                      size_t len)
{
    size_t low = 0;
    size_t high = field->choice_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const char *have = field->choice[mid].name;
        int order = strncmp(have, name, len);
        if (order == 0 && have[len] != '\0') {
            order = 1;
        }
        if (order == 0) {
            return field->choice[mid].index;
        }
        if (order < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return SIZE_MAX;
}

/* --- the shelf ------------------------------------------------------------ */

enum status
catalogue_new(struct catalogue **out)
{
    *out = calloc(1, sizeof(**out));
    if (!*out) {
        return log_oom("catalogue");
    }
    if (pthread_mutex_init(&(*out)->lock, NULL) != 0) {
        free(*out);
        *out = NULL;
        return log_oom("catalogue");
    }
    return STATUS_OK;
}

void
catalogue_free(struct catalogue *c)
{
    if (c) {
        for (size_t i = 0; i < c->count; i++) {
            free_form(c->entry[i]);
        }
        pthread_mutex_destroy(&c->lock);
        buf_wipe(c->code_key, sizeof(c->code_key));
        free(c);
    }
}

void
catalogue_set_code_key(struct catalogue *c,
                       const uint8_t key[CATALOGUE_CODE_KEY_BYTES])
{
    memcpy(c->code_key, key, sizeof(c->code_key));
    c->has_code_key = true;
}

static struct catalogue_form *
find(struct catalogue *c, int64_t form, const char *groups)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->entry[i]->id == form
            && strcmp(c->entry[i]->wanted, groups) == 0) {
            return c->entry[i];
        }
    }
    return NULL;
}

/* Drop the entry that nobody has used for longest. */
static void
make_room(struct catalogue *c)
{
    size_t oldest = SIZE_MAX;
    for (size_t i = 0; i < c->count; i++) {
        if (c->entry[i]->users == 0
            && (oldest == SIZE_MAX
                || c->entry[i]->used < c->entry[oldest]->used)) {
            oldest = i;
        }
    }
    if (c->count == CATALOGUE_MAX && oldest != SIZE_MAX) {
        free_form(c->entry[oldest]);
        c->entry[oldest] = c->entry[--c->count];
    }
}

static enum status
take(struct catalogue *c, struct store *s, int64_t form, const char *groups,
     const struct catalogue_form **out)
{
    *out = NULL;
    enum status st = STATUS_OK;
    pthread_mutex_lock(&c->lock);
    struct catalogue_form *e = find(c, form, groups);
    if (!e) {
        make_room(c);
        st = c->count < CATALOGUE_MAX ? load(s, form, groups, &e)
                                      : STATUS_E_LIMIT;
        if (e) {
            e->code_key = c->has_code_key ? c->code_key : NULL;
            c->entry[c->count++] = e;
        }
    }
    if (e) {
        e->users++;
        e->used = ++c->uses;
        *out = e;
    }
    pthread_mutex_unlock(&c->lock);
    return st;
}

enum status
catalogue_take(struct catalogue *c, struct store *s, int64_t form,
               const struct catalogue_form **out)
{
    return take(c, s, form, "", out);
}

enum status
catalogue_take_wave(struct catalogue *c, struct store *s,
                    const struct store_wave *wave,
                    const struct catalogue_form **out)
{
    return take(c, s, wave->form, wave->groups, out);
}

void
catalogue_give(struct catalogue *c, const struct catalogue_form *entry)
{
    if (!entry) {
        return;
    }
    pthread_mutex_lock(&c->lock);
    struct catalogue_form *e = find(c, entry->id, entry->wanted);
    if (e) {
        e->users--;
    }
    pthread_mutex_unlock(&c->lock);
}
