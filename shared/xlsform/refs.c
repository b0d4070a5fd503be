#include "xlsform/refs.h"

#include <string.h>

#include "base/markup.h"
#include "xlsform/lexer.h"
#include "xlsform/spelling.h"
#include "xlsform/xml_writer.h"

/* A reference and the text it stands in. */
struct reference {
    const char *text;
    size_t start;
    size_t end;
    const char *name;
    size_t name_len;
    bool last_saved;
};

/* ---- where a path is relative ---- */

static bool
in_brackets(const struct reference *ref)
{
    const char *open = strchr(ref->text, '[');
    while (open) {
        const char *close = strchr(open + 1, ']');
        if (!close) {
            return false;
        }
        if (close == open + 1) {
            open = strchr(open + 1, '[');
            continue;
        }
        if (ref->text + ref->start >= open
            && ref->text + ref->end <= close + 1) {
            return true;
        }
        open = strchr(close + 1, '[');
    }
    return false;
}

static bool
in_instance_predicate(const struct reference *ref)
{
    const char *call = strstr(ref->text, "instance(");
    return call && strlen(call) > strlen("instance(") + 1 && in_brackets(ref);
}

/* Number of the argument of an indexed-repeat() call [from, to) that holds the
 * name, or -1. */
static int
argument_of(const struct reference *ref, const char *from, const char *to)
{
    int found = -1;
    int index = 0;
    for (const char *c = strchr(from, '(') + 1; c < to; c++) {
        if (*c == ',') {
            index++;
        }
        if (strncmp(c, "${", 2) == 0
            && strncmp(c + 2, ref->name, ref->name_len) == 0
            && c[2 + ref->name_len] == '}') {
            found = index;
        }
    }
    return found;
}

/* The arguments of indexed-repeat() that name nodes of the repeat (0, 1, 3, 5)
 * must stay absolute. Scanning every other call after a miss is what pyxform
 * does, and forms in the field depend on its result. */
static bool
may_be_relative(const struct reference *ref)
{
    static const char call[] = "indexed-repeat(";
    const char *at = strstr(ref->text, call);
    if (!at) {
        return true;
    }
    const char *start = ref->text + ref->start;
    const char *end = ref->text + ref->end;
    while (at) {
        const char *close = strchr(at, ')');
        if (!close) {
            return true;
        }
        const char *next = strstr(close, call);
        if (end > close + 1) {
            if (!next) {
                return true;
            }
            const char *next_close = strchr(next, ')');
            at = next_close ? strstr(next_close, call) : NULL;
            continue;
        }
        if (end < at || start > close + 1) {
            return true;
        }
        int index = argument_of(ref, at, close);
        return index >= 0 && index != 0 && index != 1 && index != 3
               && index != 5;
    }
    return false;
}

static bool
is_ancestor(const struct element *up, const struct element *e)
{
    for (e = e->parent; e; e = e->parent) {
        if (e == up) {
            return true;
        }
    }
    return false;
}

/* Nearest common ancestor among repeats, or among groups and repeats. */
static const struct element *
common_ancestor(const struct element *a, const struct element *b,
                bool repeats_only, size_t *out_steps)
{
    size_t steps = 1;
    for (const struct element *up = a->parent; up; up = up->parent, steps++) {
        bool fits = up->kind == ELEMENT_REPEAT
                    || (!repeats_only && up->kind == ELEMENT_GROUP);
        if (fits && is_ancestor(up, b)) {
            *out_steps = steps;
            return up;
        }
    }
    return NULL;
}

static const char *
relative_path(struct survey *s, const struct element *target,
              const struct element *context, unsigned mode)
{
    size_t steps = 0;
    const struct element *repeat =
        common_ancestor(context, target, true, &steps);
    if (!repeat) {
        return NULL;
    }
    const struct element *from = NULL;
    if ((mode & REFS_PARENT) && repeat == survey_repeat_of(target)
        && (!survey_repeat_of(repeat) || survey_repeat_of(context) != repeat)) {
        steps++;
        from = repeat->parent;
    } else {
        from = common_ancestor(context, target, false, &steps);
    }
    const char *path = (mode & REFS_CURRENT) ? "current()/" : "";
    for (size_t i = 0; i < steps; i++) {
        path = pool_printf(s->pool, i + 1 < steps ? "%s../" : "%s..", path);
    }
    return pool_printf(s->pool, " %s%s ", path,
                       survey_path_from(s, target, from));
}

