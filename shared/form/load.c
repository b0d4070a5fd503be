#include "form/load.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "form/vec.h"

#define TEXT_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define PREFIXES_MAX_BYTES 4096

int
load_line(const struct load *l)
{
    return l->parser ? xmlSAX2GetLineNumber(l->parser) : 0;
}

void
load_fail(struct load *l, const char *msgid, const char *detail)
{
    if (l->st < 0) {
        return;
    }
    struct diag_where where = {.row = load_line(l)};
    l->st = diag_add(l->d, DIAG_ERROR, &where, "%s: %.200s",
                     l->d ? i18n_text(l->d->lang, msgid) : msgid, detail);
}

static void
failed(struct load *l, enum status st)
{
    if (l->st == STATUS_OK && st < 0) {
        l->st = st;
        if (st == STATUS_E_LIMIT) {
            struct diag_where where = {.row = load_line(l)};
            (void)diag_add(l->d, DIAG_ERROR, &where,
                           N_("The form is larger than this program "
                              "accepts."));
        }
    }
}

const char *
load_copy(struct load *l, const char *text, size_t len)
{
    if (len == 0) {
        return "";
    }
    const char *copy = arena_strndup(&l->form->arena, text, len);
    if (!copy) {
        failed(l, STATUS_E_NOMEM);
        return "";
    }
    return copy;
}

