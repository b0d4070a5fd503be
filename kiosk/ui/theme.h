#ifndef ANKETA_UI_THEME_H
#define ANKETA_UI_THEME_H

#include <stdint.h>

/*
 * Theme: what a colour is for, and which colour that is.
 *
 * Everything that is drawn names a role; only the painter knows colours. Text
 * and signs stand only in the pairs of theme_pairs, whose contrast (WCAG 2.2 relative
 * luminance) is at least THEME_CONTRAST_MIN in every theme and 10 in the first.
 * No meaning rests on colour alone.
 */
enum theme_role {
    THEME_NONE, /* not drawn */
    THEME_PAPER,
    THEME_CARD,
    THEME_CARD_PRESSED,
    THEME_INK,
    THEME_ACCENT,
    THEME_ACCENT_PRESSED,
    THEME_ON_ACCENT,
    THEME_ACCENT_SOFT,
    THEME_LINE,  /* edges, never text */
    THEME_TRACK, /* the part of a bar still to come */
    THEME_ROLE_COUNT
};

enum theme_id {
    THEME_WARM,  /* ink on warm paper */
    THEME_NIGHT, /* light ink on a dark room */
    THEME_BLACK_ON_WHITE,
    THEME_WHITE_ON_BLACK,
    THEME_COUNT
};

#define THEME_CONTRAST_MIN 7.0

/* 0xRRGGBB of a role; 0 for THEME_NONE. */
uint32_t
theme_rgb(enum theme_id theme, enum theme_role role);

/* "warm", "ink" ...: for dumps and settings. */
const char *
theme_name(enum theme_id theme);
const char *
theme_role_name(enum theme_role role);

/* 1 to 21. */
double
theme_contrast(uint32_t rgb_a, uint32_t rgb_b);

struct theme_pair {
    enum theme_role text;
    enum theme_role ground;
};
#define THEME_PAIR_COUNT 10
extern const struct theme_pair theme_pairs[THEME_PAIR_COUNT];

#endif
