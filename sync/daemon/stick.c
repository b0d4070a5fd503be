#include "daemon/stick.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "daemon/delivery.h"
#include "daemon/talk.h"
#include "store/library.h"
#include "wire/bundle.h"
#include "wire/receipt.h"
#include "wire/stick.h"

#define STICK_FILE_MODE 0600
/* A fresh batch a run: more is a backlog of millions. */
#define NAMES_MAX 256

struct visit {
    struct session *s;
    struct buf dir; /* "<folder>/anketa" */
    char written[NAMES_MAX][STICK_NAME_BYTES];
    size_t written_count;
    struct stick_result *result;
};

static enum status
path_of(const struct visit *v, const char *name, struct buf *out)
{
    buf_init(out, SESSION_PATH_BYTES);
    buf_printf(out, "%s/%s", v->dir.data, name);
    return buf_status(out);
}

static void
remove_file(const struct visit *v, const char *name)
{
    struct buf path;
    if (path_of(v, name, &path) == STATUS_OK && unlink(path.data) != 0) {
        log_warn("stick", "%s: could not be removed", path.data);
    }
    buf_deinit(&path);
}

/* -- what is brought ------------------------------------------------------- */

static enum status
take_receipt(struct visit *v, const char *name)
{
    struct buf path;
    struct buf message;
    buf_init(&message, RECEIPT_MAX_BYTES);
    enum status st = path_of(v, name, &path);
    if (st == STATUS_OK) {
        st = file_read(path.data, &message);
    }
    if (st == STATUS_OK) {
        st = delivery_take_receipt(v->s, &message);
    }
    buf_deinit(&message);
    buf_deinit(&path);
    return st;
}

/* Is it the content that is wrong, and not a disk? */
static bool
content_fault(enum status st)
{
    return st == STATUS_E_INVALID || st == STATUS_E_AUTH || st == STATUS_E_LIMIT
           || st == STATUS_E_UNSUPPORTED;
}

/* Call `take` for each file of ours of that kind; what was taken goes. */
static enum status
take_all(struct visit *v, enum stick_kind kind,
         enum status (*take)(struct visit *v, const char *name))
{
    enum status st = STATUS_OK;
    DIR *dir = opendir(v->dir.data);
    if (!dir) {
        return log_errno("stick", v->dir.data);
    }
    for (size_t i = 0; i < STICK_MAX_FILES && st == STATUS_OK; i++) {
        /* One thread reads this folder. */
        const struct dirent *entry =
            readdir(dir); /* NOLINT(concurrency-mt-unsafe) */
        if (!entry) {
            break;
        }
        if (stick_is(entry->d_name, kind, &v->s->account.kiosk.public_key)) {
            st = take(v, entry->d_name);
            if (content_fault(st)) {
                v->result->foreign++;
                st = STATUS_OK;
            }
        }
    }
    closedir(dir);
    return st;
}

static enum status
on_receipt(struct visit *v, const char *name)
{
    enum status st = take_receipt(v, name);
    if (st == STATUS_OK) {
        v->result->receipts++;
        remove_file(v, name);
    }
    return st;
}

static enum status
install(struct visit *v, const struct buf *bundle)
{
    struct buf path;
    enum status st = talk_path(v->s, "library.db", &path);
    if (st == STATUS_OK) {
        st = library_install(path.data, bundle->data, bundle->len,
                             &v->s->account.collector.sign);
    }
    if (st == STATUS_E_STALE) {
        st = STATUS_OK; /* the network was faster */
    } else if (st == STATUS_OK) {
        st = session_note_library(v->s);
    }
    buf_deinit(&path);
    return st < 0 ? st : STATUS_OK;
}

static enum status
on_library(struct visit *v, const char *name)
{
    struct buf path;
    struct buf box;
    struct buf bundle;
    struct seal_pair pair;
    buf_init(&box, BUNDLE_MAX_BYTES + SEAL_OVERHEAD_BYTES);
    buf_init(&bundle, BUNDLE_MAX_BYTES);
    enum status st = path_of(v, name, &path);
    if (st == STATUS_OK) {
        st = file_read(path.data, &box);
    }
    if (st == STATUS_OK) {
        st = seal_pair_of_signer(&v->s->account.kiosk, &pair);
    }
    if (st == STATUS_OK) {
        st = seal_open(&pair, box.data, box.len, &bundle);
        seal_pair_wipe(&pair);
    }
    if (st == STATUS_OK) {
        st = install(v, &bundle);
    }
    buf_deinit(&bundle);
    buf_deinit(&box);
    buf_deinit(&path);
    return st;
}

