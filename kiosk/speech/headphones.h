#ifndef ANKETA_SPEECH_HEADPHONES_H
#define ANKETA_SPEECH_HEADPHONES_H

#include <stdbool.h>

/*
 * Headphones: whether some are plugged in, as the sound cards say it.
 *
 * Cards report their jacks as boolean controls ("Headphone Jack") through
 * ALSA. A card without such a control, a build without ALSA and an error all
 * count as no: what a person hears must not depend on a guess. At most
 * HEADPHONES_CARDS_MAX cards and HEADPHONES_CONTROLS_MAX controls of each are
 * asked.
 *
 * Threads  Any.
 */
#define HEADPHONES_CARDS_MAX 8
#define HEADPHONES_CONTROLS_MAX 512

bool
headphones_plugged(void);

/* Whether a control of that name reports headphones. */
bool
headphones_names_jack(const char *control);

#endif
