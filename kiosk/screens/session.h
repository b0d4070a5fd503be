#ifndef ANKETA_SCREENS_SESSION_H
#define ANKETA_SCREENS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "form/filling.h"
#include "ui/edit.h"

/*
 * Session: one person in front of the kiosk, from "Begin" to thank-you.
 *
 * It orders what the filling offers into pages: a question each, or a
 * field-list with all it holds. The pages are made anew whenever the filling's
 * revision moves; the place is kept by node. Nothing of it is ever written to
 * a disk or a log, and session_close overwrites all of it.
 *
 * Threads  One at a time.
 */
#define SESSION_PAGES_MAX 4096
#define SESSION_ENTRIES_MAX 8192
#define SESSION_DRAFT_BYTES 24
#define SESSION_DOCUMENT_MAX_BYTES ((size_t)256 * 1024)

enum session_entry_kind {
    SESSION_QUESTION,
    SESSION_HEADING, /* label of a group or repeat instance on this page */
    SESSION_ADD,     /* ask for another instance of a repeat */
};

struct session_entry {
    enum session_entry_kind kind;
    struct filling_node *node;
    const void *repeat; /* SESSION_ADD */
    struct filling_node
        *last;         /* SESSION_ADD: the last instance, if it may go */
    uint32_t position; /* of a repeat instance, from 1 */
    uint32_t count;    /* instances there are */
};

struct session_page {
    size_t first; /* of its entries */
    size_t count;
    struct filling_node *section; /* group whose label stands above, or NULL */
    uint32_t position; /* of the repeat instance that is the section, or 0 */
    uint32_t instances;
};

struct session {
    struct filling *filling;       /* owned */
    uint64_t revision;             /* of the pages below */
    struct session_entry *entries; /* owned */
    size_t entry_count;
    struct session_page *pages; /* owned */
    size_t page_count;
    size_t page;
    uint16_t *share; /* owned, one a page: see session_share */
    int part;        /* of a page too long for the panel */
    int parts;       /* of the page as it was drawn last */
    bool to_review;  /* opened from the review: Next leads back there */
    bool complain;   /* what is missing on this page is said */
    bool seek;       /* and the part where it is said is to be shown */
    bool consented;
    struct edit edit;            /* of the open keyboard */
    struct filling_node *edited; /* NULL: keyboard closed */
    size_t edited_entry;
    struct edit search;  /* in a long list */
    bool searching;      /* the keyboard writes into `search` */
    uint32_t letter;     /* the list's first letter wanted, or 0 */
    bool letters_open;   /* the letters are shown, not the list */
    struct buf document; /* the text being read, of `document_node` */
    struct filling_node *document_node;
    char draft[SESSION_DRAFT_BYTES]; /* a number half typed */
    struct filling_node *draft_node;
};

/* Takes the filling. */
MUST_CHECK enum status
session_open(struct session *s, struct filling *filling);
/* Overwrites; fine on a closed one. */
void
session_close(struct session *s);

/* Make the pages again if the filling changed; the place is kept. */
MUST_CHECK enum status
session_refresh(struct session *s);

const struct session_page *
session_page(const struct session *s);
const struct session_entry *
session_entry(const struct session *s, size_t index);

void
session_go(struct session *s, size_t page);

/*
 * How far one has come, of 1000. A page on takes its share of what was left, so
 * that going on never takes progress back, whatever an answer adds or leaves
 * out; the check before sending is the end.
 */
size_t
session_share(const struct session *s);

/* The violation that stands on `node`, or NULL. */
const struct filling_violation *
session_violation(struct session *s, const struct filling_node *node);
/* Whether anything on the current page keeps one from going on. */
bool
session_page_blocked(struct session *s);
/* Page on which `node` is asked; SIZE_MAX if none. */
size_t
session_page_of(const struct session *s, const struct filling_node *node);
/* Whether every question of the current page has an answer. */
bool
session_page_answered(struct session *s);

#endif