/* -- what is taken along ------------------------------------------------------ */

static enum status
write_batch(void *self, const struct seal_hash *id, size_t records,
            const struct buf *message)
{
    struct visit *v = self;
    struct buf path;
    if (v->written_count == NAMES_MAX) {
        return STATUS_NONE; /* the rest next time */
    }
    char *name = v->written[v->written_count];
    stick_name(STICK_BATCH, &v->s->account.kiosk.public_key, id, name);
    enum status st = path_of(v, name, &path);
    if (st == STATUS_OK) {
        st = file_replace(path.data, message->data, message->len,
                          STICK_FILE_MODE);
    }
    if (st == STATUS_OK) {
        v->written_count++;
        v->result->answers += records;
    }
    buf_deinit(&path);
    return st;
}

/* Batches of an earlier visit: what they hold is in the new ones. */
static enum status
on_old_batch(struct visit *v, const char *name)
{
    for (size_t i = 0; i < v->written_count; i++) {
        if (strcmp(v->written[i], name) == 0) {
            return STATUS_OK;
        }
    }
    remove_file(v, name);
    return STATUS_OK;
}

static enum status
exchange(struct visit *v)
{
    enum status st = take_all(v, STICK_LIBRARY, on_library);
    if (st == STATUS_OK) {
        st = outbox_scan(v->s->outbox);
    }
    if (st == STATUS_OK) {
        st = take_all(v, STICK_RECEIPT, on_receipt);
    }
    if (st == STATUS_OK) {
        st = delivery_export(v->s, write_batch, v);
    }
    if (st >= 0) {
        v->result->batches = v->written_count;
        st = take_all(v, STICK_BATCH, on_old_batch);
    }
    return st;
}

/* Why the stick failed, so that whoever holds it knows what to do. */
static enum sync_fault
stick_fault(const struct visit *v, const char *folder, enum status st)
{
    struct statvfs fs;
    struct stat place;
    if (st == STATUS_E_FULL) {
        return SYNC_FAULT_STICK_FULL;
    }
    if (statvfs(folder, &fs) != 0) {
        return SYNC_FAULT_STICK; /* pulled out */
    }
    if ((fs.f_flag & ST_RDONLY) != 0 || access(folder, W_OK) != 0) {
        return SYNC_FAULT_STICK_PROTECTED;
    }
    if (stat(v->dir.data, &place) == 0 && !S_ISDIR(place.st_mode)) {
        return SYNC_FAULT_STICK_NAME;
    }
    return SYNC_FAULT_STICK;
}

enum status
stick_run(struct session *s, const char *folder, struct stick_result *out)
{
    static struct visit v; /* too large for a stack; there is one stick */
    v = (struct visit){.s = s, .result = out};
    *out = (struct stick_result){0};
    if (!s->account.enrolled) {
        return STATUS_NONE;
    }
    /* What the network's fault was is not the stick's. */
    s->state.fault = SYNC_FAULT_NONE;
    talk_detail(s, "");
    buf_init(&v.dir, SESSION_PATH_BYTES);
    buf_printf(&v.dir, "%s/" STICK_FOLDER, folder);
    enum status st = session_open_outbox(s);
    if (st == STATUS_OK && file_exists(folder)) {
        st = file_make_dirs(v.dir.data);
    } else if (st == STATUS_OK) {
        st = STATUS_E_NOT_FOUND;
    }
    if (st == STATUS_OK) {
        file_parts_sweep(v.dir.data); /* it was pulled out half-way */
        st = exchange(&v);
    }
    if (st < 0 && s->state.fault == SYNC_FAULT_NONE) {
        st = talk_fail(s, stick_fault(&v, folder, st), status_name(st), st);
    } else if (st == STATUS_OK) {
        s->state.fault = SYNC_FAULT_NONE;
        talk_detail(s, "");
    }
    session_set_phase(s, s->state.phase);
    buf_deinit(&v.dir);
    return st;
}
