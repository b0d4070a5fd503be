#ifndef ANKETA_COLLECTOR_OPENROSA_OPENROSA_H
#define ANKETA_COLLECTOR_OPENROSA_OPENROSA_H

#include "base/buf.h"
#include "base/status.h"
#include "collector/store/store.h"

/*
 * OpenRosa: the documents by which other clients (ODK Collect, Enketo) find
 * forms, fetch them and are answered. docs.getodk.org/openrosa
 *
 * Only forms with an open anonymous wave are offered, the newest version of
 * each. `base` is the absolute address under which it all is served,
 * "https://host/openrosa/KEY".
 */
#define OPENROSA_CONTENT_MAX_BYTES 10000000

/* Append the list of forms; only that one if `form_id` is not NULL. */
MUST_CHECK enum status
openrosa_form_list(struct store *s, const char *base, const char *form_id,
                   struct buf *out);

/* Append the list of the form's media. */
MUST_CHECK enum status
openrosa_manifest(struct store *s, int64_t form, const char *base,
                  struct buf *out);

/* Append an answer: `nature` is "submit_success" or "error". */
void
openrosa_message(const char *nature, const char *text, struct buf *out);

#endif
