#ifndef ANKETA_XLSFORM_SPELLING_H
#define ANKETA_XLSFORM_SPELLING_H

#include <stddef.h>

/*
 * Spelling: the closest of several known words, for "did you mean".
 *
 * Distance is Levenshtein's over code points without regard to case, with two
 * neighbours exchanged counted as one edit (optimal string alignment).
 */
#define SPELLING_WORD_MAX 64

/* Number of edits, at most `limit` + 1. Longer words never match. */
size_t
spelling_distance(const char *a, const char *b, size_t limit);

/* The nearest of a NULL-terminated list that is at most a third of the word
 * (and at least one edit) away, or NULL. */
const char *
spelling_nearest(const char *word, const char *const *known);

#endif
