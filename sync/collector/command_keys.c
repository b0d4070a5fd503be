/* anketa-collector keys: guard them by a passphrase, print the recovery sheet,
 * renew them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/command.h"
#include "collector/command_print.h"
#include "collector/home.h"
#include "collector/renewal.h"
#include "collector/report/pdf.h"
#include "collector/store/recovery.h"
#include "collector/web/sheet.h"

/* What a verb works on. */
struct bunch {
    struct home home; /* held alone, keys open */
    struct store *store;
    int argc; /* what follows the folder */
    char **argv;
};

static enum status
note(struct bunch *b, const char *action)
{
    return store_audit_add(b->store, clock_wall_ms(clock_system()), "", action,
                           "");
}

static int
finish(const struct bunch *b, enum status st, const char *said)
{
    if (st < 0) {
        return command_fail_status(st, b->home.dir);
    }
    (void)printf("%s\n", i18n_text(command_lang(), said));
    return COMMAND_OK;
}

static int
keys_show(struct bunch *b)
{
    const struct keys *k = &b->home.keys;
    enum i18n_lang lang = command_lang();
    char name[RECOVERY_NAME_CHARS + 1];
    recovery_name(&k->recovery, name);
    (void)printf("%s %s\n", i18n_text(lang, "passphrase:"),
                 i18n_text(lang, k->guarded ? N_("set") : N_("not set")));
    (void)printf("%s %s\n", i18n_text(lang, "recovery sheet:"),
                 k->has_recovery ? name : i18n_text(lang, "none"));
    (void)printf("%s %s\n", i18n_text(lang, "next keys:"),
                 k->announced ? i18n_text(lang, "announced")
                              : i18n_text(lang, "none"));
    return COMMAND_OK;
}

static int
protect(struct bunch *b)
{
    struct buf text;
    buf_init(&text, KEYSLOTS_PASSPHRASE_MAX_BYTES);
    int code = command_new_passphrase(&text);
    if (code == COMMAND_OK) {
        enum status st = keys_guard(&b->home.keys, text.data);
        if (st == STATUS_OK) {
            st = home_save_keys(&b->home);
        }
        if (st == STATUS_OK) {
            st = note(b, "protect");
        }
        code = finish(b, st,
                      N_("From now on the collector asks for the passphrase "
                         "whenever it starts. It is kept nowhere: without it "
                         "only the recovery sheet opens the keys."));
    }
    buf_deinit(&text);
    return code;
}

static int
unprotect(struct bunch *b)
{
    keys_unguard(&b->home.keys);
    enum status st = home_save_keys(&b->home);
    if (st == STATUS_OK) {
        st = note(b, "unprotect");
    }
    return finish(b, st, N_("The collector starts without a passphrase."));
}

static int
rotate(struct bunch *b)
{
    return finish(
        b, renewal_run(&b->home, b->store, RENEWAL_SEAL, NULL),
        N_("The kiosks seal to a new key as soon as they have fetched the "
           "questionnaires again. What is sealed to the old ones can still be "
           "read."));
}

static int
announce(struct bunch *b)
{
    const char *host = command_option(&b->argc, b->argv, "--host");
    enum status st = renewal_run(&b->home, b->store, RENEWAL_ANNOUNCE, host);
    if (st == STATUS_REPEAT) {
        return command_fail(N_("the next keys are announced already: “keys "
                               "switch” takes them into use"));
    }
    return finish(b, st,
                  N_("The next keys are announced. When all kiosks have "
                     "fetched the questionnaires, run “keys switch”."));
}

static void
name_behind(void *self, const char *kiosk)
{
    (void)self;
    (void)command_fail(N_("the kiosk “%s” has not heard of the next keys yet"),
                       kiosk);
}

