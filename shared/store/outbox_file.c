#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "store/outbox_private.h"

#define KEY_TRIES 512
#define FIRST_EXTENTS 2
#define KEY_FILE_MODE 0600
#define EXTENT_BYTES ((size_t)OUTBOX_EXTENT_PAGES * PAGES_BYTES)
#define CONTROL_OFFSET 64
#define CONTROL_PLAIN_BYTES 64
#define CONTROL_BOX_BYTES (CONTROL_PLAIN_BYTES + SEAL_LOCK_OVERHEAD_BYTES)

static const char title[CONTROL_OFFSET] = "Anketa outbox 2: sealed answers\n";
static const char sqlite_title[] = "SQLite format 3";
static const char about_control[] = "control";

/* -- slots --------------------------------------------------------------------- */

uint32_t
outbox_page_of(int64_t row)
{
    return PAGES_FIRST + (uint32_t)((row - 1) / OUTBOX_PAGE_SLOTS);
}

size_t
outbox_place_of(int64_t row)
{
    return (size_t)((row - 1) % OUTBOX_PAGE_SLOTS) * SLOT_BOX_BYTES;
}

enum status
outbox_slot_view(struct outbox *ob, int64_t row, struct slot *out)
{
    const uint8_t *page = NULL;
    enum status st = pages_view(ob->pages, outbox_page_of(row), &page);
    return st < 0
               ? st
               : slot_unlock(page + outbox_place_of(row), &ob->key, row, out);
}

enum status
outbox_slot_write(struct outbox *ob, int64_t row, const struct slot *slot)
{
    uint8_t *page = NULL;
    enum status st = pages_edit(ob->pages, outbox_page_of(row), &page);
    ob->ready_row = 0;
    if (st == STATUS_OK) {
        slot_lock(slot, &ob->key, row, page + outbox_place_of(row));
    }
    return st;
}

enum status
outbox_slot_read(struct outbox *ob, int64_t row, struct slot *out)
{
    uint8_t page[PAGES_BYTES];
    enum status st = pages_read(ob->pages, outbox_page_of(row), 1, page);
    if (st == STATUS_OK) {
        st = slot_unlock(page + outbox_place_of(row), &ob->key, row, out);
    }
    if (st == STATUS_E_AUTH) { /* perhaps it was being written */
        st = outbox_lock(ob);
        if (st == STATUS_OK) {
            st = outbox_slot_view(ob, row, out);
        }
        outbox_unlock(ob);
    }
    return st;
}

/* One extent, from the slot after `have`. `data` has room for it. */
static enum status
append_extent(struct outbox *ob, int64_t have, uint8_t *data)
{
    static const struct slot empty; /* SLOT_FREE */
    pages_noise(data, EXTENT_BYTES);
    for (int64_t i = 0; i < OUTBOX_EXTENT_SLOTS; i++) {
        int64_t row = have + i + 1;
        slot_lock(&empty, &ob->key, row,
                  data + (size_t)(i / OUTBOX_PAGE_SLOTS) * PAGES_BYTES
                      + outbox_place_of(row));
    }
    return pages_append(ob->pages, outbox_page_of(have + 1),
                        OUTBOX_EXTENT_PAGES, data);
}

enum status
outbox_slots_append(struct outbox *ob, int64_t have, int64_t add)
{
    if (have + add > OUTBOX_MAX_SLOTS) {
        log_error("outbox", "%lld slots are all it may have",
                  (long long)OUTBOX_MAX_SLOTS);
        return STATUS_E_FULL;
    }
    uint8_t *data = malloc(EXTENT_BYTES);
    enum status st = data ? STATUS_OK : log_oom("outbox");
    for (int64_t at = have; at < have + add && st == STATUS_OK;
         at += OUTBOX_EXTENT_SLOTS) {
        st = append_extent(ob, at, data);
    }
    free(data);
    if (st == STATUS_OK) {
        st = pages_sync(ob->pages);
    }
    if (st < 0) {
        /* One more than is in use: see furnish(). */
        pages_cut(ob->pages, outbox_page_of(have + 1) + 1);
    }
    return st;
}

/* -- page 0 -------------------------------------------------------------------- */

static void
put_i64(uint8_t *at, int64_t value)
{
    for (size_t i = 0; i < 8; i++) {
        at[i] = (uint8_t)((uint64_t)value >> (8 * i));
    }
}

static int64_t
get_i64(const uint8_t *at)
{
    uint64_t value = 0;
    for (size_t i = 8; i > 0; i--) {
        value = value << 8 | at[i - 1];
    }
    return (int64_t)value;
}

static void
control_lock(const struct outbox *ob, const struct outbox_control *control,
             uint8_t *page)
{
    uint8_t plain[CONTROL_PLAIN_BYTES] = {0};
    put_i64(plain, control->slots);
    put_i64(plain + 8, control->to_deal);
    memcpy(page, title, sizeof(title));
    seal_lock(&ob->key, about_control, sizeof(about_control), plain,
              sizeof(plain), page + CONTROL_OFFSET);
}

