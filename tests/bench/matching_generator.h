#ifndef ANKETA_TESTS_MATCHING_GENERATOR_H
#define ANKETA_TESTS_MATCHING_GENERATOR_H

#include "collector/matching/lottery.h"
#include "collector/matching/preferences.h"

/*
 * Random preferences with the shapes that the literature measures.
 *
 * Every mentee lists a random number of mentors, popular ones more often; each
 * mentor ranks whoever listed her in random order. An entry is tied with the
 * one before it with the given chance, in percent. Scores are 0 to 100.
 */
struct matching_generator {
    const char *name;
    unsigned mentors_percent; /* of the mentees; 33 means a third */
    unsigned least_choices;
    unsigned most_choices;
    unsigned mentee_ties;
    unsigned mentor_ties;
    unsigned popularity; /* most popular : least popular, to 1 */
};

/* P, M, S, G, R, K and "strict", as in the design notes; NULL: unknown. */
const struct matching_generator *
matching_generator_find(const char *name);

/* Aborts when memory is out. Places are as many as mentees, spread evenly. */
void
matching_generator_make(const struct matching_generator *g, uint32_t mentees,
                        struct lottery_draw *draw, struct preferences *out);

/* `parts` preschools of `mentees` each in one. */
void
matching_generator_region(const struct matching_generator *g, uint32_t mentees,
                          uint32_t parts, struct lottery_draw *draw,
                          struct preferences *out);

#endif
