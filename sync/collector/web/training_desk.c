#include "collector/web/training_desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/programme/training.h"
#include "collector/web/feedback.h"
#include "collector/web/publish.h"
#include "form/filling.h"
#include "xlsform/xlsform.h"

#define SHEET_MAX_BYTES ((size_t)64 * 1024)
#define PATH_BYTES 64

/* --- opening -------------------------------------------------------------- */

static void
write_sheet(const struct store_training *t, const char *const *when,
            const struct store_material *m, size_t count, struct buf *out)
{
    int64_t number[STORE_MATERIALS_MAX];
    const char *material[STORE_MATERIALS_MAX];
    count = count < STORE_MATERIALS_MAX ? count : STORE_MATERIALS_MAX;
    for (size_t i = 0; i < count; i++) {
        number[i] = m[i].number;
        material[i] = m[i].title;
    }
    const struct training_sheet sheet = {
        .session = t->id,
        .title = t->title,
        .when = {[I18N_EN] = when[I18N_EN], [I18N_RU] = when[I18N_RU]},
        .number = number,
        .material = material,
        .materials = count};
    training_form(&sheet, out);
}

/* The texts of the materials, while the form has no place in the store. */
struct materials {
    const struct store_material *item;
    size_t count;
};

static enum status
read_material(void *self, const char *name, struct buf *out)
{
    const struct materials *m = self;
    for (size_t i = 0; i < m->count; i++) {
        char file[TRAINING_NAME_BYTES];
        training_material_file(m->item[i].number, file);
        if (strcmp(file, name) == 0) {
            buf_puts(out, m->item[i].text);
            return buf_status(out);
        }
    }
    return STATUS_E_NOT_FOUND;
}

static enum status
add_form(struct store *w, const struct buf *sheet, struct materials *m,
         int64_t now_ms, int64_t *out_form)
{
    struct diag d;
    struct buf xform;
    const struct form_env env = {.read_file = read_material, .self = m};
    diag_init(&d, I18N_EN);
    buf_init(&xform, FORM_XML_MAX_BYTES);
    enum status st =
        xlsform_compile(sheet->data, sheet->len, XLSFORM_CSV, NULL, &d, &xform);
    if (st == STATUS_OK) {
        st = publish_form(w, &xform, &env, now_ms, &d, out_form);
    }
    for (size_t i = 0; i < m->count && st == STATUS_OK; i++) {
        char file[TRAINING_NAME_BYTES];
        training_material_file(m->item[i].number, file);
        st = store_media_put(w, *out_form, file, m->item[i].text,
                             strlen(m->item[i].text));
    }
    for (size_t i = 0; i < d.count && st < 0; i++) {
        log_error("training", "%s", d.entry[i].text);
    }
    buf_deinit(&xform);
    diag_deinit(&d);
    return st;
}

enum status
training_desk_open(struct store *w, struct store_training *t,
                   const char *const when[I18N_LANG_COUNT], int64_t now_ms)
{
    struct store_material *item = NULL;
    struct store_wave wave = {0};
    struct buf sheet;
    size_t count = 0;
    int64_t form = 0;
    if (t->wave != 0) {
        return STATUS_E_CONFLICT;
    }
    buf_init(&sheet, SHEET_MAX_BYTES);
    enum status st = store_materials(w, t->id, &item, &count);
    struct materials m = {.item = item, .count = count};
    if (st == STATUS_OK) {
        write_sheet(t, when, item, count, &sheet);
        st = buf_status(&sheet);
    }
    if (st == STATUS_OK) {
        st = add_form(w, &sheet, &m, now_ms, &form);
    }
    if (st == STATUS_OK) {
        const struct form_env env = {.read_file = read_material, .self = &m};
        const struct publish_terms terms = {.kind = RECORD_NAMED,
                                            .invited = (int)t->invited};
        st = publish_wave(w, form, &env, &terms, now_ms, &wave);
    }
    if (st == STATUS_OK) {
        t->wave = wave.id;
        st = store_training_update(w, t);
    }
    store_wave_clear(&wave);
    buf_deinit(&sheet);
    store_materials_free(item, count);
    return st;
}

enum status
training_desk_end(struct store *w, struct store_training *t, int64_t now_ms)
{
    bool opened = false;
    int64_t serial = 0;
    if (t->wave == 0 || t->ended_ms != 0) {
        return STATUS_E_CONFLICT;
    }
    enum status st = store_wave_close(w, t->wave, now_ms);
    if (st >= 0) {
        t->ended_ms = now_ms;
        st = store_training_update(w, t);
    }
    if (st == STATUS_OK && t->came > 0) {
        st = feedback_ask(w, FEEDBACK_SESSION, (int)t->came, true, now_ms,
                          &opened);
    }
    return st == STATUS_OK ? store_number_next(w, STORE_SERIAL, &serial) : st;
}

/* --- reading -------------------------------------------------------------- */

struct readings {
    const struct form *form;
    struct training_reading *item;
    size_t count;
    size_t room;
};

static int64_t
acknowledged(const struct form *form, struct filling *f)
{
    int64_t n = 0;
    for (size_t i = 0; i < form_field_count(form); i++) {
        struct form_field field;
        form_field_get(form, i, &field);
        struct filling_node *node = filling_find(f, field.path);
        const char *value = node ? filling_value(f, node) : NULL;
        n += field.name[0] == 'm' && field.name[1] >= '0'
             && field.name[1] <= '9' && value && *value;
    }
    return n;
}

static enum status
read_one(void *self, const struct store_person *person, const char *xml,
         size_t len)
{
    struct readings *r = self;
    struct filling *f = NULL;
    if (r->count == r->room) {
        return STATUS_OK; /* signed while this page was being made */
    }
    enum status st = filling_new(r->form, NULL, &f);
    if (st == STATUS_OK) {
        st = filling_read(f, xml, len, NULL);
    }
    if (st == STATUS_OK) {
        r->item[r->count++] =
            (struct training_reading){person->id, acknowledged(r->form, f)};
    }
    filling_free(f);
    return st;
}

enum status
training_desk_readings(struct store *reader, struct catalogue *catalogue,
                       const struct store_training *t,
                       struct training_reading **out, size_t *out_count)
{
    struct store_wave wave = {0};
    const struct catalogue_form *form = NULL;
    struct readings r = {.room = (size_t)t->came};
    *out = NULL;
    *out_count = 0;
    if (t->came == 0) {
        return STATUS_OK;
    }
    enum status st = store_wave_by_id(reader, t->wave, &wave);
    if (st == STATUS_OK) {
        st = catalogue_take(catalogue, reader, wave.form, &form);
    }
    if (st == STATUS_OK) {
        r.form = form->form;
        r.item = calloc(r.room, sizeof(*r.item));
        st = r.item ? store_named_each(reader, wave.id, read_one, &r)
                    : log_oom("training");
    }
    if (form) {
        catalogue_give(catalogue, form);
    }
    store_wave_clear(&wave);
    *out = r.item;
    *out_count = r.count;
    return st;
}
