#include "xlsform/body.h"

#include <string.h>

#include "xlsform/itext.h"
#include "xlsform/lexer.h"
#include "xlsform/refs.h"

static void
write_text_element(struct survey *s, struct xml_writer *w,
                   const struct element *e, const char *tag, const char *text)
{
    xml_writer_open(w, tag);
    const char *xml = text ? refs_label(s, text, e) : NULL;
    if (xml) {
        xml_writer_raw(w, xml);
    } else if (text) {
        xml_writer_text(w, text);
    }
    xml_writer_close(w);
}

static void
write_label(struct survey *s, struct xml_writer *w, const struct element *e)
{
    if (itext_needed(e)) {
        xml_writer_open(w, "label");
        xml_writer_attr(w, "ref", itext_ref(s, e, "label"));
        xml_writer_close(w);
        return;
    }
    write_text_element(s, w, e, "label", prop_text(e->cells, "label"));
}

static void
write_hint(struct survey *s, struct xml_writer *w, const struct element *e)
{
    const struct prop *hint = prop_find(e->cells, "hint");
    if (prop_find(e->cells, "guidance_hint") || (hint && hint->child)) {
        xml_writer_open(w, "hint");
        xml_writer_attr(w, "ref", itext_ref(s, e, "hint"));
        xml_writer_close(w);
        return;
    }
    write_text_element(s, w, e, "hint", hint ? hint->text : NULL);
}

static void
check_texts(struct survey *s, const struct element *e)
{
    struct prop *media = prop_branch(e->cells, "media");
    bool visible =
        prop_find(e->cells, "label") || prop_find(e->cells, "hint") || media;
    struct diag_where at = survey_where(s, e->row, "label", NULL);
    if (!visible && strcmp(e->name, SURVEY_NO_NAME) != 0) {
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("The survey element named “%s” has no label or hint: "
                          "nobody would see what is asked."),
                       e->name);
    }
    if (prop_find(media, "big-image") && !prop_find(media, "image")) {
        at = survey_where(s, e->row, "media", "big-image");
        (void)diag_add(
            s->d, DIAG_ERROR, &at,
            N_("To use big-image, you must also specify an image for "
               "the survey element named “%s”."),
            e->name);
    }
}

static void
write_label_and_hint(struct survey *s, struct xml_writer *w,
                     const struct element *e)
{
    check_texts(s, e);
    bool hint =
        prop_find(e->cells, "hint") || prop_find(e->cells, "guidance_hint");
    if (prop_find(e->cells, "label") || prop_branch(e->cells, "media")
        || hint) {
        write_label(s, w, e);
    }
    if (hint) {
        write_hint(s, w, e);
    }
}

/* body::a::b: the parts below an attribute, the way Python prints a dict. */
static const char *
literal(struct survey *s, const struct prop *list)
{
    const char *out = "{";
    for (const struct prop *q = list; q; q = q->next) {
        out = pool_printf(s->pool, "%s%s'%s': '%s'", out, q == list ? "" : ", ",
                          q->key, q->text ? q->text : "");
    }
    return pool_printf(s->pool, "%s}", out);
}

static void
write_control_attrs(struct survey *s, struct xml_writer *w,
                    const struct element *e)
{
    for (const struct prop *q = prop_branch(e->cells, "control"); q;
         q = q->next) {
        bool known = strcmp(q->key, "ref") == 0 || strcmp(q->key, "tag") == 0
                     || strcmp(q->key, "mediatype") == 0;
        const char *text = q->text ? q->text : literal(s, q->child);
        bool raw = e->kind == ELEMENT_GROUP
                   && strcmp(q->key, "appearance") == 0; /* as pyxform does */
        if (!known && lexer_is_name(q->key)) {
            xml_writer_attr(w, q->key,
                            raw ? text : refs_expand(s, text, e, REFS_PLAIN));
        }
    }
}

/* ---- choices ---- */

