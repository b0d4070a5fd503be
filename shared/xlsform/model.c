#include "xlsform/model.h"

#include <string.h>

#include "form/form.h"
#include "xlsform/entities.h"
#include "xlsform/itext.h"
#include "xlsform/lexer.h"
#include "xlsform/refs.h"

#define XFORMS_VERSION "1.0.0"
#define EXTENSION_PREFIX "anketa_"

/* ---- namespaces ---- */

static bool
has_extensions(const struct survey *s)
{
    for (const struct prop *q = s->settings; q; q = q->next) {
        if (strncmp(q->key, EXTENSION_PREFIX, strlen(EXTENSION_PREFIX)) == 0) {
            return true;
        }
    }
    return s->table[TABLE_SURVEY]
           && (table_has(s->table[TABLE_SURVEY], "anketa_indicator", NULL)
               || table_has(s->table[TABLE_SURVEY], "anketa_scale", NULL)
               || table_has(s->table[TABLE_SURVEY], "anketa_document", NULL));
}

static bool
is_prefix_taken(const struct survey *s, const char *prefix)
{
    static const char *const own[] = {"h", "ev", "xsd", "jr", "orx", "odk"};
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (strcmp(prefix, own[i]) == 0) {
            return true;
        }
    }
    return (s->entities && strcmp(prefix, "entities") == 0)
           || (has_extensions(s) && strcmp(prefix, "anketa") == 0);
}

/* "namespaces" setting: esri="http://esri.com/xforms" other="..." */
static void
write_custom_namespaces(struct survey *s, struct xml_writer *w,
                        const char *text)
{
    while (*text) {
        text += strspn(text, " \t\n");
        size_t len = strcspn(text, " \t\n");
        const char *equals = memchr(text, '=', len);
        if (equals && equals > text
            && !memchr(equals + 1, '=', len - (size_t)(equals + 1 - text))) {
            const char *prefix =
                pool_dup_len(s->pool, text, (size_t)(equals - text));
            const char *value = equals + 1;
            size_t value_len = len - (size_t)(value - text);
            while (value_len > 0 && strchr("\"'", *value)) {
                value++;
                value_len--;
            }
            while (value_len > 0 && strchr("\"'", value[value_len - 1])) {
                value_len--;
            }
            if (lexer_is_name(prefix) && !is_prefix_taken(s, prefix)) {
                xml_writer_attr(w, pool_printf(s->pool, "xmlns:%s", prefix),
                                pool_dup_len(s->pool, value, value_len));
            }
        }
        text += len;
    }
}

void
model_write_namespaces(struct survey *s, struct xml_writer *w)
{
    static const char *const own[][2] = {
        {"xmlns", "http://www.w3.org/2002/xforms"},
        {"xmlns:h", "http://www.w3.org/1999/xhtml"},
        {"xmlns:ev", "http://www.w3.org/2001/xml-events"},
        {"xmlns:xsd", "http://www.w3.org/2001/XMLSchema"},
        {"xmlns:jr", "http://openrosa.org/javarosa"},
        {"xmlns:orx", "http://openrosa.org/xforms"},
        {"xmlns:odk", "http://www.opendatakit.org/xforms"},
    };
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        xml_writer_attr(w, own[i][0], own[i][1]);
    }
    if (s->entities) {
        xml_writer_attr(w, "xmlns:entities",
                        "http://www.opendatakit.org/xforms/entities");
    }
    if (has_extensions(s)) {
        xml_writer_attr(w, "xmlns:anketa", FORM_NS_ANKETA);
    }
    const char *custom = survey_setting(s, "namespaces");
    if (custom) {
        write_custom_namespaces(s, w, custom);
    }
}

/* ---- primary instance ---- */

static void
write_attributes(struct survey *s, struct xml_writer *w,
                 const struct element *e, const char *branch)
{
    for (const struct prop *q = prop_branch(e->cells, branch); q; q = q->next) {
        if (q->text && lexer_is_name(q->key)) {
            xml_writer_attr(w, q->key, refs_expand(s, q->text, e, REFS_PLAIN));
        }
    }
    for (const struct element *c = e->first; c; c = c->next) {
        if (c->kind == ELEMENT_ATTRIBUTE) {
            const char *value = prop_text(c->cells, "value");
            xml_writer_attr(w, c->name, value ? value : "");
        }
    }
}

