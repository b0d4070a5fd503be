#include "screens/kiosk.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "screens/control.h"

void
kiosk_init(struct kiosk *k, const struct kiosk_source *source,
           const struct clock *clock, const struct text_measure *measure,
           enum i18n_lang home_lang)
{
    *k = (struct kiosk){.source = source,
                        .clock = clock,
                        .lang = home_lang,
                        .home_lang = home_lang,
                        .changed = true};
    ui_init(&k->ui, measure);
    reading_reset(k);
    k->survey_count = source->count(source->self);
    kiosk_room_follow(k);
    k->place = kiosk_home(k);
    kiosk_look_at_hours(k);
}

void
kiosk_deinit(struct kiosk *k)
{
    if (k->in_session) {
        session_close(&k->session);
    }
    reading_reset(k);
    buf_wipe(k->code, sizeof(k->code));
    ui_deinit(&k->ui);
}

const struct screen *
kiosk_screen(const struct kiosk *k)
{
    static const struct screen *const places[KIOSK_PLACE_COUNT] = {
        [KIOSK_ATTRACT] = &attract_screen,
        [KIOSK_CATALOGUE] = &catalogue_screen,
        [KIOSK_CODE_PAD] = &code_pad_screen,
        [KIOSK_CONSENT] = &consent_screen,
        [KIOSK_QUESTION] = &question_screen,
        [KIOSK_REVIEW] = &review_screen,
        [KIOSK_THANKS] = &thanks_screen,
        [KIOSK_ROOM] = &room_screen,
        [KIOSK_ASLEEP] = &asleep_screen,
    };
    if (k->dialog != KIOSK_NO_DIALOG) {
        return &dialog_screen;
    }
    return k->place == KIOSK_STAFF ? staff_screen(k) : places[k->place];
}

const char *
kiosk_text(const struct kiosk *k, const char *msgid)
{
    return i18n_text(k->lang, msgid);
}

void
kiosk_entry(const struct kiosk *k, size_t index, struct kiosk_survey *out)
{
    *out = (struct kiosk_survey){0};
    if (index < k->survey_count) {
        k->source->survey(k->source->self, index, out);
    }
}

void
kiosk_survey(const struct kiosk *k, size_t index, struct kiosk_survey *out)
{
    kiosk_entry(k, index, out);
    if (index < k->survey_count) {
        out->form = k->source->form(k->source->self, index);
    }
}

const char *
kiosk_title(const struct kiosk *k, size_t index)
{
    struct kiosk_survey survey;
    kiosk_survey(k, index, &survey);
    if (!survey.form) {
        return survey.form_id ? survey.form_id : "";
    }
    const char *own = k->lang == I18N_EN
                          ? form_extension(survey.form, "title_en")
                          : form_extension(survey.form, "title_ru");
    return own ? own : form_title(survey.form);
}

size_t
kiosk_questions(const struct form *form)
{
    size_t asked = 0;
    for (size_t i = 0; i < form_field_count(form); i++) {
        struct form_field field;
        form_field_get(form, i, &field);
        if (field.control != FORM_CONTROL_NONE
            && field.control != FORM_CONTROL_NOTE
            && field.control != FORM_CONTROL_UPLOAD
            && !control_has(field.appearance, "label")) {
            asked++;
        }
    }
    return asked;
}

bool
kiosk_picture(const struct kiosk *k, const char *name)
{
    return k->source->picture
           && k->source->picture(k->source->self, k->survey, name);
}

bool
kiosk_moves(const struct kiosk *k)
{
    const char *motion = k->source->setting(k->source->self, "motion");
    bool calm = motion && strcmp(motion, "off") == 0;
    bool contrast = k->ui.theme == THEME_BLACK_ON_WHITE
                    || k->ui.theme == THEME_WHITE_ON_BLACK;
    return !calm && !contrast && !k->reading.on;
}

int
kiosk_number(const struct kiosk *k, const char *key, int otherwise)
{
    const char *text = k->source->setting(k->source->self, key);
    if (!text || !text[0]) {
        return otherwise;
    }
    char *end = NULL;
    long value = strtol(text, &end, 10);
    return *end == '\0' && value > 0 && value < 1000000 ? (int)value
                                                        : otherwise;
}

