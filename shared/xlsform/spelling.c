#include "xlsform/spelling.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

static size_t
fold_word(const char *text, uint32_t out[SPELLING_WORD_MAX])
{
    size_t len = strlen(text);
    size_t n = 0;
    for (size_t i = 0; i < len; n++) {
        uint32_t cp = 0;
        i += utf8_decode(text + i, len - i, &cp);
        if (n == SPELLING_WORD_MAX) {
            return n + 1;
        }
        out[n] = utf8_fold(cp);
    }
    return n;
}

static size_t
smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

size_t
spelling_distance(const char *a, const char *b, size_t limit)
{
    uint32_t left[SPELLING_WORD_MAX];
    uint32_t right[SPELLING_WORD_MAX];
    size_t m = fold_word(a, left);
    size_t n = fold_word(b, right);
    size_t gap = m > n ? m - n : n - m;
    if (m > SPELLING_WORD_MAX || n > SPELLING_WORD_MAX || gap > limit) {
        return limit + 1;
    }
    /* Three rows of the matrix of Wagner and Fischer, used in turn. */
    size_t row[3][SPELLING_WORD_MAX + 1];
    for (size_t k = 0; k <= n; k++) {
        row[0][k] = k;
    }
    for (size_t i = 1; i <= m; i++) {
        const size_t *above = row[(i - 1) % 3];
        size_t *here = row[i % 3];
        here[0] = i;
        for (size_t k = 1; k <= n; k++) {
            size_t changed = above[k - 1] + (left[i - 1] != right[k - 1]);
            here[k] = smallest(above[k] + 1, here[k - 1] + 1, changed);
            bool swapped = i > 1 && k > 1 && left[i - 1] == right[k - 2]
                           && left[i - 2] == right[k - 1];
            if (swapped && row[(i - 2) % 3][k - 2] + 1 < here[k]) {
                here[k] = row[(i - 2) % 3][k - 2] + 1;
            }
        }
    }
    size_t distance = row[m % 3][n];
    return distance > limit ? limit + 1 : distance;
}

const char *
spelling_nearest(const char *word, const char *const *known)
{
    size_t allowed = strlen(word) / 3;
    allowed = allowed < 1 ? 1 : allowed;
    const char *best = NULL;
    size_t best_distance = allowed + 1;
    for (; *known; known++) {
        size_t distance = spelling_distance(word, *known, allowed);
        if (distance < best_distance) {
            best_distance = distance;
            best = *known;
        }
    }
    return best;
}
