#ifndef ANKETA_APP_CORE_H
#define ANKETA_APP_CORE_H

#include <stdbool.h>
#include <stdint.h>

#include "screens/kiosk.h"

/*
 * Core: the whole kiosk but for the window: input in, frames out, and the
 * clock that sends people home.
 *
 * The window feeds it touches and keys and paints what core_frame() returns;
 * tests and the touch planner do the same without one. It never reads input
 * and never sleeps: core_deadline() says when core_tick() is wanted next, -1
 * while nothing is under way, so an idle kiosk need not wake up at all.
 *
 * Threads  One at a time.
 */
#define CORE_IDLE_SECONDS 120 /* question pages; setting "idle.seconds" */
#define CORE_WRITING_SECONDS 180
#define CORE_LISTENING_SECONDS 600 /* a page being read aloud */
#define CORE_WARNING_SECONDS 45
#define CORE_COUNTDOWN_SECONDS 22 /* second half of the warning */
#define CORE_THANKS_SECONDS 8
/* Outside the hours of service an untouched attract page goes dark. */
#define CORE_SLEEP_SECONDS 60
/* Test mode that is forgotten ends by itself: real answers would be lost. */
#define CORE_REHEARSAL_SECONDS 600
/* A key held down repeats after this, then at this pace. */
#define CORE_REPEAT_FIRST_MS 500
#define CORE_REPEAT_NEXT_MS 90

struct core {
    struct kiosk kiosk;
    const struct clock *clock;
    int64_t last_input_ms;
    int64_t warning_ms; /* when the warning appeared */
    int64_t repeat_ms;  /* when the held key fires next; 0: none */
    bool repeated;      /* it has fired while being held */
    int64_t scan_ms;    /* when the focus moves by itself; 0: it does not */
    int64_t hold_ms;    /* when the held name of the house opens the staff
                           menu; 0: it is not held */
};

struct core_panel {
    int width_px;
    int height_px;
    double px_per_mm;
};

void
core_init(struct core *c, const struct kiosk_source *source,
          const struct clock *clock, const struct text_measure *measure,
          enum i18n_lang home_lang);
/* With a staff menu; `desk` is borrowed. */
void
core_staff(struct core *c, const struct staff_desk *desk);
void
core_deinit(struct core *c);

/* Size of what is drawn on; again whenever it changes. */
void
core_panel(struct core *c, const struct core_panel *panel);

/* Begin a questionnaire without the attract page; false if it is not open. */
bool
core_begin(struct core *c, const char *form_id);

void
core_pointer(struct core *c, enum ui_phase phase, int x, int y);
void
core_key(struct core *c, enum ui_key key);
/* Text typed at a real keyboard. */
void
core_text(struct core *c, const char *text);

/* What reads aloud came to its end. */
void
core_voice_ended(struct core *c);

/* Monotonic milliseconds; -1: nothing will happen by itself. */
int64_t
core_deadline(const struct core *c);
void
core_tick(struct core *c);

/* Append a picture of the session's questionnaire, for whoever paints; `self`
 * is the core. */
MUST_CHECK enum status
core_picture(void *self, const char *name, struct buf *out);

/* Something may have changed: on the disk, if nobody is here, or in what the
 * staff wait for. */
void
core_refresh(struct core *c);

/* True if a frame was drawn anew; then core_list() is it. */
bool
core_frame(struct core *c);
const struct draw_list *
core_list(const struct core *c);

#endif
