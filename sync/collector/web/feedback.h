#ifndef ANKETA_COLLECTOR_WEB_FEEDBACK_H
#define ANKETA_COLLECTOR_WEB_FEEDBACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "collector/store/store.h"

/*
 * Feedback: the anonymous questionnaire asked after a meeting or a session.
 *
 * A wave gathers over several pairs, and nothing ties it to any of them: kept
 * is only how many people were asked in all. The questionnaire is the newest of
 * its id in the store, or else the one that comes with the product.
 *
 * Threads  As the store passed in.
 */
#define FEEDBACK_SESSION "training_session"

/*
 * So many more people are asked to answer, in the caller's transaction: the
 * open wave of the questionnaire counts them, or one is opened. With `afresh` a
 * wave that has its k answers is closed before, so that the next opinions stand
 * for themselves. *out_opened: a wave was opened. STATUS_E_NOT_FOUND: no such
 * questionnaire comes with the product, and none was added.
 */
MUST_CHECK enum status
feedback_ask(struct store *w, const char *form_id, int people, bool afresh,
             int64_t now_ms, bool *out_opened);

/* The open wave of a questionnaire among waves, newest first; or NULL. */
const struct store_wave *
feedback_open(const struct store_wave *waves, size_t count,
              const char *form_id);

#endif
