/*
 * What it costs to keep an answer: Send to durable beside one fdatasync of the
 * same disk in the same run, bytes at rest and on the wire, and a backlog of a
 * year going through the outbox.
 *
 * Usage: custody [FOLDER [BACKLOG]]; FOLDER on the disk to be measured. The
 * backlog is made in memory (/dev/shm), where nobody waits for the disk.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "seal/record.h"
#include "store/outbox.h"
#include "wire/batch.h"
#include "wire/receipt.h"

#define ROUNDS 400
#define QUESTIONS 30
#define BACKLOG 200000
#define STEP 2048
#define PATH_BYTES 4096
#define MEMORY_DISK "/dev/shm"

static double
now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void
print_row(const char *what, double *us)
{
    qsort(us, ROUNDS, sizeof(us[0]), compare);
    printf("%-44s %10.0f %10.0f %10.0f\n", what, us[ROUNDS / 2],
           us[ROUNDS * 95 / 100], us[ROUNDS - 1]);
}

static void
need(int good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "custody: %s failed\n", what);
        exit(1);
    }
}

/* -- a questionnaire of thirty ------------------------------------------------ */

struct sample {
    struct buf blank;
    struct buf xml;
    struct buf json;
};

static void
sample_make(struct sample *s)
{
    buf_init(&s->blank, (size_t)64 * 1024);
    buf_init(&s->xml, (size_t)64 * 1024);
    buf_init(&s->json, (size_t)64 * 1024);
    static const char head[] =
        "<data xmlns:jr=\"http://openrosa.org/javarosa\" "
        "xmlns:orx=\"http://openrosa.org/xforms\" id=\"interim_mentee\" "
        "version=\"2026112301\">";
    buf_puts(&s->blank, head);
    buf_puts(&s->xml, head);
    buf_puts(&s->json, "{\"form\":\"interim_mentee\",\"version\":"
                       "\"2026112301\",\"answers\":{");
    for (int i = 0; i < QUESTIONS; i++) {
        unsigned value = 1 + random_below(10);
        buf_printf(&s->blank, "<question_%02d/>", i);
        buf_printf(&s->xml, "<question_%02d>%u</question_%02d>", i, value, i);
        buf_printf(&s->json, "%s\"question_%02d\":%u", i ? "," : "", i, value);
    }
    static const char comment[] =
        "Хотелось бы чаще встречаться с наставником: раз в неделю мало.";
    buf_printf(&s->xml, "<comment>%s</comment>", comment);
    buf_printf(&s->json, ",\"comment\":\"%s\"", comment);
    buf_puts(&s->blank, "<comment/>");
    static const char meta[] = "<orx:meta><orx:instanceID>uuid:%s"
                               "</orx:instanceID></orx:meta></data>";
    char uuid[RANDOM_UUID_CHARS + 1];
    random_uuid(uuid);
    buf_printf(&s->xml, meta, uuid);
    buf_printf(&s->blank, meta, "00000000-0000-0000-0000-000000000000");
    buf_printf(&s->json, "},\"id\":\"%s\"}", uuid);
}

/* -- measurements ------------------------------------------------------------ */

/* One page of a file of the same disk, written over and synced: what Send is
 * measured by, in the same round, so that both meet the same disk. */
static double
probe_us(int fd)
{
    static char page[4096];
    double start = now_us();
    page[0]++;
    need(pwrite(fd, page, sizeof(page), 0) == (ssize_t)sizeof(page), "write");
    need(fdatasync(fd) == 0, "fdatasync");
    return now_us() - start;
}

static int
probe_open(const char *dir)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/sync-probe", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    need(fd >= 0, "probe file");
    unlink(path);
    (void)probe_us(fd);
    need(fsync(fd) == 0, "fsync");
    return fd;
}

