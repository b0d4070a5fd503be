/*
 * Kiosk: the figures a person feels, taken at the real window.
 *
 * A form of 30 questions (20 scales of 1-10, 5 of one choice, 3 of several, a
 * ranking and a text, as in the peers' measurement) is answered by XTest
 * presses at the places tests/ui/touch_plan gives, while the pixels of a
 * virtual display are read as memory.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "bench/screen.h"
#include "bench/stat.h"
#include "harness/harness.h"
#include "store/library.h"
#include "wire/bundle.h"

#define WIDTH 1280
#define HEIGHT 800
#define STARTS 12
#define QUIET_MS 150.0
#define LIMIT_MS 5000.0
#define IDLE_SECONDS 60
#define FORM_ID "bench"
#define SCALES 20
#define SINGLES 5
#define MULTIPLES 3
#define CLICKS_MAX 400
/* Begins with a capital, as the keyboard does. */
#define TYPED "Большевстречисвоспитателями"
#define TYPED_LETTERS 27
#define WARM_SESSIONS 20
#define SESSIONS 1000

static char dir[HARNESS_PATH_MAX];
static char bin[HARNESS_PATH_MAX];

static void
must(bool ok, const char *what)
{
    if (!ok) {
        (void)fprintf(stderr, "bench_kiosk: %s\n", what);
        exit(1);
    }
}

/* --- a form and its script ------------------------------------------------ */

static void
put_model(struct buf *out)
{
    buf_puts(out, "<?xml version=\"1.0\"?><h:html "
                  "xmlns=\"http://www.w3.org/2002/xforms\" "
                  "xmlns:h=\"http://www.w3.org/1999/xhtml\" "
                  "xmlns:odk=\"http://www.opendatakit.org/xforms\">"
                  "<h:head><h:title>Скорость</h:title><model><instance>"
                  "<data id=\"" FORM_ID "\" version=\"1\">");
    for (int i = 1; i <= SCALES + SINGLES + MULTIPLES; i++) {
        buf_printf(out, "<q%d/>", i);
    }
    buf_puts(out, "<rank/><text/><meta><instanceID/></meta></data></instance>");
    for (int i = 1; i <= SCALES; i++) {
        buf_printf(out, "<bind nodeset=\"/data/q%d\" type=\"int\"/>", i);
    }
    buf_puts(out, "<bind nodeset=\"/data/rank\" type=\"odk:rank\"/>"
                  "</model></h:head><h:body>");
}

static void
put_items(struct buf *out)
{
    static const char *const label[] = {"Каждую неделю", "Два раза в месяц",
                                        "Раз в месяц", "Реже",
                                        "Пока не встречались"};
    for (int i = 0; i < 5; i++) {
        buf_printf(out, "<item><label>%s</label><value>c%d</value></item>",
                   label[i], i);
    }
}

static void
put_form(struct buf *out)
{
    put_model(out);
    for (int i = 1; i <= SCALES; i++) {
        buf_printf(out,
                   "<range ref=\"/data/q%d\" start=\"1\" end=\"10\" "
                   "step=\"1\"><label>Насколько полезны для вас встречи, "
                   "часть %d?</label><hint>1 — совсем не полезны, 10 — очень "
                   "полезны</hint></range>",
                   i, i);
    }
    for (int i = SCALES + 1; i <= SCALES + SINGLES + MULTIPLES; i++) {
        const char *element = i <= SCALES + SINGLES ? "select1" : "select";
        buf_printf(out,
                   "<%s ref=\"/data/q%d\"><label>Как часто вы встречались, "
                   "часть %d?</label>",
                   element, i, i);
        put_items(out);
        buf_printf(out, "</%s>", element);
    }
    buf_puts(out, "<odk:rank ref=\"/data/rank\"><label>Что важнее?</label>");
    put_items(out);
    buf_puts(out, "</odk:rank><input ref=\"/data/text\"><label>Что изменить?"
                  "</label></input></h:body></h:html>");
}

