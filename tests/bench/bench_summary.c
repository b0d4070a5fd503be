/*
 * What the desk's pages and files cost, over the real server and TLS: a wave of
 * 30 questions with two group questions, answered a thousand times and a
 * million times. Times are to the last byte, the best of several; memory is the
 * server's own, after everything was asked for.
 *
 *   collector_summary [ANSWERS]
 */
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
#include "collector/ingest/strata.h"
#include "collector/web/publish.h"
#include "collector/web/visit.h"
#include "xlsform/xlsform.h"

#define ANSWERS_DEFAULT 1000000
#define RUNS 7
#define PORT 18471
#define HOUR_MS INT64_C(3600000)
#define NS_PER_S 1000000000.0

struct bench {
    char dir[64];
    char program[4096];
    struct store *store;
    struct catalogue *catalogue;
    const struct catalogue_form *form;
    int64_t form_id;
    pid_t server;
    CURL *curl;
    size_t bytes;
};

static double
seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / NS_PER_S;
}

static void
must(enum status st, const char *what)
{
    if (st < 0) {
        (void)fprintf(stderr, "%s: %s\n", what, status_name(st));
        exit(1);
    }
}

/* --- a wave --------------------------------------------------------------- */

static void
write_survey(struct buf *out)
{
    buf_puts(out, "survey\n,type,name,label,parameters,anketa_indicator\n"
                  ",select_one role,role,Who are you?,,group\n"
                  ",select_one years,years,How long?,,group\n");
    for (int i = 0; i < 22; i++) {
        buf_printf(out,
                   ",range,scale%d,How far do you agree with item %d?,"
                   "start=1 end=10 step=1,quality\n",
                   i, i);
    }
    for (int i = 0; i < 6; i++) {
        buf_printf(out, ",select_one degree,choice%d,Choice number %d?,,glad\n",
                   i, i);
    }
    buf_puts(out, "choices\n,list_name,name,label\n,role,mentor,Mentor\n"
                  ",role,mentee,Mentee\n,role,other,Other\n"
                  ",years,few,Up to three\n,years,many,More\n"
                  ",degree,yes,Yes\n,degree,rather,Rather\n,degree,no,No\n"
                  ",degree,hard,Hard to say\n"
                  "settings\n,form_title,form_id,anketa_kind\n"
                  ",Thirty questions,thirty,anonymous\n");
}

static void
add_form(struct bench *b)
{
    struct buf sheet;
    struct buf xform;
    struct diag d;
    buf_init(&sheet, FORM_XML_MAX_BYTES);
    buf_init(&xform, FORM_XML_MAX_BYTES);
    diag_init(&d, I18N_EN);
    write_survey(&sheet);
    must(xlsform_compile(sheet.data, sheet.len, XLSFORM_CSV, NULL, &d, &xform),
         "compile");
    must(publish_form(b->store, &xform, NULL, 1, &d, &b->form_id), "publish");
    must(catalogue_new(&b->catalogue), "catalogue");
    must(catalogue_take(b->catalogue, b->store, b->form_id, &b->form), "form");
    diag_deinit(&d);
    buf_deinit(&xform);
    buf_deinit(&sheet);
}

/* One block of random answers with its tallies, counted as ingest does. */
struct block {
    const char **cell;
    struct store_tally *tally;
    size_t tallies;
    size_t rows;
};

static void
count(struct block *k, size_t field, enum store_tally_kind kind, int64_t item)
{
    for (size_t i = 0; i < k->tallies; i++) {
        struct store_tally *t = &k->tally[i];
        if (t->field == field && t->kind == kind && t->item == item) {
            t->n++;
            return;
        }
    }
    k->tally[k->tallies++] =
        (struct store_tally){(uint32_t)field, kind, item, 1};
}

static void
fill_row(const struct bench *b, struct block *k, const char **cell,
         uint32_t *state)
{
    static const char *const number[] = {"1", "2", "3", "4", "5",
                                         "6", "7", "8", "9", "10"};
    const struct catalogue_form *form = b->form;
    for (size_t f = 0; f < form->field_count; f++) {
        struct form_field info;
        form_field_get(form->form, f, &info);
        *state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
        uint32_t r = *state >> 8;
        if (form->field[f].categories == 0) {
            continue;
        }
        if (!form->field[f].group && r % 20 == 0) {
            count(k, f, STORE_TALLY_MISSING, 0);
            continue;
        }
        count(k, f, STORE_TALLY_ANSWERED, 0);
        if (form->field[f].count == CATALOGUE_COUNT_CHOICE) {
            size_t c = r / 32 % info.choice_count;
            cell[f] = form_choice_name(form->form, f, c);
            count(k, f, STORE_TALLY_CHOICE, (int64_t)c);
        } else {
            size_t n = r / 32 % 10;
            cell[f] = number[n];
            count(k, f, STORE_TALLY_NUMBER,
                  (int64_t)(n + 1) * STORE_NUMBER_UNIT);
        }
    }
    size_t stratum = strata_of(form, cell);
    for (size_t f = 0; f < form->field_count; f++) {
        if (form->field[f].categories > 0) {
            count(k, f, STORE_TALLY_STRATUM,
                  (int64_t)(stratum * STRATA_ITEM
                            + strata_category(form, f, cell[f])));
        }
    }
}