static int
take_next(struct bunch *b)
{
    bool anyway = command_flag(&b->argc, b->argv, "--leave-behind");
    size_t behind = 0;
    enum status st = STATUS_OK;
    if (!anyway && b->home.keys.announced) {
        st = renewal_behind(b->store, name_behind, NULL, &behind);
    }
    if (st < 0) {
        return command_fail_status(st, b->home.dir);
    }
    if (behind > 0) {
        return command_fail(N_("wait until it has, or enrol it anew after "
                               "“keys switch --leave-behind”"));
    }
    st = renewal_run(&b->home, b->store, RENEWAL_SWITCH, NULL);
    if (st == STATUS_NONE) {
        return command_fail(N_("no next keys are announced: “keys announce” "
                               "comes first"));
    }
    return finish(b, st,
                  N_("The next keys are in use. Browsers will ask once more "
                     "whether to trust the certificate."));
}

struct print {
    struct bunch *bunch;
    struct seal_pair pair;
};

static enum status
print_sheet(void *self, const struct dataset_sink *sink)
{
    struct print *p = self;
    return sheet_print(p->bunch->store, &p->pair, command_lang(),
                       clock_wall_ms(clock_system()), sink);
}

static int
sheet(struct bunch *b)
{
    struct print p = {.bunch = b};
    if (b->argc != 2) {
        return command_usage(
            N_("Usage: anketa-collector keys sheet FOLDER OUT.pdf"));
    }
    seal_pair_new(&p.pair);
    enum status st = command_print(b->argv[1], print_sheet, &p);
    pdf_shutdown();
    if (st < 0) {
        seal_pair_wipe(&p.pair);
        return command_fail_status(st, b->argv[1]);
    }
    st = keys_set_recovery(&b->home.keys, &p.pair.public_key);
    seal_pair_wipe(&p.pair);
    if (st == STATUS_OK) {
        st = home_save_keys(&b->home);
    }
    if (st == STATUS_OK) {
        st = note(b, "sheet");
    }
    if (st < 0 && unlink(b->argv[1]) != 0) {
        log_warn("keys", "%s: this sheet opens nothing", b->argv[1]);
    }
    return finish(b, st,
                  N_("Print the sheet, put it into the safe, delete the file. "
                     "Backups made from now on can be opened with it."));
}

static const struct verb {
    const char *name;
    int (*run)(struct bunch *b);
    bool secrets;
} verbs[] = {
    {"show", keys_show, false},  {"protect", protect, true},
    {"sheet", sheet, true},      {"unprotect", unprotect, true},
    {"rotate", rotate, true},    {"announce", announce, true},
    {"switch", take_next, true},
};

static int
open_bunch(const struct verb *verb, const char *dir, struct bunch *b)
{
    enum status st = STATUS_OK;
    if (!verb->secrets) {
        st = home_open(dir, &b->home);
        if (st < 0) {
            return command_fail_status(st, dir);
        }
    } else {
        int code = command_home(dir, &b->home);
        if (code != COMMAND_OK) {
            return code;
        }
        st = home_hold(&b->home, HOME_ALONE);
    }
    if (st == STATUS_OK) {
        st = home_store(&b->home, false, &b->store);
    }
    if (st < 0) {
        home_close(&b->home);
    }
    if (st == STATUS_E_BUSY) {
        return command_fail(N_("%s: the collector is running with these keys; "
                               "stop it first, or use its page “Keys”"),
                            dir);
    }
    return st < 0 ? command_fail_status(st, dir) : COMMAND_OK;
}

int
command_keys(int argc, char **argv)
{
    static struct bunch b;
    for (size_t i = 0; argc > 2 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].name, argv[1]) != 0) {
            continue;
        }
        int code = open_bunch(&verbs[i], argv[2], &b);
        if (code != COMMAND_OK) {
            return code;
        }
        b.argc = argc - 2;
        b.argv = argv + 2;
        code = verbs[i].run(&b);
        store_close(b.store);
        home_close(&b.home);
        return code;
    }
    return command_usage(
        N_("Usage: anketa-collector keys show FOLDER\n"
           "  keys sheet FOLDER OUT.pdf  print the recovery sheet\n"
           "  keys protect FOLDER        ask for a passphrase at every start\n"
           "  keys unprotect FOLDER      ask no more\n"
           "  keys rotate FOLDER         a new key for the kiosks to seal to\n"
           "  keys announce FOLDER [--host NAME]\n"
           "                             tell the kiosks the next keys for "
           "signing and TLS\n"
           "  keys switch FOLDER [--leave-behind]\n"
           "                             take them into use"));
}
