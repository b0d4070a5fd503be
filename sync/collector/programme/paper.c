#include "collector/programme/paper.h"

#include <string.h>

#define WRAPPED_CHARS 80 /* a line at least so long was broken for its length */
/* Around the name of a field without a value; no text holds them. */
#define MISSING_OPEN '\x02'
#define MISSING_CLOSE '\x03'

/* --- lines ---------------------------------------------------------------- */

static size_t
line_length(const char *line)
{
    return strcspn(line, "\n");
}

static size_t
count_chars(const char *line, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        n += ((unsigned char)line[i] & 0xC0U) != 0x80U;
    }
    return n;
}

/* Whether a line goes on where the one before was broken. */
static bool
goes_on(const char *line)
{
    while (*line == ' ') {
        line++;
    }
    return *line && *line != '\n' && !strchr("#|-*", *line)
           && strncmp(line, "{{#", 3) != 0 && strncmp(line, "{{/", 3) != 0
           && !(*line >= '0' && *line <= '9');
}

static void
unwrap(const char *text, struct buf *out)
{
    while (*text) {
        const size_t len = line_length(text);
        const char *next = text + len + (text[len] == '\n');
        buf_put(out, text, len);
        if (*text != '#' && *text != '|'
            && count_chars(text, len) >= WRAPPED_CHARS && goes_on(next)) {
            buf_putc(out, ' ');
            next += strspn(next, " ");
        } else {
            buf_putc(out, '\n');
        }
        text = next;
    }
}

/* --- fields --------------------------------------------------------------- */

static void
put_value(struct buf *out, const char *name, const char *value)
{
    if (!*value) {
        buf_putc(out, MISSING_OPEN);
        buf_puts(out, name);
        buf_putc(out, MISSING_CLOSE);
        return;
    }
    value += strspn(value, "#-| "); /* could begin a line */
    for (; *value; value++) {
        if ((unsigned char)*value < ' ') {
            buf_putc(out, ' ');
        } else if (*value == '|') {
            buf_putc(out, '/');
        } else if (*value != '*') {
            buf_putc(out, *value);
        }
    }
}

static bool
has_field(const struct paper_source *s, const struct template_field *record,
          const char *name)
{
    for (size_t i = 0; i < s->record_fields; i++) {
        if (strcmp(record[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

#define FIELDS_MAX 32

static void
fill_record(const struct paper_source *s, size_t i,
            const struct template_section *part, struct buf *out)
{
    struct template_field all[FIELDS_MAX];
    const struct template_field *record = s->record + i * s->record_fields;
    size_t n = 0;
    for (size_t k = 0; k < s->record_fields && n < FIELDS_MAX; k++) {
        all[n++] = record[k];
    }
    for (size_t k = 0; k < s->fields && n < FIELDS_MAX; k++) {
        if (!has_field(s, record, s->field[k].name)) {
            all[n++] = s->field[k];
        }
    }
    template_fill(part->body, part->body_len, all, n, put_value, out);
}

static void
fill(const struct paper_source *s, const char *text, struct buf *out)
{
    struct template_section part;
    if (!s->section || !template_section(text, s->section, &part)) {
        template_fill(text, strlen(text), s->field, s->fields, put_value, out);
        return;
    }
    template_fill(part.before, part.before_len, s->field, s->fields, put_value,
                  out);
    for (size_t i = 0; i < s->records; i++) {
        fill_record(s, i, &part, out);
    }
    template_fill(part.after, strlen(part.after), s->field, s->fields,
                  put_value, out);
}

/* --- blocks --------------------------------------------------------------- */

static char *
trim(char *text)
{
    text += strspn(text, " ");
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ') {
        text[--len] = '\0';
    }
    return text;
}

static void
split_row(char *line, struct paper_block *b)
{
    line++; /* the first bar */
    while (*line && b->cells < PAPER_CELLS_MAX) {
        char *bar = strchr(line, '|');
        if (bar) {
            *bar = '\0';
        }
        b->cell[b->cells++] = trim(line);
        if (!bar) {
            return;
        }
        line = bar + 1;
        line += strspn(line, " ");
    }
}

struct reading {
    paper_visit *visit;
    void *self;
    bool in_table;
    bool after_text; /* the line before was text, without an empty one */
};

static void
read_line(struct reading *r, char *line)
{
    struct paper_block b = {.kind = PAPER_TEXT};
    const bool row = *line == '|';
    if (r->in_table && !row) {
        r->visit(r->self, &(const struct paper_block){.kind = PAPER_TABLE_END});
        r->in_table = false;
    }
    if (row && strncmp(line, "|-", 2) == 0) {
        return;
    }
    if (row) {
        b.kind = r->in_table ? PAPER_ROW : PAPER_HEADS;
        r->in_table = true;
        split_row(line, &b);
    } else if (strncmp(line, "## ", 3) == 0) {
        b.kind = PAPER_PART;
        b.cell[b.cells++] = trim(line + 3);
    } else if (strncmp(line, "# ", 2) == 0) {
        b.kind = PAPER_TITLE;
        b.cell[b.cells++] = trim(line + 2);
    } else if (strncmp(line, "- ", 2) == 0) {
        b.kind = PAPER_POINT;
        b.cell[b.cells++] = trim(line + 2);
    } else if (*trim(line)) {
        b.cell[b.cells++] = trim(line);
        b.close = r->after_text;
    }
    if (b.cells > 0) {
        r->visit(r->self, &b);
    }
    r->after_text = b.kind == PAPER_TEXT && b.cells > 0;
}

enum status
paper_read(const struct paper_source *source, paper_visit *visit, void *self)
{
    struct buf joined;
    struct buf filled;
    struct reading r = {.visit = visit, .self = self};
    buf_init(&joined, PAPER_MAX_BYTES);
    buf_init(&filled, PAPER_MAX_BYTES);
    unwrap(source->text, &joined);
    if (joined.data) {
        fill(source, joined.data, &filled);
    }
    enum status st = buf_status(&joined);
    if (st == STATUS_OK) {
        st = buf_status(&filled);
    }
    char *line = filled.data;
    while (st == STATUS_OK && line && *line) {
        char *end = line + line_length(line);
        char *next = end + (*end == '\n');
        *end = '\0';
        read_line(&r, line);
        line = next;
    }
    if (r.in_table) {
        visit(self, &(const struct paper_block){.kind = PAPER_TABLE_END});
    }
    buf_deinit(&filled);
    buf_deinit(&joined);
    return st;
}

bool
paper_next(const char **at, bool *bold, struct paper_run *out)
{
    static const char stops[] = {'*', MISSING_OPEN, '\0'};
    while (strncmp(*at, "**", 2) == 0) {
        *bold = !*bold;
        *at += 2;
    }
    if (!**at) {
        return false;
    }
    *out = (struct paper_run){.text = *at, .bold = *bold};
    if (**at == MISSING_OPEN) {
        const char *close = strchr(*at, MISSING_CLOSE);
        out->text = *at + 1;
        out->len = close ? (size_t)(close - out->text) : strlen(out->text);
        out->missing = true;
        *at = out->text + out->len + (close != NULL);
        return true;
    }
    size_t len = strcspn(*at, stops);
    while ((*at)[len] == '*' && (*at)[len + 1] != '*') {
        len += 1 + strcspn(*at + len + 1, stops); /* a single one is text */
    }
    out->len = len;
    *at += len;
    return true;
}
