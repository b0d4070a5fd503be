#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "form/xpath.h"
#include "form/xpath_function.h"

enum token {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_LITERAL,
    TOKEN_NAME,
    TOKEN_STAR, /* a name test */
    TOKEN_SLASH,
    TOKEN_SLASHES,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_SQUARE,
    TOKEN_CLOSE_SQUARE,
    TOKEN_DOT,
    TOKEN_DOTS,
    TOKEN_AT,
    TOKEN_COMMA,
    TOKEN_AXIS, /* "::" */
    TOKEN_OP,
    TOKEN_BAD,
};

struct parser {
    const char *source;
    const char *at;
    const char *end;
    struct arena *arena;
    struct diag *d;
    const struct diag_where *where;
    enum status st;
    unsigned nest;
    enum token token; /* the current one */
    enum xpath_op op;
    const char *start; /* its text; for a literal without the quotes */
    size_t len;
    bool operand_before; /* so "*", "div" and the like are operators */
};

static void
fail(struct parser *p, const char *text)
{
    if (p->st < 0) {
        return;
    }
    size_t before = (size_t)(p->start - p->source);
    p->st = diag_add(p->d, DIAG_ERROR, p->where,
                     N_("The expression “%.200s” has a fault at position %d: "
                        "%s"),
                     p->source, (int)utf8_count(p->source, before) + 1,
                     p->d ? i18n_text(p->d->lang, text) : text);
    p->token = TOKEN_END;
}

static void
out_of_memory(struct parser *p)
{
    if (p->st == STATUS_OK) {
        p->st = STATUS_E_NOMEM;
    }
    p->token = TOKEN_END;
}

/* ------------------------------------------------------------------ lexer */

static bool
name_start(const struct parser *p, const char *at)
{
    unsigned char c = at < p->end ? (unsigned char)*at : 0;
    return c >= 0x80 || c == '_' || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z');
}

static bool
digit(const struct parser *p, const char *at)
{
    return at < p->end && *at >= '0' && *at <= '9';
}

static const char *
name_end(const struct parser *p, const char *at)
{
    while (name_start(p, at) || digit(p, at)
           || (at < p->end && (*at == '-' || *at == '.'))) {
        at++;
    }
    return at;
}

static void
lex_name(struct parser *p)
{
    static const struct {
        const char *text;
        enum xpath_op op;
    } words[] = {{"or", XPATH_OP_OR},
                 {"and", XPATH_OP_AND},
                 {"div", XPATH_OP_DIV},
                 {"mod", XPATH_OP_MOD}};
    const char *end = name_end(p, p->at);
    if (end + 1 < p->end && *end == ':' && end[1] != ':') {
        if (name_start(p, end + 1)) {
            end = name_end(p, end + 1);
        } else if (end[1] == '*') {
            end += 2;
        }
    }
    p->len = (size_t)(end - p->at);
    p->at = end;
    p->token = TOKEN_NAME;
    for (size_t i = 0; p->operand_before && i < 4; i++) {
        if (strlen(words[i].text) == p->len
            && memcmp(words[i].text, p->start, p->len) == 0) {
            p->token = TOKEN_OP;
            p->op = words[i].op;
        }
    }
}

static void
lex_number(struct parser *p)
{
    while (digit(p, p->at)) {
        p->at++;
    }
    if (p->at < p->end && *p->at == '.') {
        p->at++;
        while (digit(p, p->at)) {
            p->at++;
        }
    }
    p->len = (size_t)(p->at - p->start);
    p->token = TOKEN_NUMBER;
}

static void
lex_literal(struct parser *p)
{
    char quote = *p->at;
    const char *end = memchr(p->at + 1, quote, (size_t)(p->end - p->at - 1));
    if (!end) {
        fail(p, N_("a quotation mark is not closed."));
        return;
    }
    p->start = p->at + 1;
    p->len = (size_t)(end - p->start);
    p->at = end + 1;
    p->token = TOKEN_LITERAL;
}

struct symbol {
    char text[3];
    enum token token;
    enum xpath_op op;
};

