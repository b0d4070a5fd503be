#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "screens/control.h"

/*
 * Ballot: the people of the other side, ranked by touching them.
 *
 * Touching a card gives it the next place, touching it again takes the place
 * back; "=" makes it equal with the one ranked before it, the cross says "not
 * with". Cards stay where they are: only the number moves, and the check shows
 * the order.
 *
 * What it means is in three questions of one group, so that any other client
 * can fill in the same form: `order` (this one, as many as are ranked, in
 * order), `equal` (those that share the place of the one before) and `not_with`.
 */
#define PEOPLE_MAX 512
#define NUMBER_MM 15.0
#define ACTIONS 3

enum part {
    PART_ORDER,
    PART_EQUAL,
    PART_NOT,
    PART_COUNT
};

enum action {
    ACTION_TOUCH,
    ACTION_EQUAL,
    ACTION_NOT
};

/* Indices of the control's choices. */
struct ballot {
    size_t order[PEOPLE_MAX];
    size_t placed;
    bool equal[PEOPLE_MAX]; /* by choice */
    bool unwanted[PEOPLE_MAX];
    bool ranked[PEOPLE_MAX];
};

static struct filling_node *
node_of(const struct control *c, enum part part)
{
    static const char *const names[PART_COUNT] = {
        [PART_EQUAL] = "equal", [PART_NOT] = "not_with"};
    if (part == PART_ORDER) {
        return c->node;
    }
    struct filling *f = c->k->session.filling;
    struct filling_node *node = NULL;
    struct buf path;
    buf_init(&path, FILLING_XML_MAX_BYTES);
    filling_path(f, c->node, &path);
    const char *slash = path.len > 0 ? strrchr(path.data, '/') : NULL;
    if (slash) {
        buf_truncate(&path, (size_t)(slash - path.data) + 1);
        buf_puts(&path, names[part]);
        node =
            buf_status(&path) == STATUS_OK ? filling_find(f, path.data) : NULL;
    }
    buf_deinit(&path);
    return node;
}

static size_t
people(const struct control *c)
{
    return c->choice_count < PEOPLE_MAX ? c->choice_count : PEOPLE_MAX;
}

