#ifndef ANKETA_APP_CHILD_H
#define ANKETA_APP_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/*
 * Child: another program, run beside the window, with what it says.
 *
 * One at a time. It is asked to end after CHILD_MAX_SECONDS and forced some
 * seconds later. `done` is called from a thread of its own.
 *
 * Threads  child_start and child_close from one; child_look from any.
 */
#define CHILD_MAX_SECONDS 300
#define CHILD_TEXT_BYTES 2048
#define CHILD_WORDS_MAX 10

struct child;

MUST_CHECK enum status
child_new(void (*done)(void *self), void *self, struct child **out);
/* Ends what is running. */
void
child_close(struct child *c);

/* `words` ends with NULL; words[0] is the program's path. STATUS_E_BUSY: the
 * last one still runs. */
MUST_CHECK enum status
child_start(struct child *c, const char *const *words);

struct child_state {
    bool running;
    bool good;                   /* ended with 0 */
    char text[CHILD_TEXT_BYTES]; /* both of its outputs, the start of them */
};
void
child_look(struct child *c, struct child_state *out);

#endif
