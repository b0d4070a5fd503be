#include "collector/web/pages_people.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "collector/web/control.h"
#include "collector/web/people_slips.h"
#include "collector/web/person_rights.h"
#include "collector/web/visit.h"

#define PAGE_ROWS ((size_t)200)
#define CATEGORIES_MAX 100
#define URL_BYTES 64

/* --- who is meant --------------------------------------------------------- */

/* Those found, of all; owned. */
struct found {
    struct store_person *all;
    size_t all_count;
    const struct store_person **row; /* borrowed from `all` */
    size_t count;
    const char *category[CATEGORIES_MAX]; /* likewise, each once */
    size_t in_category[CATEGORIES_MAX];
    size_t categories;
    const char *query; /* of the request */
    const char *wanted;
};

/* Is `needle` somewhere in `text`, capitals meaning nothing? */
static bool
contains(const char *text, const char *needle)
{
    size_t len = strlen(text);
    for (size_t from = 0; from <= len;) {
        size_t at = from;
        size_t n = 0;
        size_t needle_len = strlen(needle);
        uint32_t x = 0;
        uint32_t y = 0;
        while (n < needle_len && at < len) {
            size_t nx = utf8_decode(text + at, len - at, &x);
            size_t ny = utf8_decode(needle + n, needle_len - n, &y);
            if (utf8_fold(x) != utf8_fold(y)) {
                break;
            }
            at += nx;
            n += ny;
        }
        if (n == needle_len) {
            return true;
        }
        from += from < len ? utf8_decode(text + from, len - from, &x) : 1;
    }
    return false;
}

static void
count_category(struct found *f, const char *category)
{
    for (size_t i = 0; i < f->categories; i++) {
        if (roster_compare(f->category[i], category) == 0) {
            f->in_category[i]++;
            return;
        }
    }
    if (*category && f->categories < CATEGORIES_MAX) {
        f->category[f->categories] = category;
        f->in_category[f->categories++] = 1;
    }
}

static bool
matches(const struct found *f, const struct store_person *p)
{
    return (!*f->wanted || roster_compare(p->category, f->wanted) == 0)
           && (!*f->query || contains(p->name, f->query)
               || contains(p->contact, f->query)
               || strcmp(p->code, f->query) == 0);
}

static enum status
find(struct visit *v, const char *query, const char *wanted, struct found *f)
{
    *f = (struct found){.query = query ? query : "",
                        .wanted = wanted ? wanted : ""};
    enum status st = store_people(v->reader, &f->all, &f->all_count);
    if (st < 0) {
        return st;
    }
    f->row = calloc(f->all_count + 1, sizeof(struct store_person *));
    if (!f->row) {
        return log_oom("people");
    }
    for (size_t i = 0; i < f->all_count; i++) {
        count_category(f, f->all[i].category);
        if (matches(f, &f->all[i])) {
            f->row[f->count++] = &f->all[i];
        }
    }
    return STATUS_OK;
}

static void
found_clear(struct found *f)
{
    free((void *)f->row);
    store_people_free(f->all, f->all_count);
}

/* --- the list ------------------------------------------------------------- */

static const char *
role_name(const struct visit *v, const char *role)
{
    return strcmp(role, "mentor") == 0   ? visit_text(v, "mentor")
           : strcmp(role, "mentee") == 0 ? visit_text(v, "mentee")
                                         : "";
}

static void
search_form(struct visit *v, const struct found *f)
{
    struct html *h = &v->html;
    html_open(h, "form");
    html_attr(h, "class", "search");
    html_attr(h, "method", "get");
    html_attr_url(h, "action", "/people");
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Name, contact or code"),
                         .name = "q",
                         .type = "search",
                         .value = f->query});
    if (*f->wanted) {
        control_hidden(v, "category", f->wanted);
    }
    control_button(v, visit_text(v, "Search"), false);
    html_close(h, "form");
}

/* "/people?category=…", for people who search by a touch. */
static void
category_link(struct visit *v, const char *category, size_t count)
{
    struct html *h = &v->html;
    struct buf url;
    buf_init(&url, 1024);
    buf_puts(&url, "/people?category=");
    for (const char *c = category; *c; c++) {
        buf_printf(&url, "%%%02X", (unsigned)(unsigned char)*c);
    }
    html_open(h, "li");
    html_open(h, "a");
    html_attr_url(h, "href",
                  buf_status(&url) == STATUS_OK ? url.data : "/people");
    html_text(h, category);
    html_close(h, "a");
    html_textf(h, " %zu", count);
    html_close(h, "li");
    buf_deinit(&url);
}

