#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "screens/chrome.h"
#include "screens/control.h"
#include "screens/header.h"
#include "screens/matrix.h"
#include "screens/writing.h"

/*
 * The page of a question, or of a field-list: words at the left and answers at
 * the right where the panel is wide and there is one question; one below the
 * other elsewhere.
 */
#define LOW_BODY_MM 60.0
#define COLUMN_GAP_MM 7.0
#define REPEAT_BODY_MM 75.0 /* as high as this, every part says the question */

struct layout {
    struct geom_rect words; /* empty: the words stand in the flow */
    struct geom_rect answers;
    int room_px;   /* height of a part, if there are several */
    size_t number; /* of the question, 0: none */
    bool bare;     /* answers alone, without any words */
};

static size_t
question_number(const struct session *s)
{
    return s->page + 1;
}

static bool
is_single(const struct kiosk *k)
{
    const struct session_page *page = session_page(&k->session);
    const struct session_entry *e = session_entry(&k->session, 0);
    return page && page->count == 1 && e && e->kind == SESSION_QUESTION;
}

static struct widgets_button
repeat_button(const struct kiosk *k, size_t entry, bool add)
{
    return (struct widgets_button){
        .label = add ? kiosk_text(k, "Add one more")
                     : kiosk_text(k, "Remove the last one"),
        .icon = add ? DRAW_LIST_PLUS : DRAW_LIST_MINUS,
        .has_icon = true,
        .look = WIDGETS_CARD,
        .role = METRICS_BUTTON,
        .action = {KIOSK_CONTROL, (int)entry, add ? 0 : 1},
        .id_kind = add ? "add" : "remove"};
}

/* Adding and removing side by side where there is room. */
static bool
repeat_in_one_row(struct kiosk *k, size_t entry, int width)
{
    struct widgets_button remove = repeat_button(k, entry, false);
    struct widgets_button add = repeat_button(k, entry, true);
    int half = (width - ui_mm(&k->ui, METRICS_GAP_MM)) / 2;
    return widgets_button_width(&k->ui, &remove) <= half
           && widgets_button_width(&k->ui, &add) <= half;
}

static void
add_rows(struct kiosk *k, size_t entry, int width, struct flow *flow)
{
    const struct session_entry *e = session_entry(&k->session, entry);
    bool two = e->last && !repeat_in_one_row(k, entry, width);
    header_heading_rows(k, entry, width, flow);
    for (int row = 0; row < (two ? 2 : 1); row++) {
        flow_add(flow,
                 &(struct flow_row){
                     .height_px = ui_mm(&k->ui, METRICS_TARGET_MM),
                     .gap_px = ui_mm(&k->ui, row == 0 ? 4.0 : METRICS_GAP_MM),
                     .entry = entry,
                     .kind = FLOW_ADD,
                     .arg = row});
    }
}

/* A question of one line stands above every part of its answers, which begin
 * with row `first`; false if it is longer or the page too low for that. */
static bool
repeat_question(const struct control *c, struct flow *flow, size_t first)
{
    size_t label = 0;
    size_t lines = 0;
    for (size_t i = 0; i < first; i++) {
        label = flow->rows[i].kind == FLOW_LABEL ? i : label;
        lines += flow->rows[i].kind == FLOW_LABEL ? 1 : 0;
    }
    const struct control_ops *ops = control_ops(c);
    if (lines != 1 || c->room_px < ui_mm(&c->k->ui, REPEAT_BODY_MM)
        || (ops != &control_choice_ops && ops != &control_rank_ops
            && ops != &control_first_ops)) {
        return false;
    }
    for (size_t i = first; i < flow->count; i++) {
        flow->rows[i].head = label + 1;
    }
    return true;
}

