#include "collector/programme/compatibility.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/utf8.h"

static const char separators[] = ",;\n";

struct topic {
    const char *text;
    size_t len;
};

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static size_t
topics(const char *text, struct topic out[COMPATIBILITY_TOPICS_MAX])
{
    size_t count = 0;
    while (*text && count < COMPATIBILITY_TOPICS_MAX) {
        size_t len = strcspn(text, separators);
        struct topic t = {text, len};
        while (t.len > 0 && is_blank(t.text[0])) {
            t.text++;
            t.len--;
        }
        while (t.len > 0 && is_blank(t.text[t.len - 1])) {
            t.len--;
        }
        if (t.len > 0) {
            out[count++] = t;
        }
        text += len + (text[len] != '\0');
    }
    return count;
}

static bool
same(struct topic a, struct topic b)
{
    while (a.len > 0 && b.len > 0) {
        uint32_t x = 0;
        uint32_t y = 0;
        size_t nx = utf8_decode(a.text, a.len, &x);
        size_t ny = utf8_decode(b.text, b.len, &y);
        if (utf8_fold(x) != utf8_fold(y)) {
            return false;
        }
        a = (struct topic){a.text + nx, a.len - nx};
        b = (struct topic){b.text + ny, b.len - ny};
    }
    return a.len == 0 && b.len == 0;
}

int32_t
compatibility_score(const char *offered, const char *asked)
{
    struct topic have[COMPATIBILITY_TOPICS_MAX];
    struct topic want[COMPATIBILITY_TOPICS_MAX];
    size_t offers = topics(offered, have);
    size_t wishes = topics(asked, want);
    size_t met = 0;
    for (size_t i = 0; i < wishes; i++) {
        bool found = false;
        for (size_t j = 0; j < offers && !found; j++) {
            found = same(want[i], have[j]);
        }
        met += found;
    }
    return wishes > 0 ? (int32_t)(met * 100 / wishes) : 0;
}
