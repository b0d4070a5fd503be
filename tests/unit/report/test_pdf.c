#include "collector/report/pdf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/harness.h"
#include "sample.h"
#include "sample_report.h"

/* Where to keep the file for looking at; NULL: nowhere. */
static const char *keep_path;

static void
writes_a_whole_document(void **state)
{
    (void)state;
    struct sample_report s;
    struct sample_sink sink;
    sample_report_init(&s, 30, 1);
    sample_sink_init(&sink, 0);
    assert_int_equal(pdf_write(&s.report, &sink.sink), STATUS_OK);
    assert_memory_equal(sink.out.data, "%PDF-1.", 7);
    assert_non_null(strstr(sink.out.data + sink.out.len - 8, "%%EOF"));
    if (keep_path) {
        FILE *f = fopen(keep_path, "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(sink.out.data, 1, sink.out.len, f),
                         sink.out.len);
        assert_int_equal(fclose(f), 0);
    }
    sample_sink_deinit(&sink);
    sample_report_deinit(&s);
}

static void
lays_out_a_report_without_items(void **state)
{
    (void)state;
    struct sample_report s;
    struct sample_sink sink;
    sample_report_init(&s, 0, 1);
    sample_sink_init(&sink, 0);
    memset(s.report.swot, 0, sizeof(s.report.swot));
    s.report.lang = I18N_EN;
    assert_int_equal(pdf_write(&s.report, &sink.sink), STATUS_OK);
    sample_sink_deinit(&sink);
    sample_report_deinit(&s);
}

static void
passes_a_full_disk_on(void **state)
{
    (void)state;
    struct sample_report s;
    struct sample_sink sink;
    sample_report_init(&s, 3, 1);
    sample_sink_init(&sink, 1000);
    assert_int_equal(pdf_write(&s.report, &sink.sink), STATUS_E_FULL);
    sample_sink_deinit(&sink);
    sample_report_deinit(&s);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_whole_document),
        cmocka_unit_test(lays_out_a_report_without_items),
        cmocka_unit_test(passes_a_full_disk_on),
    };
    keep_path = argc > 1 ? argv[1] : NULL;
    sample_report_locale();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    pdf_shutdown();
    return failed;
}