static void
question_rows(struct kiosk *k, const struct layout *at, bool words,
              size_t entry, struct flow *flow)
{
    struct control c;
    control_init(&c, k, entry);
    c.width_px = at->answers.w;
    c.room_px = at->room_px;
    if (words) {
        header_rows(&c, at->number, flow);
    }
    size_t before = flow->count;
    control_ops(&c)->rows(&c, flow);
    /* The answers stand a little apart from the words. */
    if (words && flow->count > before) {
        flow->rows[before].gap_px = ui_mm(&k->ui, 4);
        if (is_single(k)) {
            (void)repeat_question(&c, flow, before);
        }
    } else if (words && before > 0) {
        flow->rows[before - 1].glue = false;
    }
}

/* Rows of everything on the page; `words` says whether with headers. */
static void
page_rows(struct kiosk *k, const struct layout *at, bool words,
          struct flow *flow)
{
    const struct session_page *page = session_page(&k->session);
    size_t i = 0;
    while (page && i < page->count) {
        const struct session_entry *e = session_entry(&k->session, i);
        size_t matrix = matrix_length(k, i, at->answers.w, at->room_px);
        if (e->kind == SESSION_HEADING) {
            header_heading_rows(k, i, at->answers.w, flow);
        } else if (e->kind == SESSION_ADD) {
            add_rows(k, i, at->answers.w, flow);
        } else if (matrix > 0) {
            matrix_rows(k, i, matrix, at->answers.w, flow);
        } else {
            question_rows(k, at, words, i, flow);
        }
        i += matrix > 0 ? matrix : 1;
    }
    if (flow->count > 0) {
        flow->rows[flow->count - 1].glue = false;
    }
}

/* The last row, if the page is too low for it and beneath the words, in `room`,
 * there is a place for it. */
static const struct flow_row *
row_aside(struct flow *flow, int height, struct geom_rect room)
{
    const struct flow_row *last =
        flow->count > 1 ? &flow->rows[flow->count - 1] : NULL;
    if (!last || last->aside_px == 0 || last->aside_px > room.w
        || last->height_px > room.h
        || flow_height(flow) - last->height_px - last->gap_px > height
        || flow_height(flow) <= height) {
        return NULL;
    }
    flow->count--;
    return last;
}

/* What the words leave of their column, a little apart, and as near to the
 * answers as targets may stand. */
static struct geom_rect
below_words(struct kiosk *k, const struct flow *words, struct geom_rect column)
{
    int used = flow_height(words) + ui_mm(&k->ui, 4);
    (void)geom_cut_top(&column, geom_min(used, column.h));
    column.w += ui_mm(&k->ui, COLUMN_GAP_MM) - ui_mm(&k->ui, METRICS_GAP_MM);
    return column;
}

/* Parts of the answers beside the words. */
static int
parts_beside(const struct control *c, const struct layout *at, int more)
{
    static struct flow flow;
    struct control narrow = *c;
    size_t first = 0;
    size_t count = 0;
    int part = 0;
    flow.count = 0;
    narrow.width_px = at->words.w;
    narrow.room_px = at->words.h;
    header_rows(&narrow, at->number, &flow);
    struct geom_rect room = below_words(c->k, &flow, at->words);
    flow.count = 0;
    narrow.width_px = at->answers.w;
    narrow.room_px = at->answers.h - more;
    control_ops(&narrow)->rows(&narrow, &flow);
    (void)row_aside(&flow, at->answers.h, room);
    return flow_part(&flow, at->answers.h, more, &part, &first, &count);
}

/* Parts of words above and answers below, across the whole panel, as long as
 * all of them say what is asked. */
static int
parts_below(const struct control *c, size_t number, struct geom_rect body,
            int more)
{
    static struct flow flow;
    struct control whole = *c;
    size_t first = 0;
    size_t count = 0;
    int part = 0;
    flow.count = 0;
    whole.width_px = body.w;
    whole.room_px = body.h - more;
    header_rows(&whole, number, &flow);
    size_t before = flow.count;
    control_ops(&whole)->rows(&whole, &flow);
    if (flow.count > before) {
        flow.rows[before].gap_px = ui_mm(&c->k->ui, 4);
    }
    bool repeated = repeat_question(&whole, &flow, before);
    int parts = flow_part(&flow, body.h, more, &part, &first, &count);
    return parts == 1 || repeated ? parts : INT_MAX;
}

