#ifndef ANKETA_MATCHING_COMMITTEE_H
#define ANKETA_MATCHING_COMMITTEE_H

#include "base/status.h"
#include "collector/matching/ballots.h"

/*
 * Committee: several winners from approval ballots.
 *
 * Names and definitions as in Lackner, Skowron, "Multi-Winner Voting with
 * Approval Preferences" (2023). Every rule gives all its tied committees, as
 * sets of candidates in rising order. Shares, loads and budgets are exact
 * fractions (GMP).
 *
 *   av            most approvals; the default
 *   sav           a ballot with k names gives each 1/k
 *   pav           proportional approval: 1 + 1/2 + 1/3 … a ballot
 *   seqpav        the same, one seat after the other
 *   seqphragmen   the load of each seat shared by its approvers
 *   equal-shares  each voter pays from an equal budget; the seats left by
 *                 Phragmen from what remains
 *   cc            most ballots with at least one of theirs
 */
enum committee_rule {
    COMMITTEE_AV,
    COMMITTEE_SAV,
    COMMITTEE_PAV,
    COMMITTEE_SEQPAV,
    COMMITTEE_SEQPHRAGMEN,
    COMMITTEE_EQUAL_SHARES,
    COMMITTEE_CC,
    COMMITTEE_RULE_COUNT
};

#define COMMITTEE_MAX_TIED 4096
#define COMMITTEE_MAX_SEATS 30
/* Committees that pav and cc are ready to compare. */
#define COMMITTEE_MAX_COMPARED 3000000

struct committee {
    uint64_t *set; /* owned */
    uint32_t count;
};

/* STATUS_E_LIMIT when the rule would take too long or too many tie. */
MUST_CHECK enum status
committee_count(const struct ballots *b, enum committee_rule rule,
                uint32_t seats, struct committee *out);

void
committee_deinit(struct committee *c);

const char *
committee_rule_name(enum committee_rule rule);

#endif
