#include "xlsform/table.h"

#include <string.h>

#include "xlsform/spelling.h"

struct alias {
    const char *name; /* snake case */
    const char *first;
    const char *second; /* NULL: one part */
};

/* pyxform 4.5 aliases.py, names of columns from 2009 on. */
static const struct alias survey_aliases[] = {
    {"appearance", "control", "appearance"},
    {"audio", "media", "audio"},
    {"autoplay", "control", "autoplay"},
    {"big-image", "media", "big-image"},
    {"body", "control", NULL},
    {"calculate", "bind", "calculate"},
    {"calculation", "bind", "calculate"},
    {"caption", "label", NULL},
    {"command", "type", NULL},
    {"compact_tag", "instance", "odk:tag"},
    {"constraining_message", "bind", "jr:constraintMsg"},
    {"constraint", "bind", "constraint"},
    {"constraint_message", "bind", "jr:constraintMsg"},
    {"count", "control", "jr:count"},
    {"image", "media", "image"},
    {"jr:count", "control", "jr:count"},
    {"no_app_error_string", "bind", "jr:noAppErrorString"},
    {"noapperrorstring", "bind", "jr:noAppErrorString"},
    {"parameters", "parameters", NULL},
    {"read_only", "bind", "readonly"},
    {"readonly", "bind", "readonly"},
    {"relevance", "bind", "relevant"},
    {"relevant", "bind", "relevant"},
    {"repeat_count", "control", "jr:count"},
    {"required", "bind", "required"},
    {"required_message", "bind", "jr:requiredMsg"},
    {"requiredmsg", "bind", "jr:requiredMsg"},
    {"rows", "control", "rows"},
    {"save_to", "bind", "entities:saveto"},
    {"tag", "name", NULL},
    {"value", "name", NULL},
    {"video", "media", "video"},
    {NULL, NULL, NULL},
};
static const struct alias list_aliases[] = {
    {"audio", "media", "audio"},      {"big-image", "media", "big-image"},
    {"caption", "label", NULL},       {"image", "media", "image"},
    {"list_name", "list name", NULL}, {"value", "name", NULL},
    {"video", "media", "video"},      {NULL, NULL, NULL},
};
static const struct alias settings_aliases[] = {
    {"form_id", "id_string", NULL},
    {"form_title", "title", NULL},
    {"set_form_id", "id_string", NULL},
    {"set_form_title", "title", NULL},
    {NULL, NULL, NULL},
};
static const struct alias entities_aliases[] = {
    {"dataset", "dataset", NULL},
    {"list_name", "dataset", NULL},
    {NULL, NULL, NULL},
};

static const char *const survey_columns[] = {"actions",
                                             "anketa_document",
                                             "anketa_indicator",
                                             "anketa_scale",
                                             "bind",
                                             "choice_filter",
                                             "choices",
                                             "control",
                                             "default",
                                             "guidance_hint",
                                             "hint",
                                             "instance",
                                             "itemset",
                                             "label",
                                             "list_name",
                                             "media",
                                             "name",
                                             "parameters",
                                             "query",
                                             "sms_field",
                                             "trigger",
                                             "type",
                                             NULL};
static const char *const list_columns[] = {"label", "media", "name",
                                           "sms_option", NULL};
static const char *const settings_columns[] = {"add_none_option",
                                               "allow_choice_duplicates",
                                               "attribute",
                                               "auto_delete",
                                               "auto_send",
                                               "clean_text_values",
                                               "client_editable",
                                               "default_language",
                                               "delimiter",
                                               "flat",
                                               "id_string",
                                               "instance",
                                               "instance_id",
                                               "instance_name",
                                               "instance_xmlns",
                                               "name",
                                               "namespaces",
                                               "omit_instanceID",
                                               "prefix",
                                               "public_key",
                                               "sms_allow_media",
                                               "sms_date_format",
                                               "sms_datetime_format",
                                               "sms_keyword",
                                               "sms_response",
                                               "sms_separator",
                                               "style",
                                               "submission_url",
                                               "title",
                                               "version",
                                               NULL};
static const char *const entities_columns[] = {
    "create_if", "dataset", "entity_id", "label", "repeat", "update_if", NULL};

/* Written by people, offered as corrections. */
static const char *const survey_known[] = {"type",
                                           "name",
                                           "label",
                                           "hint",
                                           "guidance_hint",
                                           "required",
                                           "required_message",
                                           "relevant",
                                           "constraint",
                                           "constraint_message",
                                           "calculation",
                                           "read_only",
                                           "appearance",
                                           "parameters",
                                           "choice_filter",
                                           "repeat_count",
                                           "default",
                                           "trigger",
                                           "image",
                                           "big-image",
                                           "audio",
                                           "video",
                                           "autoplay",
                                           "save_to",
                                           "relevance",
                                           "readonly",
                                           "calculate",
                                           "disabled",
                                           "anketa_indicator",
                                           "anketa_scale",
                                           "anketa_document",
                                           NULL};
