/* The list of staff as a spreadsheet has it: looked at first, then taken in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/web/control.h"
#include "collector/web/pages_people.h"
#include "collector/web/people_slips.h"
#include "collector/web/visit.h"

#define PATH "/people/import"
#define SHOWN_MAX 50 /* rows of the first look */

/* A list that was read, and which of its people are new. */
struct look {
    struct roster roster;
    struct diag d;
    bool *known; /* by index in the roster; owned */
    size_t fresh;
};

static void
look_clear(struct look *l)
{
    roster_clear(&l->roster);
    diag_deinit(&l->d);
    free(l->known);
}

static int
by_name(const void *a, const void *b)
{
    const struct store_person *x = a;
    const struct store_person *y = b;
    int order = roster_compare(x->name, y->name);
    return order ? order : roster_compare(x->category, y->category);
}

static int
rows_by_name(const void *a, const void *b)
{
    const struct roster_person *const *x = a;
    const struct roster_person *const *y = b;
    int order = roster_compare((*x)->name, (*y)->name);
    order = order ? order : roster_compare((*x)->category, (*y)->category);
    return order ? order : ((*x)->row > (*y)->row) - ((*x)->row < (*y)->row);
}

/* Somebody of the same name and category is there already, in the house or in a
 * row above. */
static enum status
mark_known(struct visit *v, struct look *l)
{
    struct store_person *people = NULL;
    size_t count = 0;
    const struct roster *r = &l->roster;
    const struct roster_person **order =
        calloc(r->count + 1, sizeof(struct roster_person *));
    l->known = calloc(r->count + 1, sizeof(*l->known));
    if (!order || !l->known) {
        free((void *)order);
        return log_oom("people");
    }
    enum status st = store_people(v->reader, &people, &count);
    if (st == STATUS_OK && count > 0) {
        qsort(people, count, sizeof(*people), by_name);
    }
    for (size_t i = 0; st == STATUS_OK && i < r->count; i++) {
        char *name = strdup(r->person[i].name);
        char *category = strdup(r->person[i].category);
        const struct store_person key = {.name = name, .category = category};
        st = name && category ? STATUS_OK : log_oom("people");
        l->known[i] = st == STATUS_OK && count > 0
                      && bsearch(&key, people, count, sizeof(*people), by_name);
        order[i] = &r->person[i];
        free(name);
        free(category);
    }
    if (st == STATUS_OK && r->count > 0) {
        qsort((void *)order, r->count, sizeof(struct roster_person *),
              rows_by_name);
        for (size_t i = 1; i < r->count; i++) {
            bool same =
                roster_compare(order[i]->name, order[i - 1]->name) == 0
                && roster_compare(order[i]->category, order[i - 1]->category)
                       == 0;
            l->known[order[i] - r->person] =
                l->known[order[i] - r->person] || same;
        }
        for (size_t i = 0; i < r->count; i++) {
            l->fresh += !l->known[i];
        }
    }
    free((void *)order);
    store_people_free(people, count);
    return st;
}

static enum status
read_list(struct visit *v, struct look *l)
{
    const struct request_field *file = request_file(v->rq, "file");
    const char *text = request_form(v->rq, "list");
    diag_init(&l->d, v->lang);
    enum status st = STATUS_OK;
    if (!file || file->value.len == 0) {
        st = roster_read_text(text ? text : "", text ? strlen(text) : 0, &l->d,
                              &l->roster);
    } else if (file->value.len > 2 && memcmp(file->value.data, "PK", 2) == 0) {
        st = roster_read_xlsx(file->value.data, file->value.len, &l->d,
                              &l->roster);
    } else {
        st = roster_read_text(file->value.data, file->value.len, &l->d,
                              &l->roster);
    }
    /* What could be read is worth showing beside the faults. */
    return st == STATUS_E_INVALID || st == STATUS_E_LIMIT ? STATUS_OK : st;
}

/* --- showing -------------------------------------------------------------- */

static void
faults(struct visit *v, const struct diag *d)
{
    struct html *h = &v->html;
    if (d->errors == 0) {
        return;
    }
    html_open(h, "div");
    html_attr(h, "class", "faults");
    html_attr(h, "role", "alert");
    html_element(h, "p", NULL,
                 visit_text(v, "These cells cannot be taken as they are. "
                               "Mend them and look again, or take in the "
                               "other rows."));
    html_open(h, "ul");
    for (size_t i = 0; i < d->count; i++) {
        const struct diag_entry *e = &d->entry[i];
        char name[ROSTER_CELL_CHARS];
        roster_cell_name(e->column, e->row, name);
        html_open(h, "li");
        if (e->row > 0) {
            html_element(h, "strong", NULL, name);
            html_text(h, ": ");
        }
        html_text(h, e->text ? e->text : "");
        html_close(h, "li");
    }
    html_close(h, "ul");
    if (d->dropped > 0) {
        html_open(h, "p");
        html_textf(h,
                   i18n_plural(v->lang, "and %zu more", "and %zu more",
                               (unsigned long)d->dropped),
                   d->dropped);
        html_close(h, "p");
    }
    html_close(h, "div");
}

static void
list_form(struct visit *v, const char *list)
{
    control_form(v, PATH, true);
    control_hidden(v, "what", "look");
    control_area(v,
                 &(const struct control){
                     .label = visit_text(v, "Paste from a spreadsheet"),
                     .name = "list",
                     .value = list,
                     .help = visit_text(v, "Columns in this order: name, role "
                                           "(mentor, mentee or nothing), "
                                           "category of staff, contact. With "
                                           "a first row of headings any "
                                           "order will do.")},
                 10);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Or a file"),
                         .name = "file",
                         .type = "file",
                         .accept = ".xlsx,.csv,.txt",
                         .help = visit_text(v, "An .xlsx or .csv; the first "
                                               "sheet is read.")});
    control_button(v, visit_text(v, "Look at it first"), true);
    control_form_end(v);
}

