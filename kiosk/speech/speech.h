#ifndef ANKETA_SPEECH_SPEECH_H
#define ANKETA_SPEECH_SPEECH_H

#include <stdbool.h>

#include "base/status.h"

/*
 * Speech: reads a text aloud through the espeak-ng program.
 *
 * A program of its own, not a library: espeak-ng is under the GPL, which must
 * not reach into the kiosk; the kiosk builds and runs where it is absent; a
 * voice that crashes or hangs takes no answers with it, and is paused and
 * silenced by a signal. The text goes to its standard input, never onto its
 * command line, where anybody could read it, and never to a disk; our copy is
 * overwritten as soon as it is handed over.
 *
 * One text at a time: a new one silences the one before.
 *
 * Threads  Calls from one thread. A thread of its own starts with the first
 *          text and sleeps while nothing is read; `ended` is called from it.
 * Errors   A program that cannot be started is told once in the log, without
 *          the text; speech_say then says STATUS_E_IO.
 */
#define SPEECH_TEXT_MAX_BYTES 16384

struct speech;

struct speech_options {
    const char *program; /* NULL: espeak-ng, looked for on PATH */
    const char *sound;   /* NULL: play; else write a wave file there */
    /* The text was read to its end, or could not be. Not called for a text
     * that was silenced. */
    void (*ended)(void *self);
    /* NULL: headphones_plugged(). */
    bool (*headphones)(void *self);
    void *self;
};

/* STATUS_E_NOT_FOUND: there is no such program. Strings are copied. */
MUST_CHECK enum status
speech_open(const struct speech_options *options, struct speech **out);
/* Silences first. NULL is fine. */
void
speech_close(struct speech *s);

enum speech_rate {
    SPEECH_SLOW,
    SPEECH_NORMAL,
    SPEECH_FAST,
    SPEECH_RATE_COUNT
};

struct speech_text {
    const char *text; /* UTF-8; cut at SPEECH_TEXT_MAX_BYTES */
    const char *lang; /* "ru", "en": the voice */
    enum speech_rate rate;
    /* Silence it as soon as the headphones are pulled out. */
    bool private;
};
MUST_CHECK enum status
speech_say(struct speech *s, const struct speech_text *text);

void
speech_pause(struct speech *s, bool pause);
void
speech_silence(struct speech *s);

bool
speech_headphones(const struct speech *s);

#endif
