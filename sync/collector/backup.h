#ifndef ANKETA_COLLECTOR_BACKUP_H
#define ANKETA_COLLECTOR_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "collector/home.h"
#include "collector/store/keyslots.h"
#include "collector/store/people_keys.h"
#include "collector/store/store_check.h"

/*
 * Backup: the whole collector as one sealed file, made while it runs.
 *
 * It can be opened with the recovery sheet, with a passphrase, or with either;
 * to make one for the sheet needs no secret. Whatever the size, a few hundred
 * kilobytes of memory do; beside the database a copy of it lies for a while, as
 * readable as the database itself; a killed one leaves it (file_parts_sweep()).
 *
 * Format  "ANKETA BACKUP 1\n"; two bytes of length, big-endian, and so much of
 *         CBOR: [1, made ms, epoch, position, house, sheet key or "", slots];
 *         the start of a stream (seal/stream.h) and its chunks of 64 KiB, each
 *         bound to the hash of all before the stream. Inside: a byte of length
 *         and the name, eight bytes of size, big-endian, the content; file after
 *         file, the keys last, then a name of no length.
 * Errors  STATUS_E_INVALID: cut off or changed. STATUS_E_NOT_FOUND: not a
 *         backup. STATUS_E_UNSUPPORTED: of a later version. STATUS_E_AUTH: the
 *         wrong passphrase or sheet. None of them leaves a trace.
 */
#define BACKUP_HOUSE_MAX_BYTES 1024

struct backup_info {
    int64_t made_ms;
    uint64_t epoch;
    int64_t position; /* batches up to it are in */
    char house[BACKUP_HOUSE_MAX_BYTES + 1];
    bool has_recovery; /* the sheet that opens it: */
    struct seal_public recovery;
    struct keyslots slots;
};

/*
 * Write one to `fd` and sync it. `passphrase` may be NULL. STATUS_NONE: there
 * is neither a passphrase nor a recovery sheet, so nobody could open it.
 */
MUST_CHECK enum status
backup_make(const struct home *home, const char *passphrase, int64_t now_ms,
            int fd, struct backup_info *out);

/*
 * The file of the people's keys (store/people_keys.h), sealed the same way: what
 * names a person in a backup opens with it alone. It belongs beside the backups,
 * one copy, to be replaced when somebody was erased; people who come later are
 * covered by an older copy, too.
 */
MUST_CHECK enum status
backup_make_people(const struct home *home, const char *passphrase,
                   int64_t now_ms, int fd, struct backup_info *out);
/* Read one. *out: people_keys_clear(). */
MUST_CHECK enum status
backup_read_people(int fd, const struct keyslots_opener *opener,
                   struct people_keys *out);

/* That a backup of this position is in safe hands: kiosks may forget what it
 * covers. Nothing happens if the epoch is another by now. */
MUST_CHECK enum status
backup_cover(struct store *writer, const struct backup_info *info,
             int64_t now_ms);

/* Who can open it, and what it is. Nothing of this is authenticated yet. */
MUST_CHECK enum status
backup_inspect(int fd, struct backup_info *out);

/* What is inside. */
struct backup_inside {
    struct store_contents holds;
    bool keys_open;      /* the sheet, or nothing, opened the keys */
    const char *damaged; /* the file that is no good; NULL: all are */
};

/*
 * Read and check all of it, and what is inside: every database by store_check(),
 * the keys by reading them. `dir` NULL: keep nothing. Else a collector is made
 * there, of a new epoch. STATUS_E_CONFLICT: there is one already. `people` opens
 * what names people: those whose keys it has not are left out. NULL where there
 * is somebody: STATUS_NONE, and nothing is made.
 * STATUS_E_INVALID with out_inside->damaged: the file is whole, but what was
 * packed is not sound.
 *
 * To check needs room for the largest database in the folder of temporary files
 * (TMPDIR); there it has no name but for the moment in which it is opened.
 */
MUST_CHECK enum status
backup_read(int fd, const struct keyslots_opener *opener,
            const struct people_keys *people, const char *dir,
            struct backup_info *out, struct backup_inside *out_inside);

#endif
