#ifndef ANKETA_XLSFORM_XML_WRITER_H
#define ANKETA_XLSFORM_XML_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Xml writer: well-formed XML into a buf, indented, with every text escaped.
 *
 * Names must be valid and live until the element is closed. Elements that hold
 * text are written without indentation, so that no blank gets into the text.
 * Failures stick in the buf.
 */
#define XML_WRITER_DEPTH_MAX 128
#define XML_WRITER_ATTRS_MAX 64

struct xml_writer {
    struct buf *out; /* borrowed */
    const char *name[XML_WRITER_DEPTH_MAX];
    size_t depth;
    const char *attr[XML_WRITER_ATTRS_MAX]; /* of the open tag */
    size_t attr_count;
    bool tag_open; /* attributes may follow */
    bool inline_text;
};

void
xml_writer_init(struct xml_writer *w, struct buf *out);

void
xml_writer_open(struct xml_writer *w, const char *name);

/* `value` NULL writes nothing; so does a name that the tag has already, or one
 * beyond XML_WRITER_ATTRS_MAX. */
void
xml_writer_attr(struct xml_writer *w, const char *name, const char *value);

void
xml_writer_text(struct xml_writer *w, const char *text);

/* Markup that is well-formed already. */
void
xml_writer_raw(struct xml_writer *w, const char *xml);

void
xml_writer_close(struct xml_writer *w);

/* Open, text, close; an empty element for NULL or "". */
void
xml_writer_leaf(struct xml_writer *w, const char *name, const char *text);

/* Text escaped for content and for attributes in double quotes. */
void
xml_writer_escape(struct buf *out, const char *text);

#endif
