#include "xlsform/reach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "xlsform/lexer.h"

#define FACTS_MAX 64
#define NESTING_MAX 32

/* What a conjunction demands of one value. */
struct fact {
    const struct element *of; /* NULL: "." */
    double low, high;
    bool low_open, high_open;
    const char *equal; /* text it must be, NULL: any */
    size_t equal_len;
};

struct facts {
    struct survey *s;
    const struct element *self; /* whose expression this is */
    struct name_map *unreachable;
    struct fact fact[FACTS_MAX];
    size_t count;
    bool impossible;
    const char *why; /* name of the choice or question, for the message */
    int nesting;
};

struct cursor {
    const char *at;
    struct lexer_token token;
};

static void
advance(struct cursor *c)
{
    do {
        c->token = lexer_next(c->at);
        c->at += c->token.len;
    } while (c->token.kind == LEXER_SPACE);
}

static bool
token_is(const struct cursor *c, enum lexer_kind kind, const char *text)
{
    const char *from = c->token.text;
    size_t len = c->token.len;
    while (len > 0 && *from == ' ') {
        from++;
        len--;
    }
    while (len > 0 && from[len - 1] == ' ') {
        len--;
    }
    return c->token.kind == kind
           && (!text || (strlen(text) == len && strncmp(from, text, len) == 0));
}

/* ---- values ---- */

enum operand_kind {
    OPERAND_UNKNOWN,
    OPERAND_VALUE,
    OPERAND_NUMBER,
    OPERAND_TEXT
};

struct operand {
    enum operand_kind kind;
    const struct element *of; /* of a value; NULL: "." */
    double number;
    const char *text;
    size_t len;
};

static bool
read_number(const char *text, size_t len, double *out)
{
    char copy[40];
    if (len == 0 || len >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    char *end = NULL;
    *out = strtod(copy, &end);
    return *end == '\0' && strspn(copy, "-.0123456789") == len;
}

static struct operand
read_operand(struct facts *f, struct cursor *c)
{
    struct operand o = {.text = c->token.text, .len = c->token.len};
    const char *name = NULL;
    size_t len = 0;
    bool saved = false;
    if (c->token.kind == LEXER_LITERAL
        && read_number(o.text, o.len, &o.number)) {
        o.kind = OPERAND_NUMBER;
    } else if (c->token.kind == LEXER_QUOTED) {
        o.text++;
        o.len -= 2;
        o.kind = read_number(o.text, o.len, &o.number) ? OPERAND_NUMBER
                                                       : OPERAND_TEXT;
    } else if (token_is(c, LEXER_DOT, ".")) {
        o.kind = OPERAND_VALUE;
        o.of = f->self;
    } else if (c->token.kind == LEXER_REFERENCE
               && lexer_reference(c->token.text, &name, &len, &saved) > 0
               && !saved) {
        /* From outside, a question of a repeat stands for several values. */
        o.of = name_map_get_len(&f->s->names, name, len);
        const struct element *repeat = o.of ? survey_repeat_of(o.of) : NULL;
        const struct element *around = f->self;
        while (repeat && around && around != repeat) {
            around = around->parent;
        }
        o.kind = o.of && (!repeat || around) ? OPERAND_VALUE : OPERAND_UNKNOWN;
    }
    return o;
}

/* ---- facts ---- */

static struct fact *
fact_of(struct facts *f, const struct element *of)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->fact[i].of == of) {
            return &f->fact[i];
        }
    }
    if (f->count == FACTS_MAX) {
        return NULL;
    }
    struct fact *fact = &f->fact[f->count++];
    *fact = (struct fact){.of = of, .low = -HUGE_VAL, .high = HUGE_VAL};
    if (of && of->qtype && of->qtype->control == QTYPE_RANGE) {
        const char *start = prop_text(of->params, "start");
        const char *end = prop_text(of->params, "end");
        double a = start ? strtod(start, NULL) : -HUGE_VAL;
        double b = end ? strtod(end, NULL) : HUGE_VAL;
        fact->low = fmin(a, b);
        fact->high = fmax(a, b);
    }
    return fact;
}