/* Whether the answers had better stand below the words, across the whole
 * panel: in fewer parts, or in one that shows more of them side by side. */
static bool
wants_width(const struct control *c, const struct layout *beside,
            struct geom_rect body, int more)
{
    struct control narrow = *c;
    struct control whole = *c;
    narrow.width_px = beside->answers.w;
    narrow.room_px = body.h - more;
    whole.width_px = body.w;
    whole.room_px = body.h - more;
    int parts = parts_below(c, beside->number, body, more);
    if (parts > 1) {
        return parts < parts_beside(c, beside, more);
    }
    return control_spreads(&whole)
           || control_side_by_side(&whole) > control_side_by_side(&narrow)
           || parts_beside(c, beside, more) > 1;
}

/* The letters of a long list take the whole of a low panel. */
static bool
only_letters(const struct kiosk *k, struct geom_rect body)
{
    return k->session.letters_open && body.h < ui_mm(&k->ui, LOW_BODY_MM);
}

static struct layout
lay_out(struct kiosk *k, struct geom_rect body, int more)
{
    static const double shares[] = {0.37, 0.43, 0.48};
    struct layout at = {.answers = body};
    if (is_single(k)) {
        at.number = question_number(&k->session);
    }
    bool wide = body.w * 10 > k->ui.metrics.height_px * 12;
    at.bare = only_letters(k, body);
    if (!is_single(k) || !wide || at.bare) {
        return at;
    }
    struct control c;
    control_init(&c, k, 0);
    if (control_ops(&c) == &control_note_ops || control_is_document(&c)) {
        return at;
    }
    /* As narrow as the longest word allows. */
    struct geom_rect words = body;
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
        words.w = (int)((double)body.w * shares[i]);
        c.width_px = words.w;
        if (!header_breaks_word(&c)) {
            break;
        }
    }
    c.room_px = words.h;
    static struct flow flow;
    flow.count = 0;
    header_rows(&c, at.number, &flow);
    int gap = ui_mm(&k->ui, COLUMN_GAP_MM);
    struct layout beside = at;
    beside.words = words;
    beside.answers.x += words.w + gap;
    beside.answers.w -= words.w + gap;
    return flow_height(&flow) > words.h || wants_width(&c, &beside, body, more)
               ? at
               : beside;
}

static void
draw_add(struct kiosk *k, const struct flow_row *row, struct geom_rect rect)
{
    const struct session_entry *e = session_entry(&k->session, row->entry);
    struct widgets_button b = repeat_button(k, row->entry, row->arg == 0);
    if (row->arg == 0 && e && e->last
        && repeat_in_one_row(k, row->entry, rect.w)) {
        struct widgets_button remove = repeat_button(k, row->entry, false);
        int gap = ui_mm(&k->ui, METRICS_GAP_MM);
        struct geom_rect right = geom_cut_right(&rect, (rect.w - gap) / 2);
        (void)geom_cut_right(&rect, gap);
        widgets_button(&k->ui, &b, rect);
        widgets_button(&k->ui, &remove, right);
        return;
    }
    widgets_button(&k->ui, &b, rect);
}

static void
draw_row(struct kiosk *k, const struct layout *at, const struct flow_row *row,
         struct geom_rect rect)
{
    if (row->kind == FLOW_HEADING) {
        header_heading_draw(k, row, rect);
        return;
    }
    if (row->kind == FLOW_ADD) {
        draw_add(k, row, rect);
        return;
    }
    if (row->kind == FLOW_MATRIX_HEAD || row->kind == FLOW_MATRIX_ROW) {
        matrix_draw(k, row, rect);
        return;
    }
    struct control c;
    control_init(&c, k, row->entry);
    c.width_px = rect.w;
    c.room_px = at->room_px;
    if (row->kind < FLOW_CONTROL) {
        header_draw(&c, at->number, row, rect);
    } else {
        control_ops(&c)->draw(&c, row, rect);
    }
}

