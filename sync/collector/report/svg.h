#ifndef ANKETA_REPORT_SVG_H
#define ANKETA_REPORT_SVG_H

#include "base/buf.h"
#include "collector/report/chart.h"

/*
 * SVG: a chart as an <svg> element to stand inside an HTML page.
 *
 * Colours are presentation attributes (no style attribute, so a strict
 * Content-Security-Policy holds) and yield to the page's style sheet through
 * the classes chart-ink, chart-quiet, chart-edge, chart-bar, chart-bar-soft,
 * chart-diverge-0 to -4, chart-on-dark, chart-on-light and chart-paper; that is
 * how a dark theme recolours them (`fill`, and `stroke` for lines). The
 * picture scales to its container and carries its title as text alternative;
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