static bool
is_whole(const struct element *of)
{
    return of && of->qtype && of->qtype->type
           && strcmp(of->qtype->type, "int") == 0
           && !prop_find(prop_branch(of->cells, "bind"), "type");
}

static bool
is_empty_interval(const struct fact *x)
{
    double low = x->low;
    double high = x->high;
    bool open = x->low_open || x->high_open;
    if (is_whole(x->of)) {
        low = x->low_open ? floor(low) + 1 : ceil(low);
        high = x->high_open ? ceil(high) - 1 : floor(high);
        open = false;
    }
    return low > high || (open && !(low < high));
}

static void
demand_number(struct facts *f, const struct element *of, const char *op,
              double number)
{
    struct fact *x = fact_of(f, of);
    if (!x) {
        return;
    }
    bool equal = strcmp(op, "=") == 0;
    bool below = op[0] == '<' || equal;
    bool above = op[0] == '>' || equal;
    bool open = !equal && op[1] == '\0';
    if (below && (number < x->high || (!(number > x->high) && open))) {
        x->high = number;
        x->high_open = open;
    }
    if (above && (number > x->low || (!(number < x->low) && open))) {
        x->low = number;
        x->low_open = open;
    }
    f->impossible = f->impossible || is_empty_interval(x);
}

static bool
has_choice(const struct element *of, const char *name, size_t len)
{
    for (const struct option *o = of->options->first; o; o = o->next) {
        if (strlen(o->name) == len && strncmp(o->name, name, len) == 0) {
            return true;
        }
    }
    return false;
}

static void
demand_text(struct facts *f, const struct element *of, const char *text,
            size_t len, bool only)
{
    bool fixed = of && of->options && of->qtype
                 && of->qtype->control != QTYPE_RANGE
                 && of->kind == ELEMENT_QUESTION;
    if (fixed && len > 0 && !has_choice(of, text, len)) {
        f->impossible = true;
        f->why = pool_dup_len(f->s->pool, text, len);
        return;
    }
    struct fact *x = only ? fact_of(f, of) : NULL;
    if (!x) {
        return;
    }
    if (x->equal
        && (x->equal_len != len || strncmp(x->equal, text, len) != 0)) {
        f->impossible = true;
    }
    x->equal = text;
    x->equal_len = len;
}

static const char *
mirrored(const char *op)
{
    static const char *const pairs[][2] = {
        {"<", ">"}, {">", "<"}, {"<=", ">="}, {">=", "<="}};
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(op, pairs[i][0]) == 0) {
            return pairs[i][1];
        }
    }
    return op;
}

/* An unreachable question is empty: equal to nothing but '' and in no order
 * with anything. */
static void
demand_reached(struct facts *f, const struct element *of, bool to_empty)
{
    if (of && of != f->self && !to_empty
        && name_map_get(f->unreachable, of->path)) {
        f->impossible = true;
        f->why = of->name;
    }
}

static void
demand(struct facts *f, const struct operand *a, const char *op,
       const struct operand *b)
{
    if (a->kind != OPERAND_VALUE && b->kind == OPERAND_VALUE) {
        const struct operand *swapped = a;
        a = b;
        b = swapped;
        op = mirrored(op);
    }
    if (strcmp(op, "!=") == 0 || a->kind == OPERAND_UNKNOWN
        || b->kind == OPERAND_UNKNOWN) {
        return;
    }
    bool select = a->kind == OPERAND_VALUE && a->of && a->of->options
                  && a->of->qtype && a->of->qtype->control != QTYPE_RANGE;
    if (a->kind == OPERAND_VALUE && b->kind != OPERAND_VALUE) {
        demand_reached(f, a->of, b->kind == OPERAND_TEXT && b->len == 0);
        if (strcmp(op, "=") == 0 && (b->kind == OPERAND_TEXT || select)) {
            demand_text(f, a->of, b->text, b->len, true);
        } else if (b->kind == OPERAND_NUMBER && !select) {
            demand_number(f, a->of, op, b->number);
        }
    } else if (a->kind == OPERAND_NUMBER && b->kind == OPERAND_NUMBER) {
        struct fact x = {.low = a->number, .high = a->number};
        struct facts one = {.s = f->s, .fact = {x}, .count = 1};
        demand_number(&one, NULL, op, b->number);
        f->impossible = f->impossible || one.impossible;
    }
}

