#ifndef ANKETA_FORM_LOAD_H
#define ANKETA_FORM_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/diag.h"
#include "form/model.h"

/*
 * Load: from XForm XML to the model, in one pass over libxml2's SAX events.
 * Private to this room. load.c keeps the stack and the text, load_model.c reads
 * what is in <model>, load_body.c what is in <h:body>; link.c comes after.
 *
 * Errors  The first status below zero stays in `st` and stops the parser.
 */
enum load_state {
    LOAD_SKIP,
    LOAD_DOCUMENT,
    LOAD_HTML,
    LOAD_HEAD,
    LOAD_TITLE,
    LOAD_MODEL,
    LOAD_ITEXT,
    LOAD_TRANSLATION,
    LOAD_TEXT,
    LOAD_TEXT_VALUE,
    LOAD_INSTANCE, /* the primary */
    LOAD_PRIMARY,
    LOAD_SECONDARY, /* <instance> or an element in it */
    LOAD_BIND,
    LOAD_ACTION,
    LOAD_BODY,
    LOAD_GROUP,
    LOAD_REPEAT,
    LOAD_QUESTION,
    LOAD_LABEL,
    LOAD_HINT,
    LOAD_ITEM,
    LOAD_ITEM_LABEL,
    LOAD_ITEM_VALUE,
    LOAD_ITEMSET,
};

/* The form attribute of an itext value. */
enum load_text_form {
    LOAD_FORM_PLAIN,
    LOAD_FORM_SHORT,
    LOAD_FORM_GUIDANCE,
    LOAD_FORM_IMAGE,
    LOAD_FORM_AUDIO,
    LOAD_FORM_OTHER,
};

struct load_frame {
    enum load_state state;
    uint32_t index; /* def, control, secondary node or language */
    bool template;  /* LOAD_PRIMARY: inside a jr:template */
};

struct load_attr {
    const char *name; /* local */
    const char *prefix;
    const char *uri;
    const char *value; /* not NUL-terminated */
    size_t len;
};

#define LOAD_ATTRS_MAX 64

struct load {
    struct form *form;
    const struct form_env *env;
    struct diag *d;
    void *parser; /* xmlParserCtxt */
    enum status st;
    struct load_frame frame[MODEL_XML_DEPTH_MAX];
    uint32_t depth;
    struct buf text;
    struct load_attr attr[LOAD_ATTRS_MAX];
    uint32_t attr_count;
    bool primary_seen;

    /* Of the text being read: */
    struct model_piece *piece;
    struct model_piece **piece_last;
    enum load_text_form text_form;
    uint32_t text_id;
    const char *label_itext;
    const char *label_ref;
    struct secondary *secondary;
    struct model_choice *choice;
    uint32_t prefix_seen;
    struct buf prefixes;
};

/* The attribute of that local name, copied to the form; NULL if absent. `uri`
 * may be NULL: any. */
const char *
load_attribute(struct load *l, const char *name);

/* A fault at the current line. */
void
load_fail(struct load *l, const char *msgid, const char *detail);

/* Copy to the form; "" and STATUS_E_NOMEM in l->st when memory is out. */
const char *
load_copy(struct load *l, const char *text, size_t len);

int
load_line(const struct load *l);

/* Take the pieces gathered since the element began. */
struct model_piece *
load_take_pieces(struct load *l);

/* Read an XML file beside the form into a secondary instance. */
MUST_CHECK enum status
load_external_xml(struct load *l, struct secondary *s, const struct buf *file);

/* Start of an element by the state of its parent; the state of the new frame. */
struct load_frame
load_model_start(struct load *l, const struct load_frame *parent,
                 const char *name, const char *prefix, const char *uri);
void
load_model_end(struct load *l, const struct load_frame *frame);
struct load_frame
load_body_start(struct load *l, const struct load_frame *parent,
                const char *name);
void
load_body_end(struct load *l, const struct load_frame *frame,
              const struct load_frame *parent);

/* Resolve and compile everything; external instances are read by then. */
MUST_CHECK enum status
link_form(struct form *f, struct diag *d);

/* Order the recomputation; a cycle is a fault. */
MUST_CHECK enum status
graph_build(struct form *f, struct diag *d);

#endif