static bool
lex_symbol(struct parser *p)
{
    static const struct symbol symbols[] = {
        {"//", TOKEN_SLASHES, XPATH_OP_NONE},
        {"::", TOKEN_AXIS, XPATH_OP_NONE},
        {"..", TOKEN_DOTS, XPATH_OP_NONE},
        {"!=", TOKEN_OP, XPATH_OP_NE},
        {"<=", TOKEN_OP, XPATH_OP_LE},
        {">=", TOKEN_OP, XPATH_OP_GE},
        {"/", TOKEN_SLASH, XPATH_OP_NONE},
        {"(", TOKEN_OPEN, XPATH_OP_NONE},
        {")", TOKEN_CLOSE, XPATH_OP_NONE},
        {"[", TOKEN_OPEN_SQUARE, XPATH_OP_NONE},
        {"]", TOKEN_CLOSE_SQUARE, XPATH_OP_NONE},
        {".", TOKEN_DOT, XPATH_OP_NONE},
        {"@", TOKEN_AT, XPATH_OP_NONE},
        {",", TOKEN_COMMA, XPATH_OP_NONE},
        {"=", TOKEN_OP, XPATH_OP_EQ},
        {"<", TOKEN_OP, XPATH_OP_LT},
        {">", TOKEN_OP, XPATH_OP_GT},
        {"+", TOKEN_OP, XPATH_OP_ADD},
        {"-", TOKEN_OP, XPATH_OP_SUB},
        {"|", TOKEN_OP, XPATH_OP_UNION},
    };
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        size_t len = strlen(symbols[i].text);
        if ((size_t)(p->end - p->at) >= len
            && memcmp(p->at, symbols[i].text, len) == 0) {
            p->at += len;
            p->len = len;
            p->token = symbols[i].token;
            p->op = symbols[i].op;
            return true;
        }
    }
    return false;
}

static void
advance(struct parser *p)
{
    p->operand_before = p->token == TOKEN_NUMBER || p->token == TOKEN_LITERAL
                        || p->token == TOKEN_NAME || p->token == TOKEN_STAR
                        || p->token == TOKEN_CLOSE
                        || p->token == TOKEN_CLOSE_SQUARE
                        || p->token == TOKEN_DOT || p->token == TOKEN_DOTS;
    while (p->at < p->end
           && (*p->at == ' ' || *p->at == '\t' || *p->at == '\n'
               || *p->at == '\r')) {
        p->at++;
    }
    p->start = p->at;
    p->len = 0;
    p->op = XPATH_OP_NONE;
    if (p->st < 0 || p->at == p->end) {
        p->token = TOKEN_END;
    } else if (name_start(p, p->at)) {
        lex_name(p);
    } else if (digit(p, p->at) || (*p->at == '.' && digit(p, p->at + 1))) {
        lex_number(p);
    } else if (*p->at == '"' || *p->at == '\'') {
        lex_literal(p);
    } else if (*p->at == '*') {
        p->token = p->operand_before ? TOKEN_OP : TOKEN_STAR;
        p->op = p->operand_before ? XPATH_OP_MUL : XPATH_OP_NONE;
        p->at++;
        p->len = 1;
    } else if (!lex_symbol(p)) {
        p->token = TOKEN_BAD;
        fail(p, N_("this character has no meaning here."));
    }
}

/* ----------------------------------------------------------------- parser */

static struct xpath_node *
new_node(struct parser *p, enum xpath_kind kind)
{
    struct xpath_node *n = arena_alloc(p->arena, sizeof(*n));
    if (!n) {
        out_of_memory(p);
        return NULL;
    }
    n->kind = (uint8_t)kind;
    return n;
}

/* NOLINTBEGIN(misc-no-recursion): as deep as XPATH_NEST_MAX */
static struct xpath_node *
parse_expr(struct parser *p, unsigned level);

static void
expect(struct parser *p, enum token token, const char *text)
{
    if (p->token == token) {
        advance(p);
    } else {
        fail(p, text);
    }
}

static struct xpath_node *
parse_predicates(struct parser *p)
{
    struct xpath_node *first = NULL;
    struct xpath_node **last = &first;
    while (p->token == TOKEN_OPEN_SQUARE && p->st == STATUS_OK) {
        advance(p);
        *last = parse_expr(p, 0);
        expect(p, TOKEN_CLOSE_SQUARE, N_("a “]” is missing."));
        if (*last) {
            last = &(*last)->next;
        }
    }
    return first;
}

