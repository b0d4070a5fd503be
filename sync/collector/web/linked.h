#ifndef ANKETA_COLLECTOR_WEB_LINKED_H
#define ANKETA_COLLECTOR_WEB_LINKED_H

#include "base/arena.h"
#include "base/status.h"
#include "collector/ingest/catalogue.h"
#include "collector/store/store.h"
#include "collector/summary/tally.h"

/*
 * Linked: the differences of people who answered both of two waves.
 *
 * People are found by a code that they keep themselves (a question with the
 * indicator "code", kept as a hash: ingest/answers.h). A code that stands twice
 * in a wave, by mistake or on purpose, links nobody. Who has no code, or one
 * that the other wave does not know, is left out.
 *
 * Sizes    Waves of LINKED_ROWS_MAX answers at most are linked, and of
 *          LINKED_CELLS_MAX values to compare.
 * Threads  As the store passed in.
 */
#define LINKED_ROWS_MAX 20000
#define LINKED_CELLS_MAX 1000000

struct linked_side {
    const struct store_wave *wave;
    const struct catalogue_form *form;
    const size_t *field; /* the questions, in the same order on both sides */
};

/* The question that asks for the code; SIZE_MAX: there is none. */
size_t
linked_code(const struct catalogue_form *form);

struct linked; /* lives in the arena */

/* *out is NULL where the two waves cannot be linked. */
MUST_CHECK enum status
linked_open(struct store *reader, struct arena *arena,
            const struct linked_side side[2], size_t questions,
            struct linked **out);

/* Differences (second - first) of one question, in the arena; how many answered
 * it in each wave, and in both. */
struct linked_differences {
    struct tally tally;
    uint64_t n[2];
    uint64_t matched;
};
MUST_CHECK enum status
linked_differences(const struct linked *l, struct arena *arena, size_t question,
                   struct linked_differences *out);

#endif
