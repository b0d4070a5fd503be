#include "collector/report/ddi.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "collector/report/svg.h"

#define PART_MAX_BYTES ((size_t)1 << 20) /* of one variable's description */

static void
text_in(struct buf *out, const char *tag, const char *lang, const char *text)
{
    buf_printf(out, "<%s xml:lang=\"%s\">", tag, lang);
    svg_escape(out, text, strlen(text));
    buf_printf(out, "</%s>\n", tag);
}

/* The label in each language there is; the name where there is none. */
static void
labels(struct buf *out, const char *tag,
       const char *const label[I18N_LANG_COUNT], const char *name)
{
    bool any = false;
    for (size_t i = 0; i < I18N_LANG_COUNT; i++) {
        if (label[i] && label[i][0] != '\0') {
            text_in(out, tag, i18n_tag((enum i18n_lang)i), label[i]);
            any = true;
        }
    }
    if (!any) {
        text_in(out, tag, "en", name);
    }
}

static void
element(struct buf *out, const char *tag, const char *text)
{
    buf_printf(out, "<%s>", tag);
    svg_escape(out, text, strlen(text));
    buf_printf(out, "</%s>\n", tag);
}

/* Titles that may stand only once in a language: the first is the main one,
 * the other a parallel title. */
static void
titles(struct buf *out, const struct dataset *d)
{
    const char *main_title = dataset_label(d->title, d->name, I18N_RU);
    element(out, "titl", main_title);
    for (size_t i = 0; i < I18N_LANG_COUNT; i++) {
        if (d->title[i] && strcmp(d->title[i], main_title) != 0) {
            text_in(out, "parTitl", i18n_tag((enum i18n_lang)i), d->title[i]);
        }
    }
}

static void
study(struct buf *out, const struct dataset *d, const struct ddi_study *s)
{
    buf_puts(out, "<stdyDscr>\n<citation>\n<titlStmt>\n");
    titles(out, d);
    element(out, "IDNo", d->name);
    buf_puts(out, "</titlStmt>\n<rspStmt>\n");
    element(out, "AuthEnty", s->organisation ? s->organisation : "");
    buf_puts(out, "</rspStmt>\n</citation>\n<stdyInfo>\n<sumDscr>\n");
    if (s->period) {
        element(out, "timePrd", s->period);
    }
    element(out, "anlyUnit", "person");
    if (s->invited > 0) {
        buf_printf(out,
                   "<universe>%" PRIu32 " invited members of staff"
                   "</universe>\n",
                   s->invited);
    }
    buf_puts(out, "<dataKind>survey data</dataKind>\n</sumDscr>\n"
                  "</stdyInfo>\n<method>\n<dataColl>\n");
    element(out, "collMode",
            s->kiosk_mode ? s->kiosk_mode
                          : "self-administered on a shared touch kiosk");
    buf_puts(out, "</dataColl>\n<anlyInfo>\n");
    buf_printf(
        out,
        "<dataAppr>Rows are shuffled and carry no time; there are at least"
        " %" PRIu32 " of them. Group variables, dates and texts are left"
        " out, because they could point at a person.</dataAppr>\n",
        s->k);
    buf_puts(out, "</anlyInfo>\n</method>\n</stdyDscr>\n");
}

static void
variable(struct buf *out, const struct dataset_column *c, size_t index)
{
    bool text = c->type == DATASET_TEXT;
    const char *nature = c->ordered ? "ordinal" : "nominal";
    if (c->type == DATASET_NUMBER) {
        nature = "interval";
    }
    buf_printf(out, "<var ID=\"V%zu\" name=\"", index + 1);
    svg_escape(out, c->name, strlen(c->name));
    buf_printf(out, "\" intrvl=\"%s\"",
               c->type == DATASET_NUMBER && c->decimals > 0 ? "contin"
                                                            : "discrete");
    buf_printf(out, " nature=\"%s\">\n", text ? "nominal" : nature);
    labels(out, "labl", c->label, c->name);
    for (size_t i = 0; i < c->values; i++) {
        buf_printf(out, "<catgry>\n<catValu>%.15g</catValu>\n",
                   c->value[i].code);
        labels(out, "labl", c->value[i].label, c->value[i].name);
        buf_puts(out, "</catgry>\n");
    }
    buf_printf(out, "<varFormat type=\"%s\"/>\n</var>\n",
               text ? "character" : "numeric");
}

/* Hand over what was collected and start anew. */
static enum status
hand_over(struct buf *part, const struct dataset_sink *sink)
{
    enum status st = buf_status(part);
    if (st == STATUS_OK) {
        st = sink->write(sink->self, part->data, part->len);
    }
    buf_clear(part);
    return st;
}

enum status
ddi_write(const struct dataset *d, const struct ddi_study *s,
          const struct dataset_sink *sink)
{
    struct buf part;
    buf_init(&part, PART_MAX_BYTES);
    buf_puts(&part, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<codeBook xmlns=\"ddi:codebook:2_5\" version=\"2.5\">\n");
    study(&part, d, s);
    buf_puts(&part, "<fileDscr>\n<fileTxt>\n<dimensns>\n");
    buf_printf(&part, "<caseQnty>%zu</caseQnty>\n<varQnty>%zu</varQnty>\n",
               d->rows, d->columns);
    buf_puts(&part, "</dimensns>\n</fileTxt>\n</fileDscr>\n<dataDscr>\n");
    enum status st = hand_over(&part, sink);
    for (size_t i = 0; i < d->columns && st == STATUS_OK; i++) {
        variable(&part, &d->column[i], i);
        st = hand_over(&part, sink);
    }
    if (st == STATUS_OK) {
        buf_puts(&part, "</dataDscr>\n</codeBook>\n");
        st = hand_over(&part, sink);
    }
    buf_deinit(&part);
    return st;
}
