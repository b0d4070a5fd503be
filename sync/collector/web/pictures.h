#ifndef ANKETA_COLLECTOR_WEB_PICTURES_H
#define ANKETA_COLLECTOR_WEB_PICTURES_H

#include "base/buf.h"
#include "base/i18n.h"
#include "base/status.h"
#include "collector/store/store.h"
#include "collector/web/desk.h"

/*
 * Pictures: a questionnaire as the kiosk will show it, page by page.
 *
 * The kiosk's own screens draw them: the program anketa-preview, which stands
 * beside this one where a kiosk is installed too. The collector itself draws
 * nothing. What it wrote is kept in the folder preview/ of the collector, by
 * form (which never changes), language and build of the program, the
 * PICTURES_SETS_MAX latest of them; the folder may be removed at any time and
 * is in no backup.
 *
 * Threads  Any; one questionnaire is drawn at a time.
 */
#define PICTURES_MAX 300
#define PICTURES_SETS_MAX 40
#define PICTURES_SECONDS_MAX 20
#define PICTURES_FILE_MAX_BYTES ((size_t)4 * 1024 * 1024)

enum pictures_place {
    PICTURES_CONSENT,
    PICTURES_CODE,
    PICTURES_QUESTION,
    PICTURES_REVIEW,
    PICTURES_THANKS,
    PICTURES_PLACE_COUNT
};

struct picture {
    int number; /* for pictures_read() */
    enum pictures_place place;
    long field; /* of the page's first question; -1: none */
    int part;   /* of a page too tall for one picture, from 0 */
};

struct pictures {
    struct picture item[PICTURES_MAX]; /* in the order of the form */
    size_t count;
};

/* Draws them if they are not there. STATUS_E_UNSUPPORTED: no program to draw
 * with; STATUS_E_INVALID: it could not draw this questionnaire; STATUS_NONE: no
 * such form. */
MUST_CHECK enum status
pictures_take(struct desk *d, struct store *reader, int64_t form,
              enum i18n_lang lang, struct pictures *out);

/* Files of the form have come: it is drawn anew when next asked for. */
void
pictures_forget(struct desk *d, int64_t form);

/* Append the PNG. STATUS_NONE: not drawn. */
MUST_CHECK enum status
pictures_read(struct desk *d, int64_t form, enum i18n_lang lang, int number,
              struct buf *out);

#endif