/* ---- expressions ---- */

static void
read_or(struct facts *f, struct cursor *c);

/* Past the closing bracket of a call or bracket just opened. */
static void
skip_brackets(struct cursor *c)
{
    int open = 1;
    while (open > 0 && c->token.kind != LEXER_END) {
        open += c->token.kind == LEXER_CALL || c->token.kind == LEXER_OPEN;
        open -= c->token.kind == LEXER_CLOSE;
        advance(c);
    }
}

/* selected(${q}, 'name') */
static void
read_selected(struct facts *f, struct cursor *c)
{
    struct cursor inside = *c;
    struct operand list = read_operand(f, &inside);
    advance(&inside);
    bool comma = inside.token.kind == LEXER_COMMA;
    advance(&inside);
    struct operand name = read_operand(f, &inside);
    advance(&inside);
    if (comma && inside.token.kind == LEXER_CLOSE && list.kind == OPERAND_VALUE
        && name.kind >= OPERAND_NUMBER) {
        demand_reached(f, list.of, false);
        demand_text(f, list.of, name.text, name.len, false);
    }
    skip_brackets(c);
}

static bool
ends_unit(const struct cursor *c)
{
    return c->token.kind == LEXER_END || c->token.kind == LEXER_BOOLEAN
           || c->token.kind == LEXER_CLOSE;
}

/* A comparison operator, which the lexer gives in one or two tokens. */
static bool
read_operator(struct cursor *c, char op[3])
{
    op[0] = '\0';
    if (c->token.kind != LEXER_COMPARE || c->token.len > 2) {
        return false;
    }
    memcpy(op, c->token.text, c->token.len);
    op[c->token.len] = '\0';
    bool longer =
        (op[0] == '<' || op[0] == '>') && c->token.len == 1 && *c->at == '=';
    if (longer) {
        op[1] = '=';
        op[2] = '\0';
        c->at++;
    }
    advance(c);
    return true;
}

static void
skip_unit(struct cursor *c)
{
    while (!ends_unit(c)) {
        bool opens = c->token.kind == LEXER_CALL || c->token.kind == LEXER_OPEN;
        advance(c);
        if (opens) {
            skip_brackets(c);
        }
    }
}

static void
read_unit(struct facts *f, struct cursor *c) // NOLINT(misc-no-recursion)
{
    char op[3];
    if (c->token.kind == LEXER_OPEN && f->nesting < NESTING_MAX) {
        f->nesting++;
        struct cursor start = *c;
        struct facts before = *f;
        advance(c);
        read_or(f, c);
        f->nesting--;
        bool closed = c->token.kind == LEXER_CLOSE;
        if (closed) {
            advance(c);
        }
        if (closed && ends_unit(c)) {
            return;
        }
        *f = before; /* part of something larger: (a + b) > 1 */
        *c = start;
        skip_unit(c);
        return;
    }
    if (token_is(c, LEXER_CALL, "selected(")) {
        advance(c);
        read_selected(f, c);
        skip_unit(c);
        return;
    }
    if (token_is(c, LEXER_CALL, "false(")) {
        advance(c);
        skip_brackets(c);
        f->impossible = f->impossible || ends_unit(c);
        skip_unit(c);
        return;
    }
    struct operand a = read_operand(f, c);
    advance(c);
    if (a.kind != OPERAND_UNKNOWN && read_operator(c, op)) {
        struct operand b = read_operand(f, c);
        advance(c);
        if (ends_unit(c)) {
            demand(f, &a, op, &b);
            return;
        }
    }
    skip_unit(c);
}