static enum status
control_unlock(const struct outbox *ob, const uint8_t *page,
               struct outbox_control *out)
{
    uint8_t plain[CONTROL_PLAIN_BYTES];
    enum status st =
        seal_unlock(&ob->key, about_control, sizeof(about_control),
                    page + CONTROL_OFFSET, CONTROL_BOX_BYTES, plain);
    if (st == STATUS_OK) {
        out->slots = get_i64(plain);
        out->to_deal = get_i64(plain + 8);
        if (out->slots <= 0 || out->slots > OUTBOX_MAX_SLOTS
            || out->slots % OUTBOX_EXTENT_SLOTS != 0 || out->to_deal < 0
            || out->to_deal > out->slots) {
            st = STATUS_E_UNSUPPORTED;
        }
    }
    return st;
}

enum status
outbox_control_write(struct outbox *ob, const struct outbox_control *control)
{
    uint8_t *page = NULL;
    enum status st = pages_edit(ob->pages, 0, &page);
    ob->control_version = -1; /* it is what the commit makes of it */
    if (st == STATUS_OK) {
        control_lock(ob, control, page);
    }
    return st;
}

/* The rest of locking, given how the lock itself went. */
static enum status
catch_up(struct outbox *ob, enum status st)
{
    const uint8_t *page = NULL;
    int64_t version = 0;
    if (st == STATUS_OK) {
        st = pages_version(ob->pages, &version);
    }
    /* Only another process can have changed it behind our back. */
    if (st == STATUS_OK && version != ob->control_version) {
        st = pages_view(ob->pages, 0, &page);
        if (st == STATUS_OK) {
            st = control_unlock(ob, page, &ob->control);
        }
        ob->control_version = st == STATUS_OK ? version : -1;
    }
    if (st < 0) {
        outbox_unlock(ob);
    }
    return st;
}

enum status
outbox_lock(struct outbox *ob)
{
    return catch_up(ob, pages_lock(ob->pages));
}

enum status
outbox_lock_if_free(struct outbox *ob)
{
    return catch_up(ob, pages_lock_if_free(ob->pages));
}

void
outbox_unlock(struct outbox *ob)
{
    pages_unlock(ob->pages);
}

enum status
outbox_commit(struct outbox *ob)
{
    enum status st = pages_commit(ob->pages);
    return st < 0 ? st : pages_finish(ob->pages);
}

/* -- opening ------------------------------------------------------------------- */

/* "outbox.db" -> "outbox.key". */
static enum status
key_path(const char *path, struct buf *out)
{
    size_t len = strlen(path);
    if (len > 3 && strcmp(path + len - 3, ".db") == 0) {
        len -= 3;
    }
    buf_put(out, path, len);
    buf_puts(out, ".key");
    return buf_status(out);
}

static enum status
load_key(struct outbox *ob, const char *path)
{
    struct buf bytes;
    buf_init(&bytes, SEAL_LOCK_KEY_BYTES);
    enum status st = file_read(path, &bytes);
    if (st == STATUS_OK && bytes.len != SEAL_LOCK_KEY_BYTES) {
        st = STATUS_E_AUTH;
    }
    if (st == STATUS_OK) {
        memcpy(ob->key.bytes, bytes.data, SEAL_LOCK_KEY_BYTES);
        pages_set_key(ob->pages, &ob->key);
    }
    buf_deinit(&bytes);
    return st;
}

static enum status
key_ready(struct outbox *ob, const char *path)
{
    if (file_exists(path)) {
        return load_key(ob, path);
    }
    seal_lock_key_new(&ob->key);
    pages_set_key(ob->pages, &ob->key);
    return file_replace(path, ob->key.bytes, sizeof(ob->key.bytes),
                        KEY_FILE_MODE);
}

/* A file with no more pages was never finished. */
static uint32_t
unfinished_size(void)
{
    return PAGES_FIRST + FIRST_EXTENTS * OUTBOX_EXTENT_PAGES;
}

/* A file too short to be finished was perhaps finished and then cut short. */
static enum status
check_empty(struct outbox *ob, const char *path, uint32_t pages)
{
    struct slot slot;
    for (int64_t row = 1; outbox_page_of(row) < pages; row++) {
        enum status st = outbox_slot_view(ob, row, &slot);
        bool used = st == STATUS_OK && slot.state != SLOT_FREE;
        buf_wipe(&slot, sizeof(slot));
        if (used) {
            log_error("outbox",
                      "%s has been cut short; it holds answers and is left as "
                      "it is: move it and its key away, or put a copy back",
                      path);
            return STATUS_E_INVALID;
        }
    }
    return STATUS_OK;
}

