#ifndef ANKETA_XLSFORM_ITEXT_H
#define ANKETA_XLSFORM_ITEXT_H

#include "xlsform/survey.h"
#include "xlsform/xml_writer.h"

/*
 * Itext: the texts of a form that have translations or media.
 *
 * Every text gets every form it has in any language; "-" stands for a missing
 * translation.
 */

/* Whether the label is a reference to itext and not text in place. */
bool
itext_needed(const struct element *e);

/* "jr:itext('/data/q:label')" */
const char *
itext_ref(struct survey *s, const struct element *e, const char *what);

/* Write <itext>, or nothing when no text needs it. */
void
itext_write(struct survey *s, struct xml_writer *w);

#endif
