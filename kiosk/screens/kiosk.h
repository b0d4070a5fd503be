#ifndef ANKETA_SCREENS_KIOSK_H
#define ANKETA_SCREENS_KIOSK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/status.h"
#include "form/filling.h"
#include "form/form.h"
#include "screens/reading.h"
#include "screens/session.h"
#include "screens/staff.h"
#include "seal/record.h"
#include "ui/keyboard.h"
#include "ui/ui.h"

/*
 * Kiosk: what the screens share, and what they may ask for.
 *
 * A screen is a const table of operations (struct screen). It draws itself
 * from this state and changes this state when something is touched; the frame
 * is then drawn anew. Nothing here knows SDL, files or SQL: those stand behind
 * struct kiosk_source.
 *
 * Threads  One at a time.
 */
enum kiosk_verb {
    KIOSK_NONE,
    KIOSK_START,
    KIOSK_SURVEY, /* arg: index */
    KIOSK_LANGUAGE,
    KIOSK_SIZE,
    KIOSK_THEME,
    KIOSK_READING, /* on or off */
    KIOSK_READING_PAUSE,
    KIOSK_READING_REPEAT,
    KIOSK_READING_RATE,
    KIOSK_START_OVER,
    KIOSK_CONFIRM,
    KIOSK_CANCEL,
    KIOSK_NEXT,
    KIOSK_BACK,
    KIOSK_SEND,
    KIOSK_GO,       /* arg: page, from the review */
    KIOSK_PART,     /* arg: +1 or -1, of a long page */
    KIOSK_CONTROL,  /* entry, arg: the control's own */
    KIOSK_FIELD,    /* entry: open the keyboard */
    KIOSK_TYPE,     /* arg: enum keyboard_key or character index */
    KIOSK_CURSOR,   /* touch into the text being typed */
    KIOSK_CODE,     /* arg: digit, or a KIOSK_CODE_ key */
    KIOSK_STAFF_DO, /* entry: enum staff_verb, arg: its own */
};

enum kiosk_code_key {
    KIOSK_CODE_BACKSPACE = 10,
};

enum kiosk_place {
    KIOSK_ATTRACT,
    KIOSK_CATALOGUE,
    KIOSK_CODE_PAD,
    KIOSK_CONSENT,
    KIOSK_QUESTION,
    KIOSK_REVIEW,
    KIOSK_THANKS,
    KIOSK_ROOM,   /* a room of people: "Next person, please" */
    KIOSK_STAFF,  /* staff.page says which page */
    KIOSK_ASLEEP, /* outside the hours of service */
    KIOSK_PLACE_COUNT
};

/* Pages that stand in front of the place. */
enum kiosk_dialog {
    KIOSK_NO_DIALOG,
    KIOSK_ASK_START_OVER,
    KIOSK_ASK_REMOVE, /* an instance of a repeat */
    KIOSK_IDLE_WARNING,
    KIOSK_MESSAGE,
    KIOSK_SENDING_FAILED,
};

struct kiosk_survey {
    const char *form_id;
    enum record_kind kind;
    int k;                   /* 0: unknown */
    int minutes;             /* 0: unknown */
    const struct form *form; /* NULL: it cannot be read on this kiosk */
};

/* Where questionnaires come from and answers go to. */
struct kiosk_source {
    size_t (*count)(void *self);
    /* All but the form. Borrowed until refresh() says that something
     * changed. */
    void (*survey)(void *self, size_t index, struct kiosk_survey *out);
    /* Loaded when first asked for; NULL: it cannot be read. */
    const struct form *(*form)(void *self, size_t index);
    /* Called when nobody uses the kiosk: take over a new library. */
    bool (*refresh)(void *self);
    /* Whose code is it? STATUS_OK, with the name to greet by ("" if it must
     * not be shown) and the role ("" if none) appended; STATUS_NONE: nobody's; STATUS_E_CONFLICT: a slip
     * that was used before. */
    enum status (*check_code)(void *self, size_t index, const char *code,
                              struct buf *out_name, struct buf *out_role);
    /* Seal and keep. STATUS_OK only when it is on the disk;
     * STATUS_E_CONFLICT: the slip was used meanwhile. */
    enum status (*send)(void *self, size_t index, struct filling *f,
                        const char *code);
    /* In test mode: seal, and keep nothing. */
    enum status (*rehearse)(void *self, size_t index, struct filling *f,
                            const char *code);
    /* Append a file of the questionnaire's media; STATUS_E_NOT_FOUND. */
    enum status (*media)(void *self, size_t index, const char *name,
                         struct buf *out);
    /* Whether such a file is a picture that can be shown; asked in every
     * frame. */
    bool (*picture)(void *self, size_t index, const char *name);
    /* NULL if unset. Borrowed until the next call. */
    const char *(*setting)(void *self, const char *key);
    void *self;
};

#define KIOSK_CODE_DIGITS_MAX 8
#define KIOSK_NAME_BYTES 128
#define KIOSK_ROLE_BYTES 16

/* See kiosk_room_start. */
#define KIOSK_FORM_ID_BYTES 128
struct kiosk_room {
    bool running;
    bool by_setting;
    char form_id[KIOSK_FORM_ID_BYTES];
    unsigned done; /* people who have sent since it began */
    bool thanked;  /* the one before was told that it is kept */
};