static void
write_children(struct survey *s, struct xml_writer *w, const struct element *e,
               bool in_instance);

static void
write_question_node(struct survey *s, struct xml_writer *w,
                    const struct element *e)
{
    const char *preset = prop_text(e->cells, "default");
    xml_writer_open(w, e->name);
    write_attributes(s, w, e, "instance");
    if (preset && !lexer_is_dynamic(preset, e->type)) {
        xml_writer_text(w, preset);
    }
    xml_writer_close(w);
}

/* The jr:template copy of a repeat; groups inside it hold full repeats. */
static void
write_template(struct survey *s, struct xml_writer *w, // NOLINT
               const struct element *e)
{
    xml_writer_open(w, e->name);
    xml_writer_attr(w, "jr:template", "");
    for (const struct element *c = e->first; c; c = c->next) {
        if (c->kind == ELEMENT_REPEAT) {
            write_template(s, w, c);
        } else if (c->kind == ELEMENT_QUESTION) {
            write_question_node(s, w, c);
        } else if (c->kind == ELEMENT_GROUP) {
            xml_writer_open(w, c->name);
            write_attributes(s, w, c, "instance");
            write_children(s, w, c, false);
            xml_writer_close(w);
        }
    }
    xml_writer_close(w);
}

/* `in_instance`: inside the first instance of a repeat, whose template has the
 * templates of the repeats below already. Depth: SURVEY_DEPTH_MAX. */
static void
write_children(struct survey *s, struct xml_writer *w, // NOLINT
               const struct element *e, bool in_instance)
{
    for (const struct element *c = e->first; c; c = c->next) {
        if (c->kind == ELEMENT_QUESTION) {
            write_question_node(s, w, c);
            continue;
        }
        if (c->kind != ELEMENT_GROUP && c->kind != ELEMENT_REPEAT) {
            continue;
        }
        if (c->flat) {
            write_children(s, w, c, in_instance);
            continue;
        }
        bool repeat = c->kind == ELEMENT_REPEAT;
        if (repeat && !in_instance) {
            write_template(s, w, c);
        }
        xml_writer_open(w, c->name);
        write_attributes(s, w, c, "instance");
        write_children(s, w, c, in_instance || repeat);
        xml_writer_close(w);
    }
}

static void
write_primary_instance(struct survey *s, struct xml_writer *w)
{
    static const char *const attrs[][2] = {{"instance_xmlns", "xmlns"},
                                           {"version", "version"},
                                           {"prefix", "odk:prefix"},
                                           {"delimiter", "odk:delimiter"}};
    xml_writer_open(w, "instance");
    xml_writer_open(w, s->root->name);
    for (const struct prop *q = prop_branch(s->settings, "instance"); q;
         q = q->next) {
        if (lexer_is_name(q->key)) {
            xml_writer_attr(w, q->key, q->text);
        }
    }
    for (const struct prop *q = prop_branch(s->settings, "attribute"); q;
         q = q->next) {
        if (q->text && lexer_is_name(q->key) && strcmp(q->key, "id") != 0
            && strcmp(q->key, "version") != 0) {
            xml_writer_attr(w, q->key, q->text);
        }
    }
    xml_writer_attr(w, "id", s->id);
    for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++) {
        xml_writer_attr(w, attrs[i][1], survey_setting(s, attrs[i][0]));
    }
    write_children(s, w, s->root, false);
    xml_writer_close(w);
    xml_writer_close(w);
}

/* ---- secondary instances ---- */

struct instance {
    const char *src; /* NULL for a list of the choices sheet */
    const struct element *external;
};

struct instances {
    struct survey *s;
    struct xml_writer *w;
    struct name_map seen;
};

