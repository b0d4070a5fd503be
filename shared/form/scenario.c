#include "form/scenario.h"

#include <string.h>

#define PATH_MAX_BYTES 4096
#define CELLS 3

/* ------------------------------------------------------------------ steps */

struct step {
    char text[SCENARIO_STEP_MAX_BYTES];
    const char *cell[CELLS];
};

static char
unescaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    default:
        return c;
    }
}

static char
escaped(char c)
{
    switch (c) {
    case '\n':
        return 'n';
    case '\t':
        return 't';
    default:
        return c;
    }
}

/* Split a line at its tabs and resolve the escapes of the last cell. */
static enum status
read_step(struct step *s, const char *line, size_t len)
{
    size_t used = 0;
    size_t cell = 0;
    if (len >= sizeof(s->text)) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0; i < CELLS; i++) {
        s->cell[i] = "";
    }
    s->cell[0] = s->text;
    for (size_t i = 0; i < len; i++) {
        char c = line[i];
        if (c == '\t' && cell + 1 < CELLS) {
            s->text[used++] = '\0';
            s->cell[++cell] = s->text + used;
            continue;
        }
        if (c == '\\' && cell == CELLS - 1 && i + 1 < len) {
            i++;
            c = unescaped(line[i]);
        }
        s->text[used++] = c;
    }
    s->text[used] = '\0';
    return STATUS_OK;
}

/* The repeat at "/data/day[2]/lesson": its parent's item tells. */
static enum status
add_instance(struct filling *f, const char *nodeset)
{
    char parent[PATH_MAX_BYTES];
    const char *slash = strrchr(nodeset, '/');
    size_t len = slash ? (size_t)(slash - nodeset) : 0;
    if (len == 0 || len >= sizeof(parent)) {
        return STATUS_E_INVALID;
    }
    memcpy(parent, nodeset, len);
    parent[len] = '\0';
    struct filling_node *above = filling_find(f, parent);
    const void *repeat = above ? filling_repeat(f, above, slash + 1) : NULL;
    return repeat ? filling_add(f, above, repeat, NULL) : STATUS_E_NOT_FOUND;
}

static enum status
apply(struct filling *f, const struct step *s)
{
    const char *verb = s->cell[0];
    if (strcmp(verb, "lang") == 0) {
        const struct form *form = filling_form(f);
        size_t lang = form_lang_find(form, s->cell[1]);
        return form_lang_count(form) > 0
                       && strcmp(form_lang_name(form, lang), s->cell[1]) == 0
                   ? filling_set_lang(f, lang)
                   : STATUS_E_NOT_FOUND;
    }
    if (strcmp(verb, "add") == 0) {
        return add_instance(f, s->cell[1]);
    }
    struct filling_node *node = filling_find(f, s->cell[1]);
    if (!node) {
        return STATUS_E_NOT_FOUND;
    }
    if (strcmp(verb, "set") == 0) {
        return filling_set(f, node, s->cell[2]);
    }
    if (strcmp(verb, "clear") == 0) {
        return filling_set(f, node, "");
    }
    if (strcmp(verb, "remove") == 0) {
        return filling_remove(f, node);
    }
    return STATUS_E_UNSUPPORTED;
}

static enum status
tell(struct diag *d, int row, const struct step *s, enum status st)
{
    struct diag_where where = {.row = row, .path = s->cell[1]};
    if (st == STATUS_E_NOT_FOUND) {
        (void)diag_add(d, DIAG_ERROR, &where,
                       N_("The form has no such question, repeat or "
                          "language."));
    } else if (st == STATUS_E_UNSUPPORTED) {
        (void)diag_add(d, DIAG_ERROR, &where,
                       N_("“%.40s” is not a step; write set, clear, add, "
                          "remove or lang."),
                       s->cell[0]);
    } else if (st == STATUS_E_INVALID) {
        (void)diag_add(d, DIAG_ERROR, &where,
                       N_("“%.100s” cannot be an answer here."), s->cell[2]);
    } else {
        (void)diag_add(d, DIAG_ERROR, &where, "%s", status_name(st));
    }
    return st;
}

