#ifndef ANKETA_MATCHING_PROPOSAL_JSON_H
#define ANKETA_MATCHING_PROPOSAL_JSON_H

#include <jansson.h>

#include "base/i18n.h"
#include "base/status.h"
#include "collector/matching/checker.h"
#include "collector/matching/preferences.h"
#include "collector/matching/proposal.h"

/*
 * Proposal as JSON: what `anketa-collector match` writes.
 *
 *   matching       {"e1": "m2", "e2": null, …}
 *   size, stable, size_bound, optimal, score, score_bound (null: unknown)
 *   unmatched      [{"id", "why", "next": "m4" or null}]
 *   blocking       [["e1", "m2"], …], both would rather be together
 *   objective, seed, components, kept (of the previous pairs), closed [ids]
 *   mentees        [{"id", "mentor", "choice", "why", "missed": [{"id",
 *                  "why"}]}]
 *   mentors        [{"id", "mentees": […], "free", "why"}]
 *   certificate    {"deleted": [[e, m, rule, e', m'], …], "cover":
 *                  {"mentees", "mentors"}, "bound"}, for small programmes
 *
 * `stable` and `blocking` come from the checker, not from the algorithms.
 */
#define PROPOSAL_JSON_CERTIFICATE_MAX_PAIRS 20000

MUST_CHECK enum status
proposal_json_write(const struct preferences *p, const struct proposal *x,
                    const struct proposal_options *options, enum i18n_lang lang,
                    json_t **out);

/* What `match --check` writes: weak, strong and super blocking pairs, and what
 * breaks the rules. `proof`: STATUS_NONE none given, STATUS_OK it holds. */
MUST_CHECK enum status
proposal_json_check(const struct preferences *p, const struct checker *c,
                    enum status proof, json_t **out);

#endif