/* The first part in which something is said to be missing. */
static void
seek_message(struct kiosk *k, const struct flow *flow, int height, int more)
{
    size_t first = 0;
    size_t count = 0;
    int parts = 1;
    for (int part = 0; part < parts; part++) {
        int at = part;
        parts = flow_part(flow, height, more, &at, &first, &count);
        for (size_t i = first; i < first + count; i++) {
            if (flow->rows[i].kind == FLOW_MESSAGE) {
                k->session.part = part;
                return;
            }
        }
    }
}

/* What "More" and "Up" take off the page, whatever Next is called on it. */
static int
parts_height(struct kiosk *k, const struct chrome_bottom *bottom)
{
    struct control c;
    struct chrome_bottom reading = *bottom;
    control_init(&c, k, 0);
    if (is_single(k) && control_is_document(&c)) {
        reading.next = kiosk_text(k, "Read on");
    } else if (is_single(k) && control_ops(&c) == &control_rank_ops) {
        reading.next = kiosk_text(k, "The rest");
    }
    return geom_max(chrome_parts_height(k, bottom),
                    chrome_parts_height(k, &reading));
}

/* Whether there is more that has to be seen before Next leaves the page: of a
 * document that is to be acknowledged, or of a list that has an order already. */
static const char *
reads_on(struct kiosk *k)
{
    const struct session *s = &k->session;
    struct control c;
    if (!is_single(k) || s->part + 1 >= s->parts) {
        return NULL;
    }
    control_init(&c, k, 0);
    if (control_is_document(&c) && !c.q.value[0]) {
        return kiosk_text(k, "Read on");
    }
    return control_ops(&c) == &control_rank_ops && c.q.value[0]
               ? kiosk_text(k, "The rest")
               : NULL;
}

/* Whether the finger carries this row. */
static bool
raised(struct kiosk *k, const struct flow_row *row)
{
    struct control c;
    if (!k->ui.dragging || row->kind < FLOW_CONTROL) {
        return false;
    }
    control_init(&c, k, row->entry);
    return control_ops(&c) == &control_rank_ops && control_rank_raised(&c, row);
}

static void
draw_rows(struct kiosk *k, const struct layout *at, const struct flow *flow,
          int more, struct chrome_bottom *bottom)
{
    struct geom_rect area = at->answers;
    size_t first = 0;
    size_t count = 0;
    if (k->session.seek) {
        k->session.seek = false;
        seek_message(k, flow, area.h, more);
    }
    bottom->parts =
        flow_part(flow, area.h, more, &k->session.part, &first, &count);
    bottom->part = k->session.part;
    bottom->area = area;
    k->session.parts = bottom->parts;
    const char *on = reads_on(k);
    if (on) {
        bottom->next = on;
        bottom->next_quiet = false;
    }
    int y = area.y;
    const struct flow_row *over = NULL;
    struct geom_rect over_at = {0};
    const struct flow_row *head = flow_head(flow, first);
    if (head && count > 0) {
        draw_row(k, at, head,
                 (struct geom_rect){area.x, y, area.w, head->height_px});
        y += head->height_px + flow->rows[first].gap_px;
    }
    for (size_t i = first; i < first + count; i++) {
        const struct flow_row *row = &flow->rows[i];
        int height = row->height_px;
        if (bottom->parts == 1 && is_single(k)) {
            height += flow_stretch(flow, first, count, i, area.h);
        }
        y += i > first ? row->gap_px : 0;
        struct geom_rect rect = {area.x, y, area.w, height};
        if (raised(k, row)) {
            over = row;
            over_at = rect;
        } else {
            draw_row(k, at, row, rect);
        }
        y += height;
    }
    if (over) {
        draw_row(k, at, over, over_at);
    }
}

