#include <stdlib.h>
#include <string.h>

#include "form/load.h"
#include "form/vec.h"

static void
failed(struct load *l, enum status st)
{
    if (l->st == STATUS_OK && st < 0) {
        if (st == STATUS_E_LIMIT) {
            load_fail(l, N_("The form is larger than this program accepts."),
                      "");
        }
        l->st = st;
    }
}

static uint32_t
add_control(struct load *l, enum model_control_kind kind, uint32_t parent)
{
    struct form *f = l->form;
    enum status st =
        vec_reserve(&f->control, &f->control_cap, (size_t)f->control_count + 1,
                    sizeof(*f->control), MODEL_CONTROLS_MAX);
    if (st < 0) {
        failed(l, st);
        return 0;
    }
    uint32_t index = f->control_count++;
    struct model_control *c = &f->control[index];
    const char *appearance = load_attribute(l, "appearance");
    const char *ref = load_attribute(l, "ref");
    *c = (struct model_control){.kind = kind,
                                .def = MODEL_NONE,
                                .parent = parent,
                                .child = MODEL_NONE,
                                .last_child = MODEL_NONE,
                                .next = MODEL_NONE,
                                .line = load_line(l),
                                .ref = ref ? ref : load_attribute(l, "nodeset"),
                                .appearance = appearance ? appearance : "",
                                .label.itext = MODEL_NONE,
                                .hint.itext = MODEL_NONE};
    struct model_control *p = &f->control[parent];
    if (p->last_child == MODEL_NONE) {
        p->child = index;
    } else {
        f->control[p->last_child].next = index;
    }
    p->last_child = index;
    return index;
}

static double
number_attribute(struct load *l, const char *name, double otherwise)
{
    const char *text = load_attribute(l, name);
    return text && *text ? strtod(text, NULL) : otherwise;
}

static void
start_action(struct load *l, uint32_t control)
{
    static const struct {
        const char *name;
        unsigned event;
    } events[] = {{"odk-instance-first-load", MODEL_EVENT_FIRST_LOAD},
                  {"odk-instance-load", MODEL_EVENT_FIRST_LOAD},
                  {"xforms-ready", MODEL_EVENT_FIRST_LOAD},
                  {"odk-new-repeat", MODEL_EVENT_NEW_REPEAT},
                  {"xforms-value-changed", MODEL_EVENT_VALUE_CHANGED}};
    struct form *f = l->form;
    struct model_action *a = arena_alloc(&f->arena, sizeof(*a));
    if (!a) {
        failed(l, STATUS_E_NOMEM);
        return;
    }
    const char *event = load_attribute(l, "event");
    a->ref = load_attribute(l, "ref");
    a->value = load_attribute(l, "value");
    a->literal = "";
    a->control = control;
    a->target = MODEL_NONE;
    a->context = MODEL_NONE;
    a->line = load_line(l);
    for (size_t i = 0; event && i < sizeof(events) / sizeof(events[0]); i++) {
        if (strstr(event, events[i].name)) {
            a->events |= events[i].event;
        }
    }
    if (f->last_action) {
        f->last_action->next = a;
    } else {
        f->action = a;
    }
    f->last_action = a;
}

static const struct {
    const char *name;
    enum form_control shows;
} questions[] = {
    {"input", FORM_CONTROL_INPUT},
    {"select1", FORM_CONTROL_SELECT_ONE},
    {"select", FORM_CONTROL_SELECT_MULTIPLE},
    {"rank", FORM_CONTROL_RANK},
    {"range", FORM_CONTROL_RANGE},
    {"trigger", FORM_CONTROL_TRIGGER},
    {"upload", FORM_CONTROL_UPLOAD},
    {"secret", FORM_CONTROL_INPUT},
    {"textarea", FORM_CONTROL_INPUT},
};

static struct load_frame
start_control(struct load *l, const struct load_frame *parent, const char *name)
{
    struct load_frame frame = {LOAD_SKIP, 0, false};
    uint32_t above = parent->state == LOAD_BODY ? 0 : parent->index;
    if (strcmp(name, "group") == 0) {
        frame.state = LOAD_GROUP;
        frame.index = add_control(l, MODEL_GROUP, above);
        return frame;
    }
    if (strcmp(name, "repeat") == 0) {
        frame.state = LOAD_REPEAT;
        frame.index = add_control(l, MODEL_REPEAT, above);
        struct model_control *c = &l->form->control[frame.index];
        const char *fixed = load_attribute(l, "noAddRemove");
        c->source_count = load_attribute(l, "count");
        c->fixed = fixed && strstr(fixed, "true");
        return frame;
    }
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        if (strcmp(name, questions[i].name) == 0) {
            frame.state = LOAD_QUESTION;
            frame.index = add_control(l, MODEL_QUESTION, above);
            struct model_control *c = &l->form->control[frame.index];
            c->shows = questions[i].shows;
            c->range_start = number_attribute(l, "start", 0);
            c->range_end = number_attribute(l, "end", 0);
            c->range_step = number_attribute(l, "step", 1);
            c->rows = (int)number_attribute(l, "rows", 0);
            return frame;
        }
    }
    return frame;
}

