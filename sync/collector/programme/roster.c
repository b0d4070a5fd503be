#include "collector/programme/roster.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "xlsform/xlsx_book.h"

#define COLUMNS_MAX 64
#define NOWHERE (-1)

enum field {
    FIELD_NAME,
    FIELD_ROLE,
    FIELD_CATEGORY,
    FIELD_CONTACT,
    FIELD_COUNT
};

/* Beginnings of what people call the columns. */
static const struct {
    const char *begins;
    enum field field;
} headings[] = {
    {"фио", FIELD_NAME},           {"ф.и.о", FIELD_NAME},
    {"ф. и. о", FIELD_NAME},       {"имя", FIELD_NAME},
    {"фамилия", FIELD_NAME},       {"сотрудник", FIELD_NAME},
    {"педагог", FIELD_NAME},       {"name", FIELD_NAME},
    {"full name", FIELD_NAME},     {"роль", FIELD_ROLE},
    {"role", FIELD_ROLE},          {"категория", FIELD_CATEGORY},
    {"должность", FIELD_CATEGORY}, {"category", FIELD_CATEGORY},
    {"position", FIELD_CATEGORY},  {"контакт", FIELD_CONTACT},
    {"телефон", FIELD_CONTACT},    {"почта", FIELD_CONTACT},
    {"связь", FIELD_CONTACT},      {"contact", FIELD_CONTACT},
    {"phone", FIELD_CONTACT},      {"e-mail", FIELD_CONTACT},
    {"email", FIELD_CONTACT},
};

static const struct {
    const char *begins;
    const char *role;
} roles[] = {
    {"наставляем", "mentee"},
    {"mentee", "mentee"},
    {"наставни", "mentor"},
    {"mentor", "mentor"},
};

struct reading {
    struct roster *out;
    struct diag *d;
    int column[FIELD_COUNT]; /* cell of a field; NOWHERE */
    bool started;
    size_t faults;
};

/* --- texts ---------------------------------------------------------------- */

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
trim(const char **text, size_t *len)
{
    while (*len > 0 && is_blank((*text)[0])) {
        ++*text;
        --*len;
    }
    while (*len > 0 && is_blank((*text)[*len - 1])) {
        --*len;
    }
}

/* <0, 0, >0 as for strcmp(); `whole`: else `b` need only be a beginning. */
static int
compare(const char *a, size_t a_len, const char *b, size_t b_len, bool whole)
{
    while (a_len > 0 && b_len > 0) {
        uint32_t x = 0;
        uint32_t y = 0;
        size_t nx = utf8_decode(a, a_len, &x);
        size_t ny = utf8_decode(b, b_len, &y);
        x = utf8_fold(x);
        y = utf8_fold(y);
        if (x != y) {
            return x < y ? -1 : 1;
        }
        a += nx;
        a_len -= nx;
        b += ny;
        b_len -= ny;
    }
    if (b_len > 0) {
        return -1;
    }
    return whole && a_len > 0;
}

int
roster_compare(const char *a, const char *b)
{
    size_t a_len = strlen(a);
    size_t b_len = strlen(b);
    trim(&a, &a_len);
    trim(&b, &b_len);
    return compare(a, a_len, b, b_len, true);
}

static bool
begins(const char *text, const char *with)
{
    return compare(text, strlen(text), with, strlen(with), false) == 0;
}

void
roster_cell_name(int column, int row, char out[ROSTER_CELL_CHARS])
{
    char letters[8];
    size_t at = sizeof(letters) - 1;
    letters[at] = '\0';
    for (int c = column; c > 0 && at > 0; c = (c - 1) / 26) {
        letters[--at] = (char)('A' + (c - 1) % 26);
    }
    (void)snprintf(out, ROSTER_CELL_CHARS, "%s%d", letters + at, row);
}

/* --- rows ----------------------------------------------------------------- */

struct cells {
    const char *const *text; /* NULL where empty */
    size_t count;
    int row;
    int first_column; /* of text[0], from 1 */
};

static void
fault(struct reading *r, const struct cells *c, enum field field,
      const char *msgid)
{
    const struct diag_where where = {
        .row = c->row,
        .column = r->column[field] + c->first_column,
    };
    r->faults++;
    (void)diag_add(r->d, DIAG_ERROR, &where, "%s",
                   i18n_text(r->d ? r->d->lang : I18N_EN, msgid));
}

static const char *
cell(const struct reading *r, const struct cells *c, enum field field)
{
    int at = r->column[field];
    const char *text = at >= 0 && (size_t)at < c->count ? c->text[at] : NULL;
    return text ? text : "";
}