static void
page(struct visit *v, const char *fault)
{
    visit_page(v, PATH, visit_text(v, "Paste or import a list"));
    control_fault(v, fault);
    list_form(v, NULL);
}

/* The list again, for the form that takes it in. */
static void
carry(struct visit *v, const struct look *l)
{
    struct buf text;
    buf_init(&text, 2 * ROSTER_FILE_MAX_BYTES);
    for (size_t i = 0; i < l->roster.count; i++) {
        const struct roster_person *p = &l->roster.person[i];
        const char *cell[] = {p->name, p->role, p->category, p->contact};
        for (size_t c = 0; c < 4 && !l->known[i]; c++) {
            buf_puts(&text, c > 0 ? "\t\"" : "\"");
            for (const char *at = cell[c]; *at; at++) {
                buf_put(&text, "\"\"", *at == '"' ? 2 : 0);
                buf_put(&text, at, *at == '"' ? 0 : 1);
            }
            buf_puts(&text, c == 3 ? "\"\n" : "\"");
        }
    }
    control_hidden(v, "list", buf_status(&text) == STATUS_OK ? text.data : "");
    buf_deinit(&text);
}

static void
row(struct visit *v, const struct roster_person *p, bool known)
{
    struct html *h = &v->html;
    html_open(h, "tr");
    html_open(h, "td");
    html_attr(h, "class", "number");
    html_textf(h, "%d", p->row);
    html_close(h, "td");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_text(h, p->name);
    html_close(h, "th");
    html_element(h, "td", NULL,
                 *p->role == '\0'                 ? ""
                 : strcmp(p->role, "mentor") == 0 ? visit_text(v, "mentor")
                                                  : visit_text(v, "mentee"));
    html_element(h, "td", NULL, p->category);
    html_element(h, "td", NULL, p->contact);
    html_element(h, "td", NULL,
                 known ? visit_text(v, "there already") : visit_text(v, "new"));
    html_close(h, "tr");
}

static void
preview(struct visit *v, const struct look *l)
{
    static const char *const head[] = {N_("Row"),     N_("Name"),
                                       N_("Role"),    N_("Category of staff"),
                                       N_("Contact"), N_("State")};
    struct html *h = &v->html;
    visit_page(v, PATH, visit_text(v, "Look at the list"));
    faults(v, &l->d);
    html_open(h, "p");
    html_attr(h, "class", "lead");
    if (l->fresh == 0) {
        html_text(h, visit_text(v, "Nobody new is in the list."));
    } else {
        html_textf(h,
                   i18n_plural(v->lang, "%zu new person would be taken in.",
                               "%zu new people would be taken in.",
                               (unsigned long)l->fresh),
                   l->fresh);
    }
    html_close(h, "p");
    if (l->roster.count > 0) {
        control_table(v, visit_text(v, "Look at the list"), head,
                      sizeof(head) / sizeof(head[0]));
        for (size_t i = 0; i < l->roster.count && i < SHOWN_MAX; i++) {
            row(v, &l->roster.person[i], l->known[i]);
        }
        control_table_end(v);
        if (l->roster.count > SHOWN_MAX) {
            html_element(h, "p", "help",
                         visit_text(v, "The first 50 rows are shown."));
        }
    }
    if (l->fresh > 0) {
        control_form(v, PATH, true);
        control_hidden(v, "what", "take");
        carry(v, l);
        control_button(v, visit_text(v, "Take them in"), true);
        control_form_end(v);
    }
    html_element(h, "h2", NULL, visit_text(v, "Another list"));
    list_form(v, request_form(v->rq, "list"));
}

/* --- taking in ------------------------------------------------------------ */

static enum status
add_all(struct store *w, const struct look *l)
{
    enum status st = STATUS_OK;
    int64_t serial = 0;
    for (size_t i = 0; i < l->roster.count && st == STATUS_OK; i++) {
        const struct roster_person *r = &l->roster.person[i];
        int64_t id = 0;
        if (l->known[i]) {
            continue;
        }
        struct store_person p = {
            .name = strdup(r->name),
            .role = strdup(r->role),
            .category = strdup(r->category),
            .contact = strdup(r->contact),
        };
        st = p.name && p.role && p.category && p.contact
                 ? people_slips_add(w, &p, &id)
                 : log_oom("people");
        store_person_clear(&p);
    }
    return st == STATUS_OK ? store_number_next(w, STORE_SERIAL, &serial) : st;
}

static void
take(struct visit *v, const struct look *l)
{
    char detail[32];
    struct store *w = NULL;
    (void)snprintf(detail, sizeof(detail), "%zu", l->fresh);
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = add_all(w, l);
    }
    st = visit_written(v, st, "people", detail);
    const char *fault =
        st == STATUS_E_LIMIT
            ? visit_text(v, "There is no place for more people.")
            : NULL;
    if (visit_again(v, st, fault, "/people")) {
        page(v, fault);
    }
}

void
pages_people_import(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct look l = {0};
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    if (rq->method != REQUEST_POST) {
        page(&v, NULL);
        visit_end(&v);
        return;
    }
    enum status st = read_list(&v, &l);
    if (st == STATUS_OK) {
        st = mark_known(&v, &l);
    }
    const char *what = request_form(rq, "what");
    if (st < 0) {
        visit_failed(&v, st);
    } else if (what && strcmp(what, "take") == 0 && l.fresh > 0) {
        take(&v, &l);
    } else {
        rs->status = l.d.errors > 0 ? 422 : 200;
        preview(&v, &l);
    }
    look_clear(&l);
    visit_end(&v);
}