static void
categories(struct visit *v, const struct found *f)
{
    struct html *h = &v->html;
    if (f->categories == 0) {
        return;
    }
    html_element(h, "h2", NULL, visit_text(v, "Categories of staff"));
    html_open(h, "ul");
    html_attr(h, "class", "tags");
    for (size_t i = 0; i < f->categories; i++) {
        category_link(v, f->category[i], f->in_category[i]);
    }
    html_close(h, "ul");
}

static void
person_row(struct visit *v, const struct store_person *p)
{
    struct html *h = &v->html;
    char url[URL_BYTES];
    (void)snprintf(url, sizeof(url), "/people/%" PRId64, p->id);
    html_open(h, "tr");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_open(h, "a");
    html_attr_url(h, "href", url);
    html_text(h, p->name);
    html_close(h, "a");
    html_close(h, "th");
    html_element(h, "td", NULL, p->category);
    html_element(h, "td", NULL, role_name(v, p->role));
    html_element(h, "td", NULL, p->contact);
    html_close(h, "tr");
}

static void
pages_nav(struct visit *v, const struct found *f, size_t from)
{
    struct html *h = &v->html;
    if (f->count <= PAGE_ROWS) {
        return;
    }
    html_open(h, "form");
    html_attr(h, "class", "actions");
    html_attr(h, "method", "get");
    html_attr_url(h, "action", "/people");
    control_hidden(v, "q", f->query);
    control_hidden(v, "category", f->wanted);
    for (size_t at = 0; at < f->count; at += PAGE_ROWS) {
        html_open(h, "button");
        html_attr(h, "name", "from");
        html_attr_int(h, "value", (long)at);
        html_attr(h, "class", at == from ? "primary" : "plain");
        html_attr(h, "aria-label", f->row[at]->name);
        html_textf(h, "%zu–%zu", at + 1,
                   at + PAGE_ROWS < f->count ? at + PAGE_ROWS : f->count);
        html_close(h, "button");
    }
    html_close(h, "form");
}

static void
people_table(struct visit *v, const struct found *f)
{
    static const char *const head[] = {N_("Name"), N_("Category of staff"),
                                       N_("Role"), N_("Contact")};
    const char *text = request_query(v->rq, "from");
    unsigned long from = text ? strtoul(text, NULL, 10) : 0;
    from = from < f->count ? from : 0;
    if (f->count == 0) {
        html_element(&v->html, "p", "lead",
                     f->all_count > 0
                         ? visit_text(v, "Nobody was found.")
                         : visit_text(v, "There is nobody yet. Paste your list "
                                         "of staff from a spreadsheet."));
        return;
    }
    html_open(&v->html, "p");
    html_attr(&v->html, "class", "meta");
    html_textf(&v->html,
               i18n_plural(v->lang, "%zu person", "%zu people",
                           (unsigned long)f->count),
               f->count);
    html_close(&v->html, "p");
    control_table(v, visit_text(v, "People of the house"), head,
                  sizeof(head) / sizeof(head[0]));
    for (size_t i = from; i < f->count && i < from + PAGE_ROWS; i++) {
        person_row(v, f->row[i]);
    }
    control_table_end(v);
    pages_nav(v, f, from);
    html_element(&v->html, "h2", NULL, visit_text(v, "Personal codes"));
    control_form(v, "/people/slips", false);
    control_hidden(v, "q", f->query);
    control_hidden(v, "category", f->wanted);
    html_element(&v->html, "p", "help",
                 visit_text(v, "A slip with name and code for everybody in "
                               "this list, 24 on a page, to be cut apart and "
                               "handed over. Whoever has a code answers under "
                               "that name."));
    control_button(v, visit_text(v, "Print the codes"), false);
    control_form_end(v);
}

