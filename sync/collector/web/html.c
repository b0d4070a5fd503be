#include "collector/web/html.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/markup.h"

#define FORMATTED_MAX_BYTES 2048

void
html_init(struct html *h, struct buf *out)
{
    *h = (struct html){.out = out};
    buf_puts(out, "<!DOCTYPE html>\n");
}

static void
end_tag(struct html *h)
{
    if (h->in_tag) {
        buf_putc(h->out, '>');
        h->in_tag = false;
    }
}

static void
put_escaped(struct buf *out, const char *text, size_t len)
{
    markup_put(out, text, len, MARKUP_QUOTE | MARKUP_APOSTROPHE);
}

void
html_open(struct html *h, const char *element)
{
    assert(h->depth < HTML_DEPTH_MAX);
    end_tag(h);
    buf_putc(h->out, '<');
    buf_puts(h->out, element);
    h->open[h->depth++] = element;
    h->in_tag = true;
}

void
html_void(struct html *h, const char *element)
{
    end_tag(h);
    buf_putc(h->out, '<');
    buf_puts(h->out, element);
    h->in_tag = true;
}

void
html_attr(struct html *h, const char *name, const char *value)
{
    assert(h->in_tag);
    buf_putc(h->out, ' ');
    buf_puts(h->out, name);
    buf_puts(h->out, "=\"");
    put_escaped(h->out, value, strlen(value));
    buf_putc(h->out, '"');
}

void
html_attr_int(struct html *h, const char *name, long value)
{
    assert(h->in_tag);
    buf_printf(h->out, " %s=\"%ld\"", name, value);
}

void
html_attr_flag(struct html *h, const char *name, bool on)
{
    assert(h->in_tag);
    if (on) {
        buf_putc(h->out, ' ');
        buf_puts(h->out, name);
    }
}

/* A path on this server or https: a second slash (also as a backslash, which
 * browsers take for one) would name another host. */
static bool
url_allowed(const char *url)
{
    if (url[0] == '/') {
        return url[1] != '/' && url[1] != '\\';
    }
    return url[0] == '#' || url[0] == '?' || strncmp(url, "https://", 8) == 0;
}

void
html_attr_url(struct html *h, const char *name, const char *url)
{
    html_attr(h, name, url_allowed(url) ? url : "#");
}

void
html_text_len(struct html *h, const char *text, size_t len)
{
    end_tag(h);
    put_escaped(h->out, text, len);
}

void
html_text(struct html *h, const char *text)
{
    html_text_len(h, text, strlen(text));
}

void
html_textf(struct html *h, const char *fmt, ...)
{
    char text[FORMATTED_MAX_BYTES];
    va_list ap;
    va_start(ap, fmt);
    int len = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (len > 0) {
        html_text(h, text);
    }
}

void
html_close_to(struct html *h, size_t depth)
{
    assert(depth <= h->depth);
    end_tag(h);
    while (h->depth > depth) {
        buf_puts(h->out, "</");
        buf_puts(h->out, h->open[--h->depth]);
        buf_putc(h->out, '>');
    }
}

void
html_close(struct html *h, const char *element)
{
    assert(h->depth > 0 && strcmp(h->open[h->depth - 1], element) == 0);
    (void)element; /* only the assertion reads it */
    html_close_to(h, h->depth - 1);
}

void
html_element(struct html *h, const char *element, const char *class_name,
             const char *text)
{
    html_open(h, element);
    if (class_name) {
        html_attr(h, "class", class_name);
    }
    html_text(h, text);
    html_close(h, element);
}

struct buf *
html_raw(struct html *h)
{
    end_tag(h);
    return h->out;
}

void
html_finish(struct html *h)
{
    html_close_to(h, 0);
    buf_putc(h->out, '\n');
}
