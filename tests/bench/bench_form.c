/*
 * The form engine on large forms: time to load (parse, link, first filling) and
 * to change one answer, with the peak memory of the process. Every row runs in
 * a process of its own; times are medians of its processor time, which on one
 * thread without waiting is what passes on an idle machine. The forms are made
 * here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "form/filling.h"

#define FORM_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define LOADS 5
#define SETS 201
#define GROUP 10

static double
now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double
median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), by_value);
    return values[count / 2];
}

static void
require(bool held, const char *what)
{
    if (!held) {
        (void)fprintf(stderr, "bench_form: %s failed\n", what);
        _exit(1);
    }
}

/* ------------------------------------------------------------------ forms */

struct xml {
    struct buf model; /* itext */
    struct buf instance;
    struct buf secondary;
    struct buf binds;
    struct buf body;
    struct buf csv;
};

static void
xml_init(struct xml *x)
{
    buf_init(&x->model, FORM_MAX_BYTES);
    buf_init(&x->instance, FORM_MAX_BYTES);
    buf_init(&x->secondary, FORM_MAX_BYTES);
    buf_init(&x->binds, FORM_MAX_BYTES);
    buf_init(&x->body, FORM_MAX_BYTES);
    buf_init(&x->csv, FORM_MAX_BYTES);
}

static void
xml_join(struct xml *x, struct buf *out)
{
    buf_init(out, FORM_MAX_BYTES);
    buf_puts(out, "<?xml version=\"1.0\"?><h:html "
                  "xmlns=\"http://www.w3.org/2002/xforms\" "
                  "xmlns:h=\"http://www.w3.org/1999/xhtml\" "
                  "xmlns:jr=\"http://openrosa.org/javarosa\"><h:head>"
                  "<h:title>Bench</h:title><model>");
    if (x->model.len > 0) {
        buf_puts(out, "<itext><translation lang=\"ru\" default=\"true()\">");
        buf_put(out, x->model.data, x->model.len);
        buf_puts(out, "</translation></itext>");
    }
    buf_puts(out, "<instance><data id=\"bench\" version=\"1\">");
    buf_put(out, x->instance.data, x->instance.len);
    buf_puts(out, "</data></instance>");
    buf_put(out, x->secondary.data, x->secondary.len);
    buf_put(out, x->binds.data, x->binds.len);
    buf_puts(out, "</model></h:head><h:body>");
    buf_put(out, x->body.data, x->body.len);
    buf_puts(out, "</h:body></h:html>");
    require(buf_status(out) == STATUS_OK, "making the form");
    buf_deinit(&x->model);
    buf_deinit(&x->instance);
    buf_deinit(&x->secondary);
    buf_deinit(&x->binds);
    buf_deinit(&x->body);
}

static void
question(struct xml *x, const char *path, int n)
{
    buf_printf(&x->model,
               "<text id=\"%s%d:label\"><value>Question %d: how far do you "
               "agree?</value></text>",
               path, n, n);
    buf_printf(&x->body,
               "<input ref=\"%s%d\"><label "
               "ref=\"jr:itext('%s%d:label')\"/></input>",
               path, n, path, n);
}

/* Groups of ten integers, each with its sum; a question in two depends on the
 * one before, and a sum of sums in every tenth group. */
static void
make_groups(struct xml *x, int questions)
{
    for (int g = 0; g < questions / GROUP; g++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "/data/g%d/q", g);
        buf_printf(&x->instance, "<g%d>", g);
        buf_printf(&x->body, "<group ref=\"/data/g%d\"><label>Part %d</label>",
                   g, g);
        for (int q = 0; q < GROUP; q++) {
            buf_printf(&x->instance, "<q%d/>", q);
            buf_printf(&x->binds,
                       "<bind nodeset=\"/data/g%d/q%d\" type=\"int\" "
                       "constraint=\". &gt;= 0 and . &lt;= 10\"",
                       g, q);
            if (q % 2 == 1) {
                buf_printf(&x->binds, " relevant=\" /data/g%d/q%d  != ''\"", g,
                           q - 1);
            }
            buf_puts(&x->binds, "/>");
            question(x, path, q);
        }
        buf_printf(&x->instance, "<sum/></g%d>", g);
        buf_printf(&x->binds,
                   "<bind nodeset=\"/data/g%d/sum\" type=\"string\" "
                   "calculate=\"",
                   g);
        for (int q = 0; q < GROUP; q++) {
            buf_printf(&x->binds, "%scoalesce( /data/g%d/q%d , 0)",
                       q ? " + " : "", g, q);
        }
        buf_puts(&x->binds, "\"/>");
        buf_puts(&x->body, "</group>");
    }
}

