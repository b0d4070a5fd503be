#ifndef ANKETA_PROGRAMME_TEMPLATE_H
#define ANKETA_PROGRAMME_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Template: a text with {{fields}}, and with parts that are repeated between a
 * line {{#name}} and a line {{/name}}.
 *
 * Pure functions. Sizes are those of the buffer.
 */
#define TEMPLATE_NAME_MAX_BYTES 32

struct template_field {
    const char *name;
    const char *value; /* NULL or "": missing */
};

/* Writes one field; `value` is "" where it is missing or unknown. */
typedef void
template_put(struct buf *out, const char *name, const char *value);

/* Append the text with its fields put in; {{ without }} stays as it is. */
void
template_fill(const char *text, size_t len, const struct template_field *field,
              size_t count, template_put *put, struct buf *out);

/* A text cut where a part is repeated. */
struct template_section {
    const char *before;
    size_t before_len;
    const char *body; /* without its two lines */
    size_t body_len;
    const char *after; /* to the end of the text */
};
/* False: there is no such part. */
bool
template_section(const char *text, const char *name,
                 struct template_section *out);

#endif
