#include "collector/web/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/web/erasure.h"
#include "form/filling.h"

#define LANG "ru"
#define TEXT_MAX_BYTES ((size_t)16384)
#define BODY_MAX_BYTES ((size_t)65536)
/* A batch has fewer; the rest is read the next time. */
#define AT_A_TIME 4096

struct reading {
    struct store *w;
    const struct store_untaken *u;
    const struct catalogue_form *form;
    struct filling *filling;
    int64_t now_ms;
    bool erased;
};

static const char *
value(const struct reading *r, const char *path)
{
    struct filling_node *node = filling_find(r->filling, path);
    const char *text = node ? filling_value(r->filling, node) : NULL;
    return text ? text : "";
}

static int
number(const struct reading *r, const char *path, long max)
{
    long n = strtol(value(r, path), NULL, 10);
    return n < 0 ? 0 : n > max ? (int)max : (int)n;
}

/* Labels of the chosen, parted by "; ". Owned; NULL when memory is out. */
static char *
labels(const struct reading *r, const char *path)
{
    const struct form *form = r->form->form;
    const size_t lang = form_lang_find(form, LANG);
    const size_t field = form_field_find(form, path);
    const char *chosen = value(r, path);
    struct form_field about;
    struct buf out;
    char *text = NULL;
    buf_init(&out, TEXT_MAX_BYTES);
    if (field != SIZE_MAX) {
        form_field_get(form, field, &about);
    }
    while (field != SIZE_MAX && *chosen) {
        const size_t len = strcspn(chosen, " ");
        const char *label = NULL;
        for (size_t i = 0; i < about.choice_count && !label; i++) {
            const char *name = form_choice_name(form, field, i);
            if (strlen(name) == len && memcmp(name, chosen, len) == 0) {
                label = form_choice_label(form, field, i, lang);
            }
        }
        if (label) {
            buf_puts(&out, out.len > 0 ? "; " : "");
            buf_puts(&out, label);
        }
        chosen += len;
        chosen += strspn(chosen, " ");
    }
    if (buf_status(&out) == STATUS_OK) {
        text = strdup(out.len > 0 ? out.data : "");
    }
    buf_deinit(&out);
    return text;
}

/* --- entries -------------------------------------------------------------- */

static enum status
keep_contact(const struct reading *r)
{
    struct store_person p;
    const char *contact = value(r, "/data/contact");
    enum status st =
        *contact ? store_person(r->w, r->u->person, &p) : STATUS_NONE;
    if (st != STATUS_OK) {
        return st < 0 ? st : STATUS_OK;
    }
    char *copy = strdup(contact);
    if (copy) {
        free(p.contact);
        p.contact = copy;
        st = store_person_update(r->w, &p);
    } else {
        st = log_oom("intake");
    }
    store_person_clear(&p);
    return st;
}

static enum status
take_entry(const struct reading *r, enum store_bank bank)
{
    static const char *const topics[] = {"/data/requests", "/data/competences"};
    static const char *const main_topic[] = {"/data/main_request",
                                             "/data/main_competence"};
    struct store_entry e = {.places = number(r, "/data/capacity", 60),
                            .hours = number(r, "/data/hours", 1000)};
    struct store_entry old = {0};
    enum status st =
        store_entry_open(r->w, r->u->person, bank, r->now_ms, &e.id);
    if (st == STATUS_OK) {
        st = store_entry(r->w, e.id, &old);
    }
    if (st == STATUS_OK) {
        e.topics = labels(r, topics[bank]);
        e.main_topic = labels(r, main_topic[bank]);
        e.request = strdup(value(r, "/data/request"));
        e.merits = strdup(value(r, "/data/achievements"));
        e.interests = strdup(value(r, "/data/interests"));
        e.times = labels(r, "/data/times");
        e.form = labels(r, "/data/way");
        e.wishes = strdup(value(r, "/data/wishes"));
        e.results = strdup(old.results);
        st = e.topics && e.main_topic && e.request && e.merits && e.interests
                     && e.times && e.form && e.wishes && e.results
                 ? store_entry_set(r->w, &e, r->now_ms, "")
                 : log_oom("intake");
    }
    store_entry_clear(&old);
    store_entry_clear(&e);
    return st == STATUS_OK ? keep_contact(r) : st;
}

/* --- consent -------------------------------------------------------------- */

static enum status
put_text(void *self, struct filling *f, const struct filling_item *item)
{
    struct buf *out = self;
    struct filling_question q;
    filling_question(f, item->node, &q);
    if (q.label.text && *q.label.text) {
        buf_puts(out, q.label.text);
        buf_puts(out, "\n");
    }
    if (q.hint.text && *q.hint.text) {
        buf_puts(out, q.hint.text);
        buf_puts(out, "\n");
    }
    return buf_status(out);
}

