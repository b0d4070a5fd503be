#include "screens/control.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static bool
ranks_first_few(const struct control *c)
{
    return form_rank_places(c->q.appearance, c->choice_count) < c->choice_count;
}

void
control_init(struct control *c, struct kiosk *k, size_t entry)
{
    *c = (struct control){.k = k, .entry = entry};
    const struct session_entry *e = session_entry(&k->session, entry);
    if (!e) {
        return;
    }
    c->node = e->node;
    filling_question(k->session.filling, e->node, &c->q);
    if (c->q.control == FORM_CONTROL_SELECT_ONE
        || c->q.control == FORM_CONTROL_SELECT_MULTIPLE
        || c->q.control == FORM_CONTROL_RANK) {
        c->choices =
            filling_choices(k->session.filling, e->node, &c->choice_count);
    }
    if (c->q.control == FORM_CONTROL_RANK && ranks_first_few(c)) {
        c->choices =
            filling_offered(k->session.filling, e->node, &c->choice_count);
    }
}

static const struct control_ops *
input_ops(const struct control *c)
{
    switch (c->q.type) {
    case FORM_TYPE_INTEGER:
    case FORM_TYPE_DECIMAL:
        return &control_number_ops;
    case FORM_TYPE_DATE:
    case FORM_TYPE_TIME:
    case FORM_TYPE_DATETIME:
        return &control_date_ops;
    case FORM_TYPE_STRING:
    case FORM_TYPE_BOOLEAN:
    case FORM_TYPE_RANK:
        return &control_text_ops;
    case FORM_TYPE_OPAQUE:
        break;
    }
    return &control_absent_ops;
}

const struct control_ops *
control_ops(const struct control *c)
{
    if (c->q.readonly && c->q.control != FORM_CONTROL_TRIGGER) {
        return &control_note_ops;
    }
    switch (c->q.control) {
    case FORM_CONTROL_INPUT:
        return input_ops(c);
    case FORM_CONTROL_SELECT_ONE:
        if (control_scale_fits(c)) {
            return &control_scale_ops;
        }
        return control_likert_fits(c) ? &control_likert_ops
                                      : &control_choice_ops;
    case FORM_CONTROL_SELECT_MULTIPLE:
        if (control_has(c->q.appearance, "ballot")) {
            return &control_ballot_ops;
        }
        return control_likert_fits(c) ? &control_likert_ops
                                      : &control_choice_ops;
    case FORM_CONTROL_RANK:
        return ranks_first_few(c) ? &control_first_ops : &control_rank_ops;
    case FORM_CONTROL_RANGE:
        return control_scale_fits(c) ? &control_scale_ops : &control_slider_ops;
    case FORM_CONTROL_TRIGGER:
        return control_is_document(c) ? &control_document_ops
                                      : &control_acknowledge_ops;
    case FORM_CONTROL_NONE:
    case FORM_CONTROL_NOTE:
        return &control_note_ops;
    case FORM_CONTROL_UPLOAD:
        break;
    }
    return &control_absent_ops;
}

bool
control_spreads(const struct control *c)
{
    const struct control_ops *ops = control_ops(c);
    return ops == &control_likert_ops || ops == &control_slider_ops
           || (ops == &control_scale_ops
               && control_has(c->q.appearance, "faces"));
}

/* A number that asks for more pages than a session holds is taken back. */
static void
too_many(const struct control *c)
{
    struct session *s = &c->k->session;
    s->draft_node = NULL;
    if (filling_set(s->filling, c->node, "") < 0 || session_refresh(s) < 0) {
        log_error("kiosk", "an answer could not be taken back");
    }
    c->k->dialog = KIOSK_MESSAGE;
    c->k->message = kiosk_text(c->k, "So many questions do not fit here. "
                                     "Please give a smaller number.");
}

void
control_set(const struct control *c, const char *value)
{
    struct session *s = &c->k->session;
    enum status st = filling_set(s->filling, c->node, value);
    if (st == STATUS_E_INVALID) {
        return;
    }
    if (st >= 0) {
        st = session_refresh(s);
    }
    if (st == STATUS_E_LIMIT) {
        too_many(c);
    } else if (st < 0) {
        log_error("kiosk", "an answer could not be taken: %s", status_name(st));
    }
    c->k->changed = true;
}

