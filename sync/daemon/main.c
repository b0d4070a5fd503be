/*
 * anketa-sync: carries sealed answers from a kiosk to its collector and the
 * library back. Takes the command line apart and hands over.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "daemon/config.h"
#include "daemon/find.h"
#include "daemon/https.h"
#include "daemon/loop.h"
#include "daemon/session.h"
#include "daemon/stick.h"
#include "store/sync_state.h"

#define LARGE_BLOCK_BYTES (256 * 1024)

enum exit_code {
    EXIT_WELL = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
};

struct options {
    const char *dir;
    enum i18n_lang lang;
    const char *address;
    const char *code;
    const char *stick;
};

struct program {
    const struct options *options;
    struct config config;
    struct session session;
    struct https *https;
    struct transport transport;
};

static int
usage(enum i18n_lang lang)
{
    (void)fprintf(
        stderr, "%s\n",
        i18n_text(
            lang,
            "Usage: anketa-sync [--dir FOLDER] [--lang ru|en] COMMAND\n"
            "  enrol CODE --address URL   make this kiosk known to a "
            "collector\n"
            "  run                        keep in step with the collector\n"
            "  once                       talk to the collector once\n"
            "  usb FOLDER                 carry answers and receipts by a stick\n"
            "  status                     how things stand"));
    return EXIT_USAGE;
}

static void
print_fault(const struct program *p)
{
    const struct sync_state *state = &p->session.state;
    (void)fprintf(stderr, "%s\n",
                  sync_state_fault_text(state->fault, p->options->lang));
    if (state->detail[0]) {
        (void)fprintf(stderr, "(%s)\n", state->detail);
    }
}

/* -- set-up ----------------------------------------------------------------- */

static enum status
load_config(struct program *p)
{
    char path[SESSION_PATH_BYTES + 16];
    struct diag diag;
    struct buf text;
    diag_init(&diag, p->options->lang);
    buf_init(&text, (size_t)64 * 1024);
    (void)snprintf(path, sizeof(path), "%s/sync.conf", p->options->dir);
    enum status st = config_load(path, &diag, &p->config);
    diag_print(&diag, &text);
    if (text.len > 0) {
        (void)fputs(text.data, stderr);
    }
    buf_deinit(&text);
    diag_deinit(&diag);
    return st;
}

static const struct finder network = {.find = find_collectors};

static enum status
program_init(struct program *p, const struct options *options)
{
    *p = (struct program){.options = options};
    file_parts_sweep(options->dir);
    enum status st = load_config(p);
    if (st == STATUS_OK) {
        st = session_init(&p->session, options->dir, clock_system(),
                          &p->transport);
    }
    if (st < 0) {
        return st;
    }
    const struct https_options https = {
        .account = &p->session.account,
        .address = options->address ? options->address : p->config.address,
        .proxy = p->config.proxy,
        .stop = loop_stop_flag(),
        .beat = loop_beat,
    };
    p->session.stop = loop_stop_flag();
    /* Who wrote an address into the settings means that one. */
    p->session.finder = https.address[0] ? NULL : &network;
    p->session.least = (size_t)p->config.least;
    session_take_name(&p->session, p->config.name);
    st = https_new(&https, &p->https);
    if (st == STATUS_OK) {
        p->transport = https_transport(p->https);
    }
    return st;
}

static void
program_deinit(struct program *p)
{
    session_deinit(&p->session);
    https_free(p->https);
    p->https = NULL;
}

/* -- commands ------------------------------------------------------------------ */

/* Try whoever announces himself: the code knows which of them made it.
 * STATUS_NONE: nobody does. */
static enum status
enrol_where_found(struct program *p, const char *name)
{
    struct find_place place[FIND_PLACES_MAX];
    size_t count = 0;
    enum status st = network.find(network.self, place, &count);
    for (size_t i = 0; i < count; i++) {
        st = session_enrol(&p->session, p->options->code, place[i].address,
                           name);
        if (st >= 0 || p->session.state.fault == SYNC_FAULT_CODE) {
            break;
        }
    }
    return st;
}

