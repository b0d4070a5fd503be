/* anketa-collector report: the summary of a wave on the command line. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/web/figures.h"
#include "collector/web/monitoring.h"

#define OUT_MAX_BYTES ((size_t)256 * 1024 * 1024)

static void
print_report(const struct report *r)
{
    (void)printf("%s\n%s\n", r->title, r->subtitle);
    if (*r->lead) {
        (void)printf("%s\n", r->lead);
    }
    for (size_t i = 0; i < r->items; i++) {
        const struct report_item *item = &r->item[i];
        (void)printf("\n%s\n  %s\n", item->heading,
                     item->base ? item->base : "");
        if (item->text && *item->text) {
            (void)printf("  %s\n", item->text);
        }
        for (size_t q = 0; q < item->quotes.count; q++) {
            (void)printf("  — %s\n", item->quotes.text[q]);
        }
    }
}

static enum status
report(struct store *s, const struct store_wave *w, bool csv)
{
    int64_t now_ms = clock_wall_ms(clock_system());
    struct catalogue *catalogue = NULL;
    enum status st = catalogue_new(&catalogue);
    if (st == STATUS_OK && csv) {
        struct buf out;
        buf_init(&out, OUT_MAX_BYTES);
        st = figures_csv(s, catalogue, w, command_lang(), now_ms, &out);
        if (st == STATUS_OK
            && fwrite(out.data, 1, out.len, stdout) != out.len) {
            st = STATUS_E_IO;
        }
        buf_deinit(&out);
    } else if (st == STATUS_OK) {
        struct monitoring *m = NULL;
        st = monitoring_open(s, catalogue, w, command_lang(), now_ms, &m);
        if (st == STATUS_OK) {
            print_report(monitoring_report(m));
        }
        monitoring_free(m);
    }
    catalogue_free(catalogue);
    return st;
}

int
command_report(int argc, char **argv)
{
    bool csv = command_flag(&argc, argv, "--csv");
    if (argc != 3) {
        return command_usage(N_("Usage: anketa-collector report FOLDER WAVE "
                                "[--csv]"));
    }
    struct home home;
    struct store *s = NULL;
    struct store_wave w = {0};
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    st = home_store(&home, false, &s);
    if (st == STATUS_OK) {
        st = monitoring_wave(s, argv[2], clock_wall_ms(clock_system()), &w);
    }
    if (st == STATUS_OK) {
        st = report(s, &w, csv);
    }
    store_wave_clear(&w);
    store_close(s);
    home_close(&home);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}
