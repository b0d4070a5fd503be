#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "screens/chrome.h"
#include "screens/control.h"
#include "screens/flow.h"

/*
 * The check before sending: every question with its answer, gaps flagged; a
 * touch leads back to the question.
 */
#define ANSWER_MAX_BYTES 1024
#define COLUMNS_MAX 4

static bool
asked(const struct filling_question *q)
{
    return q->control != FORM_CONTROL_NOTE && q->control != FORM_CONTROL_NONE
           && q->control != FORM_CONTROL_UPLOAD && !q->readonly;
}

static void
chosen_labels(struct kiosk *k, struct filling_node *node,
              const struct filling_question *q, struct buf *out)
{
    size_t count = 0;
    const struct filling_choice *choices =
        filling_choices(k->session.filling, node, &count);
    if (control_has(q->appearance, "ballot")) {
        control_ballot_words(&(struct control){.k = k,
                                               .node = node,
                                               .choices = choices,
                                               .choice_count = count},
                             out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (!choices[i].selected) {
            continue;
        }
        if (out->len > 0) {
            buf_puts(out, "; ");
        }
        buf_puts(out, choices[i].label.text);
    }
}

static void
answer_text(struct kiosk *k, struct filling_node *node,
            const struct filling_question *q, struct buf *out)
{
    if (q->value[0] == '\0' && !control_has(q->appearance, "ballot")) {
        return;
    }
    switch (q->control) {
    case FORM_CONTROL_SELECT_ONE:
    case FORM_CONTROL_SELECT_MULTIPLE:
    case FORM_CONTROL_RANK:
        chosen_labels(k, node, q, out);
        break;
    case FORM_CONTROL_TRIGGER:
        buf_puts(out, kiosk_text(k, "Read and understood"));
        break;
    case FORM_CONTROL_INPUT: {
        struct control c = {.k = k, .node = node, .q = *q};
        char words[ANSWER_MAX_BYTES / 2];
        control_date_words(&c, words, sizeof(words));
        buf_puts(out, words);
        buf_wipe(words, sizeof(words));
        break;
    }
    case FORM_CONTROL_NONE:
    case FORM_CONTROL_RANGE:
    case FORM_CONTROL_NOTE:
    case FORM_CONTROL_UPLOAD:
        buf_puts(out, q->value);
        break;
    }
}

/* The card of the node; `text` holds the answer. */
static struct widgets_card
card_of(struct kiosk *k, struct filling_node *node,
        const struct filling_question *q, struct buf *text)
{
    answer_text(k, node, q, text);
    if (buf_status(text) != STATUS_OK) {
        buf_clear(text);
        buf_puts(text, "…");
    }
    bool missing = session_violation(&k->session, node) != NULL;
    bool empty = text->len == 0;
    if (missing) {
        buf_clear(text);
        buf_puts(text, empty ? kiosk_text(k, "An answer is needed")
                             : kiosk_text(k, "Please check this answer"));
    } else if (empty) {
        buf_puts(text, kiosk_text(k, "No answer"));
    }
    size_t page = session_page_of(&k->session, node);
    return (struct widgets_card){.label =
                                     q->label.text[0] ? q->label.text : q->name,
                                 .note = text->data,
                                 .note_strong = !empty || missing,
                                 .warns = missing || empty,
                                 .role = METRICS_HINT,
                                 .action = {KIOSK_GO, 0, (int)page},
                                 .id_kind = "answer"};
}

/* The question's name; in further instances of a repeat with their number, so
 * that the focus tells them apart. */
static void
target_name(struct kiosk *k, size_t entry, const char *name, char *out,
            size_t size)
{
    struct session *s = &k->session;
    size_t before = 0;
    for (size_t i = 0; i < entry; i++) {
        if (s->entries[i].kind == SESSION_QUESTION) {
            struct filling_question q;
            filling_question(s->filling, s->entries[i].node, &q);
            before += strcmp(q.name, name) == 0;
        }
    }
    if (before > 0) {
        (void)snprintf(out, size, "%.64s-%zu", name, before + 1);
    } else {
        (void)snprintf(out, size, "%s", name);
    }
}

/* Rows name the entry in the whole list of the session's entries. */
static void
review_rows(struct kiosk *k, int width, int columns, struct flow *flow)
{
    struct session *s = &k->session;
    int gap = ui_mm(&k->ui, METRICS_GAP_MM);
    struct flow_row row = {.gap_px = gap};
    int in_row = 0;
    for (size_t i = 0; i < s->entry_count; i++) {
        if (s->entries[i].kind != SESSION_QUESTION) {
            continue;
        }
        struct filling_question q;
        filling_question(s->filling, s->entries[i].node, &q);
        if (!asked(&q)) {
            continue;
        }
        struct buf text;
        buf_init(&text, ANSWER_MAX_BYTES);
        struct widgets_card card = card_of(k, s->entries[i].node, &q, &text);
        int height = widgets_card_height(&k->ui, &card, width);
        buf_deinit(&text);
        if (in_row == 0) {
            row.height_px = height;
            row.arg = (int)i;
            row.entry = 1;
        } else {
            row.height_px = geom_max(row.height_px, height);
            row.entry++;
        }
        in_row++;
        if (in_row == columns) {
            flow_add(flow, &row);
            in_row = 0;
        }
    }
    if (in_row > 0) {
        flow_add(flow, &row);
    }
}

static void
draw_row(struct kiosk *k, const struct flow_row *row, int width,
         struct geom_rect rect)
{
    struct session *s = &k->session;
    size_t drawn = 0;
    for (size_t i = (size_t)row->arg; i < s->entry_count && drawn < row->entry;
         i++) {
        if (s->entries[i].kind != SESSION_QUESTION) {
            continue;
        }
        struct filling_question q;
        filling_question(s->filling, s->entries[i].node, &q);
        if (!asked(&q)) {
            continue;
        }
        struct buf text;
        buf_init(&text, ANSWER_MAX_BYTES);
        struct widgets_card card = card_of(k, s->entries[i].node, &q, &text);
        struct geom_rect at = rect;
        at.x += (int)drawn * (width + ui_mm(&k->ui, METRICS_GAP_MM));
        at.w = width;
        char id[UI_ID_MAX_BYTES];
        target_name(k, i, q.name, id, sizeof(id));
        card.id_name = id;
        widgets_card(&k->ui, &card, at);
        buf_deinit(&text);
        drawn++;
    }
}

/* As many as leave a card the width of a short question. */
static int
columns_of(const struct ui *ui, int width_px)
{
    static const double least_mm[METRICS_SIZE_COUNT] = {
        [METRICS_SMALL] = 80,
        [METRICS_NORMAL] = 95,
        [METRICS_LARGE] = 140,
        [METRICS_HUGE] = 180,
    };
    int columns = width_px / ui_mm(ui, least_mm[ui->metrics.size]);
    return geom_min(geom_max(columns, 1), COLUMNS_MAX);
}

/* What to do here, and how many questions have no answer. */
static void
headline(struct kiosk *k, bool brief, char *out, size_t size)
{
    struct session *s = &k->session;
    size_t gaps = 0;
    for (size_t i = 0; i < s->entry_count; i++) {
        struct filling_question q;
        if (s->entries[i].kind != SESSION_QUESTION) {
            continue;
        }
        filling_question(s->filling, s->entries[i].node, &q);
        gaps += asked(&q) && q.value[0] == '\0' ? 1 : 0;
    }
    const char *words = brief ? kiosk_text(k, "The check")
                              : kiosk_text(k, "Please check before sending");
    if (gaps == 0) {
        (void)snprintf(out, size, "%s", words);
    } else if (brief) {
        (void)snprintf(out, size, kiosk_text(k, "%s · unanswered: %zu"), words,
                       gaps);
    } else {
        (void)snprintf(out, size, kiosk_text(k, "%s. Unanswered: %zu"), words,
                       gaps);
    }
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct geom_rect body = chrome_body(k);
    char title[192];
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int columns = columns_of(ui, body.w);
    int width = (body.w - (columns - 1) * gap) / columns;
    static struct flow flow;
    flow.count = 0;
    flow.cut = false;
    review_rows(k, width, columns, &flow);
    /* Where the answers need several parts, a wide panel says in its top line
     * what to do. */
    bool roomy = flow_height(&flow) <= body.h * 4 / 5 || body.h > body.w;
    headline(k, !roomy, title, sizeof(title));
    if (roomy) {
        chrome_headline(k, title, &body);
    }
    struct chrome_bottom bottom = {.back = kiosk_text(k, "Back"),
                                   .next = kiosk_text(k, "Send"),
                                   .next_verb = KIOSK_SEND,
                                   .next_last = true};
    struct chrome_view view = chrome_view(k, &flow, body, &bottom);
    while (chrome_view_next(&view)) {
        draw_row(k, view.row, width, view.box);
    }
    chrome_bottom(k, &bottom);
    chrome_top(k, roomy ? kiosk_title(k, k->survey) : title);
}

static void
open_page(struct kiosk *k, size_t page, bool complain)
{
    session_go(&k->session, page);
    k->session.to_review = true;
    k->session.complain = complain;
    k->session.seek = complain;
    kiosk_go(k, KIOSK_QUESTION);
}

static void
send_answers(struct kiosk *k)
{
    struct session *s = &k->session;
    size_t faults = 0;
    const struct filling_violation *v = filling_violations(s->filling, &faults);
    if (faults > 0) {
        size_t page = session_page_of(s, v[0].node);
        if (page != SIZE_MAX) {
            open_page(k, page, true);
            return;
        }
    }
    enum status (*send)(void *, size_t, struct filling *, const char *) =
        k->rehearsal ? k->source->rehearse : k->source->send;
    k->send_status = send(k->source->self, k->survey, s->filling, k->code);
    k->changed = true;
    if (k->send_status < 0) {
        k->dialog = KIOSK_SENDING_FAILED;
        return;
    }
    session_close(s);
    k->in_session = false;
    buf_wipe(k->code, sizeof(k->code));
    ui_wipe(&k->ui);
    if (kiosk_room_running(k)) {
        kiosk_room_next(k);
    } else {
        kiosk_go(k, KIOSK_THANKS);
    }
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    bool back = event->kind == UI_PRESS_KEY && event->key == UI_KEY_PAGE_UP;
    if (back || event->action.verb == KIOSK_BACK) {
        size_t last = k->session.page_count;
        session_go(&k->session, last > 0 ? last - 1 : 0);
        kiosk_go(k, KIOSK_QUESTION);
        return;
    }
    switch (event->action.verb) {
    case KIOSK_SEND:
        send_answers(k);
        break;
    case KIOSK_GO:
        open_page(k, (size_t)event->action.arg, false);
        break;
    case KIOSK_PART:
        k->part = geom_max(k->part + event->action.arg, 0);
        k->changed = true;
        break;
    default:
        break;
    }
}

const struct screen review_screen = {"review", draw, act};
