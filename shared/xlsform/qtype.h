#ifndef ANKETA_XLSFORM_QTYPE_H
#define ANKETA_XLSFORM_QTYPE_H

#include <stddef.h>

/*
 * Qtype: what each question type of XLSForm means in an XForm.
 *
 * Names and meanings are those of pyxform's question type dictionary, with the
 * aliases of its ten years.
 */
enum qtype_control {
    QTYPE_NONE, /* no control: calculate, metadata */
    QTYPE_INPUT,
    QTYPE_TRIGGER,
    QTYPE_UPLOAD,
    QTYPE_OSM,
    QTYPE_SELECT1,
    QTYPE_SELECT,
    QTYPE_RANK,
    QTYPE_RANGE,
    QTYPE_ACTION,   /* no control, filled by an action */
    QTYPE_EXTERNAL, /* no node at all: an external instance */
};

struct qtype {
    const char *name;
    enum qtype_control control;
    const char *type; /* bind/@type, or NULL */
    const char *mediatype;
    const char *preload;
    const char *preload_params;
    const char *readonly;
    const char *constraint;
    const char *hint;
};

/* NULL if there is no such type. */
const struct qtype *
qtype_find(const char *name);

/* Element name of the control: "input"; NULL for none. */
const char *
qtype_tag(const struct qtype *t);

/* Names people write, for "did you mean"; NULL-terminated. */
const char *const *
qtype_known(void);

#endif
