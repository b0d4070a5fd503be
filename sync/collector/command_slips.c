/* anketa-collector slips: codes for a wave, as paper to cut apart. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/report/pdf.h"
#include "collector/web/slips.h"

#define PDF_MODE 0600

static enum status
write_all(void *self, const void *data, size_t len)
{
    const int *fd = self;
    const char *at = data;
    while (len > 0) {
        ssize_t n = write(*fd, at, len);
        if (n < 0) {
            return log_errno("slips", "write");
        }
        at += n;
        len -= (size_t)n;
    }
    return STATUS_OK;
}

/* Straight into its place, without a second copy under another name. */
static enum status
print(const struct slips *slips, const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, PDF_MODE);
    if (fd < 0) {
        return errno == EEXIST ? STATUS_E_CONFLICT : log_errno("slips", path);
    }
    const struct dataset_sink sink = {write_all, &fd};
    enum status st = slips_print(slips, command_lang(), &sink);
    if (st == STATUS_OK && fsync(fd) != 0) {
        st = log_errno("slips", path);
    }
    if (close(fd) != 0 && st == STATUS_OK) {
        st = log_errno("slips", path);
    }
    if (st < 0 && unlink(path) != 0) {
        log_warn("slips", "%s: left behind", path);
    }
    return st;
}

struct order {
    const char *wave;
    size_t count;
    const char *path;
};

/* The paper first: codes that nobody holds would only count as unused. */
static enum status
issue(struct store *s, const struct order *o, int64_t *out_issued)
{
    struct slips slips = {0};
    struct store_wave wave = {0};
    int64_t now_ms = clock_wall_ms(clock_system());
    int64_t used = 0;
    enum status st = store_begin(s);
    if (st == STATUS_OK) {
        st = store_wave(s, o->wave, &wave);
    }
    if (st == STATUS_OK) {
        st = slips_issue(s, o->wave, o->count, now_ms, &slips);
    }
    if (st == STATUS_OK) {
        st = store_slips_count(s, wave.id, out_issued, &used);
    }
    if (st == STATUS_OK) {
        st = store_audit_add(s, now_ms, "", "slips", o->wave);
    }
    if (st == STATUS_OK) {
        st = print(&slips, o->path);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
        if (st < 0 && unlink(o->path) != 0) {
            log_warn("slips", "%s: these slips are worth nothing", o->path);
        }
    }
    store_rollback(s);
    store_wave_clear(&wave);
    slips_clear(&slips);
    return st;
}

static int
explain(enum status st, const struct order *o)
{
    if (st == STATUS_E_INVALID) {
        return command_fail(N_("%s: this wave is not answered by slips; its "
                               "questionnaire must say anketa_kind: slip"),
                            o->wave);
    }
    if (st == STATUS_E_STALE) {
        return command_fail(N_("%s: the wave is closed"), o->wave);
    }
    if (st == STATUS_E_LIMIT) {
        return command_fail(N_("%s: from 1 to %d slips in all"), o->wave,
                            BUNDLE_MAX_SLIPS);
    }
    return command_fail_status(st, st == STATUS_E_CONFLICT ? o->path : o->wave);
}

int
command_slips(int argc, char **argv)
{
    long count = 0;
    if (argc != 5) {
        return command_usage(
            N_("Usage: anketa-collector slips FOLDER WAVE NUMBER OUT.pdf"));
    }
    if (!command_number("NUMBER", argv[3], BUNDLE_MAX_SLIPS, 0, &count)) {
        return COMMAND_USAGE;
    }
    const struct order o = {argv[2], (size_t)count, argv[4]};
    struct home home;
    struct store *s = NULL;
    int64_t issued = 0;
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    st = home_store(&home, false, &s);
    if (st == STATUS_OK) {
        st = issue(s, &o, &issued);
    }
    store_close(s);
    home_close(&home);
    pdf_shutdown();
    if (st != STATUS_OK) {
        return explain(st, &o);
    }
    (void)printf(i18n_text(command_lang(), "%s: %ld slips; %lld of this wave "
                                           "in all\n"),
                 o.path, count, (long long)issued);
    return COMMAND_OK;
}
