#include "collector/web/pages_preview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/web/pictures.h"
#include "collector/web/visit.h"

#define URL_MAX_BYTES 128
#define WIDTH_PX 960
#define HEIGHT_PX 600

static const char *
place_name(const struct visit *v, enum pictures_place place)
{
    static const char *const names[PICTURES_PLACE_COUNT] = {
        [PICTURES_CONSENT] = N_("Before the first question"),
        [PICTURES_CODE] = N_("Before the first question"),
        [PICTURES_QUESTION] = N_("Question"),
        [PICTURES_REVIEW] = N_("Check before sending"),
        [PICTURES_THANKS] = N_("Thanks"),
    };
    return visit_text(v, names[place]);
}

static void
picture(struct visit *v, const struct form *form, int64_t id,
        const struct picture *p, size_t lang, size_t page)
{
    struct html *h = &v->html;
    char url[URL_MAX_BYTES];
    const char *label =
        p->field >= 0 ? form_field_label(form, (size_t)p->field, lang) : "";
    (void)snprintf(url, sizeof(url), "/questionnaires/preview/%lld/%s/%d",
                   (long long)id, i18n_tag(v->lang), p->number);
    html_open(h, "li");
    html_open(h, "figure");
    html_void(h, "img");
    html_attr_url(h, "src", url);
    (void)snprintf(url, sizeof(url), visit_text(v, "Picture of page %zu"),
                   page);
    html_attr(h, "alt", url);
    html_attr_int(h, "width", WIDTH_PX);
    html_attr_int(h, "height", HEIGHT_PX);
    html_attr(h, "loading", "lazy");
    html_open(h, "figcaption");
    html_text(h, *label ? label : place_name(v, p->place));
    if (p->part > 0) {
        html_textf(h, visit_text(v, ", part %d"), p->part + 1);
    }
    html_close(h, "figcaption");
    html_close(h, "figure");
    html_close(h, "li");
}

static void
pictures_list(struct visit *v, const struct form *form, int64_t id,
              const struct pictures *pictures)
{
    size_t lang = form_lang_find(form, i18n_tag(v->lang));
    html_open(&v->html, "ol");
    html_attr(&v->html, "class", "pictures");
    for (size_t i = 0; i < pictures->count; i++) {
        picture(v, form, id, &pictures->item[i], lang, i + 1);
    }
    html_close(&v->html, "ol");
}

static void
page(struct visit *v, const struct store_form *row, const struct form *form,
     const struct pictures *pictures, enum status st)
{
    struct html *h = &v->html;
    char url[URL_MAX_BYTES];
    (void)snprintf(url, sizeof(url), "/questionnaires/preview/%lld",
                   (long long)row->id);
    visit_page(v, url, *row->title ? row->title : row->form_id);
    html_open(h, "p");
    html_attr(h, "class", "meta");
    (void)snprintf(url, sizeof(url), "/questionnaires/%lld",
                   (long long)row->id);
    html_open(h, "a");
    html_attr_url(h, "href", url);
    html_text(h, visit_text(v, "Back to the questionnaire"));
    html_close(h, "a");
    html_close(h, "p");
    if (st == STATUS_OK) {
        html_element(h, "p", "lead",
                     visit_text(v, "As the kiosk shows it, page by page. Pages "
                                   "that some people do not see stand here "
                                   "too."));
        pictures_list(v, form, row->id, pictures);
    } else {
        html_element(h, "p", "warning",
                     st == STATUS_E_UNSUPPORTED
                         ? visit_text(v, "There are no pictures: the kiosk’s "
                                         "programs are not installed beside "
                                         "this collector. The questionnaire’s "
                                         "own page shows it as text.")
                         : visit_text(v, "The kiosk’s program could not draw "
                                         "this questionnaire; the log says "
                                         "why. The questionnaire’s own page "
                                         "shows it as text."));
    }
    visit_page_end(v);
}

static enum status
answer_page(struct visit *v, int64_t id)
{
    struct store_form row = {0};
    const struct catalogue_form *entry = NULL;
    struct pictures *pictures = calloc(1, sizeof(*pictures));
    enum status st =
        pictures ? store_form(v->reader, id, &row) : STATUS_E_NOMEM;
    if (st == STATUS_OK) {
        st = catalogue_take(v->desk->catalogue, v->reader, id, &entry);
    }
    if (st == STATUS_OK) {
        enum status drawn =
            pictures_take(v->desk, v->reader, id, v->lang, pictures);
        page(v, &row, entry->form, pictures, drawn);
        catalogue_give(v->desk->catalogue, entry);
    }
    store_form_clear(&row);
    free(pictures);
    return st;
}

/* "/ru/7" */
static enum status
answer_picture(struct visit *v, int64_t id, const char *rest)
{
    if (strncmp(rest, "/ru/", 4) != 0 && strncmp(rest, "/en/", 4) != 0) {
        return STATUS_NONE;
    }
    char *end = NULL;
    enum i18n_lang lang = rest[1] == 'r' ? I18N_RU : I18N_EN;
    long number = strtol(rest + 4, &end, 10);
    if (*end || number < 1 || number > PICTURES_MAX) {
        return STATUS_NONE;
    }
    enum status st =
        pictures_read(v->desk, id, lang, (int)number, &v->rs->body);
    if (st == STATUS_OK) {
        v->rs->type = "image/png";
    }
    return st == STATUS_E_UNSUPPORTED ? STATUS_NONE : st;
}

void
pages_preview(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    char *rest = NULL;
    int64_t id = strtoll(rq->tail, &rest, 10);
    enum status st = *rest ? answer_picture(&v, id, rest) : answer_page(&v, id);
    if (st == STATUS_NONE) {
        visit_missing(&v);
    } else if (st < 0) {
        visit_failed(&v, st);
    }
    visit_end(&v);
}
