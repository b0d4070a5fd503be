#ifndef ANKETA_COLLECTOR_STORE_PEOPLE_FILE_H
#define ANKETA_COLLECTOR_STORE_PEOPLE_FILE_H

#include <stdbool.h>

#include "base/status.h"

/*
 * People file: opens the two databases of a collector as one. Only for this
 * folder.
 *
 * people.db, beside collector.db, has everything that names a person. It is the
 * connection's first file and collector.db the second, so that a crash in the
 * middle of a commit may leave a named answer that collector.db has not counted
 * (the kiosk sends it again, and it is a repeat), and never the other way.
 */
struct db;

/* `path` is that of collector.db. Brings both up to date and moves people out
 * of a collector.db from before. `readonly`: does so only if there is no
 * people.db yet. */
MUST_CHECK enum status
people_file_open(const char *path, bool readonly, const char *vfs,
                 struct db **out);

#endif
