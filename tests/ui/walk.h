#ifndef ANKETA_TESTS_UI_WALK_H
#define ANKETA_TESTS_UI_WALK_H

#include "app/core.h"
#include "app/source.h"
#include "harness/harness.h"

/*
 * Walk: every page of a kiosk, one after another, through all questionnaires:
 * attract, catalogue, consent, codes, each part of each question, empty and
 * answered, the keyboard, what is said of a missing answer, the check, thanks,
 * and the dialogs.
 */
struct walk_settings {
    struct core_panel panel;
    enum metrics_size size;
    enum theme_id theme;
    enum i18n_lang lang;
    struct text_measure measure;
    const struct reading_voice *voice; /* reads every page; may be NULL */
};

/* `page` names what is on the screen: "interim_mentee usefulness answered". */
typedef void
walk_visit(void *self, const char *page, struct core *core);

/* `source` is an opened sample library (sample_library.h); nothing is sent to
 * its outbox. False if the walk got stuck, told on standard error. */
bool
walk(struct source *source, const struct walk_settings *settings,
     walk_visit *visit, void *self);

/* The questionnaires to walk through, as paths below the source tree. */
#define WALK_FORMS 13
extern const char *const walk_forms[WALK_FORMS];

#endif
