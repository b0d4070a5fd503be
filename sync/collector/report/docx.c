#include "collector/report/docx.h"

#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "base/log.h"
#include "base/markup.h"

#define BODY_MAX_BYTES ((size_t)16 * 1024 * 1024)
/* Twentieths of a point: A4 without margins of 20 mm, 25 mm where it is bound. */
#define TEXT_WIDTH 9354

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define WORD \
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""

static const char content_types[] = XML
    "<Types "
    "xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/"
    "vnd.openxmlformats-package.relationships+xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>"
    "</Types>";

#define RELATIONS(id, type, target)                                               \
    XML "<Relationships "                                                         \
        "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" \
        "<Relationship Id=\"" id                                                  \
        "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"        \
        "relationships/" type "\" Target=\"" target "\"/></Relationships>"

static const char relations[] =
    RELATIONS("rId1", "officeDocument", "word/document.xml");
static const char document_relations[] =
    RELATIONS("rId1", "styles", "styles.xml");

/* Times New Roman, 12 points on 16, as orders are written. */
static const char styles[] = XML
    "<w:styles " WORD "><w:docDefaults><w:rPrDefault><w:rPr>"
    "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
    "w:cs=\"Times New Roman\"/><w:sz w:val=\"24\"/>"
    "<w:lang w:val=\"ru-RU\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
    "<w:spacing w:after=\"120\" w:line=\"288\" w:lineRule=\"auto\"/></w:pPr>"
    "</w:pPrDefault></w:docDefaults>"
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Text\">"
    "<w:name w:val=\"Normal\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Title\">"
    "<w:name w:val=\"heading 1\"/><w:basedOn w:val=\"Text\"/><w:pPr>"
    "<w:keepNext/><w:spacing w:after=\"240\"/><w:jc w:val=\"center\"/>"
    "<w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"28\"/>"
    "</w:rPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading\">"
    "<w:name w:val=\"heading 2\"/><w:basedOn w:val=\"Text\"/><w:pPr>"
    "<w:keepNext/><w:spacing w:before=\"240\"/><w:outlineLvl w:val=\"1\"/>"
    "</w:pPr><w:rPr><w:b/></w:rPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Item\">"
    "<w:name w:val=\"List Paragraph\"/><w:basedOn w:val=\"Text\"/><w:pPr>"
    "<w:tabs><w:tab w:val=\"left\" w:pos=\"425\"/></w:tabs>"
    "<w:ind w:left=\"425\" w:hanging=\"425\"/></w:pPr></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Cell\">"
    "<w:name w:val=\"Table Contents\"/><w:basedOn w:val=\"Text\"/><w:pPr>"
    "<w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr>"
    "<w:rPr><w:sz w:val=\"22\"/></w:rPr></w:style></w:styles>";

static const char body_begin[] = XML "<w:document " WORD "><w:body>";
static const char body_end[] =
    "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" "
    "w:right=\"1134\" w:bottom=\"1134\" w:left=\"1418\" w:header=\"708\" "
    "w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>";

static void
put(struct docx *d, const char *xml)
{
    buf_put(&d->body, xml, strlen(xml));
}

void
docx_begin(struct docx *d)
{
    *d = (struct docx){0};
    buf_init(&d->body, BODY_MAX_BYTES);
    put(d, body_begin);
}

void
docx_paragraph(struct docx *d, enum docx_style style)
{
    static const char *const name[] = {"Text", "Title", "Heading", "Item",
                                       "Cell"};
    buf_printf(&d->body, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>",
               name[style], d->page_break ? "<w:pageBreakBefore/>" : "");
    d->page_break = false;
}

void
docx_text(struct docx *d, const char *text, size_t len, bool strong)
{
    put(d, strong ? "<w:r><w:rPr><w:b/></w:rPr>" : "<w:r>");
    put(d, "<w:t xml:space=\"preserve\">");
    markup_put(&d->body, text, len, MARKUP_TEXT);
    put(d, "</w:t></w:r>");
}

void
docx_tab(struct docx *d)
{
    put(d, "<w:r><w:tab/></w:r>");
}

void
docx_paragraph_end(struct docx *d)
{
    put(d, "</w:p>");
}

void
docx_page_break(struct docx *d)
{
    d->page_break = true;
}

