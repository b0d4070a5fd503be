#include "collector/web/person_rights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/day.h"
#include "collector/programme/roadmap.h"
#include "collector/web/control.h"
#include "collector/web/erasure.h"
#include "collector/web/intake.h"

#define BODY_MAX_BYTES ((size_t)65536)

static const char *
bank_name(const struct visit *v, enum store_bank bank)
{
    return bank == STORE_BANK_MENTEES ? visit_text(v, "Bank of mentees")
                                      : visit_text(v, "Bank of mentors");
}

static void
one_consent(struct visit *v, const struct store_consent *c)
{
    struct html *h = &v->html;
    html_open(h, "li");
    html_open(h, "p");
    html_element(h, "strong", NULL, bank_name(v, c->bank));
    html_text(h, " · ");
    visit_date(v, c->given_ms);
    html_text(h, " · ");
    html_text(h, c->way == STORE_BY_PAPER ? visit_text(v, "on paper")
                                          : visit_text(v, "at a kiosk"));
    if (*c->recorder) {
        html_textf(h, " (%s)", c->recorder);
    }
    html_close(h, "p");
    html_open(h, "details");
    html_open(h, "summary");
    html_textf(h, visit_text(v, "Text, version %s"), c->version);
    html_close(h, "summary");
    for (const char *at = c->body; *at;) {
        const size_t len = strcspn(at, "\n");
        html_open(h, "p");
        html_text_len(h, at, len);
        html_close(h, "p");
        at += len + (at[len] == '\n');
    }
    html_close(h, "details");
    html_close(h, "li");
}

static void
consents(struct visit *v, const struct store_person *p)
{
    struct store_consent *c = NULL;
    size_t count = 0;
    html_element(&v->html, "h2", NULL, visit_text(v, "Consent"));
    if (store_consents(v->reader, p->id, &c, &count) < 0 || count == 0) {
        html_element(&v->html, "p", NULL,
                     visit_text(v, "No consent has been given. It is a "
                                   "questionnaire of its own at the kiosk, or "
                                   "a paper that you note here."));
        return;
    }
    html_open(&v->html, "ul");
    html_attr(&v->html, "class", "comments");
    for (size_t i = 0; i < count; i++) {
        one_consent(v, &c[i]);
    }
    html_close(&v->html, "ul");
    store_consents_free(c, count);
}

static void
paper_form(struct visit *v, const struct store_person *p, const char *path)
{
    struct control_option option[STORE_BANK_COUNT] = {
        {"0", bank_name(v, STORE_BANK_MENTEES)},
        {"1", bank_name(v, STORE_BANK_MENTORS)},
    };
    if (strcmp(p->role, "mentor") == 0) {
        const struct control_option first = option[0];
        option[0] = option[1];
        option[1] = first;
    }
    html_element(&v->html, "h3", NULL,
                 visit_text(v, "Note a consent on paper"));
    control_form(v, path, false);
    control_hidden(v, "what", "consent");
    control_select(v, "bank", visit_text(v, "For"), option, STORE_BANK_COUNT);
    control_input(v, &(const struct control){
                         .label = visit_text(v, "Signed on"),
                         .name = "day",
                         .type = "date",
                         .help = visit_text(v, "The text is that of the "
                                               "questionnaire “consent” as "
                                               "published last."),
                         .required = true});
    control_button(v, visit_text(v, "Note it"), false);
    control_form_end(v);
}

void
person_rights_part(struct visit *v, const struct store_person *p,
                   const char *path)
{
    consents(v, p);
    paper_form(v, p, path);
    html_element(&v->html, "h2", NULL, visit_text(v, "Erase"));
    html_element(&v->html, "p", NULL,
                 visit_text(v, "If she withdraws her consent: name, code, "
                               "answers, entries and pairs are erased here, "
                               "at the kiosks and in backups. Only the day and "
                               "the bank stay noted. This cannot be undone."));
    control_form(v, path, false);
    control_hidden(v, "what", "erase");
    control_checkbox(v, "sure", visit_text(v, "Yes, erase this person"), NULL,
                     false);
    control_button(v, visit_text(v, "Erase"), false);
    control_form_end(v);
}

