#ifndef ANKETA_FORM_FORM_H
#define ANKETA_FORM_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/status.h"

/*
 * Form: an ODK XForm, loaded and ready to be filled any number of times.
 *
 * Loading parses the XML once, resolves every reference and compiles every
 * expression; a form never changes afterwards. What a person answers lives in
 * a filling (filling.h). Format: getodk.github.io/xforms-spec.
 *
 * Sizes    FORM_XML_MAX_BYTES in; 20,000 questions and 100,000 rows of external
 *          choices are ordinary.
 * Threads  form_load in one thread; a loaded form may be read by any number.
 * Errors   Faults in the form are told to the diag with the path or the line;
 *          the status is then STATUS_E_INVALID (or _LIMIT, _NOMEM).
 */
#define FORM_XML_MAX_BYTES ((size_t)32 * 1024 * 1024)

struct form;

enum form_type {
    FORM_TYPE_STRING,
    FORM_TYPE_INTEGER,
    FORM_TYPE_DECIMAL,
    FORM_TYPE_BOOLEAN,
    FORM_TYPE_DATE,
    FORM_TYPE_TIME,
    FORM_TYPE_DATETIME,
    FORM_TYPE_RANK,   /* odk:rank */
    FORM_TYPE_OPAQUE, /* carried through untouched: geo, binary, barcode */
};

enum form_control {
    FORM_CONTROL_NONE, /* a bind without a control: calculate, preload */
    FORM_CONTROL_INPUT,
    FORM_CONTROL_SELECT_ONE,
    FORM_CONTROL_SELECT_MULTIPLE,
    FORM_CONTROL_RANK,
    FORM_CONTROL_RANGE,
    FORM_CONTROL_TRIGGER, /* acknowledge: stores "OK" */
    FORM_CONTROL_NOTE,    /* input that is readonly and shows its label only */
    FORM_CONTROL_UPLOAD,  /* not answerable on this device */
};

/* Where files named by jr://file/x.xml and jr://file-csv/x.csv come from. */
struct form_env {
    /* Append the file to `out`; STATUS_E_NOT_FOUND if there is none. */
    enum status (*read_file)(void *self, const char *name, struct buf *out);
    void *self;
};

/* `env` may be NULL. An external instance whose file is not there has no rows;
 * a warning tells so. `d` may be NULL. */
MUST_CHECK enum status
form_load(const char *xml, size_t len, const struct form_env *env,
          struct diag *d, struct form **out);

void
form_free(struct form *f);

/* Borrowed from the form, never NULL. */
const char *
form_id(const struct form *f);
const char *
form_version(const struct form *f);
const char *
form_title(const struct form *f);

/* Languages of the form's own texts, as it names them ("Русский (ru)"). A form
 * without translations has none. */
size_t
form_lang_count(const struct form *f);
const char *
form_lang_name(const struct form *f, size_t lang);
size_t
form_lang_default(const struct form *f);
/* Index of the language whose name or whose code in brackets is `tag` ("ru");
 * the default language if there is none. */
size_t
form_lang_find(const struct form *f, const char *tag);

/* An attribute of <model> in the product's namespace FORM_NS_ANKETA ("kind",
 * "k", "indicator" ...), or NULL. */
#define FORM_NS_ANKETA "https://anketa.example/ns/1"
const char *
form_extension(const struct form *f, const char *name);

/*
 * The dictionary: every leaf of the primary instance in form order, whoever
 * fills it. For summaries and exports. Texts have their <output> left out.
 */
struct form_field {
    const char *path; /* without positions: "/data/group/q" */
    const char *name; /* last step of the path */
    enum form_type type;
    enum form_control control;
    const char *appearance; /* "" if none */
    bool in_repeat;
    size_t choice_count; /* static choices, before filters */
    double range_start, range_end, range_step; /* FORM_CONTROL_RANGE */
};

size_t
form_field_count(const struct form *f);
void
form_field_get(const struct form *f, size_t field, struct form_field *out);
/* SIZE_MAX if there is none. */
size_t
form_field_find(const struct form *f, const char *path);
const char *
form_field_label(const struct form *f, size_t field, size_t lang);
const char *
form_choice_name(const struct form *f, size_t field, size_t choice);
const char *
form_choice_label(const struct form *f, size_t field, size_t choice,
                  size_t lang);
/*
 * Whether a choice of this name says that the person cannot tell ("hard",
 * "hard_to_say", "dont_know", "unsure", "no_opinion", "98", "99"): shown apart
 * from the other choices and counted apart from both answers and gaps. A list
 * of numbers that goes up to 98 or 99 is told by its label, a number too.
 */
bool
form_choice_unsure(const char *name, const char *label);
/* Attribute of the question's bind in FORM_NS_ANKETA ("indicator"), or NULL. */
const char *
form_field_extension(const struct form *f, size_t field, const char *name);

/*
 * Visit every file that the form shows by itself: pictures of its texts and
 * documents of its questions ("document" in FORM_NS_ANKETA); one used twice
 * may come twice. Ends at the first status that is no success.
 */
typedef enum status
form_file_visit(void *self, const char *name);
MUST_CHECK enum status
form_files(const struct form *f, form_file_visit *visit, void *self);

/* How many of `count` choices a ranking gives places to: the appearance
 * "first-N" asks for at most N, any other for all. */
size_t
form_rank_places(const char *appearance, size_t count);

/*
 * Append the blank instance: the submission of an untouched anonymous filling
 * with the instanceID "uuid:00000000-0000-0000-0000-000000000000". The same
 * bytes wherever the same XForm is loaded: the dictionary of its records.
 */
MUST_CHECK enum status
form_blank(const struct form *f, struct buf *out);

#endif
