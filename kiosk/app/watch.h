#ifndef ANKETA_APP_WATCH_H
#define ANKETA_APP_WATCH_H

#include "base/status.h"

/*
 * Watch: tells when a new library lies in the installation's folder, without
 * anybody asking again and again.
 *
 * A thread sleeps in read(2) on an inotify descriptor; `changed` is called
 * from that thread.
 */
struct watch;

MUST_CHECK enum status
watch_start(const char *dir, void (*changed)(void *self), void *self,
            struct watch **out);
/* Ends the thread and frees; NULL is fine. */
void
watch_stop(struct watch *w);

#endif