bool
control_has(const char *appearance, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = strstr(appearance, word); at;
         at = strstr(at + 1, word)) {
        bool starts = at == appearance || at[-1] == ' ';
        if (starts && (at[len] == '\0' || at[len] == ' ')) {
            return true;
        }
    }
    return false;
}

int
control_columns(const char *appearance)
{
    static const char prefix[] = "columns-";
    const char *at = strstr(appearance, prefix);
    if (!at) {
        return 0;
    }
    long n = strtol(at + sizeof(prefix) - 1, NULL, 10);
    return n > 0 && n <= 10 ? (int)n : 0;
}

/* Text after "<number> —" up to a comma, semicolon or full stop. */
static bool
end_words(const char *hint, int number, char out[CONTROL_END_BYTES])
{
    char mark[32];
    (void)snprintf(mark, sizeof(mark), "%d — ", number);
    const char *at = strstr(hint, mark);
    while (at && at > hint && at[-1] >= '0' && at[-1] <= '9') {
        at = strstr(at + 1, mark);
    }
    if (!at) {
        return false;
    }
    at += strlen(mark);
    size_t len = strcspn(at, ",;.");
    if (len == 0 || len >= CONTROL_END_BYTES) {
        return false;
    }
    memcpy(out, at, len);
    out[len] = '\0';
    return true;
}

bool
control_ends(const char *hint, int first, int last,
             char out_low[CONTROL_END_BYTES], char out_high[CONTROL_END_BYTES])
{
    return end_words(hint, first, out_low) && end_words(hint, last, out_high);
}

bool
control_ends_beneath(const struct control *c)
{
    const struct ui *ui = &c->k->ui;
    return ui->metrics.height_px >= ui_mm(ui, METRICS_LOW_PANEL_MM);
}

const char *
control_choice_label(const struct control *c, size_t index)
{
    const struct filling_choice *choice = &c->choices[index];
    return choice->label.text[0] ? choice->label.text : choice->name;
}

size_t
control_apart(const struct control *c)
{
    size_t last = c->choice_count - 1;
    return c->choice_count > 2 && !c->choices[last].label.image
                   && form_choice_unsure(c->choices[last].name,
                                         control_choice_label(c, last))
               ? 1
               : 0;
}

static struct widgets_card
apart_card(const struct control *c)
{
    size_t last = c->choice_count - 1;
    bool many = c->q.control == FORM_CONTROL_SELECT_MULTIPLE;
    return (struct widgets_card){.label = control_choice_label(c, last),
                                 .mark = many ? WIDGETS_MARK_SQUARE
                                              : WIDGETS_MARK_CIRCLE,
                                 .selected = c->choices[last].selected,
                                 .role = METRICS_BODY,
                                 .action = control_action(c, (int)last),
                                 .id_kind = "choice"};
}

void
control_apart_rows(const struct control *c, int kind, struct flow *flow)
{
    if (control_apart(c) == 0) {
        return;
    }
    struct ui *ui = &c->k->ui;
    struct widgets_card card = apart_card(c);
    flow_add(flow, &(struct flow_row){
                       .height_px = widgets_card_height(ui, &card, c->width_px),
                       .gap_px = ui_mm(ui, 5),
                       .entry = c->entry,
                       .kind = kind});
}

void
control_apart_draw(const struct control *c, struct geom_rect rect)
{
    struct widgets_card card = apart_card(c);
    char name[UI_ID_MAX_BYTES];
    control_name(c, c->choices[c->choice_count - 1].name, name, sizeof(name));
    card.id_name = name;
    widgets_card(&c->k->ui, &card, rect);
}

void
control_number(double value, char *out, size_t size)
{
    if (fabs(value - round(value)) < 1e-9) {
        (void)snprintf(out, size, "%.0f", value);
    } else {
        (void)snprintf(out, size, "%.6f", value);
        size_t len = strlen(out);
        while (len > 1 && out[len - 1] == '0') {
            len--;
            out[len] = '\0';
        }
    }
}

struct ui_action
control_action(const struct control *c, int arg)
{
    return (struct ui_action){KIOSK_CONTROL, (int)c->entry, arg};
}

void
control_name(const struct control *c, const char *part, char *out_id,
             size_t size)
{
    (void)snprintf(out_id, size, "%s:%s", c->q.name, part);
}
