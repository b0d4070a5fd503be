/*
 * An XForm of any bytes: loaded, filled at random, shown, written and read back.
 * After all changes, computing everything once more must change nothing; what
 * was written must be read without a fault of the machine.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/filling.h"
#include "form/scenario.h"
#include "form/tree.h"

#define STEPS 24
#define INSTANCES_MAX 12

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status
read_file(void *self, const char *name, struct buf *out)
{
    (void)self;
    (void)name;
    buf_puts(out, "name,label\na,A\n\"b\",\"B, b\"\n");
    return buf_status(out);
}

static void
answer(struct filling *f, const struct filling_item *item, unsigned turn)
{
    static const char *const values[] = {"1",    "",    "a",  "2026-11-23",
                                         "-3.5", "a b", "OK", "слово"};
    size_t count = 0;
    const struct filling_choice *choice =
        filling_choices(f, item->node, &count);
    const char *value = values[turn % 8];
    char name[256];
    if (count > 0 && turn % 3 != 0) {
        size_t len = strlen(choice[turn % count].name);
        if (len < sizeof(name)) {
            memcpy(name, choice[turn % count].name, len + 1);
            value = name;
        }
    }
    enum status st = filling_set(f, item->node, value);
    (void)st;
}

static void
step(struct filling *f, unsigned turn)
{
    size_t count = 0;
    enum status st = STATUS_OK;
    const struct filling_item *item = filling_items(f, &count);
    if (count == 0) {
        return;
    }
    item = &item[(turn * 2654435761U) % count];
    switch (item->kind) {
    case FILLING_QUESTION:
        answer(f, item, turn);
        break;
    case FILLING_REPEAT_ADD:
        if (item->count < INSTANCES_MAX) {
            st = filling_add(f, item->node, item->repeat, NULL);
        }
        break;
    case FILLING_REPEAT_END:
        if (turn % 4 == 0) {
            st = filling_remove(f, item->node);
        }
        break;
    case FILLING_GROUP_BEGIN:
    case FILLING_GROUP_END:
    case FILLING_REPEAT_BEGIN:
    default:
        break;
    }
    (void)st;
}

/* Whether an answer may stand where a calculation would put another. */
static bool
overrides_calculations(const struct form *form)
{
    for (const struct model_action *a = form->action; a; a = a->next) {
        uint32_t bind = form->def[a->target].bind;
        if (bind != MODEL_NONE && form->bind[bind].calculate) {
            return true;
        }
    }
    for (uint32_t i = 1; i < form->control_count; i++) {
        const struct model_control *c = &form->control[i];
        uint32_t bind =
            c->def == MODEL_NONE ? MODEL_NONE : form->def[c->def].bind;
        if (c->kind == MODEL_QUESTION && bind != MODEL_NONE
            && form->bind[bind].calculate) {
            return true;
        }
    }
    return false;
}

/* What the changes have led to is what computing everything gives. */
static void
compute_again(const struct form *form, struct filling *f)
{
    struct buf before;
    struct buf after;
    buf_init(&before, FILLING_XML_MAX_BYTES * 2);
    buf_init(&after, FILLING_XML_MAX_BYTES * 2);
    if (!overrides_calculations(form)
        && filling_submission(f, &before) == STATUS_OK) {
        tree_changed_all(f);
        if (tree_run(f) == STATUS_OK
            && filling_submission(f, &after) == STATUS_OK
            && strcmp(before.data, after.data) != 0) {
            (void)fprintf(stderr, "%s\n%s\n", before.data, after.data);
            abort();
        }
    }
    buf_deinit(&before);
    buf_deinit(&after);
}

static void
write_and_read(const struct form *form, struct filling *f)
{
    struct buf out;
    struct filling *copy = NULL;
    const struct filling_env env = {
        .anonymous = true, .instance_id = "uuid:1", .reproducible = true};
    buf_init(&out, FILLING_XML_MAX_BYTES * 2);
    enum status st = filling_submission(f, &out);
    if (st == STATUS_OK && filling_new(form, &env, &copy) == STATUS_OK) {
        st = filling_read(copy, out.data, out.len, NULL);
        if (st < 0 && st != STATUS_E_INVALID && st != STATUS_E_LIMIT) {
            abort();
        }
    }
    filling_free(copy);
    buf_deinit(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct form_env files = {read_file, NULL};
    const struct filling_env env = {
        .anonymous = true, .instance_id = "uuid:1", .reproducible = true};
    struct form *form = NULL;
    struct filling *f = NULL;
    struct diag d;
    struct buf state;
    diag_init(&d, I18N_EN);
    buf_init(&state, (size_t)16 * 1024 * 1024);
    enum status st = form_load((const char *)data, size, &files, &d, &form);
    if (st < 0 && st != STATUS_E_LIMIT && st != STATUS_E_NOMEM
        && d.errors == 0) {
        abort(); /* refused without a word */
    }
    if (st == STATUS_OK && filling_new(form, &env, &f) == STATUS_OK) {
        for (unsigned turn = 1; turn <= STEPS; turn++) {
            step(f, turn);
        }
        st = scenario_state(f, &state);
        for (size_t lang = 0; lang < form_lang_count(form); lang++) {
            st = filling_set_lang(f, lang);
        }
        for (size_t i = 0; i < form_field_count(form); i++) {
            struct form_field field;
            form_field_get(form, i, &field);
            (void)form_field_label(form, i, 0);
            for (size_t k = 0; k < field.choice_count && k < 5; k++) {
                (void)form_choice_label(form, i, k, 0);
            }
        }
        compute_again(form, f);
        write_and_read(form, f);
    }
    filling_free(f);
    form_free(form);
    buf_deinit(&state);
    diag_deinit(&d);
    return 0;
}
