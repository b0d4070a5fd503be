/*
 * anketa-collector: the coordinator's web server and tools. Takes the language
 * and the subcommand from the command line and hands over.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "collector/command.h"
#include "seal/seal.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary; /* msgid */
};

static int
command_help(int argc, char **argv);

/* In the order in which a new user needs them. */
static const struct command commands[] = {
    {"help", command_help, N_("list the commands")},
    {"init", command_init, N_("make a new collector in a folder")},
    {"serve", command_serve, N_("serve kiosks and the desk")},
    {"form", command_form, N_("compile, check and answer questionnaires")},
    {"wave", command_wave, N_("list, open or close waves")},
    {"slips", command_slips, N_("print slips for a wave")},
    {"enrol", command_enrol, N_("print a code that lets one kiosk in")},
    {"kiosk", command_kiosk, N_("list kiosks, let a lost one in no more")},
    {"import", command_import, N_("take in batches from a USB stick")},
    {"report", command_report, N_("print the summary of a wave")},
    {"export", command_export, N_("write a wave to a file")},
    {"link", command_link, N_("make an address that opens one summary")},
    {"count", command_count, N_("count the votes of a meeting")},
    {"person", command_person, N_("who may open named questionnaires")},
    {"keys", command_keys, N_("guard, renew and recover the keys")},
    {"backup", command_backup,
     N_("write the running collector to a sealed file")},
    {"verify", command_verify, N_("check that a backup can be restored")},
    {"people-keys", command_people_keys,
     N_("save what opens people in backups, sealed; once, and after an erasure")},
    {"restore", command_restore, N_("make a collector out of a backup")},
    {"retry", command_retry, N_("take in what was put aside")},
    {"openrosa", command_openrosa,
     N_("make the address for ODK Collect and other clients")},
    {"forward", command_forward,
     N_("pass named answers on to ODK Central or Kobo")},
    {"match", command_match, N_("make pairs out of preferences")},
};
static const size_t commands_known = sizeof(commands) / sizeof(commands[0]);

/* Both set once, before a command runs. */
static enum i18n_lang lang = I18N_EN;
static int passphrase_fd = -1;

enum i18n_lang
command_lang(void)
{
    return lang;
}

int
command_passphrase_fd(void)
{
    return passphrase_fd;
}

int
command_usage(const char *usage)
{
    (void)fprintf(stderr, "%s\n", i18n_text(lang, usage));
    return COMMAND_USAGE;
}

int
command_fail(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)fputs("anketa-collector: ", stderr);
    (void)vfprintf(stderr, i18n_text(lang, fmt), ap);
    (void)fputc('\n', stderr);
    va_end(ap);
    return COMMAND_FAILED;
}

static void
print_help(FILE *to)
{
    (void)fprintf(to, "%s\n\n",
                  i18n_text(lang, "Usage: anketa-collector [--lang ru|en] "
                                  "[--passphrase-fd N] COMMAND "
                                  "[ARGUMENT…]"));
    for (size_t i = 0; i < commands_known; i++) {
        (void)fprintf(to, "  %-10s %s\n", commands[i].name,
                      i18n_text(lang, commands[i].summary));
    }
}

static int
command_help(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    print_help(stdout);
    return COMMAND_OK;
}

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

/* What stands before the command; *at is where that begins. */
static bool
take_options(int argc, char **argv, int *at)
{
    for (; *at + 1 < argc; *at += 2) {
        const char *value = argv[*at + 1];
        if (strcmp(argv[*at], "--lang") == 0) {
            lang = i18n_lang_from_tag(value);
        } else if (strcmp(argv[*at], "--passphrase-fd") == 0) {
            long fd = -1;
            if (!command_number("--passphrase-fd", value, INT_MAX, -1, &fd)) {
                return false;
            }
            passphrase_fd = (int)fd;
        } else {
            break;
        }
    }
    return true;
}

int
main(int argc, char **argv)
{
    /* Whatever a collector writes is for its owner alone. */
    (void)umask(S_IRWXG | S_IRWXO);
    if (seal_init() < 0) {
        return COMMAND_FAILED;
    }
    lang = environment_lang();
    /* Without catalogues the texts stay English; the log says so. */
    (void)!i18n_init_beside_program();

    int at = 1;
    if (!take_options(argc, argv, &at)) {
        return COMMAND_USAGE;
    }
    if (at >= argc || strcmp(argv[at], "--help") == 0) {
        print_help(at >= argc ? stderr : stdout);
        return at >= argc ? COMMAND_USAGE : COMMAND_OK;
    }
    for (size_t i = 0; i < commands_known; i++) {
        if (strcmp(commands[i].name, argv[at]) == 0) {
            return commands[i].run(argc - at, argv + at);
        }
    }
    (void)command_fail(N_("there is no command “%s”"), argv[at]);
    print_help(stderr);
    return COMMAND_USAGE;
}
