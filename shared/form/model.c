#include "form/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/vec.h"

#define FIRST_SLOTS 256

static uint32_t
child_hash(uint32_t parent, uint32_t local_index)
{
    uint32_t h = parent * UINT32_C(2654435761) ^ local_index;
    h ^= h >> 16;
    h *= UINT32_C(0x85EBCA6B);
    return h ^ (h >> 13);
}

static uint32_t
child_probe(const struct form *f, uint32_t parent, uint32_t local_index)
{
    uint32_t mask = f->child_slot_count - 1;
    uint32_t at = child_hash(parent, local_index) & mask;
    while (f->child_slot[at] != 0) {
        const struct model_def *d = &f->def[f->child_slot[at] - 1];
        if (d->parent == parent && d->local_index == local_index) {
            break;
        }
        at = (at + 1) & mask;
    }
    return at;
}

uint32_t
model_child(const struct form *f, uint32_t parent, uint32_t local_index)
{
    if (f->child_slot_count == 0 || local_index == NAMES_NONE) {
        return MODEL_NONE;
    }
    uint32_t slot = f->child_slot[child_probe(f, parent, local_index)];
    return slot ? slot - 1 : MODEL_NONE;
}

uint32_t
model_child_named(const struct form *f, uint32_t parent, const char *local)
{
    return model_child(f, parent, names_find(&f->names, local, strlen(local)));
}

static enum status
grow_table(struct form *f)
{
    uint32_t count =
        f->child_slot_count ? f->child_slot_count * 2 : FIRST_SLOTS;
    uint32_t *fresh = calloc(count, sizeof(*fresh));
    if (!fresh) {
        return log_oom("form");
    }
    free(f->child_slot);
    f->child_slot = fresh;
    f->child_slot_count = count;
    for (uint32_t i = 0; i < f->def_count; i++) {
        f->child_slot[child_probe(f, f->def[i].parent, f->def[i].local_index)] =
            i + 1;
    }
    return STATUS_OK;
}

enum status
model_add_def(struct form *f, uint32_t parent, const char *name,
              uint32_t *out_def)
{
    enum status st = vec_reserve(&f->def, &f->def_cap, (size_t)f->def_count + 1,
                                 sizeof(*f->def), MODEL_DEFS_MAX);
    if (st == STATUS_OK && f->def_count * 2 >= f->child_slot_count) {
        st = grow_table(f);
    }
    if (st < 0) {
        return st;
    }
    const char *colon = strchr(name, ':');
    bool attribute = *name == '@';
    char at_local[256];
    const char *local = colon ? colon + 1 : name;
    if (attribute && colon) {
        size_t len = strlen(local);
        if (len + 2 > sizeof(at_local)) {
            return STATUS_E_LIMIT;
        }
        at_local[0] = '@';
        memcpy(at_local + 1, local, len + 1);
        local = at_local;
    }
    uint32_t index = f->def_count;
    struct model_def *d = &f->def[index];
    *d = (struct model_def){.initial = "",
                            .parent = parent,
                            .child = MODEL_NONE,
                            .last_child = MODEL_NONE,
                            .next = MODEL_NONE,
                            .bind = MODEL_NONE,
                            .control = MODEL_NONE,
                            .group_control = MODEL_NONE,
                            .field = MODEL_NONE,
                            .repeat = MODEL_NONE,
                            .attribute = attribute};
    st = names_add(&f->names, &f->arena, local, strlen(local), &d->local_index);
    const char *above = parent == MODEL_NONE ? "" : f->def[parent].path;
    size_t above_len = strlen(above);
    size_t name_len = strlen(name);
    char *path = arena_alloc(&f->arena, above_len + name_len + 2);
    if (st < 0 || !path) {
        return st < 0 ? st : STATUS_E_NOMEM;
    }
    memcpy(path, above, above_len + 1);
    path[above_len] = '/';
    memcpy(path + above_len + 1, name, name_len + 1);
    d->path = path;
    d->name = path + above_len + 1;
    d->local = f->names.text[d->local_index];
    f->child_slot[child_probe(f, parent, d->local_index)] = index + 1;
    f->def_count++;
    if (parent != MODEL_NONE) {
        struct model_def *p = &f->def[parent];
        p->group = p->group || !attribute;
        if (p->last_child == MODEL_NONE) {
            p->child = index;
        } else {
            f->def[p->last_child].next = index;
        }
        p->last_child = index;
    }
    *out_def = index;
    return STATUS_OK;
}

uint32_t
model_find(const struct form *f, const char *path)
{
    uint32_t at = MODEL_NONE;
    path += strspn(path, " \t\r\n");
    if (*path != '/') {
        return MODEL_NONE;
    }
    while (*path == '/') {
        path++;
        size_t len = strcspn(path, "/ \t\r\n");
        size_t skip = 0;
        bool attribute = len > 0 && *path == '@';
        for (size_t i = 0; i < len; i++) {
            skip = path[i] == ':' ? i + 1 : skip;
        }
        char local[256] = "@";
        size_t local_len = len - skip;
        if (local_len == 0 || local_len > sizeof(local) - 2) {
            return MODEL_NONE;
        }
        bool lost_mark = attribute && skip > 0;
        memcpy(local + lost_mark, path + skip, local_len);
        at = model_child(f, at,
                         names_find(&f->names, local, local_len + lost_mark));
        if (at == MODEL_NONE) {
            return MODEL_NONE;
        }
        path += len;
    }
    path += strspn(path, " \t\r\n");
    return *path == '\0' ? at : MODEL_NONE;
}

const struct model_text *
model_text_of(const struct form *f, const struct model_label *label,
              size_t lang)
{
    if (label->itext != MODEL_NONE && lang < f->lang_count) {
        if (label->itext < f->itext_cap[lang] && f->itext[lang][label->itext]) {
            return f->itext[lang][label->itext];
        }
        return NULL;
    }
    return label->own;
}

const struct secondary *
model_secondary(const struct form *f, const char *id)
{
    for (uint32_t i = 0; i < f->secondary_count; i++) {
        if (strcmp(f->secondary[i]->id, id) == 0) {
            return f->secondary[i];
        }
    }
    return NULL;
}