/* --- changes -------------------------------------------------------------- */

/* The text that was published last. STATUS_NONE: there is none. */
static enum status
published_text(struct visit *v, struct buf *version, struct buf *body)
{
    struct store_form *forms = NULL;
    size_t count = 0;
    enum status st = store_forms(v->reader, &forms, &count);
    size_t i = 0;
    while (i < count && strcmp(forms[i].form_id, INTAKE_CONSENT) != 0) {
        i++;
    }
    if (st == STATUS_OK && i == count) {
        st = STATUS_NONE;
    }
    if (st == STATUS_OK) {
        const struct catalogue_form *form = NULL;
        buf_puts(version, forms[i].version);
        st = catalogue_take(v->desk->catalogue, v->reader, forms[i].id, &form);
        if (st == STATUS_OK) {
            st = intake_consent_text(form->form, body);
            catalogue_give(v->desk->catalogue, form);
        }
    }
    store_forms_free(forms, count);
    return st;
}

static enum status
note_paper(struct visit *v, const struct store_person *p)
{
    const char *bank = request_form(v->rq, "bank");
    const char *day = request_form(v->rq, "day");
    struct day signed_on;
    struct buf version;
    struct buf body;
    struct store *w = NULL;
    if (!bank || !day || roadmap_day(day, &signed_on) < 0) {
        return STATUS_E_INVALID;
    }
    buf_init(&version, BODY_MAX_BYTES);
    buf_init(&body, BODY_MAX_BYTES);
    enum status st = published_text(v, &version, &body);
    if (st == STATUS_OK) {
        struct tm tm = {.tm_year = (int)signed_on.year - 1900,
                        .tm_mon = (int)signed_on.month - 1,
                        .tm_mday = (int)signed_on.day,
                        .tm_hour = 12,
                        .tm_isdst = -1};
        const struct store_consent c = {
            .person = p->id,
            .bank = strcmp(bank, "1") == 0 ? STORE_BANK_MENTORS
                                           : STORE_BANK_MENTEES,
            .version = version.data,
            .body = body.data,
            .given_ms = (int64_t)mktime(&tm) * 1000,
            .way = STORE_BY_PAPER,
            .recorder = v->user.name,
        };
        st = visit_write(v, &w);
        if (st == STATUS_OK) {
            st = store_consent_put(w, &c);
        }
        st = visit_written(v, st, "consent", "");
    }
    buf_deinit(&version);
    buf_deinit(&body);
    return st;
}

static enum status
erase(struct visit *v, const struct store_person *p)
{
    struct store *w = NULL;
    if (!request_form(v->rq, "sure")) {
        return STATUS_E_CONFLICT;
    }
    enum status st = visit_write(v, &w);
    if (st == STATUS_OK) {
        st = erasure_begin(w, p->id, desk_now_ms(v->desk), STORE_BY_PAPER);
    }
    st = visit_written(v, st, "erasure", "");
    return st == STATUS_OK ? desk_erased(v->desk) : st;
}

bool
person_rights_change(struct visit *v, const struct store_person *p,
                     const char *path, const char **out_fault)
{
    const char *what = request_form(v->rq, "what");
    const bool erasing = what && strcmp(what, "erase") == 0;
    *out_fault = NULL;
    if (!erasing && (!what || strcmp(what, "consent") != 0)) {
        return false;
    }
    enum status st = erasing ? erase(v, p) : note_paper(v, p);
    if (st == STATUS_E_CONFLICT && erasing) {
        *out_fault = visit_text(v, "Tick that you are sure.");
    } else if (st == STATUS_E_INVALID) {
        *out_fault = visit_text(v, "Say on which day it was signed.");
    } else if (st == STATUS_NONE) {
        *out_fault = visit_text(v, "Publish the questionnaire “consent” first: "
                                   "its text is what was signed.");
    }
    if (visit_again(v, st, *out_fault, erasing ? "/people" : path)) {
        return true;
    }
    *out_fault = NULL;
    return true;
}
