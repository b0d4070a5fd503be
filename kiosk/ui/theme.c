#include "ui/theme.h"

#include <math.h>

static const uint32_t colours[THEME_COUNT][THEME_ROLE_COUNT] = {
    [THEME_WARM] =
        {
            [THEME_PAPER] = 0xF6F4EE,
            [THEME_CARD] = 0xFFFFFF,
            [THEME_CARD_PRESSED] = 0xE6EBE4,
            [THEME_INK] = 0x16202A,
            [THEME_ACCENT] = 0x063F3B,
            [THEME_ACCENT_PRESSED] = 0x022724,
            [THEME_ON_ACCENT] = 0xFFFFFF,
            [THEME_ACCENT_SOFT] = 0xE6F1ED,
            [THEME_LINE] = 0x767B73,
            [THEME_TRACK] = 0xD9D8D1,
        },
    [THEME_NIGHT] =
        {
            [THEME_PAPER] = 0x14191E,
            [THEME_CARD] = 0x20272E,
            [THEME_CARD_PRESSED] = 0x2E3740,
            [THEME_INK] = 0xEFEBE0,
            [THEME_ACCENT] = 0x9ED9C6,
            [THEME_ACCENT_PRESSED] = 0xC4EBDE,
            [THEME_ON_ACCENT] = 0x06211E,
            [THEME_ACCENT_SOFT] = 0x1B3430,
            [THEME_LINE] = 0x8F968C,
            [THEME_TRACK] = 0x39424A,
        },
    [THEME_BLACK_ON_WHITE] =
        {
            [THEME_PAPER] = 0xFFFFFF,
            [THEME_CARD] = 0xFFFFFF,
            [THEME_CARD_PRESSED] = 0xFFFFFF,
            [THEME_INK] = 0x000000,
            [THEME_ACCENT] = 0x000000,
            [THEME_ACCENT_PRESSED] = 0x000000,
            [THEME_ON_ACCENT] = 0xFFFFFF,
            [THEME_ACCENT_SOFT] = 0xFFFFFF,
            [THEME_LINE] = 0x000000,
            [THEME_TRACK] = 0xFFFFFF,
        },
    [THEME_WHITE_ON_BLACK] =
        {
            [THEME_PAPER] = 0x000000,
            [THEME_CARD] = 0x000000,
            [THEME_CARD_PRESSED] = 0x000000,
            [THEME_INK] = 0xFFFFFF,
            [THEME_ACCENT] = 0xFFFFFF,
            [THEME_ACCENT_PRESSED] = 0xFFFFFF,
            [THEME_ON_ACCENT] = 0x000000,
            [THEME_ACCENT_SOFT] = 0x000000,
            [THEME_LINE] = 0xFFFFFF,
            [THEME_TRACK] = 0x000000,
        },
};

const struct theme_pair theme_pairs[THEME_PAIR_COUNT] = {
    {THEME_INK, THEME_PAPER},
    {THEME_INK, THEME_CARD},
    {THEME_INK, THEME_CARD_PRESSED},
    {THEME_INK, THEME_ACCENT_SOFT},
    {THEME_ACCENT, THEME_PAPER},
    {THEME_ACCENT, THEME_CARD},
    {THEME_ACCENT, THEME_ACCENT_SOFT},
    {THEME_ON_ACCENT, THEME_ACCENT},
    {THEME_ON_ACCENT, THEME_ACCENT_PRESSED},
    {THEME_ACCENT, THEME_ON_ACCENT}, /* the tick in a chosen mark */
};

uint32_t
theme_rgb(enum theme_id theme, enum theme_role role)
{
    return colours[theme][role];
}

const char *
theme_name(enum theme_id theme)
{
    static const char *const names[THEME_COUNT] = {
        [THEME_WARM] = "warm",
        [THEME_NIGHT] = "night",
        [THEME_BLACK_ON_WHITE] = "black-on-white",
        [THEME_WHITE_ON_BLACK] = "white-on-black",
    };
    return names[theme];
}

const char *
theme_role_name(enum theme_role role)
{
    static const char *const names[THEME_ROLE_COUNT] = {
        [THEME_NONE] = "none",
        [THEME_PAPER] = "paper",
        [THEME_CARD] = "card",
        [THEME_CARD_PRESSED] = "card-pressed",
        [THEME_INK] = "ink",
        [THEME_ACCENT] = "accent",
        [THEME_ACCENT_PRESSED] = "accent-pressed",
        [THEME_ON_ACCENT] = "on-accent",
        [THEME_ACCENT_SOFT] = "accent-soft",
        [THEME_LINE] = "line",
        [THEME_TRACK] = "track",
    };
    return names[role];
}

static double
channel(uint32_t value)
{
    double c = (double)(value & 0xFFu) / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double
luminance(uint32_t rgb)
{
    return 0.2126 * channel(rgb >> 16) + 0.7152 * channel(rgb >> 8)
           + 0.0722 * channel(rgb);
}

double
theme_contrast(uint32_t rgb_a, uint32_t rgb_b)
{
    double a = luminance(rgb_a);
    double b = luminance(rgb_b);
    return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}