static enum status
append_noise(struct outbox *ob, uint32_t first, uint32_t count)
{
    size_t len = (size_t)count * PAGES_BYTES;
    uint8_t *data = malloc(len);
    if (!data) {
        return log_oom("outbox");
    }
    pages_noise(data, len);
    enum status st = pages_append(ob->pages, first, count, data);
    free(data);
    return st;
}

/* All that is needed, synced; and then one page more: a file without it was
 * never finished, so nothing was ever put into it. */
static enum status
furnish(struct outbox *ob, const char *path, const char *key, uint32_t pages)
{
    const int64_t slots = (int64_t)FIRST_EXTENTS * OUTBOX_EXTENT_SLOTS;
    uint8_t page[PAGES_BYTES];
    ob->control = (struct outbox_control){.slots = slots};
    enum status st = key_ready(ob, key);
    if (st == STATUS_OK) {
        st = check_empty(ob, path, pages);
    }
    if (st == STATUS_OK) {
        pages_noise(page, sizeof(page));
        control_lock(ob, &ob->control, page);
        st = pages_append(ob->pages, 0, 1, page);
    }
    if (st == STATUS_OK) {
        st = append_noise(ob, 1, PAGES_FIRST - 1);
    }
    if (st == STATUS_OK) {
        st = outbox_slots_append(ob, 0, slots); /* syncs */
    }
    if (st == STATUS_OK) {
        st = append_noise(ob, unfinished_size(), 1);
    }
    return st < 0 ? st : pages_sync(ob->pages);
}

/* Page 0 cannot be unlocked. If slots can, it is not the key that is wrong: the
 * card has lost the page, and the size of the file says how many there are. */
static enum status
rescue_control(struct outbox *ob, uint32_t pages)
{
    struct slot slot;
    enum status st = STATUS_E_AUTH;
    int64_t slots = (int64_t)(pages - PAGES_FIRST) / OUTBOX_EXTENT_PAGES
                    * OUTBOX_EXTENT_SLOTS;
    for (int64_t row = 1; row <= KEY_TRIES && row <= slots && st < 0; row++) {
        st = outbox_slot_view(ob, row, &slot);
    }
    buf_wipe(&slot, sizeof(slot));
    if (st == STATUS_OK) {
        log_warn("outbox", "the first page was damaged; mended");
        ob->control = (struct outbox_control){slots, slots};
        st = outbox_control_write(ob, &ob->control);
    }
    return st < 0 ? st : outbox_commit(ob);
}

static enum status
unlock_file(struct outbox *ob, const char *key, uint32_t pages)
{
    const uint8_t *page = NULL;
    enum status st = file_exists(key) ? load_key(ob, key) : STATUS_E_AUTH;
    if (st == STATUS_OK) {
        st = pages_lock(ob->pages);
    }
    if (st == STATUS_OK) {
        st = pages_view(ob->pages, 0, &page);
    }
    if (st == STATUS_OK) {
        st = control_unlock(ob, page, &ob->control);
        st = st == STATUS_E_AUTH ? rescue_control(ob, pages) : st;
    }
    return st == STATUS_E_LIMIT ? STATUS_E_AUTH : st;
}

/* Is it a file of ours? */
static enum status
check_title(struct outbox *ob, const char *path)
{
    const uint8_t *page = NULL;
    enum status st = pages_view(ob->pages, 0, &page);
    if (st == STATUS_OK
        && memcmp(page, sqlite_title, sizeof(sqlite_title)) == 0) {
        log_error("outbox",
                  "%s was made by an earlier version of Anketa: start that "
                  "version until nothing waits in it, then move the file and "
                  "its key away",
                  path);
        st = STATUS_E_UNSUPPORTED;
    }
    return st;
}

enum status
outbox_file_open(struct outbox *ob, const char *path, const char *vfs)
{
    struct buf key;
    uint32_t pages = 0;
    buf_init(&key, 4096);
    enum status st = key_path(path, &key);
    if (st == STATUS_OK) {
        st = pages_open(path, vfs, &ob->pages);
    }
    if (st == STATUS_OK) {
        st = pages_lock_raw(ob->pages); /* the kiosk and the daemon may meet */
    }
    if (st == STATUS_OK) {
        st = pages_count(ob->pages, &pages);
    }
    if (st == STATUS_OK && pages > 0) {
        st = check_title(ob, path);
    }
    if (st == STATUS_OK && pages <= unfinished_size()) {
        st = furnish(ob, path, key.data, pages);
    } else if (st == STATUS_OK) {
        pages_unlock(ob->pages);
        st = unlock_file(ob, key.data, pages);
    }
    if (ob->pages) {
        pages_unlock(ob->pages);
    }
    if (st == STATUS_E_AUTH) {
        log_error("outbox",
                  "%s: missing, or not the key that %s was made with; put "
                  "the right one back, or move both files away",
                  key.data, path);
    }
    buf_deinit(&key);
    return st;
}
