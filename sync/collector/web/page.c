#include "collector/web/page.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "web/page_css.h"

static const char *
text(const struct page *p, const char *msgid) __attribute__((format_arg(2)));

static const char *
text(const struct page *p, const char *msgid)
{
    return i18n_text(p->lang, msgid);
}

const char *
page_css(size_t *out_len)
{
    *out_len = sizeof(page_css_text) - 1;
    return page_css_text;
}

const char *
page_css_url(void)
{
    /* FNV-1a tells versions apart; it guards nothing. */
    static char url[sizeof(PAGE_CSS_PATH) + 16];
    if (!url[0]) {
        uint32_t hash = UINT32_C(2166136261);
        for (size_t i = 0; i + 1 < sizeof(page_css_text); i++) {
            hash =
                (hash ^ (unsigned char)page_css_text[i]) * UINT32_C(16777619);
        }
        (void)snprintf(url, sizeof(url), PAGE_CSS_PATH "?v=%08x",
                       (unsigned)hash);
    }
    return url;
}

static void
write_head(struct html *h, const struct page *p)
{
    html_open(h, "head");
    html_void(h, "meta");
    html_attr(h, "charset", "utf-8");
    html_void(h, "meta");
    html_attr(h, "name", "viewport");
    html_attr(h, "content", "width=device-width, initial-scale=1");
    html_void(h, "meta");
    html_attr(h, "name", "color-scheme");
    html_attr(h, "content", "light dark");
    html_open(h, "title");
    html_text(h, p->title);
    html_text(h, " — ");
    html_text(h, text(p, "Anketa"));
    html_close(h, "title");
    html_void(h, "link");
    html_attr(h, "rel", "stylesheet");
    html_attr_url(h, "href", page_css_url());
    html_void(h, "link");
    html_attr(h, "rel", "icon");
    html_attr(h, "href", "data:,");
    html_close(h, "head");
}

static void
write_lang_switch(struct html *h, const struct page *p)
{
    enum i18n_lang other = p->lang == I18N_RU ? I18N_EN : I18N_RU;
    char url[512];
    int n = snprintf(url, sizeof(url), "%s%slang=%s", p->path,
                     strchr(p->path, '?') ? "&" : "?", i18n_tag(other));
    html_open(h, "a");
    html_attr(h, "class", "lang");
    html_attr(h, "lang", i18n_tag(other));
    html_attr(h, "hreflang", i18n_tag(other));
    html_attr_url(h, "href", n > 0 && (size_t)n < sizeof(url) ? url : "/");
    html_text(h, other == I18N_RU ? "По-русски" : "In English");
    html_close(h, "a");
}

static void
write_nav(struct html *h, const struct page *p)
{
    html_open(h, "nav");
    html_attr(h, "aria-label", text(p, "Sections"));
    for (size_t i = 0; i < p->link_count; i++) {
        const struct page_link *link = &p->links[i];
        html_open(h, "a");
        html_attr_url(h, "href", link->href);
        if (link->current) {
            html_attr(h, "aria-current", "page");
        }
        html_text(h, link->label);
        html_close(h, "a");
    }
    html_close(h, "nav");
}

/* The language, and the way out. */
static void
write_account(struct html *h, const struct page *p)
{
    html_open(h, "div");
    html_attr(h, "class", "account");
    write_lang_switch(h, p);
    if (p->user) {
        html_open(h, "form");
        html_attr(h, "method", "post");
        html_attr_url(h, "action", "/sign-out");
        page_csrf(h, p);
        html_open(h, "button");
        html_attr(h, "class", "plain");
        html_attr(h, "title", p->user);
        html_text(h, text(p, "Sign out"));
        html_close(h, "button");
        html_close(h, "form");
    }
    html_close(h, "div");
}

void
page_begin(struct html *h, const struct page *p)
{
    html_open(h, "html");
    html_attr(h, "lang", i18n_tag(p->lang));
    write_head(h, p);
    html_open(h, "body");
    html_open(h, "a");
    html_attr(h, "class", "skip");
    html_attr(h, "href", "#content");
    html_text(h, text(p, "Skip to the content"));
    html_close(h, "a");
    html_open(h, "header");
    html_open(h, "div");
    html_open(h, "a");
    html_attr(h, "class", "brand");
    html_attr_url(h, "href", "/");
    html_text(h, text(p, "Anketa"));
    html_close(h, "a");
    if (p->house[0]) {
        html_element(h, "span", "house", p->house);
    }
    html_close(h, "div");
    write_account(h, p);
    if (p->link_count > 0) {
        write_nav(h, p);
    }
    html_close(h, "header");
    html_open(h, "main");
    html_attr(h, "id", "content");
    html_attr(h, "tabindex", "-1");
    html_element(h, "h1", NULL, p->title);
}

void
page_end(struct html *h, const struct page *p)
{
    html_close_to(h, 2); /* html, body */
    html_open(h, "footer");
    html_text(h, text(p, "Small groups stay closed: nothing is shown below "
                         "the threshold that was announced before the first "
                         "answer."));
    html_close(h, "footer");
    html_finish(h);
}

void
page_csrf(struct html *h, const struct page *p)
{
    if (p->csrf) {
        html_void(h, "input");
        html_attr(h, "type", "hidden");
        html_attr(h, "name", "csrf");
        html_attr(h, "value", p->csrf);
    }
}

char *
page_number(enum i18n_lang lang, double value, int digits,
            char out[PAGE_NUMBER_MAX])
{
    static const char narrow_nbsp[] = "\xE2\x80\xAF";
    char plain[352]; /* the longest double has 309 digits before its point */
    int kept = digits < 0 ? 0 : digits > 9 ? 9 : digits;
    int n = snprintf(plain, sizeof(plain), "%.*f", kept, value);
    if (n < 0 || n > 30) {
        (void)snprintf(out, PAGE_NUMBER_MAX, "%g", value);
        return out;
    }
    const char *at = plain;
    size_t len = 0;
    if (*at == '-') {
        memcpy(out, "\xE2\x88\x92", 3); /* a minus, not a hyphen */
        len = 3;
        at++;
    }
    size_t whole = strcspn(at, ".");
    for (size_t i = 0; at[i]; i++) {
        bool group = i > 0 && i < whole && (whole - i) % 3 == 0;
        /* Four digits need no separator in Russian. */
        if (group && (lang == I18N_EN || whole > 4)) {
            const char *mark = lang == I18N_RU ? narrow_nbsp : ",";
            size_t mark_len = strlen(mark);
            if (len + mark_len + 2 > PAGE_NUMBER_MAX) {
                break;
            }
            memcpy(out + len, mark, mark_len);
            len += mark_len;
        }
        if (len + 2 > PAGE_NUMBER_MAX) {
            break;
        }
        bool comma = at[i] == '.' && lang == I18N_RU;
        out[len++] = at[i];
        if (comma) {
            out[len - 1] = ',';
        }
    }
    out[len] = '\0';
    return out;
}
