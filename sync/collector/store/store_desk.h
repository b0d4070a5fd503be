#ifndef ANKETA_COLLECTOR_STORE_STORE_DESK_H
#define ANKETA_COLLECTOR_STORE_STORE_DESK_H

#include "collector/store/store.h"

/*
 * What the coordinator keeps at the desk beside the answers: waves that begin
 * on a day to come, conclusions on a wave, and the read tokens of other
 * systems.
 *
 * Threads and errors  As store.h says.
 */
#define STORE_PLANS_MAX 500
#define STORE_TOKENS_MAX 100
#define STORE_SWOT_PARTS 4
#define STORE_SWOT_MAX_BYTES ((size_t)8000)

/* --- waves to come -------------------------------------------------------- */
struct store_plan {
    int64_t id;
    int64_t form;
    char *title;
    int kind; /* enum record_kind; -1: as the form says */
    int k;    /* 0: as the form says; likewise the next */
    int k_text;
    int invited; /* 0: not stated */
    bool live;
    int64_t opens_ms;
    int64_t closes_ms; /* 0: when somebody closes it */
    char groups[STORE_GROUPS_CHARS + 1];
};
/* STATUS_E_LIMIT: too many. */
MUST_CHECK enum status
store_plan_add(struct store *s, const struct store_plan *plan);
/* The earliest first. */
MUST_CHECK enum status
store_plans(struct store *s, struct store_plan **out, size_t *out_count);
void
store_plans_free(struct store_plan *plans, size_t count);
/* STATUS_NONE: no such plan. */
MUST_CHECK enum status
store_plan_drop(struct store *s, int64_t id);

/* --- conclusions ---------------------------------------------------------- */
/* `part` counts from 0: strengths, weaknesses, opportunities, threats. An item
 * a line. */
MUST_CHECK enum status
store_swot_put(struct store *s, int64_t wave, int part, const char *text);
/* Append; nothing if there is none. */
MUST_CHECK enum status
store_swot(struct store *s, int64_t wave, int part, struct buf *out);

/* --- read tokens ---------------------------------------------------------- */
struct store_token {
    int64_t id;
    char *name;
    int64_t made_ms;
    int64_t used_ms; /* the day it was last used; 0: never */
};
MUST_CHECK enum status
store_token_add(struct store *s, const struct seal_hash *hash, const char *name,
                int64_t now_ms);
MUST_CHECK enum status
store_tokens(struct store *s, struct store_token **out, size_t *out_count);
void
store_tokens_free(struct store_token *tokens, size_t count);
/* STATUS_NONE: unknown. */
MUST_CHECK enum status
store_token_find(struct store *s, const struct seal_hash *hash,
                 struct store_token *out);
void
store_token_clear(struct store_token *token);
MUST_CHECK enum status
store_token_used(struct store *s, int64_t id, int64_t day_ms);
/* STATUS_NONE: unknown. */
MUST_CHECK enum status
store_token_drop(struct store *s, int64_t id);

#endif
