#ifndef ANKETA_COLLECTOR_OPENROSA_OPENROSA_H
#define ANKETA_COLLECTOR_OPENROSA_OPENROSA_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/store/store.h"

/*
 * OpenRosa: the documents by which other clients (ODK Collect, Enketo) find
 * forms, fetch them and are answered. docs.getodk.org/openrosa
 *
 * Forms with an open anonymous wave are offered, to a known person those with
 * an open named wave too; of each form the newest version. `base` is the
 * absolute address under which it all is served, "https://host/openrosa/KEY".
 */
#define OPENROSA_CONTENT_MAX_BYTES 10000000

struct openrosa_query {
    const char *base;
    const char *form_id; /* only that form; NULL: all */
    bool all_versions;
    bool verbose; /* with a description */
    bool person;  /* the client is known as a person */
};

/* Append the list of forms. */
MUST_CHECK enum status
openrosa_form_list(struct store *s, const struct openrosa_query *query,
                   struct buf *out);

/* May a client of that kind fetch this form? STATUS_NONE: no. */
MUST_CHECK enum status
openrosa_offers(struct store *s, int64_t form, bool person);

/* Append the list of the form's media. */
MUST_CHECK enum status
openrosa_manifest(struct store *s, int64_t form, const char *base,
                  struct buf *out);

/* Append an answer: `nature` is "submit_success" or "error". */
void
openrosa_message(const char *nature, const char *text, struct buf *out);

#endif
