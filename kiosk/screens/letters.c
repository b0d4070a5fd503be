#include "screens/letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define LETTERS_LEAST 3 /* fewer lead nowhere faster */
#define KEY_MM 13.0
#define OTHER '#' /* what begins with no letter */

enum letters_arg {
    ARG_OPEN = LETTERS_ARG,
    ARG_ALL,
    ARG_LETTER, /* and the letter */
};

struct letters {
    uint32_t letter[LETTERS_MAX];
    size_t count;
};

/* Small, with ё as е: nobody looks for it apart. */
static uint32_t
first_letter(const char *label)
{
    uint32_t letter = 0;
    label += strspn(label, " \"(");
    if (strncmp(label, "«", strlen("«")) == 0) {
        label += strlen("«");
    }
    if (utf8_decode(label, strlen(label), &letter) == 0) {
        return OTHER;
    }
    letter = utf8_fold(letter);
    letter = letter == 0x451 ? 0x435 : letter;
    bool latin = letter >= 'a' && letter <= 'z';
    bool cyrillic = letter >= 0x430 && letter <= 0x44F;
    return latin || cyrillic ? letter : OTHER;
}

static int
compare_letters(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void
collect(const struct control *c, struct letters *out)
{
    out->count = 0;
    for (size_t i = 0; i < c->choice_count; i++) {
        uint32_t letter = first_letter(c->choices[i].label.text);
        size_t at = 0;
        while (at < out->count && out->letter[at] != letter) {
            at++;
        }
        if (at == out->count && out->count < LETTERS_MAX) {
            out->letter[at] = letter;
            out->count++;
        }
    }
    qsort(out->letter, out->count, sizeof(out->letter[0]), compare_letters);
}

bool
letters_offered(const struct control *c)
{
    struct letters l;
    collect(c, &l);
    return l.count >= LETTERS_LEAST;
}

bool
letters_match(const struct control *c, const char *label)
{
    uint32_t wanted = c->k->session.letter;
    return wanted == 0 || first_letter(label) == wanted;
}

/* As a capital. */
static void
letter_text(uint32_t letter, char out[8])
{
    uint32_t capital = letter == OTHER ? letter : letter - 0x20;
    if (capital < 0x80) {
        out[0] = (char)capital;
        out[1] = '\0';
    } else {
        out[0] = (char)(0xC0u | capital >> 6);
        out[1] = (char)(0x80u | (capital & 0x3Fu));
        out[2] = '\0';
    }
}

void
letters_button(const struct control *c, struct widgets_button *out, char *label,
               size_t size)
{
    struct letters l;
    char first[8] = "";
    char last[8] = "";
    collect(c, &l);
    if (c->k->session.letter) {
        letter_text(c->k->session.letter, first);
        (void)snprintf(label, size, "%s", first);
    } else {
        size_t from = l.count > 1 && l.letter[0] == OTHER ? 1 : 0;
        letter_text(l.letter[from], first);
        letter_text(l.letter[l.count - 1], last);
        (void)snprintf(label, size, "%s–%s", first, last);
    }
    *out = (struct widgets_button){.label = label,
                                   .look = c->k->session.letters_open
                                                   || c->k->session.letter
                                               ? WIDGETS_FILLED
                                               : WIDGETS_OUTLINED,
                                   .role = METRICS_BUTTON,
                                   .action = control_action(c, ARG_OPEN),
                                   .id_kind = "letters"};
}

static int
per_row(const struct control *c)
{
    struct ui *ui = &c->k->ui;
    int gap = ui_mm(ui, METRICS_GAP_MM);
    return geom_max((c->width_px + gap) / (ui_mm(ui, KEY_MM) + gap), 1);
}

/* The key for all letters takes what is left of the last row. */
#define ALL_LEAST 2

void
letters_rows(const struct control *c, int kind, struct flow *flow)
{
    struct letters l;
    collect(c, &l);
    for (int from = 0; from < (int)l.count + ALL_LEAST; from += per_row(c)) {
        flow_add(flow,
                 &(struct flow_row){.height_px = ui_mm(&c->k->ui, KEY_MM),
                                    .gap_px = ui_mm(&c->k->ui, METRICS_GAP_MM),
                                    .entry = c->entry,
                                    .kind = kind,
                                    .arg = from});
    }
}

static void
draw_key(const struct control *c, const char *label, int arg,
         struct geom_rect at)
{
    bool all = arg == ARG_ALL;
    struct widgets_button b = {.label = label,
                               .look = WIDGETS_CARD,
                               .role = all ? METRICS_LABEL : METRICS_KEY,
                               .action = control_action(c, arg),
                               .flags = UI_KEY,
                               .id_kind = "letter",
                               .id_name = all ? "all" : label};
    widgets_button(&c->k->ui, &b, at);
}

void
letters_draw(const struct control *c, const struct flow_row *row,
             struct geom_rect rect)
{
    struct letters l;
    collect(c, &l);
    int each = per_row(c);
    int gap = ui_mm(&c->k->ui, METRICS_GAP_MM);
    int room = rect.w - gap * (each - 1);
    int i = 0;
    for (; i < each && row->arg + i < (int)l.count; i++) {
        char text[8];
        int from = room * i / each;
        int to = room * (i + 1) / each;
        letter_text(l.letter[row->arg + i], text);
        draw_key(c, text, ARG_LETTER + (int)l.letter[row->arg + i],
                 (struct geom_rect){rect.x + from + i * gap, rect.y, to - from,
                                    rect.h});
    }
    if (row->arg + each >= (int)l.count + ALL_LEAST) {
        int from = room * i / each + i * gap;
        draw_key(
            c, kiosk_text(c->k, "All"), ARG_ALL,
            (struct geom_rect){rect.x + from, rect.y, rect.w - from, rect.h});
    }
}

void
letters_act(const struct control *c, const struct ui_event *event)
{
    struct session *s = &c->k->session;
    int arg = event->action.arg;
    if (event->kind != UI_ACTIVATE) {
        return;
    }
    if (arg == ARG_OPEN) {
        s->letters_open = !s->letters_open;
    } else {
        s->letter = arg == ARG_ALL ? 0 : (uint32_t)(arg - ARG_LETTER);
        s->letters_open = false;
        edit_wipe(&s->search);
    }
    s->part = 0;
    c->k->changed = true;
}
