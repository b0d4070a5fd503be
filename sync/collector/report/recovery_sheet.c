#include "collector/report/recovery_sheet.h"

#include <errno.h>
#include <stdio.h>

#include <qrencode.h>

#include "base/buf.h"
#include "base/log.h"
#include "collector/report/pdf_page.h"

#define QR_SIDE 150.0
#define QR_DARK 0x000000U
#define LINE_HEIGHT 38.0
#define NUMBER_WIDTH 26.0
#define TEXT_MAX_BYTES 2048

struct drawing {
    struct pdf_page page;
    const struct recovery_sheet *sheet;
};

static const char *
tr(const struct drawing *d, const char *msgid)
{
    return i18n_text(d->sheet->lang, msgid);
}

static void
gap(struct drawing *d, double points)
{
    d->page.y += points;
}

static void
draw_head(struct drawing *d)
{
    char text[TEXT_MAX_BYTES];
    pdf_page_paragraph(&d->page, PDF_STYLE_TITLE, CHART_INK,
                       tr(d, "Recovery sheet"));
    gap(d, 6.0);
    (void)snprintf(text, sizeof(text), "%s%s%s %s · %s", d->sheet->house,
                   *d->sheet->house ? " · " : "", tr(d, "sheet"),
                   d->sheet->name, d->sheet->date);
    pdf_page_paragraph(&d->page, PDF_STYLE_BODY, CHART_QUIET, text);
    gap(d, 18.0);
    pdf_page_paragraph(
        &d->page, PDF_STYLE_LEAD, CHART_INK,
        tr(d, "If the collector's computer is lost or broken, this sheet and "
              "a backup bring back everything: the answers, and the keys that "
              "the kiosks trust."));
    gap(d, 22.0);
}

static void
draw_lines(struct drawing *d)
{
    for (size_t i = 0; i < d->sheet->line_count; i++) {
        char number[24];
        struct pdf_box box = {
            PDF_PAGE_LEFT, d->page.y + 9.0, NUMBER_WIDTH,
            CHART_START,   CHART_QUIET,
        };
        (void)snprintf(number, sizeof(number), "%zu", i + 1);
        (void)pdf_page_text(&d->page, PDF_STYLE_HEADING, &box, number);
        box = (struct pdf_box){
            PDF_PAGE_LEFT + NUMBER_WIDTH,
            d->page.y,
            PDF_PAGE_TEXT_WIDTH - NUMBER_WIDTH,
            CHART_START,
            CHART_INK,
        };
        (void)pdf_page_text(&d->page, PDF_STYLE_LETTERS, &box,
                            d->sheet->line[i]);
        gap(d, LINE_HEIGHT);
    }
    gap(d, 14.0);
}

/* The same letters for a scanner, a line each. */
static enum status
encode(const struct recovery_sheet *sheet, QRcode **out)
{
    struct buf text;
    *out = NULL;
    buf_init(&text, TEXT_MAX_BYTES);
    for (size_t i = 0; i < sheet->line_count; i++) {
        buf_printf(&text, "%s%s", i > 0 ? "\n" : "", sheet->line[i]);
    }
    enum status st = buf_status(&text);
    if (st == STATUS_OK) {
        *out = QRcode_encodeString(text.data, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
        if (!*out) {
            st = errno == ERANGE ? STATUS_E_LIMIT : log_oom("pdf");
        }
    }
    buf_deinit(&text);
    return st;
}

static void
draw_qr(struct drawing *d, const QRcode *qr)
{
    const double module = QR_SIDE / qr->width;
    for (int row = 0; row < qr->width; row++) {
        for (int column = 0; column < qr->width; column++) {
            if (qr->data[row * qr->width + column] & 1) {
                /* A little over the edge, so that no hairline shows. */
                const double side = module + 0.05;
                pdf_page_rect(&d->page,
                              (double[]){PDF_PAGE_LEFT + column * module,
                                         d->page.y + row * module, side, side},
                              QR_DARK);
            }
        }
    }
}

/* Beside the QR code. */
static void
draw_rules(struct drawing *d)
{
    static const char *const rules[] = {
        N_("Keep it where you keep money and seals: in the safe, not beside "
           "the computer and not with the backups."),
        N_("Whoever has this sheet and a backup can read every answer. Whoever "
           "has one of the two can read nothing."),
        N_("Do not photograph it and do not store the file: print, check, "
           "delete."),
        N_("A new sheet takes the place of this one for new backups. Keep the "
           "old one as long as you keep its backups."),
    };
    const double left = PDF_PAGE_LEFT + QR_SIDE + 28.0;
    double y = d->page.y - 2.0;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        struct pdf_box box = {
            left,        y,         PDF_PAGE_WIDTH - PDF_PAGE_LEFT - left,
            CHART_START, CHART_INK,
        };
        y += pdf_page_text(&d->page, PDF_STYLE_BODY, &box, tr(d, rules[i]));
        y += 9.0;
    }
    gap(d, QR_SIDE + 30.0);
}

static void
draw_steps(struct drawing *d)
{
    pdf_page_paragraph(&d->page, PDF_STYLE_HEADING, CHART_INK,
                       tr(d, "How to restore"));
    gap(d, 6.0);
    pdf_page_paragraph(
        &d->page, PDF_STYLE_BODY, CHART_INK,
        tr(d, "1. Install the collector on another computer and copy the "
              "latest backup to it."));
    gap(d, 4.0);
    pdf_page_paragraph(
        &d->page, PDF_STYLE_BODY, CHART_INK,
        tr(d, "2. Run: anketa-collector restore BACKUP NEW_FOLDER --sheet. "
              "Type the four lines, or scan the code. Upper or lower case, "
              "Russian or Latin letters: all are taken, and a typing error is "
              "told at once."));
    gap(d, 4.0);
    pdf_page_paragraph(
        &d->page, PDF_STYLE_BODY, CHART_INK,
        tr(d, "3. Start the collector at its old address. The kiosks come by "
              "themselves and send again what the backup does not hold."));
}

enum status
recovery_sheet_write(const struct recovery_sheet *sheet,
                     const struct dataset_sink *sink)
{
    struct pdf_output output;
    struct drawing d = {.sheet = sheet};
    QRcode *qr = NULL;
    enum status st = encode(sheet, &qr);
    if (!qr) {
        return st;
    }
    st = pdf_output_open(&output, sink, tr(&d, "Recovery sheet"));
    if (st == STATUS_OK) {
        st = pdf_page_open(&d.page, output.surface, false);
        if (st == STATUS_OK) {
            draw_head(&d);
            draw_lines(&d);
            draw_qr(&d, qr);
            draw_rules(&d);
            draw_steps(&d);
            pdf_page_turn(&d.page);
        }
        pdf_page_close(&d.page);
    }
    buf_wipe(qr->data, (size_t)qr->width * (size_t)qr->width);
    QRcode_free(qr);
    return pdf_output_close(&output, st);
}
