#include "app/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/picture.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/log.h"
#include "seal/seal.h"
#include "store/library.h"
#include "store/outbox.h"
#include "store/sync_state.h"

#define PATH_BYTES 1024
#define SETTING_MAX_BYTES ((size_t)16 * 1024)

#define PICTURES_KNOWN 32
#define PICTURE_NAME_BYTES 128

/* What is known of a picture, so that a frame costs no reading. */
struct shown_picture {
    size_t survey;
    char name[PICTURE_NAME_BYTES]; /* "": free */
    bool good;
};

struct source {
    struct kiosk_source ops;
    char dir[PATH_BYTES];
    char library_path[PATH_BYTES];
    char outbox_path[PATH_BYTES];
    struct library *library; /* owned; NULL while there is none */
    struct outbox *outbox;   /* owned; NULL if it cannot be opened */
    int64_t serial;
    struct library_survey *surveys; /* owned */
    struct form **forms;            /* owned, one a survey; NULL: not loaded */
    bool *tried;                    /* owned: loading it was tried */
    size_t count;
    const char *own[SOURCE_SETTINGS_MAX]; /* borrowed: "key=value" */
    size_t own_count;
    struct buf setting;         /* the last one asked for */
    struct record_press *press; /* owned */
    struct shown_picture shown[PICTURES_KNOWN];
    size_t next_shown; /* to be replaced */
};

/* Media of one form, for its external choice lists. */
struct media {
    struct source *source;
    const char *form_id;
};

static enum status
read_media(void *self, const char *name, struct buf *out)
{
    struct media *m = self;
    return library_media(m->source->library, m->form_id, name, out);
}

static void
forget_forms(struct source *s)
{
    for (size_t i = 0; i < s->count; i++) {
        form_free(s->forms[i]);
    }
    free(s->forms);
    free(s->tried);
    s->forms = NULL;
    s->tried = NULL;
    library_surveys_free(s->surveys, s->count);
    memset(s->shown, 0, sizeof(s->shown));
    s->surveys = NULL;
    s->count = 0;
}

static void
load_form(struct source *s, size_t index)
{
    const struct library_survey *survey = &s->surveys[index];
    struct media media = {s, survey->form_id};
    struct form_env env = {read_media, &media};
    struct diag diag;
    struct buf xml;
    diag_init(&diag, I18N_EN);
    buf_init(&xml, FORM_XML_MAX_BYTES);
    enum status st =
        library_form(s->library, survey->form_id, survey->version, &xml);
    if (st >= 0) {
        st = form_load(xml.data, xml.len, &env, &diag, &s->forms[index]);
    }
    if (st < 0) {
        struct buf text;
        buf_init(&text, DIAG_TEXT_MAX_BYTES);
        if (diag.count > 0) {
            diag_entry_print(&diag, &diag.entry[0], &text);
        }
        log_error("library", "form %s %s cannot be read: %s", survey->form_id,
                  survey->version, text.len > 0 ? text.data : status_name(st));
        buf_deinit(&text);
        s->forms[index] = NULL;
    }
    buf_deinit(&xml);
    diag_deinit(&diag);
}

static enum status
load_library(struct source *s)
{
    int64_t serial = 0;
    struct library_survey *surveys = NULL;
    size_t count = 0;
    enum status st = STATUS_OK;
    if (!s->library) {
        st = library_open(s->library_path, &s->library);
    }
    if (st >= 0) {
        st = library_serial(s->library, &serial);
    }
    if (st < 0) {
        return st;
    }
    if (serial == s->serial) {
        return STATUS_NONE;
    }
    st = library_surveys(s->library, &surveys, &count);
    if (st < 0) {
        return st;
    }
    struct form **forms = calloc(count + 1, sizeof(struct form *));
    bool *tried = calloc(count + 1, sizeof(*tried));
    if (!forms || !tried) {
        free(forms);
        free(tried);
        library_surveys_free(surveys, count);
        return log_oom("library");
    }
    forget_forms(s);
    s->surveys = surveys;
    s->forms = forms;
    s->tried = tried;
    s->count = count;
    s->serial = serial;
    log_info("library", "serial %lld, %zu questionnaires open",
             (long long)serial, count);
    return STATUS_OK;
}

