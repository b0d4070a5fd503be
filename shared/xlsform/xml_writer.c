#include "xlsform/xml_writer.h"

#include <assert.h>
#include <string.h>

#include "base/markup.h"

void
xml_writer_init(struct xml_writer *w, struct buf *out)
{
    *w = (struct xml_writer){.out = out};
    buf_puts(out, "<?xml version=\"1.0\"?>\n");
}

void
xml_writer_escape(struct buf *out, const char *text)
{
    markup_put(out, text, strlen(text), MARKUP_QUOTE);
}

static void
indent(struct xml_writer *w)
{
    static const char blanks[] = "                                ";
    size_t n = w->depth * 2;
    if (w->depth > 0) {
        buf_putc(w->out, '\n');
    }
    buf_put(w->out, blanks, n < sizeof(blanks) ? n : sizeof(blanks) - 1);
}

static void
finish_tag(struct xml_writer *w)
{
    if (w->tag_open) {
        buf_putc(w->out, '>');
        w->tag_open = false;
    }
}

void
xml_writer_open(struct xml_writer *w, const char *name)
{
    assert(w->depth < XML_WRITER_DEPTH_MAX);
    finish_tag(w);
    indent(w);
    buf_putc(w->out, '<');
    buf_puts(w->out, name);
    w->name[w->depth++] = name;
    w->tag_open = true;
    w->attr_count = 0;
    w->inline_text = false;
}

void
xml_writer_attr(struct xml_writer *w, const char *name, const char *value)
{
    assert(w->tag_open);
    bool known = w->attr_count == XML_WRITER_ATTRS_MAX;
    for (size_t i = 0; i < w->attr_count; i++) {
        known = known || strcmp(w->attr[i], name) == 0;
    }
    if (!value || known) {
        return;
    }
    w->attr[w->attr_count++] = name;
    buf_putc(w->out, ' ');
    buf_puts(w->out, name);
    buf_puts(w->out, "=\"");
    xml_writer_escape(w->out, value);
    buf_putc(w->out, '"');
}

void
xml_writer_text(struct xml_writer *w, const char *text)
{
    finish_tag(w);
    w->inline_text = true;
    xml_writer_escape(w->out, text);
}

void
xml_writer_raw(struct xml_writer *w, const char *xml)
{
    finish_tag(w);
    w->inline_text = true;
    buf_puts(w->out, xml);
}

void
xml_writer_close(struct xml_writer *w)
{
    assert(w->depth > 0);
    w->depth--;
    if (w->tag_open) {
        buf_puts(w->out, "/>");
        w->tag_open = false;
    } else {
        if (!w->inline_text) {
            if (w->depth == 0) {
                buf_putc(w->out, '\n');
            }
            indent(w);
        }
        buf_puts(w->out, "</");
        buf_puts(w->out, w->name[w->depth]);
        buf_putc(w->out, '>');
    }
    w->inline_text = false;
    if (w->depth == 0) {
        buf_putc(w->out, '\n');
    }
}

void
xml_writer_leaf(struct xml_writer *w, const char *name, const char *text)
{
    xml_writer_open(w, name);
    if (text && *text) {
        xml_writer_text(w, text);
    }
    xml_writer_close(w);
}