static void
make_block(const struct bench *b, struct block *k, size_t rows)
{
    size_t fields = b->form->field_count;
    uint32_t state = 7;
    k->rows = rows;
    k->cell = calloc(rows * fields, sizeof(*k->cell));
    k->tally = calloc(fields * 512, sizeof(*k->tally));
    if (!k->cell || !k->tally) {
        must(STATUS_E_NOMEM, "block");
        return;
    }
    for (size_t i = 0; i < rows; i++) {
        fill_row(b, k, &k->cell[i * fields], &state);
    }
}

/* A closed wave with so many answers. */
static void
add_wave(struct bench *b, const char *name, size_t answers)
{
    struct store_wave w = {.form = b->form_id, .k = 5, .k_text = 10};
    struct block k = {0};
    char own[32];
    int64_t id = 0;
    (void)snprintf(own, sizeof(own), "%s", name);
    w.name = own;
    must(store_wave_add(b->store, &w, &id), "wave");
    size_t block = answers < STORE_ROWS_MAX ? answers : STORE_ROWS_MAX;
    for (size_t done = 0; done < answers; done += k.rows) {
        if (k.rows != block || answers - done < block) {
            free(k.cell);
            free(k.tally);
            k = (struct block){0};
            make_block(b, &k, answers - done < block ? answers - done : block);
        }
        const struct store_rows rows = {k.cell, k.rows, b->form->field_count};
        must(store_begin(b->store), "begin");
        must(store_answers_add(b->store, id, &rows), "rows");
        must(store_tally_add(b->store, id, k.tally, k.tallies), "tally");
        must(store_commit(b->store), "commit");
    }
    free(k.cell);
    free(k.tally);
    must(store_wave_close(b->store, id, 2), "close");
}

/* --- the server ----------------------------------------------------------- */

static void
hex(const uint8_t *data, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", data[i]);
    }
}

/* A signed-in coordinator; writes the cookie. */
static void
sign_in(struct bench *b, char *cookie, size_t size)
{
    static const uint8_t token[VISIT_TOKEN_BYTES] = {1, 2, 3};
    char text[2 * VISIT_TOKEN_BYTES + 1];
    char login[] = "bench";
    struct store_user user = {.login = login, .name = login, .enabled = true};
    struct seal_hash hash;
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    seal_hash(token, sizeof(token), NULL, 0, &hash);
    must(store_user_add(b->store, &user, &user.id), "user");
    must(store_session_add(b->store, &hash, user.id,
                           (int64_t)t.tv_sec * 1000 + HOUR_MS),
         "session");
    hex(token, sizeof(token), text);
    (void)snprintf(cookie, size, VISIT_COOKIE "=%s", text);
}

static size_t
take(char *data, size_t size, size_t n, void *self)
{
    (void)data;
    struct bench *b = self;
    b->bytes += size * n;
    return size * n;
}

/* Seconds to the last byte; negative: not 200. */
static double
get(struct bench *b, const char *path)
{
    char url[512];
    long code = 0;
    (void)snprintf(url, sizeof(url), "https://127.0.0.1:%d%s", PORT, path);
    curl_easy_setopt(b->curl, CURLOPT_URL, url);
    b->bytes = 0;
    double from = seconds();
    CURLcode rc = curl_easy_perform(b->curl);
    double taken = seconds() - from;
    curl_easy_getinfo(b->curl, CURLINFO_RESPONSE_CODE, &code);
    return rc == CURLE_OK && code == 200 ? taken : -1.0;
}

static void
serve(struct bench *b, const char *cookie)
{
    char listen[32];
    (void)snprintf(listen, sizeof(listen), "127.0.0.1:%d", PORT);
    int said[2];
    must(pipe(said) == 0 ? STATUS_OK : STATUS_E_IO, "pipe");
    b->server = fork();
    if (b->server == 0) {
        (void)dup2(said[1], STDERR_FILENO);
        execl(b->program, b->program, "serve", b->dir, "--listen", listen,
              (char *)NULL);
        _exit(127);
    }
    b->curl = curl_easy_init();
    curl_easy_setopt(b->curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(b->curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(b->curl, CURLOPT_COOKIE, cookie);
    curl_easy_setopt(b->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(b->curl, CURLOPT_WRITEDATA, b);
    /* Its first line says that it listens. */
    char line[256];
    (void)close(said[1]);
    must(read(said[0], line, sizeof(line)) > 0 ? STATUS_OK : STATUS_E_IO,
         b->program);
}

static long
pss_kib(const struct bench *b)
{
    char path[64];
    char line[256];
    long kib = 0;
    (void)snprintf(path, sizeof(path), "/proc/%ld/smaps_rollup",
                   (long)b->server);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof(line), f)) {
        if (strncmp(line, "Pss:", 4) == 0) {
            kib = strtol(line + 4, NULL, 10);
        }
    }
    if (f) {
        (void)fclose(f);
    }
    return kib;
}

static long
peak_kib(const struct bench *b)
{
    char path[64];
    char line[256];
    long kib = 0;
    (void)snprintf(path, sizeof(path), "/proc/%ld/status", (long)b->server);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof(line), f)) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            kib = strtol(line + 6, NULL, 10);
        }
    }
    if (f) {
        (void)fclose(f);
    }
    return kib;
}

