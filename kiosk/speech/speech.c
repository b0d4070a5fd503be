#include "speech/speech.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "speech/headphones.h"

#define PROGRAM "espeak-ng"
#define PATH_BYTES 4096
#define LANG_BYTES 16
/* While something private is read, the jack is looked at this often. */
#define JACK_MS 200

extern char **environ;

/* Words a minute. */
static char rates[SPEECH_RATE_COUNT][4] = {
    [SPEECH_SLOW] = "105",
    [SPEECH_NORMAL] = "145",
    [SPEECH_FAST] = "200",
};

/* A text on its way to the voice. */
struct order {
    char text[SPEECH_TEXT_MAX_BYTES];
    size_t len;
    char lang[LANG_BYTES];
    enum speech_rate rate;
    bool private;
};

struct speech {
    struct speech_options options;
    char program[PATH_BYTES];
    char sound[PATH_BYTES];
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wanted; /* an order, or the end */
    struct order order;    /* under lock, as all below */
    bool has_order;
    bool closing;
    bool silenced; /* the voice that runs was told to stop */
    pid_t voice;   /* 0: none; reaped under the lock, so the id is ours */
};

/* Into `out` the path of a program on PATH, or of one named with a slash. */
static bool
find_program(const char *name, char *out, size_t size)
{
    if (strchr(name, '/')) {
        (void)snprintf(out, size, "%s", name);
        return access(out, X_OK) == 0;
    }
    /* Before any thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
    const char *at = getenv("PATH");
    while (at && *at) {
        size_t len = strcspn(at, ":");
        if (len > 0 && len + strlen(name) + 2 <= size) {
            memcpy(out, at, len);
            out[len] = '/';
            memcpy(out + len + 1, name, strlen(name) + 1);
            if (access(out, X_OK) == 0) {
                return true;
            }
        }
        at += len + (at[len] == ':' ? 1 : 0);
    }
    return false;
}

enum status
speech_open(const struct speech_options *options, struct speech **out)
{
    *out = NULL;
    char path[PATH_BYTES];
    const char *name = options->program ? options->program : PROGRAM;
    if (!find_program(name, path, sizeof(path))) {
        return STATUS_E_NOT_FOUND;
    }
    struct speech *s = calloc(1, sizeof(*s));
    if (!s) {
        return log_oom("speech");
    }
    s->options = *options;
    memcpy(s->program, path, sizeof(s->program));
    (void)snprintf(s->sound, sizeof(s->sound), "%s",
                   options->sound ? options->sound : "");
    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_cond_init(&s->wanted, NULL);
    *out = s;
    return STATUS_OK;
}

bool
speech_headphones(const struct speech *s)
{
    return s->options.headphones ? s->options.headphones(s->options.self)
                                 : headphones_plugged();
}

/* --- the voice ------------------------------------------------------------ */

static int
spawn(struct speech *s, struct order *order, int input, pid_t *out)
{
    /* posix_spawn takes no constants. */
    static char from_input[] = "--stdin";
    static char voice_flag[] = "-v";
    static char rate_flag[] = "-s";
    static char sound_flag[] = "-w";
    char *argv[12];
    size_t n = 0;
    argv[n++] = s->program;
    argv[n++] = from_input;
    argv[n++] = voice_flag;
    argv[n++] = order->lang;
    argv[n++] = rate_flag;
    argv[n++] = rates[order->rate];
    if (s->sound[0]) {
        argv[n++] = sound_flag;
        argv[n++] = s->sound;
    }
    argv[n] = NULL;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none;
    (void)sigemptyset(&none);
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawnattr_init(&attr);
    (void)posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    (void)posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null",
                                           O_WRONLY, 0);
    (void)posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null",
                                           O_WRONLY, 0);
    (void)posix_spawnattr_setsigmask(&attr, &none);
    (void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
    int failed = posix_spawn(out, s->program, &files, &attr, argv, environ);
    (void)posix_spawnattr_destroy(&attr);
    (void)posix_spawn_file_actions_destroy(&files);
    return failed;
}

/* Starts the voice and hands the text over; the order's text is gone then. */
static pid_t
start_voice(struct speech *s, struct order *order)
{
    int ends[2];
    pid_t pid = 0;
    /* A socket, so that a voice that died cannot send us SIGPIPE. The kernel
     * keeps more than the largest text: sending never waits for the voice. */
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        log_error("speech", "no way to the voice: error %d", errno);
        buf_wipe(order, sizeof(*order));
        return 0;
    }
    int failed = spawn(s, order, ends[1], &pid);
    (void)close(ends[1]);
    if (failed != 0) {
        log_error("speech", "cannot start %s: error %d", s->program, failed);
        pid = 0;
    } else if (send(ends[0], order->text, order->len,
                    MSG_NOSIGNAL | MSG_DONTWAIT)
               != (ssize_t)order->len) {
        log_warn("speech", "the voice did not take the text");
    }
    (void)close(ends[0]);
    buf_wipe(order, sizeof(*order));
    return pid;
}