static const char *const list_known[] = {
    "list_name", "name", "label", "image", "audio", "video", "big-image", NULL};
static const char *const settings_known[] = {"form_title",
                                             "form_id",
                                             "version",
                                             "instance_name",
                                             "default_language",
                                             "style",
                                             "public_key",
                                             "submission_url",
                                             "auto_send",
                                             "auto_delete",
                                             "allow_choice_duplicates",
                                             "namespaces",
                                             "clean_text_values",
                                             "client_editable",
                                             "omit_instanceID",
                                             "name",
                                             "anketa_kind",
                                             "anketa_k",
                                             "anketa_wave",
                                             "anketa_slip",
                                             "anketa_title_en",
                                             "anketa_audience",
                                             "anketa_minutes",
                                             "anketa_k_text",
                                             "anketa_stage",
                                             "anketa_compare",
                                             "anketa_consent",
                                             NULL};

struct dialect {
    const char *name;
    const struct alias *aliases;
    const char *const *columns;
    const char *const *known;
};

static const struct dialect dialects[TABLE_KIND_COUNT] = {
    [TABLE_SURVEY] = {"survey", survey_aliases, survey_columns, survey_known},
    [TABLE_CHOICES] = {"choices", list_aliases, list_columns, list_known},
    [TABLE_SETTINGS] = {"settings", settings_aliases, settings_columns,
                        settings_known},
    [TABLE_EXTERNAL_CHOICES] = {"external_choices", list_aliases, list_columns,
                                list_known},
    [TABLE_ENTITIES] = {"entities", entities_aliases, entities_columns,
                        entities_columns},
    [TABLE_OSM] = {"osm", list_aliases, list_columns, list_known},
};

const char *
table_name(enum table_kind kind)
{
    return dialects[kind].name;
}

const char *const *
table_known_columns(enum table_kind kind)
{
    return dialects[kind].known;
}

static const struct alias *
find_alias(const struct alias *list, const char *name)
{
    for (; list->name; list++) {
        if (strcmp(list->name, name) == 0) {
            return list;
        }
    }
    return NULL;
}

static bool
is_listed(const char *const *list, const char *name)
{
    for (; *list; list++) {
        if (strcmp(*list, name) == 0) {
            return true;
        }
    }
    return false;
}

/* "Constraint  Message" -> "constraint_message" */
static const char *
snake_case(struct pool *p, const char *text)
{
    char *out = pool_alloc(p, strlen(text) + 1);
    if (!out) {
        return "";
    }
    size_t n = 0;
    bool gap = false;
    for (const char *c = text; *c; c++) {
        if (*c == ' ' || *c == '\t' || *c == '\n') {
            gap = n > 0;
            continue;
        }
        if (gap) {
            out[n++] = '_';
            gap = false;
        }
        out[n++] = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    }
    return out;
}

static const char *
trimmed(struct pool *p, const char *from, const char *to)
{
    while (from < to && *from == ' ') {
        from++;
    }
    while (to > from && to[-1] == ' ') {
        to--;
    }
    return pool_dup_len(p, from, (size_t)(to - from));
}

static size_t
split_parts(struct pool *p, const char *name, const char *mark,
            const char *part[TABLE_PARTS_MAX])
{
    size_t n = 0;
    const char *from = name;
    while (n < TABLE_PARTS_MAX) {
        const char *end = n + 1 < TABLE_PARTS_MAX ? strstr(from, mark) : NULL;
        part[n++] = trimmed(p, from, end ? end : from + strlen(from));
        if (!end) {
            break;
        }
        from = end + strlen(mark);
    }
    return n;
}

/* Where single colons separate, "jr:count" is still one part. */
static size_t
join_jr(struct pool *p, const char *part[TABLE_PARTS_MAX], size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        if (strcmp(part[i], "jr") == 0) {
            part[i] = pool_printf(p, "jr:%s", part[i + 1]);
            memmove(&part[i + 1], &part[i + 2], (n - i - 2) * sizeof(part[0]));
            return n - 1;
        }
    }
    return n;
}