static const char *
path_of(struct survey *s, const struct reference *ref,
        const struct element *context, unsigned mode)
{
    const struct element *target =
        name_map_get_len(&s->names, ref->name, ref->name_len);
    if (!target) {
        /* refs_check has told it. */
        return pool_dup_len(s->pool, ref->text + ref->start,
                            ref->end - ref->start);
    }
    if (!ref->last_saved && context && may_be_relative(ref)) {
        if (in_instance_predicate(ref)) {
            mode |= REFS_CURRENT;
        }
        const char *path = relative_path(s, target, context, mode);
        if (path) {
            return path;
        }
    }
    return pool_printf(s->pool, " %s%s ",
                       ref->last_saved ? "instance('__last-saved')" : "",
                       target->path);
}

static bool
next_reference(const char *text, size_t from, struct reference *out)
{
    for (const char *at = strstr(text + from, "${"); at;
         at = strstr(at + 2, "${")) {
        size_t len =
            lexer_reference(at, &out->name, &out->name_len, &out->last_saved);
        if (len > 0) {
            out->text = text;
            out->start = (size_t)(at - text);
            out->end = out->start + len;
            return true;
        }
    }
    return false;
}

static const char *
take(struct survey *s, struct buf *b)
{
    if (buf_status(b) < 0) {
        s->pool->failed = true;
    }
    const char *text = pool_dup_len(s->pool, b->data, b->len);
    buf_deinit(b);
    return text;
}

const char *
refs_expand(struct survey *s, const char *text, const struct element *context,
            unsigned mode)
{
    struct reference ref;
    if (!next_reference(text, 0, &ref)) {
        return text;
    }
    struct buf out;
    buf_init(&out, WORKBOOK_FILE_MAX_BYTES);
    size_t done = 0;
    do {
        buf_put(&out, text + done, ref.start - done);
        buf_puts(&out, path_of(s, &ref, context, mode));
        done = ref.end;
    } while (next_reference(text, done, &ref));
    buf_puts(&out, text + done);
    return take(s, &out);
}

/* ---- labels ---- */

/* Length of the expression that starts with instance( at `text`: the call, a
 * path, and its predicates. Outside a predicate a blank ends it. */
static size_t
instance_length(const char *text)
{
    struct lexer_token last = lexer_next(text);
    size_t len = last.len;
    bool in_path = false;
    bool in_predicate = false;
    for (;;) {
        struct lexer_token t = lexer_next(text + len);
        bool part = false;
        if (t.kind == LEXER_END) {
            break;
        }
        if (in_predicate) {
            part = true;
            in_predicate = t.kind != LEXER_PREDICATE_END;
        } else if (last.kind == LEXER_CALL) {
            part = t.kind == LEXER_QUOTED;
        } else if (last.kind == LEXER_QUOTED) {
            part = t.kind == LEXER_CLOSE;
        } else if (in_path || last.kind == LEXER_CLOSE
                   || last.kind == LEXER_PREDICATE_END) {
            part = in_path ? t.kind != LEXER_SPACE : t.kind == LEXER_SLASH;
            in_path = part && t.kind != LEXER_PREDICATE_START;
            in_predicate = part && t.kind == LEXER_PREDICATE_START;
        }
        if (!part) {
            break;
        }
        last = t;
        len += t.len;
    }
    return len;
}

static void
put_output(struct buf *out, const char *path)
{
    buf_puts(out, "<output value=\"");
    xml_writer_escape(out, path);
    buf_puts(out, "\"/>");
}

/* As XML text; quotation marks stay, they delimit literals. */
static const char *
escaped(struct survey *s, const char *text)
{
    struct buf out;
    buf_init(&out, WORKBOOK_FILE_MAX_BYTES);
    markup_put(&out, text, strlen(text), MARKUP_TEXT);
    return take(s, &out);
}

/* pyxform looks for expressions in the escaped text, so that a "<" in one
 * arrives escaped twice; labels that hold such an expression never worked
 * anywhere, and equal output is worth more than repairing them here. */
