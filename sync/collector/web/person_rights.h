#ifndef ANKETA_COLLECTOR_WEB_PERSON_RIGHTS_H
#define ANKETA_COLLECTOR_WEB_PERSON_RIGHTS_H

#include "collector/store/store_banks.h"
#include "collector/web/visit.h"

/*
 * Person rights: what a person agreed to and how she leaves, as a part of her
 * page at the desk.
 */

/* Consents with their texts, a form for one on paper, and the erasure. */
void
person_rights_part(struct visit *v, const struct store_person *p,
                   const char *path);

/* Handles a form of that part; false: it is none. Answers the request but for
 * *out_fault, which the page shows. */
bool
person_rights_change(struct visit *v, const struct store_person *p,
                     const char *path, const char **out_fault);

#endif
