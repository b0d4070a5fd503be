#include "collector/web/bank_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "collector/programme/roster.h"

#define PART_MAX_BYTES 400
#define TOPICS_MAX_BYTES ((size_t)4000)

/* The next part of a text between semicolons; false at its end. */
static bool
next_part(const char **at, char out[PART_MAX_BYTES])
{
    while (**at) {
        while (**at == ' ' || **at == ';' || **at == '\n' || **at == '\r') {
            ++*at;
        }
        size_t len = strcspn(*at, ";\n");
        size_t kept = len < PART_MAX_BYTES ? len : PART_MAX_BYTES - 1;
        while (kept > 0
               && ((*at)[kept - 1] == ' ' || (*at)[kept - 1] == '\r')) {
            kept--;
        }
        memcpy(out, *at, kept);
        out[kept] = '\0';
        *at += len;
        if (kept > 0) {
            return true;
        }
    }
    return false;
}

static bool
has(const char *text, const char *wanted)
{
    char part[PART_MAX_BYTES];
    if (!*wanted) {
        return true;
    }
    while (next_part(&text, part)) {
        if (roster_compare(part, wanted) == 0) {
            return true;
        }
    }
    return false;
}

static enum status
collect(struct bank_words *words, const char *text)
{
    char part[PART_MAX_BYTES];
    while (next_part(&text, part)) {
        bool known = false;
        for (size_t i = 0; i < words->count && !known; i++) {
            known = roster_compare(words->word[i], part) == 0;
        }
        if (known || words->count == BANK_LIST_WORDS_MAX) {
            continue;
        }
        words->word[words->count] = strdup(part);
        if (!words->word[words->count]) {
            return log_oom("bank");
        }
        words->count++;
    }
    return STATUS_OK;
}

static int
by_text(const void *a, const void *b)
{
    return roster_compare(*(char *const *)a, *(char *const *)b);
}

static void
words_clear(struct bank_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(words->word[i]);
    }
}

enum status
bank_list_read(struct store *s, enum store_bank bank,
               const struct bank_wanted *wanted, struct bank_list *out)
{
    *out = (struct bank_list){
        .bank = bank,
        .wanted = {.topic = wanted->topic ? wanted->topic : "",
                   .time = wanted->time ? wanted->time : "",
                   .form = wanted->form ? wanted->form : ""}};
    enum status st = store_entries(s, bank, false, 0, &out->entry, &out->count);
    if (st < 0) {
        return st;
    }
    out->row = calloc(out->count + 1, sizeof(struct store_entry *));
    if (!out->row) {
        bank_list_clear(out);
        return log_oom("bank");
    }
    for (size_t i = 0; st == STATUS_OK && i < out->count; i++) {
        const struct store_entry *e = &out->entry[i];
        st = collect(&out->topics, e->topics);
        if (st == STATUS_OK) {
            st = collect(&out->times, e->times);
        }
        if (st == STATUS_OK) {
            st = collect(&out->forms, e->form);
        }
        if (has(e->topics, out->wanted.topic) && has(e->times, out->wanted.time)
            && has(e->form, out->wanted.form)) {
            out->row[out->shown++] = e;
        }
    }
    qsort(out->topics.word, out->topics.count, sizeof(char *), by_text);
    qsort(out->times.word, out->times.count, sizeof(char *), by_text);
    qsort(out->forms.word, out->forms.count, sizeof(char *), by_text);
    if (st < 0) {
        bank_list_clear(out);
    }
    return st;
}

void
bank_list_clear(struct bank_list *l)
{
    free((void *)l->row);
    store_entries_free(l->entry, l->count);
    words_clear(&l->topics);
    words_clear(&l->times);
    words_clear(&l->forms);
    *l = (struct bank_list){0};
}

/* --- as a table ----------------------------------------------------------- */

