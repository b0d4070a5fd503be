/*
 * What the desk's pages and files cost, over the real server and TLS: a wave of
 * 30 questions of every kind (1-10 and 0-10, likert, choices, an order, numbers,
 * a date, texts, two groups, two scales of items), answered a thousand times and
 * a million times. Times are to the last byte, the best of several, and the
 * server's processor time, the mean of them; memory is the server's own.
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

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "collector/home.h"
#include "collector/ingest/answers.h"
#include "collector/web/publish.h"
#include "collector/web/visit.h"
#include "xlsform/xlsform.h"

#define ANSWERS_DEFAULT 1000000
#define RUNS 25
#define SCALES 10
#define LIKERT 8
#define CHOICES 2
#define TALLIES_MAX ((size_t)1 << 20)
#define PORTS_FROM 18000 /* several benchmarks may run at once */
#define PORTS 2000
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
    int port;
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

/* Every kind of question the summary has a picture for, 30 in all. */
static void
write_survey(struct buf *out)
{
    buf_puts(out,
             "survey\n,type,name,label,appearance,parameters,anketa_indicator,"
             "anketa_scale\n"
             ",select_one role,role,Who are you?,,,group,\n"
             ",select_one years,years,How long?,,,group,\n");
    for (int i = 0; i < SCALES; i++) {
        buf_printf(out,
                   ",range,scale%d,How far do you agree with item %d?,,"
                   "start=1 end=10 step=1,quality,%s\n",
                   i, i, i < 4 ? "climate" : "");
    }
    for (int i = 0; i < LIKERT; i++) {
        buf_printf(out,
                   ",select_one degree,likert%d,Statement %d,likert,,glad,%s\n",
                   i, i, i < 5 ? "support" : "");
    }
    for (int i = 0; i < CHOICES; i++) {
        buf_printf(out,
                   ",select_one reply,choice%d,Choice number %d?,,,glad,\n", i,
                   i);
    }
    buf_puts(out, ",range,recommend,Would you recommend us?,,"
                  "start=0 end=10 step=1,quality,\n"
                  ",select_multiple what,what,What did you do?,,,,\n"
                  ",select_multiple what,wish,What would you do more?,,,,\n"
                  ",rank what,order,What comes first?,,,,\n"
                  ",integer,meetings,How many meetings were there?,,,,\n"
                  ",decimal,hours,How many hours did they take?,,,,\n"
                  ",date,began,Since when?,,,,\n"
                  ",text,change,What has changed?,multiline,,,\n"
                  "choices\n,list_name,name,label\n,role,mentor,Mentor\n"
                  ",role,mentee,Mentee\n,role,other,Other\n"
                  ",years,few,Up to three\n,years,many,More\n"
                  ",degree,d1,Not at all\n,degree,d2,Rather not\n"
                  ",degree,d3,So so\n,degree,d4,Rather\n,degree,d5,Fully\n"
                  ",degree,hard,Hard to say\n"
                  ",reply,yes,Yes\n,reply,rather,Rather\n,reply,no,No\n"
                  ",reply,hard,Hard to say\n"
                  ",what,talk,Talked\n,what,visit,Visited lessons\n"
                  ",what,plan,Planned\n,what,write,Wrote papers\n"
                  ",what,parents,Met parents\n"
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

/* One block of random answers, counted by what counts those of kiosks. */
struct block {
    struct arena arena;
    const char **cell;
    struct store_tally *tally; /* in the order of their field, kind and item */
    size_t tallies;
    size_t rows;
};

static uint32_t
chance(uint32_t *state, uint32_t below)
{
    *state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
    return (*state >> 8) % below;
}

static void
element(struct buf *xml, const char *name, const char *value)
{
    buf_printf(xml, "<%s>%s</%s>", name, value, name);
}

/* One in twenty is left out. */
static void
numbered(struct buf *xml, uint32_t *state, const char *stem, int count,
         const char *const *options, uint32_t option_count)
{
    for (int i = 0; i < count; i++) {
        char name[32];
        bool none = chance(state, 20) == 0;
        (void)snprintf(name, sizeof(name), "%s%d", stem, i);
        element(xml, name, none ? "" : options[chance(state, option_count)]);
    }
}

static void
write_answer(struct buf *xml, uint32_t *state, size_t number)
{
    static const char *const role[] = {"mentor", "mentee", "other"};
    static const char *const years[] = {"few", "many"};
    static const char *const ten[] = {"1", "2", "3", "4", "5",
                                      "6", "7", "8", "9", "10"};
    static const char *const degree[] = {"d1", "d2", "d3", "d4", "d5", "hard"};
    static const char *const reply[] = {"yes", "rather", "no", "hard"};
    static const char *const what[] = {"talk visit", "plan", "write parents",
                                       "talk plan parents"};
    static const char *const order[] = {
        "talk visit plan write parents", "parents plan talk write visit",
        "visit write plan talk parents", "plan parents visit talk write"};
    buf_clear(xml);
    buf_puts(xml, "<data id=\"thirty\" version=\"1\">");
    element(xml, "role", role[chance(state, 3)]);
    element(xml, "years", years[chance(state, 2)]);
    numbered(xml, state, "scale", SCALES, ten, 10);
    numbered(xml, state, "likert", LIKERT, degree, 6);
    numbered(xml, state, "choice", CHOICES, reply, 4);
    element(xml, "recommend", ten[chance(state, 10)]);
    element(xml, "what", what[chance(state, 4)]);
    element(xml, "wish", what[chance(state, 4)]);
    element(xml, "order", order[chance(state, 4)]);
    buf_printf(xml, "<meetings>%u</meetings><hours>%u.5</hours>",
               chance(state, 40), chance(state, 90));
    buf_printf(xml, "<began>2027-%02u-%02u</began>", 1 + chance(state, 12),
               1 + chance(state, 28));
    buf_printf(xml, "<change>It was person %zu who wrote this.</change>",
               number);
    buf_puts(xml, "<meta><instanceID>uuid:0</instanceID></meta></data>");
}

static int
tally_order(const void *a, const void *b)
{
    const struct store_tally *x = a;
    const struct store_tally *y = b;
    if (x->field != y->field) {
        return x->field < y->field ? -1 : 1;
    }
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    return x->item < y->item ? -1 : x->item > y->item;
}

/* Sort and join; tallies of many people at once are only so many. */
static void
join_tallies(struct block *k)
{
    size_t to = 0;
    qsort(k->tally, k->tallies, sizeof(*k->tally), tally_order);
    for (size_t i = 0; i < k->tallies; i++) {
        if (to > 0 && tally_order(&k->tally[to - 1], &k->tally[i]) == 0) {
            k->tally[to - 1].n += k->tally[i].n;
        } else {
            k->tally[to++] = k->tally[i];
        }
    }
    k->tallies = to;
}

static void
make_block(const struct bench *b, struct block *k, size_t rows)
{
    size_t fields = b->form->field_count;
    size_t room = TALLIES_MAX;
    uint32_t state = 7;
    struct buf xml;
    buf_init(&xml, FORM_XML_MAX_BYTES);
    arena_init(&k->arena, (size_t)256 << 20);
    k->rows = rows;
    k->cell = calloc(rows * fields, sizeof(*k->cell));
    k->tally = calloc(room, sizeof(*k->tally));
    must(k->cell && k->tally ? STATUS_OK : STATUS_E_NOMEM, "block");
    for (size_t i = 0; i < rows; i++) {
        struct answers a;
        write_answer(&xml, &state, i);
        must(answers_parse(b->form, xml.data, xml.len, true, &k->arena, NULL,
                           &a),
             xml.data);
        memcpy(k->cell + i * fields, a.cell, fields * sizeof(*a.cell));
        if (k->tallies + a.tally_count > room) {
            join_tallies(k);
        }
        must(k->tallies + a.tally_count <= room ? STATUS_OK : STATUS_E_LIMIT,
             "tallies");
        memcpy(k->tally + k->tallies, a.tally,
               a.tally_count * sizeof(*a.tally));
        k->tallies += a.tally_count;
    }
    join_tallies(k);
    buf_deinit(&xml);
}

static void
drop_block(struct block *k)
{
    free(k->cell);
    free(k->tally);
    arena_deinit(&k->arena);
    *k = (struct block){0};
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
            if (k.rows > 0) {
                drop_block(&k);
            }
            make_block(b, &k, answers - done < block ? answers - done : block);
        }
        const struct store_rows rows = {k.cell, k.rows, b->form->field_count};
        must(store_begin(b->store), "begin");
        must(store_answers_add(b->store, id, &rows), "rows");
        must(store_tally_add(b->store, id, k.tally, k.tallies), "tally");
        must(store_commit(b->store), "commit");
    }
    drop_block(&k);
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
    (void)snprintf(url, sizeof(url), "https://127.0.0.1:%d%s", b->port, path);
    curl_easy_setopt(b->curl, CURLOPT_URL, url);
    b->bytes = 0;
    double from = seconds();
    CURLcode rc = curl_easy_perform(b->curl);
    double taken = seconds() - from;
    curl_easy_getinfo(b->curl, CURLINFO_RESPONSE_CODE, &code);
    if (rc != CURLE_OK || code != 200) {
        (void)fprintf(stderr, "%s: %ld, %s\n", path, code,
                      curl_easy_strerror(rc));
    }
    return rc == CURLE_OK && code == 200 ? taken : -1.0;
}

