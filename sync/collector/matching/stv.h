#ifndef ANKETA_MATCHING_STV_H
#define ANKETA_MATCHING_STV_H

#include "base/status.h"
#include "collector/matching/ballots.h"

/*
 * Stv: several seats by single transferable vote, the Scottish rules.
 *
 * The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1,
 * rules 45 to 52: quota floor(valid / (seats + 1)) + 1; the largest surplus is
 * transferred first, every paper at a fraction of its value; values are cut off
 * after five decimals, which makes all arithmetic exact in whole hundred-
 * thousandths. Of equals the one behind in the latest round where they differed
 * goes; if there was none, the lottery decides, and the round says so.
 *
 * A paper that ranks two candidates equally is followed up to there.
 */
#define STV_UNIT 100000
#define STV_MAX_ROUNDS (2 * BALLOTS_MAX_CANDIDATES + 2)

enum stv_action {
    STV_COUNT,    /* first preferences */
    STV_SURPLUS,  /* of `candidate` was transferred */
    STV_EXCLUDED, /* `candidate` went out */
    STV_FILLED,   /* as many were left as seats */
};

struct stv_round {
    enum stv_action action;
    uint32_t candidate;
    bool by_lottery;   /* candidate was drawn among equals */
    uint64_t elected;  /* so far, as a set */
    uint64_t excluded; /* so far */
    int64_t votes[BALLOTS_MAX_CANDIDATES]; /* after it, in STV_UNITs */
    int64_t exhausted;
};

struct stv {
    uint32_t seats;
    uint32_t valid; /* papers with a first preference */
    int64_t quota;  /* in STV_UNITs */
    uint64_t elected;
    uint32_t order[BALLOTS_MAX_CANDIDATES]; /* of election */
    uint32_t elected_count;
    struct stv_round round[STV_MAX_ROUNDS];
    uint32_t rounds;
};

/* `lot` ranks the candidates by lottery: the smaller is kept. Too large for a
 * stack: `out` is the caller's heap. */
MUST_CHECK enum status
stv_count(const struct ballots *b, uint32_t seats, const uint64_t *lot,
          struct stv *out);

#endif
