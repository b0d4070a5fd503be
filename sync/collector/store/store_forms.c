/* The store's questionnaires and waves. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/store/sql.h"

static enum status
fill_form(sqlite3_stmt *stmt, void *item)
{
    struct store_form *f = item;
    f->id = sqlite3_column_int64(stmt, 0);
    f->form_id = sql_text(stmt, 1);
    f->version = sql_text(stmt, 2);
    f->title = sql_text(stmt, 3);
    f->added_ms = sqlite3_column_int64(stmt, 4);
    return f->form_id && f->version && f->title ? STATUS_OK : log_oom("store");
}

void
store_form_clear(struct store_form *form)
{
    free(form->form_id);
    free(form->version);
    free(form->title);
    *form = (struct store_form){0};
}

static void
clear_form(void *item)
{
    store_form_clear(item);
}

void
store_forms_free(struct store_form *forms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        store_form_clear(&forms[i]);
    }
    free(forms);
}

static enum status
form_there(struct store *s, const struct store_form *form, const void *xform,
           size_t len, int64_t *out_id)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_FORM_SAME);
    sql_bind_text(stmt, 1, form->form_id);
    sql_bind_text(stmt, 2, form->version);
    sql_bind_blob(stmt, 3, xform, len);
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        *out_id = sqlite3_column_int64(stmt, 0);
        st = sqlite3_column_int(stmt, 1) ? STATUS_REPEAT : STATUS_E_CONFLICT;
    }
    db_reset(stmt);
    return st;
}

enum status
store_form_add(struct store *s, const struct store_form *form,
               const void *xform, size_t len, int64_t *out_id)
{
    *out_id = 0;
    enum status st = form_there(s, form, xform, len, out_id);
    if (st != STATUS_NONE) {
        return st;
    }
    st = sql_room(s, SQL_FORM_COUNT, STORE_FORMS_MAX);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_FORM_ADD);
    sql_bind_text(stmt, 1, form->form_id);
    sql_bind_text(stmt, 2, form->version);
    sql_bind_text(stmt, 3, form->title);
    sql_bind_blob(stmt, 4, xform, len);
    sqlite3_bind_int64(stmt, 5, form->added_ms);
    return sql_number(s, stmt, out_id);
}

enum status
store_forms(struct store *s, struct store_form **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_FORM_LIST),
                 &(const struct sql_item){sizeof(struct store_form), fill_form,
                                          clear_form},
                 &items, out_count);
    *out = items;
    return st;
}

enum status
store_form(struct store *s, int64_t id, struct store_form *out)
{
    *out = (struct store_form){0};
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_FORM_GET);
    sqlite3_bind_int64(stmt, 1, id);
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        st = fill_form(stmt, out);
    }
    if (st < 0) {
        store_form_clear(out);
    }
    db_reset(stmt);
    return st;
}

enum status
store_form_xml(struct store *s, int64_t id, struct buf *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_FORM_XML);
    sqlite3_bind_int64(stmt, 1, id);
    return sql_blob(s, stmt, out);
}

enum status
store_media_put(struct store *s, int64_t form, const char *name,
                const void *data, size_t len)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEDIA_PUT);
    sqlite3_bind_int64(stmt, 1, form);
    sql_bind_text(stmt, 2, name);
    sql_bind_blob(stmt, 3, data, len);
    return db_run(s->db, stmt);
}

enum status
store_media(struct store *s, int64_t form, const char *name, struct buf *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEDIA_GET);
    sqlite3_bind_int64(stmt, 1, form);
    sql_bind_text(stmt, 2, name);
    return sql_blob(s, stmt, out);
}

enum status
store_media_each(struct store *s, int64_t form, store_media_visit *visit,
                 void *self)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEDIA_LIST);
    sqlite3_bind_int64(stmt, 1, form);
    enum status st = db_step(s->db, stmt);
    while (st == STATUS_OK) {
        st = visit(self, (const char *)sqlite3_column_text(stmt, 0),
                   sqlite3_column_blob(stmt, 1),
                   (size_t)sqlite3_column_bytes(stmt, 1));
        if (st == STATUS_OK) {
            st = db_step(s->db, stmt);
        }
    }
    db_reset(stmt);
    return st < 0 ? st : STATUS_OK;
}

/* --- waves ---------------------------------------------------------------- */

