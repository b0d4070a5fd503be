#include "collector/programme/template.h"

#include <stdio.h>
#include <string.h>

static const char *
value_of(const struct template_field *field, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(field[i].name, name) == 0) {
            return field[i].value ? field[i].value : "";
        }
    }
    return "";
}

/* Two of this character in a row; NULL: none before the end. */
static const char *
find_twice(const char *from, const char *end, char c)
{
    for (; end - from >= 2; from++) {
        if (from[0] == c && from[1] == c) {
            return from;
        }
    }
    return NULL;
}

void
template_fill(const char *text, size_t len, const struct template_field *field,
              size_t count, template_put *put, struct buf *out)
{
    const char *end = text + len;
    while (text < end) {
        const char *open = find_twice(text, end, '{');
        const char *close = open ? find_twice(open, end, '}') : NULL;
        size_t name_len = close ? (size_t)(close - open - 2) : 0;
        if (!close || name_len >= TEMPLATE_NAME_MAX_BYTES) {
            buf_put(out, text, (size_t)(end - text));
            return;
        }
        char name[TEMPLATE_NAME_MAX_BYTES];
        memcpy(name, open + 2, name_len);
        name[name_len] = '\0';
        buf_put(out, text, (size_t)(open - text));
        put(out, name, value_of(field, count, name));
        text = close + 2;
    }
}

bool
template_section(const char *text, const char *name,
                 struct template_section *out)
{
    char mark[TEMPLATE_NAME_MAX_BYTES + 8];
    (void)snprintf(mark, sizeof(mark), "{{#%s}}\n", name);
    const char *open = strstr(text, mark);
    const char *body = open ? open + strlen(mark) : NULL;
    mark[2] = '/';
    const char *close = body ? strstr(body, mark) : NULL;
    if (!close) {
        return false;
    }
    *out = (struct template_section){
        .before = text,
        .before_len = (size_t)(open - text),
        .body = body,
        .body_len = (size_t)(close - body),
        .after = close + strlen(mark),
    };
    return true;
}
