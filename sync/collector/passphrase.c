#include "collector/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/log.h"

#define TERMINAL "/dev/tty"
#define CREDENTIAL "passphrase"
#define PATH_MAX_BYTES 4096

/* False: there is none. */
static bool
credential_path(char path[PATH_MAX_BYTES])
{
    /* Set by systemd before the start; nobody changes it. */
    const char *dir =
        getenv("CREDENTIALS_DIRECTORY"); /* NOLINT(concurrency-mt-unsafe) */
    int n = dir ? snprintf(path, PATH_MAX_BYTES, "%s/" CREDENTIAL, dir) : -1;
    return n > 0 && n < PATH_MAX_BYTES && access(path, R_OK) == 0;
}

enum passphrase_source
passphrase_source(int fd)
{
    char path[PATH_MAX_BYTES];
    if (fd >= 0) {
        return PASSPHRASE_FD;
    }
    if (credential_path(path)) {
        return PASSPHRASE_CREDENTIAL;
    }
    int terminal = open(TERMINAL, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal >= 0) {
        close(terminal);
        return PASSPHRASE_TERMINAL;
    }
    return PASSPHRASE_NOWHERE;
}

/* Byte by byte: what follows the line is for the next reader. */
static enum status
read_line(int fd, struct buf *out)
{
    char c = '\0';
    bool any = false;
    while (buf_status(out) == STATUS_OK) {
        ssize_t n = read(fd, &c, 1);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return log_errno("passphrase", "read");
        }
        if (n == 0 || c == '\n') {
            any = any || n > 0;
            break;
        }
        any = true;
        buf_putc(out, c);
    }
    if (buf_status(out) < 0) {
        return buf_status(out);
    }
    return any ? STATUS_OK : STATUS_NONE;
}

static enum status
read_terminal(const char *prompt, struct buf *out)
{
    struct termios before;
    int fd = open(TERMINAL, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return log_errno("passphrase", TERMINAL);
    }
    enum status st = STATUS_OK;
    if (tcgetattr(fd, &before) != 0) {
        st = log_errno("passphrase", TERMINAL);
    }
    if (st == STATUS_OK) {
        struct termios quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        (void)dprintf(fd, "%s ", prompt);
        if (tcsetattr(fd, TCSAFLUSH, &quiet) != 0) {
            st = log_errno("passphrase", TERMINAL);
        }
    }
    if (st == STATUS_OK) {
        st = read_line(fd, out);
        (void)tcsetattr(fd, TCSAFLUSH, &before);
        (void)dprintf(fd, "\n");
    }
    close(fd);
    return st;
}

enum status
passphrase_read(enum passphrase_source source, int fd, const char *prompt,
                struct buf *out)
{
    char path[PATH_MAX_BYTES];
    enum status st = STATUS_NONE;
    if (source == PASSPHRASE_FD) {
        st = read_line(fd, out);
    } else if (source == PASSPHRASE_TERMINAL) {
        st = read_terminal(prompt, out);
    } else if (source == PASSPHRASE_CREDENTIAL && credential_path(path)) {
        int file = open(path, O_RDONLY | O_CLOEXEC);
        st = file < 0 ? log_errno("passphrase", path) : read_line(file, out);
        if (file >= 0) {
            close(file);
        }
    }
    return st;
}