static int
command_enrol(const struct options *options)
{
    struct program p;
    enum status st = program_init(&p, options);
    if (st < 0) {
        program_deinit(&p);
        return EXIT_FAILED;
    }
    const char *address =
        options->address ? options->address : p.config.address;
    const char *name = p.config.name;
    if (!*address) {
        st = enrol_where_found(&p, name);
    } else {
        st = session_enrol(&p.session, options->code, address, name);
    }
    if (st == STATUS_NONE) {
        (void)fprintf(stderr, "%s\n",
                      i18n_text(options->lang,
                                "No collector announces itself on this "
                                "network. Give its address, as "
                                "printed with the code: --address "
                                "https://…"));
        program_deinit(&p);
        return EXIT_USAGE;
    }
    if (st < 0) {
        print_fault(&p);
    } else {
        (void)printf("%s\n",
                     i18n_text(options->lang, "This kiosk now belongs to the "
                                              "collector."));
    }
    program_deinit(&p);
    return st < 0 ? EXIT_FAILED : EXIT_WELL;
}

static int
command_once(const struct options *options)
{
    struct program p;
    enum status st = program_init(&p, options);
    if (st == STATUS_OK) {
        st = session_run(&p.session);
        if (st == STATUS_NONE) {
            (void)fprintf(
                stderr, "%s\n",
                sync_state_phase_text(SYNC_NOT_ENROLLED, options->lang));
        } else if (st < 0) {
            print_fault(&p);
        }
    }
    program_deinit(&p);
    return st == STATUS_OK ? EXIT_WELL : EXIT_FAILED;
}

static int
command_run(const struct options *options)
{
    enum status st = loop_catch_signals();
    do {
        struct program p;
        if (st >= 0 || st == STATUS_E_STALE) {
            st = program_init(&p, options);
            if (st == STATUS_OK) {
                st = loop_run(&p.session, &p.config);
            }
            program_deinit(&p);
        }
    } while (st == STATUS_E_STALE);
    return st < 0 ? EXIT_FAILED : EXIT_WELL;
}

static void
print_count(enum i18n_lang lang, const char *label, uint64_t value)
{
    (void)printf("%s: %llu\n", i18n_text(lang, label),
                 (unsigned long long)value);
}

static void
print_plural(const char *text, unsigned long n)
{
    /* Both forms of each text were checked where they stand. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)printf(text, n);
#pragma GCC diagnostic pop
    (void)printf("\n");
}

/* Read at the kiosk's screen by who stands there with the stick. */
static void
print_stick(const struct program *p, const struct stick_result *r)
{
    enum i18n_lang lang = p->options->lang;
    unsigned long left = p->session.state.waiting > r->answers
                             ? p->session.state.waiting - r->answers
                             : 0;
    if (r->receipts > 0) {
        (void)printf("%s\n",
                     i18n_text(lang, "The receipt for what was carried earlier "
                                     "has arrived."));
    }
    if (r->answers > 0) {
        print_plural(i18n_plural(lang,
                                 "%lu answer is on the stick, sealed. Take the "
                                 "stick to the coordinator's computer and back "
                                 "here: it brings the receipt.",
                                 "%lu answers are on the stick, sealed. Take "
                                 "the stick to the coordinator's computer and "
                                 "back here: it brings the receipt.",
                                 r->answers),
                     r->answers);
    } else {
        (void)printf("%s\n", i18n_text(lang, "No answers leave with the stick "
                                             "now."));
    }
    if (left > 0) {
        print_plural(i18n_plural(lang,
                                 "%lu more stays here until enough of them "
                                 "wait or the questionnaire is closed.",
                                 "%lu more stay here until enough of them wait "
                                 "or the questionnaire is closed.",
                                 left),
                     left);
    }
    (void)printf("%s\n", i18n_text(lang, "You may take the stick out now."));
}

static int
command_usb(const struct options *options)
{
    struct program p;
    struct stick_result result = {0};
    enum status st = program_init(&p, options);
    if (st == STATUS_OK) {
        st = stick_run(&p.session, options->stick, &result);
        if (st == STATUS_NONE) {
            (void)fprintf(
                stderr, "%s\n",
                sync_state_phase_text(SYNC_NOT_ENROLLED, options->lang));
        } else if (st < 0) {
            print_fault(&p);
        } else {
            print_stick(&p, &result);
        }
        if (result.foreign > 0) {
            print_count(options->lang,
                        N_("files that are not ours, left alone"),
                        result.foreign);
        }
    }
    program_deinit(&p);
    return st == STATUS_OK ? EXIT_WELL : EXIT_FAILED;
}

static void
print_day(enum i18n_lang lang, const char *label, uint32_t day)
{
    char text[32] = "";
    time_t seconds = (time_t)day * 24 * 60 * 60;
    struct tm parts;
    if (day > 0 && gmtime_r(&seconds, &parts)) {
        (void)strftime(text, sizeof(text),
                       lang == I18N_RU ? "%d.%m.%Y" : "%Y-%m-%d", &parts);
    }
    (void)printf("%s: %s\n", i18n_text(lang, label),
                 text[0] ? text : i18n_text(lang, "not once so far"));
}

static void
print_form(enum i18n_lang lang, const struct sync_form *form)
{
    const char *name = form->form_id[0]
                           ? form->form_id
                           : i18n_text(lang, "other questionnaires");
    (void)printf("  %s: %llu", name, (unsigned long long)form->waiting);
    if (form->least > form->waiting) {
        (void)printf(" (%s: %llu)",
                     i18n_text(lang, "at least so many leave together"),
                     (unsigned long long)form->least);
    }
    (void)printf("\n");
}

static int
command_status(const struct options *options)
{
    char path[SESSION_PATH_BYTES + 16];
    struct sync_state state;
    enum i18n_lang lang = options->lang;
    (void)snprintf(path, sizeof(path), "%s/sync.state", options->dir);
    enum status st = sync_state_read(path, &state);
    if (st < 0) {
        (void)fprintf(stderr, "%s: %s\n", path,
                      i18n_text(lang, "cannot be read"));
        return EXIT_FAILED;
    }
    (void)printf("%s\n", sync_state_phase_text(state.phase, lang));
    if (state.fault != SYNC_FAULT_NONE) {
        (void)printf("%s\n", sync_state_fault_text(state.fault, lang));
        if (state.detail[0]) {
            (void)printf("(%s)\n", state.detail);
        }
    }
    if (state.name[0]) {
        (void)printf("%s: %s\n", i18n_text(lang, "name of this kiosk"),
                     state.name);
    }
    if (state.address[0]) {
        (void)printf("%s: %s\n", i18n_text(lang, "address of the collector"),
                     state.address);
    }
    print_count(lang, N_("number of the library"), state.library_serial);
    print_count(lang, N_("answers waiting to leave"), state.waiting);
    print_count(lang, N_("answers delivered, kept until a backup"), state.held);
    print_count(lang, N_("answers refused, kept"), state.refused);
    print_count(lang, N_("damaged places on the disk"), state.damaged);
    for (size_t i = 0; i < state.form_count; i++) {
        print_form(lang, &state.form[i]);
    }
    print_day(lang, N_("last try on"), state.tried_day);
    print_day(lang, N_("last day in step"), state.last_day);
    return state.fault == SYNC_FAULT_NONE ? EXIT_WELL : EXIT_FAILED;
}

/* -- command line ------------------------------------------------------------ */

static enum i18n_lang
environment_lang(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        /* Before any thread is started. */
        const char *value =
            getenv(names[i]); /* NOLINT(concurrency-mt-unsafe) */
        if (value && *value) {
            return i18n_lang_from_tag(value);
        }
    }
    return I18N_EN;
}

