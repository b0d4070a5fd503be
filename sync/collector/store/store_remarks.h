#ifndef ANKETA_COLLECTOR_STORE_STORE_REMARKS_H
#define ANKETA_COLLECTOR_STORE_STORE_REMARKS_H

#include "collector/store/store.h"

/*
 * Remarks: open answers that the coordinator reads, redacts and puts under
 * themes.
 *
 * store_remarks_take() moves the texts of a question out of the rows of
 * answers, in a random order and under random numbers; what stays in the rows
 * is nothing. From then on no text can be laid beside the same person's other
 * answers, by nobody, and a redacted text is gone for good.
 *
 * Threads and errors  As store.h says.
 */
#define STORE_REMARKS_MAX 20000 /* of one question */
#define STORE_THEMES_MAX 500    /* of one question */
#define STORE_THEME_MAX_BYTES 200

struct store_remark {
    int64_t id;
    char *text;   /* "": struck out */
    char *themes; /* "meetings, time" */
};

/* Within the caller's transaction. STATUS_NONE: there are fewer than `least`
 * new texts, and nothing was moved. STATUS_E_LIMIT: too many. */
MUST_CHECK enum status
store_remarks_take(struct store *s, int64_t wave, uint32_t field,
                   int64_t least);

/* In the order of their numbers, which means nothing. */
MUST_CHECK enum status
store_remarks(struct store *s, int64_t wave, uint32_t field,
              struct store_remark **out, size_t *out_count);
void
store_remarks_free(struct store_remark *remarks, size_t count);

/* New text and themes (parted by commas) for `remark->id` of the wave; an
 * unknown number changes nothing. STATUS_E_LIMIT: a theme is too long. */
MUST_CHECK enum status
store_remark_set(struct store *s, int64_t wave,
                 const struct store_remark *remark);

struct store_theme {
    char *name;
    int64_t n; /* remarks under it */
};
/* The most frequent first. */
MUST_CHECK enum status
store_themes(struct store *s, int64_t wave, uint32_t field,
             struct store_theme **out, size_t *out_count);
void
store_themes_free(struct store_theme *themes, size_t count);

#endif