/* Write <instance id src/>, unless it is there already. */
static void
write_external(struct instances *in, const struct element *e, const char *name,
               const char *src)
{
    struct survey *s = in->s;
    void **slot = name_map_put(&in->seen, s->pool, name);
    if (!slot) {
        return;
    }
    struct instance *known = *slot;
    bool declared = e->kind == ELEMENT_EXTERNAL;
    if (known) {
        struct diag_where at = survey_where(s, e->row, "type", NULL);
        if (declared && known->external) {
            (void)diag_add(s->d, DIAG_ERROR, &at,
                           N_("Instance names must be unique within a form: "
                              "“%s” is declared more than once."),
                           name);
        } else if (!known->src || strcmp(known->src, src) != 0) {
            (void)diag_add(
                s->d, DIAG_ERROR, &at,
                N_("The same instance id “%s” would stand for different files: "
                   "“%s” and “%s”. Rename one of them."),
                name, known->src ? known->src : "", src);
        }
        return;
    }
    known = pool_alloc(s->pool, sizeof(*known));
    if (!known) {
        return;
    }
    known->src = src;
    known->external = declared ? e : NULL;
    *slot = known;
    xml_writer_open(in->w, "instance");
    xml_writer_attr(in->w, "id", name);
    xml_writer_attr(in->w, "src", src);
    xml_writer_close(in->w);
}

/* pulldata('people', ...) reads people.csv. */
static void
write_pulldata(struct instances *in, const struct element *e, const char *text)
{
    static const char call[] = "pulldata";
    struct pool *p = in->s->pool;
    for (const char *at = text ? strstr(text, call) : NULL; at;
         at = strstr(at, call)) {
        at += strlen(call);
        at += strspn(at, " \t\n");
        if (*at != '(') {
            continue;
        }
        at++;
        at += strspn(at, " \t\n");
        size_t len = strcspn(at, ",");
        if (at[len] != ',') {
            return;
        }
        char *name = pool_alloc(p, len + 1);
        if (!name) {
            return;
        }
        size_t n = 0;
        for (size_t i = 0; i < len; i++) {
            if (at[i] != '\'' && at[i] != '"') {
                name[n++] = at[i];
            }
        }
        while (n > 0 && name[n - 1] == ' ') {
            name[--n] = '\0';
        }
        write_external(in, e, name,
                       pool_printf(p, "jr://file-csv/%s.csv", name));
    }
}

static bool
has_last_saved(const char *text)
{
    return text && strstr(text, "${last-saved#");
}

static const char *const expressions[] = {"calculate", "constraint", "readonly",
                                          "required", "relevant"};

static bool
collect_external(struct instances *in, const struct element *e)
{
    struct pool *p = in->s->pool;
    const char *other[] = {prop_text(e->cells, "choice_filter"),
                           prop_text(e->cells, "default")};
    bool saved = false;
    struct prop *bind = prop_branch(e->cells, "bind");
    for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
        const char *text = prop_text(bind, expressions[i]);
        write_pulldata(in, e, text);
        saved = saved || has_last_saved(text);
    }
    for (size_t i = 0; i < 2; i++) {
        write_pulldata(in, e, other[i]);
        saved = saved || has_last_saved(other[i]);
    }
    const char *ext = e->itemset ? strrchr(e->itemset, '.') : NULL;
    if (ext && !lexer_has_reference(e->itemset)
        && (strcmp(ext, ".csv") == 0 || strcmp(ext, ".xml") == 0
            || strcmp(ext, ".geojson") == 0)) {
        const char *name =
            pool_dup_len(p, e->itemset, (size_t)(ext - e->itemset));
        const char *folder = strcmp(ext, ".csv") == 0 ? "file-csv" : "file";
        write_external(in, e, name,
                       pool_printf(p, "jr://%s/%s", folder, e->itemset));
    }
    return saved;
}