/* Take the options out of argv; the words that remain. -1: no sense. */
static int
take_options(int argc, char **argv, struct options *out, const char *words[2])
{
    int count = 0;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strncmp(argv[i], "--", 2) != 0) {
            if (count == 2) {
                return -1;
            }
            words[count] = argv[i];
            count++;
            continue;
        }
        if (!value) {
            return -1;
        }
        if (strcmp(argv[i], "--dir") == 0) {
            out->dir = value;
        } else if (strcmp(argv[i], "--lang") == 0) {
            out->lang = i18n_lang_from_tag(value);
        } else if (strcmp(argv[i], "--address") == 0) {
            out->address = value;
        } else {
            return -1;
        }
        i++;
    }
    return count;
}

int
main(int argc, char **argv)
{
    struct options options = {.dir = ".", .lang = environment_lang()};
    const char *words[2] = {NULL, NULL};
    /* Without catalogues the texts stay English; the log says so. */
    (void)!i18n_init_beside_program();
    (void)umask(077); /* the library names people */
    /* What a backlog takes goes back to the system after each batch. Before any
     * thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES);
    int count = take_options(argc, argv, &options, words);
    if (seal_init() < 0) {
        return EXIT_FAILED;
    }
    if (count == 2 && strcmp(words[0], "enrol") == 0) {
        options.code = words[1];
        return command_enrol(&options);
    }
    if (count == 1 && strcmp(words[0], "run") == 0) {
        return command_run(&options);
    }
    if (count == 1 && strcmp(words[0], "once") == 0) {
        return command_once(&options);
    }
    if (count == 2 && strcmp(words[0], "usb") == 0) {
        options.stick = words[1];
        return command_usb(&options);
    }
    if (count == 1 && strcmp(words[0], "status") == 0) {
        return command_status(&options);
    }
    return usage(options.lang);
}