const char *
refs_label(struct survey *s, const char *text, const struct element *context)
{
    static const char call[] = "instance(";
    if (strcmp(text, "-") == 0
        || (!lexer_has_reference(text) && !strstr(text, call))) {
        return NULL;
    }
    const char *xml = escaped(s, text);
    struct buf out;
    buf_init(&out, WORKBOOK_FILE_MAX_BYTES);
    bool changed = false;
    const char *at = xml;
    while (*at) {
        struct reference ref;
        struct lexer_token t = lexer_next(at);
        if (t.kind == LEXER_CALL && strncmp(t.text, call, t.len) == 0) {
            size_t len = instance_length(at);
            const char *part = pool_dup_len(s->pool, at, len);
            put_output(&out, refs_expand(s, part, context, REFS_PLAIN));
            changed = true;
            at += len;
            continue;
        }
        if (next_reference(at, 0, &ref) && ref.start < t.len) {
            /* Quoted text is a token of its own, yet references in it count. */
            size_t before = (size_t)(at - xml);
            buf_put(&out, at, ref.start);
            ref.text = xml;
            ref.start += before;
            ref.end += before;
            put_output(&out, path_of(s, &ref, context, REFS_PLAIN));
            changed = true;
            at = xml + ref.end;
            continue;
        }
        buf_put(&out, t.text, t.len);
        at += t.len;
    }
    xml = take(s, &out);
    return changed ? xml : NULL;
}

/* ---- checks ---- */

static const char *
nearest_name(const struct survey *s, const char *name)
{
    const char *best = NULL;
    size_t best_distance = strlen(name) / 3 + 2;
    for (size_t i = 0; i < s->names.cap; i++) {
        const char *known = s->names.slot[i].key;
        size_t distance =
            known ? spelling_distance(name, known, best_distance) : SIZE_MAX;
        if (distance < best_distance) {
            best_distance = distance;
            best = known;
        }
    }
    return best;
}

static void
check_name(struct survey *s, const struct diag_where *at, const char *from,
           size_t len)
{
    const char *name = pool_dup_len(s->pool, from, len);
    if (name_map_get(&s->repeated, name)) {
        (void)diag_add(s->d, DIAG_ERROR, at,
                       N_("Reference variable names must be unique anywhere in "
                          "the survey sheet: “%s” occurs more than once."),
                       name);
        return;
    }
    if (name_map_get(&s->names, name)) {
        return;
    }
    const char *near = nearest_name(s, name);
    if (near) {
        (void)diag_add(
            s->d, DIAG_ERROR, at,
            N_("Reference variables must contain a name from the survey sheet. "
               "Could not find the name “%s”. Did you mean “${%s}”?"),
            name, near);
    } else {
        (void)diag_add(
            s->d, DIAG_ERROR, at,
            N_("Reference variables must contain a name from the survey sheet. "
               "Could not find the name “%s”."),
            name);
    }
}

static void
check_cell(struct survey *s, const struct diag_where *at, const char *text)
{
    for (const char *c = strstr(text, "${"); c; c = strstr(c + 2, "${")) {
        struct reference ref = {0};
        size_t len =
            lexer_reference(c, &ref.name, &ref.name_len, &ref.last_saved);
        if (len == 0) {
            (void)diag_add(
                s->d, DIAG_ERROR, at,
                N_("Reference expressions must start with “${”, followed by a "
                   "name from the survey sheet, and end with “}”: “%.*s”."),
                (int)strnlen(c, 40), c);
            return;
        }
        check_name(s, at, ref.name, ref.name_len);
    }
}

static bool
holds_names(const struct table_column *col)
{
    return strcmp(col->part[0], "name") == 0
           || strcmp(col->part[0], "list name") == 0
           || strcmp(col->part[0], "dataset") == 0;
}

static void
check_table(struct survey *s, const struct table *t)
{
    for (const struct table_row *row = t->first; row; row = row->next) {
        size_t count = row->raw->count < t->column_count ? row->raw->count
                                                         : t->column_count;
        for (size_t i = 0; i < count; i++) {
            const char *text = row->raw->cell[i];
            const struct table_column *col = &t->column[i];
            if (!text || col->part_count == 0 || holds_names(col)
                || !strstr(text, "${")) {
                continue;
            }
            struct diag_where at = {.file = t->file,
                                    .sheet = t->sheet,
                                    .row = row->file_row,
                                    .column = t->column_base + (int)i,
                                    .column_name = col->name};
            check_cell(s, &at, text);
        }
    }
}

void
refs_check(struct survey *s)
{
    for (int kind = 0; kind < TABLE_KIND_COUNT; kind++) {
        if (s->table[kind] && kind != TABLE_OSM
            && kind != TABLE_EXTERNAL_CHOICES) {
            check_table(s, s->table[kind]);
        }
    }
}
