#include "app/voice.h"

#include <stdlib.h>

#include "base/log.h"
#include "speech/speech.h"

struct voice {
    struct speech *speech; /* owned */
    struct reading_voice ops;
};

static bool
headphones(void *self)
{
    const struct voice *v = self;
    return speech_headphones(v->speech);
}

static bool
say(void *self, const char *text, const char *lang, int rate, bool private)
{
    struct voice *v = self;
    return speech_say(v->speech,
                      &(struct speech_text){.text = text,
                                            .lang = lang,
                                            .rate = (enum speech_rate)rate,
                                            .private = private})
           >= 0;
}

static void
pause_voice(void *self, bool pause)
{
    struct voice *v = self;
    speech_pause(v->speech, pause);
}

static void
silence(void *self)
{
    struct voice *v = self;
    speech_silence(v->speech);
}

enum status
voice_open(void (*ended)(void *self), void *self, struct voice **out)
{
    *out = NULL;
    struct voice *v = calloc(1, sizeof(*v));
    if (!v) {
        return log_oom("voice");
    }
    struct speech_options options = {.ended = ended, .self = self};
    enum status st = speech_open(&options, &v->speech);
    if (st < 0) {
        free(v);
        return st;
    }
    v->ops = (struct reading_voice){headphones, say, pause_voice, silence, v};
    *out = v;
    return STATUS_OK;
}

void
voice_close(struct voice *v)
{
    if (v) {
        speech_close(v->speech);
        free(v);
    }
}

const struct reading_voice *
voice_ops(const struct voice *v)
{
    return v ? &v->ops : NULL;
}
