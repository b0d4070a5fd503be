#include "ui/text.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define EM_DASH 0x2014
#define EN_DASH 0x2013

/* One unbreakable piece of a paragraph: words glued by no-break rules. */
struct piece {
    const char *text;
    size_t len;
    bool newline; /* a forced break follows */
};

static bool
is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

static size_t
word_length(const char *text)
{
    size_t len = 0;
    while (text[len] && text[len] != ' ' && text[len] != '\n') {
        len++;
    }
    return len;
}

/* Words that lean on the next one, and words that lean on the one before. */
static const char *const proclitics[] = {
    "во",  "да",  "до",  "за",  "из", "ко", "на", "не",  "ни",
    "но",  "об",  "от",  "по",  "со", "то", "№",  "без", "для",
    "или", "как", "кто", "что", "to", "of", "at", "the", "an"};
static const char *const enclitics[] = {"ли", "бы", "же", "ж", "б"};

static bool
listed(const char *word, size_t len, const char *const *list, size_t count)
{
    char folded[16];
    size_t at = 0;
    size_t out = 0;
    while (at < len && out + UTF8_MAX_BYTES < sizeof(folded)) {
        uint32_t cp = 0;
        at += utf8_decode(word + at, len - at, &cp);
        out += utf8_encode(utf8_fold(cp), folded + out);
    }
    for (size_t i = 0; at == len && i < count; i++) {
        if (strlen(list[i]) == out && memcmp(list[i], folded, out) == 0) {
            return true;
        }
    }
    return false;
}

/* A particle may carry the sign that closes its clause: "удобно бы?". */
static size_t
bare_length(const char *word, size_t len)
{
    while (len > 0 && strchr(".,!?:;", word[len - 1])) {
        len--;
    }
    return len;
}

/* "А." of a name. */
static bool
is_initial(const char *word, size_t len)
{
    uint32_t cp = 0;
    size_t first = utf8_decode(word, len, &cp);
    return first + 1 == len && word[first] == '.' && utf8_fold(cp) != cp;
}

/* Whether the space between two words must not become a line's end. */
static bool
glued(const char *word, size_t len, const char *next, size_t next_len)
{
    if (len == 0 || next_len == 0) {
        return false;
    }
    uint32_t first = 0;
    uint32_t next_first = 0;
    (void)utf8_decode(word, len, &first);
    (void)utf8_decode(next, next_len, &next_first);
    if (next_first == EM_DASH || next_first == EN_DASH) {
        return true;
    }
    if (first == EM_DASH || first == EN_DASH) {
        return false;
    }
    if (listed(next, bare_length(next, next_len), enclitics,
               sizeof(enclitics) / sizeof(enclitics[0]))) {
        return true;
    }
    /* "Мария П.", "А. Б. Петрова": initials stay with their name. */
    if (is_initial(next, next_len)
        || (is_initial(word, len) && utf8_fold(next_first) != next_first)) {
        return true;
    }
    if (bare_length(word, len) != len) {
        return false;
    }
    /* "5 минут": a short number stays with its noun. */
    if (is_digit(first) && len <= 3) {
        return !is_digit(next_first);
    }
    return utf8_count(word, len) == 1
           || listed(word, len, proclitics,
                     sizeof(proclitics) / sizeof(proclitics[0]));
}

/* Takes the next piece off *cursor; false at the end. */
static bool
next_piece(const char **cursor, struct piece *out)
{
    const char *at = *cursor;
    while (*at == ' ') {
        at++;
    }
    if (!*at) {
        return false;
    }
    *out = (struct piece){.text = at};
    size_t end = word_length(at);
    size_t word_start = 0;
    for (;;) {
        size_t gap = end;
        while (at[gap] == ' ') {
            gap++;
        }
        size_t next = word_length(at + gap);
        if (gap == end || next == 0
            || !glued(at + word_start, end - word_start, at + gap, next)) {
            break;
        }
        word_start = gap;
        end = gap + next;
    }
    out->len = end;
    at += end;
    while (*at == ' ') {
        at++;
    }
    if (*at == '\n') {
        out->newline = true;
        at++;
    }
    *cursor = at;
    return true;
}

static int
measure_bytes(const struct text_measure *m, const struct metrics_type *t,
              const char *text, size_t len)
{
    return len > 0 ? m->width(m->self, t->face, t->em_px, text, len) : 0;
}

