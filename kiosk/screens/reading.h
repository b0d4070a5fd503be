#ifndef ANKETA_SCREENS_READING_H
#define ANKETA_SCREENS_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/ui.h"

/*
 * Reading: says aloud what is on the page, for whoever turned it on.
 *
 * What is read is what is drawn: the words of the page in their order, every
 * answer with its state, then the buttons. A page is read when it comes up; the
 * one thing that was touched or focused, when that happens. The top line is
 * left out; keys are said only when they are focused.
 *
 * Off for everybody who comes; an anonymous form is read to headphones only,
 * unless the setting "speech.speaker" is "yes".
 *
 * Privacy  The text made here is overwritten once it is handed over.
 */
struct kiosk;

/* Who speaks; NULL in struct kiosk: nobody, and no button offers it. */
struct reading_voice {
    bool (*headphones)(void *self);
    /* `private`: fall silent when the headphones go. The voice calls
     * reading_ended() through the core when it is done. */
    bool (*say)(void *self, const char *text, const char *lang, int rate,
                bool private);
    void (*pause)(void *self, bool pause);
    void (*silence)(void *self);
    void *self;
};

#define READING_RATES 3

struct reading {
    bool on;
    bool speaking;
    bool paused;
    int rate;        /* 0 slow, 1 normal, 2 fast */
    uint64_t page;   /* hash of the page that was read */
    uint64_t target; /* hash of the focused target's words */
};

/* As a new person finds it; silences. */
void
reading_reset(struct kiosk *k);

/* True if the event was for the reading. */
bool
reading_act(struct kiosk *k, const struct ui_event *event);

/* After a frame was declared: say what is new on it. True if that changes the
 * frame. */
bool
reading_frame(struct kiosk *k);

/* The voice came to its end. */
void
reading_ended(struct kiosk *k);

bool
reading_on(const struct kiosk *k);

/* Height of the line with pause, repeat and speed; 0 while it is off, and where
 * the buttons stand in the top line. */
int
reading_height(const struct kiosk *k);
void
reading_draw(struct kiosk *k, struct geom_rect line);

#endif