static void
measure_send(const char *dir, const struct sample *s)
{
    static double sync_us[ROUNDS];
    int probe = probe_open(dir);
    static double us[ROUNDS];
    static double tidy_us[ROUNDS];
    static double seal_us[ROUNDS];
    char path[PATH_BYTES];
    struct outbox *ob = NULL;
    struct record_press *press = NULL;
    struct seal_pair pair;
    struct seal_hash tag = {{1}};
    struct buf box;
    const struct record_head head = {.form_id = "interim_mentee",
                                     .form_version = "2026112301",
                                     .wave = "w1",
                                     .code = ""};
    const struct record_draft draft = {
        &head, s->xml.data, s->xml.len, {s->blank.data, s->blank.len}};
    seal_pair_new(&pair);
    buf_init(&box, (size_t)1 << 20);
    need(record_press_new(&press) == STATUS_OK, "press");
    (void)snprintf(path, sizeof(path), "%s/send.db", dir);
    need(outbox_open(path, &ob) == STATUS_OK, "outbox");
    for (int i = 0; i < ROUNDS; i++) {
        buf_clear(&box);
        /* While the respondent reads the first question. */
        need(record_press_prepare(press, &pair.public_key) == STATUS_OK,
             "prepare");
        need(outbox_prepare(ob) == STATUS_OK, "prepare the outbox");
        sync_us[i] = probe_us(probe);
        double start = now_us();
        need(record_press_close(press, &pair.public_key, &draft, &box)
                 == STATUS_OK,
             "seal");
        seal_us[i] = now_us() - start;
        need(outbox_put(ob, &tag, box.data, box.len) == STATUS_OK, "put");
        us[i] = now_us() - start;
        /* While the thanks are shown. */
        need(outbox_tidy(ob) == STATUS_OK, "tidy");
        tidy_us[i] = now_us() - start - us[i];
    }
    print_row("one page written over, fdatasync", sync_us);
    print_row("  pack, pad and seal thirty answers", seal_us);
    print_row("Send to durable", us);
    double durable = us[ROUNDS / 2];
    for (int i = 0; i < ROUNDS; i++) {
        struct seal_hash slip;
        random_bytes(slip.bytes, sizeof(slip.bytes));
        random_bytes(box.data, box.len);
        double start = now_us();
        need(outbox_put_slip(ob, &tag, &slip, box.data, box.len) == STATUS_OK,
             "put with a slip");
        us[i] = now_us() - start;
        need(outbox_tidy(ob) == STATUS_OK, "tidy");
    }
    print_row("  a sealed answer and its slip to durable", us);
    print_row("  afterwards: to its place, log wiped", tidy_us);
    printf("Send to durable is %.2f times one fdatasync\n",
           durable / sync_us[ROUNDS / 2]);
    (void)close(probe);
    outbox_close(ob);
    record_press_free(press);
    buf_deinit(&box);
}

static void
measure_wire(const struct sample *s)
{
    static uint8_t box[512];
    static struct batch_record record[64];
    struct receipt_item item[64] = {{{{0}}, RECEIPT_ACCEPTED}};
    struct batch batch = {.epoch = 1, .record = record, .count = 64};
    struct receipt receipt = {.epoch = 1, .position = 9, .item = item};
    struct seal_sign_pair sign;
    struct buf out;
    struct buf back;
    seal_sign_pair_new(&sign);
    buf_init(&out, BATCH_MAX_BYTES);
    buf_init(&back, RECEIPT_MAX_BYTES);
    for (size_t i = 0; i < 64; i++) {
        record[i] = (struct batch_record){box, sizeof(box)};
    }
    receipt.count = 64;
    need(batch_encode(&batch, &sign, &out) == STATUS_OK, "batch");
    need(receipt_encode(&receipt, &sign, &back) == STATUS_OK, "receipt");
    printf("\n%-44s %10s\n", "bytes of one answer (30 questions, a comment)",
           "bytes");
    printf("%-44s %10zu\n", "submission XML", s->xml.len);
    printf("%-44s %10zu\n", "the same as JSON", s->json.len);
    printf("%-44s %10.1f\n", "ours, sealed and padded, in a batch of 64",
           (double)out.len / 64);
    printf("%-44s %10.1f\n", "its share of the receipt", (double)back.len / 64);
    buf_deinit(&out);
    buf_deinit(&back);
}