static enum status
fill_wave(sqlite3_stmt *stmt, void *item)
{
    struct store_wave *w = item;
    w->id = sqlite3_column_int64(stmt, 0);
    w->name = sql_text(stmt, 1);
    w->form = sqlite3_column_int64(stmt, 2);
    w->form_id = sql_text(stmt, 3);
    w->version = sql_text(stmt, 4);
    w->form_title = sql_text(stmt, 5);
    w->title = sql_text(stmt, 6);
    w->kind = (enum record_kind)sqlite3_column_int(stmt, 7);
    w->k = sqlite3_column_int(stmt, 8);
    w->k_text = sqlite3_column_int(stmt, 9);
    w->invited = sqlite3_column_int(stmt, 10);
    w->minutes = sqlite3_column_int(stmt, 11);
    w->live = sqlite3_column_int(stmt, 12) != 0;
    w->opened_ms = sqlite3_column_int64(stmt, 13);
    w->closes_ms = sqlite3_column_int64(stmt, 14);
    w->closed_ms = sqlite3_column_int64(stmt, 15);
    w->answers = sqlite3_column_int64(stmt, 16);
    w->waiting = sqlite3_column_int64(stmt, 17);
    w->published = sqlite3_column_int(stmt, 18) != 0;
    w->settled = sqlite3_column_int64(stmt, 19);
    sql_text_copy(stmt, 20, w->groups, sizeof(w->groups));
    return w->name && w->form_id && w->version && w->form_title && w->title
               ? STATUS_OK
               : log_oom("store");
}

void
store_wave_clear(struct store_wave *wave)
{
    free(wave->name);
    free(wave->form_id);
    free(wave->version);
    free(wave->form_title);
    free(wave->title);
    *wave = (struct store_wave){0};
}

static void
clear_wave(void *item)
{
    store_wave_clear(item);
}

void
store_waves_free(struct store_wave *waves, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        store_wave_clear(&waves[i]);
    }
    free(waves);
}

/* The form_id; from the second wave on with a number behind it. */
static enum status
wave_name(struct store *s, int64_t form, struct buf *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_NAME);
    sqlite3_bind_int64(stmt, 1, form);
    return sql_blob(s, stmt, out);
}

enum status
store_wave_add(struct store *s, const struct store_wave *wave, int64_t *out_id)
{
    *out_id = 0;
    struct buf name;
    buf_init(&name, RECORD_ID_MAX_BYTES);
    sqlite3_stmt *stmt = NULL;
    enum status st = sql_room(s, SQL_WAVE_COUNT, STORE_WAVES_MAX);
    if (st < 0) {
        goto out;
    }
    if (wave->name && *wave->name) {
        buf_puts(&name, wave->name);
        st = buf_status(&name);
    } else {
        st = wave_name(s, wave->form, &name);
    }
    if (st == STATUS_NONE) {
        st = STATUS_E_NOT_FOUND;
    }
    if (st < 0) {
        goto out;
    }
    stmt = db_stmt(s->db, SQL_WAVE_ADD);
    sql_bind_text(stmt, 1, name.data);
    sqlite3_bind_int64(stmt, 2, wave->form);
    sql_bind_text(stmt, 3, wave->title ? wave->title : "");
    sqlite3_bind_int(stmt, 4, (int)wave->kind);
    sqlite3_bind_int(stmt, 5, wave->k);
    sqlite3_bind_int(stmt, 6, wave->k_text);
    sqlite3_bind_int(stmt, 7, wave->invited);
    sqlite3_bind_int(stmt, 8, wave->minutes);
    sqlite3_bind_int(stmt, 9, wave->live);
    sqlite3_bind_int64(stmt, 10, wave->opened_ms);
    sqlite3_bind_int64(stmt, 11, wave->closes_ms);
    sql_bind_text(stmt, 12, wave->groups);
    st = sql_number(s, stmt, out_id);

out:
    buf_deinit(&name);
    return st;
}

static enum status
one_wave(struct store *s, sqlite3_stmt *stmt, struct store_wave *out)
{
    *out = (struct store_wave){0};
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        st = fill_wave(stmt, out);
    }
    if (st < 0) {
        store_wave_clear(out);
    }
    db_reset(stmt);
    return st;
}

enum status
store_wave(struct store *s, const char *name, struct store_wave *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_GET);
    sql_bind_text(stmt, 1, name);
    return one_wave(s, stmt, out);
}

enum status
store_wave_by_id(struct store *s, int64_t id, struct store_wave *out)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_BY_ID);
    sqlite3_bind_int64(stmt, 1, id);
    return one_wave(s, stmt, out);
}

enum status
store_waves(struct store *s, struct store_wave **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_WAVE_LIST),
                 &(const struct sql_item){sizeof(struct store_wave), fill_wave,
                                          clear_wave},
                 &items, out_count);
    *out = items;
    return st;
}

enum status
store_wave_publish(struct store *s, int64_t id, bool over)
{
    sqlite3_stmt *stmt =
        db_stmt(s->db, over ? SQL_WAVE_SETTLE : SQL_WAVE_PUBLISH);
    sqlite3_bind_int64(stmt, 1, id);
    return db_run(s->db, stmt);
}

enum status
store_wave_close(struct store *s, int64_t id, int64_t now_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_CLOSE);
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, now_ms);
    return sql_one(s, stmt);
}

enum status
store_wave_invite(struct store *s, int64_t id, int more)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_INVITE);
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int(stmt, 2, more);
    return sql_one(s, stmt);
}

enum status
store_waves_expire(struct store *s, int64_t now_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_WAVE_EXPIRE);
    sqlite3_bind_int64(stmt, 1, now_ms);
    return sql_one(s, stmt);
}
