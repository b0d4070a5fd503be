#include "collector/web/feedback.h"

#include <string.h>

#include "base/log.h"
#include "collector/ingest/catalogue.h"
#include "collector/web/publish.h"
#include "collector/web/survey_meeting_closing.h"
#include "collector/web/survey_meeting_first.h"
#include "collector/web/survey_meeting_planning.h"
#include "collector/web/survey_meeting_regular.h"
#include "collector/web/survey_meeting_trial.h"
#include "collector/web/survey_training_session.h"
#include "xlsform/xlsform.h"

static const struct {
    const char *form_id;
    const char *sheet;
} standard[] = {
    {"meeting_first", survey_meeting_first},
    {"meeting_trial", survey_meeting_trial},
    {"meeting_planning", survey_meeting_planning},
    {"meeting_regular", survey_meeting_regular},
    {"meeting_closing", survey_meeting_closing},
    {FEEDBACK_SESSION, survey_training_session},
};

/* --- the questionnaire ---------------------------------------------------- */

static enum status
add_standard(struct store *w, const char *sheet, int64_t now_ms,
             int64_t *out_form)
{
    struct diag d;
    struct buf xform;
    diag_init(&d, I18N_EN);
    buf_init(&xform, FORM_XML_MAX_BYTES);
    enum status st =
        xlsform_compile(sheet, strlen(sheet), XLSFORM_CSV, NULL, &d, &xform);
    if (st == STATUS_OK) {
        st = publish_form(w, &xform, NULL, now_ms, &d, out_form);
    }
    for (size_t i = 0; i < d.count && st < 0; i++) {
        log_error("feedback", "%s", d.entry[i].text);
    }
    buf_deinit(&xform);
    diag_deinit(&d);
    return st;
}

static enum status
find_form(struct store *w, const char *form_id, int64_t now_ms,
          int64_t *out_form)
{
    struct store_form *forms = NULL;
    size_t count = 0;
    *out_form = 0;
    enum status st = store_forms(w, &forms, &count);
    for (size_t i = 0; i < count && *out_form == 0; i++) {
        if (strcmp(forms[i].form_id, form_id) == 0) {
            *out_form = forms[i].id; /* the newest comes first */
        }
    }
    store_forms_free(forms, count);
    if (st < 0 || *out_form != 0) {
        return st;
    }
    for (size_t i = 0; i < sizeof(standard) / sizeof(standard[0]); i++) {
        if (strcmp(standard[i].form_id, form_id) == 0) {
            return add_standard(w, standard[i].sheet, now_ms, out_form);
        }
    }
    return STATUS_E_NOT_FOUND;
}

/* --- its wave ------------------------------------------------------------- */

const struct store_wave *
feedback_open(const struct store_wave *waves, size_t count, const char *form_id)
{
    for (size_t i = 0; i < count; i++) {
        if (waves[i].closed_ms == 0 && strcmp(waves[i].form_id, form_id) == 0) {
            return &waves[i];
        }
    }
    return NULL;
}

static enum status
open_wave(struct store *w, const char *form_id, int people, int64_t now_ms)
{
    int64_t form = 0;
    struct store_wave wave = {0};
    struct catalogue_files files;
    const struct publish_terms terms = {.kind = RECORD_ANONYMOUS,
                                        .invited = people};
    enum status st = find_form(w, form_id, now_ms, &form);
    if (st == STATUS_OK) {
        catalogue_files_init(&files, w, form);
        st = publish_wave(w, form, &files.env, &terms, now_ms, &wave);
    }
    store_wave_clear(&wave);
    return st;
}

enum status
feedback_ask(struct store *w, const char *form_id, int people, bool afresh,
             int64_t now_ms, bool *out_opened)
{
    struct store_wave *waves = NULL;
    size_t count = 0;
    *out_opened = false;
    enum status st = store_waves(w, &waves, &count);
    const struct store_wave *open = feedback_open(waves, count, form_id);
    if (st == STATUS_OK && open && afresh
        && open->answers + open->waiting >= open->k) {
        st = store_wave_close(w, open->id, now_ms);
        open = NULL;
    }
    if (st == STATUS_OK && open) {
        st = store_wave_invite(w, open->id, people);
    } else if (st == STATUS_OK) {
        st = open_wave(w, form_id, people, now_ms);
        *out_opened = st == STATUS_OK;
    }
    store_waves_free(waves, count);
    return st;
}