static size_t
count_surveys(void *self)
{
    return ((struct source *)self)->count;
}

static void
get_survey(void *self, size_t index, struct kiosk_survey *out)
{
    const struct source *s = self;
    const struct library_survey *survey = &s->surveys[index];
    *out = (struct kiosk_survey){.form_id = survey->form_id,
                                 .kind = survey->kind,
                                 .k = survey->k,
                                 .minutes = survey->minutes};
}

/* Somebody begins: do what Send need not wait for. */
static void
get_ready(struct source *s)
{
    struct seal_public key;
    if (library_seal_key(s->library, &key) == STATUS_OK
        && record_press_prepare(s->press, &key) < 0) {
        log_warn("kiosk", "the collector's key is no key");
    }
    if (s->outbox && outbox_prepare(s->outbox) < 0) {
        log_warn("kiosk", "the outbox cannot be read");
    }
}

static const struct form *
get_form(void *self, size_t index)
{
    struct source *s = self;
    if (!s->tried[index]) {
        s->tried[index] = true;
        load_form(s, index);
    }
    get_ready(s);
    return s->forms[index];
}

static bool
refresh(void *self)
{
    struct source *s = self;
    enum status st = load_library(s);
    if (s->outbox && outbox_reserve(s->outbox) < 0) {
        log_warn("kiosk", "no room could be set aside for answers");
    }
    return st == STATUS_OK;
}

/* What the sync daemon was told this kiosk is called; NULL if nothing. */
static const char *
own_name(struct source *s)
{
    struct sync_state state;
    struct buf path;
    const char *name = NULL;
    buf_init(&path, PATH_BYTES);
    buf_clear(&s->setting);
    buf_printf(&path, "%s/sync.state", s->dir);
    if (buf_status(&path) == STATUS_OK
        && sync_state_read(path.data, &state) == STATUS_OK && state.name[0]) {
        buf_puts(&s->setting, state.name);
        name = s->setting.data;
    }
    buf_deinit(&path);
    return name;
}

static enum status
get_media(void *self, size_t index, const char *name, struct buf *out)
{
    struct source *s = self;
    if (index >= s->count) {
        return STATUS_E_NOT_FOUND;
    }
    return library_media(s->library, s->surveys[index].form_id, name, out);
}

static bool
read_picture(struct source *s, size_t index, const char *name)
{
    struct buf file;
    int width = 0;
    int height = 0;
    buf_init(&file, PICTURE_MAX_BYTES);
    enum status st = get_media(s, index, name, &file);
    if (st >= 0) {
        st = buf_status(&file);
    }
    if (st >= 0) {
        st = picture_size(file.data, file.len, &width, &height);
    }
    buf_deinit(&file);
    if (st < 0) {
        log_warn("library", "picture %s of %s cannot be shown: %s", name,
                 s->surveys[index].form_id, status_name(st));
    }
    return st >= 0;
}

static bool
has_picture(void *self, size_t index, const char *name)
{
    struct source *s = self;
    size_t len = strlen(name);
    if (len == 0 || len >= PICTURE_NAME_BYTES || index >= s->count) {
        return false;
    }
    for (size_t i = 0; i < PICTURES_KNOWN; i++) {
        if (s->shown[i].survey == index
            && strcmp(s->shown[i].name, name) == 0) {
            return s->shown[i].good;
        }
    }
    struct shown_picture *p = &s->shown[s->next_shown];
    s->next_shown = (s->next_shown + 1) % PICTURES_KNOWN;
    *p = (struct shown_picture){.survey = index,
                                .good = read_picture(s, index, name)};
    memcpy(p->name, name, len + 1);
    return p->good;
}

enum status
source_set(struct source *s, const char *setting)
{
    const char *equals = strchr(setting, '=');
    if (!equals || equals == setting) {
        return STATUS_E_INVALID;
    }
    if (s->own_count == SOURCE_SETTINGS_MAX) {
        return STATUS_E_LIMIT;
    }
    s->own[s->own_count] = setting;
    s->own_count++;
    return STATUS_OK;
}

