#ifndef ANKETA_STORE_PAGES_H
#define ANKETA_STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "seal/seal.h"

/*
 * Pages: a file of pages, several of which change together or not at all, for
 * one sync of the disk.
 *
 *   page 0        what the owner of the file wants to know about it
 *   page 1        head of the redo log
 *   288 pages     redo log
 *   the rest      what the file is for
 *
 * A change is collected in memory, written to the redo log in one piece (the
 * head, locked, names the pages and carries their hash), and synced: from here
 * on it is made, whatever happens (pages_commit). Then the pages are written
 * where they belong, synced, and the log is overwritten with random bytes and
 * synced (pages_finish). Whoever takes the lock next does that if the writer did
 * not live to. A torn log has the wrong hash and counts as none. Since whole
 * pages are restored, a disk may spoil the whole page it was writing when the
 * power went.
 *
 * Why not SQLite: its rollback journal needs four syncs and two truncations
 * before an answer is safe, its WAL keeps what was deleted and in which order.
 * The file's handling (locks, short reads, sync) is SQLite's all the same: this
 * speaks to the disk through its VFS, so a test can cut the power.
 *
 * Processes   A writer holds the lock; another waits up to PAGES_BUSY_MS.
 *             Readers need no lock, but may then see a page half written.
 * Threads     One at a time.
 * Errors      Logged here with the path. STATUS_E_FULL: nothing has changed.
 */
#define PAGES_BYTES 4096
#define PAGES_CHANGE_MAX 288 /* pages in one change */
#define PAGES_FIRST (2 + PAGES_CHANGE_MAX)
#define PAGES_BUSY_MS 5000
#define PAGES_MAX ((uint32_t)1 << 20)

struct pages;

/* Creates an empty file if there is none. `vfs`: NULL is the default. */
MUST_CHECK enum status
pages_open(const char *path, const char *vfs, struct pages **out);
void
pages_close(struct pages *p);

/* The redo log is locked under it; to be set before pages_lock(). */
void
pages_set_key(struct pages *p, const struct seal_lock_key *key);

/* Whole pages in the file. */
MUST_CHECK enum status
pages_count(struct pages *p, uint32_t *out);

/*
 * Become the only writer, without looking at the redo log: for who makes the
 * file. STATUS_E_BUSY: somebody else is for too long.
 */
MUST_CHECK enum status
pages_lock_raw(struct pages *p);
/* Become the only writer, and finish what another left. */
MUST_CHECK enum status
pages_lock(struct pages *p);
/* The same without waiting. STATUS_E_BUSY: somebody else is. */
MUST_CHECK enum status
pages_lock_if_free(struct pages *p);
/* Without the lock, between two changes of a longer work: who waits for the lock
 * gets it. */
void
pages_yield(void);
/* Forgets what was collected and not committed. NULL-safe, may be repeated. */
void
pages_unlock(struct pages *p);

/* Read `count` pages as they are in the file; what lies beyond its end reads as
 * zeros. */
MUST_CHECK enum status
pages_read(struct pages *p, uint32_t first, uint32_t count, uint8_t *out);

/* With the lock: a page as it will be. Borrowed until the next call. */
MUST_CHECK enum status
pages_view(struct pages *p, uint32_t page, const uint8_t **out);
/* With the lock: the same, to be changed. STATUS_E_LIMIT: PAGES_CHANGE_MAX. */
MUST_CHECK enum status
pages_edit(struct pages *p, uint32_t page, uint8_t **out);
/* Pages collected so far. */
size_t
pages_edited(const struct pages *p);

/* With the lock. STATUS_OK: the change is made. The rest of the work may be
 * left to pages_finish() or to the next pages_lock(), here or elsewhere. */
MUST_CHECK enum status
pages_commit(struct pages *p);
/* With the lock: write the committed change where it belongs, and wipe. */
MUST_CHECK enum status
pages_finish(struct pages *p);

/*
 * With the lock: write new pages beyond all that is in use, all at once or some
 * at a time, then sync them. Nobody looks at them until a change says that they
 * are there. After a failure pages_cut() gives the room back.
 */
MUST_CHECK enum status
pages_append(struct pages *p, uint32_t first, uint32_t count,
             const uint8_t *data);
MUST_CHECK enum status
pages_sync(struct pages *p);
void
pages_cut(struct pages *p, uint32_t count);

/* Moves when another process has changed the file. */
MUST_CHECK enum status
pages_version(struct pages *p, int64_t *out);

/* Bytes that look random to everybody. */
void
pages_noise(uint8_t *out, size_t len);

#endif
