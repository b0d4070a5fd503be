#include "collector/command_print.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/log.h"

#define MODE 0600

static enum status
write_all(void *self, const void *data, size_t len)
{
    const int *fd = self;
    const char *at = data;
    while (len > 0) {
        ssize_t n = write(*fd, at, len);
        if (n < 0) {
            return log_errno("print", "write");
        }
        at += n;
        len -= (size_t)n;
    }
    return STATUS_OK;
}

enum status
command_print(const char *path, command_printer *print, void *self)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
    if (fd < 0) {
        return errno == EEXIST ? STATUS_E_CONFLICT : log_errno("print", path);
    }
    const struct dataset_sink sink = {write_all, &fd};
    enum status st = print(self, &sink);
    if (st == STATUS_OK && fsync(fd) != 0) {
        st = log_errno("print", path);
    }
    if (close(fd) != 0 && st == STATUS_OK) {
        st = log_errno("print", path);
    }
    if (st < 0 && unlink(path) != 0) {
        log_warn("print", "%s: left behind", path);
    }
    return st;
}
