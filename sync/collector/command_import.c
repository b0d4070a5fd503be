/* anketa-collector import: batches that came on a USB stick, and receipts and
 * the library for the way back. May run while the server does. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/ingest/codes.h"
#include "collector/ingest/ingest.h"
#include "collector/web/carried.h"
#include "wire/batch.h"
#include "wire/bundle.h"
#include "wire/receipt.h"
#include "wire/stick.h"

#define FILE_MODE 0600

struct import {
    struct home home;
    struct store *reader;
    struct store *writer;
    struct ingest ingest;
    struct buf dir;   /* "<stick>/anketa" */
    size_t batches;   /* taken in */
    size_t records;   /* in them, repeats too */
    size_t refused;   /* records */
    size_t strangers; /* batches of kiosks that are not enrolled */
    size_t foreign;   /* files that are no batch */
};

static enum status
write_beside(struct import *im, const char *name, const struct buf *data)
{
    struct buf path;
    buf_init(&path, HOME_PATH_MAX);
    buf_printf(&path, "%s/%s", im->dir.data, name);
    enum status st = buf_status(&path);
    if (st == STATUS_OK) {
        st = file_replace(path.data, data->data, data->len, FILE_MODE);
    }
    buf_deinit(&path);
    return st;
}

/* What goes back on the stick. */
static enum status
write_back(struct import *im, const struct carried *c,
           const struct buf *receipt)
{
    char name[STICK_NAME_BYTES];
    struct buf library;
    buf_init(&library, BUNDLE_MAX_BYTES + SEAL_OVERHEAD_BYTES);
    enum status st = write_beside(im, c->receipt_name, receipt);
    if (st == STATUS_OK) {
        st = carried_library(&im->home, im->reader, &c->kiosk, &library);
    }
    if (st == STATUS_OK) {
        stick_name(STICK_LIBRARY, &c->kiosk, NULL, name);
        st = write_beside(im, name, &library);
    }
    buf_deinit(&library);
    return st;
}

static enum status
count(struct import *im, const struct carried *c)
{
    im->foreign += c->outcome == CARRIED_FOREIGN;
    im->strangers += c->outcome == CARRIED_STRANGER;
    if (c->outcome != CARRIED_TAKEN) {
        return STATUS_NONE;
    }
    im->batches++;
    im->records += c->records;
    im->refused += c->refused;
    return STATUS_OK;
}

static enum status
import_file(struct import *im, const char *path)
{
    struct carried c;
    struct buf message;
    struct buf receipt;
    buf_init(&message, BATCH_MAX_BYTES);
    buf_init(&receipt, RECEIPT_MAX_BYTES);
    enum status st = file_read(path, &message);
    if (st == STATUS_E_LIMIT) {
        im->foreign++;
        st = STATUS_NONE;
    }
    if (st == STATUS_OK) {
        const struct carried_to to = {&im->home, &im->ingest, im->reader,
                                      im->writer};
        st = carried_take(&to, message.data, message.len, &receipt, &c);
    }
    if (st == STATUS_OK) {
        st = count(im, &c);
    }
    if (st == STATUS_OK) {
        st = write_back(im, &c, &receipt);
    }
    /* Only now: pulled out earlier, the batch is still there to be repeated. */
    if (st == STATUS_OK && unlink(path) != 0) {
        log_warn("import", "%s: could not be removed", path);
    }
    buf_deinit(&receipt);
    buf_deinit(&message);
    return st < 0 ? st : STATUS_OK;
}

static enum status
import_all(struct import *im)
{
    enum status st = STATUS_OK;
    DIR *dir = opendir(im->dir.data);
    if (!dir) {
        return log_errno("import", im->dir.data);
    }
    for (size_t i = 0; i < STICK_MAX_FILES && st == STATUS_OK; i++) {
        /* One thread reads this folder. */
        const struct dirent *entry =
            readdir(dir); /* NOLINT(concurrency-mt-unsafe) */
        if (!entry) {
            break;
        }
        if (stick_is(entry->d_name, STICK_BATCH, NULL)) {
            struct buf path;
            buf_init(&path, HOME_PATH_MAX);
            buf_printf(&path, "%s/%s", im->dir.data, entry->d_name);
            st = buf_status(&path);
            if (st == STATUS_OK) {
                st = import_file(im, path.data);
            }
            buf_deinit(&path);
        }
    }
    closedir(dir);
    return st;
}

static void
print_result(const struct import *im)
{
    enum i18n_lang lang = command_lang();
    (void)printf("%s: %zu\n", i18n_text(lang, "batches taken in"), im->batches);
    (void)printf("%s: %zu\n", i18n_text(lang, "answers in them"), im->records);
    if (im->refused > 0) {
        (void)printf("%s: %zu\n",
                     i18n_text(lang, "answers put aside, see the desk"),
                     im->refused);
    }
    if (im->strangers > 0) {
        (void)printf(
            "%s: %zu\n",
            i18n_text(lang, "batches of kiosks that are not enrolled here"),
            im->strangers);
    }
    if (im->foreign > 0) {
        (void)printf("%s: %zu\n",
                     i18n_text(lang, "files that are not ours, left alone"),
                     im->foreign);
    }
}

static enum status
import(struct import *im, const char *stick)
{
    buf_printf(&im->dir, "%s/" STICK_FOLDER, stick);
    enum status st = home_store(&im->home, true, &im->reader);
    if (st == STATUS_OK) {
        st = home_store(&im->home, false, &im->writer);
    }
    if (st == STATUS_OK) {
        st = catalogue_new(&im->ingest.catalogue);
    }
    if (st == STATUS_OK) {
        st = codes_open(&im->home.keys, im->writer, im->ingest.catalogue);
    }
    if (st == STATUS_OK) {
        im->ingest.keys = &im->home.keys;
        im->ingest.epoch = im->home.identity.epoch;
        st = import_all(im);
    }
    return st;
}

int
command_import(int argc, char **argv)
{
    if (argc != 3) {
        return command_usage(N_("Usage: anketa-collector import FOLDER STICK"));
    }
    static struct import im;
    int code = command_home(argv[1], &im.home);
    if (code != COMMAND_OK) {
        return code;
    }
    buf_init(&im.dir, HOME_PATH_MAX);
    enum status st = import(&im, argv[2]);
    catalogue_free(im.ingest.catalogue);
    store_close(im.reader);
    store_close(im.writer);
    home_close(&im.home);
    buf_deinit(&im.dir);
    print_result(&im); /* what was done before a fault is done */
    return st < 0 ? command_fail_status(st, argv[2]) : COMMAND_OK;
}
