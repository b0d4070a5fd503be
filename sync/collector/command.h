#ifndef ANKETA_COLLECTOR_COMMAND_H
#define ANKETA_COLLECTOR_COMMAND_H

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
command_match(int argc, char **argv);

#endif
