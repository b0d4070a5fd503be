#include "base/i18n.h"

#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

#define DOMAIN_RU "anketa-ru"
#define CATALOGUE "/C.UTF-8/LC_MESSAGES/" DOMAIN_RU ".mo"
#define PATH_MAX_BYTES 4096

enum status
i18n_init(const char *locale_dir)
{
    /* With LANGUAGE set, gettext would look beside our one folder. These three
     * are why i18n_init is called before there are threads. */
    /* NOLINTBEGIN(concurrency-mt-unsafe) */
    bool ready = setlocale(LC_ALL, "C.UTF-8") && unsetenv("LANGUAGE") == 0
                 && setlocale(LC_NUMERIC, "C");
    /* NOLINTEND(concurrency-mt-unsafe) */
    if (!ready) {
        log_error("i18n", "the C.UTF-8 locale is missing");
        return STATUS_E_NOT_FOUND;
    }
    char path[PATH_MAX_BYTES];
    int n = snprintf(path, sizeof(path), "%s%s", locale_dir, CATALOGUE);
    if (n < 0 || (size_t)n >= sizeof(path) || access(path, R_OK) != 0) {
        log_warn("i18n", "%s%s: no Russian texts", locale_dir, CATALOGUE);
        return STATUS_E_NOT_FOUND;
    }
    if (!bindtextdomain(DOMAIN_RU, locale_dir)
        || !bind_textdomain_codeset(DOMAIN_RU, "UTF-8")) {
        return log_oom("i18n");
    }
    return STATUS_OK;
}

enum status
i18n_init_beside_program(void)
{
    static const char *const places[] = {"../locale", "../share/anketa/locale"};
    char dir[PATH_MAX_BYTES];
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        enum status st = file_beside_program(places[i], dir, sizeof(dir));
        if (st < 0) {
            return st;
        }
        if (file_exists(dir)) {
            break;
        }
    }
    return i18n_init(dir);
}

const char *
i18n_text(enum i18n_lang lang, const char *msgid)
{
    return lang == I18N_RU ? dgettext(DOMAIN_RU, msgid) : msgid;
}

const char *
i18n_plural(enum i18n_lang lang, const char *one, const char *many,
            unsigned long n)
{
    if (lang == I18N_RU) {
        return dngettext(DOMAIN_RU, one, many, n);
    }
    return n == 1 ? one : many;
}

enum i18n_lang
i18n_lang_from_tag(const char *tag)
{
    bool ru = tag && strncmp(tag, "ru", 2) == 0
              && (tag[2] == '\0' || strchr("-_.@,; ", tag[2]));
    return ru ? I18N_RU : I18N_EN;
}

const char *
i18n_tag(enum i18n_lang lang)
{
    return lang == I18N_RU ? "ru" : "en";
}
