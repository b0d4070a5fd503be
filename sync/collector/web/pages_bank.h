#ifndef ANKETA_COLLECTOR_WEB_PAGES_BANK_H
#define ANKETA_COLLECTOR_WEB_PAGES_BANK_H

#include "collector/http/request.h"

/*
 * Pages: the banks of mentees and mentors. `self` is the desk. All are the
 * coordinator's alone.
 *
 *   /bank/mentees, /bank/mentors   who is in it; ?topic=&time=&form= shortlists
 *   /bank/mentors.csv, .xlsx       the same as a file (mentees likewise)
 *   /bank/entry/NUMBER             one entry: to be read, changed, ended
 */
void
pages_bank(void *self, const struct request *rq, struct response *rs);

#endif
