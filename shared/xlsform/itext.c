#include "xlsform/itext.h"

#include <string.h>

#include "xlsform/lexer.h"
#include "xlsform/refs.h"

#define LANGUAGES_MAX 64
#define FORM_TEXT ""
#define FORM_GUIDANCE "guidance"

/* One form of a text ("", "guidance", "image" ...) in every language. */
struct form_texts {
    const char *form;
    const char *text[LANGUAGES_MAX];
    struct form_texts *next;
};

struct entry {
    const char *id;
    const struct element *context;
    struct form_texts *forms;
    struct entry *next;
};

struct itext {
    struct survey *s;
    const char *language[LANGUAGES_MAX];
    size_t language_count;
    struct entry *first;
    struct entry *last;
};

bool
itext_needed(const struct element *e)
{
    const struct prop *label = prop_find(e->cells, "label");
    return (label && label->child) || prop_branch(e->cells, "media");
}

const char *
itext_ref(struct survey *s, const struct element *e, const char *what)
{
    return pool_printf(s->pool, "jr:itext('%s:%s')", e->path, what);
}

static size_t
language_index(struct itext *t, const char *name)
{
    for (size_t i = 0; i < t->language_count; i++) {
        if (strcmp(t->language[i], name) == 0) {
            return i;
        }
    }
    if (t->language_count == LANGUAGES_MAX) {
        struct diag_where at = {.file = t->s->wb->file, .sheet = "survey"};
        (void)diag_add(t->s->d, DIAG_ERROR, &at,
                       N_("Too many languages: at most %d are supported."),
                       LANGUAGES_MAX);
        return LANGUAGES_MAX - 1;
    }
    t->language[t->language_count] = name;
    return t->language_count++;
}

static struct entry *
add_entry(struct itext *t, const char *id, const struct element *context)
{
    struct entry *e = pool_alloc(t->s->pool, sizeof(*e));
    if (!e) {
        return NULL;
    }
    e->id = id;
    e->context = context;
    if (t->last) {
        t->last->next = e;
    } else {
        t->first = e;
    }
    t->last = e;
    return e;
}

static void
put_text(struct itext *t, struct entry *e, const char *form,
         const char *language, const char *text)
{
    struct form_texts **at = &e->forms;
    while (*at && strcmp((*at)->form, form) != 0) {
        at = &(*at)->next;
    }
    if (!*at) {
        *at = pool_alloc(t->s->pool, sizeof(**at));
        if (!*at) {
            return;
        }
        (*at)->form = form;
    }
    (*at)->text[language_index(t, language)] = text;
}

/* A cell with or without translations, as one form of an entry. */
static void
put_cell(struct itext *t, struct entry *e, const char *form,
         const struct prop *cell)
{
    if (!e || !cell) {
        return;
    }
    if (cell->text) {
        put_text(t, e, form, t->s->language, cell->text);
    }
    for (const struct prop *q = cell->child; q; q = q->next) {
        if (q->text) {
            put_text(t, e, form, q->key, q->text);
        }
    }
}

static bool
is_media(const char *form)
{
    return strcmp(form, "image") == 0 || strcmp(form, "big-image") == 0
           || strcmp(form, "audio") == 0 || strcmp(form, "video") == 0;
}

static void
put_media(struct itext *t, struct entry *e, struct prop *cells,
          const struct diag_where *at)
{
    for (const struct prop *q = prop_branch(cells, "media"); q; q = q->next) {
        if (is_media(q->key)) {
            put_cell(t, e, q->key, q);
        } else {
            (void)diag_add(t->s->d, DIAG_ERROR, at,
                           N_("Media type “%s” is not supported."), q->key);
        }
    }
}

static void
collect_message(struct itext *t, const struct element *e, const char *key)
{
    const struct prop *cell = prop_find(prop_branch(e->cells, "bind"), key);
    bool dynamic = cell && cell->text && strcmp(key, "jr:noAppErrorString") != 0
                   && lexer_has_reference(cell->text);
    if (cell && (cell->child || dynamic)) {
        struct entry *entry =
            add_entry(t, pool_printf(t->s->pool, "%s:%s", e->path, key), e);
        put_cell(t, entry, FORM_TEXT, cell);
    }
}

