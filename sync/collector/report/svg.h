#ifndef ANKETA_REPORT_SVG_H
#define ANKETA_REPORT_SVG_H

#include "base/buf.h"
#include "collector/report/chart.h"

/*
 * SVG: a chart as an <svg> element to stand inside an HTML page.
 *
 * Colours are the page's: the style sheet (assets/web/desk.css, under .chart)
 * gives them to the classes b and s (bars), d0 to d4 (diverging), q (quiet
 * words), w and l (words on dark and light), e (edges), p and h (paper, hollow
 * dots), and places words by t (start) and n (end), so that a page of a
 * thousand marks stays small and a dark theme recolours them. The picture
 * scales to its container and carries its title as text alternative;
 * svg_table() is the same figures for reading.
 */

/* Appends to `out`; errors stay in it. */
void
svg_chart(struct buf *out, const struct chart *c, double width);

/* Appends an HTML <table class="chart-table"> with the chart's figures. The
 * heads are translated by the caller: what the rows are, what the figures. */
void
svg_table(struct buf *out, const struct chart *c, const char *label_head,
          const char *value_head);

/* Appends text with & < > " ' escaped. */
void
svg_escape(struct buf *out, const char *text, size_t len);

#endif
