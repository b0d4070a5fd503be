#ifndef ANKETA_UI_WIDGETS_H
#define ANKETA_UI_WIDGETS_H

#include <stdbool.h>

#include "ui/ui.h"

/*
 * Widgets: the few shapes every page is made of.
 *
 * Each draws itself and declares its target. Heights are asked for first, so
 * that a page can be laid out before it is drawn.
 */
enum widgets_align {
    WIDGETS_LEFT,
    WIDGETS_CENTRE,
    WIDGETS_RIGHT,
};

struct widgets_text {
    enum metrics_role role;
    enum theme_role colour;
    enum widgets_align align;
    bool even; /* lines as even as possible */
};

/* Height of wrapped text. */
int
widgets_text_height(struct ui *ui, const struct widgets_text *style,
                    const char *text, int width_px);

/* Draws from the top of `rect`; returns the height used. Lines beyond the
 * rectangle are drawn all the same: callers ask the height first. */
int
widgets_text(struct ui *ui, const struct widgets_text *style, const char *text,
             struct geom_rect rect);

/* Only the lines that fit; a mark of three dots stands for the rest. */
void
widgets_text_within(struct ui *ui, const struct widgets_text *style,
                    const char *text, struct geom_rect rect);

/* One line in the middle of `rect`, shortened by "…" if it is too wide. */
void
widgets_line(struct ui *ui, const struct widgets_text *style, const char *text,
             struct geom_rect rect);

int
widgets_width(struct ui *ui, enum metrics_role role, const char *text);

enum widgets_look {
    WIDGETS_FILLED,   /* go on */
    WIDGETS_OUTLINED, /* step aside */
    WIDGETS_QUIET,    /* words only: top line */
    WIDGETS_CARD,     /* on white */
};

struct widgets_button {
    const char *label; /* NULL: icon only */
    enum draw_list_icon icon;
    bool has_icon;
    bool icon_after;
    enum widgets_look look;
    enum metrics_role role;
    struct ui_action action;
    unsigned flags;
    int inset_px; /* drawn smaller than it can be touched */
    bool narrow;  /* no wider than it has to be: METRICS_KEY_MM */
    const char *id_kind;
    const char *id_name;
};

void
widgets_button(struct ui *ui, const struct widgets_button *b,
               struct geom_rect rect);
/* Width that the label and icon want, padding included. */
int
widgets_button_width(struct ui *ui, const struct widgets_button *b);

enum widgets_mark {
    WIDGETS_MARK_NONE,
    WIDGETS_MARK_CIRCLE, /* one of several */
    WIDGETS_MARK_SQUARE, /* any number */
    WIDGETS_MARK_TICK,   /* nothing until it is chosen */
};

#define WIDGETS_IMAGE_MM 34.0 /* height of a card's picture */

/* A card that can be chosen: fill, mark and weight change together. */
struct widgets_card {
    const char *label;
    const char *note; /* second line in small type, or NULL */
    bool note_strong;
    bool warns; /* a warning sign at the right */
    const char *image;
    int image_px; /* height, if less than usual; 0: as usual */
    enum widgets_mark mark;
    bool selected;
    bool centred;    /* scale cells */
    bool mark_above; /* the mark stands above the label, both centred */
    int words_px;    /* height kept for the words under a mark, so that the
                        marks of a row stand on one line; 0: their own */
    int lead_px;     /* room at the left that the caller draws into */
    enum metrics_role role;
    struct ui_action action;
    const char *id_kind;
    const char *id_name;
};

int
widgets_card_height(struct ui *ui, const struct widgets_card *card,
                    int width_px);
/* Height of its words alone. */
int
widgets_card_words(struct ui *ui, const struct widgets_card *card,
                   int width_px);
void
widgets_card(struct ui *ui, const struct widgets_card *card,
             struct geom_rect rect);

/* Bar with `done` of `total`, rounded ends. */
void
widgets_progress(struct ui *ui, struct geom_rect rect, size_t done,
                 size_t total);

#endif
