#include "screens/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"

#define INSTANCES_MAX 16 /* of repeats inside one another */

/* Where the walk over the items stands. */
struct walk {
    struct session *s;
    struct filling_node *section;
    uint32_t position; /* of the section, if it is a repeat's instance */
    uint32_t instances;
    int list_depth; /* depth of the open field-list, -1 outside */
    struct filling_node *open[INSTANCES_MAX]; /* instances; NULL: it stays */
    size_t open_count;
    struct filling_node *closed; /* the instance that ended just now */
    enum status st;
};

/* The share of the first page, then of each on the way. */
static void
go_forward(struct session *s, size_t from, size_t to)
{
    for (size_t p = from; p <= to && p < s->page_count; p++) {
        size_t before = p > 0 ? s->share[p - 1] : 0;
        /* The check is one more step. */
        size_t steps = s->page_count - p + 1;
        s->share[p] = (uint16_t)(before + (1000 - before) / steps);
    }
}

enum status
session_open(struct session *s, struct filling *filling)
{
    *s = (struct session){.filling = filling, .revision = UINT64_MAX};
    edit_init(&s->edit);
    edit_init(&s->search);
    buf_init(&s->document, SESSION_DOCUMENT_MAX_BYTES);
    s->entries = calloc(SESSION_ENTRIES_MAX, sizeof(*s->entries));
    s->pages = calloc(SESSION_PAGES_MAX, sizeof(*s->pages));
    s->share = calloc(SESSION_PAGES_MAX, sizeof(*s->share));
    if (!s->entries || !s->pages || !s->share) {
        session_close(s);
        return log_oom("session");
    }
    enum status st = session_refresh(s);
    if (st < 0) {
        session_close(s);
        return st;
    }
    go_forward(s, 0, 0);
    return st;
}

void
session_close(struct session *s)
{
    filling_free(s->filling);
    free(s->entries);
    free(s->pages);
    free(s->share);
    edit_wipe(&s->edit);
    edit_wipe(&s->search);
    buf_deinit(&s->document);
    buf_wipe(s, sizeof(*s));
}

static bool
has_word(const char *appearance, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = strstr(appearance, word); at;
         at = strstr(at + 1, word)) {
        bool starts = at == appearance || at[-1] == ' ';
        bool ends = at[len] == '\0' || at[len] == ' ';
        if (starts && ends) {
            return true;
        }
    }
    return false;
}

static void
open_page(struct walk *w)
{
    struct session *s = w->s;
    if (s->page_count == SESSION_PAGES_MAX) {
        w->st = STATUS_E_LIMIT;
        return;
    }
    s->pages[s->page_count] = (struct session_page){.first = s->entry_count,
                                                    .section = w->section,
                                                    .position = w->position,
                                                    .instances = w->instances};
    s->page_count++;
}

static void
add_entry(struct walk *w, const struct session_entry *entry)
{
    struct session *s = w->s;
    if (s->entry_count == SESSION_ENTRIES_MAX) {
        w->st = STATUS_E_LIMIT;
        return;
    }
    if (w->list_depth < 0) {
        open_page(w);
    }
    if (w->st < 0) {
        return;
    }
    s->entries[s->entry_count] = *entry;
    s->entry_count++;
    s->pages[s->page_count - 1].count++;
}

static void
group_begin(struct walk *w, const struct filling_item *item)
{
    struct filling_group group;
    filling_group(w->s->filling, item->node, &group);
    bool labelled = group.label.text[0] != '\0';
    if (w->list_depth >= 0) {
        if (labelled) {
            add_entry(w, &(struct session_entry){.kind = SESSION_HEADING,
                                                 .node = item->node});
        }
        return;
    }
    if (labelled) {
        w->section = item->node;
        w->position = item->position;
        w->instances = item->count;
    }
    if (has_word(group.appearance, "field-list")
        || has_word(group.appearance, "table-list")) {
        open_page(w);
        w->list_depth = item->depth;
    }
}

static void
group_end(struct walk *w, const struct filling_item *item)
{
    struct session *s = w->s;
    if (w->list_depth >= 0 && item->depth <= w->list_depth) {
        w->list_depth = -1;
        if (s->page_count > 0 && s->pages[s->page_count - 1].count == 0) {
            s->page_count--;
        }
    }
    if (w->list_depth < 0 && w->section == item->node) {
        w->section = NULL;
        w->position = 0;
        w->instances = 0;
    }
}

/* Shown and answered with the ballot beside it (control_ballot.c). */
static bool
is_ballot_part(struct filling *f, struct filling_node *node)
{
    struct filling_question q;
    filling_question(f, node, &q);
    return has_word(q.appearance, "ballot-equal")
           || has_word(q.appearance, "ballot-not");
}

/* A table-list begins with a question that asks nothing: its choices are the
 * headings of the columns, which the matrix takes from the rows. */
static bool
only_heads_columns(struct walk *w, struct filling_node *node)
{
    struct filling_question q;
    filling_question(w->s->filling, node, &q);
    return has_word(q.appearance, "label")
           && (q.control == FORM_CONTROL_SELECT_ONE
               || q.control == FORM_CONTROL_SELECT_MULTIPLE);
}

