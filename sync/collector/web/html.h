#ifndef ANKETA_WEB_HTML_H
#define ANKETA_WEB_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * HTML: a writer that escapes by default and closes what it opened.
 *
 *     html_open(h, "p");
 *     html_attr(h, "class", "lead");
 *     html_text(h, anything_a_person_wrote);
 *     html_close(h, "p");
 *
 * Element and attribute names are literals of the program; text and attribute
 * values may come from anywhere. Closing another element than the innermost
 * open one is a programmer's mistake and ends in an assertion.
 *
 * Sizes    HTML_DEPTH_MAX open elements.
 * Errors   Stay in the buf: write the page, then ask buf_status() once.
 */
#define HTML_DEPTH_MAX 48

struct html {
    struct buf *out; /* borrowed */
    const char *open[HTML_DEPTH_MAX];
    size_t depth;
    bool in_tag; /* attributes may still be added */
};

/* Starts with the document type. */
void
html_init(struct html *h, struct buf *out);

void
html_open(struct html *h, const char *element);

/* An element without content: <input>, <meta>, <link>, <br>, <img>. */
void
html_void(struct html *h, const char *element);

/* Only directly after html_open(), html_void() or another attribute. */
void
html_attr(struct html *h, const char *name, const char *value);
void
html_attr_int(struct html *h, const char *name, long value);
/* An attribute without a value ("required"), if `on`. */
void
html_attr_flag(struct html *h, const char *name, bool on);
/* For href, src and action: anything but a path, a fragment or https is left
 * out, so no text can become a script. */
void
html_attr_url(struct html *h, const char *name, const char *url);

void
html_text(struct html *h, const char *text);
void
html_text_len(struct html *h, const char *text, size_t len);
void
html_textf(struct html *h, const char *fmt, ...) PRINTF_LIKE(2, 3);

void
html_close(struct html *h, const char *element);

/* Closes down to `depth`, as kept from h->depth. */
void
html_close_to(struct html *h, size_t depth);

/* <element class="...">text</element>; class_name may be NULL. */
void
html_element(struct html *h, const char *element, const char *class_name,
             const char *text);

/* The buf, for a writer that escapes by itself (report/svg.h). Whatever is
 * appended there is not escaped again. */
struct buf *
html_raw(struct html *h);

/* Closes everything. */
void
html_finish(struct html *h);

#endif
