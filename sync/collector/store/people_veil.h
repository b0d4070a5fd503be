#ifndef ANKETA_COLLECTOR_STORE_PEOPLE_VEIL_H
#define ANKETA_COLLECTOR_STORE_PEOPLE_VEIL_H

#include "collector/store/people_keys.h"

/*
 * People veil: a copy of people.db in which everything that names a person is
 * sealed under her own key (schema/people_veil.sql).
 *
 * Threads  The file must be nobody else's.
 */

/* Seal all of it, and leave no free page. */
MUST_CHECK enum status
people_veil_seal(const char *path, const struct people_keys *keys);

/* Open it. People whose key was destroyed are removed, with all of theirs; `keys`
 * NULL: everybody. A file that is not sealed stays as it is. */
MUST_CHECK enum status
people_veil_open(const char *path, const struct people_keys *keys);

/* Is it sealed, and with people in it? */
MUST_CHECK enum status
people_veil_needs_keys(const char *path, bool *out);

/* Destroy the keys of all numbers that were given to people who are there no
 * more, in the file `keys_path`; `path` is that of people.db. */
MUST_CHECK enum status
people_veil_forget(const char *path, const char *keys_path);

#endif