static void
understand(struct pool *p, const struct dialect *dialect, bool double_colon,
           struct table_column *col)
{
    const char *snake = snake_case(p, col->name);
    const char *const names[] = {col->name, snake};
    for (size_t i = 0; i < 2; i++) {
        if (is_listed(dialect->columns, names[i])
            && !find_alias(dialect->aliases, names[i])) {
            col->part[0] = names[i];
            col->part_count = 1;
            return;
        }
    }
    bool two = double_colon || strstr(col->name, "::");
    size_t n = split_parts(p, col->name, two ? "::" : ":", col->part);
    if (!two) {
        n = join_jr(p, col->part, n);
    }
    snake = snake_case(p, col->part[0]);
    const struct alias *alias = find_alias(dialect->aliases, snake);
    if (alias && alias->second && n < TABLE_PARTS_MAX) {
        memmove(&col->part[2], &col->part[1], (n - 1) * sizeof(col->part[0]));
        col->part[0] = alias->first;
        col->part[1] = alias->second;
        n++;
    } else if (alias) {
        col->part[0] = alias->first;
    } else if (is_listed(dialect->columns, snake)) {
        col->part[0] = snake;
    } else {
        col->unknown = !is_listed(dialect->known, snake);
    }
    col->part_count = n;
}

static bool
same_parts(const struct table_column *a, const struct table_column *b)
{
    if (a->part_count != b->part_count) {
        return false;
    }
    for (size_t i = 0; i < a->part_count; i++) {
        if (strcmp(a->part[i], b->part[i]) != 0) {
            return false;
        }
    }
    return true;
}

static struct diag_where
header_where(const struct table *t, size_t column)
{
    struct diag_where at = {.file = t->file,
                            .sheet = t->sheet,
                            .row = 1,
                            .column = t->column_base + (int)column,
                            .column_name = t->column[column].name};
    return at;
}

/* Old forms have both form_id and id_string: the first counts. */
static void
drop_old_id(struct table *t, size_t a, size_t b, struct diag *d)
{
    size_t old = strcmp(t->column[a].name, "id_string") == 0 ? a : b;
    struct diag_where at = header_where(t, old);
    (void)diag_add(d, DIAG_WARNING, &at,
                   N_("The columns form_id and id_string mean the same; "
                      "form_id counts."));
    t->column[old].part_count = 0;
}

/* A text column may stand beside its translations, but only once. */
static void
check_duplicates(struct table *t, struct diag *d)
{
    for (size_t i = 1; i < t->column_count; i++) {
        struct table_column *col = &t->column[i];
        for (size_t k = 0; col->part_count > 0 && k < i; k++) {
            if (!same_parts(col, &t->column[k])) {
                continue;
            }
            struct diag_where at = header_where(t, i);
            if (t->kind == TABLE_SETTINGS
                && strcmp(col->part[0], "id_string") == 0) {
                drop_old_id(t, i, k, d);
                continue;
            }
            (void)diag_add(
                d, DIAG_ERROR, &at,
                N_("Invalid headers: “%s” and “%s” are names for the same "
                   "column. Rename or remove one of them."),
                t->column[k].name, col->name);
            col->part_count = 0;
        }
    }
}

static void
advise_spelling(const struct table *t, struct diag *d)
{
    const char *const *known = dialects[t->kind].known;
    for (size_t i = 0; i < t->column_count; i++) {
        const struct table_column *col = &t->column[i];
        const char *near =
            col->unknown ? spelling_nearest(col->part[0], known) : NULL;
        if (near) {
            struct diag_where at = header_where(t, i);
            (void)diag_add(d, DIAG_WARNING, &at,
                           N_("XLSForm knows no column “%s”. Did you mean "
                              "“%s”?"),
                           col->name, near);
        }
    }
}

static void
read_header(struct table *t, struct pool *p, const struct workbook_row *header)
{
    const struct dialect *dialect = &dialects[t->kind];
    bool double_colon = false;
    for (size_t i = 0; i < header->count; i++) {
        double_colon =
            double_colon || (header->cell[i] && strstr(header->cell[i], "::"));
    }
    for (size_t i = 0; i < header->count; i++) {
        t->column[i].name = header->cell[i];
        if (header->cell[i]) {
            understand(p, dialect, double_colon, &t->column[i]);
        }
    }
}

/* Typographic quotation marks would break every expression. */
static size_t
plain_quote(const char *text, char *out)
{
    if (memcmp(text, "\xE2\x80", 2) != 0) {
        return 0;
    }
    switch ((unsigned char)text[2]) {
    case 0x98:
    case 0x99:
        *out = '\'';
        return 3;
    case 0x9C:
    case 0x9D:
        *out = '"';
        return 3;
    default:
        return 0;
    }
}

/* Texts for people, where a no-break space has its place; in a formula it is
 * an error that nobody sees. */
static bool
is_prose(const struct table_column *col)
{
    static const char *const names[] = {"label", "hint", "guidance_hint",
                                        "jr:constraintMsg", "jr:requiredMsg"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        for (size_t k = 0; k < col->part_count && k < 2; k++) {
            if (strcmp(col->part[k], names[i]) == 0) {
                return true;
            }
        }
    }
    return false;
}

