#ifndef ANKETA_MATCHING_BALLOTS_JSON_H
#define ANKETA_MATCHING_BALLOTS_JSON_H

#include <jansson.h>

#include "base/diag.h"
#include "base/status.h"
#include "collector/matching/ballots.h"

/*
 * Ballots as JSON: what `anketa-collector count` reads.
 *
 *   {"kind": "ranked" | "approval" | "stv", "candidates": 5 or ["a", …],
 *    "seats": 2, "ballots": [[[3], [0, 4], [1]], …]}
 *
 * A ranked ballot is a list of groups of equals, best first; an approval ballot
 * a plain list. Candidates are numbers from 0, or their names where these are
 * given. Members not named here are ignored.
 *
 * Errors  Everything found is told in `d`; STATUS_E_INVALID.
 */
enum ballots_kind {
    BALLOTS_RANKED,
    BALLOTS_APPROVAL,
    BALLOTS_STV,
};

struct ballots_json {
    enum ballots_kind kind;
    uint32_t seats; /* 1 if not given */
    struct ballots ballots;
    json_t *names;  /* owned: array of candidates' names, or NULL */
    uint32_t blank; /* ballots that name nobody */
};

MUST_CHECK enum status
ballots_json_read(json_t *root, struct diag *d, struct ballots_json *out);

void
ballots_json_deinit(struct ballots_json *b);

/*
 * Count by every rule of the kind, as JSON: sets of winners under the rules'
 * names (null: not defined, or too many ties), the pairwise table, the rounds
 * of STV, and "decision": the winners of the rule that the meeting goes by,
 * with ties broken by lottery only if `seed` is given.
 */
MUST_CHECK enum status
ballots_json_count(const struct ballots_json *b, const uint64_t *seed,
                   json_t **out);

#endif
