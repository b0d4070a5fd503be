/*
 * Any bytes as a profile of ballots: a fault with a reason, or a count.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "collector/matching/ballots_json.h"
#include "collector/matching/preferences_json.h"

/* Every approval rule on many candidates would take seconds a run. */
#define CANDIDATES_MAX 8

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ballots_json b;
    struct diag d;
    json_t *root = NULL;
    json_t *result = NULL;
    diag_init(&d, I18N_RU);
    enum status st =
        preferences_json_parse((const char *)data, size, "in", &d, &root);
    if (st >= 0) {
        st = ballots_json_read(root, &d, &b);
        if (st >= 0) {
            if (b.ballots.candidates <= CANDIDATES_MAX
                && ballots_json_count(&b, NULL, &result) < 0) {
                abort();
            }
            ballots_json_deinit(&b);
        } else if (st == STATUS_E_INVALID && d.errors == 0) {
            abort();
        }
    }
    json_decref(result);
    json_decref(root);
    diag_deinit(&d);
    return 0;
}