static const char *
clean_text(struct pool *p, const char *text, bool squeeze, bool prose)
{
    static const char no_break[] = "\xC2\xA0";
    if (!strstr(text, "\xE2\x80") && !(squeeze && strstr(text, "  "))
        && (prose || !strstr(text, no_break))) {
        return text;
    }
    size_t len = strlen(text);
    char *out = pool_alloc(p, len + 1);
    if (!out) {
        return text;
    }
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        if (!prose && strncmp(text + i, no_break, 2) == 0) {
            out[n++] = ' ';
            i += 2;
            continue;
        }
        if (squeeze && n > 0 && text[i] == ' ' && out[n - 1] == ' ') {
            i++;
            continue;
        }
        size_t taken = len - i >= 3 ? plain_quote(text + i, &out[n]) : 0;
        if (taken == 0) {
            out[n] = text[i];
            taken = 1;
        }
        i += taken;
        n++;
    }
    return out;
}

/* Add one cell by the parts of its column; a text beside translations of
 * itself becomes the one of the default language. */
static void
merge_cell(struct pool *p, struct prop **cells, const struct table_column *col,
           const char *text, const char *language)
{
    if (col->part_count == 1) {
        prop_set(p, cells, col->part[0], text);
        return;
    }
    struct prop **level = cells;
    for (size_t i = 0; i + 1 < col->part_count; i++) {
        struct prop *q = prop_put(p, level, col->part[i]);
        if (!q) {
            return;
        }
        if (q->text) {
            const char *plain = q->text;
            q->text = NULL;
            if (strcmp(col->part[i + 1], language) != 0) {
                prop_set(p, &q->child, language, plain);
            }
        }
        level = &q->child;
    }
    struct prop *q = prop_put(p, level, col->part[col->part_count - 1]);
    if (!q || q->text) {
        return;
    }
    if (!q->child) {
        q->text = text;
    } else if (!prop_find(q->child, language)) {
        prop_set(p, &q->child, language, text);
    }
}

static void
read_row(struct table *t, struct pool *p, const struct workbook_row *raw,
         const char *language, bool squeeze)
{
    struct table_row *row = &t->rows[t->row_count++];
    row->number = raw->number;
    row->file_row = raw->file_row;
    row->raw = raw;
    size_t count = raw->count < t->column_count ? raw->count : t->column_count;
    for (size_t i = 0; i < count; i++) {
        if (raw->cell[i] && t->column[i].part_count > 0) {
            merge_cell(
                p, &row->cells, &t->column[i],
                clean_text(p, raw->cell[i], squeeze, is_prose(&t->column[i])),
                language);
        }
    }
    if (t->last) {
        t->last->next = row;
    } else {
        t->first = row;
    }
    t->last = row;
}

struct table *
table_read(struct workbook *wb, const struct workbook_sheet *sheet,
           enum table_kind kind, const char *language, bool squeeze,
           struct diag *d)
{
    struct pool *p = &wb->pool;
    struct table *t = pool_alloc(p, sizeof(*t));
    if (!t) {
        return NULL;
    }
    t->kind = kind;
    t->file = wb->file;
    t->sheet = dialects[kind].name;
    t->column_base = wb->column_base;
    if (!sheet->header) {
        return t;
    }
    t->column = pool_array(p, sheet->header->count, sizeof(*t->column));
    if (!t->column) {
        return NULL;
    }
    t->column_count = sheet->header->count;
    read_header(t, p, sheet->header);
    check_duplicates(t, d);
    advise_spelling(t, d);
    if (sheet->row_count > 0) {
        t->rows = pool_array(p, (size_t)sheet->row_count, sizeof(*t->rows));
        if (!t->rows) {
            return NULL;
        }
    }
    for (const struct workbook_row *r = sheet->first; r; r = r->next) {
        read_row(t, p, r, language, squeeze);
    }
    return t;
}

static bool
column_is(const struct table_column *col, const char *first, const char *second)
{
    return col->part_count > 0 && strcmp(col->part[0], first) == 0
           && (!second
               || (col->part_count > 1 && strcmp(col->part[1], second) == 0));
}

bool
table_has(const struct table *t, const char *first, const char *second)
{
    for (size_t i = 0; i < t->column_count; i++) {
        if (column_is(&t->column[i], first, second)) {
            return true;
        }
    }
    return false;
}

struct diag_where
table_where(const struct table *t, const struct table_row *row,
            const char *first, const char *second)
{
    struct diag_where at = {
        .file = t->file, .sheet = t->sheet, .row = row ? row->file_row : 1};
    for (size_t i = 0; first && i < t->column_count; i++) {
        if (column_is(&t->column[i], first, second)) {
            at.column = t->column_base + (int)i;
            at.column_name = t->column[i].name;
            break;
        }
    }
    return at;
}
