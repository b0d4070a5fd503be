#ifndef ANKETA_BASE_LOG_H
#define ANKETA_BASE_LOG_H

#include "base/status.h"

/*
 * Log: one English line per event, for technicians, on standard error.
 *
 * "<level> <component>: <what>". No time is written: the journal that collects
 * the lines adds it where that is harmless, and the kiosk runs with it coarse
 * or off. Never pass answers, names, codes, keys or touches.
 *
 * Threads  Any; a line is written by one call and never torn.
 */
enum log_level {
    LOG_ERROR,
    LOG_WARN,
    LOG_INFO,
    LOG_DEBUG,
};

/* Lines above `level` are dropped. Default: LOG_INFO. */
void
log_set_level(enum log_level level);

/* Somebody who is told each line that is written, without its end; called from
 * any thread, and must not log. */
struct log_listener {
    void (*line)(void *self, const char *line);
    void *self;
};

/* `listener` is borrowed until another or NULL is set, by whoever knows that
 * no other thread logs any more. */
void
log_listen(const struct log_listener *listener);

void
log_error(const char *component, const char *fmt, ...) PRINTF_LIKE(2, 3);
void
log_warn(const char *component, const char *fmt, ...) PRINTF_LIKE(2, 3);
void
log_info(const char *component, const char *fmt, ...) PRINTF_LIKE(2, 3);
void
log_debug(const char *component, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Log and return STATUS_E_NOMEM. */
MUST_CHECK enum status
log_oom(const char *component);

/*
 * Log "<what>: <strerror(errno)>" and return STATUS_E_FULL for ENOSPC/EDQUOT,
 * STATUS_E_NOT_FOUND for ENOENT, STATUS_E_IO for anything else.
 */
MUST_CHECK enum status
log_errno(const char *component, const char *what);

#endif
