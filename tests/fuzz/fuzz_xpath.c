/*
 * Expressions against a naive evaluator. The bytes drive a generator of
 * expressions over three answers of one form; a tree of the plainest kind, kept
 * beside the text, says what it must give. Bytes that begin with '#' are an
 * expression themselves, which must be parsed or refused without harm.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "form/filling.h"

#define DEPTH_MAX 6
#define TEXT_MAX 65536

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const answer_path[] = {"/data/a", "/data/b", "/data/c"};
static const char *const answer_text[] = {"7", "", "слово"};

enum kind {
    KIND_TEXT,
    KIND_NUMBER,
    KIND_BOOLEAN,
    KIND_NODE, /* text of an answer */
};

/* A value the naive way: everything worked out at once, texts in full. */
struct naive {
    enum kind kind;
    double number;
    bool boolean;
    char text[512];
};

/* The naive side does not print fractions; what depends on such a text, or on
 * one longer than its room, is not compared. */
static bool vague;

struct source {
    const uint8_t *at;
    const uint8_t *end;
    struct buf *out;
};

static unsigned
next(struct source *s, unsigned below)
{
    return s->at < s->end ? *s->at++ % below : 0;
}

static void
number_text(double n, char out[512])
{
    if (isnan(n)) {
        (void)snprintf(out, 512, "NaN");
    } else if (isinf(n)) {
        (void)snprintf(out, 512, n < 0 ? "-Infinity" : "Infinity");
    } else if (fabs(n) < 1e15 && floor(n) >= n) {
        (void)snprintf(out, 512, "%lld", (long long)n);
    } else {
        vague = true;
        (void)snprintf(out, 512, "?");
    }
}

static const char *
as_text(const struct naive *v, char room[512])
{
    if (v->kind == KIND_NUMBER) {
        number_text(v->number, room);
        return room;
    }
    if (v->kind == KIND_BOOLEAN) {
        return v->boolean ? "true" : "false";
    }
    return v->text;
}

static double
as_number(const struct naive *v)
{
    if (v->kind == KIND_NUMBER) {
        return v->number;
    }
    if (v->kind == KIND_BOOLEAN) {
        return v->boolean ? 1 : 0;
    }
    char *end = NULL;
    const char *at = v->text;
    bool digit = *at >= '0' && *at <= '9';
    if (!digit && !(*at == '-' && at[1] >= '0' && at[1] <= '9')) {
        return (double)NAN;
    }
    double n = strtod(at, &end);
    return *end || strpbrk(at, "eExX+") || at[strspn(at, "-0123456789.")]
               ? (double)NAN
               : n;
}

static bool
as_boolean(const struct naive *v)
{
    if (v->kind == KIND_NUMBER) {
        return v->number < 0 || v->number > 0;
    }
    if (v->kind == KIND_BOOLEAN) {
        return v->boolean;
    }
    return *v->text != '\0';
}

static struct naive
make(struct source *s, int depth);

static struct naive
of_number(double n)
{
    return (struct naive){.kind = KIND_NUMBER, .number = n};
}

static struct naive
of_boolean(bool b)
{
    return (struct naive){.kind = KIND_BOOLEAN, .boolean = b};
}

static struct naive
leaf(struct source *s)
{
    static const char *const words[] = {"", "7", "a", "слово", "-2.5", "ab"};
    struct naive v = {0};
    unsigned pick = next(s, 4);
    if (pick == 0) {
        double n = next(s, 100);
        buf_printf(s->out, "%.0f", n);
        return of_number(n);
    }
    if (pick == 1) {
        const char *word = words[next(s, 6)];
        buf_printf(s->out, "'%s'", word);
        (void)snprintf(v.text, sizeof(v.text), "%s", word);
        return v;
    }
    if (pick == 2) {
        bool b = next(s, 2);
        buf_puts(s->out, b ? "true()" : "false()");
        return of_boolean(b);
    }
    unsigned answer = next(s, 3);
    buf_puts(s->out, answer_path[answer]);
    v.kind = KIND_NODE;
    (void)snprintf(v.text, sizeof(v.text), "%s", answer_text[answer]);
    return v;
}

static bool
equal(const struct naive *a, const struct naive *b)
{
    char room[2][512];
    if (a->kind == KIND_BOOLEAN || b->kind == KIND_BOOLEAN) {
        return as_boolean(a) == as_boolean(b);
    }
    if (a->kind == KIND_NUMBER || b->kind == KIND_NUMBER) {
        double x = as_number(a);
        double y = as_number(b);
        return x <= y && x >= y;
    }
    return strcmp(as_text(a, room[0]), as_text(b, room[1])) == 0;
}