static void
collect_element(struct itext *t, const struct element *e)
{
    struct pool *p = t->s->pool;
    collect_message(t, e, "jr:constraintMsg");
    collect_message(t, e, "jr:requiredMsg");
    collect_message(t, e, "jr:noAppErrorString");
    if (itext_needed(e)) {
        struct entry *label =
            add_entry(t, pool_printf(p, "%s:label", e->path), e);
        put_cell(t, label, FORM_TEXT, prop_find(e->cells, "label"));
        struct diag_where at = survey_where(t->s, e->row, "media", NULL);
        if (label) {
            put_media(t, label, e->cells, &at);
        }
    }
    const struct prop *hint = prop_find(e->cells, "hint");
    const struct prop *guidance = prop_find(e->cells, "guidance_hint");
    if (guidance || (hint && hint->child)) {
        struct entry *entry =
            add_entry(t, pool_printf(p, "%s:hint", e->path), e);
        put_cell(t, entry, FORM_TEXT, hint);
        put_cell(t, entry, FORM_GUIDANCE, guidance);
    }
}

static void
collect_itemset(struct itext *t, const struct itemset *set)
{
    size_t index = 0;
    for (const struct option *o = set->first; o; o = o->next, index++) {
        const struct prop *label = prop_find(o->cells, "label");
        if (!label && !prop_branch(o->cells, "media")) {
            continue;
        }
        struct entry *e = add_entry(
            t, pool_printf(t->s->pool, "%s-%zu", set->name, index), NULL);
        put_cell(t, e, FORM_TEXT, label);
        if (e && o->row) {
            struct diag_where at =
                table_where(t->s->table[TABLE_CHOICES], o->row, "media", NULL);
            put_media(t, e, o->cells, &at);
        }
    }
}

/* ---- writing ---- */

static void
write_value(struct itext *t, struct xml_writer *w, const struct entry *e,
            const struct form_texts *f, const char *text)
{
    bool media = is_media(f->form);
    if (media && strcmp(text, "-") == 0) {
        return;
    }
    if (media) {
        const char *folder = strstr(f->form, "image") ? "images" : f->form;
        text = pool_printf(t->s->pool, "jr://%s/%s", folder, text);
    }
    xml_writer_open(w, "value");
    if (*f->form) {
        xml_writer_attr(w, "form", f->form);
    }
    const char *xml = refs_label(t->s, text, e->context);
    if (xml) {
        xml_writer_raw(w, xml);
    } else {
        xml_writer_text(w, text);
    }
    xml_writer_close(w);
}

/* What a language has comes first, what it lacks after it. */
static void
write_entry(struct itext *t, struct xml_writer *w, const struct entry *e,
            size_t language)
{
    xml_writer_open(w, "text");
    xml_writer_attr(w, "id", e->id);
    for (int missing = 0; missing < 2; missing++) {
        for (const struct form_texts *f = e->forms; f; f = f->next) {
            const char *text = f->text[language];
            if ((text == NULL) == missing) {
                write_value(t, w, e, f, text ? text : "-");
            }
        }
    }
    xml_writer_close(w);
}

void
itext_write(struct survey *s, struct xml_writer *w)
{
    struct itext *t = pool_alloc(s->pool, sizeof(*t));
    if (!t) {
        return;
    }
    t->s = s;
    for (struct element *e = s->root; e; e = survey_next(s->root, e)) {
        if (e->kind != ELEMENT_SURVEY && e->kind != ELEMENT_EXTERNAL) {
            collect_element(t, e);
        }
    }
    for (const struct itemset *set = s->itemsets; set; set = set->next) {
        if (set->needs_itext) {
            collect_itemset(t, set);
        }
    }
    if (t->language_count == 0) {
        return;
    }
    xml_writer_open(w, "itext");
    for (size_t i = 0; i < t->language_count; i++) {
        xml_writer_open(w, "translation");
        xml_writer_attr(w, "lang", t->language[i]);
        if (strcmp(t->language[i], s->language) == 0) {
            xml_writer_attr(w, "default", "true()");
        }
        for (const struct entry *e = t->first; e; e = e->next) {
            write_entry(t, w, e, i);
        }
        xml_writer_close(w);
    }
    xml_writer_close(w);
}
