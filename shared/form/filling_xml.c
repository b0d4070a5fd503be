#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/markup.h"
#include "form/choice.h"
#include "form/filling.h"
#include "form/tree.h"
#include "form/xpath_date.h"

/* ---------------------------------------------------------------- writing */

/* Whole decimals keep the ".0" that tells them from integers. */
static void
put_value(struct buf *out, const struct model_def *d, const char *value)
{
    markup_put(out, value, strlen(value),
               d->attribute ? MARKUP_QUOTE | MARKUP_RETURN | MARKUP_BREAKS
                            : MARKUP_RETURN);
    if (d->type == FORM_TYPE_DECIMAL && *value && !strchr(value, '.')) {
        buf_puts(out, ".0");
    }
}

/* Opening tag with the attributes that come first among the children. */
static void
put_start(struct filling *f, struct filling_node *n, struct buf *out)
{
    const struct form *form = f->form;
    const struct model_def *d = &form->def[n->def];
    buf_putc(out, '<');
    buf_puts(out, d->name);
    if (n->def == 0) {
        buf_puts(out, form->prefixes);
    }
    for (uint32_t c = d->child; c != MODEL_NONE; c = form->def[c].next) {
        const struct model_def *a = &form->def[c];
        if (a->attribute && n->scope->node[a->slot].relevant) {
            buf_putc(out, ' ');
            buf_puts(out, a->name + 1);
            buf_puts(out, "=\"");
            put_value(out, a, tree_value(&n->scope->node[a->slot]));
            buf_putc(out, '"');
        }
    }
}

static void
put_end(struct filling *f, const struct filling_node *n, struct buf *out)
{
    buf_puts(out, "</");
    buf_puts(out, f->form->def[n->def].name);
    buf_putc(out, '>');
}

/* Close every element between n and the parent of what follows it. */
static void
put_ends(struct filling *f, struct filling_node *n,
         const struct filling_node *until, struct buf *out)
{
    for (struct filling_node *up = tree_parent(f->form, n); up && up != until;
         up = tree_parent(f->form, up)) {
        put_end(f, up, out);
    }
}

static void
answer_end_preloads(struct filling *f)
{
    const struct form *form = f->form;
    char text[XPATH_DATE_CHARS];
    struct xpath_date now;
    xpath_date_from_wall(clock_wall_ms(f->env.clock), &now);
    xpath_date_print_time(now.days, now.ms, text);
    for (uint32_t i = 0; i < form->bind_count; i++) {
        const struct model_bind *b = &form->bind[i];
        const struct model_def *d = &form->def[b->def];
        if (b->preload != MODEL_PRELOAD_END || f->env.anonymous || f->reading) {
            continue;
        }
        for (struct tree_scope *in =
                 tree_next_instance(form, f->root, d->scope, NULL);
             in; in = tree_next_instance(form, f->root, d->scope, in)) {
            if (tree_set_value(&in->node[d->slot], text) < 0) {
                f->st = STATUS_E_NOMEM;
                return;
            }
        }
    }
}

enum status
filling_submission(struct filling *f, struct buf *out)
{
    const struct form *form = f->form;
    answer_end_preloads(f);
    enum status st = f->st;
    f->st = STATUS_OK;
    size_t start = out->len;
    struct filling_node *n = &f->root->node[0];
    while (n && st == STATUS_OK) {
        const struct model_def *d = &form->def[n->def];
        bool skip = true;
        bool written = n->relevant && !d->attribute;
        if (written) {
            put_start(f, n, out);
            skip = !d->group;
            if (!skip) {
                buf_putc(out, '>');
            } else if (n->value) {
                buf_putc(out, '>');
                put_value(out, d, n->value);
                put_end(f, n, out);
            } else {
                buf_puts(out, "/>");
            }
        }
        struct filling_node *next = tree_next(form, n, &f->root->node[0], skip);
        if (next && tree_parent(form, next) == n) {
            n = next;
            continue;
        }
        if (!skip) {
            put_end(f, n, out); /* nothing inside but absent repeats */
        }
        put_ends(f, n, next ? tree_parent(form, next) : NULL, out);
        n = next;
        if (out->len - start > FILLING_XML_MAX_BYTES) {
            st = STATUS_E_LIMIT;
        }
    }
    return st == STATUS_OK ? buf_status(out) : st;
}

/* ---------------------------------------------------------------- reading */

struct reader {
    struct filling *f;
    struct diag *d;
    xmlParserCtxtPtr parser;
    enum status st; /* of the machine, not of the answers */
    struct filling_node *at;
    uint32_t skip; /* elements deep in something unknown */
    struct buf text;
};

