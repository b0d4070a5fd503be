#ifndef ANKETA_SCREENS_CONTROL_H
#define ANKETA_SCREENS_CONTROL_H

#include "screens/flow.h"
#include "screens/kiosk.h"
#include "ui/widgets.h"

/*
 * Control: how one question is answered by a finger.
 *
 * A control lays itself out as rows of a flow, draws one row at a time, and
 * acts on its own targets (verb KIOSK_CONTROL; the meaning of arg is the
 * control's). It keeps no state of its own: the answer is in the filling.
 */
struct control {
    struct kiosk *k;
    size_t entry; /* of the page */
    struct filling_node *node;
    struct filling_question q;
    const struct filling_choice *choices;
    size_t choice_count;
    int width_px; /* of the rows */
    int room_px;  /* height there is before a second part is needed */
};

struct control_ops {
    const char *name;
    void (*rows)(const struct control *c, struct flow *flow);
    void (*draw)(const struct control *c, const struct flow_row *row,
                 struct geom_rect rect);
    void (*act)(const struct control *c, const struct ui_event *event);
};

/* Fills in what the filling knows of `entry`, a SESSION_QUESTION of the page.
 * Layout sizes are the caller's. */
void
control_init(struct control *c, struct kiosk *k, size_t entry);

const struct control_ops *
control_ops(const struct control *c);

/* Put a value in; refused values leave the answer as it was. */
void
control_set(const struct control *c, const char *value);

bool
control_has(const char *appearance, const char *word);

/* Number behind "columns-" (or "w"), 0 if there is none. */
int
control_columns(const char *appearance);

/* "1 — совсем не полезны, 10 — очень полезны": the words for the two ends of a
 * scale from `first` to `last`, copied; false if the hint does not say. */
#define CONTROL_END_BYTES 160
bool
control_ends(const char *hint, int first, int last,
             char out_low[CONTROL_END_BYTES], char out_high[CONTROL_END_BYTES]);

/* Whether these words stand beneath the cells: a low panel has no room for
 * that, and there they stay in the hint. */
bool
control_ends_beneath(const struct control *c);

/* Digits without trailing zeros, as XForms writes numbers. */
void
control_number(double value, char *out, size_t size);

/* Action of this control. */
struct ui_action
control_action(const struct control *c, int arg);

/* "q:choice" into `out_id`: target names tell questions of one page apart. */
void
control_name(const struct control *c, const char *part, char *out_id,
             size_t size);

/* What a choice says; its name if it has no words. */
const char *
control_choice_label(const struct control *c, size_t index);

/* 1 if the last of the choices is "hard to say", which stands apart from the
 * others across the whole width; else 0. */
size_t
control_apart(const struct control *c);
void
control_apart_rows(const struct control *c, int kind, struct flow *flow);
void
control_apart_draw(const struct control *c, struct geom_rect rect);

extern const struct control_ops control_choice_ops;
extern const struct control_ops control_likert_ops;
extern const struct control_ops control_scale_ops;
extern const struct control_ops control_slider_ops;
extern const struct control_ops control_text_ops;
extern const struct control_ops control_number_ops;
extern const struct control_ops control_date_ops;
extern const struct control_ops control_rank_ops;
extern const struct control_ops control_first_ops;
extern const struct control_ops control_ballot_ops;
extern const struct control_ops control_note_ops;
extern const struct control_ops control_acknowledge_ops;
extern const struct control_ops control_document_ops;
extern const struct control_ops control_absent_ops;

/* A date or time as people say it ("23 ноября 2026"); the value itself if the
 * question asks for none. */
void
control_date_words(const struct control *c, char *out, size_t size);

/* Append a ballot as words: "1. Anna P. = Boris K.; not with: Vera L.". */
void
control_ballot_words(const struct control *c, struct buf *out);

/* The big number of a scale with few steps; true if the choices are one. */
bool
control_scale_fits(const struct control *c);
/* "Read and understood": its card, drawn, and what touching it does. */
struct widgets_card
control_agree_card(const struct control *c);
void
control_agree_draw(const struct control *c, struct geom_rect rect);
void
control_agree_act(const struct control *c, const struct ui_event *event);
/* True of the row of a ranking that the finger carries: it is drawn over all
 * others. */
bool
control_rank_raised(const struct control *c, const struct flow_row *row);
/* True if it is a text to be read to its end. */
bool
control_is_document(const struct control *c);
/* True if the list is long enough to be searched. */
bool
control_searched(const struct control *c);
/* True if the choices are to stand side by side and have the room. */
bool
control_likert_fits(const struct control *c);
/* True if it gains by the whole width of a panel: steps, faces, a track. */
bool
control_spreads(const struct control *c);
/* How much taller an answer's card may be drawn where a page leaves room. */
#define CONTROL_STRETCH_MM 6.0
/* How many choices would stand side by side, where the form asks for it. */
int
control_side_by_side(const struct control *c);

#endif
