#ifndef ANKETA_COLLECTOR_INGEST_CATALOGUE_H
#define ANKETA_COLLECTOR_INGEST_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "collector/store/store.h"
#include "form/form.h"

/*
 * Catalogue: the store's questionnaires, loaded once and shared.
 *
 * Every record and every page needs its form compiled; loading one takes
 * milliseconds, a lookup here none. A form in one version never changes, so an
 * entry is never stale. The CATALOGUE_MAX least used are kept.
 *
 * Threads  Any, at once. An entry stays valid until it is given back.
 */
#define CATALOGUE_MAX 128

/* How answers to a field are counted. */
enum catalogue_count {
    CATALOGUE_COUNT_NOT,     /* only whether there is one */
    CATALOGUE_COUNT_CHOICE,  /* one of the dictionary's choices */
    CATALOGUE_COUNT_CHOICES, /* several */
    CATALOGUE_COUNT_RANK,    /* several in order */
    CATALOGUE_COUNT_NUMBER,
    CATALOGUE_COUNT_DATE, /* by day */
    CATALOGUE_COUNT_CODE, /* a code that links waves: kept as a hash */
    CATALOGUE_COUNT_SKIP, /* housekeeping of the form: never kept */
};

struct catalogue_choice {
    const char *name; /* the form's */
    uint32_t index;
};

struct catalogue_field {
    enum catalogue_count count;
    bool is_file; /* the answer is the name of an attachment */
    struct catalogue_choice *choice; /* owned; by name, for a search */
    size_t choice_count;
    double low; /* of a range; -HUGE_VAL and HUGE_VAL for other numbers */
    double high;
    double start; /* of a range, as the form has it */
    double step;
    bool group;        /* a group question, whether or not it makes strata */
    size_t categories; /* of its table by stratum; 0: there is none */
};

/* A group question that makes strata; see strata.h. */
#define CATALOGUE_GROUPS_MAX 3
struct catalogue_group {
    size_t field;
    size_t options; /* and one more for no answer */
    size_t stride;  /* between strata of neighbouring options */
};

/* Items that form a scale; see scales.h. */
#define CATALOGUE_SCALES_MAX 16
#define CATALOGUE_SCALE_ITEMS_MAX 40
struct catalogue_scale {
    const char *name; /* the form's */
    size_t items;
    size_t field[CATALOGUE_SCALE_ITEMS_MAX];
};

struct catalogue_form {
    int64_t id;                          /* in the store */
    char wanted[STORE_GROUPS_CHARS + 1]; /* groups of a wave; "": as marked */
    struct form *form;
    struct buf blank;
    struct catalogue_field *field; /* owned; form_field_count() of them */
    size_t field_count;
    size_t instance_id; /* field of meta/instanceID; SIZE_MAX without */
    struct catalogue_group group[CATALOGUE_GROUPS_MAX];
    size_t groups;
    size_t strata; /* 1 without group questions */
    struct catalogue_scale scale[CATALOGUE_SCALES_MAX];
    size_t scales;
    const uint8_t *code_key; /* the catalogue's; NULL: codes are not kept */
    unsigned users;          /* guarded by the catalogue */
    uint64_t used;           /* likewise: when, by its own count */
};

struct catalogue;

MUST_CHECK enum status
catalogue_new(struct catalogue **out);
/* Every entry must have been given back. */
void
catalogue_free(struct catalogue *c);
/* The key of codes.h, for entries taken from now on. Without it no code that
 * links waves is kept. */
#define CATALOGUE_CODE_KEY_BYTES 32
void
catalogue_set_code_key(struct catalogue *c,
                       const uint8_t key[CATALOGUE_CODE_KEY_BYTES]);

/* A form, with the groups it marks itself; from memory or else from `s`.
 * STATUS_E_NOT_FOUND: no such form; STATUS_E_INVALID: the engine refuses it
 * (logged). */
MUST_CHECK enum status
catalogue_take(struct catalogue *c, struct store *s, int64_t form,
               const struct catalogue_form **out);
/* The form of a wave, with the groups of that wave. */
MUST_CHECK enum status
catalogue_take_wave(struct catalogue *c, struct store *s,
                    const struct store_wave *wave,
                    const struct catalogue_form **out);
void
catalogue_give(struct catalogue *c, const struct catalogue_form *entry);

/* Index of a choice by its name; SIZE_MAX if it is none of the dictionary. */
size_t
catalogue_choice_find(const struct catalogue_field *field, const char *name,
                      size_t len);

/* A 1-10 scale and the like: whole steps, few of them. */
#define CATALOGUE_SCALE_STEPS_MAX 21
bool
catalogue_is_scale(const struct form_field *f);

/* A form_env over the media of one form in a store. */
struct catalogue_files {
    struct form_env env; /* pass &files->env to form_load() */
    struct store *store;
    int64_t form;
};
void
catalogue_files_init(struct catalogue_files *files, struct store *s,
                     int64_t form);

#endif