enum status
intake_consent_text(const struct form *form, struct buf *out)
{
    struct filling *f = NULL;
    size_t count = 0;
    buf_puts(out, form_title(form));
    buf_puts(out, "\n");
    enum status st = filling_new(form, NULL, &f);
    if (st == STATUS_OK && form_lang_count(form) > 0) {
        st = filling_set_lang(f, form_lang_find(form, LANG));
    }
    const struct filling_item *item =
        st == STATUS_OK ? filling_items(f, &count) : NULL;
    for (size_t i = 0; item && st == STATUS_OK && i < count; i++) {
        if (item[i].kind == FILLING_QUESTION) {
            st = put_text(out, f, &item[i]);
        }
    }
    filling_free(f);
    return st;
}

static enum status
take_consent(const struct reading *r)
{
    static char none[] = "";
    const bool given = strcmp(value(r, "/data/agree"), "yes") == 0;
    struct buf body;
    buf_init(&body, BODY_MAX_BYTES);
    enum status st = intake_consent_text(r->form->form, &body);
    for (int bank = 0; st == STATUS_OK && bank < STORE_BANK_COUNT; bank++) {
        const char *other = bank == STORE_BANK_MENTEES ? "mentor" : "mentee";
        struct store_consent c = {
            .person = r->u->person,
            .bank = (enum store_bank)bank,
            .version = r->u->version,
            .body = body.data,
            .given_ms = r->now_ms,
            .way = STORE_BY_KIOSK,
            .recorder = none,
        };
        if (strcmp(r->u->role, other) == 0) {
            continue;
        }
        if (given) {
            st = store_consent_put(r->w, &c);
        } else {
            st = store_consent_drop(r->w, c.person, c.bank);
            st = st == STATUS_NONE ? STATUS_OK : st;
        }
    }
    buf_deinit(&body);
    return st;
}

/* --- one answer after another --------------------------------------------- */

static enum status
take(struct reading *r)
{
    const char *id = r->u->form_id;
    if (strcmp(id, INTAKE_CONSENT) == 0) {
        return take_consent(r);
    }
    if (strcmp(id, INTAKE_MENTEES) == 0) {
        return take_entry(r, STORE_BANK_MENTEES);
    }
    if (strcmp(id, INTAKE_MENTORS) == 0) {
        return take_entry(r, STORE_BANK_MENTORS);
    }
    if (strcmp(id, INTAKE_WITHDRAWAL) == 0
        && strcmp(value(r, "/data/withdraw"), "yes") == 0) {
        r->erased = true;
        return erasure_begin(r->w, r->u->person, r->now_ms, STORE_BY_KIOSK);
    }
    return STATUS_OK;
}

static bool
matters(const char *form_id)
{
    static const char *const ids[] = {INTAKE_CONSENT, INTAKE_MENTEES,
                                      INTAKE_MENTORS, INTAKE_WITHDRAWAL};
    bool any = false;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        any = any || strcmp(form_id, ids[i]) == 0;
    }
    return any;
}

static enum status
read_one(struct reading *r, struct catalogue *catalogue)
{
    const struct store_untaken *u = r->u;
    enum status st = STATUS_OK;
    if (matters(u->form_id)) {
        st = catalogue_take(catalogue, r->w, u->form, &r->form);
        if (st == STATUS_OK) {
            st = filling_new(r->form->form, NULL, &r->filling);
        }
        if (st == STATUS_OK) {
            st = filling_read(r->filling, u->xml.data, u->xml.len, NULL);
        }
        if (st == STATUS_OK) {
            st = take(r);
        }
        filling_free(r->filling);
        if (r->form) {
            catalogue_give(catalogue, r->form);
        }
    }
    if (st == STATUS_E_INVALID || st == STATUS_E_LIMIT) {
        /* It was checked when it came; whatever this is, it stays as it came
         * and must not stand in the way of the others. */
        log_warn("intake", "an answer of %s was not read", u->form_id);
        st = STATUS_OK;
    }
    return st == STATUS_OK ? store_taken(r->w, u->wave, u->person) : st;
}

enum status
intake_run(struct store *w, struct catalogue *catalogue, int64_t now_ms,
           bool *out_erased)
{
    enum status st = STATUS_OK;
    *out_erased = false;
    for (int i = 0; st == STATUS_OK && i < AT_A_TIME; i++) {
        struct store_untaken u;
        st = store_untaken(w, &u);
        if (st != STATUS_OK) {
            break;
        }
        struct reading r = {.w = w, .u = &u, .now_ms = now_ms};
        st = store_begin(w);
        if (st == STATUS_OK) {
            st = read_one(&r, catalogue);
        }
        if (st == STATUS_OK) {
            st = store_commit(w);
        }
        store_rollback(w);
        *out_erased = *out_erased || (st == STATUS_OK && r.erased);
        store_untaken_clear(&u);
    }
    return st < 0 ? st : STATUS_OK;
}