static void
take_item(struct walk *w, const struct filling_item *item)
{
    switch (item->kind) {
    case FILLING_QUESTION:
        if (!is_ballot_part(w->s->filling, item->node)
            && !only_heads_columns(w, item->node)) {
            add_entry(w, &(struct session_entry){.kind = SESSION_QUESTION,
                                                 .node = item->node});
        }
        break;
    case FILLING_GROUP_BEGIN:
        group_begin(w, item);
        break;
    case FILLING_GROUP_END:
        group_end(w, item);
        break;
    case FILLING_REPEAT_BEGIN:
        if (w->open_count < INSTANCES_MAX) {
            w->open[w->open_count] = item->removable ? item->node : NULL;
        }
        w->open_count++;
        group_begin(w, item);
        break;
    case FILLING_REPEAT_END:
        w->open_count--;
        w->closed =
            w->open_count < INSTANCES_MAX ? w->open[w->open_count] : NULL;
        group_end(w, item);
        break;
    case FILLING_REPEAT_ADD:
        add_entry(w, &(struct session_entry){.kind = SESSION_ADD,
                                             .node = item->node,
                                             .repeat = item->repeat,
                                             .last = item->count > 0 ? w->closed
                                                                     : NULL,
                                             .position = item->position,
                                             .count = item->count});
        break;
    }
}

/* The place is the first entry of the current page. */
static void
restore_place(struct session *s, const struct session_entry *place)
{
    for (size_t p = 0; p < s->page_count; p++) {
        for (size_t i = 0; i < s->pages[p].count; i++) {
            const struct session_entry *e = &s->entries[s->pages[p].first + i];
            if (e->kind == place->kind && e->node == place->node
                && e->repeat == place->repeat) {
                s->page = p;
                return;
            }
        }
    }
    if (s->page_count > 0 && s->page >= s->page_count) {
        s->page = s->page_count - 1;
    }
}

enum status
session_refresh(struct session *s)
{
    if (filling_revision(s->filling) == s->revision) {
        return STATUS_OK;
    }
    struct session_entry place = {0};
    bool had = s->page < s->page_count && s->pages[s->page].count > 0;
    if (had) {
        place = s->entries[s->pages[s->page].first];
    }
    size_t count = 0;
    const struct filling_item *items = filling_items(s->filling, &count);
    struct walk w = {.s = s, .list_depth = -1, .st = STATUS_OK};
    s->entry_count = 0;
    s->page_count = 0;
    for (size_t i = 0; i < count && w.st >= 0; i++) {
        take_item(&w, &items[i]);
    }
    s->revision = filling_revision(s->filling);
    if (had) {
        restore_place(s, &place);
    }
    return w.st;
}

const struct session_page *
session_page(const struct session *s)
{
    return s->page < s->page_count ? &s->pages[s->page] : NULL;
}

const struct session_entry *
session_entry(const struct session *s, size_t index)
{
    const struct session_page *p = session_page(s);
    return p && index < p->count ? &s->entries[p->first + index] : NULL;
}

size_t
session_share(const struct session *s)
{
    return s->page < s->page_count ? s->share[s->page] : 1000;
}

void
session_go(struct session *s, size_t page)
{
    if (page > s->page) {
        go_forward(s, s->page + 1, page);
    }
    s->page = page;
    s->part = 0;
    s->complain = false;
    s->seek = false;
    s->edited = NULL;
    s->searching = false;
    s->letter = 0;
    s->letters_open = false;
    s->draft_node = NULL;
    buf_wipe(s->draft, sizeof(s->draft));
    edit_wipe(&s->edit);
    edit_wipe(&s->search);
}

const struct filling_violation *
session_violation(struct session *s, const struct filling_node *node)
{
    size_t count = 0;
    const struct filling_violation *all =
        filling_violations(s->filling, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].node == node) {
            return &all[i];
        }
    }
    return NULL;
}

bool
session_page_blocked(struct session *s)
{
    const struct session_page *p = session_page(s);
    for (size_t i = 0; p && i < p->count; i++) {
        const struct session_entry *e = &s->entries[p->first + i];
        if (e->kind == SESSION_QUESTION && session_violation(s, e->node)) {
            return true;
        }
    }
    return false;
}

size_t
session_page_of(const struct session *s, const struct filling_node *node)
{
    for (size_t p = 0; p < s->page_count; p++) {
        for (size_t i = 0; i < s->pages[p].count; i++) {
            if (s->entries[s->pages[p].first + i].node == node) {
                return p;
            }
        }
    }
    return SIZE_MAX;
}

bool
session_page_answered(struct session *s)
{
    const struct session_page *p = session_page(s);
    for (size_t i = 0; p && i < p->count; i++) {
        const struct session_entry *e = &s->entries[p->first + i];
        if (e->kind != SESSION_QUESTION) {
            continue;
        }
        struct filling_question q;
        filling_question(s->filling, e->node, &q);
        bool asks = q.control != FORM_CONTROL_NOTE && !q.readonly
                    && q.control != FORM_CONTROL_UPLOAD;
        if (asks && q.value[0] == '\0') {
            return false;
        }
    }
    return true;
}