void
docx_table(struct docx *d, const int *width, size_t columns)
{
    int sum = 0;
    static const char *const side[] = {"top",   "left",    "bottom",
                                       "right", "insideH", "insideV"};
    put(d, "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/>"
           "<w:tblBorders>");
    for (size_t i = 0; i < sizeof(side) / sizeof(side[0]); i++) {
        buf_printf(&d->body,
                   "<w:%s w:val=\"single\" w:sz=\"4\" w:color=\"auto\"/>",
                   side[i]);
    }
    put(d, "</w:tblBorders><w:tblCellMar><w:top w:w=\"57\" w:type=\"dxa\"/>"
           "<w:left w:w=\"85\" w:type=\"dxa\"/><w:bottom w:w=\"57\" "
           "w:type=\"dxa\"/><w:right w:w=\"85\" w:type=\"dxa\"/>"
           "</w:tblCellMar></w:tblPr><w:tblGrid>");
    for (size_t i = 0; i < columns; i++) {
        sum += width[i];
    }
    for (size_t i = 0; i < columns; i++) {
        buf_printf(&d->body, "<w:gridCol w:w=\"%d\"/>",
                   TEXT_WIDTH * width[i] / sum);
    }
    put(d, "</w:tblGrid>");
}

void
docx_row(struct docx *d, bool head)
{
    put(d, head ? "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
                : "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
}

void
docx_cell(struct docx *d)
{
    put(d, "<w:tc>");
    docx_paragraph(d, DOCX_CELL);
}

void
docx_cell_end(struct docx *d)
{
    docx_paragraph_end(d);
    put(d, "</w:tc>");
}

void
docx_row_end(struct docx *d)
{
    put(d, "</w:tr>");
}

void
docx_table_end(struct docx *d)
{
    /* Something must stand between two tables, and after the last. */
    put(d, "</w:tbl><w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr></w:p>");
}

/* --- the package ---------------------------------------------------------- */

static enum status
add(zip_t *zip, const char *name, const char *text, size_t len)
{
    zip_source_t *source = zip_source_buffer(zip, text, len, 0);
    zip_int64_t at =
        source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (at < 0) {
        zip_source_free(source);
        log_error("docx", "%s", zip_strerror(zip));
        return STATUS_E_NOMEM;
    }
    /* No time of this machine: 1 January 1980. */
    (void)zip_file_set_dostime(zip, (zip_uint64_t)at, 0, 0x21, 0);
    return STATUS_OK;
}

static enum status
add_parts(const struct docx *d, zip_t *zip)
{
    enum status st = add(zip, "[Content_Types].xml", content_types,
                         sizeof(content_types) - 1);
    if (st == STATUS_OK) {
        st = add(zip, "_rels/.rels", relations, sizeof(relations) - 1);
    }
    if (st == STATUS_OK) {
        st = add(zip, "word/_rels/document.xml.rels", document_relations,
                 sizeof(document_relations) - 1);
    }
    if (st == STATUS_OK) {
        st = add(zip, "word/styles.xml", styles, sizeof(styles) - 1);
    }
    return st == STATUS_OK
               ? add(zip, "word/document.xml", d->body.data, d->body.len)
               : st;
}

static enum status
take(zip_source_t *package, struct buf *out)
{
    char piece[4096];
    if (zip_source_open(package) != 0) {
        return STATUS_E_IO;
    }
    zip_int64_t got = 0;
    do {
        got = zip_source_read(package, piece, sizeof(piece));
        buf_put(out, piece, got > 0 ? (size_t)got : 0);
    } while (got > 0);
    (void)zip_source_close(package);
    return got < 0 ? STATUS_E_IO : buf_status(out);
}

static enum status
pack(const struct docx *d, struct buf *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *package = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip =
        package ? zip_open_from_source(package, ZIP_TRUNCATE, &error) : NULL;
    if (!zip) {
        log_error("docx", "%s", zip_error_strerror(&error));
        zip_source_free(package);
        zip_error_fini(&error);
        return STATUS_E_NOMEM;
    }
    zip_error_fini(&error);
    zip_source_keep(package);
    enum status st = add_parts(d, zip);
    if (st == STATUS_OK && zip_close(zip) == 0) {
        st = take(package, out);
    } else {
        log_error("docx", "%s", zip_strerror(zip));
        zip_discard(zip);
        st = st < 0 ? st : STATUS_E_IO;
    }
    zip_source_free(package);
    return st;
}

enum status
docx_finish(struct docx *d, struct buf *out)
{
    put(d, body_end);
    enum status st = buf_status(&d->body);
    if (st == STATUS_OK) {
        st = pack(d, out);
    }
    buf_deinit(&d->body);
    return st;
}
