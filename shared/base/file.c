#define _GNU_SOURCE /* mkostemps */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define READ_STEP ((size_t)64 * 1024)
#define PATH_MAX_BYTES FILE_PATH_MAX_BYTES
#define PART_TRIES 8

static enum status
read_all(int fd, const char *path, struct buf *out)
{
    for (;;) {
        size_t room = out->max - out->len;
        size_t step = room < READ_STEP ? room + 1 : READ_STEP;
        char piece[READ_STEP];
        ssize_t got = read(fd, piece, step < READ_STEP ? step : READ_STEP);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return log_errno("file", path);
        }
        if (got == 0) {
            return buf_status(out);
        }
        buf_put(out, piece, (size_t)got);
        buf_wipe(piece, (size_t)got);
        if (buf_status(out) < 0) {
            log_error("file", "%s: longer than %zu bytes", path, out->max);
            return buf_status(out);
        }
    }
}

enum status
file_read(const char *path, struct buf *out)
{
    if (strcmp(path, "-") == 0) {
        return read_all(STDIN_FILENO, "standard input", out);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return log_errno("file", path);
    }
    enum status st = read_all(fd, path, out);
    (void)close(fd);
    return st;
}

static enum status
write_all(int fd, const char *path, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t put = write(fd, data, len);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return log_errno("file", path);
        }
        data += put;
        len -= (size_t)put;
    }
    return STATUS_OK;
}

static enum status
sync_folder_of(const char *path)
{
    char folder[PATH_MAX_BYTES];
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 1;
    if (len >= sizeof(folder)) {
        return STATUS_E_LIMIT;
    }
    memcpy(folder, slash ? path : ".", len);
    if (len == 0) {
        folder[len++] = '/';
    }
    folder[len] = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return log_errno("file", folder);
    }
    enum status st = STATUS_OK;
    if (fsync(fd) != 0) {
        st = log_errno("file", folder);
    }
    (void)close(fd);
    return st;
}

enum status
file_part_open(const char *path, char out_part[FILE_PATH_MAX_BYTES],
               int *out_fd)
{
    *out_fd = -1;
    for (int tries = 0; tries < PART_TRIES; tries++) {
        struct stat info;
        int n = snprintf(out_part, FILE_PATH_MAX_BYTES, "%s.XXXXXX" FILE_PART,
                         path);
        if (n < 0 || n >= FILE_PATH_MAX_BYTES) {
            return STATUS_E_LIMIT;
        }
        int fd = mkostemps(out_part, (int)strlen(FILE_PART), O_CLOEXEC);
        if (fd < 0) {
            return log_errno("file", path);
        }
        /* A file system without locks cannot be swept, and need not be. */
        if (flock(fd, LOCK_EX) != 0 || fstat(fd, &info) != 0
            || info.st_nlink > 0) {
            *out_fd = fd;
            return STATUS_OK;
        }
        (void)close(fd); /* somebody swept in between */
    }
    return STATUS_E_BUSY;
}

static bool
is_part(const char *name)
{
    size_t len = strlen(name);
    size_t tail = strlen(FILE_PART);
    return len > tail && strcmp(name + len - tail, FILE_PART) == 0;
}

static void
sweep_one(int dir, const char *name)
{
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return; /* it has its name by now */
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        if (unlinkat(dir, name, 0) == 0) {
            log_info("file", "%s: left from before, removed", name);
        } else if (errno != ENOENT) {
            log_warn("file", "%s: left from before, cannot be removed", name);
        }
    }
    (void)close(fd);
}

void
file_parts_sweep(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d) {
        return;
    }
    for (;;) {
        /* One thread reads this folder. */
        const struct dirent *entry =
            readdir(d); /* NOLINT(concurrency-mt-unsafe) */
        if (!entry) {
            break;
        }
        if (is_part(entry->d_name)) {
            sweep_one(dirfd(d), entry->d_name);
        }
    }
    (void)closedir(d);
}

enum status
file_replace(const char *path, const void *data, size_t len, unsigned mode)
{
    char temp[PATH_MAX_BYTES];
    int fd = -1;
    enum status st = file_part_open(path, temp, &fd);
    if (st < 0) {
        return st;
    }
    st = write_all(fd, path, data, len);
    if (st < 0) {
        goto out;
    }
    if (fchmod(fd, (mode_t)mode) != 0 || fsync(fd) != 0) {
        st = log_errno("file", path);
        goto out;
    }
    if (rename(temp, path) != 0) {
        st = log_errno("file", path);
        goto out;
    }
    temp[0] = '\0';
    st = sync_folder_of(path);

out:
    (void)close(fd);
    if (temp[0]) {
        (void)unlink(temp);
    }
    return st;
}

enum status
file_make_dirs(const char *path)
{
    char part[PATH_MAX_BYTES];
    size_t len = strlen(path);
    if (len == 0 || len >= sizeof(part)) {
        return STATUS_E_INVALID;
    }
    for (size_t i = 1; i <= len; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            return log_errno("file", part);
        }
    }
    return STATUS_OK;
}

bool
file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

enum status
file_beside_program(const char *name, char *out, size_t size)
{
    char program[PATH_MAX_BYTES];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    if (len <= 0) {
        return log_errno("file", "/proc/self/exe");
    }
    program[len] = '\0';
    const char *slash = strrchr(program, '/');
    int folder = slash ? (int)(slash - program) : (int)len;
    int n = snprintf(out, size, "%.*s/%s", folder, program, name);
    return n > 0 && (size_t)n < size ? STATUS_OK : STATUS_E_LIMIT;
}

enum status
file_temporary(char out_path[FILE_TEMPORARY_MAX_BYTES])
{
    const char *dir = getenv("TMPDIR"); /* NOLINT: nobody changes it */
    int n = snprintf(out_path, FILE_TEMPORARY_MAX_BYTES, "%s/anketa-XXXXXX",
                     dir && *dir ? dir : "/tmp");
    int fd = n > 0 && n < FILE_TEMPORARY_MAX_BYTES ? mkstemp(out_path) : -1;
    if (fd < 0) {
        return log_errno("file", "temporary file");
    }
    (void)close(fd);
    return STATUS_OK;
}
