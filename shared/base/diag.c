#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/utf8.h"

void
diag_init(struct diag *d, enum i18n_lang lang)
{
    *d = (struct diag){.lang = lang};
}

static void
entry_free(struct diag_entry *e)
{
    free(e->file);
    free(e->sheet);
    free(e->column_name);
    free(e->path);
    free(e->text);
}

void
diag_deinit(struct diag *d)
{
    for (size_t i = 0; i < d->count; i++) {
        entry_free(&d->entry[i]);
    }
    free(d->entry);
    diag_init(d, d->lang);
}

static bool
copy_text(char **out, const char *text)
{
    *out = text ? strdup(text) : NULL;
    return !text || *out;
}

static bool
entry_fill(struct diag_entry *e, const struct diag_where *where,
           const char *text)
{
    static const struct diag_where nowhere = {0};
    const struct diag_where *w = where ? where : &nowhere;
    e->row = w->row;
    e->column = w->column;
    bool copied = copy_text(&e->file, w->file);
    copied = copy_text(&e->sheet, w->sheet) && copied;
    copied = copy_text(&e->column_name, w->column_name) && copied;
    copied = copy_text(&e->path, w->path) && copied;
    return copy_text(&e->text, text) && copied;
}

static bool
grow(struct diag *d)
{
    /* Powers of two, so no capacity need be kept. */
    if ((d->count & (d->count - 1)) != 0 && d->count != 0) {
        return true;
    }
    size_t cap = d->count == 0 ? 1 : d->count * 2;
    struct diag_entry *more = realloc(d->entry, cap * sizeof(*more));
    if (!more) {
        return false;
    }
    d->entry = more;
    return true;
}

/* Drop what is left of a character cut by "%.200s" or by the room's end. */
static void
drop_broken_characters(char *text)
{
    size_t len = strlen(text);
    size_t kept = 0;
    for (size_t at = 0; at < len;) {
        uint32_t cp = 0;
        size_t n = utf8_decode(text + at, len - at, &cp);
        if (cp != UTF8_REPLACEMENT || n > 1) {
            memmove(text + kept, text + at, n);
            kept += n;
        }
        at += n;
    }
    text[kept] = '\0';
}

enum status
diag_add_args(struct diag *d, enum diag_severity severity,
              const struct diag_where *where, const char *fmt, va_list args)
{
    enum status result = severity == DIAG_ERROR ? STATUS_E_INVALID : STATUS_OK;
    if (!d) {
        return result;
    }
    d->errors += severity == DIAG_ERROR;
    if (d->count == DIAG_MAX || !grow(d)) {
        d->dropped++;
        return result;
    }
    char text[DIAG_TEXT_MAX_BYTES];
    int n = vsnprintf(text, sizeof(text), i18n_text(d->lang, fmt), args);
    struct diag_entry e = {.severity = severity};
    if (n >= 0) {
        drop_broken_characters(text);
    }
    if (n < 0 || !entry_fill(&e, where, text)) {
        entry_free(&e);
        d->dropped++;
        return result;
    }
    d->entry[d->count++] = e;
    return result;
}

enum status
diag_add(struct diag *d, enum diag_severity severity,
         const struct diag_where *where, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    enum status st = diag_add_args(d, severity, where, fmt, args);
    va_end(args);
    return st;
}

/* Spreadsheet letters of a column: 1 -> A, 27 -> AA. */
static void
column_letters(int column, char out[8])
{
    char reversed[8];
    size_t n = 0;
    for (int c = column; c > 0 && n < sizeof(reversed) - 1; c = (c - 1) / 26) {
        reversed[n++] = (char)('A' + (c - 1) % 26);
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = reversed[n - 1 - i];
    }
    out[n] = '\0';
}

void
diag_entry_print(const struct diag *d, const struct diag_entry *e,
                 struct buf *out)
{
    size_t start = out->len;
    if (e->file) {
        buf_puts(out, e->file);
    }
    if (e->sheet) {
        buf_puts(out, out->len > start ? ", " : "");
        buf_printf(out, i18n_text(d->lang, N_("sheet “%s”")), e->sheet);
    }
    if (e->row > 0) {
        buf_puts(out, out->len > start ? ", " : "");
        buf_printf(out, i18n_text(d->lang, N_("row %d")), e->row);
    }
    if (e->column > 0) {
        char letters[8];
        column_letters(e->column, letters);
        buf_puts(out, out->len > start ? ", " : "");
        buf_printf(out, i18n_text(d->lang, N_("column %s")), letters);
    }
    if (e->column_name) {
        buf_printf(out, out->len > start ? " (%s)" : "%s", e->column_name);
    }
    if (e->path) {
        buf_printf(out, out->len > start ? ", %s" : "%s", e->path);
    }
    buf_puts(out, out->len > start ? ": " : "");
    if (e->severity == DIAG_WARNING) {
        buf_puts(out, i18n_text(d->lang, N_("warning: ")));
    }
    buf_puts(out, e->text);
}

void
diag_print(const struct diag *d, struct buf *out)
{
    for (size_t i = 0; i < d->count; i++) {
        diag_entry_print(d, &d->entry[i], out);
        buf_putc(out, '\n');
    }
    if (d->dropped > 0) {
        buf_printf(out,
                   i18n_plural(d->lang, "and %zu more\n", "and %zu more\n",
                               d->dropped),
                   d->dropped);
    }
}
