#ifndef ANKETA_COLLECTOR_WEB_PAPER_DESK_H
#define ANKETA_COLLECTOR_WEB_PAPER_DESK_H

#include "base/arena.h"
#include "base/i18n.h"
#include "base/status.h"
#include "collector/programme/paper.h"
#include "collector/store/store.h"

/*
 * Papers at the desk: the templates of assets/documents and what the collector
 * knows to put into them.
 *
 * Threads  As the store passed in.
 */
enum paper_of {
    PAPER_OF_HOUSE, /* one for all */
    PAPER_OF_PAIR,  /* one for each pair that lasts */
    PAPER_OF_MENTOR /* one for each mentor who has pairs */
};

struct paper_template {
    const char *name;  /* in addresses */
    const char *title; /* untranslated */
    int stage;         /* of the roadmap */
    enum paper_of of;
    const char *order; /* the template whose day and number it bears; NULL: it
                        * has none */
    const char *text;
};

const struct paper_template *
paper_desk_templates(size_t *out_count);
/* By the first `len` bytes of a name; NULL: there is none. */
const struct paper_template *
paper_desk_find(const char *name, size_t len);

/* What the coordinator fills in once, and of each order. */
struct paper_setting {
    const char *name;
    const char *label; /* untranslated */
};
#define PAPER_SETTINGS 7
extern const struct paper_setting paper_settings[PAPER_SETTINGS];
#define PAPER_VALUE_MAX_BYTES ((size_t)300)

/* Of a field, for whom it is missing; untranslated. */
const char *
paper_desk_label(const char *field);

/* Append what was filled in; `order` NULL: a setting of all. */
MUST_CHECK enum status
paper_desk_setting(struct store *s, const char *order, const char *name,
                   struct buf *out);
/* STATUS_E_LIMIT: longer than PAPER_VALUE_MAX_BYTES. */
MUST_CHECK enum status
paper_desk_set(struct store *s, const char *order, const char *name,
               const char *value);

/* A template with all that is known: as many copies as there are people. */
struct paper_desk {
    struct arena arena;
    struct paper_source *copy;
    size_t copies;
};
MUST_CHECK enum status
paper_desk_load(struct store *reader, const struct paper_template *t,
                struct paper_desk *out);
void
paper_desk_clear(struct paper_desk *p);

#endif