static const char *
replaced(struct pool *p, const char *text, const char *old, const char *new)
{
    size_t len = strlen(old);
    const char *out = "";
    for (const char *at = len > 0 ? strstr(text, old) : NULL; at;
         at = strstr(text, old)) {
        out = pool_printf(p, "%s%.*s%s", out, (int)(at - text), text, new);
        text = at + len;
    }
    return pool_printf(p, "%s%s", out, text);
}

struct nodeset {
    const char *path;
    const char *value;
    const char *label;
};

/* Choices that are answers of a repeat: select_one ${name}. */
static void
answers_nodeset(struct survey *s, const struct element *e, const char *filter,
                struct nodeset *out)
{
    struct pool *p = s->pool;
    const char *path = refs_expand(s, e->itemset, e, REFS_PARENT);
    path += strspn(path, " ");
    size_t len = strlen(path);
    while (len > 0 && path[len - 1] == ' ') {
        len--;
    }
    path = pool_dup_len(p, path, len);
    if (e->qtype->control == QTYPE_INPUT) {
        path = pool_printf(p, "%s/geometry", path); /* of a repeat */
    }
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *above =
        pool_dup_len(p, path, slash ? (size_t)(slash - path) : 0);
    if (filter) {
        filter =
            replaced(p, filter, pool_printf(p, "current()/%s", above), ".");
        filter = replaced(p, filter, above, ".");
    } else {
        filter = pool_printf(p, "./%s != ''", name);
    }
    out->path = pool_printf(p, "%s[%s]", above, filter);
    out->value = name;
    out->label = name;
}

static const char *
randomized(struct survey *s, const struct element *e, const char *path)
{
    const char *randomize = prop_text(e->params, "randomize");
    const char *seed = prop_text(e->params, "seed");
    if (!randomize || strcmp(randomize, "true") != 0) {
        return path;
    }
    if (!seed) {
        return pool_printf(s->pool, "randomize(%s)", path);
    }
    return pool_printf(s->pool, "randomize(%s, %s)", path,
                       refs_expand(s, seed, e, REFS_PLAIN));
}

static void
list_nodeset(struct survey *s, const struct element *e, const char *filter,
             struct nodeset *out)
{
    const char *list = e->itemset;
    const char *ext = strrchr(list, '.');
    out->value = "name";
    out->label = "label";
    if (ext && strcmp(ext, ".geojson") == 0) {
        out->value = "id";
        out->label = "title";
    }
    if (ext && !e->options) {
        list = pool_dup_len(s->pool, list, (size_t)(ext - list));
    }
    const char *value = prop_text(e->params, "value");
    const char *label = prop_text(e->params, "label");
    out->value = value ? value : out->value;
    out->label = label ? label : out->label;
    if (e->options && e->options->needs_itext) {
        out->label = "jr:itext(itextId)";
    }
    out->path = filter ? pool_printf(s->pool, "instance('%s')/root/item[%s]",
                                     list, filter)
                       : pool_printf(s->pool, "instance('%s')/root/item", list);
}

static void
write_itemset(struct survey *s, struct xml_writer *w, const struct element *e)
{
    bool answers = lexer_has_reference(e->itemset);
    const char *filter = prop_text(e->cells, "choice_filter");
    if (filter) {
        filter = refs_expand(s, filter, e,
                             REFS_CURRENT | (answers ? REFS_PARENT : 0U));
    }
    struct nodeset set = {0};
    if (answers) {
        answers_nodeset(s, e, filter, &set);
    } else {
        list_nodeset(s, e, filter, &set);
    }
    xml_writer_open(w, "itemset");
    xml_writer_attr(w, "nodeset", randomized(s, e, set.path));
    xml_writer_open(w, "value");
    xml_writer_attr(w, "ref", set.value);
    xml_writer_close(w);
    xml_writer_open(w, "label");
    xml_writer_attr(w, "ref", set.label);
    xml_writer_close(w);
    xml_writer_close(w);
}