static const char *
get_setting(void *self, const char *key)
{
    struct source *s = self;
    size_t len = strlen(key);
    for (size_t i = s->own_count; i > 0; i--) {
        const char *own = s->own[i - 1];
        if (strcspn(own, "=") == len && memcmp(own, key, len) == 0) {
            return own + len + 1;
        }
    }
    buf_clear(&s->setting);
    if (s->library && library_setting(s->library, key, &s->setting) == STATUS_OK
        && buf_status(&s->setting) == STATUS_OK) {
        return s->setting.data;
    }
    return strcmp(key, "kiosk.name") == 0 ? own_name(s) : NULL;
}

static enum status
check_code(void *self, size_t index, const char *code, struct buf *out_name,
           struct buf *out_role)
{
    struct source *s = self;
    if (index >= s->count) {
        return STATUS_E_NOT_FOUND;
    }
    const struct library_survey *survey = &s->surveys[index];
    if (survey->kind != RECORD_SLIP) {
        return library_person(s->library, survey->form_id, code, out_name,
                              out_role);
    }
    struct seal_hash slip;
    enum status st = library_slip(s->library, survey, code, &slip);
    if (st != STATUS_OK) {
        return st;
    }
    st = outbox_slip_used(s->outbox, &slip);
    if (st == STATUS_NONE) {
        return STATUS_OK;
    }
    return st == STATUS_OK ? STATUS_E_CONFLICT : st;
}

/* The record of a submission: its head, then the box. */
static enum status
close_record(struct source *s, size_t index, struct filling *f,
             const struct record_head *head, struct buf *out)
{
    struct seal_public key;
    struct buf xml;
    struct buf blank;
    buf_init(&xml, FILLING_XML_MAX_BYTES);
    buf_init(&blank, FILLING_XML_MAX_BYTES);
    enum status st = filling_submission(f, &xml);
    if (st >= 0) {
        st = form_blank(s->forms[index], &blank);
    }
    if (st >= 0) {
        st = library_seal_key(s->library, &key);
    }
    if (st >= 0) {
        const struct record_draft draft = {
            head, xml.data, xml.len, {blank.data, blank.len}};
        st = record_press_close(s->press, &key, &draft, out);
    }
    buf_deinit(&xml);
    buf_deinit(&blank);
    return st;
}

/* Seal an answer as it would be kept, into `box`. *head is to be wiped. */
static enum status
seal_filling(struct source *s, size_t index, struct filling *f,
             const char *code, struct record_head *head, struct buf *box)
{
    const struct library_survey *survey = &s->surveys[index];
    bool named = survey->kind == RECORD_NAMED || survey->kind == RECORD_BALLOT;
    *head = (struct record_head){.kind = survey->kind,
                                 .form_id = survey->form_id,
                                 .form_version = survey->version,
                                 .wave = survey->wave ? survey->wave : "",
                                 .code = named ? code : ""};
    enum status st = STATUS_OK;
    if (survey->kind == RECORD_SLIP) {
        st = library_slip(s->library, survey, code, &head->slip);
        st = st == STATUS_NONE ? STATUS_E_NOT_FOUND : st;
    }
    return st < 0 ? st : close_record(s, index, f, head, box);
}

static enum status
send_filling(void *self, size_t index, struct filling *f, const char *code)
{
    struct source *s = self;
    if (index >= s->count || !s->forms[index] || !s->outbox) {
        return STATUS_E_IO;
    }
    const struct library_survey *survey = &s->surveys[index];
    struct record_head head;
    struct seal_hash tag;
    struct buf box;
    buf_init(&box, RECORD_XML_MAX_BYTES);
    if (survey->kind == RECORD_NAMED || survey->kind == RECORD_BALLOT) {
        /* By whose it is: the collector may order it to be erased. */
        library_person_tag(code, &tag);
    } else {
        library_form_tag(survey, &tag);
    }
    enum status st = seal_filling(s, index, f, code, &head, &box);
    if (st >= 0) {
        st = survey->kind == RECORD_SLIP
                 ? outbox_put_slip(s->outbox, &tag, &head.slip, box.data,
                                   box.len)
                 : outbox_put(s->outbox, &tag, box.data, box.len);
    }
    /* Confirmed, whatever becomes of this: the next call would do it, too. */
    if (st >= 0 && outbox_tidy(s->outbox) < 0) {
        log_warn("kiosk", "the outbox could not be tidied yet");
    }
    buf_deinit(&box);
    buf_wipe(&head, sizeof(head));
    if (st < 0) {
        log_error("kiosk", "answers were not stored: %s", status_name(st));
    }
    return st;
}

