/*
 * A CSV file of any bytes as the choices of a form. Every name it offers must be
 * an answer the form accepts, and lead to its row.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "form/filling.h"

#define CHOICES_TRIED 8

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char form_xml[] =
    "<html xmlns=\"http://www.w3.org/2002/xforms\"><head><model><instance>"
    "<data><q/><label/></data></instance>"
    "<instance id=\"x\" src=\"jr://file-csv/x.csv\"/>"
    "<bind nodeset=\"/data/label\" "
    "calculate=\"pulldata('x', 'name', 'name', /data/q)\"/></model></head>"
    "<body><select1 ref=\"/data/q\"><itemset "
    "nodeset=\"instance('x')/root/item\"><value ref=\"name\"/><label "
    "ref=\"label\"/></itemset></select1></body></html>";

struct input {
    const uint8_t *data;
    size_t size;
};

static enum status
read_file(void *self, const char *name, struct buf *out)
{
    const struct input *in = self;
    (void)name;
    buf_put(out, in->data, in->size);
    return buf_status(out);
}

/* A name with a blank is two names, one with a control character is none. */
static int
is_plain(const char *name)
{
    for (const char *at = name; *at; at++) {
        if ((unsigned char)*at <= ' ') {
            return 0;
        }
    }
    return *name != '\0';
}

static void
try_choices(struct filling *f)
{
    for (size_t i = 0; i < CHOICES_TRIED; i++) {
        size_t count = 0;
        struct filling_node *q = filling_find(f, "/data/q");
        const struct filling_choice *choice = filling_choices(f, q, &count);
        char name[256];
        if (i >= count || strlen(choice[i].name) >= sizeof(name)) {
            return;
        }
        memcpy(name, choice[i].name, strlen(choice[i].name) + 1);
        if (!is_plain(name)) {
            continue;
        }
        if (filling_set(f, q, name) != STATUS_OK) {
            abort();
        }
        const char *found = filling_value(f, filling_find(f, "/data/label"));
        if (strcmp(found, name) != 0) {
            abort();
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    const struct form_env files = {read_file, &in};
    const struct filling_env env = {.reproducible = true};
    struct form *form = NULL;
    struct filling *f = NULL;
    enum status st =
        form_load(form_xml, sizeof(form_xml) - 1, &files, NULL, &form);
    if (st == STATUS_OK && filling_new(form, &env, &f) == STATUS_OK) {
        try_choices(f);
    }
    filling_free(f);
    form_free(form);
    return 0;
}
