#include "collector/ingest/submission.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "collector/ingest/answers.h"
#include "collector/store/store_openrosa.h"

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
    char encrypted[8];
    const char *end = xml + len;
    const char *tag = skip_to_root(xml, end);
    const char *close = tag ? memchr(tag, '>', (size_t)(end - tag)) : NULL;
    if (!close
        || !attribute(tag, close, "id", out->form_id, sizeof(out->form_id))
        || !attribute(tag, close, "version", out->version, sizeof(out->version))
        || !attribute(tag, close, "encrypted", encrypted, sizeof(encrypted))
        || out->form_id[0] == '\0') {
        return STATUS_E_INVALID;
    }
    out->encrypted = strcmp(encrypted, "yes") == 0;
    return STATUS_OK;
}

/* --- opening -------------------------------------------------------------- */

struct submission_opened {
    const struct submission *in;
    struct catalogue *catalogue;
    struct store_wave wave;
    const struct catalogue_form *form;
    struct arena arena;
    struct answers answers;
    size_t files_named; /* by the answers */
};

static bool
takes(const struct store_wave *w, int64_t person)
{
    return w->closed_ms == 0
           && (w->kind == RECORD_ANONYMOUS
               || (w->kind == RECORD_NAMED && person != 0));
}

/* *out is cleared by the caller. */
static enum status
find_wave(struct store *s, const struct submission_root *root, int64_t person,
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
        if (takes(&waves[i], person)) {
            *out = waves[i];
            waves[i] = (struct store_wave){0}; /* moved */
            found = STATUS_OK;
            break;
        }
        bool named = waves[i].closed_ms == 0 && waves[i].kind == RECORD_NAMED;
        found =
            named || found == STATUS_E_AUTH ? STATUS_E_AUTH : STATUS_E_STALE;
    }
    store_waves_free(waves, count);
    return st < 0 ? st : found;
}

/* Is `name` one of the file names in the answers? With NULL, count them. */
static size_t
named_files(const struct submission_opened *o, const char *name)
{
    size_t n = 0;
    for (size_t f = 0; f < o->form->field_count; f++) {
        const char *at = o->form->field[f].is_file ? o->answers.cell[f] : NULL;
        while (at && *at) {
            const char *part = strchr(at, ANSWERS_PART);
            size_t len = part ? (size_t)(part - at) : strlen(at);
            n += !name || (strlen(name) == len && memcmp(name, at, len) == 0);
            at = part ? part + 1 : NULL;
        }
    }
    return n;
}

/* Collect's own log of who touched what and when; nobody wants to keep it. */
static bool
is_ignored(const struct submission_file *f)
{
    return strcmp(f->name, "audit.csv") == 0;
}

static enum status
check_files(const struct submission_opened *o, struct diag *d)
{
    const struct submission *in = o->in;
    bool anonymous = o->wave.kind == RECORD_ANONYMOUS;
    if (anonymous && (o->files_named > 0 || in->files > 0)) {
        return diag_add(d, DIAG_ERROR, NULL,
                        N_("this questionnaire is anonymous and takes no "
                           "files: a photograph or the time in its name would "
                           "tell who answered"));
    }
    for (size_t i = 0; i < in->files; i++) {
        const char *name = in->file[i].name;
        if (strlen(name) > SUBMISSION_FILE_NAME_MAX_BYTES || strchr(name, '/')
            || strchr(name, '\\')) {
            return diag_add(d, DIAG_ERROR, NULL,
                            N_("the name of a file is too long or has a slash "
                               "in it"));
        }
        if (!is_ignored(&in->file[i]) && named_files(o, name) == 0) {
            return diag_add(d, DIAG_ERROR, NULL,
                            N_("no question of the form names the file “%s”"),
                            name);
        }
    }
    return STATUS_OK;
}

static enum status
open_root(struct store *reader, struct submission_opened *o, struct diag *d)
{
    struct submission_root root;
    enum status st = submission_read_root(o->in->xml, o->in->len, &root);
    if (st < 0) {
        return diag_add(d, DIAG_ERROR, NULL,
                        N_("this is no submission: its root element has no "
                           "id of a form"));
    }
    if (root.encrypted) {
        (void)diag_add(d, DIAG_ERROR, NULL,
                       N_("encrypted submissions are not supported: take the "
                          "public key out of the form; the way here is "
                          "encrypted by TLS"));
        return STATUS_E_UNSUPPORTED;
    }
    return find_wave(reader, &root, o->in->person, &o->wave);
}

enum status
submission_open(struct store *reader, struct catalogue *catalogue,
                const struct submission *in, struct diag *d,
                struct submission_opened **out)
{
    *out = NULL;
    struct submission_opened *o = calloc(1, sizeof(*o));
    if (!o) {
        return log_oom("ingest");
    }
    o->in = in;
    o->catalogue = catalogue;
    arena_init(&o->arena, ARENA_MAX_BYTES);
    enum status st = open_root(reader, o, d);
    if (st == STATUS_OK) {
        st = catalogue_take_wave(catalogue, reader, &o->wave, &o->form);
    }
    if (st == STATUS_OK) {
        st = answers_parse(o->form, in->xml, in->len,
                           o->wave.kind == RECORD_ANONYMOUS, &o->arena, d,
                           &o->answers);
    }
    const char *instance = o->answers.instance_id;
    if (st == STATUS_OK && instance[strspn(instance, " \t\r\n")] == '\0') {
        st = diag_add(d, DIAG_ERROR, NULL,
                      N_("the submission has no instanceID"));
    }
    if (st == STATUS_OK) {
        o->files_named = named_files(o, NULL);
        st = check_files(o, d);
    }
    if (st < 0) {
        submission_free(o);
        return st;
    }
    *out = o;
    return STATUS_OK;
}

