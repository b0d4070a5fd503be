#ifndef ANKETA_STORE_LIBRARY_H
#define ANKETA_STORE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/record.h"
#include "seal/seal.h"

/*
 * Library: all a kiosk needs to serve, as the collector signed it.
 *
 * The sync daemon checks and swaps in a whole library in one transaction; the
 * kiosk only reads. A session that is under way keeps what it loaded.
 *
 * Threads  A library belongs to the thread that opened it.
 */
struct library;

/* Read-only. STATUS_E_NOT_FOUND: this kiosk has no library so far. */
MUST_CHECK enum status
library_open(const char *path, struct library **out);
void
library_close(struct library *lib);

/* Serial number of the library now in the file; cheap. A change means that the
 * kiosk should reload when nobody is using it. 0: none. */
MUST_CHECK enum status
library_serial(struct library *lib, int64_t *out_serial);

/* The collector's sealing key, and which epoch it belongs to. */
MUST_CHECK enum status
library_seal_key(struct library *lib, struct seal_public *out);

/* One questionnaire open for answering. Strings are owned by the entry. */
struct library_survey {
    char *form_id;
    char *version;
    char *wave;
    enum record_kind kind;
    int k;       /* answers below which nothing is shown */
    int minutes; /* how long it takes; 0 unknown */
};

/* The tag under which the outbox counts the records of a survey's wave. */
void
library_form_tag(const struct library_survey *survey, struct seal_hash *out);

/* The surveys that are open, in the order the coordinator gave them. Free with
 * library_surveys_free(). */
MUST_CHECK enum status
library_surveys(struct library *lib, struct library_survey **out,
                size_t *out_count);
void
library_surveys_free(struct library_survey *surveys, size_t count);

/* All surveys, closed ones included: the daemon's view. */
#define LIBRARY_WAVE_ID_BYTES 64
struct library_wave {
    struct seal_hash form_tag;
    enum record_kind kind;
    int k;
    bool closed;
    char form_id[LIBRARY_WAVE_ID_BYTES]; /* cut if longer */
};
MUST_CHECK enum status
library_waves(struct library *lib, struct library_wave **out,
              size_t *out_count);

/* Append the XForm. */
MUST_CHECK enum status
library_form(struct library *lib, const char *form_id, const char *version,
             struct buf *out);

/* Append an image, a choice list (.csv) or an external instance. */
MUST_CHECK enum status
library_media(struct library *lib, const char *form_id, const char *name,
              struct buf *out);

/* Append a setting ("kiosk.name", "idle.seconds"); STATUS_NONE if unset. */
MUST_CHECK enum status
library_setting(struct library *lib, const char *key, struct buf *out);

/*
 * Is this slip code one of the wave's? STATUS_OK, with the hash that stands for
 * it in record and outbox (outbox_slip_used, outbox_put_slip), or STATUS_NONE.
 */
MUST_CHECK enum status
library_slip(struct library *lib, const struct library_survey *survey,
             const char *code, struct seal_hash *out);

/* Whose personal code is it? Appends the name to greet by ("" if it must not
 * be shown) and "mentor", "mentee" or ""; STATUS_NONE: nobody's. */
MUST_CHECK enum status
library_person(struct library *lib, const char *form_id, const char *code,
               struct buf *out_name, struct buf *out_role);

/* How a personal code is written in the library: hashed with its form. */
void
library_person_hash(const char *form_id, const char *code,
                    struct seal_hash *out);

/*
 * What stands for a personal code where something must be found by it again: in
 * the outbox, whose slots are locked, as the tag of a named record, and in the
 * collector's orders to erase. There are a million codes, so whoever has a tag
 * in clear finds its code; the codes of those erased lead to nobody.
 */
void
library_person_tag(const char *code, struct seal_hash *out);

/* The orders to erase: settings of this name with a number from 0 on, each
 * LIBRARY_ERASED_TAGS tags at most, in lower-case hex one after another. */
#define LIBRARY_ERASED "erased.%u"
#define LIBRARY_ERASED_TAGS 500
#define LIBRARY_ERASED_SETTINGS 40
/* Has the library an order for this tag? STATUS_OK or STATUS_NONE. */
MUST_CHECK enum status
library_erased(struct library *lib, const struct seal_hash *tag);

/* -- installing: the sync daemon -------------------------------------------- */

/* What the daemon must know of the library that is now in the file. */
struct library_head {
    int64_t serial;
    int64_t epoch;
    bool rotates; /* the collector announces its next keys */
    struct seal_sign_public next_sign;
    uint8_t next_tls_pin[32];
};
/* All zero if there is none. */
MUST_CHECK enum status
library_head(struct library *lib, struct library_head *out);

/*
 * Check a bundle (wire/bundle.h) and swap it in, creating the file if need be.
 * STATUS_REPEAT: it is installed already. STATUS_E_AUTH: not signed by
 * `collector`; STATUS_E_STALE: older than what is installed. After a failure
 * the old library is untouched.
 */
MUST_CHECK enum status
library_install(const char *path, const void *bundle, size_t len,
                const struct seal_sign_public *collector);

#endif
