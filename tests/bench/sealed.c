#include "sealed.h"

#include <stdio.h>
#include <stdlib.h>

#include "form/filling.h"
#include "seal/record.h"

static void
must(enum status st, const char *what)
{
    if (st < 0) {
        (void)fprintf(stderr, "%s: %s\n", what, status_name(st));
        exit(1);
    }
}

/* One person, by the kiosk's own calls. */
static void
answer(struct filling *f)
{
    static unsigned turn;
    size_t count = 0;
    const struct filling_item *item = filling_items(f, &count);
    for (size_t i = 0; i < count; i++) {
        if (item[i].kind != FILLING_QUESTION) {
            continue;
        }
        struct filling_node *node = item[i].node;
        struct filling_question q;
        filling_question(f, node, &q);
        char value[128] = "";
        if (q.control == FORM_CONTROL_SELECT_ONE
            || q.control == FORM_CONTROL_SELECT_MULTIPLE) {
            size_t n = 0;
            const struct filling_choice *c = filling_offered(f, node, &n);
            if (n > 0) {
                (void)snprintf(value, sizeof(value), "%s", c[turn++ % n].name);
            }
        } else if (q.control == FORM_CONTROL_RANGE) {
            (void)snprintf(value, sizeof(value), "%u", 1 + turn++ % 10);
        }
        if (*value) {
            must(filling_set(f, node, value), "answer");
            item = filling_items(f, &count);
        }
    }
}

void
sealed_fill(const struct sealed *s, size_t count, struct buf *boxes)
{
    const struct record_head head = {
        .kind = s->wave->kind,
        .form_id = s->wave->form_id,
        .form_version = s->wave->version,
        .wave = s->wave->name,
        .code = "",
    };
    const struct record_blank blank = {s->form->blank.data, s->form->blank.len};
    const struct filling_env env = {.anonymous = true};
    struct buf xml;
    buf_init(&xml, FILLING_XML_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        struct filling *f = NULL;
        must(filling_new(s->form->form, &env, &f), "filling");
        answer(f);
        buf_clear(&xml);
        must(filling_submission(f, &xml), "submission");
        filling_free(f);
        must(record_close(&s->keys->seal[0].public_key, &head, xml.data,
                          xml.len, &blank, boxes),
             "seal");
    }
    buf_deinit(&xml);
}