const char *
load_attribute(struct load *l, const char *name)
{
    for (uint32_t i = 0; i < l->attr_count; i++) {
        if (strcmp(l->attr[i].name, name) == 0) {
            return load_copy(l, l->attr[i].value, l->attr[i].len);
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------- text */

static bool
mixed(enum load_state state)
{
    return state == LOAD_TEXT_VALUE || state == LOAD_LABEL || state == LOAD_HINT
           || state == LOAD_ITEM_LABEL;
}

static bool
blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
add_piece(struct load *l, const char *text, bool output)
{
    struct model_piece *p = arena_alloc(&l->form->arena, sizeof(*p));
    if (!p) {
        failed(l, STATUS_E_NOMEM);
        return;
    }
    p->text = text;
    p->output = output;
    *l->piece_last = p;
    l->piece_last = &p->next;
}

/* What was read since the last output becomes a literal piece. */
static void
flush_text(struct load *l, bool last)
{
    const char *text = l->text.data;
    size_t len = l->text.len;
    while (!l->piece && len > 0 && blank(*text)) {
        text++;
        len--;
    }
    while (last && len > 0 && blank(text[len - 1])) {
        len--;
    }
    if (len > 0) {
        add_piece(l, load_copy(l, text, len), false);
    }
    buf_clear(&l->text);
}

struct model_piece *
load_take_pieces(struct load *l)
{
    flush_text(l, true);
    struct model_piece *pieces = l->piece;
    l->piece = NULL;
    l->piece_last = &l->piece;
    return pieces;
}

/* -------------------------------------------------------------- documents */

static struct load_frame
start_top(struct load *l, const struct load_frame *parent, const char *name)
{
    struct load_frame f = {LOAD_SKIP, 0, false};
    if (parent->state == LOAD_DOCUMENT) {
        if (strcmp(name, "html") != 0) {
            load_fail(l,
                      N_("This is not an ODK form: its first element is not "
                         "<h:html>"),
                      name);
        }
        f.state = LOAD_HTML;
    } else if (parent->state == LOAD_HTML && strcmp(name, "head") == 0) {
        f.state = LOAD_HEAD;
    } else if (parent->state == LOAD_HTML && strcmp(name, "body") == 0) {
        f.state = LOAD_BODY;
    } else if (parent->state == LOAD_HEAD && strcmp(name, "title") == 0) {
        f.state = LOAD_TITLE;
    } else if (parent->state == LOAD_HEAD && strcmp(name, "model") == 0) {
        f.state = LOAD_MODEL;
        for (uint32_t i = 0; i < l->attr_count; i++) {
            const struct load_attr *a = &l->attr[i];
            if (a->uri && strcmp(a->uri, FORM_NS_ANKETA) == 0) {
                struct model_attr *kept =
                    arena_alloc(&l->form->arena, sizeof(*kept));
                if (!kept) {
                    failed(l, STATUS_E_NOMEM);
                    return f;
                }
                *kept = (struct model_attr){
                    l->form->extension, load_copy(l, a->name, strlen(a->name)),
                    load_copy(l, a->value, a->len)};
                l->form->extension = kept;
            }
        }
    }
    return f;
}

static struct load_frame
start_frame(struct load *l, const char *name, const char *prefix,
            const char *uri)
{
    const struct load_frame *parent = &l->frame[l->depth - 1];
    struct load_frame skip = {LOAD_SKIP, 0, false};
    if (mixed(parent->state)) {
        if (strcmp(name, "output") == 0) {
            flush_text(l, false);
            const char *value = load_attribute(l, "value");
            value = value ? value : load_attribute(l, "ref");
            add_piece(l, value ? value : "''", true);
        }
        return skip;
    }
    switch ((int)parent->state) {
    case LOAD_DOCUMENT:
    case LOAD_HTML:
    case LOAD_HEAD:
        return start_top(l, parent, name);
    case LOAD_BODY:
    case LOAD_GROUP:
    case LOAD_REPEAT:
    case LOAD_QUESTION:
    case LOAD_ITEM:
    case LOAD_ITEMSET:
        return load_body_start(l, parent, name);
    case LOAD_SKIP:
    case LOAD_TITLE:
    case LOAD_ITEM_VALUE:
    case LOAD_BIND:
    case LOAD_ACTION:
        return skip;
    default:
        return load_model_start(l, parent, name, prefix, uri);
    }
}

/* NOLINTBEGIN(readability-function-size): as libxml2 calls it */
static void
on_start(void *self, const xmlChar *name, const xmlChar *prefix,
         const xmlChar *uri, int ns_count, const xmlChar **ns, int attr_count,
         int defaulted, const xmlChar **attrs)
{
    struct load *l = self;
    (void)ns_count;
    (void)ns;
    (void)defaulted;
    if (l->st < 0) {
        return;
    }
    if (l->depth >= MODEL_XML_DEPTH_MAX || attr_count > LOAD_ATTRS_MAX) {
        failed(l, STATUS_E_LIMIT);
        xmlStopParser(l->parser);
        return;
    }
    for (int i = 0; i < attr_count; i++) {
        const xmlChar **a = attrs + (ptrdiff_t)i * 5;
        l->attr[i] = (struct load_attr){(const char *)a[0], (const char *)a[1],
                                        (const char *)a[2], (const char *)a[3],
                                        (size_t)(a[4] - a[3])};
    }
    l->attr_count = (uint32_t)attr_count;
    bool inside_text = mixed(l->frame[l->depth - 1].state);
    if (!inside_text) {
        buf_clear(&l->text);
    }
    l->frame[l->depth] = start_frame(l, (const char *)name,
                                     (const char *)prefix, (const char *)uri);
    l->depth++;
    if (l->st < 0) {
        xmlStopParser(l->parser);
    }
}
/* NOLINTEND(readability-function-size) */

static void
on_end(void *self, const xmlChar *name, const xmlChar *prefix,
       const xmlChar *uri)
{
    struct load *l = self;
    (void)name;
    (void)prefix;
    (void)uri;
    if (l->st < 0 || l->depth < 2) {
        return;
    }
    l->depth--;
    const struct load_frame *f = &l->frame[l->depth];
    const struct load_frame *parent = &l->frame[l->depth - 1];
    if (f->state == LOAD_TITLE) {
        l->form->title = load_copy(l, l->text.data, l->text.len);
    } else if (f->state >= LOAD_GROUP || f->state == LOAD_ACTION) {
        load_body_end(l, f, parent);
    } else if (f->state >= LOAD_MODEL) {
        load_model_end(l, f);
    }
    if (!mixed(parent->state)) {
        buf_clear(&l->text);
    }
    if (l->st < 0) {
        xmlStopParser(l->parser);
    }
}

static void
on_text(void *self, const xmlChar *text, int len)
{
    struct load *l = self;
    enum load_state state = l->frame[l->depth - 1].state;
    bool inside_output = state == LOAD_SKIP && l->depth > 1
                         && mixed(l->frame[l->depth - 2].state);
    if (l->st < 0 || state == LOAD_SKIP || inside_output || len <= 0) {
        return;
    }
    buf_put(&l->text, text, (size_t)len);
    failed(l, buf_status(&l->text));
}

/* A form needs no document type, and one can make a parser work for ever. */
static void
on_doctype(void *self, const xmlChar *name, const xmlChar *id,
           const xmlChar *system)
{
    struct load *l = self;
    (void)id;
    (void)system;
    load_fail(l, N_("A form must not have a DOCTYPE"), (const char *)name);
    xmlStopParser(l->parser);
}

static void
on_xml_fault(void *self, const xmlError *fault)
{
    struct load *l = self;
    if (fault->level < XML_ERR_ERROR || l->st < 0) {
        return;
    }
    if (fault->code == XML_ERR_NO_MEMORY) {
        failed(l, STATUS_E_NOMEM);
        return;
    }
    if (fault->domain == XML_FROM_NAMESPACE) {
        return; /* undeclared prefixes: attributes then keep their name */
    }
    char detail[160];
    size_t len = strcspn(fault->message ? fault->message : "", "\n");
    len = len < sizeof(detail) - 1 ? len : sizeof(detail) - 1;
    memcpy(detail, fault->message ? fault->message : "", len);
    detail[len] = '\0';
    load_fail(l, N_("The file is not well-formed XML"), detail);
}

/* ------------------------------------------------------------ whole parse */

static enum status
parse(struct load *l, const char *xml, size_t len)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .ignorableWhitespace = on_text,
                         .internalSubset = on_doctype,
                         .serror = (xmlStructuredErrorFunc)on_xml_fault};
    if (len == 0) {
        load_fail(l, N_("The file is not well-formed XML"), "");
        return l->st;
    }
    xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(xml, (int)len);
    if (!parser) {
        return log_oom("form");
    }
    xmlSAXHandlerPtr own = parser->sax;
    parser->sax = &sax;
    parser->userData = l;
    (void)xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOCDATA
                                        | XML_PARSE_HUGE);
    l->parser = parser;
    int rc = xmlParseDocument(parser);
    if (l->st == STATUS_OK && (rc != 0 || !parser->wellFormed)
        && parser->errNo != XML_NS_ERR_UNDEFINED_NAMESPACE) {
        load_fail(l, N_("The file is not well-formed XML"), "");
    }
    l->parser = NULL;
    parser->sax = own;
    xmlDocPtr doc = parser->myDoc;
    parser->myDoc = NULL;
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(parser);
    return l->st;
}

