#include "collector/report/slip_sheet.h"

#include <stdio.h>

#include "base/buf.h"
#include "collector/report/pdf_page.h"

#define COLUMNS ((size_t)3)
#define ROWS ((size_t)8)
#define A_PAGE (COLUMNS * ROWS)
/* What printers leave white at the edge, and a little more, in points. */
#define MARGIN_X 24.0
#define MARGIN_Y 30.0
#define PADDING 12.0
#define SLIP_WIDTH ((PDF_PAGE_WIDTH - 2 * MARGIN_X) / (double)COLUMNS)
#define SLIP_HEIGHT ((PDF_PAGE_HEIGHT - 2 * MARGIN_Y) / (double)ROWS)
#define TITLE_LINES 2
#define TITLE_BOTTOM 31.0 /* the code begins there, however long the title */
#define CODE_BOTTOM 65.0

static void
draw_slip(struct pdf_page *p, const struct slip_sheet *sheet, double x,
          double y, size_t index)
{
    const char *code = sheet->code[index];
    const char *whose = sheet->name ? sheet->name[index] : NULL;
    const size_t half = whose ? 3 : 4;
    char digits[24];
    /* In two groups with a no-break space, as the kiosk shows them. */
    (void)snprintf(digits, sizeof(digits), "%.*s\xC2\xA0%.4s", (int)half, code,
                   code + half);
    struct pdf_box box = {
        x + PADDING, y + PADDING, SLIP_WIDTH - 2 * PADDING,
        CHART_START, CHART_QUIET,
    };
    (void)pdf_page_text_lines(p, PDF_STYLE_TINY, &box,
                              whose ? whose : sheet->title, TITLE_LINES);
    box.y = y + TITLE_BOTTOM;
    box.role = CHART_INK;
    (void)pdf_page_text(p, PDF_STYLE_CODE, &box, digits);
    box.y = y + CODE_BOTTOM;
    (void)pdf_page_text(
        p, PDF_STYLE_TINY, &box,
        whose ? i18n_text(sheet->lang, "Your personal code. The kiosk asks "
                                       "for it where answers have a name.")
              : i18n_text(sheet->lang, "Type this number at the kiosk. One "
                                       "slip, one answer. Nobody notes who "
                                       "drew it."));
    buf_wipe(digits, sizeof(digits));
}

/* Where to cut: across the whole page, around `rows` rows. */
static void
draw_cuts(struct pdf_page *p, size_t rows)
{
    double bottom = MARGIN_Y + (double)rows * SLIP_HEIGHT;
    for (size_t row = 0; row <= rows; row++) {
        double y = MARGIN_Y + (double)row * SLIP_HEIGHT;
        pdf_page_cut(p, (double[]){0.0, y, PDF_PAGE_WIDTH, y});
    }
    for (size_t column = 0; column <= COLUMNS; column++) {
        double x = MARGIN_X + (double)column * SLIP_WIDTH;
        pdf_page_cut(p, (double[]){x, 0.0, x, bottom + MARGIN_Y});
    }
}

static void
draw_page(struct pdf_page *p, const struct slip_sheet *sheet, size_t first)
{
    size_t left = sheet->count - first;
    size_t here = left < A_PAGE ? left : A_PAGE;
    draw_cuts(p, (here + COLUMNS - 1) / COLUMNS);
    for (size_t i = 0; i < here; i++) {
        size_t row = i / COLUMNS;
        size_t column = i % COLUMNS;
        draw_slip(p, sheet, MARGIN_X + (double)column * SLIP_WIDTH,
                  MARGIN_Y + (double)row * SLIP_HEIGHT, first + i);
    }
}

enum status
slip_sheet_write(const struct slip_sheet *sheet,
                 const struct dataset_sink *sink)
{
    struct pdf_output output;
    struct pdf_page page;
    enum status st = pdf_output_open(&output, sink, sheet->title);
    if (st < 0) {
        return st;
    }
    st = pdf_page_open(&page, output.surface, false);
    for (size_t i = 0; st == STATUS_OK && i < sheet->count; i += A_PAGE) {
        draw_page(&page, sheet, i);
        pdf_page_turn(&page);
    }
    pdf_page_close(&page);
    return pdf_output_close(&output, st);
}