/* The words in their column; what they leave of it. */
static struct geom_rect
draw_words(struct kiosk *k, const struct layout *at, struct flow *flow)
{
    struct control c;
    control_init(&c, k, 0);
    c.width_px = at->words.w;
    c.room_px = at->words.h;
    flow->count = 0;
    header_rows(&c, at->number, flow);
    int y = at->words.y;
    for (size_t i = 0; i < flow->count; i++) {
        y += i > 0 ? flow->rows[i].gap_px : 0;
        draw_row(k, at, &flow->rows[i],
                 (struct geom_rect){at->words.x, y, at->words.w,
                                    flow->rows[i].height_px});
        y += flow->rows[i].height_px;
    }
    return below_words(k, flow, at->words);
}

static struct chrome_bottom
bottom_of(struct kiosk *k)
{
    struct session *s = &k->session;
    bool answered = session_page_answered(s);
    const char *next = kiosk_text(k, "Next");
    if (s->to_review) {
        next = kiosk_text(k, "To the check");
    } else if (!answered && !session_page_blocked(s)) {
        next = kiosk_text(k, "Skip");
    }
    return (struct chrome_bottom){.back = kiosk_text(k, "Back"),
                                  .next = next,
                                  .next_verb = KIOSK_NEXT,
                                  .next_quiet = !answered,
                                  .done = s->page + 1,
                                  .total = s->page_count,
                                  .share = session_share(s)};
}

static void
draw(struct kiosk *k)
{
    struct session *s = &k->session;
    if (s->edited) {
        writing_draw(k);
        return;
    }
    static struct flow flow;
    struct chrome_bottom bottom = bottom_of(k);
    int more = parts_height(k, &bottom);
    struct layout at = lay_out(k, chrome_body(k), more);
    at.room_px = at.answers.h - more;
    flow.count = 0;
    flow.cut = false;
    const struct flow_row *aside = NULL;
    struct geom_rect below = {0};
    if (!geom_empty(at.words)) {
        below = draw_words(k, &at, &flow);
        flow.count = 0;
        page_rows(k, &at, false, &flow);
        aside = row_aside(&flow, at.answers.h, below);
    } else {
        page_rows(k, &at, !at.bare, &flow);
    }
    draw_rows(k, &at, &flow, more, &bottom);
    if (aside) {
        draw_row(k, &at, aside, geom_cut_bottom(&below, aside->height_px));
    }
    chrome_bottom(k, &bottom);
    chrome_top(k, kiosk_title(k, k->survey));
}

static void
go_on(struct kiosk *k)
{
    struct session *s = &k->session;
    if (reads_on(k)) {
        s->part++;
    } else if (session_page_blocked(s)) {
        s->complain = true;
        s->seek = true;
    } else if (s->to_review || s->page + 1 >= s->page_count) {
        s->to_review = false;
        session_go(s, s->page);
        kiosk_go(k, KIOSK_REVIEW);
    } else {
        session_go(s, s->page + 1);
    }
    k->changed = true;
}

static void
go_back(struct kiosk *k)
{
    struct session *s = &k->session;
    if (s->to_review) {
        s->to_review = false;
        kiosk_go(k, KIOSK_REVIEW);
    } else if (s->page > 0) {
        session_go(s, s->page - 1);
    } else {
        k->dialog = KIOSK_ASK_START_OVER;
    }
    k->changed = true;
}

static void
add_instance(struct kiosk *k, const struct session_entry *e)
{
    struct session *s = &k->session;
    size_t page = s->page;
    enum status st = filling_add(s->filling, e->node, e->repeat, NULL);
    if (st >= 0) {
        st = session_refresh(s);
    }
    if (st < 0) {
        log_warn("kiosk", "a repeat could not be added: %s", status_name(st));
    } else {
        /* The new instance's questions stand where "add" stood. */
        session_go(s, page);
    }
    k->changed = true;
}

