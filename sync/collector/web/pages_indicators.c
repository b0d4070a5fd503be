#include "collector/web/pages_indicators.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/summary/sentence.h"
#include "collector/web/control.h"
#include "collector/web/indicators.h"
#include "collector/web/pages_summary.h"
#include "collector/web/visit.h"

#define NAME_MAX_BYTES 32
#define LABEL_MAX_BYTES 256
#define PATH "/indicators"

/* --- the form ------------------------------------------------------------- */

enum column {
    COLUMN_HITS,
    COLUMN_BASE,
    COLUMN_TARGET,
    COLUMN_COUNT
};

static void
field_name(enum column column, int kind, char out[NAME_MAX_BYTES])
{
    static const char letter[COLUMN_COUNT] = {'h', 'b', 't'};
    (void)snprintf(out, NAME_MAX_BYTES, "%c%d", letter[column], kind);
}

/* `counted` stands where nothing is entered; -1: nothing does. */
static void
number_cell(struct visit *v, enum column column, int kind, int64_t value,
            int64_t counted)
{
    static const char *const what[COLUMN_COUNT] = {
        N_("how many"), N_("of how many"), N_("target, per cent")};
    struct html *h = &v->html;
    char name[NAME_MAX_BYTES];
    char label[LABEL_MAX_BYTES];
    field_name(column, kind, name);
    (void)snprintf(label, sizeof(label), "%s: %s",
                   sentence_indicator_name(v->lang, (enum indicator_kind)kind),
                   visit_text(v, what[column]));
    html_open(h, "td");
    html_void(h, "input");
    html_attr(h, "type", "number");
    html_attr(h, "name", name);
    html_attr(h, "aria-label", label);
    html_attr_int(h, "min", 0);
    html_attr_int(h, "max",
                  column == COLUMN_TARGET ? 100 : INDICATORS_COUNT_MAX);
    if (value >= 0) {
        html_attr_int(h, "value", (long)value);
    }
    if (counted >= 0) {
        html_attr_int(h, "placeholder", (long)counted);
    }
    html_close(h, "td");
}

static enum status
entry_row(struct visit *v, int year, int kind,
          const struct indicators_count *counted)
{
    struct html *h = &v->html;
    struct indicators_entry e;
    enum indicator_kind k = (enum indicator_kind)kind;
    enum status st = indicators_read(v->reader, year, k, &e);
    if (st < 0) {
        return st;
    }
    html_open(h, "tr");
    html_open(h, "th");
    html_attr(h, "scope", "row");
    html_text(h, sentence_indicator_name(v->lang, k));
    html_close(h, "th");
    if (indicators_counted(k)) {
        number_cell(v, COLUMN_HITS, kind, e.hits, counted->hits[k]);
        number_cell(v, COLUMN_BASE, kind, e.base, counted->base[k]);
    } else {
        html_open(h, "td");
        html_attr_int(h, "colspan", 2);
        html_text(h, visit_text(v, "from the questionnaires"));
        html_close(h, "td");
    }
    number_cell(v, COLUMN_TARGET, kind, e.target, -1);
    html_close(h, "tr");
    return STATUS_OK;
}

static enum status
write_form(struct visit *v, int year)
{
    static const char *const head[] = {N_("Indicator"), N_("How many"),
                                       N_("Of how many"),
                                       N_("Target, per cent")};
    char text[NAME_MAX_BYTES];
    struct indicators_count counted;
    enum status st =
        indicators_count(v->reader, year, desk_now_ms(v->desk), &counted);
    html_open(&v->html, "h2");
    html_attr(&v->html, "class", "part");
    html_textf(&v->html, "%s %d/%02d",
               visit_text(v, "Counts and targets of the school year"), year,
               (year + 1) % 100);
    html_close(&v->html, "h2");
    html_element(&v->html, "p", "help",
                 visit_text(v, "Grey numbers are counted from pairs, journals,"
                               " the bank of mentees and group meetings, and"
                               " hold while a field is empty. Planned is one"
                               " meeting for every 30 days that a pair is"
                               " active."));
    /* Wider than other forms: it holds a table. */
    control_form_bare(v, PATH);
    (void)snprintf(text, sizeof(text), "%d", year);
    control_hidden(v, "year", text);
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "entries");
    control_table(v, visit_text(v, "Counts and targets of the school year"),
                  head, sizeof(head) / sizeof(head[0]));
    for (int k = 0; k < INDICATOR_KIND_COUNT && st == STATUS_OK; k++) {
        st = entry_row(v, year, k, &counted);
    }
    control_table_end(v);
    html_close(&v->html, "div");
    control_button(v, visit_text(v, "Save"), true);
    control_form_end(v);
    return st;
}