/* Until the voice has ended. True unless it was silenced. */
static bool
attend(struct speech *s, pid_t pid, bool private)
{
    int fd = pidfd_open(pid, 0);
    struct pollfd ended = {.fd = fd, .events = POLLIN};
    while (fd >= 0 && poll(&ended, 1, private ? JACK_MS : -1) <= 0) {
        if (private && !speech_headphones(s)) {
            (void)kill(pid, SIGKILL);
        }
    }
    /* Wait without reaping: until then nobody else can get its number. */
    siginfo_t info;
    (void)waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    (void)pthread_mutex_lock(&s->lock);
    (void)waitpid(pid, NULL, 0);
    s->voice = 0;
    bool told = s->silenced;
    s->silenced = false;
    (void)pthread_mutex_unlock(&s->lock);
    if (fd >= 0) {
        (void)close(fd);
    }
    return !told;
}

static void *
run(void *self)
{
    struct speech *s = self;
    struct order *order = calloc(1, sizeof(*order));
    if (!order) {
        log_error("speech", "no memory for the voice");
        return NULL;
    }
    for (;;) {
        (void)pthread_mutex_lock(&s->lock);
        while (!s->has_order && !s->closing) {
            (void)pthread_cond_wait(&s->wanted, &s->lock);
        }
        if (s->closing) {
            (void)pthread_mutex_unlock(&s->lock);
            break;
        }
        *order = s->order;
        buf_wipe(&s->order, sizeof(s->order));
        s->has_order = false;
        bool private = order->private;
        pid_t pid = start_voice(s, order);
        s->voice = pid;
        (void)pthread_mutex_unlock(&s->lock);
        bool to_its_end = pid == 0 || attend(s, pid, private);
        if (to_its_end && s->options.ended) {
            s->options.ended(s->options.self);
        }
    }
    free(order);
    return NULL;
}

static enum status
start_thread(struct speech *s)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&s->thread, NULL, run, s);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed != 0) {
        log_error("speech", "no thread: error %d", failed);
        return STATUS_E_IO;
    }
    s->threaded = true;
    return STATUS_OK;
}

/* --- orders --------------------------------------------------------------- */

static void
silence_locked(struct speech *s)
{
    s->has_order = false;
    buf_wipe(&s->order, sizeof(s->order));
    if (s->voice != 0) {
        s->silenced = true;
        (void)kill(s->voice, SIGKILL);
    }
}

/* Bytes of `text` that fit, whole characters. */
static size_t
fitting(const char *text)
{
    size_t len = strnlen(text, SPEECH_TEXT_MAX_BYTES);
    if (len < SPEECH_TEXT_MAX_BYTES) {
        return len;
    }
    while (len > 0 && ((unsigned char)text[len] & 0xC0u) == 0x80u) {
        len--;
    }
    return len;
}

enum status
speech_say(struct speech *s, const struct speech_text *text)
{
    if (!s->threaded && start_thread(s) < 0) {
        return STATUS_E_IO;
    }
    (void)pthread_mutex_lock(&s->lock);
    silence_locked(s);
    s->order.len = fitting(text->text);
    memcpy(s->order.text, text->text, s->order.len);
    (void)snprintf(s->order.lang, sizeof(s->order.lang), "%s", text->lang);
    s->order.rate = text->rate;
    s->order.private = text->private;
    s->has_order = true;
    (void)pthread_cond_signal(&s->wanted);
    (void)pthread_mutex_unlock(&s->lock);
    return STATUS_OK;
}

void
speech_pause(struct speech *s, bool pause)
{
    (void)pthread_mutex_lock(&s->lock);
    if (s->voice != 0) {
        (void)kill(s->voice, pause ? SIGSTOP : SIGCONT);
    }
    (void)pthread_mutex_unlock(&s->lock);
}

void
speech_silence(struct speech *s)
{
    (void)pthread_mutex_lock(&s->lock);
    silence_locked(s);
    (void)pthread_mutex_unlock(&s->lock);
}

void
speech_close(struct speech *s)
{
    if (!s) {
        return;
    }
    (void)pthread_mutex_lock(&s->lock);
    silence_locked(s);
    s->closing = true;
    (void)pthread_cond_signal(&s->wanted);
    (void)pthread_mutex_unlock(&s->lock);
    if (s->threaded) {
        (void)pthread_join(s->thread, NULL);
    }
    (void)pthread_cond_destroy(&s->wanted);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}
