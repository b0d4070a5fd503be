#ifndef ANKETA_COLLECTOR_WEB_PAGES_PEOPLE_H
#define ANKETA_COLLECTOR_WEB_PAGES_PEOPLE_H

#include "collector/http/request.h"
#include "collector/programme/roster.h"

/*
 * Pages: people. `self` is the desk. All are the coordinator's alone.
 *
 *   /people          list with search (q), by category of staff and by pages
 *   /people/new      one more
 *   /people/slips    POST: the personal codes of those found, as PDF
 *   /people/import   a pasted or saved list: first looked at, then taken in
 *   /people/NUMBER   one of them
 */
void
pages_people_list(void *self, const struct request *rq, struct response *rs);
void
pages_people_slips(void *self, const struct request *rq, struct response *rs);
void
pages_people_one(void *self, const struct request *rq, struct response *rs);

#define PAGES_PEOPLE_IMPORT_MAX_BYTES (ROSTER_FILE_MAX_BYTES + 65536)
void
pages_people_import(void *self, const struct request *rq, struct response *rs);

#endif
