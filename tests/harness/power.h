#ifndef ANKETA_TESTS_POWER_H
#define ANKETA_TESTS_POWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Power: an SQLite VFS over a disk in memory that loses its power, or fails,
 * at the n-th change.
 *
 * A change is a write, truncate, sync, delete or creation. Until it is synced
 * a change is only promised: when the power goes, of each write any of its
 * 512-byte sectors may be on the disk, or be garbage, whatever the order
 * they were made in; a truncation, a new name or a deletion may be or not.
 * From then on every call fails until power_restore().
 *
 * Register once, open databases with vfs = POWER_VFS, one at a time.
 *
 * Threads  One.
 */
#define POWER_VFS "power"

enum power_fault {
    POWER_CUT,  /* the machine stops */
    POWER_FULL, /* this one call finds the disk full */
    POWER_ERROR /* this one call fails */
};

/* Makes the VFS known to SQLite; false if that fails. */
bool
power_register(void);

/* Forget all files; `seed` decides what survives the cuts to come. */
void
power_reset(uint64_t seed);

/* Give all memory back. */
void
power_free(void);

/* Let the `after`-th change from now on (1: the next) go wrong. 0: none. */
void
power_arm(enum power_fault fault, size_t after);

/* Until the next reset, a sector that is torn takes the whole page of 4096 bytes
 * with it, whoever wrote the rest of it. */
void
power_spoil_pages(void);

/* Did the armed fault strike? */
bool
power_struck(void);

/* Changes made since power_arm(). */
size_t
power_changes(void);

/* Switch on again after a cut: the files are what survived. */
void
power_restore(void);

/* The bytes of a file as the program sees it; NULL if there is none. Borrowed
 * until the next change. */
const uint8_t *
power_bytes(const char *name, size_t *out_len);

/* Keep the files as they are (all databases closed), and come back to them as
 * often as wanted; `seed` as in power_reset(). */
void
power_save(void);
void
power_load(uint64_t seed);

#endif
