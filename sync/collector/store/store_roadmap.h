#ifndef ANKETA_COLLECTOR_STORE_STORE_ROADMAP_H
#define ANKETA_COLLECTOR_STORE_STORE_ROADMAP_H

#include "collector/store/store.h"

/*
 * Roadmap: the measures of the programme's eight stages.
 *
 * Part of the store: the same rules as in store.h.
 */
#define STORE_MEASURES_MAX 500
#define STORE_STAGES 8
#define STORE_DAY_CHARS 10 /* YYYY-MM-DD */

struct store_measure {
    int64_t id;
    int stage; /* 1 to STORE_STAGES */
    char *text;
    char *responsible;
    char *first_day; /* "" if not stated */
    char *last_day;
    bool done;
};

/* STATUS_E_LIMIT beyond STORE_MEASURES_MAX. */
MUST_CHECK enum status
store_measure_add(struct store *s, const struct store_measure *m);
MUST_CHECK enum status
store_measure_update(struct store *s, const struct store_measure *m);
MUST_CHECK enum status
store_measure_drop(struct store *s, int64_t id);
/* By stage, then by day. */
MUST_CHECK enum status
store_measures(struct store *s, struct store_measure **out, size_t *out_count);
/* STATUS_NONE */
MUST_CHECK enum status
store_measure(struct store *s, int64_t id, struct store_measure *out);
void
store_measure_clear(struct store_measure *m);
void
store_measures_free(struct store_measure *m, size_t count);

#endif
