#ifndef ANKETA_REPORT_PDF_PAGE_H
#define ANKETA_REPORT_PDF_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "collector/report/chart.h"
#include "collector/report/dataset.h"

/*
 * PDF page: a pen that sets text and charts down a page of A4 and turns over
 * to the next one. For the writers of PDF in this room.
 *
 * With `dry` nothing is drawn but every position is computed.
 *
 * Units  PostScript points, y downwards from the upper edge.
 */
#define PDF_PAGE_WIDTH 595.276
#define PDF_PAGE_HEIGHT 841.89
#define PDF_PAGE_LEFT 62.0
#define PDF_PAGE_TOP 64.0
#define PDF_PAGE_BOTTOM (PDF_PAGE_HEIGHT - 72.0)
#define PDF_PAGE_TEXT_WIDTH (PDF_PAGE_WIDTH - 2 * PDF_PAGE_LEFT)

enum pdf_style {
    PDF_STYLE_TITLE,
    PDF_STYLE_PART,
    PDF_STYLE_HEADING,
    PDF_STYLE_LEAD,
    PDF_STYLE_BODY,
    PDF_STYLE_SMALL,
    PDF_STYLE_FIGURE,
    PDF_STYLE_FORMULA,
    PDF_STYLE_CODE,    /* digits that somebody types */
    PDF_STYLE_LETTERS, /* letters that somebody types, all of one width */
    PDF_STYLE_TINY,
    PDF_STYLE_COUNT
};

/* Of cairo and pango; named here so that this header needs neither. */
struct _cairo;
struct _cairo_surface;
struct _PangoLayout;
struct _PangoFontDescription;

/* A file under way: what cairo writes goes to the sink. */
struct pdf_output {
    const struct dataset_sink *sink; /* borrowed */
    enum status status;
    struct _cairo_surface *surface; /* owned */
};

/* A4. STATUS_E_NOMEM. Close it after a failure, too. */
MUST_CHECK enum status
pdf_output_open(struct pdf_output *o, const struct dataset_sink *sink,
                const char *title);
/* Finish the file, unless `st` is a failure: the first one comes back. The page
 * that draws on it must be closed before. */
MUST_CHECK enum status
pdf_output_close(struct pdf_output *o, enum status st);

struct pdf_page {
    struct _cairo *cr;           /* owned */
    struct _PangoLayout *layout; /* owned; reused for every text */
    struct _PangoFontDescription *font[PDF_STYLE_COUNT]; /* owned */
    struct _PangoFontDescription *chart_font[2]; /* owned; plain and bold */
    double y;                                    /* where the next thing goes */
    int number;                                  /* of this page, from 1 */
    bool dry;
    bool footer;               /* number and running title at the foot */
    const char *running_title; /* borrowed */
};

struct pdf_box {
    double x;
    double y;
    double width;
    enum chart_anchor align;
    enum chart_role role;
};

/* Draws on `surface`, which must outlive the page. STATUS_E_NOMEM. */
MUST_CHECK enum status
pdf_page_open(struct pdf_page *p, struct _cairo_surface *surface, bool dry);
void
pdf_page_close(struct pdf_page *p);

/* Set text in a box; returns its height. Short words do not end a line. */
double
pdf_page_text(struct pdf_page *p, enum pdf_style style,
              const struct pdf_box *box, const char *text);

/* The same with at most so many lines; what is longer ends in an ellipsis. */
double
pdf_page_text_lines(struct pdf_page *p, enum pdf_style style,
                    const struct pdf_box *box, const char *text, int lines);

/* The height it would have. */
double
pdf_page_text_height(struct pdf_page *p, enum pdf_style style, double width,
                     const char *text);

/* Set a paragraph at the pen and move the pen below it. */
void
pdf_page_paragraph(struct pdf_page *p, enum pdf_style style,
                   enum chart_role role, const char *text);

/* Turn over unless `height` still fits on the page. */
void
pdf_page_need(struct pdf_page *p, double height);

/* Finish this page and begin the next one. */
void
pdf_page_turn(struct pdf_page *p);

/* A chart across the text, at the pen; moves the pen below it. */
double
pdf_page_chart_height(const struct chart *c);
void
pdf_page_chart(struct pdf_page *p, const struct chart *c);

void
pdf_page_rect(struct pdf_page *p, const double xywh[4], unsigned rgb);
void
pdf_page_rule(struct pdf_page *p, double x, double y, double width);

/* A dashed line from x, y to x, y where the paper is to be cut. */
void
pdf_page_cut(struct pdf_page *p, const double xyxy[4]);

/* Mark a place that pdf_page_link() leads to; a part enters the outline. */
void
pdf_page_anchor(struct pdf_page *p, size_t index);
void
pdf_page_link_begin(struct pdf_page *p, size_t index);
void
pdf_page_link_end(struct pdf_page *p);

#endif