static size_t
pss_kib(void)
{
    char line[256];
    size_t kib = 0;
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    while (f && fgets(line, sizeof(line), f)) {
        if (strncmp(line, "Pss:", 4) == 0) {
            kib = strtoul(line + 4, NULL, 10);
        }
    }
    if (f) {
        (void)fclose(f);
    }
    return kib;
}

/* Scan, read and free it all in steps, as the daemon does. */
static void
measure_backlog(const char *dir, size_t backlog)
{
    char path[PATH_BYTES];
    struct outbox *ob = NULL;
    struct seal_hash tag = {{1}};
    static struct outbox_verdict verdict[STEP];
    uint8_t box[512];
    struct buf bytes;
    size_t largest = 0;
    size_t done = 0;
    (void)snprintf(path, sizeof(path), "%s/backlog.db", dir);
    need(outbox_open(path, &ob) == STATUS_OK, "outbox");
    double start = now_us();
    for (size_t i = 0; i < backlog; i++) {
        random_bytes(box, sizeof(box));
        need(outbox_put(ob, &tag, box, sizeof(box)) == STATUS_OK, "put");
        if (i % 8000 == 7999) {
            need(outbox_reserve(ob) == STATUS_OK, "reserve");
        }
    }
    double put_us = now_us() - start;
    outbox_close(ob);

    need(outbox_open(path, &ob) == STATUS_OK, "outbox");
    buf_init(&bytes, (size_t)STEP * 512);
    start = now_us();
    need(outbox_scan(ob) == STATUS_OK, "scan");
    double scan_us = now_us() - start;
    while (outbox_record_count(ob) > 0) {
        size_t n =
            outbox_record_count(ob) < STEP ? outbox_record_count(ob) : STEP;
        buf_clear(&bytes);
        for (size_t i = 0; i < n; i++) {
            struct outbox_record r;
            outbox_record(ob, i, &r);
            need(outbox_read(ob, i, &bytes) == STATUS_OK, "read");
            verdict[i] =
                (struct outbox_verdict){.id = r.id, .state = SLOT_FREE};
        }
        largest = pss_kib() > largest ? pss_kib() : largest;
        need(outbox_settle(ob, verdict, n) == STATUS_OK, "settle");
        done += n;
    }
    double all_us = now_us() - start;
    need(done == backlog, "counting");
    printf("\n%zu records: put in %.1f s; scanned in %.2f s; read and "
           "overwritten in %.1f s; PSS at most %.1f MiB\n",
           backlog, put_us / 1e6, scan_us / 1e6, all_us / 1e6,
           (double)largest / 1024);
    outbox_close(ob);
    buf_deinit(&bytes);
}

static void
remove_files(const char *dir)
{
    static const char *const names[] = {"send.db", "send.key", "backlog.db",
                                        "backlog.key"};
    char path[PATH_BYTES];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
}

int
main(int argc, char **argv)
{
    /* In the build folder: on the disk that is measured, not in memory. */
    char own[PATH_BYTES / 2];
    const char *build = getenv("ANKETA_BUILD");
    (void)snprintf(own, sizeof(own), "%s/anketa-bench-XXXXXX",
                   build ? build : ".");
    const char *dir = argc > 1 ? argv[1] : mkdtemp(own);
    size_t backlog = argc > 2 ? strtoul(argv[2], NULL, 10) : BACKLOG;
    struct sample sample;
    need(dir != NULL && seal_init() == STATUS_OK, "set-up");
    sample_make(&sample);
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%-44s %10s %10s %10s\n", "microseconds, 400 rounds", "median",
           "95 %", "most");
    measure_send(dir, &sample);
    measure_wire(&sample);
    remove_files(dir);
    measure_backlog(MEMORY_DISK, backlog);
    remove_files(MEMORY_DISK);
    if (argc < 2) {
        rmdir(own);
    }
    buf_deinit(&sample.blank);
    buf_deinit(&sample.xml);
    buf_deinit(&sample.json);
    return 0;
}