static void
serve(struct bench *b, const char *cookie)
{
    char listen[32];
    (void)snprintf(listen, sizeof(listen), "127.0.0.1:%d", b->port);
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

/* Processor time the server has used: unlike what the clock says it does not
 * depend on who else is at work on the machine. */
static double
cpu_seconds(const struct bench *b)
{
    clockid_t clock = 0;
    struct timespec t = {0};
    if (clock_getcpuclockid(b->server, &clock) == 0) {
        (void)clock_gettime(clock, &t);
    }
    return (double)t.tv_sec + (double)t.tv_nsec / NS_PER_S;
}

struct asked {
    const char *what;
    const char *suffix; /* of the wave's address */
    double goal_ms;     /* 0: none, or by rows */
    double goal_rate;   /* rows a second; 1: none but once; 0: none */
};

/* Milliseconds of processor time; negative: failed. */
static double
ask(struct bench *b, const struct asked *a, const char *path, size_t rows)
{
    double best = 1e9;
    int runs = rows > 100000 && a->goal_rate > 0.0 ? 1 : RUNS;
    double cpu = cpu_seconds(b);
    for (int i = 0; i < runs && best > 0; i++) {
        double s = get(b, path);
        best = s < best ? s : best;
    }
    if (best < 0) {
        (void)printf("  %-40s FAILED\n", a->what);
        return -1.0;
    }
    cpu = (cpu_seconds(b) - cpu) / runs;
    (void)printf("  %-40s %9.1f ms %9.1f ms %7zu KiB %6.1f MiB", a->what,
                 best * 1000.0, cpu * 1000.0, b->bytes / 1024,
                 (double)pss_kib(b) / 1024.0);
    if (a->goal_rate > 0.0 && rows > 100000) {
        (void)printf("   %.0f rows/s, %.0f of processor", (double)rows / best,
                     (double)rows / cpu);
        if (a->goal_rate > 1.0) {
            (void)printf(", goal %.0f", a->goal_rate);
        }
    } else if (a->goal_ms > 0.0) {
        (void)printf("   goal %.0f ms", a->goal_ms);
    }
    (void)printf("\n");
    return cpu * 1000.0;
}

/* Returns what the summary costs. */
static double
ask_wave(struct bench *b, const char *wave, size_t answers)
{
    static const struct asked asked[] = {
        {"summary", "", 50.0, 0.0},
        {"cross-tabulation by two groups", "-groups", 500.0, 0.0},
        {"figures as CSV", ".csv", 40.0, 0.0},
        {"report as PDF", ".pdf", 300.0, 0.0},
        {"report as XLSX", ".xlsx", 0.0, 0.0},
        {"answers as CSV", "-answers.csv", 40.0, 500000.0},
        {"answers as SPSS", "-answers.sav", 0.0, 1.0},
        {"answers as XLSX", "-answers.xlsx", 0.0, 1.0},
        {"answers as data package", "-answers.zip", 0.0, 1.0},
    };
    double summary = 0.0;
    (void)printf("%-42s %12s %12s %11s %10s\n", wave, "last byte", "processor",
                 "bytes", "PSS");
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "/summary/%s%s?lang=en", wave,
                       asked[i].suffix);
        double cost = ask(b, &asked[i], path, answers);
        summary = i == 0 ? cost : summary;
    }
    return summary;
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
    struct bench b = {.server = -1,
                      .port = PORTS_FROM + (int)(getpid() % PORTS)};
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
    char name[32];
    (void)snprintf(name, sizeof(name), "%ld", answers);
    add_wave(&b, "1000", 1000);
    add_wave(&b, "11540", 11540);
    add_wave(&b, name, (size_t)answers);
    sign_in(&b, cookie, sizeof(cookie));
    catalogue_give(b.catalogue, b.form);
    catalogue_free(b.catalogue);
    store_close(b.store);
    home_close(&home);

    serve(&b, cookie);
    (void)printf("A wave of 30 questions of every kind, two of them groups;"
                 " best of %d, TLS\n",
                 RUNS);
    double small = ask_wave(&b, "1000", 1000);
    (void)ask_wave(&b, "11540", 11540);
    double large = ask_wave(&b, name, (size_t)answers);
    (void)printf("summary of %ld answers to that of 1000, processor: %+.0f %%,"
                 " goal at most 20 %%\n"
                 "most PSS seen is above, goal 60 MiB; most resident at any"
                 " time: %.1f MiB\n",
                 answers, 100.0 * (large / small - 1.0),
                 (double)peak_kib(&b) / 1024.0);
    clean_up(&b);
    return 0;
}