/* Does the row name columns? Then they are noted. */
static bool
take_heading(struct reading *r, const struct cells *c)
{
    int column[FIELD_COUNT] = {NOWHERE, NOWHERE, NOWHERE, NOWHERE};
    for (size_t i = 0; i < c->count && i < COLUMNS_MAX; i++) {
        for (size_t h = 0;
             c->text[i] && h < sizeof(headings) / sizeof(headings[0]); h++) {
            int *at = &column[headings[h].field];
            if (*at == NOWHERE && begins(c->text[i], headings[h].begins)) {
                *at = (int)i;
                break;
            }
        }
    }
    if (column[FIELD_NAME] == NOWHERE) {
        return false;
    }
    memcpy(r->column, column, sizeof(column));
    return true;
}

/* NULL: none that is known. */
static const char *
role_of(const char *text)
{
    if (!*text || strcmp(text, "-") == 0) {
        return "";
    }
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (begins(text, roles[i].begins)) {
            return roles[i].role;
        }
    }
    return NULL;
}

static bool
good(struct reading *r, const struct cells *c)
{
    size_t before = r->faults;
    const char *name = cell(r, c, FIELD_NAME);
    if (!*name) {
        fault(r, c, FIELD_NAME, N_("the name is missing"));
    } else if (strlen(name) > ROSTER_NAME_MAX_BYTES) {
        fault(r, c, FIELD_NAME, N_("the name is too long"));
    }
    if (!role_of(cell(r, c, FIELD_ROLE))) {
        fault(r, c, FIELD_ROLE,
              N_("the role is “mentor”, “mentee” or nothing"));
    }
    if (strlen(cell(r, c, FIELD_CATEGORY)) > ROSTER_NAME_MAX_BYTES) {
        fault(r, c, FIELD_CATEGORY, N_("the category is too long"));
    }
    if (strlen(cell(r, c, FIELD_CONTACT)) > ROSTER_TEXT_MAX_BYTES) {
        fault(r, c, FIELD_CONTACT, N_("the contact is too long"));
    }
    return r->faults == before;
}

static enum status
take_row(struct reading *r, const struct cells *c)
{
    bool empty = true;
    for (size_t i = 0; i < c->count; i++) {
        empty = empty && !(c->text[i] && *c->text[i]);
    }
    if (empty) {
        return STATUS_OK;
    }
    if (!r->started) {
        r->started = true;
        if (take_heading(r, c)) {
            return STATUS_OK;
        }
    }
    struct roster *out = r->out;
    if (out->count == ROSTER_PEOPLE_MAX) {
        const struct diag_where where = {.row = c->row};
        (void)diag_add(r->d, DIAG_ERROR, &where,
                       N_("more than %d people: cut the list in two"),
                       ROSTER_PEOPLE_MAX);
        return STATUS_E_LIMIT;
    }
    if (!good(r, c)) {
        return STATUS_OK;
    }
    struct roster_person *p = &out->person[out->count];
    p->name = arena_strdup(&out->arena, cell(r, c, FIELD_NAME));
    p->role = role_of(cell(r, c, FIELD_ROLE));
    p->category = arena_strdup(&out->arena, cell(r, c, FIELD_CATEGORY));
    p->contact = arena_strdup(&out->arena, cell(r, c, FIELD_CONTACT));
    p->row = c->row;
    out->count++;
    return p->name && p->category && p->contact ? STATUS_OK : STATUS_E_LIMIT;
}

static enum status
begin(struct reading *r, struct roster *out, struct diag *d)
{
    memset(out, 0, sizeof(*out));
    arena_init(&out->arena, ROSTER_ARENA_MAX_BYTES);
    *r = (struct reading){.out = out, .d = d, .column = {0, 1, 2, 3}};
    out->person =
        arena_array(&out->arena, ROSTER_PEOPLE_MAX, sizeof(*out->person));
    return out->person ? STATUS_OK : STATUS_E_NOMEM;
}

static enum status
end(const struct reading *r, enum status st)
{
    if (st == STATUS_OK && r->out->count == 0) {
        return r->faults > 0 ? STATUS_E_INVALID
                             : diag_add(r->d, DIAG_ERROR, NULL,
                                        N_("there is nobody in the list"));
    }
    return st;
}

void
roster_clear(struct roster *r)
{
    arena_deinit(&r->arena);
    *r = (struct roster){0};
}

/* --- text ----------------------------------------------------------------- */

