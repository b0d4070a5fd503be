#ifndef ANKETA_COLLECTOR_WEB_PAGES_BACKUP_H
#define ANKETA_COLLECTOR_WEB_PAGES_BACKUP_H

#include "collector/http/request.h"

/*
 * Pages: backup. `self` is the desk.
 *
 *   /backup        when the last one left, and how to restore; POST: one more,
 *                  as a file to save. It covers answers once it has gone out
 *                  whole (coordinator)
 *   /backup/sheet  POST: a new recovery sheet, as PDF to print
 */
void
pages_backup(void *self, const struct request *rq, struct response *rs);
void
pages_backup_sheet(void *self, const struct request *rq, struct response *rs);

#endif