static void
write_option(struct instances *in, const struct itemset *set,
             const struct option *o, size_t index)
{
    struct xml_writer *w = in->w;
    xml_writer_open(w, "item");
    if (set->needs_itext) {
        xml_writer_leaf(w, "itextId",
                        pool_printf(in->s->pool, "%s-%zu", set->name, index));
    }
    xml_writer_leaf(w, "name", o->name);
    if (!set->needs_itext && prop_text(o->cells, "label")) {
        xml_writer_leaf(w, "label", prop_text(o->cells, "label"));
    }
    const char *sms = NULL;
    for (const struct prop *q = o->cells; q; q = q->next) {
        bool own = strcmp(q->key, "name") == 0 || strcmp(q->key, "label") == 0
                   || strcmp(q->key, "media") == 0
                   || strcmp(q->key, "list name") == 0;
        if (strcmp(q->key, "sms_option") == 0) {
            sms = q->text;
        } else if (!own && q->text) {
            xml_writer_leaf(w, q->key, q->text);
        }
    }
    if (sms) {
        xml_writer_leaf(w, "sms_option", sms);
    }
    xml_writer_close(w);
}

static void
write_itemset(struct instances *in, const struct itemset *set)
{
    if (set->used_by_search) {
        return;
    }
    const struct instance *known = name_map_get(&in->seen, set->name);
    if (known) {
        struct diag_where at = table_where(in->s->table[TABLE_CHOICES],
                                           set->first->row, "list name", NULL);
        (void)diag_add(in->s->d, DIAG_ERROR, &at,
                       N_("The same instance id “%s” would stand for different "
                          "files: “%s” and “%s”. Rename one of them."),
                       set->name, known->src, "choices");
        return;
    }
    xml_writer_open(in->w, "instance");
    xml_writer_attr(in->w, "id", set->name);
    xml_writer_open(in->w, "root");
    size_t index = 0;
    for (const struct option *o = set->first; o; o = o->next) {
        write_option(in, set, o, index++);
    }
    xml_writer_close(in->w);
    xml_writer_close(in->w);
}

static void
write_instances(struct survey *s, struct xml_writer *w)
{
    struct instances in = {.s = s, .w = w};
    bool last_saved = false;
    for (struct element *e = s->root; e; e = survey_next(s->root, e)) {
        if (e->kind == ELEMENT_EXTERNAL) {
            bool csv = strcmp(e->type, "csv-external") == 0;
            write_external(&in, e, e->name,
                           pool_printf(s->pool, "jr://%s/%s.%s",
                                       csv ? "file-csv" : "file", e->name,
                                       csv ? "csv" : "xml"));
        } else {
            last_saved = collect_external(&in, e) || last_saved;
        }
    }
    if (last_saved) {
        write_external(&in, s->root, "__last-saved",
                       "jr://instance/last-saved");
    }
    for (const struct itemset *set = s->itemsets; set; set = set->next) {
        write_itemset(&in, set);
    }
}

/* ---- binds ---- */

static const char *
bind_value(struct survey *s, const struct element *e, const struct prop *q)
{
    bool message = strcmp(q->key, "jr:constraintMsg") == 0
                   || strcmp(q->key, "jr:requiredMsg") == 0;
    bool error = strcmp(q->key, "jr:noAppErrorString") == 0;
    if ((message || error)
        && (q->child || (message && lexer_has_reference(q->text)))) {
        return itext_ref(s, e, q->key);
    }
    if (!q->text) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
        int yes =
            strcmp(q->key, expressions[i]) == 0 ? survey_yes_no(q->text) : -1;
        if (yes >= 0) {
            return yes ? "true()" : "false()";
        }
    }
    return refs_expand(s, q->text, e, REFS_PLAIN);
}

/* An attribute that the type brings, unless the row says otherwise. */
static void
write_type_attr(struct xml_writer *w, struct prop *bind, const char *name,
                const char *value)
{
    if (value && !prop_find(bind, name)) {
        xml_writer_attr(w, name, value);
    }
}

