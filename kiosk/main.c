#include <SDL.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "app/core.h"
#include "app/desk.h"
#include "app/display.h"
#include "app/events.h"
#include "app/source.h"
#include "app/voice.h"
#include "app/watch.h"
#include "app/window.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "render/fonts.h"

#define EXIT_USAGE 2
/* For whoever started us: start again (README.md). */
#define EXIT_RESTART 75

struct options {
    const char *dir;
    const char *fonts;
    const char *survey;
    const char *set[SOURCE_SETTINGS_MAX];
    size_t set_count;
    const char *sticks;
    enum i18n_lang lang;
    struct window_options window;
};

static void
usage(FILE *to)
{
    (void)fputs(
        "usage: anketa-kiosk --dir DIR [--window WxH] [--inches D]\n"
        "                    [--lang ru|en] [--fonts DIR]\n"
        "                    [--survey FORM] [--sticks DIR] [--set KEY=VALUE]...\n"
        "  --dir DIR     the installation: library.db and outbox.db\n"
        "  --window WxH  a window of that many pixels; else full screen\n"
        "  --inches D    diagonal of the panel, if it does not tell\n"
        "  --lang L      language that a new person finds (default ru)\n"
        "  --fonts DIR   folder with Inter-Regular.otf and so on\n"
        "  --survey FORM begin with this questionnaire, without the attract\n"
        "                page; once\n"
        "  --sticks DIR  the folders in DIR are USB sticks; else what is\n"
        "                mounted below /media, /run/media and /mnt\n"
        "  --set K=V     for this kiosk alone: motion=off, speech.speaker=yes,\n"
        "                input.switches=one|two, input.scan_seconds=N,\n"
        "                idle.seconds=N\n",
        to);
}

static bool
read_size(const char *text, struct window_options *out)
{
    char *end = NULL;
    long width = strtol(text, &end, 10);
    if (*end != 'x') {
        return false;
    }
    long height = strtol(end + 1, &end, 10);
    if (*end != '\0' || width < 320 || height < 240 || width > 16384
        || height > 16384) {
        return false;
    }
    out->width_px = (int)width;
    out->height_px = (int)height;
    return true;
}

static bool
read_inches(const char *text, double *out)
{
    char *end = NULL;
    *out = strtod(text, &end);
    return *end == '\0' && *out >= 3.0 && *out <= 100.0;
}

