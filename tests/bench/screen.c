#define _DEFAULT_SOURCE
#include "bench/screen.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>

#include "harness/harness.h"

struct screen {
    pid_t server;
    char dir[HARNESS_PATH_MAX];
    char display[16];
    Display *connection;
    const unsigned char *pixels; /* mapped: XWD header and image */
    size_t size;
    unsigned char *mark; /* owned */
    unsigned char *seen; /* owned */
};

double
screen_now_ms(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void
die(const char *what)
{
    perror(what);
    exit(1);
}

/* Xvfb picks a free display and writes its number to the pipe when ready. */
static void
spawn_server(struct screen *s, int width, int height)
{
    int ready[2];
    if (pipe(ready) != 0) {
        die("pipe");
    }
    char geometry[64];
    char fd[16];
    (void)snprintf(geometry, sizeof(geometry), "%dx%dx24", width, height);
    (void)snprintf(fd, sizeof(fd), "%d", ready[1]);
    s->server = fork();
    if (s->server < 0) {
        die("fork");
    }
    if (s->server == 0) {
        (void)close(ready[0]);
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(null, STDERR_FILENO);
        (void)execlp("Xvfb", "Xvfb", "-displayfd", fd, "-screen", "0", geometry,
                     "-fbdir", s->dir, "-nolisten", "tcp", (char *)NULL);
        _exit(127);
    }
    (void)close(ready[1]);
    char number[8] = "";
    size_t len = 0;
    while (len < sizeof(number) - 1 && read(ready[0], number + len, 1) == 1
           && number[len] != '\n') {
        len++;
    }
    (void)close(ready[0]);
    number[len] = '\0';
    if (len == 0) {
        (void)fprintf(stderr, "screen: Xvfb did not start\n");
        exit(1);
    }
    (void)snprintf(s->display, sizeof(s->display), ":%s", number);
}

static void
map_pixels(struct screen *s)
{
    char path[HARNESS_PATH_MAX + 32];
    (void)snprintf(path, sizeof(path), "%s/Xvfb_screen0", s->dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat sb;
    if (fd < 0 || fstat(fd, &sb) != 0) {
        die(path);
    }
    s->size = (size_t)sb.st_size;
    s->pixels = mmap(NULL, s->size, PROT_READ, MAP_SHARED, fd, 0);
    (void)close(fd);
    s->mark = malloc(s->size);
    s->seen = malloc(s->size);
    if (s->pixels == MAP_FAILED || !s->mark || !s->seen) {
        die("frame buffer");
    }
}

struct screen *
screen_start(int width, int height)
{
    struct screen *s = calloc(1, sizeof(*s));
    if (!s) {
        die("screen");
    }
    harness_temp_dir(s->dir);
    spawn_server(s, width, height);
    s->connection = XOpenDisplay(s->display);
    if (!s->connection) {
        die("XOpenDisplay");
    }
    map_pixels(s);
    return s;
}

void
screen_stop(struct screen *s)
{
    XCloseDisplay(s->connection);
    (void)kill(s->server, SIGTERM);
    (void)waitpid(s->server, NULL, 0);
    (void)munmap((void *)(uintptr_t)s->pixels, s->size);
    free(s->mark);
    free(s->seen);
    harness_remove_tree(s->dir);
    free(s);
}

const char *
screen_display(const struct screen *s)
{
    return s->display;
}

void
screen_move(struct screen *s, int x, int y)
{
    XTestFakeMotionEvent(s->connection, -1, x, y, CurrentTime);
    XSync(s->connection, False);
}

void
screen_key(struct screen *s, const char *name)
{
    KeyCode code = XKeysymToKeycode(s->connection, XStringToKeysym(name));
    XTestFakeKeyEvent(s->connection, code, True, CurrentTime);
    XTestFakeKeyEvent(s->connection, code, False, CurrentTime);
    XSync(s->connection, False);
}

void
screen_press(struct screen *s)
{
    XTestFakeButtonEvent(s->connection, 1, True, CurrentTime);
    XFlush(s->connection);
}

void
screen_release(struct screen *s)
{
    XTestFakeButtonEvent(s->connection, 1, False, CurrentTime);
    XFlush(s->connection);
}

void
screen_mark(struct screen *s)
{
    memcpy(s->mark, s->pixels, s->size);
}

struct screen_change
screen_wait(struct screen *s, double quiet_ms, double limit_ms)
{
    struct screen_change change = {0};
    double start = screen_now_ms();
    const unsigned char *reference = s->mark;
    for (;;) {
        double now = screen_now_ms();
        if (memcmp(s->pixels, reference, s->size) != 0) {
            now = screen_now_ms();
            memcpy(s->seen, s->pixels, s->size);
            reference = s->seen;
            if (!change.seen) {
                change.seen = true;
                change.first_ms = now;
            }
            change.last_ms = now;
        }
        bool quiet = change.seen && now - change.last_ms > quiet_ms;
        if (quiet || now - start > limit_ms) {
            return change;
        }
    }
}
