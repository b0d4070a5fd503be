#include "collector/openrosa/forward.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/random.h"
#include "collector/openrosa/forward_post.h"
#include "collector/store/store_openrosa.h"
#include "seal/seal.h"

#define XML_MAX_BYTES ((size_t)8 * 1024 * 1024)
#define SETTING_MAX_BYTES 1024
#define MS_PER_S 1000
#define NS_PER_MS 1000000

struct forward {
    struct store *store; /* owned; the thread's */
    const struct clock *clock;
    pthread_t thread;
    pthread_mutex_t lock; /* guards `woken` */
    pthread_cond_t changed;
    bool woken;
    atomic_bool stop;
    atomic_bool has_target; /* as the thread last saw */
    struct forward_target target;
    struct forward_post *post; /* owned; to `target` */
    unsigned failures;         /* of the server, one after another */
};

/* --- where to ------------------------------------------------------------- */

static void
clear_target(struct forward_target *t)
{
    if (t->password) {
        buf_wipe(t->password, strlen(t->password));
    }
    free(t->url);
    free(t->login);
    free(t->password);
    free(t->ca);
    *t = (struct forward_target){0};
}

static enum status
read_setting(struct store *s, const char *key, char **out)
{
    struct buf text;
    buf_init(&text, SETTING_MAX_BYTES);
    enum status st = store_text(s, key, &text);
    if (st == STATUS_OK) {
        *out = strdup(text.data);
        st = *out ? STATUS_OK : log_oom("forward");
    }
    buf_deinit(&text);
    return st;
}

static enum status
read_target(struct store *s, struct forward_target *out)
{
    enum status st = read_setting(s, STORE_FORWARD_URL, &out->url);
    if (st == STATUS_OK) {
        st = read_setting(s, STORE_FORWARD_LOGIN, &out->login);
    }
    if (st == STATUS_OK) {
        st = read_setting(s, STORE_FORWARD_PASSWORD, &out->password);
    }
    if (st == STATUS_OK) {
        st = read_setting(s, STORE_FORWARD_CA, &out->ca);
    }
    if (st < 0) {
        clear_target(out);
    }
    return st;
}

static bool
is_address(const char *url)
{
    static const char scheme[] = "https://";
    size_t len = strlen(url);
    return strncmp(url, scheme, sizeof(scheme) - 1) == 0 && len > sizeof(scheme)
           && len < SETTING_MAX_BYTES / 2 && !strpbrk(url, " \t\r\n?#")
           && url[len - 1] != '/';
}

enum status
forward_set(struct store *s, const char *url, const char *login,
            const char *password, const char *ca)
{
    const struct {
        const char *key;
        const char *value;
    } setting[] = {{STORE_FORWARD_URL, url},
                   {STORE_FORWARD_LOGIN, login},
                   {STORE_FORWARD_PASSWORD, password},
                   {STORE_FORWARD_CA, ca}};
    enum status st = is_address(url) ? STATUS_OK : STATUS_E_INVALID;
    for (size_t i = 0;
         st == STATUS_OK && i < sizeof(setting) / sizeof(setting[0]); i++) {
        st = strlen(setting[i].value) < SETTING_MAX_BYTES
                 ? store_text_set(s, setting[i].key, setting[i].value)
                 : STATUS_E_INVALID;
    }
    return st;
}

static bool
same_target(const struct forward_target *a, const struct forward_target *b)
{
    return a->url && b->url && a->login && b->login && a->password
           && b->password && a->ca && b->ca && strcmp(a->url, b->url) == 0
           && strcmp(a->login, b->login) == 0
           && strlen(a->password) == strlen(b->password)
           && seal_equal(a->password, b->password, strlen(a->password))
           && strcmp(a->ca, b->ca) == 0;
}