/* Everything but the outbox. */
static enum status
rehearse_filling(void *self, size_t index, struct filling *f, const char *code)
{
    struct source *s = self;
    if (index >= s->count || !s->forms[index]) {
        return STATUS_E_IO;
    }
    struct record_head head;
    struct buf box;
    buf_init(&box, RECORD_XML_MAX_BYTES);
    enum status st = seal_filling(s, index, f, code, &head, &box);
    buf_deinit(&box);
    buf_wipe(&head, sizeof(head));
    return st;
}

static struct source_tally *
tally_of(const struct source *s, const struct seal_hash *tag,
         struct source_tally *per_survey, struct source_tally *others)
{
    for (size_t i = 0; i < s->count; i++) {
        struct seal_hash own;
        library_form_tag(&s->surveys[i], &own);
        if (memcmp(own.bytes, tag->bytes, sizeof(own.bytes)) == 0) {
            return &per_survey[i];
        }
    }
    return others;
}

enum status
source_look(struct source *s, struct source_tally *per_survey,
            struct source_tally *others)
{
    *others = (struct source_tally){0};
    for (size_t i = 0; i < s->count; i++) {
        per_survey[i] = (struct source_tally){0};
    }
    if (!s->outbox) {
        return STATUS_E_IO;
    }
    enum status st = outbox_scan(s->outbox);
    if (st < 0) {
        return st;
    }
    for (size_t i = 0; i < outbox_record_count(s->outbox); i++) {
        struct outbox_record record;
        outbox_record(s->outbox, i, &record);
        struct source_tally *t =
            tally_of(s, &record.form_tag, per_survey, others);
        t->waiting += record.state == SLOT_WAITING ? 1 : 0;
        t->held += record.state == SLOT_HELD ? 1 : 0;
        t->refused += record.state == SLOT_REFUSED ? 1 : 0;
    }
    return STATUS_OK;
}

int64_t
source_serial(const struct source *s)
{
    return s->serial;
}

enum status
source_open(const char *dir, struct source **out)
{
    *out = NULL;
    struct source *s = calloc(1, sizeof(*s));
    if (!s) {
        return log_oom("kiosk");
    }
    buf_init(&s->setting, SETTING_MAX_BYTES);
    s->ops = (struct kiosk_source){.count = count_surveys,
                                   .survey = get_survey,
                                   .form = get_form,
                                   .refresh = refresh,
                                   .check_code = check_code,
                                   .send = send_filling,
                                   .rehearse = rehearse_filling,
                                   .media = get_media,
                                   .picture = has_picture,
                                   .setting = get_setting,
                                   .self = s};
    (void)snprintf(s->dir, sizeof(s->dir), "%s", dir);
    int a = snprintf(s->library_path, sizeof(s->library_path), "%s/library.db",
                     dir);
    int b =
        snprintf(s->outbox_path, sizeof(s->outbox_path), "%s/outbox.db", dir);
    enum status st = STATUS_OK;
    if (a < 0 || b < 0 || a >= PATH_BYTES || b >= PATH_BYTES) {
        st = STATUS_E_LIMIT;
    }
    if (st >= 0) {
        st = seal_init();
    }
    if (st >= 0) {
        st = record_press_new(&s->press);
    }
    if (st >= 0) {
        st = outbox_open(s->outbox_path, &s->outbox);
    }
    if (st < 0) {
        source_close(s);
        return st;
    }
    enum status read = load_library(s);
    if (read == STATUS_E_NOT_FOUND) {
        log_info("library", "none in %s so far; waiting for one", dir);
    } else if (read < 0) {
        log_error("library", "%s cannot be read: %s", s->library_path,
                  status_name(read));
    }
    *out = s;
    return STATUS_OK;
}

void
source_close(struct source *s)
{
    if (!s) {
        return;
    }
    forget_forms(s);
    library_close(s->library);
    outbox_close(s->outbox);
    record_press_free(s->press);
    buf_deinit(&s->setting);
    free(s);
}

const struct kiosk_source *
source_ops(struct source *s)
{
    return &s->ops;
}
