#include "collector/report/dataset.h"

#include <stdlib.h>

#include "base/log.h"

const char *
dataset_label(const char *const label[I18N_LANG_COUNT], const char *name,
              enum i18n_lang lang)
{
    if (label[lang] && label[lang][0] != '\0') {
        return label[lang];
    }
    for (size_t i = 0; i < I18N_LANG_COUNT; i++) {
        if (label[i] && label[i][0] != '\0') {
            return label[i];
        }
    }
    return name ? name : "";
}

const struct dataset_value *
dataset_value_of(const struct dataset_column *c, double code)
{
    /* Codes mostly count from one. */
    size_t likely =
        code >= 1.0 && code <= (double)c->values ? (size_t)code - 1 : 0;
    if (c->values > 0 && c->value[likely].code >= code
        && c->value[likely].code <= code) {
        return &c->value[likely];
    }
    for (size_t i = 0; i < c->values; i++) {
        if (c->value[i].code >= code && c->value[i].code <= code) {
            return &c->value[i];
        }
    }
    return NULL;
}

enum status
dataset_each(const struct dataset *d, dataset_visit *visit, void *ctx)
{
    if (d->each) {
        return d->each(d->self, visit, ctx);
    }
    struct dataset_cell *cell = calloc(d->columns, sizeof(*cell));
    if (!cell) {
        return log_oom("dataset");
    }
    enum status st = d->next(d->self, cell);
    while (st == STATUS_OK) {
        st = visit(ctx, cell);
        if (st == STATUS_OK) {
            st = d->next(d->self, cell);
        }
    }
    free(cell);
    return st == STATUS_NONE ? STATUS_OK : st;
}

enum status
dataset_to_buf(void *self, const void *data, size_t len)
{
    struct buf *out = self;
    buf_put(out, data, len);
    return buf_status(out);
}
