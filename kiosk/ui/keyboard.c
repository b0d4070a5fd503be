#include "ui/keyboard.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/widgets.h"

#define WIDE_COLUMNS 12
#define KEYS 36
#define KEY_BYTES 5

/* Each letter once, in reading order of the layout. */
static const char *const letters[KEYBOARD_LAYER_COUNT] = {
    [KEYBOARD_RUSSIAN] = "йцукенгшщзхъфывапролджэёячсмитьбю.,-",
    [KEYBOARD_LATIN] = "qwertyuiop()asdfghjkl:;'zxcvbnm.,-!?",
    [KEYBOARD_SIGNS] = "1234567890+=!?.,:;«»—-()№%/\"@&*_<>[]",
};

void
keyboard_init(struct keyboard *k, bool russian)
{
    k->letters = russian ? KEYBOARD_RUSSIAN : KEYBOARD_LATIN;
    k->layer = k->letters;
    k->shift = true;
}

static int
columns(const struct ui *ui)
{
    static const int choices[] = {WIDE_COLUMNS, 9, 8, 6};
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int width = ui->metrics.width_px - 2 * ui_mm(ui, 2.54) + gap;
    size_t i = 0;
    while (i + 1 < sizeof(choices) / sizeof(choices[0])
           && width < choices[i] * (ui_mm(ui, METRICS_KEY_MM) + gap)) {
        i++;
    }
    return choices[i];
}

bool
keyboard_fits(const struct ui *ui, int width_px)
{
    int gap = ui_mm(ui, METRICS_GAP_MM);
    return width_px + gap >= columns(ui) * (ui_mm(ui, METRICS_KEY_MM) + gap);
}

static int
letter_rows(const struct ui *ui)
{
    return (KEYS + columns(ui) - 1) / columns(ui);
}

int
keyboard_height(const struct ui *ui, const struct keyboard *k)
{
    (void)k;
    int rows = letter_rows(ui) + 1;
    double key_mm = METRICS_KEY_MM;
    /* A tall panel has room to be generous. */
    if (ui->metrics.height_px > ui_mm(ui, 125)) {
        key_mm += 2.4;
    }
    return rows * ui_mm(ui, key_mm) + (rows - 1) * ui_mm(ui, METRICS_GAP_MM);
}

/* The character of a key, upper case with shift. */
static void
key_text(const struct keyboard *k, int index, char out[KEY_BYTES])
{
    const char *at = letters[k->layer];
    size_t left = strlen(at);
    uint32_t cp = 0;
    for (int i = 0; i <= index && left > 0; i++) {
        size_t step = utf8_decode(at, left, &cp);
        at += step;
        left -= step;
    }
    if (k->shift && cp >= 'a' && cp <= 'z') {
        cp -= 'a' - 'A';
    } else if (k->shift && cp >= 0x0430 && cp <= 0x044F) {
        cp -= 0x20;
    } else if (k->shift && cp == 0x0451) {
        cp = 0x0401;
    }
    out[utf8_encode(cp, out)] = '\0';
}

static void
key_button(struct ui *ui, struct geom_rect rect, const char *label,
           enum draw_list_icon icon, struct ui_action action)
{
    char name[UI_ID_MAX_BYTES];
    (void)snprintf(name, sizeof(name), "%d", action.arg);
    bool character = action.arg < KEYBOARD_BACKSPACE;
    /* A letter held by a slow finger is one letter; erasing and moving go on.
     */
    bool repeats = action.arg == KEYBOARD_BACKSPACE
                   || action.arg == KEYBOARD_LEFT
                   || action.arg == KEYBOARD_RIGHT;
    struct widgets_button b = {
        .label = label,
        .icon = icon,
        .has_icon = !label,
        .look = action.arg == KEYBOARD_DONE ? WIDGETS_FILLED : WIDGETS_CARD,
        .role = METRICS_KEY,
        .action = action,
        .flags = repeats ? UI_KEY | UI_REPEAT : UI_KEY,
        .id_kind = "key",
        .id_name = character ? label : name};
    widgets_button(ui, &b, rect);
}

/* Special keys of the last row, with their share of the width. */
struct special {
    int key;
    int share;
    const char *label;
    enum draw_list_icon icon;
};

