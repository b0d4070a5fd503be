/* anketa-collector wave: list, open and close the waves of questionnaires. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/ingest/catalogue.h"
#include "collector/web/publish.h"

static int
wave_list(struct store *s, int argc, char **argv)
{
    (void)argc;
    struct store_wave *waves = NULL;
    size_t count = 0;
    enum status st = store_waves(s, &waves, &count);
    for (size_t i = 0; i < count; i++) {
        int64_t came = waves[i].answers + waves[i].waiting;
        (void)printf("%s\t%s\t%s\t%lld\n", waves[i].name,
                     waves[i].closed_ms != 0
                         ? i18n_text(command_lang(), "closed")
                         : i18n_text(command_lang(), "open"),
                     waves[i].form_title, (long long)came);
    }
    store_waves_free(waves, count);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[1]);
}

static int
wave_close(struct store *s, int argc, char **argv)
{
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector wave close FOLDER WAVE"));
    }
    struct store_wave wave = {0};
    int64_t serial = 0;
    int64_t now_ms = clock_wall_ms(clock_system());
    enum status st = store_begin(s);
    if (st == STATUS_OK) {
        st = store_wave(s, argv[2], &wave);
    }
    if (st == STATUS_OK) {
        st = store_wave_close(s, wave.id, now_ms);
    }
    if (st == STATUS_OK) {
        st = store_number_next(s, STORE_SERIAL, &serial);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    store_wave_clear(&wave);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}

/* The newest version of a questionnaire; 0 if there is none. */
static enum status
newest(struct store *s, const char *form_id, int64_t *out)
{
    struct store_form *forms = NULL;
    size_t count = 0;
    *out = 0;
    enum status st = store_forms(s, &forms, &count);
    for (size_t i = 0; i < count && *out == 0; i++) {
        if (strcmp(forms[i].form_id, form_id) == 0) {
            *out = forms[i].id;
        }
    }
    store_forms_free(forms, count);
    return st;
}

static int
wave_open(struct store *s, int argc, char **argv)
{
    struct publish_terms terms = {.kind = -1};
    terms.title = command_option(&argc, argv, "--title");
    terms.live = command_flag(&argc, argv, "--live");
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector wave open FOLDER FORM_ID "
               "[--title WAVE] [--live]"));
    }
    int64_t form = 0;
    struct store_wave wave = {0};
    enum status st = store_begin(s);
    if (st == STATUS_OK) {
        st = newest(s, argv[2], &form);
    }
    if (st == STATUS_OK) {
        struct catalogue_files files;
        catalogue_files_init(&files, s, form);
        st = publish_wave(s, form, &files.env, &terms,
                          clock_wall_ms(clock_system()), &wave);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    if (st == STATUS_OK) {
        (void)printf("%s\n", wave.name);
    }
    store_wave_clear(&wave);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}

int
command_wave(int argc, char **argv)
{
    static const struct command_verb verbs[] = {
        {"list", wave_list},
        {"open", wave_open},
        {"close", wave_close},
    };
    return command_verb(
        verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv,
        N_("Usage: anketa-collector wave list|open|close FOLDER …"));
}