/* A setting press for each question, Next after each. */
static void
put_script(struct buf *out)
{
    buf_puts(out, "survey " FORM_ID "\n");
    for (int i = 1; i <= SCALES; i++) {
        buf_printf(out, "answer q%d %d\nnext\n", i, 1 + i % 10);
    }
    for (int i = SCALES + 1; i <= SCALES + SINGLES + MULTIPLES; i++) {
        buf_printf(out, "answer q%d c%d\nnext\n", i, i % 5);
    }
    buf_puts(out, "send\nfinish\n");
}

/* Up to the last question, which is written letter by letter. */
static void
put_typing(struct buf *out)
{
    buf_puts(out, "survey " FORM_ID "\nanswer text " TYPED "\n");
}

static void
install_library(bool motion)
{
    static struct buf xform;
    struct seal_sign_pair signer;
    struct seal_pair pair;
    struct buf message;
    char path[HARNESS_PATH_MAX + 16];
    must(seal_init() >= 0, "crypto");
    seal_sign_pair_new(&signer);
    seal_pair_new(&pair);
    buf_init(&xform, (size_t)1024 * 1024);
    put_form(&xform);
    struct bundle_survey survey = {FORM_ID, "1", "w1", RECORD_ANONYMOUS,
                                   5,       4,   false};
    struct bundle_setting calm = {"motion", "off"};
    struct bundle_form form = {FORM_ID, "1", xform.data, xform.len};
    const struct bundle bundle = {
        .serial = 1,
        .epoch = 1,
        .seal = pair.public_key,
        .survey = &survey,
        .survey_count = 1,
        .form = &form,
        .form_count = 1,
        .setting = &calm,
        .setting_count = motion ? 0 : 1,
    };
    buf_init(&message, BUNDLE_MAX_BYTES);
    must(bundle_encode(&bundle, &signer, &message) >= 0, "bundle");
    (void)snprintf(path, sizeof(path), "%s/library.db", dir);
    must(library_install(path, message.data, message.len, &signer.public_key)
             >= 0,
         "library");
    buf_deinit(&message);
    buf_deinit(&xform);
}

/* --- the kiosk ------------------------------------------------------------ */

static pid_t
kiosk_start(const struct screen *s, const char *survey)
{
    pid_t pid = fork();
    must(pid >= 0, "fork");
    if (pid == 0) {
        char program[HARNESS_PATH_MAX + 32];
        (void)snprintf(program, sizeof(program), "%s/anketa-kiosk", bin);
        (void)setenv("DISPLAY", screen_display(s), 1);
        (void)setenv("SDL_VIDEODRIVER", "x11", 1);
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(null, STDERR_FILENO);
        (void)execl(program, program, "--dir", dir, "--window", "1280x800",
                    "--lang", "ru", survey ? "--survey" : (char *)NULL, survey,
                    (char *)NULL);
        _exit(127);
    }
    return pid;
}

static void
kiosk_stop(pid_t pid)
{
    (void)kill(pid, SIGTERM);
    (void)waitpid(pid, NULL, 0);
}

/* A line "NAME: number" of a file in /proc/PID, summed over `count` files. */
static long
proc_number(const char *path, const char *name)
{
    FILE *f = fopen(path, "re");
    char line[256];
    long value = 0;
    while (f && fgets(line, sizeof(line), f)) {
        size_t len = strlen(name);
        if (strncmp(line, name, len) == 0 && line[len] == ':') {
            value = strtol(line + len + 1, NULL, 10);
        }
    }
    if (f) {
        (void)fclose(f);
    }
    return value;
}

static double
kiosk_pss_mib(pid_t pid)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
    return (double)proc_number(path, "Pss") / 1024.0;
}

/* Times any thread of the process gave up the processor to wait. */
static long
kiosk_wakeups(pid_t pid)
{
    char command[128];
    long sum = 0;
    for (int tid = (int)pid; tid < (int)pid + 64; tid++) {
        (void)snprintf(command, sizeof(command), "/proc/%d/task/%d/status",
                       (int)pid, tid);
        sum += proc_number(command, "voluntary_ctxt_switches");
    }
    return sum;
}

/* --- touches -------------------------------------------------------------- */

struct click {
    int x;
    int y;
};

