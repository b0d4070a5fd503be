#ifndef ANKETA_SCREENS_STAFF_H
#define ANKETA_SCREENS_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/i18n.h"
#include "base/status.h"
#include "screens/hours.h"
#include "seal/pin_code.h"
#include "ui/edit.h"
#include "ui/theme.h"

/*
 * Staff menu: for who looks after the kiosk, behind a PIN.
 *
 * Entered from the page where a new person begins and from no other, by holding
 * the corner with the name of the house for STAFF_HOLD_MS or by the key F10, and
 * left by itself after STAFF_IDLE_SECONDS. Each page is a screen table of its own; what they show
 * and do stands behind struct staff_desk, so that nothing here knows files or
 * programs.
 *
 * Threads  One at a time.
 */
#define STAFF_HOLD_MS INT64_C(2000)
#define STAFF_IDLE_SECONDS 60
#define STAFF_PIN_DIGITS PIN_CODE_DIGITS

enum staff_page {
    STAFF_PIN,
    STAFF_MENU,
    STAFF_WAITING,
    STAFF_SYNC,
    STAFF_DEVICE,
    STAFF_EVENTS,
    STAFF_SCREEN_TEST,
    STAFF_TOUCH_TEST,
    STAFF_DISPLAY,
    STAFF_STICK,
    STAFF_ENROL,
    STAFF_ROOM,   /* which questionnaire a room of people is to answer */
    STAFF_RESULT, /* of an errand */
    STAFF_PAGE_COUNT
};

/* -- what stands behind the pages -------------------------------------------- */

enum staff_pin_state {
    STAFF_PIN_UNSET,
    STAFF_PIN_READY,
    STAFF_PIN_WAITING,
    STAFF_PIN_LOCKED,
};

#define STAFF_ROWS_MAX 96
#define STAFF_LABEL_BYTES 160
#define STAFF_VALUE_BYTES 512

struct staff_row {
    char label[STAFF_LABEL_BYTES]; /* "": the value takes the whole width */
    char value[STAFF_VALUE_BYTES];
    bool warns;
};

struct staff_report {
    struct staff_row row[STAFF_ROWS_MAX];
    size_t count;
};

#define STAFF_STICKS_MAX 8
#define STAFF_PATH_BYTES 512

struct staff_stick {
    char path[STAFF_PATH_BYTES]; /* where it is mounted */
    uint64_t free_bytes;
    bool readonly;
};

#define STAFF_OUTCOME_BYTES 2048

/* What became of the last errand. */
struct staff_outcome {
    bool running;
    bool good;
    char text[STAFF_OUTCOME_BYTES]; /* in the language it was asked in */
};

#define STAFF_ADDRESS_BYTES 256

struct staff_desk {
    /* *out_wait_ms: until the next try, when waiting. */
    enum staff_pin_state (*pin)(void *self, int64_t *out_wait_ms);
    /* STATUS_OK or STATUS_E_AUTH; takes a third of a second, on purpose. */
    enum status (*pin_check)(void *self, const char *digits);
    enum status (*pin_set)(void *self, const char *digits);
    /* Rows of STAFF_WAITING, _SYNC, _DEVICE or _EVENTS. */
    void (*report)(void *self, enum staff_page which, enum i18n_lang lang,
                   struct staff_report *out);
    /* Sticks that are mounted now. */
    size_t (*sticks)(void *self, struct staff_stick out[STAFF_STICKS_MAX]);
    /* Errands run beside; outcome() tells how they fare. One at a time. */
    enum status (*carry)(void *self, const char *path, enum i18n_lang lang);
    enum status (*enrol)(void *self, const char *address, const char *code,
                         enum i18n_lang lang);
    void (*outcome)(void *self, struct staff_outcome *out);
    /* Address that is known, or "". */
    void (*address)(void *self, char out[STAFF_ADDRESS_BYTES]);
    /* Percent; -1: this display cannot be set. */
    int (*brightness)(void *self);
    enum status (*set_brightness)(void *self, int percent);
    void (*hours)(void *self, struct hours *out);
    enum status (*set_hours)(void *self, const struct hours *hours);
    /* Backlight off and on again while nobody is expected. */
    void (*dark)(void *self, bool dark);
    void *self;
};

