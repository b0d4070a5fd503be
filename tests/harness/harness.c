#define _XOPEN_SOURCE 700 /* nftw */
#include "harness/harness.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char current_row[256];

static void
print_row(void)
{
    if (current_row[0]) {
        (void)fprintf(stderr, "last row tried: %s\n", current_row);
    }
}

void
harness_row(const char *label)
{
    static int registered;
    if (!registered) {
        registered = atexit(print_row) == 0;
    }
    (void)snprintf(current_row, sizeof(current_row), "%s", label);
}

static int64_t
wall(void *self)
{
    return ((struct harness_clock *)self)->wall_ms;
}

static int64_t
mono(void *self)
{
    return ((struct harness_clock *)self)->mono_ms;
}

void
harness_clock_init(struct harness_clock *h, int64_t wall_ms)
{
    *h = (struct harness_clock){.clock = {wall, mono, h}, .wall_ms = wall_ms};
}

void
harness_clock_advance(struct harness_clock *h, int64_t ms)
{
    h->wall_ms += ms;
    h->mono_ms += ms;
}

uint32_t
harness_below(uint32_t *state, uint32_t bound)
{
    *state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
    return (uint32_t)((uint64_t)(*state >> 4) * bound >> 28);
}

void
harness_temp_dir(char out[HARNESS_PATH_MAX])
{
    const char *base = getenv("TMPDIR");
    int n = snprintf(out, HARNESS_PATH_MAX, "%s/anketa-test-XXXXXX",
                     base ? base : "/tmp");
    if (n < 0 || n >= HARNESS_PATH_MAX || !mkdtemp(out)) {
        perror("harness: temporary folder");
        exit(1);
    }
}

static int
remove_one(const char *path, const struct stat *sb, int type, struct FTW *ftw)
{
    (void)sb;
    (void)type;
    (void)ftw;
    return remove(path);
}

void
harness_remove_tree(const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0) {
        perror("harness: remove");
    }
}

const char *
harness_data(const char *relative)
{
    static char path[HARNESS_PATH_MAX];
    const char *root = getenv("ANKETA_DATA");
    if (!root) {
        return NULL;
    }
    int n = snprintf(path, sizeof(path), "%s/%s", root, relative);
    return n > 0 && access(path, F_OK) == 0 ? path : NULL;
}

const char *
harness_source(const char *relative)
{
    static char path[HARNESS_PATH_MAX];
    const char *root = getenv("ANKETA_SOURCE");
    (void)snprintf(path, sizeof(path), "%s/%s", root ? root : ".", relative);
    return path;
}

int
harness_skip(const char *why)
{
    (void)printf("skipped: %s\n", why);
    return HARNESS_SKIP;
}
