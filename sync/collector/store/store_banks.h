#ifndef ANKETA_COLLECTOR_STORE_STORE_BANKS_H
#define ANKETA_COLLECTOR_STORE_STORE_BANKS_H

#include "collector/store/store.h"

/*
 * Banks: consents to stand in the banks of mentees and mentors, the entries
 * there, and what remains when somebody is erased.
 *
 * Part of the store: the same rules as in store.h.
 */
enum store_bank { /* on the disk: never renumber */
    STORE_BANK_MENTEES = 0,
    STORE_BANK_MENTORS = 1,
    STORE_BANK_COUNT
};

enum store_consent_way { /* likewise */
    STORE_BY_KIOSK = 0,
    STORE_BY_PAPER = 1
};

struct store_consent {
    int64_t person;
    enum store_bank bank;
    char *version; /* of the text */
    char *body;    /* the text, word by word */
    int64_t given_ms;
    enum store_consent_way way;
    char *recorder; /* account that noted a paper; "" for the kiosk */
};
/* Replaces an earlier one of this person and bank. */
MUST_CHECK enum status
store_consent_put(struct store *s, const struct store_consent *c);
/* STATUS_NONE: there was none. */
MUST_CHECK enum status
store_consent_drop(struct store *s, int64_t person, enum store_bank bank);
MUST_CHECK enum status
store_consents(struct store *s, int64_t person, struct store_consent **out,
               size_t *out_count);
void
store_consents_free(struct store_consent *c, size_t count);

struct store_entry {
    int64_t id;
    int64_t person;
    char *name; /* these three are the person's */
    char *contact;
    char *category;
    enum store_bank bank;
    int64_t entered_ms;
    int64_t ended_ms; /* 0: in the bank now */
    char *topics;     /* asked for or offered, parted by "; " */
    char *main_topic;
    char *request; /* of a mentee */
    char *merits;  /* of a mentor */
    char *interests;
    char *times; /* parted by "; " */
    char *form;
    int places; /* of a mentor; 0: not said */
    int hours;  /* a month; 0: not said */
    char *wishes;
    char *results;
    bool consent; /* there is one for this bank */
};
/* The entry of this person that has not ended; made if there is none. */
MUST_CHECK enum status
store_entry_open(struct store *s, int64_t person, enum store_bank bank,
                 int64_t now_ms, int64_t *out_id);
/* What an entry says, from topics to results; `who` changed it. */
MUST_CHECK enum status
store_entry_set(struct store *s, const struct store_entry *entry,
                int64_t now_ms, const char *who);
/* The person has left the bank; her entry stays as history. */
MUST_CHECK enum status
store_entry_end(struct store *s, int64_t id, int64_t now_ms, const char *who);
/* STATUS_NONE */
MUST_CHECK enum status
store_entry(struct store *s, int64_t id, struct store_entry *out);
/* By name. `ended`: those, too; `person` 0: everybody's. */
MUST_CHECK enum status
store_entries(struct store *s, enum store_bank bank, bool ended, int64_t person,
              struct store_entry **out, size_t *out_count);
void
store_entry_clear(struct store_entry *entry);
void
store_entries_free(struct store_entry *entries, size_t count);

struct store_bank_change {
    int64_t id;
    int64_t at_ms;
    char *who;
};
/* The latest 200 of an entry, newest first. */
MUST_CHECK enum status
store_bank_changes(struct store *s, int64_t entry,
                   struct store_bank_change **out, size_t *out_count);
void
store_bank_changes_free(struct store_bank_change *changes, size_t count);

/* A named answer that nobody has read into a consent or a bank. */
struct store_untaken {
    int64_t wave;
    int64_t person;
    int64_t form;
    char *form_id;
    char *version;
    char *role; /* these two are the person's */
    char *code;
    struct buf xml;
};
/* STATUS_NONE: all have been read. */
MUST_CHECK enum status
store_untaken(struct store *s, struct store_untaken *out);
void
store_untaken_clear(struct store_untaken *u);
MUST_CHECK enum status
store_taken(struct store *s, int64_t wave, int64_t person);

/*
 * Erase a person and all that names her in people.db, and note the fact. Within
 * the caller's transaction; after its commit follows store_forget(). What lies
 * elsewhere is web/erasure.h's. STATUS_NONE: no such person.
 */
MUST_CHECK enum status
store_erase(struct store *s, int64_t person, const char *day,
            enum store_consent_way way);
/* Was this the code of somebody who was erased? */
MUST_CHECK enum status
store_code_retired(struct store *s, const char *code, bool *out);

/* Tags of all such codes (library_person_tag()), in an order that means
 * nothing. */
typedef enum status
store_retired_visit(void *self, const struct seal_hash *tag);
MUST_CHECK enum status
store_retired_each(struct store *s, store_retired_visit *visit, void *self);

struct store_erasure {
    int64_t id;
    char *day;
    int bank; /* -1: in neither */
    enum store_consent_way way;
};
/* Newest first. */
MUST_CHECK enum status
store_erasures(struct store *s, struct store_erasure **out, size_t *out_count);
void
store_erasures_free(struct store_erasure *e, size_t count);

#endif
