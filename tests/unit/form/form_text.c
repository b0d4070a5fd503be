#include "form_text.h"

enum status
form_text_load(const char *data, const char *model, const char *body,
               struct diag *d, struct form **out)
{
    struct buf xml;
    buf_init(&xml, FORM_XML_MAX_BYTES);
    buf_printf(&xml,
               "<h:html xmlns=\"http://www.w3.org/2002/xforms\" "
               "xmlns:h=\"http://www.w3.org/1999/xhtml\" "
               "xmlns:jr=\"http://openrosa.org/javarosa\" "
               "xmlns:odk=\"http://www.opendatakit.org/xforms\">"
               "<h:head><h:title>Test</h:title><model>"
               "<instance><data id=\"test\" version=\"7\">%s</data></instance>"
               "%s</model></h:head><h:body>%s</h:body></h:html>",
               data, model, body);
    enum status st = form_load(xml.data, xml.len, NULL, d, out);
    buf_deinit(&xml);
    return st;
}

enum status
form_text_set(struct filling *f, const char *path, const char *value)
{
    struct filling_node *node = filling_find(f, path);
    return node ? filling_set(f, node, value) : STATUS_E_NOT_FOUND;
}

const char *
form_text_get(struct filling *f, const char *path)
{
    struct filling_node *node = filling_find(f, path);
    const char *value = node ? filling_value(f, node) : "(none)";
    return value ? value : "(irrelevant)";
}