static const char *
step_local(struct parser *p, bool attribute)
{
    const char *name = p->start;
    size_t len = p->len;
    const char *colon = memchr(name, ':', len);
    if (colon) {
        len -= (size_t)(colon + 1 - name);
        name = colon + 1;
    }
    if (len == 1 && *name == '*') {
        return NULL;
    }
    char *copy = arena_alloc(p->arena, len + 2);
    if (!copy) {
        out_of_memory(p);
        return NULL;
    }
    copy[0] = '@';
    memcpy(copy + attribute, name, len);
    copy[len + attribute] = '\0';
    return copy;
}

/* "child::", "parent::", "self::" before a name. */
static void
parse_axis(struct parser *p, struct xpath_step *s)
{
    static const struct {
        const char *text;
        enum xpath_axis axis;
    } axes[] = {
        {"child", XPATH_CHILD}, {"parent", XPATH_PARENT}, {"self", XPATH_SELF}};
    const char *after = p->at;
    while (after < p->end && *after == ' ') {
        after++;
    }
    if (p->end - after < 2 || after[0] != ':' || after[1] != ':') {
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        if (strlen(axes[i].text) == p->len
            && memcmp(axes[i].text, p->start, p->len) == 0) {
            s->axis = axes[i].axis;
            advance(p);
            advance(p);
            return;
        }
    }
    fail(p, N_("forms know no axes but child, parent and self."));
}

/* "node()" after an axis. */
static bool
parse_node_test(struct parser *p)
{
    if (p->token != TOKEN_NAME || p->len != 4
        || memcmp(p->start, "node", 4) != 0 || p->at >= p->end
        || *p->at != '(') {
        return false;
    }
    advance(p);
    advance(p);
    expect(p, TOKEN_CLOSE, N_("a “)” is missing."));
    return true;
}

static struct xpath_step *
parse_step(struct parser *p)
{
    struct xpath_step *s = arena_alloc(p->arena, sizeof(*s));
    if (!s) {
        out_of_memory(p);
        return NULL;
    }
    s->name = XPATH_NONE;
    if (p->token == TOKEN_DOT || p->token == TOKEN_DOTS) {
        s->axis = p->token == TOKEN_DOT ? XPATH_SELF : XPATH_PARENT;
        advance(p);
    } else if (p->token == TOKEN_STAR) {
        advance(p);
    } else if (p->token == TOKEN_AT) {
        advance(p);
        if (p->token != TOKEN_NAME) {
            fail(p, N_("a name must follow “@”."));
            return s;
        }
        s->local = step_local(p, true);
        advance(p);
    } else if (p->token == TOKEN_NAME) {
        parse_axis(p, s);
        if (p->token == TOKEN_STAR) {
            advance(p);
        } else if (p->token != TOKEN_NAME) {
            fail(p, N_("a name is missing."));
        } else if (!parse_node_test(p)) {
            s->local = step_local(p, false);
            advance(p);
        }
    } else {
        fail(p, N_("a name is missing."));
    }
    s->predicate = parse_predicates(p);
    return s;
}

static bool
step_follows(const struct parser *p)
{
    return p->token == TOKEN_NAME || p->token == TOKEN_STAR
           || p->token == TOKEN_DOT || p->token == TOKEN_DOTS
           || p->token == TOKEN_AT;
}

/* Steps up to the end of the path; the current token starts one. */
static struct xpath_step *
parse_steps(struct parser *p)
{
    struct xpath_step *first = NULL;
    struct xpath_step **last = &first;
    bool descend = false;
    for (;;) {
        *last = parse_step(p);
        if (!*last || p->st < 0) {
            break;
        }
        if (descend) {
            (*last)->axis = XPATH_DESCENDANT;
        }
        if (p->token != TOKEN_SLASH && p->token != TOKEN_SLASHES) {
            break;
        }
        descend = p->token == TOKEN_SLASHES;
        advance(p);
        last = &(*last)->next;
    }
    return first;
}