static size_t
plan(const char *script_path, struct click *out)
{
    int ends[2];
    must(pipe(ends) == 0, "pipe");
    pid_t pid = fork();
    must(pid >= 0, "fork");
    if (pid == 0) {
        char program[HARNESS_PATH_MAX + 32];
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[0]);
        (void)snprintf(program, sizeof(program), "%s/touch_plan", bin);
        (void)execl(program, program, dir, "1280x800", "ru", script_path,
                    (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    FILE *f = fdopen(ends[0], "r");
    char line[128];
    size_t count = 0;
    while (f && fgets(line, sizeof(line), f) && count < CLICKS_MAX) {
        if (strncmp(line, "click ", 6) == 0) {
            char *at = line + 6;
            out[count].x = (int)strtol(at, &at, 10);
            out[count++].y = (int)strtol(at, NULL, 10);
        }
    }
    (void)fclose(f);
    int status = 0;
    (void)waitpid(pid, &status, 0);
    must(status == 0 && count > 10, "touch_plan gave no plan");
    return count;
}

struct session_stats {
    struct stat_sample press_first; /* press to first changed pixel */
    struct stat_sample press_last;  /* press to last, button held */
    struct stat_sample next_first;  /* release on Next to first changed pixel */
    struct stat_sample next;        /* release on Next to page painted */
};

static void
touch(struct screen *s, const struct click *at, struct screen_change *press,
      struct screen_change *release)
{
    screen_move(s, at->x, at->y);
    screen_mark(s);
    double down = screen_now_ms();
    screen_press(s);
    *press = screen_wait(s, QUIET_MS, 400);
    press->first_ms -= down;
    press->last_ms -= down;
    screen_mark(s);
    double up = screen_now_ms();
    screen_release(s);
    *release = screen_wait(s, QUIET_MS, 400);
    release->first_ms -= up;
    release->last_ms -= up;
}

static bool
journal_open(void)
{
    char path[HARNESS_PATH_MAX + 32];
    struct stat sb;
    (void)snprintf(path, sizeof(path), "%s/outbox.db-journal", dir);
    return stat(path, &sb) == 0 && sb.st_size > 0;
}

/* When the outbox was last written to. */
static struct timespec
outbox_time(void)
{
    char path[HARNESS_PATH_MAX + 32];
    struct stat sb;
    (void)snprintf(path, sizeof(path), "%s/outbox.db", dir);
    return stat(path, &sb) == 0 ? sb.st_mtim : (struct timespec){0};
}

/* From the release on Send until the outbox was written to and its journal is
 * empty again: that is the commit. */
static double
send_durable_ms(struct screen *s, const struct click *at)
{
    screen_move(s, at->x, at->y);
    screen_press(s);
    struct timespec before = outbox_time();
    double start = screen_now_ms();
    screen_release(s);
    for (;;) {
        struct timespec now = outbox_time();
        bool written =
            now.tv_sec != before.tv_sec || now.tv_nsec != before.tv_nsec;
        bool open = journal_open();
        double took = screen_now_ms() - start;
        if (written && !open) {
            return took;
        }
        must(took < LIMIT_MS, "Send wrote nothing");
    }
}

/*
 * One person. The plan ends with answer, Next, ..., answer, Next, (Next to the
 * check,) Send, finish: the last two are Send and the leave-taking, and from
 * the first answer on, odd presses answer and even ones go on.
 */
static void
session(struct screen *s, const struct click *clicks, size_t count,
        struct session_stats *stats, struct stat_sample *durable)
{
    const size_t answered = (size_t)(SCALES + SINGLES + MULTIPLES) * 2;
    must(count > answered + 2, "the plan is shorter than the form");
    struct screen_change press;
    struct screen_change release;
    size_t first = 0;
    while (count - first > answered + 5) {
        first++; /* whatever the start needs */
    }
    /* Before the first question: attract page and, perhaps, the catalogue. */
    size_t lead = 0;
    while (lead < count && lead < first && lead < 2) {
        touch(s, &clicks[lead++], &press, &release);
    }
    for (size_t i = lead; i + 2 < count; i++) {
        touch(s, &clicks[i], &press, &release);
        bool answers = (i - lead) % 2 == 0 && i - lead < answered;
        bool goes_on = (i - lead) % 2 == 1 && i - lead < answered;
        if (answers && press.seen) {
            stat_add(&stats->press_first, press.first_ms);
            stat_add(&stats->press_last, press.last_ms);
        }
        if (goes_on && release.seen) {
            stat_add(&stats->next_first, release.first_ms);
            stat_add(&stats->next, release.last_ms);
        }
    }
    stat_add(durable, send_durable_ms(s, &clicks[count - 2]));
    screen_mark(s);
    touch(s, &clicks[count - 1], &press, &release);
}

static void
measure_starts(struct screen *s, const char *survey, const char *what,
               const char *peer)
{
    struct stat_sample painted = {0};
    for (int i = 0; i < STARTS; i++) {
        screen_mark(s);
        double start = screen_now_ms();
        pid_t pid = kiosk_start(s, survey);
        struct screen_change change = screen_wait(s, 300, LIMIT_MS);
        must(change.seen, "the kiosk painted nothing");
        stat_add(&painted, change.last_ms - start);
        screen_mark(s);
        kiosk_stop(pid);
        (void)screen_wait(s, 100, 1000); /* the window is gone */
    }
    stat_print_row(what, &painted, "ms", peer);
}

/* One press of each place, as fast as the kiosk takes them. */
static void
rush(struct screen *s, const struct click *clicks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        screen_move(s, clicks[i].x, clicks[i].y);
        screen_press(s);
        screen_release(s);
    }
    screen_mark(s);
    (void)screen_wait(s, 60, 400);
}

/* With the page's motion or without: its settling is a change of pixels, too. */
static void
measure_session(struct screen *s, const struct click *clicks, size_t count,
                bool motion)
{
    struct session_stats stats = {0};
    struct stat_sample durable = {0};
    const char *how = motion ? "with motion" : "without motion";
    char what[96];
    screen_mark(s);
    pid_t pid = kiosk_start(s, NULL);
    (void)screen_wait(s, 300, LIMIT_MS);
    double pss_start = kiosk_pss_mib(pid);
    for (int i = 0; i < 3; i++) {
        session(s, clicks, count, &stats, &durable);
    }
    (void)snprintf(what, sizeof(what), "press to first changed pixel, %s", how);
    stat_print_row(what, &stats.press_first, "ms",
                   "goal 3; 16-19 Chromium; 1.2 bare SDL");
    (void)snprintf(what, sizeof(what), "press to last changed pixel, %s", how);
    stat_print_row(what, &stats.press_last, "ms",
                   motion ? "goal 120; 174-176 Chromium"
                          : "goal 3; 174-176 Chromium");
    (void)snprintf(what, sizeof(what), "Next to first changed pixel, %s", how);
    stat_print_row(what, &stats.next_first, "ms", "");
    (void)snprintf(what, sizeof(what), "Next to last changed pixel, %s", how);
    stat_print_row(what, &stats.next, "ms",
                   motion ? "the page settles in 100"
                          : "goal 5; 20-23 Chromium");
    stat_print_row("Send to durable", &durable, "ms", "");
    if (!motion) {
        stat_print_value("PSS after start", pss_start, "MiB", "12.4 bare SDL");
        stat_print_value("PSS after three persons", kiosk_pss_mib(pid), "MiB",
                         "goal 28; 396-410 Chromium");
    }
    kiosk_stop(pid);
    (void)screen_wait(s, 300, 1000);
}

static void
measure_typing(struct screen *s, const struct click *clicks, size_t count)
{
    struct stat_sample touched = {0};
    struct stat_sample typed = {0};
    struct screen_change press;
    struct screen_change release;
    screen_mark(s);
    pid_t pid = kiosk_start(s, NULL);
    (void)screen_wait(s, 300, LIMIT_MS);
    /* The last presses are the field, the letters, and Done. */
    size_t letters = count - TYPED_LETTERS - 1;
    rush(s, clicks, letters);
    for (size_t i = letters; i + 1 < count; i++) {
        touch(s, &clicks[i], &press, &release);
        if (release.seen) {
            stat_add(&touched, release.last_ms);
        }
    }
    for (int i = 0; i < TYPED_LETTERS; i++) {
        const char name[] = {(char)('a' + i % 26), '\0'};
        screen_mark(s);
        double down = screen_now_ms();
        screen_key(s, name);
        struct screen_change change = screen_wait(s, 40, 400);
        if (change.seen) {
            stat_add(&typed, change.last_ms - down);
        }
    }
    stat_print_row("a letter on the screen's keyboard", &touched, "ms",
                   "goal 3");
    stat_print_row("a letter on a real keyboard", &typed, "ms", "goal 3");
    stat_print_value("PSS, every question and both scripts seen",
                     kiosk_pss_mib(pid), "MiB", "goal 28; 396-410 Chromium");
    kiosk_stop(pid);
    (void)screen_wait(s, 300, 1000);
}

/* Whether anything is kept of a thousand people, or moves when they left. */
static void
measure_stay(struct screen *s, const struct click *clicks, size_t count)
{
    screen_mark(s);
    pid_t pid = kiosk_start(s, NULL);
    (void)screen_wait(s, 300, LIMIT_MS);
    double warm = 0;
    for (int i = 0; i < SESSIONS; i++) {
        rush(s, clicks, count);
        if (i + 1 == WARM_SESSIONS) {
            warm = kiosk_pss_mib(pid);
        }
    }
    (void)screen_wait(s, 11000, 12000); /* any thank-you page has gone */
    double late = kiosk_pss_mib(pid);
    stat_print_value("PSS after 20 persons", warm, "MiB", "goal 28");
    stat_print_value("PSS after 1000 persons", late, "MiB", "goal 28");
    stat_print_value("PSS after 1000 less after 20", late - warm, "MiB",
                     "goal -1 to 1");
    long before = kiosk_wakeups(pid);
    screen_mark(s);
    (void)poll(NULL, 0, IDLE_SECONDS * 1000); /* the measured minute */
    long after = kiosk_wakeups(pid);
    stat_print_value("wake-ups in an idle minute", (double)(after - before), "",
                     "goal 0");
    kiosk_stop(pid);
}

/* A file with the script, and the places it touches. */
static size_t
plan_script(void (*put)(struct buf *out), struct click *out)
{
    char path[HARNESS_PATH_MAX + 16];
    struct buf script;
    (void)snprintf(path, sizeof(path), "%s/script", dir);
    buf_init(&script, 65536);
    put(&script);
    FILE *f = fopen(path, "we");
    must(f && fputs(script.data, f) >= 0 && fclose(f) == 0, "script");
    buf_deinit(&script);
    return plan(path, out);
}

int
main(void)
{
    const char *build = getenv("ANKETA_BUILD");
    must(build != NULL, "ANKETA_BUILD is not set");
    (void)snprintf(bin, sizeof(bin), "%s/bin", build);
    harness_temp_dir(dir);
    install_library(false);
    static struct click clicks[CLICKS_MAX];
    static struct click typing[CLICKS_MAX];
    size_t count = plan_script(put_script, clicks);
    size_t typed = plan_script(put_typing, typing);

    struct screen *s = screen_start(WIDTH, HEIGHT);
    double load = 0;
    if (getloadavg(&load, 1) == 1 && load > 2.0) {
        (void)printf(
            "load average %.1f: the machine is busy, so times are too long\n",
            load);
    }
    stat_print_head("kiosk, 1280x800, 30 questions");
    measure_starts(s, NULL, "exec to attract page painted", "goal 70");
    measure_starts(s, FORM_ID, "exec to first question painted",
                   "goal 80; 683-960 Chromium; 41 bare SDL");
    measure_session(s, clicks, count, false);
    measure_typing(s, typing, typed);
    measure_stay(s, clicks, count);
    harness_remove_tree(dir);
    harness_temp_dir(dir);
    install_library(true);
    measure_session(s, clicks, count, true);
    screen_stop(s);
    harness_remove_tree(dir);
    return 0;
}
