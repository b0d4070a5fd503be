/*
 * Compiling a large questionnaire: 1,000 questions, half of them selects, and
 * 10,000 choices in two languages, from .xlsx and from .csv. Times are medians
 * of the processor time of the process.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "bench/stat.h"
#include "xlsform/workbook.h"
#include "xlsform/xlsform.h"
#include "xlsform/xlsx_writer.h"

#define QUESTIONS 1000
#define LISTS 100
#define CHOICES_PER_LIST 100
#define RUNS 15

static double
now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
require(bool held, const char *what)
{
    if (!held) {
        (void)fprintf(stderr, "bench_xlsform: %s failed\n", what);
        _exit(1);
    }
}

static void
make_questionnaire(struct buf *csv)
{
    buf_puts(csv, "survey,,,,,\n,type,name,label::Русский (ru),"
                  "label::English (en),relevant,required\n");
    for (int i = 0; i < QUESTIONS; i++) {
        if (i % 2 == 0) {
            buf_printf(csv, ",select_one list%d", i / 2 % LISTS);
        } else {
            buf_puts(csv, i % 4 == 1 ? ",integer" : ",text");
        }
        buf_printf(csv, ",q%d,Вопрос номер %d,Question number %d,", i, i, i);
        if (i > 2) {
            buf_printf(csv, "${q%d} != '' or ${q%d} != ''", i - 1, i - 2);
        }
        buf_puts(csv, ",yes\n");
    }
    buf_puts(csv, "choices,,,,\n,list_name,name,label::Русский (ru),"
                  "label::English (en)\n");
    for (int list = 0; list < LISTS; list++) {
        for (int i = 0; i < CHOICES_PER_LIST; i++) {
            buf_printf(csv, ",list%d,c%d,Вариант %d,Choice %d\n", list, i, i,
                       i);
        }
    }
    buf_puts(csv, "settings,,\n,form_id,default_language\n,bench,Русский "
                  "(ru)\n");
    require(buf_status(csv) >= 0, "making the form");
}

static void
make_xlsx(const struct buf *csv, struct buf *out)
{
    char path[] = "/tmp/bench_xlsform_XXXXXX";
    struct workbook wb;
    int fd = mkstemp(path);
    require(fd >= 0, "temporary file");
    (void)close(fd);
    workbook_init(&wb, "bench");
    require(xlsform_read(csv->data, csv->len, XLSFORM_CSV, NULL, &wb) >= 0
                && xlsx_writer_save(&wb, I18N_RU, path, NULL) >= 0
                && file_read(path, out) >= 0,
            "writing the workbook");
    workbook_deinit(&wb);
    (void)unlink(path);
}

static void
measure(const char *what, const struct buf *in, enum xlsform_format format,
        const char *peer)
{
    static struct stat_sample ms;
    struct buf out;
    ms.count = 0;
    buf_init(&out, (size_t)1 << 27);
    for (int i = 0; i < RUNS; i++) {
        buf_clear(&out);
        double start = now_ms();
        require(xlsform_compile(in->data, in->len, format, NULL, NULL, &out)
                    >= 0,
                what);
        stat_add(&ms, now_ms() - start);
    }
    stat_print_row(what, &ms, "ms", peer);
    buf_deinit(&out);
}

int
main(void)
{
    struct buf csv;
    struct buf xlsx;
    struct rusage usage;
    buf_init(&csv, (size_t)1 << 24);
    buf_init(&xlsx, (size_t)1 << 24);
    make_questionnaire(&csv);
    make_xlsx(&csv, &xlsx);
    stat_print_head("Compile 1,000 questions and 10,000 choices");
    measure("compile .xlsx", &xlsx, XLSFORM_XLSX, "goal 150, pyxform 3900");
    measure("compile .csv", &csv, XLSFORM_CSV, "");
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        stat_print_value("peak memory", (double)usage.ru_maxrss / 1024, "MiB",
                         "");
    }
    buf_deinit(&xlsx);
    buf_deinit(&csv);
    return 0;
}