static struct xpath_node *
parse_call(struct parser *p)
{
    struct xpath_node *n = new_node(p, XPATH_CALL);
    if (!n) {
        return NULL;
    }
    n->u.function = xpath_function_find(p->start, p->len);
    if (!n->u.function) {
        fail(p, N_("there is no such function."));
        return NULL;
    }
    const char *name = p->start;
    advance(p);
    advance(p);
    struct xpath_node **last = &n->child;
    while (p->token != TOKEN_CLOSE && p->st == STATUS_OK) {
        *last = parse_expr(p, 0);
        if (!*last) {
            break;
        }
        last = &(*last)->next;
        n->count++;
        if (p->token == TOKEN_COMMA) {
            advance(p);
            if (p->token == TOKEN_CLOSE) {
                fail(p, N_("something is missing after the comma."));
            }
        } else if (p->token != TOKEN_CLOSE) {
            fail(p, N_("a comma or “)” is missing."));
        }
    }
    if (p->st == STATUS_OK
        && (n->count < n->u.function->args_min
            || n->count > n->u.function->args_max)) {
        p->start = name;
        fail(p, N_("the function is given too few or too many values."));
    }
    expect(p, TOKEN_CLOSE, N_("a “)” is missing."));
    return n;
}

/* A number, literal, call or bracket; NULL when the token starts a path. */
static struct xpath_node *
parse_primary(struct parser *p)
{
    struct xpath_node *n = NULL;
    switch ((int)p->token) {
    case TOKEN_NUMBER:
        n = new_node(p, XPATH_NUMBER);
        if (n) {
            char digits[64];
            size_t len = p->len < 63 ? p->len : 63;
            memcpy(digits, p->start, len);
            digits[len] = '\0';
            n->u.number = strtod(digits, NULL);
        }
        advance(p);
        return n;
    case TOKEN_LITERAL:
        n = new_node(p, XPATH_STRING);
        if (n) {
            n->u.text = arena_strndup(p->arena, p->start, p->len);
            if (!n->u.text) {
                out_of_memory(p);
            }
        }
        advance(p);
        return n;
    case TOKEN_OPEN:
        advance(p);
        n = parse_expr(p, 0);
        expect(p, TOKEN_CLOSE, N_("a “)” is missing."));
        return n;
    case TOKEN_NAME: {
        const char *after = p->at;
        while (after < p->end && (*after == ' ' || *after == '\n')) {
            after++;
        }
        return after < p->end && *after == '(' ? parse_call(p) : NULL;
    }
    default:
        return NULL;
    }
}

static struct xpath_node *
parse_path(struct parser *p)
{
    struct xpath_node *primary = parse_primary(p);
    if (p->st < 0
        || (primary && p->token != TOKEN_SLASH && p->token != TOKEN_SLASHES
            && p->token != TOKEN_OPEN_SQUARE)) {
        return primary;
    }
    struct xpath_node *n = new_node(p, XPATH_PATH);
    struct xpath_path *path = arena_alloc(p->arena, sizeof(*path));
    if (!n || !path) {
        out_of_memory(p);
        return NULL;
    }
    n->u.path = path;
    path->def = XPATH_NONE;
    bool steps = true;
    if (primary) {
        path->root = XPATH_FROM_FILTER;
        path->filter = primary;
        path->filter_predicate = parse_predicates(p);
        steps = p->token == TOKEN_SLASH || p->token == TOKEN_SLASHES;
    } else if (p->token == TOKEN_SLASH || p->token == TOKEN_SLASHES) {
        path->root = XPATH_FROM_DOCUMENT;
    } else if (step_follows(p)) {
        path->root = XPATH_FROM_CONTEXT;
    } else {
        fail(p, p->token == TOKEN_END ? N_("it ends too early.")
                                      : N_("a value is missing."));
        return NULL;
    }
    bool descend = p->token == TOKEN_SLASHES && steps;
    if (path->root != XPATH_FROM_CONTEXT && steps) {
        advance(p);
        steps = step_follows(p);
        if (!steps && (primary || descend)) {
            fail(p, N_("a name is missing."));
        }
    }
    path->step = steps ? parse_steps(p) : NULL;
    if (path->step && descend) {
        path->step->axis = XPATH_DESCENDANT;
    }
    return n;
}

