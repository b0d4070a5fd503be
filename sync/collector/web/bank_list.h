#ifndef ANKETA_COLLECTOR_WEB_BANK_LIST_H
#define ANKETA_COLLECTOR_WEB_BANK_LIST_H

#include "base/i18n.h"
#include "collector/report/dataset.h"
#include "collector/store/store_banks.h"
#include "collector/store/store_meetings.h"

/*
 * Bank list: who is in a bank now, shortlisted by what is wanted, as a table for
 * files, and as what a person brings to a group meeting.
 *
 * Topics, times and forms are parts of a text between semicolons; capitals mean
 * nothing.
 *
 * Threads  As the store passed in.
 */
#define BANK_LIST_WORDS_MAX 60
#define BANK_TABLE_COLUMNS 14

struct bank_words {
    char *word[BANK_LIST_WORDS_MAX]; /* owned; each once */
    size_t count;
};

struct bank_wanted { /* NULL or "": any */
    const char *topic;
    const char *time;
    const char *form;
};

struct bank_list {
    enum store_bank bank;
    struct store_entry *entry; /* owned; all of the bank */
    size_t count;
    const struct store_entry **row; /* owned; those wanted, of `entry` */
    size_t shown;
    struct bank_wanted wanted; /* borrowed, no NULL */
    struct bank_words topics;
    struct bank_words times;
    struct bank_words forms;
};

/* After a failure there is nothing to be cleared. */
MUST_CHECK enum status
bank_list_read(struct store *s, enum store_bank bank,
               const struct bank_wanted *wanted, struct bank_list *out);
void
bank_list_clear(struct bank_list *l);

/* The rows shown as a data set; borrows from the list. */
struct bank_table {
    const struct bank_list *list;
    enum i18n_lang lang;
    size_t next;
    char date[24];
    struct dataset_column column[BANK_TABLE_COLUMNS];
    struct dataset data;
};
void
bank_table_init(struct bank_table *t, const struct bank_list *l,
                enum i18n_lang lang);

/* What she offers or asks for, when and how, out of her bank: p->topics, which
 * become owned, "" if she is in none; and places. */
MUST_CHECK enum status
bank_list_participant(struct store *s, struct store_participant *p);

#endif