/* STATUS_NONE: nothing is to be forwarded. */
static enum status
connect_to_target(struct forward *f)
{
    struct forward_target now = {0};
    enum status st = read_target(f->store, &now);
    if (st < 0) {
        return st;
    }
    if (f->post && same_target(&f->target, &now)) {
        clear_target(&now);
        return STATUS_OK;
    }
    forward_post_free(f->post);
    f->post = NULL;
    clear_target(&f->target);
    f->target = now;
    f->failures = 0;
    return now.url && *now.url
               ? forward_post_new(&f->target, &f->stop, &f->post)
               : STATUS_NONE;
}

/* --- one answer ----------------------------------------------------------- */

struct files {
    struct store *store;
    int64_t wave;
    int64_t person;
    struct forward_file *file; /* owned */
    size_t count;
};

static enum status
list_file(void *self, int64_t person, const char *name, const void *data,
          size_t len)
{
    (void)person;
    (void)data;
    struct files *files = self;
    if (files->count == STORE_FILES_MAX) {
        return STATUS_E_LIMIT;
    }
    char *copy = strdup(name);
    if (!copy) {
        return log_oom("forward");
    }
    files->file[files->count++] = (struct forward_file){copy, len};
    return STATUS_OK;
}

static enum status
read_file(void *self, const char *name, struct buf *out)
{
    const struct files *files = self;
    return store_file(files->store, files->wave, files->person, name, out);
}

static enum status
send_answer(struct forward *f, const struct store_forward *due,
            const struct buf *xml, struct forward_answer *out)
{
    struct files files = {
        .store = f->store, .wave = due->wave, .person = due->person};
    files.file = calloc(STORE_FILES_MAX, sizeof(*files.file));
    if (!files.file) {
        return log_oom("forward");
    }
    enum status st = store_files_each(f->store, due->wave, due->person, false,
                                      list_file, &files);
    if (st == STATUS_OK) {
        const struct forward_item item = {
            .xml = xml->data,
            .xml_len = xml->len,
            .file = files.file,
            .files = files.count,
            .read = read_file,
            .self = &files,
        };
        st = forward_post_send(f->post, &item, out);
    }
    for (size_t i = 0; i < files.count; i++) {
        free(files.file[i].name);
    }
    free(files.file);
    return st;
}

/* Twice as long each time, and half of it by chance: servers that come back
 * are not met by everybody at once. */
static int64_t
wait_ms(int64_t failures, int64_t asked_ms)
{
    int64_t ms = FORWARD_WAIT_MS;
    for (int64_t i = 1; i < failures && ms < FORWARD_WAIT_MAX_MS; i++) {
        ms *= 2;
    }
    ms = ms > asked_ms ? ms : asked_ms;
    ms = ms < FORWARD_WAIT_MAX_MS ? ms : FORWARD_WAIT_MAX_MS;
    return ms / 2 + random_below((uint32_t)(ms / 2) + 1);
}

/* Note what became of it. *out_pause_ms > 0: leave the server alone so long. */
static enum status
note(struct forward *f, struct store_forward *due,
     const struct forward_answer *a, int64_t *out_pause_ms)
{
    char text[sizeof(a->detail)];
    struct store_forward after = *due;
    memcpy(text, a->detail, sizeof(text));
    after.detail = text;
    after.tries++;
    *out_pause_ms = 0;
    f->failures = a->verdict == FORWARD_AWAY ? f->failures + 1 : 0;
    if (a->verdict == FORWARD_TAKEN) {
        after.state = STORE_FORWARD_DONE;
        text[0] = '\0';
    } else if (a->verdict == FORWARD_REFUSED) {
        after.state = STORE_FORWARD_REFUSED;
        log_warn("forward", "the other server refused an answer");
    } else if (a->verdict == FORWARD_LATER) {
        after.next_ms =
            clock_wall_ms(f->clock) + wait_ms(after.tries, a->wait_ms);
    } else {
        after.tries = due->tries; /* not the fault of this one */
        *out_pause_ms = wait_ms(f->failures, a->wait_ms);
    }
    return store_forward_note(f->store, &after);
}

