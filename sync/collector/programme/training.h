#ifndef ANKETA_PROGRAMME_TRAINING_H
#define ANKETA_PROGRAMME_TRAINING_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/i18n.h"

/*
 * Training: the form by which people sign at the kiosk that they took part in a
 * session, and that they read its materials.
 *
 * Pure functions.
 */
enum training_kind {
    TRAINING_OPENING, /* «установочная сессия» */
    TRAINING_CONSULTATION,
    TRAINING_EXCHANGE, /* mentors among themselves */
    TRAINING_KIND_COUNT
};

/* Untranslated; "" for what is none. */
const char *
training_kind(int kind);

#define TRAINING_NAME_BYTES 40

/* "training_12": the id of the form of a session. */
void
training_form_id(int64_t session, char out[TRAINING_NAME_BYTES]);
/* "material-1.md": where the form looks for a material's text. */
void
training_material_file(int64_t number, char out[TRAINING_NAME_BYTES]);

struct training_sheet {
    int64_t session;
    const char *title;
    /* Day, time and place, as people read them. */
    const char *when[I18N_LANG_COUNT];
    const int64_t *number;       /* of each material */
    const char *const *material; /* its title */
    size_t materials;
};

/* Append the form as a spreadsheet (.csv). */
void
training_form(const struct training_sheet *sheet, struct buf *out);

#endif