/* Other years to enter. */
static void
write_years(struct visit *v, int year, int now)
{
    struct html *h = &v->html;
    html_open(h, "p");
    html_attr(h, "class", "years");
    for (int y = now + 1; y > now - INDICATORS_YEARS_MAX; y--) {
        char url[NAME_MAX_BYTES * 2];
        (void)snprintf(url, sizeof(url), PATH "?year=%d", y);
        html_open(h, y == year ? "strong" : "a");
        if (y != year) {
            html_attr_url(h, "href", url);
        }
        html_textf(h, "%d/%02d", y, (y + 1) % 100);
        html_close(h, y == year ? "strong" : "a");
        html_text(h, " ");
    }
    html_close(h, "p");
}

/* --- the page ------------------------------------------------------------- */

static int
asked_year(const char *text, int now)
{
    long year = text ? strtol(text, NULL, 10) : now;
    return year > now - INDICATORS_YEARS_MAX && year <= now + 1 ? (int)year
                                                                : now;
}

static void
show(struct visit *v, const char *warning)
{
    struct indicators *in = NULL;
    int now = indicators_year_of(desk_now_ms(v->desk));
    enum status st = indicators_open(v->reader, v->desk->catalogue, v->lang,
                                     desk_now_ms(v->desk), &in);
    if (st < 0) {
        visit_failed(v, st);
        return;
    }
    const struct report *r = indicators_report(in);
    visit_page(v, PATH, visit_text(v, "Indicators"));
    control_fault(v, warning);
    html_element(
        &v->html, "p", "lead",
        r->items > 0
            ? visit_text(v, "The programme by school year. Satisfaction is"
                            " answered by some and comes with an interval;"
                            " the rest is counted.")
            : visit_text(v, "No figures and no targets yet."));
    pages_summary_items(v, r->item, r->items);
    if (v->user.role == STORE_ROLE_COORDINATOR) {
        const char *asked = v->rq->method == REQUEST_POST
                                ? request_form(v->rq, "year")
                                : request_query(v->rq, "year");
        int year = asked_year(asked, now);
        html_open(&v->html, "div");
        html_attr(&v->html, "class", "on-screen");
        st = write_form(v, year);
        write_years(v, year, now);
        html_close(&v->html, "div");
    }
    /* The page refers to the report's texts until it is closed. */
    visit_page_end(v);
    indicators_free(in);
    if (st < 0) {
        v->rs->status = 500;
    }
}

struct change {
    const struct request *rq;
    int year;
    int64_t now_ms;
};

/* -1: left empty; -2: no number. */
static int64_t
number_of(const struct request *rq, enum column column, int kind)
{
    char name[NAME_MAX_BYTES];
    char *end = NULL;
    field_name(column, kind, name);
    const char *text = request_form(rq, name);
    if (!text || *text == '\0') {
        return -1;
    }
    int64_t n = strtoll(text, &end, 10);
    return *end != '\0' || n < 0 || n > INDICATORS_COUNT_MAX ? -2 : n;
}

static enum status
save(struct store *writer, void *ctx)
{
    const struct change *c = ctx;
    struct indicators_count counted;
    enum status st = indicators_count(writer, c->year, c->now_ms, &counted);
    for (int k = 0; k < INDICATOR_KIND_COUNT && st == STATUS_OK; k++) {
        int64_t hits = number_of(c->rq, COLUMN_HITS, k);
        int64_t base = number_of(c->rq, COLUMN_BASE, k);
        int64_t target = number_of(c->rq, COLUMN_TARGET, k);
        const struct indicators_entry e = {hits, base, (int)target};
        struct indicators_entry figure;
        bool none = hits < 0 && base < 0;
        if (hits == -2 || base == -2 || target == -2
            || (!none
                && !indicators_figure(&e, &counted, (enum indicator_kind)k,
                                      &figure))) {
            return STATUS_E_INVALID;
        }
        st = indicators_write(writer, c->year, (enum indicator_kind)k, &e);
    }
    return st;
}

void
pages_indicators(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    bool post = rq->method == REQUEST_POST;
    if (!visit_begin(&v, self, rq, rs,
                     post ? VISIT_COORDINATOR
                          : VISIT_COORDINATOR | VISIT_HEAD)) {
        return;
    }
    if (!post) {
        show(&v, NULL);
        visit_end(&v);
        return;
    }
    struct change c = {rq,
                       asked_year(request_form(rq, "year"),
                                  indicators_year_of(desk_now_ms(v.desk))),
                       desk_now_ms(v.desk)};
    char detail[NAME_MAX_BYTES];
    char back[NAME_MAX_BYTES * 2];
    (void)snprintf(detail, sizeof(detail), "%d", c.year);
    (void)snprintf(back, sizeof(back), PATH "?year=%d", c.year);
    enum status st = visit_change(&v, save, &c, "indicators", detail);
    const char *fault =
        st == STATUS_E_INVALID
            ? visit_text(&v, "Nothing was saved: enter whole numbers, both"
                             " counts of an indicator, and not more than"
                             " there are.")
            : NULL;
    if (visit_again(&v, st, fault, back)) {
        show(&v, fault);
    }
    visit_end(&v);
}
