#ifndef ANKETA_BASE_I18N_H
#define ANKETA_BASE_I18N_H

#include "base/status.h"

/*
 * I18n: interface texts in the reader's language, by GNU gettext.
 *
 * Source texts are English msgids; assets/locale/ru.po holds the Russian. A
 * kiosk changes language with every person and the collector with every
 * request, in threads, so the language is an argument and not the locale of
 * the process: each language is a text domain of its own ("anketa-ru"), looked
 * up under the one locale that every Debian has, C.UTF-8.
 *
 * In code, mark a text by passing it to i18n_text() or i18n_plural() directly,
 * or with N_() where it stands in a table.
 *
 * Threads  i18n_init once, before threads; the rest from any thread.
 */
enum i18n_lang {
    I18N_RU,
    I18N_EN,
    I18N_LANG_COUNT
};

#define N_(msgid) msgid

/* `locale_dir` holds C.UTF-8/LC_MESSAGES/anketa-ru.mo. STATUS_E_NOT_FOUND when
 * it does not: texts then stay English, and the program goes on. */
MUST_CHECK enum status
i18n_init(const char *locale_dir);

/* i18n_init() with the catalogues that belong to the running program: in
 * ../locale (build tree) or ../share/anketa/locale (installed). */
MUST_CHECK enum status
i18n_init_beside_program(void);

/* Static storage; the msgid itself where there is no translation. */
const char *
i18n_text(enum i18n_lang lang, const char *msgid)
    __attribute__((format_arg(2)));

/* The plural form for `n`, by the rules of the language. */
const char *
i18n_plural(enum i18n_lang lang, const char *one, const char *many,
            unsigned long n) __attribute__((format_arg(2), format_arg(3)));

/* "ru", "ru-RU", "ru_RU.UTF-8" and so on; anything else is English. */
enum i18n_lang
i18n_lang_from_tag(const char *tag);

/* "ru" or "en". */
const char *
i18n_tag(enum i18n_lang lang);

#endif