static void
read_and(struct facts *f, struct cursor *c) // NOLINT(misc-no-recursion)
{
    read_unit(f, c);
    while (token_is(c, LEXER_BOOLEAN, "and")) {
        advance(c);
        read_unit(f, c);
    }
}

/* Of alternatives only the verdict is kept: impossible if each of them is. */
static void
read_or(struct facts *f, struct cursor *c) // NOLINT(misc-no-recursion)
{
    struct facts before = *f;
    read_and(f, c);
    if (!token_is(c, LEXER_BOOLEAN, "or")) {
        return;
    }
    bool impossible = f->impossible;
    const char *why = f->why;
    while (token_is(c, LEXER_BOOLEAN, "or")) {
        struct facts other = before;
        advance(c);
        read_and(&other, c);
        impossible = impossible && other.impossible;
    }
    *f = before;
    f->impossible = before.impossible || impossible;
    f->why = why;
}

static void
read_expression(struct facts *f, const char *text)
{
    struct cursor c = {.at = text};
    struct facts before = *f;
    if (survey_yes_no(text) == 0) {
        f->impossible = true;
        return;
    }
    advance(&c);
    read_or(f, &c);
    if (c.token.kind != LEXER_END) {
        *f = before; /* not understood */
    }
}

/* ---- the survey ---- */

static const char *
bind_text(const struct element *e, const char *key)
{
    return prop_text(prop_branch(e->cells, "bind"), key);
}

static void
read_ancestors(struct facts *f, // NOLINT(misc-no-recursion) SURVEY_DEPTH_MAX
               const struct element *e)
{
    if (e->parent) {
        read_ancestors(f, e->parent);
    }
    const char *relevant = bind_text(e, "relevant");
    if (relevant) {
        f->self = e;
        read_expression(f, relevant);
    }
}

static void
mark_unreachable(struct survey *s, struct name_map *map, struct element *top)
{
    for (struct element *e = top; e; e = survey_next(top, e)) {
        void **slot = name_map_put(map, s->pool, e->path);
        if (slot) {
            *slot = e;
        }
    }
}

static void
report(struct survey *s, const struct element *e, const struct facts *f,
       const char *key)
{
    struct diag_where at = survey_where(s, e->row, "bind", key);
    if (strcmp(key, "constraint") == 0) {
        (void)diag_add(s->d, DIAG_WARNING, &at,
                       N_("Nobody can answer “%s”: no value meets its "
                          "constraint."),
                       e->name);
    } else if (f->why) {
        (void)diag_add(s->d, DIAG_WARNING, &at,
                       N_("Nobody can reach “%s”: its condition needs “%s”, "
                          "which never happens."),
                       e->name, f->why);
    } else {
        (void)diag_add(s->d, DIAG_WARNING, &at,
                       N_("Nobody can reach “%s”: its condition is never "
                          "true."),
                       e->name);
    }
}

void
reach_check(struct survey *s)
{
    struct name_map unreachable = {0};
    struct facts *f = pool_alloc(s->pool, sizeof(*f));
    for (struct element *e = f ? s->root->first : NULL; e;
         e = survey_next(s->root, e)) {
        if (!e->row || name_map_get(&unreachable, e->path)) {
            continue;
        }
        *f = (struct facts){.s = s, .unreachable = &unreachable};
        read_ancestors(f, e);
        if (f->impossible && bind_text(e, "relevant")) {
            report(s, e, f, "relevant");
            mark_unreachable(s, &unreachable, e);
            continue;
        }
        const char *constraint = bind_text(e, "constraint");
        if (constraint) {
            *f = (struct facts){.s = s, .self = e, .unreachable = &unreachable};
            read_expression(f, constraint);
            if (f->impossible) {
                report(s, e, f, "constraint");
            }
        }
    }
}
