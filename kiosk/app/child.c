#include "app/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

/* POSIX leaves the declaration to us. */
extern char **environ;

#define TICK_MS 1000
#define GRACE_SECONDS 10

struct child {
    void (*done)(void *self);
    void *self;
    pthread_mutex_t lock;
    pthread_t thread;
    bool has_thread;
    pid_t pid;
    int pipe;
    bool stop; /* locked */
    struct child_state state;
    size_t len;
};

static bool
stopping(struct child *c)
{
    (void)pthread_mutex_lock(&c->lock);
    bool stop = c->stop;
    (void)pthread_mutex_unlock(&c->lock);
    return stop;
}

/* False at the end of what it says. */
static bool
take_text(struct child *c)
{
    char piece[512];
    ssize_t got = read(c->pipe, piece, sizeof(piece));
    if (got < 0 && errno == EINTR) {
        return true;
    }
    if (got <= 0) {
        return false;
    }
    (void)pthread_mutex_lock(&c->lock);
    size_t room = sizeof(c->state.text) - 1 - c->len;
    size_t kept = (size_t)got < room ? (size_t)got : room;
    memcpy(c->state.text + c->len, piece, kept);
    c->len += kept;
    c->state.text[c->len] = '\0';
    (void)pthread_mutex_unlock(&c->lock);
    return true;
}

static void *
attend(void *self)
{
    struct child *c = self;
    int seconds = 0;
    bool talks = true;
    while (talks) {
        struct pollfd wait = {.fd = c->pipe, .events = POLLIN};
        int ready = poll(&wait, 1, TICK_MS);
        if (ready > 0) {
            talks = take_text(c);
            continue;
        }
        seconds++;
        if (stopping(c) || seconds == CHILD_MAX_SECONDS) {
            (void)kill(c->pid, SIGTERM);
        }
        if (seconds >= CHILD_MAX_SECONDS + GRACE_SECONDS) {
            (void)kill(c->pid, SIGKILL);
        }
    }
    int code = 0;
    while (waitpid(c->pid, &code, 0) < 0 && errno == EINTR) {
    }
    close(c->pipe);
    (void)pthread_mutex_lock(&c->lock);
    c->state.running = false;
    c->state.good = WIFEXITED(code) && WEXITSTATUS(code) == 0;
    (void)pthread_mutex_unlock(&c->lock);
    c->done(c->self);
    return NULL;
}

enum status
child_new(void (*done)(void *self), void *self, struct child **out)
{
    *out = NULL;
    struct child *c = calloc(1, sizeof(*c));
    if (!c) {
        return log_oom("staff");
    }
    c->done = done;
    c->self = self;
    (void)pthread_mutex_init(&c->lock, NULL);
    *out = c;
    return STATUS_OK;
}

static void
join(struct child *c)
{
    if (c->has_thread) {
        (void)pthread_join(c->thread, NULL);
        c->has_thread = false;
    }
}

void
child_close(struct child *c)
{
    if (!c) {
        return;
    }
    (void)pthread_mutex_lock(&c->lock);
    c->stop = true;
    (void)pthread_mutex_unlock(&c->lock);
    join(c);
    (void)pthread_mutex_destroy(&c->lock);
    buf_wipe(&c->state, sizeof(c->state));
    free(c);
}

static enum status
spawn(struct child *c, const char *const *words, int out_fd)
{
    char *argv[CHILD_WORDS_MAX + 1] = {NULL};
    posix_spawn_file_actions_t files;
    size_t count = 0;
    while (count < CHILD_WORDS_MAX && words[count]) {
        count++;
    }
    if (count == 0) {
        return STATUS_E_INVALID;
    }
    /* The words are not written to, but the call's type says they may be. */
    memcpy(argv, words, count * sizeof(argv[0]));
    if (posix_spawn_file_actions_init(&files) != 0) {
        return log_oom("staff");
    }
    int failed = posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
                                                  "/dev/null", O_RDONLY, 0);
    failed = failed ? failed
                    : posix_spawn_file_actions_adddup2(&files, out_fd,
                                                       STDOUT_FILENO);
    failed = failed ? failed
                    : posix_spawn_file_actions_adddup2(&files, out_fd,
                                                       STDERR_FILENO);
    failed = failed
                 ? failed
                 : posix_spawn(&c->pid, argv[0], &files, NULL, argv, environ);
    (void)posix_spawn_file_actions_destroy(&files);
    if (failed != 0) {
        errno = failed;
        return log_errno("staff", argv[0]);
    }
    return STATUS_OK;
}

enum status
child_start(struct child *c, const char *const *words)
{
    int ends[2];
    struct child_state now;
    child_look(c, &now);
    if (now.running) {
        return STATUS_E_BUSY;
    }
    join(c);
    if (pipe(ends) != 0) {
        return log_errno("staff", "pipe");
    }
    /* The child keeps what spawn() gives it and nothing else. */
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    c->state = (struct child_state){.running = true};
    c->len = 0;
    c->pipe = ends[0];
    enum status st = spawn(c, words, ends[1]);
    close(ends[1]);
    if (st >= 0 && pthread_create(&c->thread, NULL, attend, c) != 0) {
        (void)kill(c->pid, SIGKILL);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        st = log_errno("staff", "thread");
    }
    if (st < 0) {
        close(ends[0]);
        c->state.running = false;
        return st;
    }
    c->has_thread = true;
    return STATUS_OK;
}

void
child_look(struct child *c, struct child_state *out)
{
    (void)pthread_mutex_lock(&c->lock);
    *out = c->state;
    (void)pthread_mutex_unlock(&c->lock);
}
