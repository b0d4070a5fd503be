/*
 * Compiles every entry of the conformance corpus and leaves, in OUT, NNNN.xml
 * for those accepted and NNNN.diag for those refused (severity, sheet, row and
 * text of every finding, separated by tabs). corpus.py compares. Every accepted
 * form must also survive being written as .xlsx and read again.
 *
 * usage: xlsform_corpus CORPUS OUT     (CORPUS has index.tsv and xlsform/)
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "xlsform/workbook.h"
#include "xlsform/xlsform.h"
#include "xlsform/xlsx_writer.h"

#define LINE_MAX_BYTES 65536
#define PATH_BYTES 4096

static int
save(const char *out, const char *id, const char *extension,
     const struct buf *text)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s.%s", out, id, extension);
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        return 1;
    }
    size_t put = fwrite(text->data, 1, text->len, f);
    return fclose(f) != 0 || put != text->len;
}

static void
list_findings(const struct diag *d, struct buf *out)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct diag_entry *e = &d->entry[i];
        buf_printf(out, "%s\t%s\t%d\t%s\n",
                   e->severity == DIAG_ERROR ? "error" : "warning",
                   e->sheet ? e->sheet : "", e->row, e->text);
    }
}

/* Whether the form, written as .xlsx, compiles to the same bytes. */
static bool
survives_xlsx(const char *out_dir, const struct buf *in,
              enum xlsform_format format, const struct xlsform_options *options,
              const struct buf *expected)
{
    char path[PATH_BYTES];
    struct workbook wb;
    struct buf file;
    struct buf again;
    (void)snprintf(path, sizeof(path), "%s/again.xlsx", out_dir);
    workbook_init(&wb, options->file);
    buf_init(&file, (size_t)1 << 24);
    buf_init(&again, (size_t)1 << 26);
    bool same = xlsform_read(in->data, in->len, format, NULL, &wb) >= 0
                && xlsx_writer_save(&wb, I18N_RU, path, NULL) >= 0
                && file_read(path, &file) >= 0
                && xlsform_compile(file.data, file.len, XLSFORM_XLSX, options,
                                   NULL, &again)
                       >= 0
                && again.len == expected->len
                && memcmp(again.data, expected->data, again.len) == 0;
    buf_deinit(&again);
    buf_deinit(&file);
    workbook_deinit(&wb);
    return same;
}

static int
compile_entry(const char *corpus, const char *out_dir, const char *id,
              const char *source, const char *name)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/xlsform/%s.%s", corpus, id, source);
    struct buf in;
    struct buf out;
    struct buf findings;
    struct diag d;
    buf_init(&in, (size_t)1 << 24);
    buf_init(&out, (size_t)1 << 26);
    buf_init(&findings, (size_t)1 << 20);
    diag_init(&d, I18N_EN);

    int failed = 0;
    enum xlsform_format format = XLSFORM_MD;
    struct xlsform_options options = {.file = path, .name = name};
    if (xlsform_format_of(path, &format) < 0 || file_read(path, &in) < 0) {
        failed = 1;
    } else if (xlsform_compile(in.data, in.len, format, &options, &d, &out)
               >= 0) {
        failed = save(out_dir, id, "xml", &out);
        if (!survives_xlsx(out_dir, &in, format, &options, &out)) {
            (void)printf("%s: changed by writing it as .xlsx\n", id);
            failed = 1;
        }
    } else {
        list_findings(&d, &findings);
        failed = save(out_dir, id, "diag", &findings);
    }
    diag_deinit(&d);
    buf_deinit(&findings);
    buf_deinit(&out);
    buf_deinit(&in);
    return failed;
}

int
main(int argc, char **argv)
{
    char line[LINE_MAX_BYTES];
    char path[PATH_BYTES];
    if (argc != 3) {
        (void)fputs("usage: xlsform_corpus CORPUS OUT\n", stderr);
        return 2;
    }
    (void)snprintf(path, sizeof(path), "%s/index.tsv", argv[1]);
    FILE *index = fopen(path, "r");
    if (!index) {
        perror(path);
        return 2;
    }
    int failed = 0;
    while (fgets(line, sizeof(line), index)) {
        char *save_at = NULL;
        const char *id = strtok_r(line, "\t", &save_at);
        const char *source = strtok_r(NULL, "\t", &save_at);
        const char *result = strtok_r(NULL, "\t", &save_at);
        const char *name = strtok_r(NULL, "\t", &save_at);
        if (result && name && strcmp(id, "id") != 0) {
            failed |= compile_entry(argv[1], argv[2], id, source, name);
        }
    }
    (void)fclose(index);
    return failed;
}