static void
fault(struct reader *r, const char *msgid, const char *what)
{
    struct diag_where where = {.row = xmlSAX2GetLineNumber(r->parser)};
    r->f->st = diag_add(r->d, DIAG_ERROR, &where, "%s: %.200s",
                        r->d ? i18n_text(r->d->lang, msgid) : msgid, what);
}

static void
broken(struct reader *r, enum status st)
{
    if (r->st == STATUS_OK && st < 0) {
        r->st = st;
    }
}

/* Last thing in a callback: what libxml2 passed to it is gone afterwards. */
static void
stop_if_broken(const struct reader *r)
{
    if (r->st < 0) {
        xmlStopParser(r->parser);
    }
}

/* The instance that the next element of a repeat is: one that is there, or a
 * new one. */
static struct filling_node *
read_instance(struct reader *r, uint32_t scope)
{
    if (!r->at) {
        return NULL;
    }
    struct tree_list *l = &r->at->scope->list[r->f->form->scope[scope].index];
    if (l->seen < l->count) {
        return &l->instance[l->seen++]->node[0];
    }
    struct tree_scope *made = tree_add_instance(r->f, r->at->scope, scope);
    if (!made) {
        broken(r, r->f->st);
        r->f->st = STATUS_OK;
        return NULL;
    }
    l->seen++;
    return &made->node[0];
}

/* NOLINTBEGIN(readability-function-size): as libxml2 calls it */
static void
on_start(void *self, const xmlChar *name, const xmlChar *prefix,
         const xmlChar *uri, int ns_count, const xmlChar **ns, int attr_count,
         int defaulted, const xmlChar **attrs)
{
    struct reader *r = self;
    const struct form *form = r->f->form;
    (void)prefix;
    (void)uri;
    (void)ns_count;
    (void)ns;
    (void)defaulted;
    buf_clear(&r->text);
    if (r->st < 0) {
        return;
    }
    uint32_t parent = r->at ? r->at->def : MODEL_NONE;
    uint32_t def = r->skip
                       ? MODEL_NONE
                       : model_child_named(form, parent, (const char *)name);
    if (def == MODEL_NONE) {
        if (r->skip == 0) {
            fault(r, N_("The form has no such element here"),
                  (const char *)name);
        }
        r->skip++;
        return;
    }
    struct filling_node *n = NULL;
    if (form->def[def].repeat != MODEL_NONE) {
        n = read_instance(r, form->def[def].repeat);
    } else {
        n = r->at ? &r->at->scope->node[form->def[def].slot]
                  : &r->f->root->node[0];
    }
    if (n && n->seen) {
        fault(r, N_("The element stands here twice"), (const char *)name);
    }
    if (n) {
        n->seen = true;
        r->at = n;
    }
    for (int i = 0; n && i < attr_count; i++) {
        const xmlChar **a = attrs + (ptrdiff_t)i * 5;
        char local[256] = "@";
        size_t len = strlen((const char *)a[0]);
        if (len + 2 > sizeof(local)) {
            continue;
        }
        memcpy(local + 1, a[0], len + 1);
        uint32_t attr = model_child_named(form, def, local);
        if (attr != MODEL_NONE) {
            buf_put(&r->text, a[3], (size_t)(a[4] - a[3]));
            broken(r, tree_set_value(&n->scope->node[form->def[attr].slot],
                                     r->text.data));
            buf_clear(&r->text);
        }
    }
    stop_if_broken(r);
}
/* NOLINTEND(readability-function-size) */

/* Instances the submission does not have are not there. */
static void
trim_lists(struct reader *r, struct filling_node *n)
{
    const struct form *form = r->f->form;
    const struct model_scope *m = &form->scope[n->scope->scope];
    for (uint32_t i = 0; i < m->child_count; i++) {
        struct tree_list *l = &n->scope->list[i];
        uint32_t def = form->scope[m->child[i]].def;
        while (form->def[def].parent == n->def && l->count > l->seen) {
            tree_remove_instance(r->f, l->instance[l->count - 1]);
        }
    }
}

static void
read_value(struct reader *r, struct filling_node *n)
{
    const struct model_def *d = &r->f->form->def[n->def];
    struct scratch_mark mark = scratch_mark(&r->f->eval);
    const char *value = tree_lexical(&r->f->eval, d->type, r->text.data);
    if (!value) {
        fault(r, N_("The value is not of the question's type"), d->path);
    } else {
        broken(r, tree_set_value(n, value));
    }
    scratch_release(&r->f->eval, mark);
}