const char *
kiosk_house(const struct kiosk *k)
{
    static const char *const keys[] = {"kiosk.name", "house.name"};
    if (k->rehearsal) {
        return kiosk_text(k, "TEST · nothing is kept");
    }
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const char *name = k->source->setting(k->source->self, keys[i]);
        if (name && name[0]) {
            return name;
        }
    }
    return kiosk_text(k, "Anketa");
}

void
kiosk_look_at_hours(struct kiosk *k)
{
    const char *text = k->source->setting(k->source->self, "service.hours");
    struct hours own = {0};
    if (k->desk) {
        k->desk->hours(k->desk->self, &own);
    }
    k->hours = own;
    if (own.from == own.to && text && !hours_parse(text, &k->hours)) {
        log_warn("kiosk", "service.hours is not like 08:00-19:00");
    }
}

void
kiosk_sleep(struct kiosk *k)
{
    if (k->desk) {
        k->desk->dark(k->desk->self, true);
    }
    kiosk_go(k, KIOSK_ASLEEP);
}

void
kiosk_wake(struct kiosk *k)
{
    if (k->desk) {
        k->desk->dark(k->desk->self, false);
    }
    k->ui.theme = THEME_WARM;
    kiosk_go(k, kiosk_home(k));
}

void
kiosk_go(struct kiosk *k, enum kiosk_place place)
{
    k->place = place;
    k->part = 0;
    k->changed = true;
}

static void
tell(struct kiosk *k, const char *message)
{
    k->dialog = KIOSK_MESSAGE;
    k->message = message;
    k->changed = true;
}

/* What a form may ask of the person whose code was typed. */
static const char *
property(void *self, const char *name)
{
    const struct kiosk *k = self;
    return strcmp(name, "role") == 0 ? k->role : NULL;
}

void
kiosk_open_session(struct kiosk *k)
{
    struct kiosk_survey survey;
    kiosk_survey(k, k->survey, &survey);
    struct filling *filling = NULL;
    struct filling_env env = {.clock = k->clock,
                              .anonymous = survey.kind == RECORD_ANONYMOUS
                                           || survey.kind == RECORD_SLIP,
                              .property = property,
                              .self = k};
    enum status st = STATUS_E_NOT_FOUND;
    if (survey.form) {
        st = filling_new(survey.form, &env, &filling);
    }
    if (st >= 0) {
        st = filling_set_lang(filling,
                              form_lang_find(survey.form, i18n_tag(k->lang)));
    }
    if (st >= 0) {
        st = session_open(&k->session, filling);
        filling = NULL;
    }
    if (st < 0 || k->session.page_count == 0) {
        if (st >= 0) {
            session_close(&k->session);
        }
        filling_free(filling);
        log_error("kiosk", "cannot begin a questionnaire: %s", status_name(st));
        tell(k, kiosk_text(k, "This questionnaire cannot be opened on this "
                              "screen. Please tell the coordinator."));
        return;
    }
    k->in_session = true;
    keyboard_init(&k->keyboard, k->lang == I18N_RU);
    kiosk_go(k, KIOSK_QUESTION);
}

static void
keep(const struct buf *text, char *to, size_t size)
{
    if (buf_status(text) == STATUS_OK && text->len < size) {
        memcpy(to, text->len > 0 ? text->data : "", text->len + 1);
    }
}

void
kiosk_admit(struct kiosk *k)
{
    struct buf name;
    struct buf role;
    buf_init(&name, KIOSK_NAME_BYTES - 1);
    buf_init(&role, KIOSK_ROLE_BYTES - 1);
    enum status st = k->source->check_code(k->source->self, k->survey, k->code,
                                           &name, &role);
    if (st == STATUS_OK) {
        keep(&name, k->name, sizeof(k->name));
        keep(&role, k->role, sizeof(k->role));
        kiosk_open_session(k);
    } else if (st == STATUS_E_CONFLICT) {
        tell(k, kiosk_text(k, "This slip has been used already. Each slip "
                              "gives the right to one answer."));
    } else if (st == STATUS_NONE) {
        tell(k, kiosk_text(k, "This code is not known here. Please type it "
                              "again, digit by digit."));
    } else {
        tell(k, kiosk_text(k, "The code cannot be checked now. Please call "
                              "the coordinator."));
    }
    if (st != STATUS_OK) {
        buf_wipe(k->code, sizeof(k->code));
    }
    buf_deinit(&name);
    buf_deinit(&role);
}

