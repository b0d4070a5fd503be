/* anketa-collector slips: codes for a wave, as paper to cut apart. */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/command.h"
#include "collector/command_print.h"
#include "collector/home.h"
#include "collector/report/pdf.h"
#include "collector/web/slips.h"

static enum status
print(void *self, const struct dataset_sink *sink)
{
    return slips_print(self, command_lang(), sink);
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
        st = command_print(o->path, print, &slips);
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
