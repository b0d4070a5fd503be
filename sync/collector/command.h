#ifndef ANKETA_COLLECTOR_COMMAND_H
#define ANKETA_COLLECTOR_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/i18n.h"
#include "base/status.h"

/*
 * Command: the subcommands of anketa-collector, a file each (command_<name>.c).
 *
 * A command gets its own arguments (argv[0] is its name), prints its result to
 * standard output and complaints to standard error, in the language of
 * command_lang(), and returns an exit code.
 */
#define COMMAND_OK 0
#define COMMAND_FAILED 1
#define COMMAND_USAGE 2 /* called in a way it does not understand */

/* The language of `--lang`, else of the environment. */
enum i18n_lang
command_lang(void);
/* Of --passphrase-fd; -1 without. */
int
command_passphrase_fd(void);

/*
 * A passphrase from where the caller said (--passphrase-fd, a systemd
 * credential, the terminal). COMMAND_OK, or the failure, told.
 */
struct buf;
MUST_CHECK int
command_passphrase(const char *prompt, struct buf *out);
/* The same for a new one: long enough, and on a terminal typed twice. */
MUST_CHECK int
command_new_passphrase(struct buf *out);

/* Open the folder, and its keys if a passphrase guards them. COMMAND_OK, or the
 * failure, told; then there is nothing to close. */
struct home;
MUST_CHECK int
command_home(const char *dir, struct home *out);

/* Print `usage`, an English msgid, to standard error; COMMAND_USAGE. */
int
command_usage(const char *usage);

/* "anketa-collector: <text>" to standard error; `fmt` is an English msgid
 * marked with N_(). COMMAND_FAILED. */
int
command_fail(const char *fmt, ...) PRINTF_LIKE(1, 2);

int
command_form(int argc, char **argv);
int
command_count(int argc, char **argv);
int
command_match(int argc, char **argv);

/* Take `name` and the value after it out of the arguments: the value, or NULL
 * if the option is not there. What is left are the positional arguments. */
const char *
command_option(int *argc, char **argv, const char *name);
bool
command_flag(int *argc, char **argv, const char *name);

/* Whole number of an option; `otherwise` for NULL. False: not a number from 0
 * to `max` (told). */
bool
command_number(const char *name, const char *text, long max, long otherwise,
               long *out);

/* Say why a folder, a questionnaire or a wave could not be used. `what` is
 * what the person wrote. COMMAND_FAILED. */
int
command_fail_status(enum status st, const char *what);

/* Print every entry to standard error. */
void
command_print_diag(const struct diag *d);

/*
 * Run the verb that argv[1] names on the store of the folder argv[2]; it gets
 * argc and argv from the verb on. `usage`, an English msgid, is printed when
 * the verb is none of `verbs` or the folder is not named.
 */
struct store;
struct command_verb {
    const char *name;
    int (*run)(struct store *s, int argc, char **argv);
};
int
command_verb(const struct command_verb *verbs, size_t count, int argc,
             char **argv, const char *usage);

int
command_backup(int argc, char **argv);
int
command_people_keys(int argc, char **argv);
int
command_enrol(int argc, char **argv);
int
command_form_add(int argc, char **argv); /* argv[0] is "add" */
int
command_forward(int argc, char **argv);
int
command_import(int argc, char **argv);
int
command_init(int argc, char **argv);
int
command_link(int argc, char **argv);
int
command_openrosa(int argc, char **argv);
int
command_export(int argc, char **argv);
int
command_keys(int argc, char **argv);
int
command_kiosk(int argc, char **argv);
int
command_person(int argc, char **argv);
int
command_report(int argc, char **argv);
int
command_restore(int argc, char **argv);
int
command_retry(int argc, char **argv);
int
command_serve(int argc, char **argv);
int
command_slips(int argc, char **argv);
int
command_verify(int argc, char **argv);
int
command_wave(int argc, char **argv);

#endif
