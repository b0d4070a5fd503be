#include "xlsform/xlsx_book.h"

#include <libxml/parser.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/buf.h"

#define STRINGS_MAX 1000000
#define STYLES_MAX 65536
#define RELATIONS_MAX 256

struct relation {
    const char *id;
    const char *target;
};

/* A growing array; the items live on the heap until the file is read. */
struct strings {
    const char **text;
    size_t count;
    size_t cap;
};

struct reader {
    struct workbook *wb;
    struct diag *d;
    zip_t *zip;
    size_t unpacked;
    struct buf part;
    struct strings shared;
    bool *is_date; /* by cell style; owned */
    size_t style_count;
    bool date_format[STYLES_MAX / 256]; /* by custom number format id */
    struct relation relation[RELATIONS_MAX];
    size_t relation_count;
    bool epoch_1904;
};

/* What the parser calls for one part of the archive. */
struct part {
    struct reader *r;
    void (*start)(struct part *p, const char *name, const xmlChar **attrs,
                  int attr_count);
    void (*end)(struct part *p, const char *name);
    struct buf text; /* characters of the element being read */
    bool keep_text;
    bool phonetic; /* inside a reading aid, which is no text of the cell */
    bool in_formats;
    /* a worksheet */
    struct workbook_sheet *sheet;
    int row;
    size_t column;
    char type[16];
    size_t style;
    const char *cell[WORKBOOK_COLUMNS_MAX + 1];
    size_t count;
};

/* ---- XML ---- */

static const char *
attr_text(struct part *p, const xmlChar **attrs, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        const xmlChar **a = attrs + (size_t)5 * (size_t)i;
        if (strcmp((const char *)a[0], name) == 0) {
            return pool_dup_len(&p->r->wb->pool, (const char *)a[3],
                                (size_t)(a[4] - a[3]));
        }
    }
    return NULL;
}

/* The same without a copy in the pool, for what every cell has. */
static void
attr_copy(const xmlChar **attrs, int count, const char *name, char *out,
          size_t size)
{
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        const xmlChar **a = attrs + (size_t)5 * (size_t)i;
        size_t len = (size_t)(a[4] - a[3]);
        if (strcmp((const char *)a[0], name) == 0 && len < size) {
            memcpy(out, a[3], len);
            out[len] = '\0';
        }
    }
}

/* libxml2 says which parameters. */
static void /* NOLINTNEXTLINE(readability-function-size) */
on_start(void *self, const xmlChar *name, const xmlChar *prefix,
         const xmlChar *uri, int ns_count, const xmlChar **ns, int attr_count,
         int default_count, const xmlChar **attrs)
{
    (void)prefix;
    (void)uri;
    (void)ns_count;
    (void)ns;
    (void)default_count;
    struct part *p = self;
    p->start(p, (const char *)name, attrs, attr_count);
}

static void
on_end(void *self, const xmlChar *name, const xmlChar *prefix,
       const xmlChar *uri)
{
    (void)prefix;
    (void)uri;
    struct part *p = self;
    p->end(p, (const char *)name);
}

static void
on_text(void *self, const xmlChar *text, int len)
{
    struct part *p = self;
    if (p->keep_text && !p->phonetic && len > 0
        && p->text.len < WORKBOOK_CELL_MAX_BYTES * 2) {
        buf_put(&p->text, text, (size_t)len);
    }
}

static void
on_error(void *self, const char *fmt, ...)
{
    (void)self;
    (void)fmt;
}

static enum status
bad_file(struct reader *r)
{
    struct diag_where at = {.file = r->wb->file};
    return diag_add(
        r->d, DIAG_ERROR, &at,
        N_("This is not a readable .xlsx workbook. Open it in Excel "
           "or LibreOffice and save it again as .xlsx."));
}

/* The whole part into r->part; STATUS_NONE if the archive has no such part. */
static enum status
unpack(struct reader *r, const char *name)
{
    zip_stat_t info;
    buf_clear(&r->part);
    zip_stat_init(&info);
    if (zip_stat(r->zip, name, 0, &info) != 0
        || !(info.valid & ZIP_STAT_SIZE)) {
        return STATUS_NONE;
    }
    if (info.size > XLSX_BOOK_PART_MAX_BYTES
        || r->unpacked + info.size > XLSX_BOOK_ALL_MAX_BYTES) {
        struct diag_where at = {.file = r->wb->file};
        (void)diag_add(r->d, DIAG_ERROR, &at,
                       N_("The workbook is too large when unpacked."));
        return STATUS_E_LIMIT;
    }
    r->unpacked += (size_t)info.size;
    char *room = buf_extend(&r->part, (size_t)info.size);
    if (!room) {
        return buf_status(&r->part);
    }
    zip_file_t *file = zip_fopen(r->zip, name, 0);
    zip_int64_t got = file ? zip_fread(file, room, info.size) : -1;
    if (file) {
        (void)zip_fclose(file);
    }
    return got == (zip_int64_t)info.size ? STATUS_OK : bad_file(r);
}