/* Send what is due; how long there is nothing to do then. */
static enum status
work(struct forward *f, int64_t *out_ms)
{
    *out_ms = FORWARD_LOOK_MS;
    enum status st = connect_to_target(f);
    atomic_store(&f->has_target, f->post != NULL);
    while (st == STATUS_OK && !atomic_load(&f->stop)) {
        struct store_forward due;
        struct forward_answer answer = {.verdict = FORWARD_AWAY};
        struct buf xml;
        int64_t next_ms = 0;
        int64_t pause_ms = 0;
        int64_t now_ms = clock_wall_ms(f->clock);
        buf_init(&xml, XML_MAX_BYTES);
        st = store_forward_due(f->store, now_ms, &due, &xml, &next_ms);
        if (st == STATUS_NONE && next_ms > 0
            && next_ms - now_ms < FORWARD_LOOK_MS) {
            *out_ms = next_ms - now_ms;
        }
        if (st == STATUS_OK) {
            st = send_answer(f, &due, &xml, &answer);
        }
        if (st == STATUS_OK && !atomic_load(&f->stop)) {
            st = note(f, &due, &answer, &pause_ms);
        }
        store_forward_clear(&due);
        buf_deinit(&xml);
        if (pause_ms > 0) {
            *out_ms = pause_ms;
            return st;
        }
    }
    return st < 0 && st != STATUS_E_STALE ? st : STATUS_OK;
}

/* --- the thread ----------------------------------------------------------- */

/* True: somebody woke us. */
static bool
rest(struct forward *f, int64_t ms)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / MS_PER_S;
    until.tv_nsec += ms % MS_PER_S * NS_PER_MS;
    if (until.tv_nsec >= (int64_t)MS_PER_S * NS_PER_MS) {
        until.tv_nsec -= (int64_t)MS_PER_S * NS_PER_MS;
        until.tv_sec++;
    }
    pthread_mutex_lock(&f->lock);
    int rc = 0;
    while (!f->woken && rc != ETIMEDOUT) {
        rc = pthread_cond_timedwait(&f->changed, &f->lock, &until);
    }
    bool woken = f->woken;
    f->woken = false;
    pthread_mutex_unlock(&f->lock);
    return woken;
}

static void *
run(void *arg)
{
    struct forward *f = arg;
    int64_t ms = 0;
    while (!atomic_load(&f->stop)) {
        enum status st = work(f, &ms);
        if (st < 0) {
            log_error("forward", "%s", status_name(st));
            ms = FORWARD_LOOK_MS;
        }
        /* News of an answer are no news of a server that is away. */
        int64_t end_ms = clock_mono_ms(f->clock) + ms;
        while (rest(f, ms) && f->failures > 0 && !atomic_load(&f->stop)
               && end_ms > clock_mono_ms(f->clock)) {
            ms = end_ms - clock_mono_ms(f->clock);
        }
    }
    return NULL;
}

static void
drop(struct forward *f)
{
    forward_post_free(f->post);
    clear_target(&f->target);
    store_close(f->store);
    pthread_mutex_destroy(&f->lock);
    pthread_cond_destroy(&f->changed);
    free(f);
}

enum status
forward_start(struct store *s, const struct clock *clock, struct forward **out)
{
    *out = NULL;
    pthread_condattr_t attr;
    struct forward *f = calloc(1, sizeof(*f));
    if (!f) {
        store_close(s);
        return log_oom("forward");
    }
    f->store = s;
    f->clock = clock;
    pthread_mutex_init(&f->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&f->changed, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&f->thread, NULL, run, f) != 0) {
        drop(f);
        return log_oom("forward");
    }
    *out = f;
    return STATUS_OK;
}

void
forward_stop(struct forward *f)
{
    if (f) {
        atomic_store(&f->stop, true);
        forward_look(f);
        pthread_join(f->thread, NULL);
        drop(f);
    }
}

void
forward_wake(struct forward *f)
{
    if (f && atomic_load(&f->has_target)) {
        forward_look(f);
    }
}

void
forward_look(struct forward *f)
{
    if (f) {
        pthread_mutex_lock(&f->lock);
        f->woken = true;
        pthread_cond_signal(&f->changed);
        pthread_mutex_unlock(&f->lock);
    }
}