/* A list used by search() stands in the body, where Collect expects it. */
static void
write_items(struct survey *s, struct xml_writer *w, const struct itemset *set)
{
    size_t index = 0;
    for (const struct option *o = set->first; o; o = o->next, index++) {
        xml_writer_open(w, "item");
        if (set->needs_itext) {
            xml_writer_open(w, "label");
            xml_writer_attr(
                w, "ref",
                pool_printf(s->pool, "jr:itext('%s-%zu')", set->name, index));
            xml_writer_close(w);
        } else {
            xml_writer_leaf(w, "label", prop_text(o->cells, "label"));
        }
        xml_writer_leaf(w, "value", o->name);
        xml_writer_close(w);
    }
}

static void
write_choices(struct survey *s, struct xml_writer *w, const struct element *e)
{
    if (e->itemset) {
        write_itemset(s, w, e);
    } else if (e->options) {
        write_items(s, w, e->options);
    }
}

/* ---- osm ---- */

static void
write_tags(struct survey *s, struct xml_writer *w, const char *list)
{
    const struct table *t = s->table[TABLE_OSM];
    for (const struct table_row *row = t ? t->first : NULL; row;
         row = row->next) {
        const char *name = prop_text(row->cells, "name");
        const char *of = prop_text(row->cells, "list name");
        if (!name || !of || strcmp(of, list) != 0) {
            continue;
        }
        xml_writer_open(w, "tag");
        xml_writer_attr(w, "key", name);
        xml_writer_leaf(w, "label", prop_text(row->cells, "label"));
        for (const struct table_row *c = t->first; c; c = c->next) {
            const char *value = prop_text(c->cells, "name");
            of = prop_text(c->cells, "list name");
            if (value && of && strcmp(of, name) == 0) {
                xml_writer_open(w, "item");
                xml_writer_leaf(w, "label", prop_text(c->cells, "label"));
                xml_writer_leaf(w, "value", value);
                xml_writer_close(w);
            }
        }
        xml_writer_close(w);
    }
}

/* ---- questions ---- */

static void
write_triggered(struct survey *s, struct xml_writer *w, const struct element *e,
                bool places)
{
    for (const struct trigger_link *t = e->triggers; t; t = t->next) {
        bool place = strcmp(t->target->type, "background-geopoint") == 0;
        if (place != places) {
            continue;
        }
        const char *value =
            prop_text(prop_branch(t->target->cells, "bind"), "calculate");
        xml_writer_open(w, place ? "odk:setgeopoint" : "setvalue");
        xml_writer_attr(w, "ref", t->target->path);
        xml_writer_attr(w, "event", "xforms-value-changed");
        if (value && !place) {
            xml_writer_attr(w, "value", refs_expand(s, value, e, REFS_PLAIN));
        }
        xml_writer_close(w);
    }
}

static bool
is_hidden(const struct element *e)
{
    bool text = prop_find(e->cells, "label") || prop_find(e->cells, "hint");
    bool computed =
        prop_find(prop_branch(e->cells, "bind"), "calculate") || e->has_trigger;
    return strcmp(e->type, "calculate") == 0 || (computed && !text);
}

static void
check_hidden_trigger(struct survey *s, const struct element *e)
{
    for (const struct trigger_link *t = e->triggers; t; t = t->next) {
        struct diag_where at = survey_where(s, t->target->row, "trigger", NULL);
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("The question ${%s} is not user-visible so it can't "
                          "be used as a calculation trigger for question "
                          "${%s}."),
                       e->name, t->target->name);
    }
}

