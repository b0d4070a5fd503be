#include "ui/edit.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

void
edit_init(struct edit *e)
{
    e->text[0] = '\0';
    e->len = 0;
    e->cursor = 0;
}

void
edit_wipe(struct edit *e)
{
    buf_wipe(e->text, sizeof(e->text));
    e->len = 0;
    e->cursor = 0;
}

size_t
edit_chars_left(const struct edit *e)
{
    size_t used = utf8_count(e->text, e->len);
    return used < EDIT_MAX_CHARS ? EDIT_MAX_CHARS - used : 0;
}

bool
edit_insert(struct edit *e, const char *text)
{
    size_t len = strlen(text);
    if (utf8_count(text, len) > edit_chars_left(e)
        || e->len + len > EDIT_MAX_BYTES) {
        return false;
    }
    memmove(e->text + e->cursor + len, e->text + e->cursor,
            e->len - e->cursor + 1);
    memcpy(e->text + e->cursor, text, len);
    e->len += len;
    e->cursor += len;
    return true;
}

void
edit_set(struct edit *e, const char *text)
{
    edit_wipe(e);
    size_t len = strlen(text);
    size_t at = 0;
    size_t chars = 0;
    while (at < len && chars < EDIT_MAX_CHARS) {
        uint32_t cp = 0;
        size_t step = utf8_decode(text + at, len - at, &cp);
        if (at + step > EDIT_MAX_BYTES) {
            break;
        }
        at += step;
        chars++;
    }
    memcpy(e->text, text, at);
    e->text[at] = '\0';
    e->len = at;
    e->cursor = at;
}

static size_t
before(const struct edit *e, size_t at)
{
    do {
        at--;
    } while (at > 0 && ((unsigned char)e->text[at] & 0xC0u) == 0x80u);
    return at;
}

static size_t
after(const struct edit *e, size_t at)
{
    uint32_t cp = 0;
    return at + utf8_decode(e->text + at, e->len - at, &cp);
}

static void
cut(struct edit *e, size_t from, size_t to)
{
    memmove(e->text + from, e->text + to, e->len - to + 1);
    size_t gone = to - from;
    buf_wipe(e->text + e->len - gone + 1, gone);
    e->len -= gone;
    e->cursor = from;
}

bool
edit_backspace(struct edit *e)
{
    if (e->cursor == 0) {
        return false;
    }
    cut(e, before(e, e->cursor), e->cursor);
    return true;
}

bool
edit_delete(struct edit *e)
{
    if (e->cursor == e->len) {
        return false;
    }
    cut(e, e->cursor, after(e, e->cursor));
    return true;
}

bool
edit_left(struct edit *e)
{
    if (e->cursor == 0) {
        return false;
    }
    e->cursor = before(e, e->cursor);
    return true;
}

bool
edit_right(struct edit *e)
{
    if (e->cursor == e->len) {
        return false;
    }
    e->cursor = after(e, e->cursor);
    return true;
}

void
edit_place(struct edit *e, size_t byte)
{
    e->cursor = byte < e->len ? byte : e->len;
    while (e->cursor > 0
           && ((unsigned char)e->text[e->cursor] & 0xC0u) == 0x80u) {
        e->cursor--;
    }
}