void
pages_people_list(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct found f;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    enum status st =
        find(&v, request_query(rq, "q"), request_query(rq, "category"), &f);
    if (st < 0) {
        visit_failed(&v, st);
    } else {
        visit_page(&v, "/people", visit_text(&v, "People of the house"));
        html_open(&v.html, "div");
        html_attr(&v.html, "class", "actions");
        control_link(&v, "/people/import",
                     visit_text(&v, "Paste or import a list"),
                     f.all_count == 0);
        control_link(&v, "/people/new", visit_text(&v, "Add a person"), false);
        control_link(&v, "/bank/mentees", visit_text(&v, "Bank of mentees"),
                     false);
        control_link(&v, "/bank/mentors", visit_text(&v, "Bank of mentors"),
                     false);
        html_close(&v.html, "div");
        if (f.all_count > 0) {
            categories(&v, &f);
            html_element(&v.html, "h2", NULL,
                         *f.wanted ? f.wanted : visit_text(&v, "All people"));
            search_form(&v, &f);
        }
        people_table(&v, &f);
    }
    found_clear(&f);
    visit_end(&v);
}

void
pages_people_slips(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct found f;
    char detail[URL_BYTES];
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    const struct dataset_sink sink = {dataset_to_buf, &rs->body};
    enum status st =
        find(&v, request_form(rq, "q"), request_form(rq, "category"), &f);
    if (st == STATUS_OK) {
        st = people_slips_print(f.row, f.count, v.lang, &sink);
    }
    if (st == STATUS_OK) {
        struct store *w = NULL;
        (void)snprintf(detail, sizeof(detail), "%zu", f.count);
        st = visit_write(&v, &w);
        st = visit_written(&v, st, "codes", detail);
    }
    if (st == STATUS_OK) {
        visit_download(&v, "application/pdf", "codes.pdf");
    } else {
        buf_clear(&rs->body);
        visit_failed(&v, st);
    }
    found_clear(&f);
    visit_end(&v);
}

/* --- one ------------------------------------------------------------------ */

static void
role_select(struct visit *v, const char *role)
{
    struct control_option option[] = {
        {"", visit_text(v, "neither")},
        {"mentee", visit_text(v, "mentee")},
        {"mentor", visit_text(v, "mentor")},
    };
    const size_t count = sizeof(option) / sizeof(option[0]);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(option[i].value, role) == 0) {
            const struct control_option chosen = option[i];
            option[i] = option[0];
            option[0] = chosen;
        }
    }
    control_select(v, "role", visit_text(v, "Role in the programme"), option,
                   count);
}

static void
person_form(struct visit *v, const char *path, const struct store_person *p)
{
    control_form(v, path, false);
    control_hidden(v, "what", "save");
    control_input(
        v, &(const struct control){.label = visit_text(v, "Full name"),
                                   .name = "name",
                                   .type = "text",
                                   .value = p->name,
                                   .required = true,
                                   .max_chars = ROSTER_NAME_MAX_BYTES / 2});
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Category of staff"),
                         .name = "category",
                         .type = "text",
                         .value = p->category,
                         .help = visit_text(v, "For example “educators”. The "
                                               "same word makes the same "
                                               "category."),
                         .max_chars = ROSTER_NAME_MAX_BYTES / 2});
    role_select(v, p->role);
    control_input(
        v, &(const struct control){.label = visit_text(v, "Contact"),
                                   .name = "contact",
                                   .type = "text",
                                   .value = p->contact,
                                   .help = visit_text(v, "Telephone or mail."),
                                   .max_chars = ROSTER_TEXT_MAX_BYTES / 2});
    control_button(v, visit_text(v, "Save"), true);
    control_form_end(v);
}

static void
new_page(struct visit *v, const char *fault)
{
    static char none[] = "";
    const struct store_person p = {.name = none,
                                   .role = none,
                                   .category = none,
                                   .contact = none,
                                   .code = none};
    visit_page(v, "/people/new", visit_text(v, "Add a person"));
    control_fault(v, fault);
    person_form(v, "/people/new", &p);
}

static void
one_page(struct visit *v, const struct store_person *p, const char *fault)
{
    char path[URL_BYTES];
    (void)snprintf(path, sizeof(path), "/people/%" PRId64, p->id);
    visit_page(v, path, p->name);
    control_fault(v, fault);
    person_form(v, path, p);
    html_element(&v->html, "h2", NULL, visit_text(v, "Personal code"));
    html_element(&v->html, "p", "code", p->code);
    control_form(v, path, false);
    control_hidden(v, "what", "code");
    html_element(&v->html, "p", "help",
                 visit_text(v, "If the slip was lost or somebody else saw it, "
                               "give another code; the old one then opens "
                               "nothing."));
    control_button(v, visit_text(v, "Give another code"), false);
    control_form_end(v);
    person_rights_part(v, p, path);
}