void
question_remove(struct kiosk *k)
{
    struct session *s = &k->session;
    const struct session_entry *e = session_entry(s, k->asked_entry);
    enum status st = STATUS_NONE;
    if (k->in_session && e && e->kind == SESSION_ADD && e->last) {
        st = filling_remove(s->filling, e->last);
    }
    if (st >= 0) {
        st = session_refresh(s);
    }
    if (st < 0) {
        log_warn("kiosk", "a repeat could not be removed: %s", status_name(st));
    }
    k->changed = true;
}

static void
act_on_repeat(struct kiosk *k, size_t entry, bool add)
{
    const struct session_entry *e = session_entry(&k->session, entry);
    if (add) {
        add_instance(k, e);
    } else if (e->last) {
        k->asked_entry = entry;
        k->dialog = KIOSK_ASK_REMOVE;
        k->changed = true;
    }
}

/* With the appearance "quick" one choice is the whole answer: on we go. */
static void
act_on_control(struct kiosk *k, size_t entry, const struct ui_event *event)
{
    struct control c;
    control_init(&c, k, entry);
    bool quick = is_single(k) && control_has(c.q.appearance, "quick")
                 && c.q.control == FORM_CONTROL_SELECT_ONE;
    control_ops(&c)->act(&c, event);
    if (quick && event->kind == UI_ACTIVATE
        && event->action.arg < (int)c.choice_count
        && session_page_answered(&k->session)
        && !session_page_blocked(&k->session)) {
        go_on(k);
    }
}

/* The question that a real keyboard writes into: the one in focus, or the only
 * one of the page. */
static bool
typed_at(struct kiosk *k, struct control *out)
{
    const struct ui_target *t =
        k->ui.focus_visible ? ui_find(&k->ui, k->ui.focus) : NULL;
    bool focused =
        t && (t->action.verb == KIOSK_CONTROL || t->action.verb == KIOSK_FIELD);
    size_t entry = focused ? (size_t)t->action.entry : 0;
    const struct session_entry *e = session_entry(&k->session, entry);
    if ((!focused && !is_single(k)) || !e || e->kind != SESSION_QUESTION) {
        return false;
    }
    control_init(out, k, entry);
    return true;
}

static void
act_on_key(struct kiosk *k, const struct ui_event *event)
{
    struct control c;
    if (event->key == UI_KEY_PAGE_DOWN || event->key == UI_KEY_ENTER) {
        go_on(k);
    } else if (event->key == UI_KEY_PAGE_UP) {
        go_back(k);
    } else if (typed_at(k, &c)) {
        const struct control_ops *ops = control_ops(&c);
        bool writes = ops == &control_text_ops || control_searched(&c);
        if (writes && event->kind == UI_INPUT) {
            writing_open(k, c.entry, ops != &control_text_ops);
            (void)writing_act(k, event);
        } else if (ops == &control_number_ops || ops == &control_scale_ops) {
            ops->act(&c, event);
        }
    }
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    struct session *s = &k->session;
    if (s->edited && writing_act(k, event)) {
        return;
    }
    if (event->kind == UI_INPUT || event->kind == UI_PRESS_KEY) {
        act_on_key(k, event);
        return;
    }
    size_t entry = (size_t)event->action.entry;
    switch (event->action.verb) {
    case KIOSK_NEXT:
        go_on(k);
        break;
    case KIOSK_BACK:
        go_back(k);
        break;
    case KIOSK_PART:
        s->part += event->action.arg;
        s->part = geom_max(s->part, 0);
        k->changed = true;
        break;
    case KIOSK_FIELD:
        writing_open(k, entry, event->action.arg == 1);
        break;
    case KIOSK_CONTROL: {
        const struct session_entry *e = session_entry(s, entry);
        if (e && e->kind == SESSION_ADD && event->kind == UI_ACTIVATE) {
            act_on_repeat(k, entry, event->action.arg == 0);
        } else if (e && e->kind == SESSION_QUESTION) {
            act_on_control(k, entry, event);
        }
        break;
    }
    default:
        break;
    }
}

const struct screen question_screen = {"question", draw, act};