static void
write_bind(struct survey *s, struct xml_writer *w, const struct element *e)
{
    struct prop *bind = prop_branch(e->cells, "bind");
    const struct qtype *t = e->qtype;
    bool typed = t && t->control != QTYPE_EXTERNAL
                 && (t->type || t->preload || t->readonly);
    const char *indicator = prop_text(e->cells, "anketa_indicator");
    const char *scale = prop_text(e->cells, "anketa_scale");
    const char *document = prop_text(e->cells, "anketa_document");
    bool own = indicator || scale || document;
    if ((!bind && !typed && !own) || e->flat) {
        return;
    }
    xml_writer_open(w, "bind");
    xml_writer_attr(w, "nodeset", e->path);
    if (t) {
        write_type_attr(w, bind, "type", t->type);
        write_type_attr(w, bind, "readonly", t->readonly);
        write_type_attr(w, bind, "constraint", t->constraint);
        write_type_attr(w, bind, "jr:preload", t->preload);
        write_type_attr(w, bind, "jr:preloadParams", t->preload_params);
    }
    for (const struct prop *q = bind; q; q = q->next) {
        if (!(e->has_trigger && strcmp(q->key, "calculate") == 0)
            && lexer_is_name(q->key)) {
            xml_writer_attr(w, q->key, bind_value(s, e, q));
        }
    }
    xml_writer_attr(w, "anketa:indicator", indicator);
    xml_writer_attr(w, "anketa:scale", scale);
    xml_writer_attr(w, "anketa:document", document);
    xml_writer_close(w);
}

static void
write_actions(struct survey *s, struct xml_writer *w, const struct element *e)
{
    for (const struct action *a = e->actions; a; a = a->next) {
        if (strcmp(a->event, "odk-new-repeat") == 0) {
            continue;
        }
        xml_writer_open(w, a->name);
        xml_writer_attr(w, "ref", e->path);
        xml_writer_attr(w, "event", a->event);
        xml_writer_attr(w, "odk:quality", a->quality);
        if (a->value) {
            xml_writer_attr(w, "value",
                            refs_expand(s, a->value, e, REFS_PLAIN));
        }
        xml_writer_close(w);
    }
}

static void
write_submission(struct survey *s, struct xml_writer *w)
{
    const char *url = survey_setting(s, "submission_url");
    const char *key = survey_setting(s, "public_key");
    const char *send = survey_setting(s, "auto_send");
    const char *remove = survey_setting(s, "auto_delete");
    const char *text = survey_setting(s, "client_editable");
    bool editable = text && survey_yes_no(text) == 1;
    if (!url && !key && !send && !remove && !editable) {
        return;
    }
    xml_writer_open(w, "submission");
    xml_writer_attr(w, "action", url);
    xml_writer_attr(w, "method", url ? "post" : NULL);
    xml_writer_attr(w, "base64RsaPublicKey", key);
    xml_writer_attr(w, "orx:auto-send", send);
    xml_writer_attr(w, "orx:auto-delete", remove);
    xml_writer_attr(w, "odk:client-editable", editable ? "true" : NULL);
    xml_writer_close(w);
}

static void
write_extensions(struct survey *s, struct xml_writer *w)
{
    size_t prefix = strlen(EXTENSION_PREFIX);
    for (const struct prop *q = s->settings; q; q = q->next) {
        if (strncmp(q->key, EXTENSION_PREFIX, prefix) == 0 && q->text
            && lexer_is_name(q->key + prefix)) {
            xml_writer_attr(
                w, pool_printf(s->pool, "anketa:%s", q->key + prefix), q->text);
        }
    }
}

void
model_write(struct survey *s, struct xml_writer *w)
{
    xml_writer_open(w, "model");
    xml_writer_attr(w, "odk:xforms-version", XFORMS_VERSION);
    if (s->entities) {
        xml_writer_attr(w, "entities:entities-version", s->entities->version);
    }
    write_extensions(s, w);
    write_submission(s, w);
    itext_write(s, w);
    write_primary_instance(s, w);
    write_instances(s, w);
    for (struct element *e = s->root; e; e = survey_next(s->root, e)) {
        if (e->kind != ELEMENT_SURVEY && e->kind != ELEMENT_EXTERNAL) {
            write_bind(s, w, e);
            write_actions(s, w, e);
        }
    }
    xml_writer_close(w);
}
