#ifndef ANKETA_WEB_PAGE_H
#define ANKETA_WEB_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/i18n.h"
#include "collector/web/html.h"

/*
 * Page: what every page of the desk has around its content: head, skip link,
 * name of the house, navigation, language switch, footer.
 *
 * Nothing is loaded from elsewhere and no script is needed; the one style
 * sheet is served as PAGE_CSS_PATH with the hash of its content in the query,
 * so that browsers may keep it for good.
 */
#define PAGE_CSS_PATH "/style.css"
#define PAGE_CSP                                                   \
    "default-src 'none'; style-src 'self'; img-src 'self' data:; " \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

struct page_link {
    const char *href;
    const char *label; /* translated */
    bool current;
};

struct page {
    enum i18n_lang lang;
    const char *title; /* of this page */
    const char *house; /* name of the school; "" if none is set */
    const char *path;  /* of this page, for the language switch */
    const struct page_link *links;
    size_t link_count;
    /* Signed in: who, and the token her forms must carry. NULL if nobody. */
    const char *user;
    const char *csrf;
};

/* Everything up to and including <main> and its <h1>. */
void
page_begin(struct html *h, const struct page *p);

/* From </main> on; closes the document. */
void
page_end(struct html *h, const struct page *p);

/* <input type="hidden"> with the session's token, inside a form. */
void
page_csrf(struct html *h, const struct page *p);

/* The style sheet; static storage. */
const char *
page_css(size_t *out_len);
/* "/style.css?v=..." */
const char *
page_css_url(void);

/* "1 234,5" or "1,234.5", with a narrow no-break space in Russian. `digits`
 * after the point are shown always. Returns `out`. */
#define PAGE_NUMBER_MAX 48
char *
page_number(enum i18n_lang lang, double value, int digits,
            char out[PAGE_NUMBER_MAX]);

#endif