static void
special_row(struct ui *ui, const struct keyboard *k,
            const struct keyboard_labels *labels, struct geom_rect rect)
{
    const char *other = k->letters == KEYBOARD_RUSSIAN ? "EN" : "РУ";
    bool signs = k->layer == KEYBOARD_SIGNS;
    bool narrow = columns(ui) < WIDE_COLUMNS;
    const struct special keys[] = {
        {KEYBOARD_SHIFT, narrow ? 12 : 3, NULL,
         k->shift ? DRAW_LIST_SHIFT_ON : DRAW_LIST_SHIFT},
        {KEYBOARD_SWITCH_SIGNS, narrow ? 12 : 3, signs ? "абв" : "123",
         DRAW_LIST_DOT},
        {KEYBOARD_SWITCH_LETTERS, narrow ? 12 : 3, other, DRAW_LIST_DOT},
        {KEYBOARD_SPACE, narrow ? 16 : 7, narrow ? "" : labels->space,
         DRAW_LIST_DOT},
        {KEYBOARD_ENTER, narrow ? 12 : 3, NULL, DRAW_LIST_ENTER},
        {KEYBOARD_BACKSPACE, narrow ? 12 : 3, NULL, DRAW_LIST_BACKSPACE},
        {KEYBOARD_DONE, narrow ? 21 : 5, labels->done, DRAW_LIST_TICK},
    };
    size_t count = sizeof(keys) / sizeof(keys[0]);
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int shares = 0;
    for (size_t i = 0; i < count; i++) {
        shares += keys[i].share;
    }
    int room = rect.w - gap * ((int)count - 1);
    int done = 0;
    for (size_t i = 0; i < count; i++) {
        int from = room * done / shares;
        done += keys[i].share;
        int to = room * done / shares;
        struct geom_rect at = {rect.x + from + (int)i * gap, rect.y, to - from,
                               rect.h};
        key_button(ui, at, keys[i].label, keys[i].icon,
                   (struct ui_action){labels->verb, 0, keys[i].key});
    }
}

void
keyboard_draw(struct ui *ui, const struct keyboard *k,
              const struct keyboard_labels *labels, struct geom_rect rect)
{
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int cols = columns(ui);
    int rows = letter_rows(ui);
    int key_h = (rect.h - rows * gap) / (rows + 1);
    int count = (int)utf8_count(letters[k->layer], strlen(letters[k->layer]));
    for (int i = 0; i < count && i < cols * rows; i++) {
        int row = i / cols;
        int col = i % cols;
        int room = rect.w - gap * (cols - 1);
        int from = room * col / cols;
        int to = room * (col + 1) / cols;
        struct geom_rect at = {rect.x + from + col * gap,
                               rect.y + row * (key_h + gap), to - from, key_h};
        char text[KEY_BYTES];
        key_text(k, i, text);
        key_button(ui, at, text, DRAW_LIST_DOT,
                   (struct ui_action){labels->verb, 0, i});
    }
    struct geom_rect last = {rect.x, rect.y + rows * (key_h + gap), rect.w,
                             rect.h - rows * (key_h + gap)};
    special_row(ui, k, labels, last);
}

static bool
sentence_starts(const struct edit *e)
{
    size_t at = e->cursor;
    while (at > 0 && e->text[at - 1] == ' ') {
        at--;
    }
    return at == 0 || (at < e->cursor && strchr(".!?", e->text[at - 1]) != NULL)
           || e->text[at - 1] == '\n';
}

bool
keyboard_press(struct keyboard *k, int key, struct edit *e)
{
    bool changed = true;
    char text[KEY_BYTES];
    switch (key) {
    case KEYBOARD_SHIFT:
        k->shift = !k->shift;
        return true;
    case KEYBOARD_SWITCH_LETTERS:
        k->letters =
            k->letters == KEYBOARD_RUSSIAN ? KEYBOARD_LATIN : KEYBOARD_RUSSIAN;
        k->layer = k->letters;
        return true;
    case KEYBOARD_SWITCH_SIGNS:
        k->layer = k->layer == KEYBOARD_SIGNS ? k->letters : KEYBOARD_SIGNS;
        return true;
    case KEYBOARD_BACKSPACE:
        changed = edit_backspace(e);
        break;
    case KEYBOARD_SPACE:
        changed = edit_insert(e, " ");
        break;
    case KEYBOARD_ENTER:
        changed = edit_insert(e, "\n");
        break;
    case KEYBOARD_LEFT:
        return edit_left(e);
    case KEYBOARD_RIGHT:
        return edit_right(e);
    default:
        key_text(k, key, text);
        changed = edit_insert(e, text);
        break;
    }
    k->shift = sentence_starts(e);
    return changed;
}
