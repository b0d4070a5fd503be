#ifndef ANKETA_BASE_DIAG_H
#define ANKETA_BASE_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/i18n.h"
#include "base/status.h"

/*
 * Diag: what is wrong with something a person gave us, in her language.
 *
 * Each entry says where (file, sheet, row and column, or a path inside it),
 * what is wrong, and what to do. Parsers add all they find and go on; the
 * caller shows the list (or the first entry) and decides.
 *
 * Sizes    At most DIAG_MAX entries; later ones are only counted.
 * Threads  One at a time.
 */
#define DIAG_MAX 200
#define DIAG_TEXT_MAX_BYTES 1024

enum diag_severity {
    DIAG_ERROR,
    DIAG_WARNING,
};

/* Where something is; any part may be missing (NULL or 0). Rows and columns
 * count from 1, as a spreadsheet shows them. */
struct diag_where {
    const char *file;
    const char *sheet;
    int row;
    int column;
    const char *column_name;
    const char *path; /* inside a form: "/data/group/question" */
};

struct diag_entry {
    enum diag_severity severity;
    int row;
    int column;
    char *file; /* these five are owned and may be NULL */
    char *sheet;
    char *column_name;
    char *path;
    char *text; /* what is wrong and what to do, translated */
};

struct diag {
    enum i18n_lang lang;
    struct diag_entry *entry; /* owned */
    size_t count;
    size_t errors;  /* counted even beyond DIAG_MAX */
    size_t dropped; /* entries beyond DIAG_MAX or out of memory */
};

void
diag_init(struct diag *d, enum i18n_lang lang);

/* Frees the entries; the diag is then empty and usable. */
void
diag_deinit(struct diag *d);

/*
 * Add an entry. `fmt` is an English msgid marked with N_(): the translation
 * for d->lang is formatted. Returns STATUS_E_INVALID for an error and
 * STATUS_OK for a warning, so that `return diag_add(...)` reads well. `d` may
 * be NULL: then nothing is kept.
 */
enum status
diag_add(struct diag *d, enum diag_severity severity,
         const struct diag_where *where, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* The same for a function that passes its own arguments on. */
enum status
diag_add_args(struct diag *d, enum diag_severity severity,
              const struct diag_where *where, const char *fmt, va_list args)
    PRINTF_LIKE(4, 0);

struct buf;

/* Append one entry as a line: "file, sheet «survey», row 3, column C (type):
 * text". */
void
diag_entry_print(const struct diag *d, const struct diag_entry *e,
                 struct buf *out);

/* Append every entry, a line each, and how many were dropped. */
void
diag_print(const struct diag *d, struct buf *out);

#endif