static enum status
next_row(void *self, struct dataset_cell *cell)
{
    struct bank_table *t = self;
    struct tm tm;
    if (t->next == t->list->shown) {
        t->next = 0; /* a writer may read twice */
        return STATUS_NONE;
    }
    const struct store_entry *e = t->list->row[t->next++];
    time_t entered = (time_t)(e->entered_ms / 1000);
    t->date[0] = '\0';
    if (localtime_r(&entered, &tm)
        && strftime(t->date, sizeof(t->date), "%Y-%m-%d", &tm) == 0) {
        t->date[0] = '\0';
    }
    const char *const text[BANK_TABLE_COLUMNS] = {
        e->name,   e->contact, e->category, t->date,      e->main_topic,
        e->topics, e->request, e->merits,   e->interests, e->times,
        e->form,   e->wishes,  e->results,  NULL};
    for (size_t i = 0; i < BANK_TABLE_COLUMNS; i++) {
        cell[i] = (struct dataset_cell){.missing = !text[i] || !*text[i],
                                        .text = text[i]};
    }
    struct dataset_cell *places = &cell[BANK_TABLE_COLUMNS - 1];
    *places =
        (struct dataset_cell){.missing = e->places == 0, .number = e->places};
    return STATUS_OK;
}

void
bank_table_init(struct bank_table *t, const struct bank_list *l,
                enum i18n_lang lang)
{
    static const struct {
        const char *name;
        const char *label;
    } columns[BANK_TABLE_COLUMNS] = {
        {"name", N_("Name")},
        {"contact", N_("Contact")},
        {"category", N_("Category of staff")},
        {"entered", N_("Entered")},
        {"main", N_("The most important one")},
        {"topics", N_("Requests or competences")},
        {"request", N_("The main request")},
        {"merits", N_("Achievements")},
        {"interests", N_("Interests")},
        {"times", N_("Times")},
        {"form", N_("Form of work")},
        {"wishes", N_("Wishes")},
        {"results", N_("Results")},
        {"places", N_("Places")},
    };
    *t = (struct bank_table){.list = l, .lang = lang};
    for (size_t i = 0; i < BANK_TABLE_COLUMNS; i++) {
        t->column[i] = (struct dataset_column){
            .name = columns[i].name,
            .label = {[I18N_RU] = i18n_text(I18N_RU, columns[i].label),
                      [I18N_EN] = i18n_text(I18N_EN, columns[i].label)},
            .type = i == BANK_TABLE_COLUMNS - 1 ? DATASET_NUMBER : DATASET_TEXT,
        };
    }
    t->data = (struct dataset){
        .name = "bank",
        .title = {[I18N_RU] = "bank", [I18N_EN] = "bank"},
        .column = t->column,
        .columns = BANK_TABLE_COLUMNS,
        .rows = l->shown,
        .next = next_row,
        .self = t,
    };
}

/* --- for a meeting -------------------------------------------------------- */

enum status
bank_list_participant(struct store *s, struct store_participant *p)
{
    struct store_entry *entry = NULL;
    size_t count = 0;
    struct buf text;
    buf_init(&text, TOPICS_MAX_BYTES);
    enum status st =
        store_entries(s, p->mentor ? STORE_BANK_MENTORS : STORE_BANK_MENTEES,
                      false, p->person, &entry, &count);
    if (st == STATUS_OK && count > 0) {
        const char *const part[] = {entry[0].topics, entry[0].times,
                                    entry[0].form};
        for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
            buf_puts(&text, text.len > 0 && *part[i] ? "; " : "");
            buf_puts(&text, part[i]);
        }
        st = buf_status(&text);
        if (p->mentor && entry[0].places > 0) {
            p->places = entry[0].places;
        }
    }
    if (st == STATUS_OK) {
        p->topics = strdup(text.len > 0 ? text.data : "");
        st = p->topics ? STATUS_OK : log_oom("bank");
    }
    store_entries_free(entry, count);
    buf_deinit(&text);
    return st;
}