/* Unary minus stands between the multiplications, 6, and this. */
#define UNION_LEVEL 8

static unsigned
op_level(enum xpath_op op)
{
    static const unsigned char levels[] = {
        [XPATH_OP_NONE] = 0, [XPATH_OP_OR] = 1,  [XPATH_OP_AND] = 2,
        [XPATH_OP_EQ] = 3,   [XPATH_OP_NE] = 3,  [XPATH_OP_LT] = 4,
        [XPATH_OP_LE] = 4,   [XPATH_OP_GT] = 4,  [XPATH_OP_GE] = 4,
        [XPATH_OP_ADD] = 5,  [XPATH_OP_SUB] = 5, [XPATH_OP_MUL] = 6,
        [XPATH_OP_DIV] = 6,  [XPATH_OP_MOD] = 6, [XPATH_OP_UNION] = UNION_LEVEL,
    };
    return levels[op];
}

/* Unary minus binds tighter than "*" and looser than "|". */
static struct xpath_node *
parse_unary(struct parser *p)
{
    bool negative = false;
    bool any = false;
    while (p->token == TOKEN_OP && p->op == XPATH_OP_SUB) {
        negative = !negative;
        any = true;
        advance(p);
    }
    if (!any) {
        return parse_path(p);
    }
    struct xpath_node *operand = parse_expr(p, UNION_LEVEL);
    struct xpath_node *n = new_node(p, XPATH_NEGATE);
    if (!n || !operand) {
        return NULL;
    }
    n->child = operand;
    n->count = negative ? 1 : 2; /* 2: negated twice, still a number */
    return n;
}

/* Operands joined by operators of at least this level; level 0 is a whole
 * expression. Climbs one level a time without recursion for runs of operators:
 * a chain holds them all. */
static struct xpath_node *
parse_expr(struct parser *p, unsigned level)
{
    if (p->nest >= XPATH_NEST_MAX) {
        fail(p, N_("too many brackets inside each other."));
        return NULL;
    }
    p->nest++;
    struct xpath_node *left =
        level >= UNION_LEVEL ? parse_path(p) : parse_unary(p);
    while (left && p->st == STATUS_OK && p->token == TOKEN_OP
           && op_level(p->op) >= (level ? level : 1)) {
        unsigned here = op_level(p->op);
        struct xpath_node *chain = new_node(p, XPATH_CHAIN);
        if (!chain) {
            break;
        }
        chain->child = left;
        chain->count = 1;
        struct xpath_node *last = left;
        while (p->token == TOKEN_OP && op_level(p->op) == here) {
            enum xpath_op op = p->op;
            advance(p);
            struct xpath_node *right = parse_expr(p, here + 1);
            if (!right) {
                break;
            }
            right->op = (uint8_t)op;
            last->next = right;
            last = right;
            chain->count++;
        }
        left = chain;
    }
    p->nest--;
    return p->st < 0 ? NULL : left;
}
/* NOLINTEND(misc-no-recursion) */

enum status
xpath_parse(const char *source, size_t len, struct arena *arena, struct diag *d,
            const struct diag_where *where, struct xpath **out)
{
    *out = NULL;
    struct parser p = {.source = source,
                       .at = source,
                       .end = source + len,
                       .start = source,
                       .arena = arena,
                       .d = d,
                       .where = where};
    if (len > XPATH_BYTES_MAX) {
        (void)diag_add(d, DIAG_ERROR, where,
                       N_("An expression is longer than %d bytes."),
                       (int)XPATH_BYTES_MAX);
        return STATUS_E_LIMIT;
    }
    struct xpath *x = arena_alloc(arena, sizeof(*x));
    if (!x) {
        return STATUS_E_NOMEM;
    }
    x->source = arena_strndup(arena, source, len);
    if (!x->source) {
        return STATUS_E_NOMEM;
    }
    p.source = x->source;
    p.at = x->source;
    p.start = x->source;
    p.end = x->source + len;
    advance(&p);
    x->root = parse_expr(&p, 0);
    if (p.st == STATUS_OK && p.token != TOKEN_END) {
        fail(&p, N_("an operator is missing before this."));
    }
    if (p.st == STATUS_OK) {
        *out = x;
    }
    return p.st;
}