void
kiosk_begin(struct kiosk *k)
{
    struct kiosk_survey survey;
    kiosk_survey(k, k->survey, &survey);
    if (!survey.form) {
        tell(k, kiosk_text(k, "This questionnaire cannot be opened on this "
                              "screen. Please tell the coordinator."));
        return;
    }
    switch (survey.kind) {
    case RECORD_ANONYMOUS:
        kiosk_open_session(k);
        break;
    case RECORD_SLIP:
    case RECORD_BALLOT:
        kiosk_go(k, KIOSK_CODE_PAD);
        break;
    case RECORD_NAMED:
        kiosk_go(k, KIOSK_CONSENT);
        break;
    }
}

void
kiosk_leave(struct kiosk *k)
{
    if (k->in_session) {
        session_close(&k->session);
        k->in_session = false;
    }
    buf_wipe(k->code, sizeof(k->code));
    buf_wipe(k->name, sizeof(k->name));
    buf_wipe(k->role, sizeof(k->role));
    buf_wipe(&k->keyboard, sizeof(k->keyboard));
    buf_wipe(&k->staff, sizeof(k->staff));
    ui_wipe(&k->ui);
    reading_reset(k);
    k->ui.metrics.size = METRICS_NORMAL;
    k->ui.theme = THEME_WARM;
    k->lang = k->home_lang;
    k->dialog = KIOSK_NO_DIALOG;
    k->survey = 0;
    (void)kiosk_refresh(k);
    kiosk_go(k, kiosk_home(k));
}

bool
kiosk_refresh(struct kiosk *k)
{
    bool changed = k->source->refresh(k->source->self);
    k->survey_count = k->source->count(k->source->self);
    kiosk_look_at_hours(k);
    kiosk_room_follow(k);
    return changed;
}

bool
kiosk_occupied(const struct kiosk *k)
{
    if (k->place == KIOSK_ASLEEP) {
        return false;
    }
    return k->place != kiosk_home(k) || k->code[0] != '\0'
           || k->dialog != KIOSK_NO_DIALOG || k->lang != k->home_lang
           || k->ui.theme != THEME_WARM || k->ui.metrics.size != METRICS_NORMAL
           || k->reading.on;
}

static void
switch_language(struct kiosk *k)
{
    k->lang = k->lang == I18N_RU ? I18N_EN : I18N_RU;
    if (!k->in_session) {
        return;
    }
    struct filling *f = k->session.filling;
    size_t lang = form_lang_find(filling_form(f), i18n_tag(k->lang));
    if (filling_set_lang(f, lang) < 0 || session_refresh(&k->session) < 0) {
        log_warn("kiosk", "the form's language could not be changed");
    }
}

bool
kiosk_common_act(struct kiosk *k, const struct ui_event *event)
{
    if (event->kind != UI_ACTIVATE) {
        return false;
    }
    if (reading_act(k, event)) {
        return true;
    }
    switch (event->action.verb) {
    case KIOSK_LANGUAGE:
        switch_language(k);
        break;
    case KIOSK_SIZE:
        k->ui.metrics.size = (enum metrics_size)(((int)k->ui.metrics.size + 1)
                                                 % METRICS_SIZE_COUNT);
        break;
    case KIOSK_THEME:
        k->ui.theme = (enum theme_id)(((int)k->ui.theme + 1) % THEME_COUNT);
        break;
    case KIOSK_START_OVER:
        k->dialog = KIOSK_ASK_START_OVER;
        break;
    default:
        return false;
    }
    k->part = 0;
    k->session.part = 0;
    k->changed = true;
    return true;
}
