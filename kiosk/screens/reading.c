#include "screens/reading.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "screens/kiosk.h"
#include "ui/widgets.h"

#define TEXT_MAX_BYTES ((size_t)16 * 1024)
#define LINE_MM 13.0
#define USUAL_RATE 1

/* --- what is said --------------------------------------------------------- */

/* FNV-1a: tells pages apart without keeping their words. */
static uint64_t
hashed(uint64_t seed, const void *data, size_t len)
{
    const unsigned char *bytes = data;
    uint64_t hash = seed ? seed : UINT64_C(14695981039346656037);
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

/* The target on which a text stands; NULL on the page itself. */
static const struct ui_target *
target_under(const struct ui *ui, struct geom_rect text)
{
    int x = text.x + text.w / 2;
    int y = text.y + text.h / 2;
    for (size_t i = ui->target_count; i > 0; i--) {
        if (geom_contains(ui->targets[i - 1].rect, x, y)) {
            return &ui->targets[i - 1];
        }
    }
    return NULL;
}

static void
end_sentence(const struct kiosk *k, const struct ui_target *t, struct buf *out)
{
    if (t && (t->flags & UI_SELECTED)) {
        buf_printf(out, ", %s", kiosk_text(k, "chosen"));
    }
    const char *last = out->len > 0 ? out->data + out->len - 1 : "\n";
    if (*last != '\n') {
        buf_puts(out, strchr(".?!:", *last) ? "\n" : ".\n");
    }
}

/* What is drawn, as it is said: a dash in an empty window is words, dots
 * between words are commas, and a dot alone is nothing. */
static void
put_spoken(const struct kiosk *k, const char *text, struct buf *out)
{
    static const char dot[] = " · ";
    if (strcmp(text, "—") == 0) {
        buf_puts(out, kiosk_text(k, "nothing so far"));
        return;
    }
    for (const char *at = text; *at && strcmp(text, "·") != 0;) {
        const char *next = strstr(at, dot);
        size_t len = next ? (size_t)(next - at) : strlen(at);
        buf_put(out, at, len);
        buf_puts(out, next ? ", " : "");
        at += len + (next ? sizeof(dot) - 1 : 0);
    }
}

/* Words of one target, as drawn or as ui_said() gives them, and its state. */
static void
target_words(const struct kiosk *k, const struct ui_target *t, struct buf *out)
{
    const struct ui *ui = &k->ui;
    bool any = t->said != 0;
    if (any) {
        buf_puts(out, ui->list.texts.data + t->said - 1);
    }
    for (size_t i = 0; i < ui->list.count && t->said == 0; i++) {
        const struct draw_list_command *c = &ui->list.commands[i];
        if (c->kind == DRAW_LIST_TEXT && target_under(ui, c->rect) == t) {
            buf_puts(out, any ? " " : "");
            put_spoken(k, draw_list_string(&ui->list, c), out);
            any = true;
        }
    }
    if (any) {
        end_sentence(k, t, out);
    }
}

/* "12" above "questionnaires are open" is one sentence. */
static bool
goes_on(const char *text)
{
    uint32_t cp = 0;
    (void)utf8_decode(text, strlen(text), &cp);
    return (cp >= 'a' && cp <= 'z') || (cp >= 0x430 && cp <= 0x45F);
}

/* Whether two texts are lines of one paragraph. */
static bool
same_paragraph(const struct draw_list *dl, const struct draw_list_command *a,
               const struct draw_list_command *b)
{
    int step = b->rect.y - a->rect.y;
    if (step > 0 && b->rect.x == a->rect.x
        && goes_on(draw_list_string(dl, b))) {
        return true;
    }
    return a->em_px == b->em_px && a->face == b->face && step > 0
           && step <= a->rect.h + a->rect.h / 8;
}

static void
page_words(const struct kiosk *k, struct buf *out)
{
    const struct ui *ui = &k->ui;
    int top = ui_mm(ui, METRICS_TOP_MM);
    const struct draw_list_command *line = NULL;
    bool said[UI_TARGETS_MAX] = {false};
    bool dialog = k->dialog != KIOSK_NO_DIALOG;
    for (size_t i = 0; i < ui->list.count; i++) {
        const struct draw_list_command *c = &ui->list.commands[i];
        if (c->kind != DRAW_LIST_TEXT) {
            continue;
        }
        const struct ui_target *t = target_under(ui, c->rect);
        bool above = !dialog && c->rect.y + c->rect.h <= top;
        if (t && !(t->flags & (UI_KEY | UI_DISPLAY))) {
            size_t index = (size_t)(t - ui->targets);
            if (!said[index]) {
                end_sentence(k, NULL, out);
                target_words(k, t, out);
                said[index] = true;
            }
            line = NULL;
        } else if (!t && !above) {
            const char *text = draw_list_string(&ui->list, c);
            if (line && strcmp(text, "—") == 0
                && strcmp(draw_list_string(&ui->list, line), text) == 0) {
                continue; /* of a date one empty field is enough */
            }
            if (line && same_paragraph(&ui->list, line, c)) {
                buf_putc(out, ' ');
            } else {
                end_sentence(k, NULL, out);
            }
            put_spoken(k, text, out);
            line = c;
        }
    }
    end_sentence(k, NULL, out);
    /* Answers that are pictures have words of their own. */
    for (size_t i = 0; i < ui->target_count; i++) {
        const struct ui_target *t = &ui->targets[i];
        if (t->said != 0 && !said[i] && !(t->flags & (UI_KEY | UI_DISPLAY))) {
            target_words(k, t, out);
        }
    }
}

/* --- when it is said ------------------------------------------------------ */

static bool
anonymous(const struct kiosk *k)
{
    struct kiosk_survey survey;
    if (!k->in_session && k->place != KIOSK_CODE_PAD) {
        return false;
    }
    kiosk_entry(k, k->survey, &survey);
    return survey.kind == RECORD_ANONYMOUS || survey.kind == RECORD_SLIP;
}

/* Only to headphones? Then the voice stops when they are pulled out. */
static bool private(const struct kiosk *k)
{
    const char *speaker = k->source->setting(k->source->self, "speech.speaker");
    return anonymous(k) && !(speaker && strcmp(speaker, "yes") == 0);
}

static bool
allowed(const struct kiosk *k)
{
    return !private(k) || k->voice->headphones(k->voice->self);
}

static void
silence(struct kiosk *k)
{
    if (k->voice && k->reading.speaking) {
        k->voice->silence(k->voice->self);
    }
    k->reading.speaking = false;
    k->reading.paused = false;
}

static void
refuse(struct kiosk *k)
{
    silence(k);
    k->reading.on = false;
    k->dialog = KIOSK_MESSAGE;
    k->message = kiosk_text(k, "Answers without a name are not read through "
                               "the speaker: others would hear them. Please "
                               "plug in headphones, then touch the speaker "
                               "sign again.");
    k->changed = true;
}

/* True if the page shows it. */
static bool
say(struct kiosk *k, struct buf *text)
{
    struct reading *r = &k->reading;
    bool changed = false;
    if (!allowed(k)) {
        refuse(k);
        changed = true;
    } else if (buf_status(text) == STATUS_OK && text->len > 0) {
        bool was = r->speaking && !r->paused;
        r->speaking = k->voice->say(k->voice->self, text->data,
                                    i18n_tag(k->lang), r->rate, private(k));
        r->paused = false;
        /* The button says "Pause" from now on. */
        changed = !was;
    }
    if (text->data) {
        buf_wipe(text->data, text->len);
    }
    return changed;
}

static uint64_t
mixed(uint64_t hash, uint64_t value)
{
    return hashed(hash, &value, sizeof(value));
}

static uint64_t
page_key(const struct kiosk *k)
{
    const struct session *s = &k->session;
    uint64_t hash = mixed(0, (uint64_t)k->place);
    hash = mixed(hash, (uint64_t)k->dialog);
    hash = mixed(hash, (uint64_t)k->part);
    hash = mixed(hash, (uint64_t)k->lang);
    hash = mixed(hash, k->survey);
    if (k->in_session) {
        hash = mixed(hash, s->page);
        hash = mixed(hash, (uint64_t)s->part);
        hash = mixed(hash, s->edited ? 1 : 0);
        hash = mixed(hash, s->complain ? 1 : 0);
    }
    return hash;
}

bool
reading_frame(struct kiosk *k)
{
    struct reading *r = &k->reading;
    bool changed = false;
    if (!r->on || !k->voice) {
        return false;
    }
    struct buf text;
    buf_init(&text, TEXT_MAX_BYTES);
    const struct ui_target *t =
        k->ui.focus[0] ? ui_find(&k->ui, k->ui.focus) : NULL;
    uint64_t target = 0;
    if (t && (!(t->flags & UI_DISPLAY) || k->ui.focus_visible)) {
        target_words(k, t, &text);
        target = hashed(hashed(0, t->id, strlen(t->id)), text.data, text.len);
    }
    uint64_t page = page_key(k);
    if (page != r->page) {
        buf_clear(&text);
        page_words(k, &text);
        r->page = page;
        r->target = target;
        changed = say(k, &text);
    } else if (target != 0 && target != r->target) {
        r->target = target;
        changed = say(k, &text);
    } else if (text.data) {
        buf_wipe(text.data, text.len);
    }
    buf_deinit(&text);
    return changed;
}

void
reading_reset(struct kiosk *k)
{
    silence(k);
    k->reading = (struct reading){.rate = USUAL_RATE};
}

void
reading_ended(struct kiosk *k)
{
    k->reading.speaking = false;
    k->reading.paused = false;
    k->changed = true;
}

/* --- its buttons ---------------------------------------------------------- */

bool
reading_act(struct kiosk *k, const struct ui_event *event)
{
    struct reading *r = &k->reading;
    if (event->kind != UI_ACTIVATE || !k->voice) {
        return false;
    }
    switch (event->action.verb) {
    case KIOSK_READING:
        silence(k);
        r->on = !r->on;
        r->page = 0;
        if (r->on && !allowed(k)) {
            refuse(k);
        }
        break;
    case KIOSK_READING_PAUSE:
        if (r->speaking) {
            r->paused = !r->paused;
            k->voice->pause(k->voice->self, r->paused);
        } else {
            r->page = 0;
        }
        break;
    case KIOSK_READING_REPEAT:
        r->page = 0;
        break;
    case KIOSK_READING_RATE:
        r->rate = (r->rate + 1) % READING_RATES;
        r->page = 0;
        break;
    default:
        return false;
    }
    k->changed = true;
    return true;
}

bool
reading_on(const struct kiosk *k)
{
    return k->reading.on && k->voice;
}

int
reading_height(const struct kiosk *k)
{
    bool low = k->ui.metrics.height_px < ui_mm(&k->ui, METRICS_LOW_PANEL_MM);
    return reading_on(k) && !low ? ui_mm(&k->ui, LINE_MM) : 0;
}

static const char *
pause_label(const struct kiosk *k)
{
    const struct reading *r = &k->reading;
    if (!r->speaking) {
        return kiosk_text(k, "Read");
    }
    return r->paused ? kiosk_text(k, "Go on") : kiosk_text(k, "Pause");
}

void
reading_draw(struct kiosk *k, struct geom_rect line)
{
    struct ui *ui = &k->ui;
    const struct reading *r = &k->reading;
    const char *const rates[READING_RATES] = {
        kiosk_text(k, "Slow"), kiosk_text(k, "Usual"), kiosk_text(k, "Fast")};
    bool speaks = r->speaking && !r->paused;
    static const char *const digits[READING_RATES] = {"1", "2", "3"};
    const struct widgets_button buttons[] = {
        {.label = pause_label(k),
         .icon = speaks ? DRAW_LIST_PAUSE : DRAW_LIST_PLAY,
         .has_icon = true,
         .action = {.verb = KIOSK_READING_PAUSE},
         .id_kind = "reading-pause"},
        {.label = kiosk_text(k, "Once more"),
         .icon = DRAW_LIST_REPEAT,
         .has_icon = true,
         .action = {.verb = KIOSK_READING_REPEAT},
         .id_kind = "reading-repeat"},
        {.label = rates[r->rate],
         .action = {.verb = KIOSK_READING_RATE},
         .id_kind = "reading-speed"},
    };
    const int count = (int)(sizeof(buttons) / sizeof(buttons[0]));
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int room = line.w - gap * (count - 1);
    for (int i = 0; i < count; i++) {
        struct widgets_button b = buttons[i];
        int from = room * i / count;
        int to = room * (i + 1) / count;
        b.look = WIDGETS_CARD;
        b.role = METRICS_LABEL;
        b.flags = UI_DISPLAY;
        b.narrow = true;
        if (b.has_icon && widgets_button_width(ui, &b) > to - from) {
            b.label = NULL;
        } else if (widgets_button_width(ui, &b) > to - from) {
            b.label = digits[r->rate];
        }
        widgets_button(ui, &b,
                       (struct geom_rect){line.x + from + i * gap, line.y,
                                          to - from, line.h});
        if (buttons[i].label) {
            ui_said(ui, buttons[i].label);
        }
    }
}