static void
write_question(struct survey *s, struct xml_writer *w, const struct element *e)
{
    if (is_hidden(e)) {
        check_hidden_trigger(s, e);
        return;
    }
    const char *tag = qtype_tag(e->qtype);
    if (!tag) {
        return;
    }
    xml_writer_open(w, tag);
    xml_writer_attr(w, "ref", e->path);
    xml_writer_attr(w, "mediatype", e->qtype->mediatype);
    if (e->qtype->control == QTYPE_RANGE) {
        for (const struct prop *q = e->params; q; q = q->next) {
            xml_writer_attr(w, q->key, q->text);
        }
    }
    write_control_attrs(s, w, e);
    if (e->query) {
        const char *filter = prop_text(e->cells, "choice_filter");
        xml_writer_attr(w, "query",
                        pool_printf(s->pool, "instance('%s')/root/item[%s]",
                                    e->query,
                                    refs_expand(s, filter, e, REFS_CURRENT)));
    }
    write_label_and_hint(s, w, e);
    if (e->qtype->control == QTYPE_OSM) {
        const char *type = prop_text(e->cells, "type");
        const char *list = type ? strchr(type, ' ') : NULL;
        write_tags(s, w, list ? list + 1 : "");
    }
    write_choices(s, w, e);
    write_triggered(s, w, e, false);
    write_triggered(s, w, e, true);
    xml_writer_close(w);
}

/* ---- sections ---- */

static void
write_children(struct survey *s, struct xml_writer *w, const struct element *e);

static void
write_repeat_defaults(struct survey *s, struct xml_writer *w,
                      struct element *repeat)
{
    for (struct element *e = repeat; e; e = survey_next(repeat, e)) {
        if (e == repeat || survey_repeat_of(e) != repeat) {
            continue;
        }
        for (const struct action *a = e->actions; a; a = a->next) {
            if (strcmp(a->event, "odk-new-repeat") != 0) {
                continue;
            }
            xml_writer_open(w, a->name);
            xml_writer_attr(w, "ref", e->path);
            xml_writer_attr(w, "event", a->event);
            if (a->value) {
                xml_writer_attr(w, "value",
                                refs_expand(s, a->value, e, REFS_PLAIN));
            }
            xml_writer_close(w);
        }
    }
}

static void
write_repeat(struct survey *s, struct xml_writer *w, // NOLINT
             struct element *e)
{
    xml_writer_open(w, "group");
    xml_writer_attr(w, "ref", e->path);
    write_label(s, w, e);
    xml_writer_open(w, "repeat");
    xml_writer_attr(w, "nodeset", e->path);
    write_control_attrs(s, w, e);
    write_children(s, w, e);
    write_repeat_defaults(s, w, e);
    xml_writer_close(w);
    xml_writer_close(w);
}

static void
write_group(struct survey *s, struct xml_writer *w, // NOLINT
            const struct element *e)
{
    if (e->bodyless) {
        return;
    }
    xml_writer_open(w, "group");
    if (!e->flat) {
        xml_writer_attr(w, "ref", e->path);
    }
    write_control_attrs(s, w, e);
    if (prop_find(e->cells, "label")) {
        write_label(s, w, e);
    }
    write_children(s, w, e);
    xml_writer_close(w);
}

/* Depth: SURVEY_DEPTH_MAX. */
static void
write_children(struct survey *s, struct xml_writer *w, // NOLINT
               const struct element *e)
{
    for (struct element *c = e->first; c; c = c->next) {
        switch (c->kind) {
        case ELEMENT_QUESTION:
            write_question(s, w, c);
            break;
        case ELEMENT_GROUP:
            write_group(s, w, c);
            break;
        case ELEMENT_REPEAT:
            write_repeat(s, w, c);
            break;
        case ELEMENT_SURVEY:
        case ELEMENT_LOOP:
        case ELEMENT_EXTERNAL:
        case ELEMENT_ATTRIBUTE:
            break;
        }
    }
}

void
body_write(struct survey *s, struct xml_writer *w)
{
    xml_writer_open(w, "h:body");
    xml_writer_attr(w, "class", survey_setting(s, "style"));
    write_children(s, w, s->root);
    xml_writer_close(w);
}