static struct naive
operation(struct source *s, int depth)
{
    static const char *const signs[] = {"+", "-",  "*", "div", "mod", "=", "!=",
                                        "<", "<=", ">", ">=",  "and", "or"};
    unsigned op = next(s, 13);
    buf_putc(s->out, '(');
    struct naive a = make(s, depth + 1);
    buf_printf(s->out, " %s ", signs[op]);
    struct naive b = make(s, depth + 1);
    buf_putc(s->out, ')');
    double x = as_number(&a);
    double y = as_number(&b);
    switch (op) {
    case 0:
        return of_number(x + y);
    case 1:
        return of_number(x - y);
    case 2:
        return of_number(x * y);
    case 3:
        return of_number(x / y);
    case 4:
        return of_number(fmod(x, y));
    case 5:
        return of_boolean(equal(&a, &b));
    case 6:
        return of_boolean(!equal(&a, &b));
    case 7:
        return of_boolean(x < y);
    case 8:
        return of_boolean(x <= y);
    case 9:
        return of_boolean(x > y);
    case 10:
        return of_boolean(x >= y);
    case 11:
        return of_boolean(as_boolean(&a) && as_boolean(&b));
    default:
        return of_boolean(as_boolean(&a) || as_boolean(&b));
    }
}

static struct naive
call(struct source *s, int depth)
{
    static const char *const names[] = {"if",      "not",      "number",
                                        "concat",  "contains", "floor",
                                        "boolean", "string"};
    char room[2][512];
    struct naive v = {0};
    unsigned fn = next(s, 8);
    buf_printf(s->out, "%s(", names[fn]);
    struct naive a = make(s, depth + 1);
    struct naive b = {0};
    if (fn == 0 || fn == 3 || fn == 4) {
        buf_puts(s->out, ", ");
        b = make(s, depth + 1);
    }
    switch (fn) {
    case 0:
        buf_puts(s->out, ", ");
        v = make(s, depth + 1);
        buf_putc(s->out, ')');
        return as_boolean(&a) ? b : v;
    case 1:
        v = of_boolean(!as_boolean(&a));
        break;
    case 2:
        v = of_number(as_number(&a));
        break;
    case 3:
        (void)snprintf(v.text, sizeof(v.text), "%.250s%.250s",
                       as_text(&a, room[0]), as_text(&b, room[1]));
        vague = vague || strlen(v.text) >= 250;
        break;
    case 4:
        v = of_boolean(strstr(as_text(&a, room[0]), as_text(&b, room[1])));
        break;
    case 5:
        v = of_number(floor(as_number(&a)));
        break;
    case 6:
        v = of_boolean(as_boolean(&a));
        break;
    default:
        (void)snprintf(v.text, sizeof(v.text), "%s", as_text(&a, room[0]));
        break;
    }
    buf_putc(s->out, ')');
    return v;
}

static struct naive
make(struct source *s, int depth)
{
    unsigned pick = depth >= DEPTH_MAX ? 0 : next(s, 4);
    if (pick == 0) {
        return leaf(s);
    }
    if (pick == 1) {
        return call(s, depth);
    }
    if (pick == 2) {
        buf_puts(s->out, "-(");
        struct naive v = make(s, depth + 1);
        buf_putc(s->out, ')');
        return of_number(-as_number(&v));
    }
    return operation(s, depth);
}

static void
put_escaped(struct buf *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '<' || c == '&' || c == '"' || c == '>') {
            buf_printf(out, "&#%d;", c);
        } else if (c >= 0x20) {
            buf_putc(out, (char)c);
        }
    }
}

static struct filling *
compute(const struct buf *expr, struct form **form)
{
    struct buf xml;
    struct filling *f = NULL;
    const struct filling_env env = {.reproducible = true};
    buf_init(&xml, (size_t)TEXT_MAX * 8);
    buf_puts(&xml, "<html><head><model><instance><data><a>7</a><b/><c>слово"
                   "</c><out/></data></instance><bind nodeset=\"/data/out\" "
                   "calculate=\"");
    put_escaped(&xml, expr->data, expr->len);
    buf_puts(&xml, "\"/></model></head><body/></html>");
    if (form_load(xml.data, xml.len, NULL, NULL, form) == STATUS_OK) {
        enum status st = filling_new(*form, &env, &f);
        (void)st;
    }
    buf_deinit(&xml);
    return f;
}

static void
compare(const struct buf *expr, const struct naive *want)
{
    char room[512];
    struct form *form = NULL;
    struct filling *f = compute(expr, &form);
    const char *text = as_text(want, room);
    if (want->kind == KIND_BOOLEAN) {
        text = want->boolean ? "1" : "0";
    } else if (want->kind == KIND_NUMBER && strcmp(text, "NaN") == 0) {
        text = "";
    }
    const char *got =
        f ? filling_value(f, filling_find(f, "/data/out")) : "(refused)";
    if (!vague && strcmp(got, text) != 0) {
        (void)fprintf(stderr, "%s\nexpected \"%s\", found \"%s\"\n", expr->data,
                      text, got);
        abort();
    }
    filling_free(f);
    form_free(form);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf expr;
    buf_init(&expr, TEXT_MAX);
    if (size > 0 && data[0] == '#') {
        struct form *form = NULL;
        buf_put(&expr, data + 1, size < TEXT_MAX ? size - 1 : 0);
        filling_free(compute(&expr, &form));
        form_free(form);
    } else {
        struct source s = {data, data + size, &expr};
        vague = false;
        struct naive want = make(&s, 0);
        if (buf_status(&expr) == STATUS_OK) {
            compare(&expr, &want);
        }
    }
    buf_deinit(&expr);
    return 0;
}
