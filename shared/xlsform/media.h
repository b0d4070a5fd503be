#ifndef ANKETA_XLSFORM_MEDIA_H
#define ANKETA_XLSFORM_MEDIA_H

#include "xlsform/survey.h"

/*
 * Media: parameters of the questions that a kiosk does not ask - photos,
 * sound, places, audit logs - carried through for other OpenRosa clients.
 */

/* Check e->params by e->type and put them where they belong. */
void
media_add(struct survey *s, struct element *e);

void
media_add_audit(struct survey *s, struct element *e);

/* Once the tree is complete: what reference-geometry names exists. */
void
media_check_references(struct survey *s);

#endif