enum status
scenario_apply(struct filling *f, const char *steps, size_t len, struct diag *d)
{
    static const size_t step_size = sizeof(struct step);
    struct buf room;
    buf_init(&room, step_size);
    struct step *s = (struct step *)(void *)buf_extend(&room, step_size);
    enum status st = s ? STATUS_OK : STATUS_E_NOMEM;
    const char *at = steps;
    const char *end = steps + len;
    for (int row = 1; at < end && st == STATUS_OK; row++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        size_t line = (size_t)(stop - at);
        line -= line > 0 && at[line - 1] == '\r';
        if (line > 0 && *at != '#') {
            st = read_step(s, at, line);
            if (st == STATUS_OK) {
                st = apply(f, s);
            }
            if (st < 0) {
                st = tell(d, row, s, st);
            }
        }
        at = stop + 1;
    }
    buf_deinit(&room);
    return st;
}

/* ------------------------------------------------------------------ state */

/* A text as a cell: escaped, runs of blanks as one. */
static void
put_text(struct buf *out, const char *text)
{
    size_t start = out->len;
    text += strspn(text, " ");
    for (; *text; text++) {
        if (*text == '\n' || *text == '\t' || *text == '\\') {
            buf_putc(out, '\\');
            buf_putc(out, escaped(*text));
        } else if (*text != ' ' || out->len <= start
                   || out->data[out->len - 1] != ' ') {
            buf_putc(out, *text);
        }
    }
    if (out->len > start && out->data[out->len - 1] == ' ') {
        buf_truncate(out, out->len - 1);
    }
}

static void
put_row(struct filling *f, struct buf *out, const char *kind,
        const struct filling_node *node)
{
    buf_puts(out, kind);
    buf_putc(out, '\t');
    filling_path(f, node, out);
}

static void
put_question(struct filling *f, struct filling_node *node, struct buf *out)
{
    struct filling_question q;
    size_t count = 0;
    filling_question(f, node, &q);
    put_row(f, out, "label", node);
    buf_putc(out, '\t');
    put_text(out, q.label.text);
    buf_putc(out, '\n');
    const struct filling_choice *choice = filling_offered(f, node, &count);
    for (size_t i = 0; i < count; i++) {
        put_row(f, out, "choice", node);
        buf_putc(out, '\t');
        buf_puts(out, choice[i].name);
        buf_putc(out, '\t');
        put_text(out, choice[i].label.text);
        buf_putc(out, '\n');
    }
}

static void
put_violations(struct filling *f, struct buf *out)
{
    size_t count = 0;
    const struct filling_violation *v = filling_violations(f, &count);
    for (size_t i = 0; i < count; i++) {
        put_row(f, out, "violation", v[i].node);
        buf_puts(out, v[i].fault == FILLING_REQUIRED ? "\trequired\n"
                                                     : "\tconstraint\n");
        if (*v[i].message) {
            put_row(f, out, "message", v[i].node);
            buf_putc(out, '\t');
            put_text(out, v[i].message);
            buf_putc(out, '\n');
        }
    }
}

enum status
scenario_state(struct filling *f, struct buf *out)
{
    const struct form *form = filling_form(f);
    size_t count = 0;
    buf_printf(out, "lang\t%s\n",
               form_lang_count(form) ? form_lang_name(form, filling_lang(f))
                                     : "-");
    const struct filling_item *item = filling_items(f, &count);
    for (size_t i = 0; i < count; i++) {
        if (item[i].kind == FILLING_QUESTION) {
            put_row(f, out, "visible", item[i].node);
            buf_putc(out, '\n');
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (item[i].kind == FILLING_QUESTION) {
            put_question(f, item[i].node, out);
        }
    }
    put_violations(f, out);
    return buf_status(out);
}