void
submission_free(struct submission_opened *o)
{
    if (o) {
        catalogue_give(o->catalogue, o->form);
        store_wave_clear(&o->wave);
        arena_deinit(&o->arena);
        free(o);
    }
}

/* --- taking in ------------------------------------------------------------ */

static enum status
store_anonymous(const struct submission_opened *o, struct store *w)
{
    const struct store_rows rows = {
        .cell = o->answers.cell, .rows = 1, .fields = o->form->field_count};
    enum status st = store_answers_add(w, o->wave.id, &rows);
    if (st == STATUS_OK) {
        st = store_tally_add(w, o->wave.id, o->answers.tally,
                             o->answers.tally_count);
    }
    return st;
}

struct kept {
    size_t files;
    size_t bytes;
};

static enum status
count_file(void *self, int64_t person, const char *name, const void *data,
           size_t len)
{
    (void)person;
    (void)name;
    (void)data;
    struct kept *kept = self;
    kept->files++;
    kept->bytes += len;
    return STATUS_OK;
}

/* Keep the files, and tell the outbox that the answer is to go, later if some
 * are still to come. */
static enum status
store_files(const struct submission_opened *o, struct store *w, int64_t now_ms)
{
    const struct submission *in = o->in;
    struct kept kept = {0};
    enum status st = STATUS_OK;
    for (size_t i = 0; st == STATUS_OK && i < in->files; i++) {
        if (!is_ignored(&in->file[i])) {
            st = store_file_put(w, o->wave.id, in->person, in->file[i].name,
                                in->file[i].data, in->file[i].len);
        }
    }
    if (st == STATUS_OK) {
        st = store_files_each(w, o->wave.id, in->person, false, count_file,
                              &kept);
    }
    if (st == STATUS_OK && kept.bytes > SUBMISSION_FILES_MAX_BYTES) {
        st = STATUS_E_LIMIT;
    }
    if (st == STATUS_OK) {
        st = store_forward_put(w, o->wave.id, in->person,
                               kept.files < o->files_named
                                   ? now_ms + SUBMISSION_FILES_WAIT_MS
                                   : 0);
    }
    return st;
}

/* The files of an earlier answer go with it. */
static enum status
store_named_answer(const struct submission_opened *o, struct store *w,
                   int64_t now_ms)
{
    const struct submission *in = o->in;
    enum status st =
        store_named_put(w, o->wave.id, in->person, in->xml, in->len);
    if (st >= 0) {
        st = store_files_drop(w, o->wave.id, in->person);
    }
    return st == STATUS_OK ? store_files(o, w, now_ms) : st;
}

/* More files for the answer that is there; for an older one they are late. */
static enum status
add_files(const struct submission_opened *o, struct store *w, int64_t now_ms)
{
    struct buf xml;
    buf_init(&xml, o->in->len + 1);
    enum status st = store_named(w, o->wave.id, o->in->person, &xml);
    bool same = st == STATUS_OK && xml.len == o->in->len
                && memcmp(xml.data, o->in->xml, xml.len) == 0;
    buf_deinit(&xml);
    if (st < 0 && st != STATUS_E_LIMIT) {
        return st;
    }
    return same ? store_files(o, w, now_ms) : STATUS_OK;
}

static enum status
store_new(const struct submission_opened *o, struct store *w, int64_t now_ms,
          const struct seal_hash id[2])
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st >= 0 && i < 2; i++) {
        st = store_seen_add(w, &id[i]);
    }
    if (st < 0) {
        return st;
    }
    return o->wave.kind == RECORD_ANONYMOUS ? store_anonymous(o, w)
                                            : store_named_answer(o, w, now_ms);
}

enum status
submission_commit(const struct submission_opened *o, struct store *writer,
                  int64_t now_ms)
{
    const char *instance = o->answers.instance_id;
    struct seal_hash id[2];
    seal_hash(o->in->xml, o->in->len, NULL, 0, &id[0]);
    seal_hash(instance, strlen(instance), NULL, 0, &id[1]);
    bool same = false;
    bool known = false;
    enum status st = store_begin(writer);
    if (st == STATUS_OK) {
        st = store_seen(writer, &id[0], &same);
    }
    if (st == STATUS_OK) {
        st = store_seen(writer, &id[1], &known);
    }
    if (st == STATUS_OK && same && o->in->files > 0) {
        st = add_files(o, writer, now_ms);
    } else if (st == STATUS_OK && !same) {
        st = known ? STATUS_E_CONFLICT : store_new(o, writer, now_ms, id);
    }
    if (st == STATUS_OK) {
        st = store_commit(writer);
    }
    store_rollback(writer);
    return st == STATUS_OK && same ? STATUS_REPEAT : st;
}
