#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024

static _Atomic int max_level = LOG_INFO;

static const struct log_listener *_Atomic heard_by;

static const char *const level_name[] = {
    [LOG_ERROR] = "error",
    [LOG_WARN] = "warning",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

void
log_set_level(enum log_level level)
{
    atomic_store(&max_level, (int)level);
}

void
log_listen(const struct log_listener *listener)
{
    atomic_store(&heard_by, listener);
}

PRINTF_LIKE(3, 0)
static void
write_line(enum log_level level, const char *component, const char *fmt,
           va_list ap)
{
    if ((int)level > atomic_load(&max_level)) {
        return;
    }
    int saved = errno;
    char line[LINE_MAX_BYTES];
    int head =
        snprintf(line, sizeof(line), "%s %s: ", level_name[level], component);
    size_t len = head < 0 ? 0 : (size_t)head;
    if (len < sizeof(line)) {
        int body = vsnprintf(line + len, sizeof(line) - len, fmt, ap);
        len += body < 0 ? 0 : (size_t)body;
    }
    if (len > sizeof(line) - 2) {
        len = sizeof(line) - 2;
    }
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)line[i] < ' ') {
            line[i] = ' '; /* outside text must not forge a second line */
        }
    }
    line[len] = '\n';
    ssize_t wrote = write(STDERR_FILENO, line, len + 1);
    (void)wrote; /* a log that cannot be written cannot be reported either */
    const struct log_listener *listener = atomic_load(&heard_by);
    if (listener) {
        line[len] = '\0';
        listener->line(listener->self, line);
    }
    errno = saved;
}

#define DEFINE_LEVEL(name, level)                          \
    void name(const char *component, const char *fmt, ...) \
    {                                                      \
        va_list ap;                                        \
        va_start(ap, fmt);                                 \
        write_line(level, component, fmt, ap);             \
        va_end(ap);                                        \
    }

DEFINE_LEVEL(log_error, LOG_ERROR)
DEFINE_LEVEL(log_warn, LOG_WARN)
DEFINE_LEVEL(log_info, LOG_INFO)
DEFINE_LEVEL(log_debug, LOG_DEBUG)

enum status
log_oom(const char *component)
{
    log_error(component, "out of memory");
    return STATUS_E_NOMEM;
}

enum status
log_errno(const char *component, const char *what)
{
    int err = errno;
    char text[128] = "unknown error";
    int failed = strerror_r(err, text, sizeof(text));
    (void)failed;
    log_error(component, "%s: %s", what, text);
    if (err == ENOSPC || err == EDQUOT) {
        return STATUS_E_FULL;
    }
    return err == ENOENT ? STATUS_E_NOT_FOUND : STATUS_E_IO;
}