/* 0, or the exit code. -1: go on. */
static int
read_options(int argc, char **argv, struct options *out)
{
    static const struct option table[] = {
        {"dir", required_argument, NULL, 'd'},
        {"window", required_argument, NULL, 'w'},
        {"inches", required_argument, NULL, 'i'},
        {"lang", required_argument, NULL, 'l'},
        {"fonts", required_argument, NULL, 'f'},
        {"survey", required_argument, NULL, 's'},
        {"sticks", required_argument, NULL, 'u'},
        {"set", required_argument, NULL, 'k'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (;;) {
        /* Before any thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
        int c = getopt_long(argc, argv, "", table, NULL);
        if (c == -1) {
            break;
        }
        bool good = true;
        switch (c) {
        case 'd':
            out->dir = optarg;
            break;
        case 'w':
            good = read_size(optarg, &out->window);
            break;
        case 'i':
            good = read_inches(optarg, &out->window.panel_inches);
            break;
        case 'l':
            out->lang = i18n_lang_from_tag(optarg);
            out->window.lang = out->lang;
            break;
        case 'f':
            out->fonts = optarg;
            break;
        case 's':
            out->survey = optarg;
            break;
        case 'u':
            out->sticks = optarg;
            break;
        case 'k':
            good = out->set_count < SOURCE_SETTINGS_MAX;
            if (good) {
                out->set[out->set_count] = optarg;
                out->set_count++;
            }
            break;
        case 'h':
            usage(stdout);
            return EXIT_SUCCESS;
        default:
            good = false;
            break;
        }
        if (!good) {
            usage(stderr);
            return EXIT_USAGE;
        }
    }
    if (!out->dir || optind < argc) {
        usage(stderr);
        return EXIT_USAGE;
    }
    return -1;
}

static void
something_changed(void *self)
{
    window_library_changed(self);
}

static void
voice_ended(void *self)
{
    window_voice_ended(self);
}

/* A crash must not write what somebody was answering to the disk, nor may
 * another program of the same account look. */
static void
keep_private(void)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0
        || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        log_warn("kiosk", "a crash may leave a core file");
    }
}

static enum status
take_settings(struct source *source, const struct options *options)
{
    enum status st = STATUS_OK;
    for (size_t i = 0; st >= 0 && i < options->set_count; i++) {
        st = source_set(source, options->set[i]);
        if (st < 0) {
            log_error("kiosk", "--set takes KEY=VALUE, not %s",
                      options->set[i]);
        }
    }
    return st;
}

/* What the kiosk stands on; closed by the caller, whatever came of it. */
static enum status
open_parts(const struct options *options, struct events **events,
           struct source **source, struct fonts **fonts, struct window **window)
{
    enum status st = events_open(events);
    if (st >= 0) {
        st = file_make_dirs(options->dir);
    }
    if (st >= 0) {
        st = source_open(options->dir, source);
    }
    if (st >= 0) {
        st = take_settings(*source, options);
    }
    if (st >= 0) {
        st = fonts_open(options->fonts, fonts);
        if (st == STATUS_E_NOT_FOUND) {
            log_error("kiosk", "no font: install fonts-inter or "
                               "fonts-dejavu-core, or name a folder by "
                               "--fonts");
        }
    }
    return st >= 0 ? window_open(&options->window, window) : st;
}

static enum status
run(const struct options *options)
{
    struct source *source = NULL;
    struct window *window = NULL;
    struct fonts *fonts = NULL;
    struct watch *watch = NULL;
    struct voice *voice = NULL;
    struct core *core = NULL;
    struct desk *desk = NULL;
    struct events *events = NULL;
    struct desk_options behind = {.dir = options->dir,
                                  .sticks = options->sticks,
                                  .clock = clock_system(),
                                  .done = something_changed};
    struct core_panel panel = {0};
    struct text_measure measure = {0};
    enum status st = open_parts(options, &events, &source, &fonts, &window);
    if (st < 0) {
        goto out;
    }
    behind.source = source;
    behind.events = events;
    behind.self = window;
    st = desk_open(&behind, &desk);
    if (st < 0) {
        goto out;
    }
    core = calloc(1, sizeof(*core));
    if (!core) {
        st = log_oom("kiosk");
        goto out;
    }
    measure = fonts_measure(fonts);
    core_init(core, source_ops(source), clock_system(), &measure,
              options->lang);
    if (voice_open(voice_ended, window, &voice) < 0) {
        log_warn("kiosk", "no reading aloud: espeak-ng is not installed");
    }
    core->kiosk.voice = voice_ops(voice);
    core_staff(core, desk_ops(desk));
    window_panel(window, &panel);
    core_panel(core, &panel);
    if (options->survey && !core_begin(core, options->survey)) {
        log_warn("kiosk", "no questionnaire %s is open", options->survey);
    }
    if (watch_start(options->dir, something_changed, window, &watch) < 0) {
        log_warn("kiosk", "a new library will be seen after the next person");
    }
    st = window_run(window, core, fonts);

out:
    watch_stop(watch);
    if (core) {
        core_deinit(core);
        free(core);
    }
    voice_close(voice);
    desk_close(desk);
    window_close(window);
    fonts_close(fonts);
    source_close(source);
    events_close(events);
    return st;
}

int
main(int argc, char **argv)
{
    struct options options = {.lang = I18N_RU, .window.lang = I18N_RU};
    int code = read_options(argc, argv, &options);
    if (code >= 0) {
        return code;
    }
    keep_private();
    if (i18n_init_beside_program() < 0) {
        log_warn("kiosk", "no translations found: texts are English");
    }
    enum status st = run(&options);
    if (st == STATUS_REPEAT) {
        return EXIT_RESTART;
    }
    if (st == STATUS_E_STALE) {
        return DISPLAY_EXIT_LOST;
    }
    return st < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