static enum status
parse(struct part *p)
{
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof(sax));
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = on_start;
    sax.endElementNs = on_end;
    sax.characters = on_text;
    sax.error = on_error;
    sax.warning = on_error;
    buf_init(&p->text, WORKBOOK_FILE_MAX_BYTES);
    xmlParserCtxtPtr ctxt = xmlCreatePushParserCtxt(&sax, p, NULL, 0, NULL);
    enum status st = ctxt ? STATUS_OK : STATUS_E_NOMEM;
    if (ctxt) {
        (void)xmlCtxtUseOptions(ctxt, XML_PARSE_NONET | XML_PARSE_HUGE);
        const struct buf *part = &p->r->part;
        if (xmlParseChunk(ctxt, part->data, (int)part->len, 1) != 0) {
            st = bad_file(p->r);
        }
        xmlFreeDoc(ctxt->myDoc);
        xmlFreeParserCtxt(ctxt);
    }
    buf_deinit(&p->text);
    return st;
}

static void
nothing_ends(struct part *p, const char *name)
{
    (void)p;
    (void)name;
}

/* ---- workbook.xml, its relations ---- */

struct sheet_entry {
    const char *name;
    const char *relation;
};

struct sheet_list {
    struct part part;
    struct sheet_entry entry[WORKBOOK_SHEETS_MAX];
    size_t count;
};

static void
workbook_start(struct part *p, const char *name, const xmlChar **attrs,
               int count)
{
    struct sheet_list *list = (struct sheet_list *)p;
    if (strcmp(name, "workbookPr") == 0) {
        const char *text = attr_text(p, attrs, count, "date1904");
        p->r->epoch_1904 =
            text && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0 || list->count == WORKBOOK_SHEETS_MAX) {
        return;
    }
    struct sheet_entry e = {.name = attr_text(p, attrs, count, "name"),
                            .relation = attr_text(p, attrs, count, "id")};
    if (e.name && e.relation) {
        list->entry[list->count++] = e;
    }
}

static void
relation_start(struct part *p, const char *name, const xmlChar **attrs,
               int count)
{
    struct reader *r = p->r;
    if (strcmp(name, "Relationship") != 0
        || r->relation_count == RELATIONS_MAX) {
        return;
    }
    struct relation rel = {.id = attr_text(p, attrs, count, "Id"),
                           .target = attr_text(p, attrs, count, "Target")};
    if (rel.id && rel.target) {
        r->relation[r->relation_count++] = rel;
    }
}

/* ---- sharedStrings.xml ---- */

static bool
strings_add(struct strings *s, const char *text)
{
    if (s->count == STRINGS_MAX) {
        return false;
    }
    if (s->count == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 256;
        const char **more = realloc(s->text, cap * sizeof(*more));
        if (!more) {
            return false;
        }
        s->text = more;
        s->cap = cap;
    }
    s->text[s->count++] = text;
    return true;
}

static void
string_start(struct part *p, const char *name, const xmlChar **attrs, int count)
{
    (void)attrs;
    (void)count;
    if (strcmp(name, "si") == 0) {
        buf_clear(&p->text);
    }
    p->phonetic = p->phonetic || strcmp(name, "rPh") == 0;
    p->keep_text = strcmp(name, "t") == 0;
}

static const char *
cell_text(struct part *p, const char *text, size_t len)
{
    return workbook_text(p->r->wb, text, len, p->r->d);
}

static void
string_end(struct part *p, const char *name)
{
    if (strcmp(name, "rPh") == 0) {
        p->phonetic = false;
    }
    if (strcmp(name, "t") == 0) {
        p->keep_text = false;
    }
    if (strcmp(name, "si") == 0
        && !strings_add(&p->r->shared,
                        cell_text(p, p->text.data, p->text.len))) {
        p->r->wb->pool.failed = true;
    }
}

/* ---- styles.xml: which cells are dates ---- */

/* Date codes in a format that are neither quoted nor a colour. */
static bool
is_date_code(const char *code)
{
    bool quoted = false;
    bool bracket = false;
    for (const char *c = code; *c; c++) {
        if (*c == '"') {
            quoted = !quoted;
        } else if (*c == '[' || *c == ']') {
            bracket = *c == '[';
        } else if (*c == '\\' && c[1]) {
            c++;
        } else if (!quoted && !bracket && strchr("yYmMdDhHsS", *c)) {
            return true;
        }
    }
    return false;
}

