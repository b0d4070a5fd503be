#include "collector/ingest/submission.h"

#include <string.h>

#include "base/arena.h"
#include "collector/ingest/answers.h"

#define ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* --- the root element ----------------------------------------------------- */

static const char *
skip_to_root(const char *at, const char *end)
{
    while (at < end) {
        at = memchr(at, '<', (size_t)(end - at));
        if (!at || at + 1 >= end) {
            return NULL;
        }
        if (at[1] != '?' && at[1] != '!') {
            return at;
        }
        at++;
    }
    return NULL;
}

/* The value of one attribute of the start tag [from, to); "" without it. False
 * if it is too long or written with references. */
static bool
attribute(const char *from, const char *to, const char *name, char *out,
          size_t size)
{
    size_t len = strlen(name);
    out[0] = '\0';
    for (const char *at = from; at + len + 2 < to; at++) {
        bool here = strchr(" \t\r\n", at[0]) && memcmp(at + 1, name, len) == 0
                    && at[len + 1] == '='
                    && (at[len + 2] == '"' || at[len + 2] == '\'');
        if (!here) {
            continue;
        }
        const char *value = at + len + 3;
        const char *quote = memchr(value, at[len + 2], (size_t)(to - value));
        size_t n = quote ? (size_t)(quote - value) : size;
        if (n >= size || memchr(value, '&', n)) {
            return false;
        }
        memcpy(out, value, n);
        out[n] = '\0';
        return true;
    }
    return true;
}

enum status
submission_read_root(const char *xml, size_t len, struct submission_root *out)
{
    const char *end = xml + len;
    const char *tag = skip_to_root(xml, end);
    const char *close = tag ? memchr(tag, '>', (size_t)(end - tag)) : NULL;
    if (!close
        || !attribute(tag, close, "id", out->form_id, sizeof(out->form_id))
        || !attribute(tag, close, "version", out->version, sizeof(out->version))
        || out->form_id[0] == '\0') {
        return STATUS_E_INVALID;
    }
    return STATUS_OK;
}

/* --- taking in ------------------------------------------------------------ */

/* The newest open anonymous wave of that form; *out is cleared by the caller.
 */
static enum status
find_wave(struct store *s, const struct submission_root *root,
          struct store_wave *out)
{
    struct store_wave *waves = NULL;
    size_t count = 0;
    enum status st = store_waves(s, &waves, &count);
    enum status found = STATUS_E_NOT_FOUND;
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        if (strcmp(waves[i].form_id, root->form_id) != 0
            || strcmp(waves[i].version, root->version) != 0) {
            continue;
        }
        if (waves[i].closed_ms != 0 || waves[i].kind != RECORD_ANONYMOUS) {
            found = STATUS_E_STALE;
            continue;
        }
        *out = waves[i];
        waves[i] = (struct store_wave){0}; /* moved */
        found = STATUS_OK;
        break;
    }
    store_waves_free(waves, count);
    return st < 0 ? st : found;
}

static enum status
store_it(struct store *w, const struct store_wave *wave,
         const struct catalogue_form *form, const struct answers *a,
         const struct seal_hash id[2])
{
    const struct store_rows rows = {
        .cell = a->cell, .rows = 1, .fields = form->field_count};
    bool same = false;
    bool instance = false;
    enum status st = store_begin(w);
    if (st == STATUS_OK) {
        st = store_seen(w, &id[0], &same);
    }
    if (st == STATUS_OK) {
        st = store_seen(w, &id[1], &instance);
    }
    if (st < 0 || same || instance) {
        store_rollback(w);
        return st < 0 ? st : same ? STATUS_REPEAT : STATUS_E_CONFLICT;
    }
    for (size_t i = 0; st == STATUS_OK && i < 2; i++) {
        st = store_seen_add(w, &id[i]);
    }
    if (st == STATUS_OK) {
        st = store_answers_add(w, wave->id, &rows);
    }
    if (st == STATUS_OK) {
        st = store_tally_add(w, wave->id, a->tally, a->tally_count);
    }
    if (st == STATUS_OK) {
        st = store_commit(w);
    }
    store_rollback(w);
    return st;
}

enum status
submission_take(struct store *reader, struct store *writer,
                struct catalogue *catalogue, const char *xml, size_t len)
{
    struct submission_root root;
    struct store_wave wave = {0};
    struct arena arena;
    struct answers a;
    const struct catalogue_form *form = NULL;
    arena_init(&arena, ARENA_MAX_BYTES);
    enum status st = submission_read_root(xml, len, &root);
    if (st == STATUS_OK) {
        st = find_wave(reader, &root, &wave);
    }
    if (st == STATUS_OK) {
        st = catalogue_take(catalogue, reader, wave.form, &form);
    }
    if (st == STATUS_OK) {
        st = answers_parse(form, xml, len, true, &arena, &a);
    }
    if (st == STATUS_OK && *a.instance_id == '\0') {
        st = STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        struct seal_hash id[2];
        seal_hash(xml, len, NULL, 0, &id[0]);
        seal_hash(a.instance_id, strlen(a.instance_id), NULL, 0, &id[1]);
        st = store_it(writer, &wave, form, &a, id);
    }
    catalogue_give(catalogue, form);
    store_wave_clear(&wave);
    arena_deinit(&arena);
    return st;
}