static size_t
find(const struct control *c, const char *name, size_t len)
{
    for (size_t i = 0; i < people(c); i++) {
        if (strlen(c->choices[i].name) == len
            && memcmp(c->choices[i].name, name, len) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void
read_part(const struct control *c, enum part part, struct ballot *b)
{
    struct filling_node *node = node_of(c, part);
    const char *value = node ? filling_value(c->k->session.filling, node) : "";
    for (const char *at = value ? value : ""; *at;) {
        size_t len = strcspn(at, " ");
        size_t who = len > 0 ? find(c, at, len) : SIZE_MAX;
        if (who != SIZE_MAX && part == PART_ORDER && !b->ranked[who]) {
            b->ranked[who] = true;
            b->order[b->placed++] = who;
        } else if (who != SIZE_MAX && part != PART_ORDER) {
            (part == PART_EQUAL ? b->equal : b->unwanted)[who] = true;
        }
        at += len + (at[len] == ' ');
    }
}

static void
ballot_read(const struct control *c, struct ballot *b)
{
    memset(b, 0, sizeof(*b));
    for (int part = 0; part < PART_COUNT; part++) {
        read_part(c, (enum part)part, b);
    }
}

/* The first place has nobody before it, and who has no place shares none. */
static void
tidy(const struct control *c, struct ballot *b)
{
    for (size_t i = 0; i < people(c); i++) {
        b->equal[i] = b->equal[i] && b->ranked[i] && i != b->order[0];
    }
}

static void
put_part(const struct control *c, enum part part, const struct ballot *b)
{
    struct session *s = &c->k->session;
    struct filling_node *node = node_of(c, part);
    struct buf value;
    buf_init(&value, FILLING_XML_MAX_BYTES);
    for (size_t i = 0; i < people(c); i++) {
        size_t who = part == PART_ORDER ? b->order[i] : i;
        bool in = part == PART_ORDER   ? i < b->placed
                  : part == PART_EQUAL ? b->equal[who]
                                       : b->unwanted[who];
        if (in) {
            buf_puts(&value, value.len > 0 ? " " : "");
            buf_puts(&value, c->choices[who].name);
        }
    }
    enum status st = buf_status(&value);
    if (st == STATUS_OK && node) {
        st = filling_set(s->filling, node, value.len > 0 ? value.data : "");
    }
    if (st < 0) {
        log_error("kiosk", "a ballot could not be taken: %s", status_name(st));
    }
    buf_deinit(&value);
}

/* Choices are borrowed from the filling and gone after its first change. */
static void
ballot_write(const struct control *c, struct ballot *b)
{
    static const enum part parts[] = {PART_ORDER, PART_EQUAL, PART_NOT};
    tidy(c, b);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct control now;
        control_init(&now, c->k, c->entry);
        put_part(&now, parts[i], b);
    }
    if (session_refresh(&c->k->session) < 0) {
        log_error("kiosk", "a ballot could not be shown");
    }
    c->k->changed = true;
}

/* --- drawing -------------------------------------------------------------- */

static bool
is_first(const struct ballot *b, size_t who)
{
    return b->placed > 0 && b->order[0] == who;
}

/* Left of the one button beside it; a card has none while it stands first. */
static int
card_width(const struct control *c)
{
    return c->width_px - ui_mm(&c->k->ui, NUMBER_MM)
           - ui_mm(&c->k->ui, METRICS_TARGET_MM)
           - ui_mm(&c->k->ui, METRICS_GAP_MM);
}

/* "Anna P.\nart, robotics": the name, and what she offers or asks for. */
static struct widgets_card
card_of(const struct control *c, const struct ballot *b, size_t who,
        struct buf *name)
{
    const char *label = c->choices[who].label.text;
    const char *line = strchr(label, '\n');
    buf_put(name, label, line ? (size_t)(line - label) : strlen(label));
    return (struct widgets_card){
        .label = name->data ? name->data : "",
        .note = b->unwanted[who] ? kiosk_text(c->k, "rather not together")
                : line           ? line + 1
                                 : NULL,
        .note_strong = b->unwanted[who],
        .warns = b->unwanted[who],
        .selected = b->ranked[who],
        .role = b->ranked[who] ? METRICS_BODY_STRONG : METRICS_BODY,
        .action = control_action(c, (int)(who * ACTIONS) + ACTION_TOUCH),
        .id_kind = "ballot"};
}

static void
rows(const struct control *c, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    struct ballot b;
    ballot_read(c, &b);
    for (size_t who = 0; who < people(c); who++) {
        struct buf name;
        buf_init(&name, FILLING_XML_MAX_BYTES);
        struct widgets_card card = card_of(c, &b, who, &name);
        int height = widgets_card_height(ui, &card, card_width(c));
        buf_deinit(&name);
        flow_add(flow,
                 &(struct flow_row){.height_px = geom_max(
                                        height, ui_mm(ui, METRICS_TARGET_MM)),
                                    .gap_px = ui_mm(ui, METRICS_GAP_MM),
                                    .entry = c->entry,
                                    .kind = FLOW_CONTROL,
                                    .arg = (int)who});
    }
    buf_wipe(&b, sizeof(b));
}

static void
button(const struct control *c, size_t who, enum action action, bool on,
       struct geom_rect at)
{
    static const struct {
        const char *id;
        const char *label;
        enum draw_list_icon icon;
    } kinds[ACTIONS] = {
        [ACTION_EQUAL] = {"equal", "=", DRAW_LIST_DOT},
        [ACTION_NOT] = {"not", NULL, DRAW_LIST_CROSS},
    };
    char part[64];
    char id[UI_ID_MAX_BYTES];
    (void)snprintf(part, sizeof(part), "%.40s-%s", c->choices[who].name,
                   kinds[action].id);
    control_name(c, part, id, sizeof(id));
    struct widgets_button b = {
        .label = kinds[action].label,
        .icon = kinds[action].icon,
        .has_icon = !kinds[action].label,
        .look = on ? WIDGETS_FILLED : WIDGETS_OUTLINED,
        .role = METRICS_BUTTON,
        .action = control_action(c, (int)(who * ACTIONS) + (int)action),
        .flags = on ? UI_SELECTED : 0,
        .inset_px = ui_mm(&c->k->ui, 2.4),
        .id_kind = "ballot",
        .id_name = id};
    widgets_button(&c->k->ui, &b, at);
}

static size_t
row_of(const struct ballot *b, size_t who)
{
    size_t row = 0;
    while (row < b->placed && b->order[row] != who) {
        row++;
    }
    return row;
}

/* The place, which equals share. */
static size_t
place_of(const struct ballot *b, size_t row)
{
    while (row > 0 && b->equal[b->order[row]]) {
        row--;
    }
    return row + 1;
}

static void
draw(const struct control *c, const struct flow_row *row, struct geom_rect rect)
{
    struct ui *ui = &c->k->ui;
    size_t who = (size_t)row->arg;
    struct ballot b;
    ballot_read(c, &b);
    struct geom_rect inside = rect;
    struct geom_rect number = geom_cut_left(&inside, ui_mm(ui, NUMBER_MM));
    struct geom_rect side =
        geom_cut_right(&inside, ui_mm(ui, METRICS_TARGET_MM));
    (void)geom_cut_right(&inside, ui_mm(ui, METRICS_GAP_MM));
    if (b.ranked[who]) {
        char place[24];
        (void)snprintf(place, sizeof(place), "%zu",
                       place_of(&b, row_of(&b, who)));
        widgets_line(ui,
                     &(struct widgets_text){.role = METRICS_FIGURE,
                                            .colour = THEME_ACCENT,
                                            .align = WIDGETS_CENTRE},
                     place, number);
    }
    if (!b.ranked[who]) {
        button(c, who, ACTION_NOT, b.unwanted[who], side);
    } else if (!is_first(&b, who)) {
        button(c, who, ACTION_EQUAL, b.equal[who], side);
    }
    struct buf name;
    char id[UI_ID_MAX_BYTES];
    buf_init(&name, FILLING_XML_MAX_BYTES);
    struct widgets_card card = card_of(c, &b, who, &name);
    control_name(c, c->choices[who].name, id, sizeof(id));
    card.id_name = id;
    widgets_card(ui, &card, inside);
    buf_deinit(&name);
    buf_wipe(&b, sizeof(b));
}

/* --- touching ------------------------------------------------------------- */

static void
take_place_back(struct ballot *b, size_t who)
{
    size_t row = row_of(b, who);
    /* Whoever shared her place keeps it. */
    if (row + 1 < b->placed && !b->equal[who]) {
        b->equal[b->order[row + 1]] = false;
    }
    b->placed--;
    memmove(&b->order[row], &b->order[row + 1],
            (b->placed - row) * sizeof(b->order[0]));
    b->ranked[who] = false;
}

static void
act(const struct control *c, const struct ui_event *event)
{
    int arg = event->action.arg;
    if (event->kind != UI_ACTIVATE || arg < 0
        || (size_t)arg / ACTIONS >= people(c)) {
        return;
    }
    size_t who = (size_t)arg / ACTIONS;
    struct ballot b;
    ballot_read(c, &b);
    switch ((enum action)(arg % ACTIONS)) {
    case ACTION_TOUCH:
        if (b.ranked[who]) {
            take_place_back(&b, who);
        } else if (b.unwanted[who]) {
            b.unwanted[who] = false;
        } else {
            b.order[b.placed++] = who;
            b.ranked[who] = true;
        }
        break;
    case ACTION_EQUAL:
        b.equal[who] = !b.equal[who];
        break;
    case ACTION_NOT:
        b.unwanted[who] = !b.unwanted[who] && !b.ranked[who];
        break;
    }
    ballot_write(c, &b);
    buf_wipe(&b, sizeof(b));
}

void
control_ballot_words(const struct control *c, struct buf *out)
{
    struct ballot b;
    ballot_read(c, &b);
    for (size_t row = 0; row < b.placed; row++) {
        const char *label = c->choices[b.order[row]].label.text;
        char place[32];
        (void)snprintf(place, sizeof(place), "%s%zu. ", row > 0 ? "; " : "",
                       place_of(&b, row));
        if (row > 0 && b.equal[b.order[row]]) {
            buf_puts(out, " = ");
        } else {
            buf_puts(out, place);
        }
        buf_put(out, label, strcspn(label, "\n"));
    }
    bool any = false;
    for (size_t i = 0; i < people(c); i++) {
        if (b.unwanted[i]) {
            const char *label = c->choices[i].label.text;
            buf_puts(out, any ? ", " : out->len > 0 ? "; " : "");
            buf_puts(out, any ? "" : kiosk_text(c->k, "not with: "));
            buf_put(out, label, strcspn(label, "\n"));
            any = true;
        }
    }
    buf_wipe(&b, sizeof(b));
}

const struct control_ops control_ballot_ops = {"ballot", rows, draw, act};