static void
style_start(struct part *p, const char *name, const xmlChar **attrs, int count)
{
    struct reader *r = p->r;
    char id[16];
    attr_copy(attrs, count, "numFmtId", id, sizeof(id));
    unsigned long format = strtoul(id, NULL, 10);
    size_t custom = sizeof(r->date_format) / sizeof(r->date_format[0]);
    if (strcmp(name, "numFmt") == 0 && format < custom) {
        const char *code = attr_text(p, attrs, count, "formatCode");
        r->date_format[format] = code && is_date_code(code);
    }
    if (strcmp(name, "cellXfs") == 0) {
        p->in_formats = true;
    }
    if (strcmp(name, "xf") != 0 || !p->in_formats
        || r->style_count == STYLES_MAX) {
        return;
    }
    if (!r->is_date) {
        r->is_date = calloc(STYLES_MAX, sizeof(*r->is_date));
        if (!r->is_date) {
            r->wb->pool.failed = true;
            return;
        }
    }
    bool builtin =
        (format >= 14 && format <= 22) || (format >= 45 && format <= 47);
    r->is_date[r->style_count++] =
        builtin || (format < custom && r->date_format[format]);
}

static void
style_end(struct part *p, const char *name)
{
    if (strcmp(name, "cellXfs") == 0) {
        p->in_formats = false;
    }
}

/* ---- worksheets ---- */

/* The shortest decimal that reads back as the same number. */
static const char *
number_text(struct pool *p, double x)
{
    char text[40];
    if (fabs(x) < 1e21 && !(x > floor(x))) {
        return pool_printf(p, "%.0f", x);
    }
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(text, sizeof(text), "%.*g", digits, x);
        if (!(strtod(text, NULL) < x) && !(strtod(text, NULL) > x)) {
            break;
        }
    }
    return pool_dup(p, text);
}

/* Days since 1899-12-30 (or 1904-01-01) as a date, a time or both;
 * days-to-civil after Howard Hinnant's chrono paper. */
static const char *
date_text(const struct reader *r, double serial)
{
    if (!(serial >= 0 && serial < 2958466)) {
        return number_text(&r->wb->pool, serial);
    }
    double whole = floor(serial);
    long seconds = lround((serial - whole) * 86400);
    long days = (long)whole - (r->epoch_1904 ? 24107 : 25569);
    if (seconds == 86400) {
        seconds = 0;
        days++;
    }
    long z = days + 719468;
    long era = z / 146097;
    long doe = z - era * 146097;
    long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    long doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    long mp = (5 * doy + 2) / 153;
    long day = doy - (153 * mp + 2) / 5 + 1;
    long month = mp < 10 ? mp + 3 : mp - 9;
    long year = yoe + era * 400 + (month <= 2);
    struct pool *p = &r->wb->pool;
    if (seconds == 0) {
        return pool_printf(p, "%04ld-%02ld-%02ld", year, month, day);
    }
    const char *time = pool_printf(p, "%02ld:%02ld:%02ld", seconds / 3600,
                                   seconds / 60 % 60, seconds % 60);
    return whole < 1
               ? time
               : pool_printf(p, "%04ld-%02ld-%02ldT%s", year, month, day, time);
}

static const char *
value_text(struct part *p)
{
    struct reader *r = p->r;
    const char *text = p->text.data;
    if (strcmp(p->type, "s") == 0) {
        unsigned long at = strtoul(text, NULL, 10);
        return at < r->shared.count ? r->shared.text[at] : NULL;
    }
    if (strcmp(p->type, "b") == 0) {
        return *text == '1' ? "TRUE" : "FALSE";
    }
    bool number = p->type[0] == '\0' || strcmp(p->type, "n") == 0;
    char *end = NULL;
    double x = number ? strtod(text, &end) : 0;
    if (!number || end == text || !isfinite(x)) {
        return cell_text(p, text, p->text.len);
    }
    bool date = r->is_date && p->style < r->style_count && r->is_date[p->style];
    return date ? date_text(r, x) : number_text(&r->wb->pool, x);
}

/* Column of a cell reference: "B12" -> 1. */
static size_t
column_of(const char *ref, size_t otherwise)
{
    size_t n = 0;
    const char *c = ref;
    for (; *c >= 'A' && *c <= 'Z' && n <= WORKBOOK_COLUMNS_MAX; c++) {
        n = n * 26 + (size_t)(*c - 'A') + 1;
    }
    return c == ref ? otherwise : n - 1;
}

static void
cell_start(struct part *p, const xmlChar **attrs, int count)
{
    char ref[16];
    char style[16];
    attr_copy(attrs, count, "r", ref, sizeof(ref));
    attr_copy(attrs, count, "t", p->type, sizeof(p->type));
    attr_copy(attrs, count, "s", style, sizeof(style));
    p->column = column_of(ref, p->column);
    p->style = strtoul(style, NULL, 10);
    buf_clear(&p->text);
}

