/* The package holds its parts, and text that is XML stays text. */
#include "collector/report/docx.h"

#include <string.h>

#include <libxml/parser.h>
#include <zip.h>

#include "harness/harness.h"

static const char *const parts[] = {"[Content_Types].xml", "_rels/.rels",
                                    "word/_rels/document.xml.rels",
                                    "word/styles.xml", "word/document.xml"};

static void
write_sample(struct buf *out)
{
    struct docx d;
    docx_begin(&d);
    docx_paragraph(&d, DOCX_TITLE);
    docx_text(&d, "Приказ <1> & \"2\"", strlen("Приказ <1> & \"2\""), true);
    docx_paragraph_end(&d);
    docx_page_break(&d);
    docx_table(&d, (const int[]){1, 3}, 2);
    for (int row = 0; row < 2; row++) {
        docx_row(&d, row == 0);
        for (int cell = 0; cell < 2; cell++) {
            docx_cell(&d);
            docx_text(&d, "x", 1, false);
            docx_cell_end(&d);
        }
        docx_row_end(&d);
    }
    docx_table_end(&d);
    docx_paragraph(&d, DOCX_ITEM);
    docx_text(&d, "1.", 2, false);
    docx_tab(&d);
    docx_paragraph_end(&d);
    assert_int_equal(docx_finish(&d, out), STATUS_OK);
}

static void
read_part(zip_t *zip, const char *name, struct buf *out)
{
    char piece[1000];
    zip_file_t *file = zip_fopen(zip, name, 0);
    assert_non_null(file);
    for (zip_int64_t got = 1; got > 0;) {
        got = zip_fread(file, piece, sizeof(piece));
        assert_true(got >= 0);
        buf_put(out, piece, (size_t)got);
    }
    assert_int_equal(zip_fclose(file), 0);
}

static void
every_part_is_there_and_is_xml(void **state)
{
    (void)state;
    struct buf docx;
    buf_init(&docx, 1000000);
    write_sample(&docx);
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source =
        zip_source_buffer_create(docx.data, docx.len, 0, &error);
    zip_t *zip =
        zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    assert_non_null(zip);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct buf xml;
        buf_init(&xml, 100000);
        read_part(zip, parts[i], &xml);
        xmlDoc *doc = xmlReadMemory(xml.data, (int)xml.len, parts[i], NULL,
                                    XML_PARSE_NONET);
        assert_non_null(doc);
        if (i == 4) {
            xmlChar *text = xmlNodeGetContent(xmlDocGetRootElement(doc));
            assert_string_equal((const char *)text, "Приказ <1> & \"2\"xxxx1.");
            xmlFree(text);
        }
        xmlFreeDoc(doc);
        buf_deinit(&xml);
    }
    zip_discard(zip);
    buf_deinit(&docx);
}

static void
the_same_paper_gives_the_same_bytes(void **state)
{
    (void)state;
    struct buf one;
    struct buf two;
    buf_init(&one, 1000000);
    buf_init(&two, 1000000);
    write_sample(&one);
    write_sample(&two);
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.data, two.data, one.len);
    buf_deinit(&one);
    buf_deinit(&two);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_there_and_is_xml),
        cmocka_unit_test(the_same_paper_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