/* Processor time the server has used, in seconds, by the kernel's ticks. */
static double
cpu_seconds(const struct bench *b)
{
    char path[64];
    char line[1024];
    double ticks = 0.0;
    (void)snprintf(path, sizeof(path), "/proc/%ld/stat", (long)b->server);
    FILE *f = fopen(path, "r");
    char *at = f && fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
    /* The name ends field 2; 14 and 15 are user and system time. */
    for (int field = 2; at && field < 16; field++) {
        ticks += field == 14 || field == 15 ? strtod(at, NULL) : 0.0;
        at = strchr(at, ' ');
        at += at ? 1 : 0;
    }
    if (f) {
        (void)fclose(f);
    }
    return ticks / (double)sysconf(_SC_CLK_TCK);
}

static void
ask(struct bench *b, const char *what, const char *path, size_t rows)
{
    double best = 1e9;
    int runs = rows > 100000 ? 1 : RUNS;
    double cpu = cpu_seconds(b);
    for (int i = 0; i < runs && best > 0; i++) {
        double s = get(b, path);
        best = s < best ? s : best;
    }
    if (best < 0) {
        (void)printf("  %-44s %12s\n", what, "FAILED");
        return;
    }
    cpu = (cpu_seconds(b) - cpu) / runs;
    (void)printf("  %-44s %9.1f ms %7.0f ms CPU %7zu KiB", what, best * 1000.0,
                 cpu * 1000.0, b->bytes / 1024);
    if (rows > 0) {
        (void)printf(" %8.0f rows/s", (double)rows / best);
    }
    (void)printf("   PSS %ld KiB\n", pss_kib(b));
}

static void
ask_wave(struct bench *b, const char *wave, size_t answers)
{
    static const struct {
        const char *what;
        const char *suffix;
        bool rows;
    } asked[] = {
        {"summary", "", false},
        {"cross-tabulation of 28 questions by two", "-groups", false},
        {"figures as CSV", ".csv", false},
        {"report as PDF", ".pdf", false},
        {"report as XLSX", ".xlsx", false},
        {"answers as CSV", "-answers.csv", true},
    };
    (void)printf("%zu answers\n", answers);
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "/summary/%s%s?lang=en", wave,
                       asked[i].suffix);
        ask(b, asked[i].what, path, asked[i].rows ? answers : 0);
    }
}

static void
clean_up(struct bench *b)
{
    static const char *const name[] = {
        "collector.db",   "collector.db-wal", "collector.db-shm",
        "people.db",      "people.db-wal",    "people.db-shm",
        "collector.keys", "tls.key",          "tls.crt"};
    char path[128];
    (void)kill(b->server, SIGTERM);
    (void)waitpid(b->server, NULL, 0);
    curl_easy_cleanup(b->curl);
    for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", b->dir, name[i]);
        (void)remove(path);
    }
    (void)snprintf(path, sizeof(path), "%s/preview", b->dir);
    (void)remove(path);
    (void)remove(b->dir);
}

int
main(int argc, char **argv)
{
    struct bench b = {.server = -1};
    struct home home;
    char cookie[256];
    long answers = argc > 1 ? strtol(argv[1], NULL, 10) : ANSWERS_DEFAULT;
    const char *build = getenv("ANKETA_BUILD");
    (void)snprintf(b.program, sizeof(b.program), "%s/bin/anketa-collector",
                   build ? build : "build/release");
    (void)snprintf(b.dir, sizeof(b.dir), "/tmp/anketa-bench-summary-%ld",
                   (long)getpid());
    log_set_level(LOG_ERROR);
    must(seal_init(), "crypto");
    must(home_create(b.dir, "Bench", "localhost"), "folder");
    must(home_open(b.dir, &home), "folder");
    must(home_store(&home, false, &b.store), "store");
    add_form(&b);
    add_wave(&b, "small", 1000);
    add_wave(&b, "rows", 11540);
    add_wave(&b, "large", (size_t)answers);
    sign_in(&b, cookie, sizeof(cookie));
    catalogue_give(b.catalogue, b.form);
    catalogue_free(b.catalogue);
    store_close(b.store);
    home_close(&home);

    serve(&b, cookie);
    (void)printf("A wave of 30 questions, two of them by groups; TLS, to the"
                 " last byte\n");
    ask(&b, "list of waves", "/?lang=en", 0);
    ask_wave(&b, "small", 1000);
    ask_wave(&b, "rows", 11540);
    ask_wave(&b, "large", (size_t)answers);
    (void)printf("  most memory of the server at any time: %ld KiB\n",
                 peak_kib(&b));
    clean_up(&b);
    return 0;
}
