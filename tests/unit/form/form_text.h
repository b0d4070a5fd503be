#ifndef ANKETA_TESTS_FORM_TEXT_H
#define ANKETA_TESTS_FORM_TEXT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/diag.h"
#include "form/filling.h"
#include "form/form.h"

/*
 * Form text: small forms written in a test, loaded in one call.
 *
 * `model` is what stands in <model> after the primary instance, `data` what
 * stands in its root, `body` what stands in <h:body>.
 */
enum status
form_text_load(const char *data, const char *model, const char *body,
               struct diag *d, struct form **out);

/* Set the answer at a path; the status of filling_set. */
enum status
form_text_set(struct filling *f, const char *path, const char *value);

/* Value at a path, "(irrelevant)" or "(none)". */
const char *
form_text_get(struct filling *f, const char *path);

#endif