/* STATUS_E_INVALID: no name, too long, or a role there is not. */
static enum status
read_person(struct visit *v, struct store_person *p)
{
    static const char *const field[] = {"name", "role", "category", "contact"};
    const char *text[4];
    for (size_t i = 0; i < 4; i++) {
        text[i] = request_form(v->rq, field[i]);
        if (!text[i]
            || strlen(text[i])
                   > (i == 3 ? ROSTER_TEXT_MAX_BYTES : ROSTER_NAME_MAX_BYTES)) {
            return STATUS_E_INVALID;
        }
    }
    if (!*text[0]
        || (*text[1] && strcmp(text[1], "mentor") != 0
            && strcmp(text[1], "mentee") != 0)) {
        return STATUS_E_INVALID;
    }
    free(p->name);
    free(p->role);
    free(p->category);
    free(p->contact);
    p->name = strdup(text[0]);
    p->role = strdup(text[1]);
    p->category = strdup(text[2]);
    p->contact = strdup(text[3]);
    return p->name && p->role && p->category && p->contact ? STATUS_OK
                                                           : log_oom("people");
}

static const char *
why_not(struct visit *v, enum status st)
{
    return st == STATUS_E_INVALID
               ? visit_text(v, "Give a name; names and contacts may not be "
                               "longer than a line or two.")
           : st == STATUS_E_LIMIT
               ? visit_text(v, "There is no place for more people.")
               : NULL;
}

static enum status
renew_library(struct store *w, enum status st)
{
    int64_t serial = 0;
    return st == STATUS_OK ? store_number_next(w, STORE_SERIAL, &serial) : st;
}

static void
add_one(struct visit *v)
{
    struct store_person p = {0};
    struct store *w = NULL;
    int64_t id = 0;
    char url[URL_BYTES];
    enum status st = read_person(v, &p);
    if (st == STATUS_OK) {
        st = visit_write(v, &w);
        if (st == STATUS_OK) {
            st = people_slips_add(w, &p, &id);
        }
        st = visit_written(v, renew_library(w, st), "person", "");
    }
    store_person_clear(&p);
    (void)snprintf(url, sizeof(url), "/people/%" PRId64, id);
    if (visit_again(v, st, why_not(v, st), url)) {
        new_page(v, why_not(v, st));
    }
}

static void
change_one(struct visit *v, struct store_person *p)
{
    struct store *w = NULL;
    const char *what = request_form(v->rq, "what");
    const bool code = what && strcmp(what, "code") == 0;
    char url[URL_BYTES];
    const char *fault = NULL;
    (void)snprintf(url, sizeof(url), "/people/%" PRId64, p->id);
    if (person_rights_change(v, p, url, &fault)) {
        if (fault) {
            one_page(v, p, fault);
        }
        return;
    }
    enum status st = code ? STATUS_OK : read_person(v, p);
    if (st == STATUS_OK) {
        st = visit_write(v, &w);
        if (st == STATUS_OK) {
            st =
                code ? people_slips_renew(w, p->id) : store_person_update(w, p);
        }
        st = visit_written(v, renew_library(w, st),
                           code ? "person code" : "person change", "");
    }
    if (visit_again(v, st, why_not(v, st), url)) {
        one_page(v, p, why_not(v, st));
    }
}

void
pages_people_one(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    struct store_person p = {0};
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    char *end = NULL;
    const bool fresh = strcmp(rq->tail, "new") == 0;
    long long id = strtoll(rq->tail, &end, 10);
    enum status st = fresh             ? STATUS_OK
                     : *end || id <= 0 ? STATUS_NONE
                                       : store_person(v.reader, id, &p);
    if (st == STATUS_NONE) {
        visit_missing(&v);
    } else if (st < 0) {
        visit_failed(&v, st);
    } else if (fresh && rq->method == REQUEST_POST) {
        add_one(&v);
    } else if (fresh) {
        new_page(&v, NULL);
    } else if (rq->method == REQUEST_POST) {
        change_one(&v, &p);
    } else {
        one_page(&v, &p, NULL);
    }
    store_person_clear(&p);
    visit_end(&v);
}