static struct load_frame
start_text(struct load *l, enum load_state state, uint32_t index)
{
    struct load_frame frame = {state, index, false};
    l->label_ref = load_attribute(l, "ref");
    return frame;
}

static void
start_item(struct load *l, uint32_t control)
{
    struct model_control *c = &l->form->control[control];
    struct model_choice *choice = arena_alloc(&l->form->arena, sizeof(*choice));
    if (!choice) {
        failed(l, STATUS_E_NOMEM);
        return;
    }
    choice->value = "";
    choice->label.itext = MODEL_NONE;
    if (c->last_choice) {
        c->last_choice->next = choice;
    } else {
        c->choice = choice;
    }
    c->last_choice = choice;
    c->choice_count++;
    l->choice = choice;
}

static struct load_frame
start_in_question(struct load *l, const struct load_frame *parent,
                  const char *name)
{
    struct load_frame frame = {LOAD_SKIP, parent->index, false};
    if (strcmp(name, "label") == 0) {
        return start_text(l, LOAD_LABEL, parent->index);
    }
    if (strcmp(name, "hint") == 0) {
        return start_text(l, LOAD_HINT, parent->index);
    }
    if (strcmp(name, "item") == 0) {
        start_item(l, parent->index);
        frame.state = LOAD_ITEM;
    } else if (strcmp(name, "itemset") == 0) {
        l->form->control[parent->index].source_itemset =
            load_attribute(l, "nodeset");
        frame.state = LOAD_ITEMSET;
    }
    return frame;
}

struct load_frame
load_body_start(struct load *l, const struct load_frame *parent,
                const char *name)
{
    struct load_frame frame = {LOAD_SKIP, parent->index, false};
    struct model_control *c = &l->form->control[parent->index];
    if (strcmp(name, "setvalue") == 0) {
        bool in_control = parent->state == LOAD_QUESTION
                          || parent->state == LOAD_REPEAT
                          || parent->state == LOAD_GROUP;
        start_action(l, in_control ? parent->index : MODEL_NONE);
        frame.state = LOAD_ACTION;
        return frame;
    }
    switch ((int)parent->state) {
    case LOAD_BODY:
        return start_control(l, parent, name);
    case LOAD_GROUP:
    case LOAD_REPEAT:
        if (strcmp(name, "label") == 0 || strcmp(name, "hint") == 0) {
            return start_in_question(l, parent, name);
        }
        return start_control(l, parent, name);
    case LOAD_QUESTION:
        return start_in_question(l, parent, name);
    case LOAD_ITEM:
        if (strcmp(name, "label") == 0) {
            return start_text(l, LOAD_ITEM_LABEL, parent->index);
        }
        frame.state = strcmp(name, "value") == 0 ? LOAD_ITEM_VALUE : LOAD_SKIP;
        return frame;
    case LOAD_ITEMSET:
        if (strcmp(name, "value") == 0) {
            c->source_value = load_attribute(l, "ref");
        } else if (strcmp(name, "label") == 0) {
            c->source_label = load_attribute(l, "ref");
        }
        return frame;
    default:
        return frame;
    }
}

static void
end_label(struct load *l, struct model_label *label)
{
    struct model_piece *pieces = load_take_pieces(l);
    if (l->label_ref) {
        label->itext_id = l->label_ref;
        return;
    }
    if (!pieces) {
        return;
    }
    struct model_text *own = arena_alloc(&l->form->arena, sizeof(*own));
    if (!own) {
        failed(l, STATUS_E_NOMEM);
        return;
    }
    own->plain = pieces;
    own->context = MODEL_NONE;
    label->own = own;
}

void
load_body_end(struct load *l, const struct load_frame *frame,
              const struct load_frame *parent)
{
    (void)parent;
    struct model_control *c = &l->form->control[frame->index];
    switch ((int)frame->state) {
    case LOAD_LABEL:
        end_label(l, &c->label);
        break;
    case LOAD_HINT:
        end_label(l, &c->hint);
        break;
    case LOAD_ITEM_LABEL:
        end_label(l, &l->choice->label);
        break;
    case LOAD_ITEM_VALUE:
        l->choice->value = load_copy(l, l->text.data, l->text.len);
        break;
    case LOAD_ACTION:
        l->form->last_action->literal = load_copy(l, l->text.data, l->text.len);
        break;
    default:
        break;
    }
}