/* -- state of the pages ------------------------------------------------------- */

enum staff_pin_step {
    STAFF_PIN_ENTER,
    STAFF_PIN_NEW,
    STAFF_PIN_REPEAT,
};

enum staff_field {
    STAFF_FIELD_NONE,
    STAFF_FIELD_ADDRESS,
    STAFF_FIELD_CODE,
};

#define STAFF_CELLS_MAX 256
#define STAFF_TRAIL_MAX 160
#define STAFF_CODE_BYTES 64

struct staff {
    enum staff_page page;
    enum staff_pin_step step;
    bool inside;         /* the PIN was given */
    const char *message; /* translated, static storage; NULL: none */
    char pin[STAFF_PIN_DIGITS + 1];
    char first[STAFF_PIN_DIGITS + 1]; /* of a new PIN, to be repeated */
    int test_step;                    /* of the screen test */
    enum theme_id theme;              /* before the screen test */
    bool flipped;                     /* touch test: the way out is above */
    bool cells[STAFF_CELLS_MAX];      /* touched */
    struct {
        int x;
        int y;
    } trail[STAFF_TRAIL_MAX];
    size_t trail_count; /* ever */
    enum staff_field field;
    struct edit edit;
    char address[STAFF_ADDRESS_BYTES];
    char code[STAFF_CODE_BYTES];
};

/* What a KIOSK_STAFF_DO action means; arg is its own. */
enum staff_verb {
    STAFF_OPEN, /* arg: enum staff_page */
    STAFF_NEW_PIN,
    STAFF_REHEARSAL,
    STAFF_RESTART,
    STAFF_SUBMIT,
    STAFF_PANEL, /* the whole panel, in the tests */
    STAFF_FLIP,
    STAFF_BRIGHTER, /* arg: percent more or less */
    STAFF_FROM,     /* arg: minutes later or earlier */
    STAFF_TO,
    STAFF_TAKE_STICK, /* arg: index */
    STAFF_START_ROOM, /* arg: index of the questionnaire */
    STAFF_STOP_ROOM,
    STAFF_TYPE, /* arg: enum staff_field */
};

struct kiosk;
struct screen;
struct ui_event;

/* From where a new person begins, if there is a menu at all. */
void
staff_open(struct kiosk *k);
void
staff_go(struct kiosk *k, enum staff_page page);
const struct screen *
staff_screen(const struct kiosk *k);

/* Milliseconds until something on the page changes by itself; -1: nothing. */
int64_t
staff_change_ms(const struct kiosk *k);
/* Whether leaving by itself has to wait: an errand is running. */
bool
staff_busy(const struct kiosk *k);

/* Back, page parts, Escape; false if the event is the page's own. */
bool
staff_common_act(struct kiosk *k, const struct ui_event *event);

/* How free space is written: "12 GB". */
void
staff_bytes(enum i18n_lang lang, uint64_t bytes, char *out, size_t size);

/* The frame that marks test mode, over the finished page. */
void
staff_mark_rehearsal(struct kiosk *k);

extern const struct screen staff_pin_screen;
extern const struct screen staff_menu_screen;
extern const struct screen staff_waiting_screen;
extern const struct screen staff_sync_screen;
extern const struct screen staff_device_screen;
extern const struct screen staff_events_screen;
extern const struct screen staff_screen_test_screen;
extern const struct screen staff_touch_test_screen;
extern const struct screen staff_display_screen;
extern const struct screen staff_stick_screen;
extern const struct screen staff_enrol_screen;
extern const struct screen staff_result_screen;
extern const struct screen staff_room_screen;

#endif
