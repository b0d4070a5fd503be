#ifndef ANKETA_XLSFORM_BODY_H
#define ANKETA_XLSFORM_BODY_H

#include "xlsform/survey.h"
#include "xlsform/xml_writer.h"

/*
 * Body: <h:body> of the XForm - controls, groups and repeats in order.
 */
void
body_write(struct survey *s, struct xml_writer *w);

#endif
