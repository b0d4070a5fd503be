/*
 * The collector as it is deployed: the program itself, over TLS on loopback,
 * with clients that keep their connections. How soon it answers, what it takes
 * in a second in large and in smallest batches, and the memory it needs.
 *
 *   collector_ingest [FOLDER]   on whose disk the collector works; the current one
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/file.h"
#include "base/log.h"
#include "collector/home.h"
#include "collector/web/publish.h"
#include "sealed.h"
#include "wire/batch.h"
#include "xlsform/xlsform.h"

/* Kiosks that deliver at once, each over a connection of its own that it keeps;
 * one batch of each is under way. */
#define CLIENTS 12
#define SINGLES 12000
#define LARGE 60
#define LARGE_RECORDS 1024
#define NS_PER_S 1000000000.0
#define PATH_BYTES 4096

struct bench {
    char dir[PATH_BYTES];
    char program[PATH_BYTES];
    char url[64];
    pid_t pid;
    struct home home;
    struct store *store;
    struct catalogue *catalogue;
    struct store_wave wave;
    const struct catalogue_form *form;
    struct seal_sign_pair kiosk;
};

static double
seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / NS_PER_S;
}

static void
need(bool good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "ingest: %s failed\n", what);
        exit(1);
    }
}

/* --- the collector -------------------------------------------------------- */

static void
prepare(struct bench *b)
{
    const char *source = getenv("ANKETA_SOURCE");
    char survey[PATH_BYTES];
    struct buf sheet;
    struct buf xform;
    struct seal_hash secret = {{1}};
    int64_t form = 0;
    const struct publish_terms terms = {.kind = -1, .live = true};
    (void)snprintf(survey, sizeof(survey),
                   "%s/assets/surveys/interim_mentee.csv",
                   source ? source : ".");
    buf_init(&sheet, FORM_XML_MAX_BYTES);
    buf_init(&xform, FORM_XML_MAX_BYTES);
    struct diag d;
    diag_init(&d, I18N_EN);
    need(home_create(b->dir, "Bench", "localhost") >= 0, "new collector");
    need(home_open(b->dir, &b->home) >= 0, "opening it");
    need(home_store(&b->home, false, &b->store) >= 0, "its store");
    need(file_read(survey, &sheet) >= 0, survey);
    need(xlsform_compile(sheet.data, sheet.len, XLSFORM_CSV, NULL, &d, &xform)
             >= 0,
         "compiling");
    need(publish_form(b->store, &xform, NULL, 1, &d, &form) >= 0, "publishing");
    need(publish_wave(b->store, form, NULL, &terms, 1, &b->wave) >= 0, "wave");
    seal_sign_pair_new(&b->kiosk);
    need(store_enrol_code_add(b->store, &secret, "k", INT64_MAX) >= 0
             && store_enrol(b->store, &secret, &b->kiosk.public_key, "k", 1,
                            NULL)
                    >= 0,
         "enrolment");
    need(catalogue_new(&b->catalogue) >= 0
             && catalogue_take(b->catalogue, b->store, b->wave.form, &b->form)
                    >= 0,
         "form");
    diag_deinit(&d);
    buf_deinit(&sheet);
    buf_deinit(&xform);
}

static void
start(struct bench *b)
{
    unsigned port = 20000 + (unsigned)getpid() % 20000;
    char listen[32];
    (void)snprintf(listen, sizeof(listen), "127.0.0.1:%u", port);
    (void)snprintf(b->url, sizeof(b->url), "https://127.0.0.1:%u", port);
    b->pid = fork();
    need(b->pid >= 0, "fork");
    if (b->pid == 0) {
        (void)!freopen("/dev/null", "w", stderr);
        execl(b->program, b->program, "serve", b->dir, "--listen", listen,
              (char *)NULL);
        _exit(127);
    }
}

static void
stop(struct bench *b)
{
    int code = 0;
    (void)kill(b->pid, SIGTERM);
    need(waitpid(b->pid, &code, 0) == b->pid && WIFEXITED(code), "stopping");
}

static double
pss_mib(const struct bench *b)
{
    char path[64];
    char line[256];
    long kib = -1;
    (void)snprintf(path, sizeof(path), "/proc/%ld/smaps_rollup", (long)b->pid);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof(line), f)) {
        if (strncmp(line, "Pss:", 4) == 0) {
            kib = strtol(line + 4, NULL, 10);
        }
    }
    need(f && fclose(f) == 0 && kib >= 0, path);
    return (double)kib / 1024.0;
}

/* What a program has used so far. Unlike a rate it does not depend on who else
 * is at work on the machine. */
static double
processor_s(pid_t pid)
{
    char path[64];
    char line[1024] = "";
    (void)snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
    FILE *f = fopen(path, "r");
    need(f && fgets(line, sizeof(line), f) && fclose(f) == 0, path);
    const char *at = strrchr(line, ')');
    for (int field = 2; at && field < 14; field++) {
        at = strchr(at + 1, ' ');
    }
    need(at, path);
    char *end = NULL;
    long ticks = strtol(at, &end, 10);
    ticks += strtol(end, NULL, 10);
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

/* --- clients -------------------------------------------------------------- */

static size_t
swallow(char *data, size_t size, size_t count, void *self)
{
    (void)data;
    (void)self;
    return size * count;
}

static CURL *
client(const struct bench *b, const char *path, struct curl_slist *headers)
{
    char url[128];
    CURL *curl = curl_easy_init();
    need(curl, "curl");
    (void)snprintf(url, sizeof(url), "%s%s", b->url, path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    return curl;
}

struct work {
    const struct bench *b;
    struct buf *message;
    size_t count;
};

static void *
deliver(void *arg)
{
    const struct work *w = arg;
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    CURL *curl = client(w->b, "/sync/v1/batch", headers);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    for (size_t i = 0; i < w->count; i++) {
        long http = 0;
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, w->message[i].data);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)w->message[i].len);
        need(curl_easy_perform(curl) == CURLE_OK, "delivery");
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http);
        need(http == 200, "taking in");
    }
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return NULL;
}

