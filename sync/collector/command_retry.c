/* anketa-collector retry: take in what was put aside, now that a questionnaire,
 * a wave or a person is there that was missing. */
#include <stdio.h>

#include "collector/command.h"
#include "collector/home.h"
#include "collector/ingest/codes.h"
#include "collector/ingest/ingest.h"

static enum status
retry(const struct home *home, struct store *writer, struct store *reader,
      size_t *out_taken)
{
    struct ingest in = {.keys = &home->keys, .epoch = home->identity.epoch};
    enum status st = catalogue_new(&in.catalogue);
    if (st == STATUS_OK) {
        st = codes_open(in.keys, writer, in.catalogue);
    }
    if (st == STATUS_OK) {
        st = ingest_retry(&in, reader, writer, out_taken);
    }
    catalogue_free(in.catalogue);
    return st;
}

int
command_retry(int argc, char **argv)
{
    if (argc != 2) {
        return command_usage(N_("Usage: anketa-collector retry FOLDER"));
    }
    struct home home;
    struct store *writer = NULL;
    struct store *reader = NULL;
    size_t taken = 0;
    int64_t left = 0;
    int code = command_home(argv[1], &home);
    if (code != COMMAND_OK) {
        return code;
    }
    enum status st = home_store(&home, false, &writer);
    if (st == STATUS_OK) {
        st = home_store(&home, true, &reader);
    }
    if (st == STATUS_OK) {
        st = retry(&home, writer, reader, &taken);
    }
    if (st == STATUS_OK) {
        st = store_quarantine_count(reader, &left);
    }
    store_close(reader);
    store_close(writer);
    home_close(&home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    (void)printf(
        i18n_text(command_lang(), "taken in: %zu, still aside: %lld\n"), taken,
        (long long)left);
    return COMMAND_OK;
}