static char
separator_of(const char *text, size_t len)
{
    static const char in_order[] = {'\t', ';', ','};
    const char *end_of_line = memchr(text, '\n', len);
    size_t line = end_of_line ? (size_t)(end_of_line - text) : len;
    for (size_t i = 0; i < sizeof(in_order); i++) {
        if (memchr(text, in_order[i], line)) {
            return in_order[i];
        }
    }
    return '\t';
}

struct cutter {
    const char *at;
    const char *end;
    char separator;
    struct arena *arena;
};

/* One cell, unquoted and trimmed; NULL in *out if it is empty. *last: it ended
 * its row. */
static enum status
cut_cell(struct cutter *c, const char **out, bool *last)
{
    size_t room = (size_t)(c->end - c->at);
    const bool quoted = room > 0 && *c->at == '"';
    char *text = NULL;
    size_t len = 0;
    bool open = quoted;
    const char *p = c->at + quoted;
    const char *stop = p;
    while (stop < c->end
           && (open || (*stop != c->separator && *stop != '\n'))) {
        open = open != (*stop == '"' && quoted);
        stop++;
    }
    text = arena_alloc(c->arena, (size_t)(stop - p) + 1);
    if (!text) {
        return STATUS_E_LIMIT;
    }
    for (; p < stop; p++) {
        /* Two quotes within quotes are one; a single one ends them. */
        if (quoted && *p == '"' && (p + 1 == stop || p[1] != '"')) {
            continue;
        }
        p += quoted && *p == '"';
        text[len] = *p;
        if (text[len] == '\0') {
            text[len] = ' ';
        }
        len++;
    }
    const char *trimmed = text;
    trim(&trimmed, &len);
    text[(size_t)(trimmed - text) + len] = '\0';
    *last = stop == c->end || *stop == '\n';
    c->at = stop < c->end ? stop + 1 : stop;
    *out = len > 0 ? trimmed : NULL;
    return STATUS_OK;
}

enum status
roster_read_text(const char *text, size_t len, struct diag *d,
                 struct roster *out)
{
    static const char mark[] = "\xEF\xBB\xBF";
    struct reading r;
    enum status st = begin(&r, out, d);
    if (st == STATUS_OK
        && (len > ROSTER_FILE_MAX_BYTES || !utf8_valid(text, len))) {
        return diag_add(d, DIAG_ERROR, NULL,
                        N_("this is no text in UTF-8, or too long: save the "
                           "list as .xlsx"));
    }
    if (len >= sizeof(mark) - 1 && memcmp(text, mark, sizeof(mark) - 1) == 0) {
        text += sizeof(mark) - 1;
        len -= sizeof(mark) - 1;
    }
    struct arena scratch;
    arena_init(&scratch, ROSTER_ARENA_MAX_BYTES);
    struct cutter c = {text, text + len, separator_of(text, len), &scratch};
    for (int row = 1; st == STATUS_OK && c.at < c.end; row++) {
        const char *cell_text[COLUMNS_MAX] = {NULL};
        size_t count = 0;
        bool last = false;
        while (st == STATUS_OK && !last) {
            const char *one = NULL;
            st = cut_cell(&c, &one, &last);
            if (count < COLUMNS_MAX) {
                cell_text[count++] = one;
            }
        }
        if (st == STATUS_OK) {
            st = take_row(&r, &(const struct cells){cell_text, count, row, 1});
        }
    }
    arena_deinit(&scratch);
    return end(&r, st);
}

/* --- .xlsx ---------------------------------------------------------------- */

enum status
roster_read_xlsx(const void *data, size_t len, struct diag *d,
                 struct roster *out)
{
    struct reading r;
    struct workbook wb;
    workbook_init(&wb, NULL);
    enum status st = begin(&r, out, d);
    if (st == STATUS_OK) {
        st = xlsx_book_read(&wb, data, len, d);
    }
    const struct workbook_sheet *sheet = st == STATUS_OK ? wb.first : NULL;
    if (sheet && sheet->header) {
        const struct workbook_row *h = sheet->header;
        st = take_row(&r, &(const struct cells){h->cell, h->count, h->file_row,
                                                wb.column_base});
    }
    for (const struct workbook_row *row = sheet ? sheet->first : NULL;
         row && st == STATUS_OK; row = row->next) {
        st = take_row(&r, &(const struct cells){row->cell, row->count,
                                                row->file_row, wb.column_base});
    }
    workbook_deinit(&wb);
    return end(&r, st);
}
