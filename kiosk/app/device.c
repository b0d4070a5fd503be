#include "app/device.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

#define BACKLIGHT "/sys/class/backlight"
#define NUMBER_BYTES 64
#define LINE_BYTES 4096
#define MOUNT_POINT_WORD 4

/* -- sticks --------------------------------------------------------------------- */

static bool
add_stick(const char *path, struct staff_stick *out)
{
    struct statvfs fs;
    int n = snprintf(out->path, sizeof(out->path), "%s", path);
    if (n < 0 || (size_t)n >= sizeof(out->path) || statvfs(path, &fs) != 0) {
        return false;
    }
    out->free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    out->readonly = (fs.f_flag & ST_RDONLY) != 0 || access(path, W_OK) != 0;
    return true;
}

/* The kernel writes blank, tab, newline and backslash as \ooo. */
static void
unescape(char *text)
{
    char *to = text;
    for (const char *at = text; *at; at++) {
        bool octal = at[0] == '\\' && at[1] >= '0' && at[1] <= '3'
                     && at[2] >= '0' && at[2] <= '7' && at[3] >= '0'
                     && at[3] <= '7';
        if (octal) {
            *to =
                (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));
            at += 3;
        } else {
            *to = *at;
        }
        to++;
    }
    *to = '\0';
}

static bool
for_sticks(const char *path)
{
    static const char *const roots[] = {"/media/", "/run/media/", "/mnt/"};
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        if (strncmp(path, roots[i], strlen(roots[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Word `index` of a line, cut off in place. */
static char *
word(char *line, int index)
{
    char *at = line;
    for (int i = 0; i < index; i++) {
        at += strcspn(at, " \n");
        at += *at ? 1 : 0;
    }
    at[strcspn(at, " \n")] = '\0';
    return at;
}

/* "36 35 98:0 /root /mnt/point options ..." (proc(5)) */
static size_t
mounted_sticks(struct staff_stick out[STAFF_STICKS_MAX])
{
    size_t count = 0;
    char line[LINE_BYTES];
    FILE *file = fopen("/proc/self/mountinfo", "re");
    if (!file) {
        (void)!log_errno("staff", "/proc/self/mountinfo");
        return 0;
    }
    while (count < STAFF_STICKS_MAX && fgets(line, sizeof(line), file)) {
        char *path = word(line, MOUNT_POINT_WORD);
        unescape(path);
        if (for_sticks(path) && add_stick(path, &out[count])) {
            count++;
        }
    }
    (void)fclose(file);
    return count;
}

static int
by_path(const void *a, const void *b)
{
    return strcmp(((const struct staff_stick *)a)->path,
                  ((const struct staff_stick *)b)->path);
}

static size_t
folders_in(const char *root, struct staff_stick out[STAFF_STICKS_MAX])
{
    size_t count = 0;
    DIR *dir = opendir(root);
    while (dir && count < STAFF_STICKS_MAX) {
        char path[STAFF_PATH_BYTES];
        struct stat info;
        /* One thread reads this folder. */
        const struct dirent *entry =
            readdir(dir); /* NOLINT(concurrency-mt-unsafe) */
        if (!entry) {
            break;
        }
        int n = snprintf(path, sizeof(path), "%s/%s", root, entry->d_name);
        if (entry->d_name[0] != '.' && n > 0 && (size_t)n < sizeof(path)
            && stat(path, &info) == 0 && S_ISDIR(info.st_mode)
            && add_stick(path, &out[count])) {
            count++;
        }
    }
    if (dir) {
        closedir(dir);
    }
    return count;
}

size_t
device_sticks(const char *root, struct staff_stick out[STAFF_STICKS_MAX])
{
    size_t count = root ? folders_in(root, out) : mounted_sticks(out);
    qsort(out, count, sizeof(out[0]), by_path);
    return count;
}

/* -- backlight --------------------------------------------------------------------- */

static bool
find_backlight(const char *root, char out[STAFF_PATH_BYTES])
{
    bool found = false;
    DIR *dir = opendir(root);
    while (dir && !found) {
        const struct dirent *entry =
            readdir(dir); /* NOLINT(concurrency-mt-unsafe) */
        if (!entry) {
            break;
        }
        int n = snprintf(out, STAFF_PATH_BYTES, "%s/%s", root, entry->d_name);
        found = entry->d_name[0] != '.' && n > 0 && n < STAFF_PATH_BYTES;
    }
    if (dir) {
        closedir(dir);
    }
    return found;
}

static enum status
read_number(const char *folder, const char *name, long *out)
{
    char path[STAFF_PATH_BYTES + 32];
    struct buf text;
    buf_init(&text, NUMBER_BYTES);
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    enum status st = file_read(path, &text);
    if (st >= 0) {
        *out = strtol(text.data, NULL, 10);
    }
    buf_deinit(&text);
    return st;
}

enum status
device_backlight(const char *root, int *out_percent)
{
    char folder[STAFF_PATH_BYTES];
    long most = 0;
    long now = 0;
    *out_percent = -1;
    if (!find_backlight(root ? root : BACKLIGHT, folder)) {
        return STATUS_NONE;
    }
    enum status st = read_number(folder, "max_brightness", &most);
    if (st >= 0) {
        st = read_number(folder, "brightness", &now);
    }
    if (st >= 0 && most > 0) {
        *out_percent = (int)((now * 100 + most / 2) / most);
    }
    return st;
}

enum status
device_set_backlight(const char *root, int percent)
{
    char folder[STAFF_PATH_BYTES];
    char path[STAFF_PATH_BYTES + 32];
    long most = 0;
    if (!find_backlight(root ? root : BACKLIGHT, folder)) {
        return STATUS_E_NOT_FOUND;
    }
    enum status st = read_number(folder, "max_brightness", &most);
    if (st < 0) {
        return st;
    }
    (void)snprintf(path, sizeof(path), "%s/brightness", folder);
    /* A file of the kernel's: written in place, not replaced. */
    FILE *file = fopen(path, "we");
    if (!file) {
        return log_errno("staff", path);
    }
    bool good = fprintf(file, "%ld\n", (most * percent + 50) / 100) > 0;
    good = fclose(file) == 0 && good;
    return good ? STATUS_OK : log_errno("staff", path);
}

enum status
device_disk(const char *dir, uint64_t *out_free, uint64_t *out_total)
{
    struct statvfs fs;
    if (statvfs(dir, &fs) != 0) {
        return log_errno("staff", dir);
    }
    *out_free = (uint64_t)fs.f_bavail * fs.f_frsize;
    *out_total = (uint64_t)fs.f_blocks * fs.f_frsize;
    return STATUS_OK;
}
