#ifndef ANKETA_XLSFORM_MODEL_H
#define ANKETA_XLSFORM_MODEL_H

#include "xlsform/survey.h"
#include "xlsform/xml_writer.h"

/*
 * Model: <model> of the XForm - translations, the primary and the secondary
 * instances, binds and actions.
 */
void
model_write(struct survey *s, struct xml_writer *w);

/* Namespace declarations of the root element. */
void
model_write_namespaces(struct survey *s, struct xml_writer *w);

#endif
