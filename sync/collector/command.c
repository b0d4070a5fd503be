#include "collector/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "collector/home.h"
#include "collector/passphrase.h"

#define DIAG_MAX_BYTES ((size_t)1024 * 1024)

static void
drop(int *argc, char **argv, int at, int count)
{
    for (int i = at; i + count < *argc; i++) {
        argv[i] = argv[i + count];
    }
    *argc -= count;
}

const char *
command_option(int *argc, char **argv, const char *name)
{
    for (int i = 1; i + 1 < *argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            const char *value = argv[i + 1];
            drop(argc, argv, i, 2);
            return value;
        }
    }
    return NULL;
}

bool
command_flag(int *argc, char **argv, const char *name)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            drop(argc, argv, i, 1);
            return true;
        }
    }
    return false;
}

bool
command_number(const char *name, const char *text, long max, long otherwise,
               long *out)
{
    *out = otherwise;
    if (!text) {
        return true;
    }
    char *end = NULL;
    errno = 0;
    long n = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || n < 0 || n > max) {
        (void)command_fail(N_("%s: “%s” is not a whole number from 0 to %ld"),
                           name, text, max);
        return false;
    }
    *out = n;
    return true;
}

int
command_fail_status(enum status st, const char *what)
{
    if (st == STATUS_E_NOT_FOUND || st == STATUS_NONE) {
        return command_fail(N_("%s: not found"), what);
    }
    if (st == STATUS_E_CONFLICT) {
        return command_fail(N_("%s: is there already"), what);
    }
    if (st == STATUS_E_INVALID) {
        return command_fail(N_("%s: cannot be used"), what);
    }
    if (st == STATUS_E_LIMIT) {
        return command_fail(N_("%s: a limit is reached"), what);
    }
    if (st == STATUS_E_BUSY) {
        return command_fail(N_("%s: somebody else is using it"), what);
    }
    return command_fail(N_("%s: failed, the log above says why"), what);
}

/* --- the folder and its passphrase ---------------------------------------- */

#define TRIES 3 /* on a terminal */

static int
read_passphrase(enum passphrase_source source, const char *prompt,
                struct buf *out)
{
    enum status st = passphrase_read(source, command_passphrase_fd(),
                                     i18n_text(command_lang(), prompt), out);
    if (st == STATUS_NONE) {
        return command_fail(N_("a passphrase is needed, and there is no "
                               "terminal to ask for it: see "
                               "--passphrase-fd"));
    }
    if (st == STATUS_E_LIMIT) {
        return command_fail(N_("the passphrase is too long"));
    }
    return st < 0 ? command_fail_status(st, "passphrase") : COMMAND_OK;
}

int
command_passphrase(const char *prompt, struct buf *out)
{
    return read_passphrase(passphrase_source(command_passphrase_fd()), prompt,
                           out);
}

int
command_new_passphrase(struct buf *out)
{
    enum passphrase_source source = passphrase_source(command_passphrase_fd());
    struct buf again;
    buf_init(&again, KEYSLOTS_PASSPHRASE_MAX_BYTES);
    int code = read_passphrase(source, N_("New passphrase:"), out);
    if (code == COMMAND_OK
        && utf8_count(out->data, out->len) < KEYSLOTS_PASSPHRASE_MIN_CHARS) {
        code = command_fail(N_("the passphrase must have %d characters or "
                               "more; several words are good"),
                            KEYSLOTS_PASSPHRASE_MIN_CHARS);
    }
    if (code == COMMAND_OK && source == PASSPHRASE_TERMINAL) {
        code = read_passphrase(source, N_("Once more:"), &again);
        if (code == COMMAND_OK
            && (again.len != out->len
                || !seal_equal(again.data, out->data, out->len))) {
            code = command_fail(N_("the two passphrases differ"));
        }
    }
    buf_deinit(&again);
    return code;
}

static int
unlock(struct home *home)
{
    enum passphrase_source source = passphrase_source(command_passphrase_fd());
    int tries = source == PASSPHRASE_TERMINAL ? TRIES : 1;
    while (tries-- > 0) {
        struct buf text;
        buf_init(&text, KEYSLOTS_PASSPHRASE_MAX_BYTES);
        int code = read_passphrase(source, N_("Passphrase:"), &text);
        const struct keyslots_opener opener = {.passphrase = text.data};
        enum status st = code == COMMAND_OK ? keys_unlock(&home->keys, &opener)
                                            : STATUS_E_INVALID;
        buf_deinit(&text);
        if (code != COMMAND_OK) {
            return code;
        }
        if (st != STATUS_E_AUTH) {
            return st < 0 ? command_fail_status(st, home->dir) : COMMAND_OK;
        }
        (void)command_fail(N_("the passphrase is wrong"));
    }
    return COMMAND_FAILED;
}

int
command_home(const char *dir, struct home *out)
{
    enum status st = home_open(dir, out);
    if (st < 0) {
        return command_fail_status(st, dir);
    }
    int code = out->keys.locked ? unlock(out) : COMMAND_OK;
    if (code != COMMAND_OK) {
        home_close(out);
    }
    return code;
}

void
command_print_diag(const struct diag *d)
{
    struct buf text;
    buf_init(&text, DIAG_MAX_BYTES);
    diag_print(d, &text);
    (void)fputs(text.data, stderr);
    buf_deinit(&text);
}

int
command_verb(const struct command_verb *verbs, size_t count, int argc,
             char **argv, const char *usage)
{
    for (size_t i = 0; argc > 2 && i < count; i++) {
        if (strcmp(verbs[i].name, argv[1]) != 0) {
            continue;
        }
        struct home home;
        struct store *s = NULL;
        enum status st = home_open(argv[2], &home);
        if (st < 0) {
            return command_fail_status(st, argv[2]);
        }
        st = home_store(&home, false, &s);
        int code = st == STATUS_OK ? verbs[i].run(s, argc - 1, argv + 1)
                                   : command_fail_status(st, argv[2]);
        store_close(s);
        home_close(&home);
        return code;
    }
    return command_usage(usage);
}
