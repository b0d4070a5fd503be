#ifndef ANKETA_APP_VOICE_H
#define ANKETA_APP_VOICE_H

#include "base/status.h"
#include "screens/reading.h"

/*
 * Voice: the speech program as the screens want it.
 *
 * `ended` is called from the speech thread.
 */
struct voice;

/* STATUS_E_NOT_FOUND: this machine cannot speak. */
MUST_CHECK enum status
voice_open(void (*ended)(void *self), void *self, struct voice **out);
/* NULL is fine. */
void
voice_close(struct voice *v);

/* Lives as long as the voice; NULL for NULL. */
const struct reading_voice *
voice_ops(const struct voice *v);

#endif
