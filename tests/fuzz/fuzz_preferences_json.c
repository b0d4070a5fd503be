/*
 * Any bytes as preferences: a fault with a reason, or a proposal whose pairs
 * the checker accepts.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "collector/matching/checker.h"
#include "collector/matching/preferences_json.h"
#include "collector/matching/proposal.h"
#include "collector/matching/proposal_json.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
propose(const struct preferences *p)
{
    const struct proposal_options options = {
        .objective = PROPOSAL_MAX_SCORE,
        .seed = 1,
        .steps = 200,
        .threads = 1,
    };
    struct proposal x;
    json_t *result = NULL;
    if (proposal_make(p, &options, &x) < 0) {
        return;
    }
    if (proposal_json_write(p, &x, &options, I18N_RU, &result) >= 0
        && !json_is_true(json_object_get(result, "stable"))) {
        abort();
    }
    json_decref(result);
    proposal_deinit(&x);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct preferences p;
    struct diag d;
    json_t *root = NULL;
    diag_init(&d, I18N_RU);
    enum status st =
        preferences_json_parse((const char *)data, size, "in", &d, &root);
    if (st >= 0) {
        st = preferences_json_read(root, &d, &p);
        if (st >= 0) {
            propose(&p);
            preferences_deinit(&p);
        } else if (st == STATUS_E_INVALID && d.errors == 0) {
            abort();
        }
    }
    json_decref(root);
    diag_deinit(&d);
    return 0;
}