enum status
load_external_xml(struct load *l, struct secondary *s, const struct buf *file)
{
    struct load *inner = calloc(1, sizeof(*inner));
    if (!inner) {
        return log_oom("form");
    }
    inner->form = l->form;
    inner->d = l->d;
    inner->secondary = s;
    inner->piece_last = &inner->piece;
    inner->frame[0].state = LOAD_SECONDARY;
    inner->depth = 1;
    buf_init(&inner->text, TEXT_MAX_BYTES);
    enum status st = parse(inner, file->data, file->len);
    secondary_close(s, 0);
    buf_deinit(&inner->text);
    free(inner);
    return st;
}

static enum status
new_form(struct form **out)
{
    struct form *f = calloc(1, sizeof(*f));
    *out = f;
    if (!f) {
        return log_oom("form");
    }
    arena_init(&f->arena, MODEL_MEMORY_MAX_BYTES);
    f->id = "";
    f->version = "";
    f->title = "";
    f->prefixes = "";
    enum status st = vec_reserve(&f->control, &f->control_cap, 1,
                                 sizeof(*f->control), MODEL_CONTROLS_MAX);
    if (st < 0) {
        return st;
    }
    f->control[0] = (struct model_control){.kind = MODEL_GROUP,
                                           .def = MODEL_NONE,
                                           .parent = MODEL_NONE,
                                           .child = MODEL_NONE,
                                           .last_child = MODEL_NONE,
                                           .next = MODEL_NONE,
                                           .appearance = "",
                                           .label.itext = MODEL_NONE,
                                           .hint.itext = MODEL_NONE};
    f->control_count = 1;
    return STATUS_OK;
}

enum status
form_load(const char *xml, size_t len, const struct form_env *env,
          struct diag *d, struct form **out)
{
    *out = NULL;
    if (len > FORM_XML_MAX_BYTES) {
        (void)diag_add(d, DIAG_ERROR, NULL,
                       N_("The form is larger than this program accepts."));
        return STATUS_E_LIMIT;
    }
    struct load *l = calloc(1, sizeof(*l));
    if (!l) {
        return log_oom("form");
    }
    l->env = env;
    l->d = d;
    l->piece_last = &l->piece;
    buf_init(&l->text, TEXT_MAX_BYTES);
    buf_init(&l->prefixes, PREFIXES_MAX_BYTES);
    l->frame[0].state = LOAD_DOCUMENT;
    l->depth = 1;

    enum status st = new_form(&l->form);
    if (st == STATUS_OK) {
        st = parse(l, xml, len);
    }
    if (st == STATUS_OK && l->form->def_count == 0) {
        load_fail(l, N_("The form has no primary instance"), "<instance>");
        st = l->st;
    }
    if (st == STATUS_OK) {
        l->form->prefixes = load_copy(l, l->prefixes.data, l->prefixes.len);
        st = l->st;
    }
    if (st == STATUS_OK) {
        st = link_form(l->form, d);
    }
    if (st == STATUS_OK) {
        st = graph_build(l->form, d);
    }
    if (st == STATUS_OK) {
        *out = l->form;
        l->form = NULL;
    }
    form_free(l->form);
    buf_deinit(&l->text);
    buf_deinit(&l->prefixes);
    free(l);
    return st;
}