static void
make_chain(struct xml *x, int questions)
{
    buf_puts(&x->instance, "<q0/>");
    buf_puts(&x->binds, "<bind nodeset=\"/data/q0\" type=\"int\"/>");
    question(x, "/data/q", 0);
    for (int i = 1; i < questions; i++) {
        buf_printf(&x->instance, "<q%d/>", i);
        buf_printf(&x->binds,
                   "<bind nodeset=\"/data/q%d\" type=\"int\" "
                   "calculate=\" /data/q%d  + 1\"/>",
                   i, i - 1);
    }
}

static void
make_select(struct xml *x, const char *instance)
{
    buf_puts(&x->instance, "<region/><town/>");
    buf_puts(&x->binds, "<bind nodeset=\"/data/region\" type=\"string\"/>"
                        "<bind nodeset=\"/data/town\" type=\"string\"/>");
    buf_printf(&x->body,
               "<input ref=\"/data/region\"><label>Region</label></input>"
               "<select1 ref=\"/data/town\"><label>Town</label>"
               "<itemset nodeset=\"instance('%s')/root/item[region =  "
               "/data/region ]\"><value ref=\"name\"/><label "
               "ref=\"label\"/></itemset></select1>",
               instance);
}

static void
make_choices(struct xml *x, int choices)
{
    buf_puts(&x->secondary, "<instance id=\"town\"><root>");
    for (int i = 0; i < choices; i++) {
        buf_printf(&x->secondary,
                   "<item><name>t%d</name><label>Town %d</label>"
                   "<region>r%d</region></item>",
                   i, i, i / 100);
    }
    buf_puts(&x->secondary, "</root></instance>");
    make_select(x, "town");
}

static void
make_csv(struct xml *x, int rows)
{
    buf_puts(&x->secondary, "<instance id=\"town\" "
                            "src=\"jr://file-csv/town.csv\"/>");
    buf_puts(&x->csv, "name,label,region,index,note\n");
    for (int i = 0; i < rows; i++) {
        buf_printf(&x->csv, "t%d,\"Town, %d\",r%d,%d,founded in %d\n", i, i,
                   i / 100, i, 1000 + i % 1000);
    }
    make_select(x, "town");
}

static void
make_repeat(struct xml *x, int unused)
{
    (void)unused;
    buf_puts(&x->instance, "<rep><name/><hours/><cost/><text/></rep><total/>");
    buf_puts(&x->binds, "<bind nodeset=\"/data/rep/hours\" type=\"int\"/>"
                        "<bind nodeset=\"/data/rep/cost\" type=\"string\" "
                        "calculate=\"coalesce( ../hours , 0) * 3\"/>"
                        "<bind nodeset=\"/data/rep/text\" type=\"string\" "
                        "calculate=\"concat(position(..), '. ', ../name )\"/>"
                        "<bind nodeset=\"/data/total\" type=\"string\" "
                        "calculate=\"sum( /data/rep/cost )\"/>");
    buf_puts(&x->body,
             "<group ref=\"/data/rep\"><label>Course</label>"
             "<repeat nodeset=\"/data/rep\">"
             "<input ref=\"/data/rep/name\"><label>Name</label></input>"
             "<input ref=\"/data/rep/hours\"><label>Hours</label></input>"
             "</repeat></group>");
}

/* ------------------------------------------------------------------- runs */

struct run {
    const char *label;
    void (*make)(struct xml *x, int size);
    int size;
    const char *goal;
    const char *path; /* changed in turn to the two values */
    const char *value[2];
    const char *list; /* then this question's choices are asked for */
    int adds;         /* instances of /data/rep, timed as the load */
};

struct result {
    double load_ms;
    double set_ms;
    long peak_kib;
};

static enum status
read_csv(void *self, const char *name, struct buf *out)
{
    const struct buf *csv = self;
    (void)name;
    buf_put(out, csv->data, csv->len);
    return buf_status(out);
}

static void
add_instances(struct filling *f, int count)
{
    for (int i = 0; i < count; i++) {
        struct filling_node *root = filling_find(f, "/data");
        const void *repeat = filling_repeat(f, root, "rep");
        require(filling_add(f, root, repeat, NULL) == STATUS_OK, "adding");
    }
}

