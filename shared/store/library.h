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

/* The surveys that are open, in the order the coordinator gave them. Free with
 * library_surveys_free(). */
MUST_CHECK enum status
library_surveys(struct library *lib, struct library_survey **out,
                size_t *out_count);
void
library_surveys_free(struct library_survey *surveys, size_t count);

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

#endif