/* Records a second, and the collector's processor time for each: `batches` of
 * `per_batch`, from all clients at once. */
static void
measure_rate(struct bench *b, const char *what, size_t batches,
             size_t per_batch)
{
    const struct sealed sealed = {&b->wave, b->form, &b->home.keys};
    struct batch_record *record = calloc(per_batch, sizeof(*record));
    struct buf *message = calloc(batches, sizeof(*message));
    need(record && message, "memory");
    for (size_t i = 0; i < batches; i++) {
        struct batch batch = {.record = record, .count = per_batch};
        struct buf boxes;
        buf_init(&boxes, BATCH_MAX_BYTES);
        sealed_fill(&sealed, per_batch, &boxes);
        for (size_t r = 0; r < per_batch; r++) {
            record[r].len = boxes.len / per_batch;
            record[r].box = (const uint8_t *)boxes.data + r * record[r].len;
        }
        buf_init(&message[i], BATCH_MAX_BYTES);
        need(batch_encode(&batch, &b->kiosk, &message[i]) >= 0, "batch");
        buf_deinit(&boxes);
    }
    pthread_t thread[CLIENTS];
    struct work work[CLIENTS];
    double used = processor_s(b->pid);
    double own = processor_s(getpid());
    double from = seconds();
    for (size_t c = 0; c < CLIENTS; c++) {
        size_t first = batches * c / CLIENTS;
        work[c] = (struct work){b, message + first,
                                batches * (c + 1) / CLIENTS - first};
        need(pthread_create(&thread[c], NULL, deliver, &work[c]) == 0,
             "thread");
    }
    for (size_t c = 0; c < CLIENTS; c++) {
        pthread_join(thread[c], NULL);
    }
    double records = (double)(batches * per_batch);
    double took = seconds() - from;
    used = processor_s(b->pid) - used;
    own = processor_s(getpid()) - own;
    (void)printf("%-52s %10.0f /s\n", what, records / took);
    (void)printf("%-52s %10.0f us\n", "  processor time of the collector, each",
                 used / records * 1e6);
    (void)printf("%-52s %10.0f us\n", "  processor time of the clients, each",
                 own / records * 1e6);
    (void)printf("%-52s %10.0f %%\n", "  share of two cores that both had",
                 (used + own) / took / 2 * 100);
    for (size_t i = 0; i < batches; i++) {
        buf_deinit(&message[i]);
    }
    free(message);
    free(record);
}

/* From exec to the first answer, tried as fast as the machine lets. */
static double
first_answer_ms(struct bench *b)
{
    double from = seconds();
    start(b);
    CURL *curl = client(b, "/sync/v1/identity", NULL);
    while (curl_easy_perform(curl) != CURLE_OK && seconds() - from < 10) {
        (void)sched_yield();
    }
    double ms = (seconds() - from) * 1000.0;
    curl_easy_cleanup(curl);
    return ms;
}

int
main(int argc, char **argv)
{
    const char *build = getenv("ANKETA_BUILD");
    struct bench b = {.pid = -1};
    (void)snprintf(b.dir, sizeof(b.dir), "%s/ingest-%ld",
                   argc > 1 ? argv[1]
                   : build  ? build
                            : ".",
                   (long)getpid());
    (void)snprintf(b.program, sizeof(b.program), "%s/bin/anketa-collector",
                   build ? build : "build/release");
    log_set_level(LOG_ERROR);
    need(seal_init() >= 0, "crypto");
    need(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "curl");
    prepare(&b);

    double best = first_answer_ms(&b);
    for (int i = 0; i < 4; i++) {
        stop(&b);
        double ms = first_answer_ms(&b);
        best = ms < best ? ms : best;
    }
    (void)printf("%-52s %12s\n", "collector, real program over TLS",
                 "measured");
    (void)printf("%-52s %10.0f ms\n", "exec to the first answer", best);
    (void)printf("%-52s %10.0f ms\n", "  processor time for that",
                 processor_s(b.pid) * 1000.0);
    (void)printf("%-52s %10.1f MiB\n", "memory (PSS), idle", pss_mib(&b));
    measure_rate(&b, "one record a batch, kept connections", SINGLES, 1);
    measure_rate(&b, "batches of 1024", LARGE, LARGE_RECORDS);
    (void)printf("%-52s %10.1f MiB\n", "memory (PSS) after that", pss_mib(&b));

    stop(&b);
    catalogue_give(b.catalogue, b.form);
    catalogue_free(b.catalogue);
    store_wave_clear(&b.wave);
    store_close(b.store);
    home_close(&b.home);
    static const char *const names[] = {"collector.db",     "collector.db-wal",
                                        "collector.db-shm", "people.db",
                                        "people.db-wal",    "people.db-shm",
                                        "people.keys",      "collector.keys",
                                        "tls.key",          "tls.crt"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[PATH_BYTES + 32];
        (void)snprintf(path, sizeof(path), "%s/%s", b.dir, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(b.dir);
    curl_global_cleanup();
    return 0;
}