static void
on_end(void *self, const xmlChar *name, const xmlChar *prefix,
       const xmlChar *uri)
{
    struct reader *r = self;
    (void)name;
    (void)prefix;
    (void)uri;
    if (r->st < 0) {
        return;
    }
    if (r->skip > 0) {
        r->skip--;
    } else if (r->at) {
        struct filling_node *n = r->at;
        if (r->f->form->def[n->def].group) {
            trim_lists(r, n);
        } else {
            read_value(r, n);
        }
        r->at = tree_parent(r->f->form, n);
    }
    buf_clear(&r->text);
    stop_if_broken(r);
}

static void
on_text(void *self, const xmlChar *text, int len)
{
    struct reader *r = self;
    if (r->st == STATUS_OK && len > 0) {
        buf_put(&r->text, text, (size_t)len);
        broken(r, buf_status(&r->text));
        stop_if_broken(r);
    }
}

static void
on_doctype(void *self, const xmlChar *name, const xmlChar *id,
           const xmlChar *system)
{
    struct reader *r = self;
    (void)id;
    (void)system;
    fault(r, N_("A form must not have a DOCTYPE"), (const char *)name);
    broken(r, STATUS_E_INVALID);
    stop_if_broken(r);
}

static void
on_xml_fault(void *self, const xmlError *error)
{
    struct reader *r = self;
    if (error->code == XML_ERR_NO_MEMORY) {
        broken(r, STATUS_E_NOMEM);
    }
}

static void
parse(struct reader *r, const char *xml, size_t len)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .ignorableWhitespace = on_text,
                         .internalSubset = on_doctype,
                         .serror = (xmlStructuredErrorFunc)on_xml_fault};
    r->parser = len > 0 ? xmlCreateMemoryParserCtxt(xml, (int)len) : NULL;
    if (!r->parser) {
        r->st = len > 0 ? log_oom("form") : STATUS_E_INVALID;
        return;
    }
    xmlSAXHandlerPtr own = r->parser->sax;
    r->parser->sax = &sax;
    r->parser->userData = r;
    (void)xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_NOCDATA);
    (void)xmlParseDocument(r->parser);
    if (r->st == STATUS_OK && !r->parser->wellFormed
        && r->parser->errNo != XML_NS_ERR_UNDEFINED_NAMESPACE) {
        fault(r, N_("The file is not well-formed XML"), "");
    }
    r->parser->sax = own;
    xmlFreeDoc(r->parser->myDoc);
    r->parser->myDoc = NULL;
    xmlFreeParserCtxt(r->parser);
    r->parser = NULL;
}

/* Answers to selects must be among what is offered now. */
static enum status
check_choices(struct filling *f, struct diag *d)
{
    enum status st = STATUS_OK;
    struct filling_node *top = &f->root->node[0];
    for (struct filling_node *n = tree_next(f->form, top, top, false); n;
         n = tree_next(f->form, n, top, false)) {
        const struct model_def *def = &f->form->def[n->def];
        if (def->control == MODEL_NONE || !n->value || !n->relevant) {
            continue;
        }
        enum form_control shows = f->form->control[def->control].shows;
        bool chooses = shows == FORM_CONTROL_SELECT_ONE
                       || shows == FORM_CONTROL_SELECT_MULTIPLE
                       || shows == FORM_CONTROL_RANK;
        struct scratch_mark mark = scratch_mark(&f->eval);
        struct choice *choices = NULL;
        uint32_t count = 0;
        if (chooses && choice_list(f, n, &f->eval, &choices, &count) == 0) {
            for (const char *at = n->value; *at;) {
                at += strspn(at, " ");
                size_t word = strcspn(at, " ");
                if (word > 0 && !choice_offers(choices, count, at, word)) {
                    struct diag_where where = {.path = def->path};
                    st = diag_add(d, DIAG_ERROR, &where,
                                  N_("The answer is not among the choices."));
                    break;
                }
                at += word;
            }
        }
        scratch_release(&f->eval, mark);
    }
    return st;
}

enum status
filling_read(struct filling *f, const char *xml, size_t len, struct diag *d)
{
    struct reader r = {.f = f, .d = d};
    if (len > FILLING_XML_MAX_BYTES) {
        (void)diag_add(d, DIAG_ERROR, NULL,
                       N_("The submission is larger than this program "
                          "accepts."));
        return STATUS_E_LIMIT;
    }
    buf_init(&r.text, FILLING_XML_MAX_BYTES);
    scratch_clear(&f->borrowed);
    f->choice_node = NULL;
    f->reading = true;
    f->st = STATUS_OK;
    parse(&r, xml, len);
    enum status st = r.st < 0 ? r.st : f->st;
    f->st = STATUS_OK;
    if (r.st == STATUS_OK) {
        tree_changed_all(f);
        enum status computed = tree_run(f);
        st = st < 0 ? st : computed;
        computed = check_choices(f, d);
        st = st < 0 ? st : computed;
    }
    buf_deinit(&r.text);
    return st;
}
