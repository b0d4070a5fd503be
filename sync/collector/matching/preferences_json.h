#ifndef ANKETA_MATCHING_PREFERENCES_JSON_H
#define ANKETA_MATCHING_PREFERENCES_JSON_H

#include <jansson.h>

#include "base/diag.h"
#include "base/status.h"
#include "collector/matching/checker.h"
#include "collector/matching/preferences.h"

/*
 * Preferences as JSON: what `anketa-collector match` reads.
 *
 *   {"mentees": [{"id": "e1", "prefs": [["m2"], ["m1", "m3"]]}, ...],
 *    "mentors": [{"id": "m1", "capacity": 2, "min": 2, "prefs": [...]}, ...],
 *    "score": {"m1": {"e1": 70, ...}, ...},
 *    "locks": {"forced": [["e5", "m4"]], "forbidden": [["e1", "m2"]]},
 *    "previous": {"e1": "m2", "e2": null, ...}}
 *
 * `prefs` is a list of groups of equals, best first. `min`, `score`, `locks`
 * and `previous` may be left out; members not named here are ignored. Numbers
 * are whole.
 *
 * Errors   Everything found is told in `d`; STATUS_E_INVALID.
 */
#define PREFERENCES_JSON_MAX_BYTES ((size_t)256 * 1024 * 1024)

/* Parse the text; the value is the caller's (json_decref). */
MUST_CHECK enum status
preferences_json_parse(const char *data, size_t len, const char *file,
                       struct diag *d, json_t **out_root);

MUST_CHECK enum status
preferences_json_read(const json_t *root, struct diag *d,
                      struct preferences *out);

/* A finished matching, {"matching": {"e1": "m2", "e2": null, ...}}: the mentor
 * row of every mentee row, allocated with malloc. */
MUST_CHECK enum status
preferences_json_read_matching(const json_t *root, const struct preferences *p,
                               struct diag *d, uint32_t **out_mentor_of);

/* The "certificate" of a result, in rows; free with _proof_free. STATUS_NONE
 * when there is none. */
struct preferences_json_proof {
    struct checker_step *step;
    unsigned char *mentee_cover;
    unsigned char *mentor_cover;
    struct checker_proof proof;
};

MUST_CHECK enum status
preferences_json_read_proof(const json_t *root, const struct preferences *p,
                            struct diag *d, struct preferences_json_proof *out);

void
preferences_json_proof_free(struct preferences_json_proof *proof);

#endif
