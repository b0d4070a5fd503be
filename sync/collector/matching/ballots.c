#include "collector/matching/ballots.h"

#include <stdlib.h>
#include <string.h>

enum status
ballots_init(struct ballots *b, uint32_t candidates, uint32_t count)
{
    *b = (struct ballots){.candidates = candidates, .count = count};
    if (candidates == 0 || candidates > BALLOTS_MAX_CANDIDATES
        || count > BALLOTS_MAX) {
        return STATUS_E_LIMIT;
    }
    const size_t size = (size_t)candidates * count;
    b->rank = malloc(size + 1);
    if (!b->rank) {
        return STATUS_E_NOMEM;
    }
    memset(b->rank, BALLOTS_UNRANKED, size + 1);
    return STATUS_OK;
}

void
ballots_deinit(struct ballots *b)
{
    free(b->rank);
    *b = (struct ballots){0};
}
