#include "xlsform/entity_block.h"

#include "xlsform/question.h"

static struct element *
add_attribute(struct survey *s, struct element *entity, const char *name,
              const char *value, const char *calculate)
{
    struct element *e =
        survey_add(s, entity, ELEMENT_ATTRIBUTE, name, "attribute");
    if (!e) {
        return NULL;
    }
    if (value) {
        prop_set(s->pool, &e->cells, "value", value);
    }
    if (calculate) {
        prop_set_in(s->pool, &e->cells, "bind", "calculate", calculate);
        prop_set_in(s->pool, &e->cells, "bind", "type", "string");
        prop_set_in(s->pool, &e->cells, "bind", "readonly", "true()");
    }
    return e;
}

static void
add_id(struct survey *s, struct element *entity, const char *calculate,
       bool in_repeat)
{
    struct element *id = add_attribute(s, entity, "id", NULL, calculate);
    if (!id || calculate) {
        return;
    }
    prop_set_in(s->pool, &id->cells, "bind", "readonly", "true()");
    prop_set_in(s->pool, &id->cells, "bind", "type", "string");
    question_add_action(s, id, "setvalue", "odk-instance-first-load", "uuid()");
    if (in_repeat) {
        question_add_action(s, id, "setvalue", "odk-new-repeat", "uuid()");
    }
}

static void
add_versions(struct survey *s, struct element *entity, const char *dataset,
             const char *id)
{
    static const char *const parts[][2] = {{"baseVersion", "__version"},
                                           {"trunkVersion", "__trunkVersion"},
                                           {"branchId", "__branchId"}};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        (void)add_attribute(s, entity, parts[i][0], NULL,
                            pool_printf(s->pool,
                                        "instance('%s')/root/item[name=%s]/%s",
                                        dataset, id, parts[i][1]));
    }
}

static struct element *
meta_of(struct survey *s, struct element *container)
{
    struct element *last = container->last;
    if (container == s->root && last && last->bodyless) {
        return last;
    }
    struct element *meta =
        survey_add(s, container, ELEMENT_GROUP, SURVEY_META, "group");
    if (meta) {
        meta->bodyless = true;
        meta->unnamed = true;
    }
    return meta;
}

static void
move_to_front(struct element *parent, struct element *child)
{
    if (parent->first == child) {
        return;
    }
    struct element *before = parent->first;
    while (before->next != child) {
        before = before->next;
    }
    before->next = child->next;
    parent->last = child->next ? parent->last : before;
    child->next = parent->first;
    parent->first = child;
}

void
entity_block_write(struct survey *s, const struct entity_block *b)
{
    struct prop *cells = b->cells;
    const char *id = prop_text(cells, "entity_id");
    const char *create = prop_text(cells, "create_if");
    struct element *meta = meta_of(s, b->container);
    struct element *entity =
        meta ? survey_add(s, meta, ELEMENT_GROUP, "entity", "entity") : NULL;
    if (!entity) {
        return;
    }
    entity->unnamed = true;
    move_to_front(meta, entity);
    (void)add_attribute(s, entity, "dataset", b->dataset, NULL);
    if (!id || create) {
        (void)add_attribute(s, entity, "create", "1", create);
    }
    if (id) {
        (void)add_attribute(s, entity, "update", "1",
                            prop_text(cells, "update_if"));
        add_versions(s, entity, b->dataset, id);
    }
    add_id(s, entity, id, b->in_repeat);
    const char *label = prop_text(cells, "label");
    if (label) {
        struct element *e =
            survey_add(s, entity, ELEMENT_QUESTION, "label", "calculate");
        if (e) {
            e->unnamed = true;
            e->qtype = qtype_find("calculate");
            prop_set_in(s->pool, &e->cells, "bind", "calculate", label);
            prop_set_in(s->pool, &e->cells, "bind", "readonly", "true()");
        }
    }
}