static double
load(const struct buf *xml, struct buf *csv, int adds, struct form **form,
     struct filling **f)
{
    struct form_env env = {read_csv, csv};
    double start = now_ms();
    require(form_load(xml->data, xml->len, &env, NULL, form) == STATUS_OK,
            "loading");
    require(filling_new(*form, NULL, f) == STATUS_OK, "filling");
    if (adds > 0) {
        start = now_ms();
        add_instances(*f, adds);
    }
    return now_ms() - start;
}

static double
set(struct filling *f, const struct run *r, int turn)
{
    size_t count = 0;
    struct filling_node *node = filling_find(f, r->path);
    struct filling_node *list = r->list ? filling_find(f, r->list) : NULL;
    require(node && (list || !r->list), "finding");
    double start = now_ms();
    require(filling_set(f, node, r->value[turn % 2]) == STATUS_OK, "setting");
    if (list) {
        (void)filling_choices(f, list, &count);
        require(count > 0, "listing");
    }
    return now_ms() - start;
}

static struct result
measure(const struct run *r)
{
    struct xml x;
    struct buf xml;
    double loads[LOADS];
    double sets[SETS];
    struct result result = {0};
    xml_init(&x);
    r->make(&x, r->size);
    xml_join(&x, &xml);
    for (int i = 0; i < LOADS; i++) {
        struct form *form = NULL;
        struct filling *f = NULL;
        loads[i] = load(&xml, &x.csv, r->adds, &form, &f);
        for (int k = 0; i == LOADS - 1 && k < SETS; k++) {
            sets[k] = set(f, r, k);
        }
        filling_free(f);
        form_free(form);
    }
    buf_deinit(&xml);
    buf_deinit(&x.csv);
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    result.load_ms = median(loads, LOADS);
    result.set_ms = median(sets, SETS);
    result.peak_kib = usage.ru_maxrss;
    return result;
}

/* In a process of its own, so that peaks do not mix. */
static struct result
run_apart(const struct run *r)
{
    struct result result = {0};
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    (void)fflush(stdout);
    pid_t child = fork();
    require(child >= 0, "fork");
    if (child == 0) {
        result = measure(r);
        require(write(ends[1], &result, sizeof(result)) == sizeof(result),
                "reporting");
        _exit(0);
    }
    (void)close(ends[1]);
    require(read(ends[0], &result, sizeof(result)) == sizeof(result),
            "measuring");
    (void)close(ends[0]);
    (void)waitpid(child, NULL, 0);
    return result;
}

static void
print_row(const struct run *r)
{
    struct result got = run_apart(r);
    (void)printf("%-44s %9.2f ms %10.4f ms %8.1f MiB  %s\n", r->label,
                 got.load_ms, got.set_ms, (double)got.peak_kib / 1024, r->goal);
}

int
main(void)
{
    static const struct run runs[] = {
        {"5,000 questions in groups with sums",
         make_groups,
         5000,
         "40 ms / 0.02 ms",
         "/data/g7/q2",
         {"3", "4"},
         NULL,
         0},
        {"chain of 5,000 calculations",
         make_chain,
         5000,
         "60 ms / 5 ms",
         "/data/q0",
         {"3", "4"},
         NULL,
         0},
        {"10,000 choices, filtered",
         make_choices,
         10000,
         "40 ms / 0.1 ms",
         "/data/region",
         {"r7", "r61"},
         "/data/town",
         0},
        {"100,000 rows of CSV, filtered",
         make_csv,
         100000,
         "120 ms / 1 ms",
         "/data/region",
         {"r7", "r911"},
         "/data/town",
         0},
        {"500 repeat instances added",
         make_repeat,
         500,
         "30 ms / 0.1 ms",
         "/data/rep[250]/hours",
         {"3", "4"},
         NULL,
         499},
    };
    static const int sizes[] = {250, 500, 1000, 2000, 5000, 10000, 20000};
    (void)printf("%-44s %12s %13s %12s  %s\n", "form", "load", "set one",
                 "peak", "goal");
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        print_row(&runs[i]);
    }
    (void)printf("\nload of n questions in groups\n");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char label[32];
        (void)snprintf(label, sizeof(label), "%d", sizes[i]);
        struct run r = {label,         make_groups, sizes[i], "",
                        "/data/g7/q2", {"3", "4"},  NULL,     0};
        print_row(&r);
    }
    return 0;
}