struct kiosk {
    const struct kiosk_source *source; /* borrowed */
    const struct staff_desk *desk;     /* borrowed; NULL: no staff menu */
    const struct clock *clock;         /* borrowed */
    struct ui ui;
    struct keyboard keyboard;
    enum i18n_lang lang;
    enum i18n_lang home_lang; /* what a new person finds */
    enum kiosk_place place;
    enum kiosk_dialog dialog;
    const char *message; /* KIOSK_MESSAGE: translated, static storage */
    size_t survey;       /* of the session or the code pad */
    size_t survey_count;
    int part; /* of the catalogue or the review */
    bool in_session;
    struct session session;
    char code[KIOSK_CODE_DIGITS_MAX + 1];
    char name[KIOSK_NAME_BYTES]; /* of the person greeted, "" if nobody */
    char role[KIOSK_ROLE_BYTES]; /* property "role" of her form */
    int warning_seconds_left;    /* KIOSK_IDLE_WARNING; 0: not shown */
    enum status send_status;
    const struct reading_voice *voice; /* borrowed; NULL: nobody reads */
    struct reading reading;
    size_t asked_entry; /* KIOSK_ASK_REMOVE: the "add" of that repeat */
    struct kiosk_room room;
    struct staff staff;
    struct hours hours; /* of service */
    bool rehearsal;     /* test mode: nothing is kept, every page says so */
    bool restart;       /* wanted by the staff */
    bool changed;       /* the frame has to be drawn again */
};

struct screen {
    const char *name;
    void (*draw)(struct kiosk *k);
    void (*act)(struct kiosk *k, const struct ui_event *event);
};

extern const struct screen attract_screen;
extern const struct screen catalogue_screen;
extern const struct screen code_pad_screen;
extern const struct screen consent_screen;
extern const struct screen question_screen;
extern const struct screen review_screen;
extern const struct screen thanks_screen;
extern const struct screen room_screen;
extern const struct screen asleep_screen;
extern const struct screen dialog_screen;

/* `measure` is copied. */
void
kiosk_init(struct kiosk *k, const struct kiosk_source *source,
           const struct clock *clock, const struct text_measure *measure,
           enum i18n_lang home_lang);
void
kiosk_deinit(struct kiosk *k);

/* What is on the screen now. */
const struct screen *
kiosk_screen(const struct kiosk *k);

/* Text of the interface in the language of the moment. */
const char *
kiosk_text(const struct kiosk *k, const char *msgid)
    __attribute__((format_arg(2)));

/* With its form. */
void
kiosk_survey(const struct kiosk *k, size_t index, struct kiosk_survey *out);
/* Without: costs nothing. */
void
kiosk_entry(const struct kiosk *k, size_t index, struct kiosk_survey *out);
/* Title in the language of the moment. */
const char *
kiosk_title(const struct kiosk *k, size_t index);
/* Questions that a person may be asked, at most. */
size_t
kiosk_questions(const struct form *form);

/* Whether the questionnaire of the session has this picture. */
bool
kiosk_picture(const struct kiosk *k, const char *name);

/* Whether anything may move by itself or after the finger: not with the setting
 * motion=off, in the themes of high contrast, or while a page is read. */
bool
kiosk_moves(const struct kiosk *k);

/* A setting as a number; `otherwise` if it is unset or none. */
int
kiosk_number(const struct kiosk *k, const char *key, int otherwise);

/* Begin the survey k->survey: consent, code or first question. A form that
 * cannot be opened is told in a dialog. */
void
kiosk_begin(struct kiosk *k);
/* Check k->code and open the session, or say why not. */
void
kiosk_admit(struct kiosk *k);
/* Open the session itself. */
void
kiosk_open_session(struct kiosk *k);

/* Take over a new library if there is one; nobody may be in a session. True if
 * something changed. */
bool
kiosk_refresh(struct kiosk *k);

/*
 * A room of people, one after another, at one questionnaire: after Send the
 * kiosk asks for the next person at once, with the code pad where a code is
 * needed. The library's setting `room.form` (a form id) opens it and ends it;
 * staff may start and stop one by hand. With `room.count` = "yes" it is said
 * how many have sent, and of how many if `room.invited` is a number.
 */
void
kiosk_room_start(struct kiosk *k, size_t survey);
void
kiosk_room_stop(struct kiosk *k);
bool
kiosk_room_running(const struct kiosk *k);
/* The answers of one person are kept: on to the next. */
void
kiosk_room_next(struct kiosk *k);
/* Follow the setting; end when the questionnaire is closed. */
void
kiosk_room_follow(struct kiosk *k);
/* Where a new person begins: the room's page or the attract page. */
enum kiosk_place
kiosk_home(const struct kiosk *k);
/* "3 of 12 have voted", if that may be said; else "". */
void
kiosk_room_count(const struct kiosk *k, char *out, size_t size);

/* Remove the instance that KIOSK_ASK_REMOVE asked about. */
void
question_remove(struct kiosk *k);

/* Leave: overwrite everything of the person, back to how all find it. */
void
kiosk_leave(struct kiosk *k);

/* What stands in the corner: the name of this screen or of the house; in test
 * mode, that it is one. */
const char *
kiosk_house(const struct kiosk *k);

/* Take over the hours of service: the staff's, else the library's. */
void
kiosk_look_at_hours(struct kiosk *k);
/* Dark outside the hours, and awake again. */
void
kiosk_sleep(struct kiosk *k);
void
kiosk_wake(struct kiosk *k);

/* Whether walking away would leave something to wipe. */
bool
kiosk_occupied(const struct kiosk *k);

void
kiosk_go(struct kiosk *k, enum kiosk_place place);

/* Display settings and Start over, for every screen; false if not its own. */
bool
kiosk_common_act(struct kiosk *k, const struct ui_event *event);

#endif
