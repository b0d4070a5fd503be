#include "xlsform/params.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "xlsform/spelling.h"

static bool
is_separator(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == ',' || c == ';';
}

static const char *
lower_case(struct pool *p, const char *text, size_t len)
{
    char *out = pool_alloc(p, len + 1);
    if (!out) {
        return "";
    }
    for (size_t i = 0; i < len; i++) {
        out[i] = (char)tolower((unsigned char)text[i]);
    }
    return out;
}

/* Values that name something keep their case. */
static bool
is_case_sensitive(const char *key)
{
    static const char *const keys[] = {
        "app", "label", "value", "seed", "tick_labelset", "reference-geometry"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* One key=value at *at; false if there is none. */
static bool
parse_pair(struct pool *p, const char **at, struct prop **params)
{
    const char *c = *at;
    size_t key_len = strcspn(c, "= \t\n,;");
    const char *key = c;
    c += key_len;
    c += strspn(c, " \t\n");
    if (key_len == 0 || strncmp(c, "=", 1) != 0) {
        return false;
    }
    c++;
    c += strspn(c, " \t\n");
    size_t len = 0;
    if (strncmp(c, "${", 2) == 0 && strchr(c, '}')) {
        len = (size_t)(strchr(c, '}') - c) + 1;
    } else {
        len = strcspn(c, " \t\n,;=");
    }
    if (len == 0) {
        return false;
    }
    if (c[len] != '\0' && !is_separator(c[len])) {
        return false;
    }
    const char *name = lower_case(p, key, key_len);
    prop_set(p, params, name,
             is_case_sensitive(name) ? pool_dup_len(p, c, len)
                                     : lower_case(p, c, len));
    *at = c + len;
    return true;
}

struct prop *
params_parse(struct survey *s, const struct table_row *row)
{
    const char *text = prop_text(row->cells, "parameters");
    struct prop *params = NULL;
    for (const char *at = text; at && *at;) {
        if (is_separator(*at)) {
            at++;
            continue;
        }
        if (!parse_pair(s->pool, &at, &params)) {
            struct diag_where where = survey_where(s, row, "parameters", NULL);
            (void)diag_add(s->d, DIAG_ERROR, &where,
                           N_("Parameters must be in the form of “key1=value1 "
                              "key2=value2”; this is “%s”."),
                           text);
            return NULL;
        }
    }
    return params;
}

static const char *
joined(struct pool *p, const char *const *list)
{
    const char *out = "";
    for (; *list; list++) {
        out = pool_printf(p, "%s%s%s", out, *out ? ", " : "", *list);
    }
    return out;
}

void
params_check(struct survey *s, const struct table_row *row, struct prop *params,
             const char *const *accepted)
{
    for (const struct prop *q = params; q; q = q->next) {
        bool known = false;
        for (const char *const *a = accepted; *a; a++) {
            known = known || strcmp(*a, q->key) == 0;
        }
        if (known) {
            continue;
        }
        struct diag_where at = survey_where(s, row, "parameters", NULL);
        const char *near = spelling_nearest(q->key, accepted);
        if (near) {
            (void)diag_add(s->d, DIAG_ERROR, &at,
                           N_("Invalid parameter key: there is no parameter "
                              "“%s”. Did you mean “%s”?"),
                           q->key, near);
        } else {
            (void)diag_add(
                s->d, DIAG_ERROR, &at,
                N_("Invalid parameter key “%s”. The accepted parameter keys "
                   "for this question type are: %s."),
                q->key, joined(s->pool, accepted));
        }
    }
}

/* ---- range ---- */

struct range {
    struct survey *s;
    struct element *e;
    bool faulty;
    double start, end, step, tick, placeholder;
    bool has_tick, has_placeholder;
    bool fraction;
};

static bool
parse_number(const char *text, double *out)
{
    char *end = NULL;
    if (*text == '\0' || strpbrk(text, "xXpPnN ")) {
        return false;
    }
    *out = strtod(text, &end);
    return *end == '\0' && isfinite(*out);
}

static bool
is_zero(double x)
{
    return !(x < 0) && !(x > 0);
}

/* Decimal fractions are not exact in binary: 0.3 is three steps of 0.1. */
static bool
is_multiple(double x, double step)
{
    double n = x / step;
    return fabs(n - round(n)) < 1e-9 * (1 + fabs(n));
}

static bool
range_fault(struct range *r, const char *text, ...) PRINTF_LIKE(2, 3);

static bool
range_fault(struct range *r, const char *text, ...)
{
    va_list args;
    va_start(args, text);
    struct diag_where at = survey_where(r->s, r->e->row, "parameters", NULL);
    (void)diag_add_args(r->s->d, DIAG_ERROR, &at, text, args);
    va_end(args);
    r->faulty = true;
    return false;
}

static bool
range_number(struct range *r, const char *key, double *out)
{
    const char *text = prop_text(r->e->params, key);
    if (!text) {
        return false;
    }
    if (!parse_number(text, out)) {
        return range_fault(r, N_("The parameter “%s” must be a number."), key);
    }
    r->fraction = r->fraction || !is_zero(*out - round(*out));
    return true;
}

static bool
outside(const struct range *r, double x)
{
    return x < fmin(r->start, r->end) || x > fmax(r->start, r->end);
}

static void
check_steps(struct range *r)
{
    double width = fabs(r->end - r->start);
    if (is_zero(r->step)) {
        (void)range_fault(r, N_("The parameter “%s” must not be 0 (zero)."),
                          "step");
        return;
    }
    if (r->step > width) {
        (void)range_fault(
            r,
            N_("The parameter “%s” must not be larger than the range (the "
               "difference between start and end)."),
            "step");
    }
    if (r->has_tick && is_zero(r->tick)) {
        (void)range_fault(r, N_("The parameter “%s” must not be 0 (zero)."),
                          "tick_interval");
        r->has_tick = false;
    }
    if (r->has_tick && r->tick > width) {
        (void)range_fault(
            r,
            N_("The parameter “%s” must not be larger than the range (the "
               "difference between start and end)."),
            "tick_interval");
    }
    if (r->has_tick && !is_multiple(r->tick, r->step)) {
        (void)range_fault(r,
                          N_("The parameter “%s” must be a multiple of step."),
                          "tick_interval");
    }
    if (r->has_placeholder
        && !is_multiple(r->placeholder - r->start, r->step)) {
        (void)range_fault(r,
                          N_("The parameter “%s” must be a multiple of step."),
                          "placeholder");
    }
    if (r->has_placeholder && outside(r, r->placeholder)) {
        (void)range_fault(r,
                          N_("The parameter “%s” must be between the start and "
                             "end values, inclusive."),
                          "placeholder");
    }
}

/* Labels under the scale come from a list whose names are its numbers. */
static bool
check_label(struct range *r, const struct option *o, bool no_ticks)
{
    double x = 0;
    if (!parse_number(o->name, &x)) {
        return range_fault(r,
                           N_("The names in the choice list of tick_labelset "
                              "must all be numbers; “%s” is not."),
                           o->name);
    }
    if (outside(r, x)) {
        return range_fault(r,
                           N_("The choices of tick_labelset must be between "
                              "the start and end values, inclusive; “%s” is "
                              "not."),
                           o->name);
    }
    double step = r->has_tick ? r->tick : r->step;
    if (!is_multiple(x - r->start, step)
        || !is_multiple(x - r->start, r->step)) {
        return range_fault(r,
                           N_("The names in the choice list of tick_labelset "
                              "must be the start of the range plus a multiple "
                              "of its interval; “%s” is not."),
                           o->name);
    }
    bool end = is_zero(x - r->start) || is_zero(x - r->end);
    if (no_ticks && !end) {
        return range_fault(
            r,
            N_("With the appearance no-ticks the choice list of tick_labelset "
               "may only match the range start and end; “%s” does not."),
            o->name);
    }
    return true;
}

static void
check_labels(struct range *r, const char *list, const char *appearance)
{
    struct itemset *set = survey_itemset(r->s, list);
    if (!set) {
        (void)range_fault(r,
                          N_("The parameter tick_labelset must be a list_name "
                             "of the choices sheet; there is no list “%s”."),
                          list);
        return;
    }
    bool no_ticks = appearance && strstr(appearance, "no-ticks");
    for (const struct option *o = set->first; o; o = o->next) {
        if (!check_label(r, o, no_ticks)) {
            return;
        }
    }
    if (no_ticks && set->count != 2) {
        (void)range_fault(r,
                          N_("With the appearance no-ticks the choice list "
                             "“%s” must have 2 items: for the start and the "
                             "end."),
                          list);
    }
    r->e->options = set;
    r->e->itemset = list;
    set->used_plainly = true;
}

static void
check_appearance(struct range *r, const char *appearance)
{
    static const char *const keys[] = {"tick_interval", "placeholder",
                                       "tick_labelset"};
    if (!appearance || strcmp(appearance, "vertical") == 0
        || strcmp(appearance, "no-ticks") == 0
        || strcmp(appearance, "vertical no-ticks") == 0
        || strcmp(appearance, "no-ticks vertical") == 0) {
        return;
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (prop_text(r->e->params, keys[i])) {
            (void)range_fault(
                r,
                N_("The parameter “%s” is only supported for the appearances "
                   "vertical, no-ticks, and the default (empty) horizontal."),
                keys[i]);
            return;
        }
    }
}

static void
rename_param(struct pool *p, struct prop **params, const char *from,
             const char *to)
{
    const char *text = prop_text(*params, from);
    if (text) {
        prop_remove(params, from);
        prop_set(p, params, to, text);
    }
}

void
params_range(struct survey *s, struct element *e)
{
    static const char *const accepted[] = {
        "start",       "end",           "step", "tick_interval",
        "placeholder", "tick_labelset", NULL};
    static const char *const defaults[][2] = {
        {"start", "1"}, {"end", "10"}, {"step", "1"}};
    struct range r = {.s = s, .e = e};
    params_check(s, e->row, e->params, accepted);
    const char *appearance =
        prop_text(prop_branch(e->cells, "control"), "appearance");
    check_appearance(&r, appearance);
    for (size_t i = 0; i < 3; i++) {
        if (!prop_find(e->params, defaults[i][0])) {
            prop_set(s->pool, &e->params, defaults[i][0], defaults[i][1]);
        }
    }
    bool numbers = range_number(&r, "start", &r.start);
    numbers = range_number(&r, "end", &r.end) && numbers;
    numbers = range_number(&r, "step", &r.step) && numbers;
    r.has_tick = range_number(&r, "tick_interval", &r.tick);
    r.has_placeholder = range_number(&r, "placeholder", &r.placeholder);
    if (!numbers) {
        return;
    }
    check_steps(&r);
    const char *list = prop_text(e->params, "tick_labelset");
    if (list && !r.faulty) {
        check_labels(&r, list, appearance);
    }
    prop_remove(&e->params, "tick_labelset");
    rename_param(s->pool, &e->params, "tick_interval", "odk:tick-interval");
    rename_param(s->pool, &e->params, "placeholder", "odk:placeholder");
    if (r.fraction) {
        prop_set_in(s->pool, &e->cells, "bind", "type", "decimal");
    }
}
