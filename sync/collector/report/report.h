#ifndef ANKETA_REPORT_REPORT_H
#define ANKETA_REPORT_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/i18n.h"
#include "collector/report/chart.h"

/*
 * Report: a monitoring summary ready to be printed or handed on, in words and
 * charts. pdf.h and xlsx.h write it out.
 *
 * Whoever fills it has applied suppress.h already: what stands here is shown.
 * All texts are in `lang`; charts carry theirs ready-made.
 *
 * Lifetime  Everything is borrowed during the call.
 */
#define REPORT_ITEMS_MAX 1000
#define REPORT_FIGURES_MAX 6

/* A large figure: "87 %" over "of those invited answered". */
struct report_figure {
    const char *value;
    const char *caption;
};

struct report_list {
    const char *const *text;
    size_t count;
};

/* One question, scale, comparison or indicator. */
struct report_item {
    const char *part;    /* a new part of the report begins here; or NULL */
    const char *heading; /* the question */
    const char *base;    /* "n = 20 · no answer: 2"; or NULL */
    const char *text;    /* plain words; or NULL */
    const struct chart *chart; /* or NULL: nothing to show, `text` says why */
    const char *label_head;    /* heads of the chart's table */
    const char *value_head;
    struct report_list quotes; /* verbatim answers, shuffled */
};

enum report_swot {
    REPORT_STRENGTHS,
    REPORT_WEAKNESSES,
    REPORT_OPPORTUNITIES,
    REPORT_THREATS,
    REPORT_SWOT_COUNT
};

/* What the method page prints. */
struct report_method {
    uint32_t invited; /* 0: unknown */
    uint32_t answered;
    uint32_t k;        /* least answers behind a figure */
    uint32_t comments; /* least answers behind verbatim texts */
    double cut;        /* "satisfied" means this or more; NAN: not used */
    double top;        /* highest value of that scale */
    bool waves;        /* compares two waves: how is explained */
};

struct report {
    enum i18n_lang lang;
    const char *organisation;
    const char *title;    /* of the questionnaire */
    const char *subtitle; /* wave, when it was open, anonymous or not */
    const char *date;     /* when the report was made, as printed */
    const char *lead;     /* the plain-words summary */
    const struct report_figure *figure;
    size_t figures; /* at most REPORT_FIGURES_MAX are printed */
    const struct report_item *item;
    size_t items;
    struct report_list swot[REPORT_SWOT_COUNT]; /* page left out if all empty */
    struct report_method method;
};

#endif