static void
push(struct text_block *out, const char *text, size_t len, int width)
{
    if (out->count == TEXT_LINES_MAX) {
        out->cut = true;
        return;
    }
    out->lines[out->count] = (struct text_line){text, len, width};
    out->count++;
    if (width > out->width_px) {
        out->width_px = width;
    }
}

/* Longest head of `text`, in whole characters but at least one, that fits. */
static size_t
head_that_fits(const struct text_measure *m, const struct metrics_type *t,
               const char *text, size_t len, int width_px)
{
    size_t fits = 0;
    while (fits < len) {
        uint32_t cp = 0;
        size_t step = utf8_decode(text + fits, len - fits, &cp);
        if (fits > 0 && measure_bytes(m, t, text, fits + step) > width_px) {
            break;
        }
        fits += step;
    }
    return fits;
}

/* The line being filled. */
struct wrapping {
    const struct text_measure *measure;
    const struct metrics_type *type;
    int width_px;
    struct text_block *out;
    const char *line; /* NULL: none begun */
    size_t len;
    int line_px;
};

static void
end_line(struct wrapping *w)
{
    if (w->line) {
        push(w->out, w->line, w->len, w->line_px);
        w->line = NULL;
    }
}

static void
add_piece(struct wrapping *w, const struct piece *piece)
{
    if (w->line) {
        size_t joined = (size_t)(piece->text - w->line) + piece->len;
        int width = measure_bytes(w->measure, w->type, w->line, joined);
        if (width <= w->width_px) {
            w->len = joined;
            w->line_px = width;
            return;
        }
        end_line(w);
    }
    w->line = piece->text;
    w->len = piece->len;
    w->line_px = measure_bytes(w->measure, w->type, w->line, w->len);
}

/* A comma may hang over the edge; alone on a line it must not stand. */
static bool
only_marks(const char *text, size_t len)
{
    return strspn(text, ",.;:!?") >= len;
}

/* Breaks what is wider than the line; glue gives way before a word is cut. */
static void
break_wide(struct wrapping *w)
{
    while (w->line_px > w->width_px && w->len > 1) {
        size_t head =
            head_that_fits(w->measure, w->type, w->line, w->len, w->width_px);
        if (head >= w->len) {
            return;
        }
        size_t space = head;
        while (space > 0 && w->line[space] != ' ') {
            space--;
        }
        if (space == 0 && only_marks(w->line + head, w->len - head)) {
            return;
        }
        w->out->broken = w->out->broken || space == 0;
        head = space > 0 ? space : head;
        push(w->out, w->line, head,
             measure_bytes(w->measure, w->type, w->line, head));
        while (head < w->len && w->line[head] == ' ') {
            head++;
        }
        w->line += head;
        w->len -= head;
        w->line_px = measure_bytes(w->measure, w->type, w->line, w->len);
    }
}

void
text_wrap(const struct text_measure *measure, const struct metrics_type *type,
          const char *text, int width_px, struct text_block *out)
{
    struct wrapping w = {
        .measure = measure, .type = type, .width_px = width_px, .out = out};
    const char *cursor = text;
    struct piece piece;
    out->count = 0;
    out->width_px = 0;
    out->cut = false;
    out->broken = false;
    while (next_piece(&cursor, &piece)) {
        add_piece(&w, &piece);
        break_wide(&w);
        if (piece.newline) {
            end_line(&w);
            while (*cursor == '\n') {
                push(out, cursor, 0, 0);
                cursor++;
            }
        }
    }
    end_line(&w);
}

void
text_wrap_even(const struct text_measure *measure,
               const struct metrics_type *type, const char *text, int width_px,
               struct text_block *out)
{
    text_wrap(measure, type, text, width_px, out);
    if (out->count < 2 || strchr(text, '\n')) {
        return;
    }
    size_t count = out->count;
    bool broken = out->broken;
    int narrow = width_px / 2;
    int wide = width_px;
    while (wide - narrow > type->em_px / 4) {
        int middle = (narrow + wide) / 2;
        text_wrap(measure, type, text, middle, out);
        if (out->count <= count && out->width_px <= middle
            && out->broken == broken) {
            wide = middle;
        } else {
            narrow = middle;
        }
    }
    text_wrap(measure, type, text, wide, out);
}

int
text_width(const struct text_measure *measure, const struct metrics_type *type,
           const char *text)
{
    return measure_bytes(measure, type, text, strlen(text));
}