static void
sheet_start(struct part *p, const char *name, const xmlChar **attrs, int count)
{
    if (strcmp(name, "row") == 0) {
        char number[16];
        attr_copy(attrs, count, "r", number, sizeof(number));
        long row = strtol(number, NULL, 10);
        p->row = row > 0 && row <= 1048576 ? (int)row : p->row + 1;
        p->column = 0;
        p->count = 0;
        memset(p->cell, 0, sizeof(p->cell));
    } else if (strcmp(name, "c") == 0) {
        cell_start(p, attrs, count);
    } else if (strcmp(name, "rPh") == 0) {
        p->phonetic = true;
    }
    p->keep_text = strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
}

static void
sheet_end(struct part *p, const char *name)
{
    p->keep_text = false;
    if (strcmp(name, "rPh") == 0) {
        p->phonetic = false;
    } else if (strcmp(name, "c") == 0) {
        if (p->text.len > 0 && p->column <= WORKBOOK_COLUMNS_MAX) {
            p->cell[p->column] = value_text(p);
            p->count = p->column + 1 > p->count ? p->column + 1 : p->count;
        }
        p->column++;
    } else if (strcmp(name, "row") == 0 && p->count > 0) {
        struct workbook_cells cells = {.cell = p->cell,
                                       .count = p->count,
                                       .number = p->row,
                                       .file_row = p->row};
        workbook_add_row(p->r->wb, p->sheet, &cells, p->r->d);
    }
}

/* ---- the archive ---- */

static enum status
parse_part(struct part *p, const char *name, bool must_exist)
{
    enum status st = unpack(p->r, name);
    if (st == STATUS_NONE) {
        return must_exist ? bad_file(p->r) : STATUS_OK;
    }
    return st < 0 ? st : parse(p);
}

static const char *
target_of(const struct reader *r, const char *id)
{
    for (size_t i = 0; i < r->relation_count; i++) {
        if (strcmp(r->relation[i].id, id) == 0) {
            const char *target = r->relation[i].target;
            return *target == '/' ? target + 1
                                  : pool_printf(&r->wb->pool, "xl/%s", target);
        }
    }
    return NULL;
}

static enum status
read_sheets(struct reader *r, const struct sheet_list *list, struct part *p)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; i < list->count && st >= 0 && !r->wb->cut; i++) {
        const char *target = target_of(r, list->entry[i].relation);
        if (!target) {
            continue;
        }
        *p = (struct part){.r = r, .start = sheet_start, .end = sheet_end};
        p->sheet = workbook_add_sheet(r->wb, list->entry[i].name,
                                      strlen(list->entry[i].name), r->d);
        st = p->sheet ? parse_part(p, target, true) : STATUS_E_NOMEM;
    }
    return st;
}

static enum status
read_archive(struct reader *r)
{
    struct pool *pool = &r->wb->pool;
    struct sheet_list *list = pool_alloc(pool, sizeof(*list));
    struct part *p = pool_alloc(pool, sizeof(*p));
    if (!list || !p) {
        return STATUS_E_NOMEM;
    }
    list->part =
        (struct part){.r = r, .start = workbook_start, .end = nothing_ends};
    enum status st = parse_part(&list->part, "xl/workbook.xml", true);
    if (st >= 0) {
        *p =
            (struct part){.r = r, .start = relation_start, .end = nothing_ends};
        st = parse_part(p, "xl/_rels/workbook.xml.rels", true);
    }
    if (st >= 0) {
        *p = (struct part){.r = r, .start = string_start, .end = string_end};
        st = parse_part(p, "xl/sharedStrings.xml", false);
    }
    if (st >= 0) {
        *p = (struct part){.r = r, .start = style_start, .end = style_end};
        st = parse_part(p, "xl/styles.xml", false);
    }
    return st < 0 ? st : read_sheets(r, list, p);
}

enum status
xlsx_book_read(struct workbook *wb, const void *data, size_t len,
               struct diag *d)
{
    struct reader *r = pool_alloc(&wb->pool, sizeof(*r));
    if (!r) {
        return STATUS_E_NOMEM;
    }
    r->wb = wb;
    r->d = d;
    wb->only_sheet_is_survey = true;
    buf_init(&r->part, XLSX_BOOK_PART_MAX_BYTES);
    enum status st = STATUS_OK;
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(data, len, 0, &error);
    r->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!r->zip) {
        zip_source_free(source);
        st = bad_file(r);
        goto out;
    }
    st = read_archive(r);
    zip_discard(r->zip);

out:
    zip_error_fini(&error);
    buf_deinit(&r->part);
    free(r->shared.text);
    free(r->is_date);
    if (st >= 0 && wb->pool.failed) {
        st = STATUS_E_NOMEM;
    }
    return st >= 0 && wb->cut ? STATUS_E_LIMIT : st;
}
