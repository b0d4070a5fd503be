/* anketa-collector kiosk: list them, and let a lost one in no more. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "collector/command.h"
#include "collector/store/keyslots.h"
#include "collector/store/store.h"
#include "collector/web/kiosk_settings.h"
#include "seal/pin_code.h"

#define DATE_BYTES 32
#define KEY_DIGITS 16 /* enough to tell two kiosks of a house apart */

static void
print_date(int64_t ms)
{
    struct tm tm;
    char text[DATE_BYTES] = "—";
    time_t s = (time_t)(ms / 1000);
    if (ms > 0 && gmtime_r(&s, &tm)
        && strftime(text, sizeof(text), "%Y-%m-%d", &tm) == 0) {
        text[0] = '\0';
    }
    (void)printf("%s", text);
}

static void
key_digits(const struct store_kiosk *k, char out[KEY_DIGITS + 1])
{
    for (size_t i = 0; i < KEY_DIGITS / 2; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", k->key.bytes[i]);
    }
}

static int
list(struct store *s, int argc, char **argv)
{
    (void)argc;
    struct store_kiosk *kiosk = NULL;
    size_t count = 0;
    enum status st = store_kiosks(s, &kiosk, &count);
    for (size_t i = 0; i < count; i++) {
        char key[KEY_DIGITS + 1];
        key_digits(&kiosk[i], key);
        (void)printf("%s\t%s\t%s\t", key, kiosk[i].name,
                     kiosk[i].revoked ? i18n_text(command_lang(), "revoked")
                                      : i18n_text(command_lang(), "enrolled"));
        print_date(kiosk[i].seen_ms);
        (void)printf("\n");
    }
    store_kiosks_free(kiosk, count);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[1]);
}

/* The one that has this name or key. STATUS_NONE; STATUS_E_CONFLICT: several
 * have the name. */
static enum status
find(struct store *s, const char *what, struct seal_sign_public *out)
{
    struct store_kiosk *kiosk = NULL;
    size_t count = 0;
    size_t found = 0;
    enum status st = store_kiosks(s, &kiosk, &count);
    for (size_t i = 0; i < count; i++) {
        char key[KEY_DIGITS + 1];
        key_digits(&kiosk[i], key);
        if (!kiosk[i].revoked
            && (strcmp(key, what) == 0 || strcmp(kiosk[i].name, what) == 0)) {
            *out = kiosk[i].key;
            found++;
        }
    }
    store_kiosks_free(kiosk, count);
    if (st == STATUS_OK && found != 1) {
        st = found == 0 ? STATUS_NONE : STATUS_E_CONFLICT;
    }
    return st;
}

static int
revoke(struct store *s, int argc, char **argv)
{
    struct seal_sign_public key;
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector kiosk revoke FOLDER NAME_OR_KEY"));
    }
    enum status st = find(s, argv[2], &key);
    if (st == STATUS_E_CONFLICT) {
        return command_fail(N_("“%s”: several kiosks have this name; give the "
                               "key that “kiosk list” shows"),
                            argv[2]);
    }
    if (st == STATUS_OK) {
        st = store_begin(s);
    }
    if (st == STATUS_OK) {
        st = store_kiosk_revoke(s, &key);
    }
    if (st == STATUS_OK) {
        st = store_audit_add(s, clock_wall_ms(clock_system()), "", "revoke",
                             argv[2]);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}

static const char *
wants_of(const char *key)
{
    for (size_t i = 0; kiosk_settings_at(i); i++) {
        if (strcmp(kiosk_settings_at(i)->key, key) == 0) {
            return kiosk_settings_at(i)->wants;
        }
    }
    return "";
}

static int
unknown(const char *key)
{
    struct buf known;
    buf_init(&known, 4096);
    for (size_t i = 0; kiosk_settings_at(i); i++) {
        buf_printf(&known, "%s%s", i > 0 ? ", " : "",
                   kiosk_settings_at(i)->key);
    }
    int code = command_fail(N_("“%s”: kiosks have no such setting; they have "
                               "%s"),
                            key, buf_status(&known) < 0 ? "" : known.data);
    buf_deinit(&known);
    return code;
}

/* Set it, in a transaction with its note; `pin` instead of a value. */
static enum status
change(struct store *s, const char *key, const char *value, const char *pin)
{
    enum status st = store_begin(s);
    if (st == STATUS_OK) {
        st = pin ? kiosk_settings_set_pin(s, pin)
                 : kiosk_settings_set(s, key, value);
    }
    if (st == STATUS_OK) {
        st = store_audit_add(s, clock_wall_ms(clock_system()), "", "kiosk set",
                             key);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    return st;
}

/* Asked for, so that it stays in no history of commands. */
static int
set_pin(struct store *s)
{
    struct buf pin;
    buf_init(&pin, KEYSLOTS_PASSPHRASE_MAX_BYTES);
    int code = command_passphrase(N_("New PIN of the staff menu:"), &pin);
    if (code == COMMAND_OK) {
        const char *digits = pin.len > 0 ? pin.data : "";
        const char *fault = pin_code_fault(digits);
        enum status st =
            fault ? STATUS_OK : change(s, KIOSK_SETTINGS_STAFF, "", digits);
        if (fault) {
            (void)fprintf(stderr, "anketa-collector: %s\n",
                          i18n_text(command_lang(), fault));
            code = COMMAND_FAILED;
        } else if (st < 0) {
            code = command_fail_status(st, KIOSK_SETTINGS_STAFF);
        } else {
            (void)printf("%s\n",
                         i18n_text(command_lang(),
                                   "The kiosks take it over with the next "
                                   "library; a locked menu opens with it."));
        }
    }
    buf_deinit(&pin);
    return code;
}

static int
set(struct store *s, int argc, char **argv)
{
    bool pin = argc >= 3 && strcmp(argv[2], KIOSK_SETTINGS_STAFF) == 0;
    if (pin && argc == 3) {
        return set_pin(s);
    }
    if (argc != 4) {
        return command_usage(
            N_("Usage: anketa-collector kiosk set FOLDER SETTING VALUE"));
    }
    enum status st = change(s, argv[2], argv[3], NULL);
    if (st == STATUS_E_NOT_FOUND) {
        return unknown(argv[2]);
    }
    if (st == STATUS_E_INVALID) {
        return command_fail(N_("%s can be set to %s, or to \"\" to take it "
                               "away"),
                            argv[2],
                            i18n_text(command_lang(), wants_of(argv[2])));
    }
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}

int
command_kiosk(int argc, char **argv)
{
    static const struct command_verb verbs[] = {
        {"list", list},
        {"revoke", revoke},
        {"set", set},
    };
    return command_verb(
        verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv,
        N_("Usage: anketa-collector kiosk list|revoke|set FOLDER …"));
}
