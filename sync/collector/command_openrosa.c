/* anketa-collector openrosa: how ODK Collect and other OpenRosa clients come
 * in: by a secret address, or as an account. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/random.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/openrosa/account.h"
#include "collector/store/store_openrosa.h"
#include "collector/web/openrosa_api.h"
#include "collector/web/visit.h"

static enum status
new_address(struct store *s, char hex[VISIT_HEX_CHARS + 1])
{
    uint8_t key[VISIT_TOKEN_BYTES];
    char kept[2 * SEAL_HASH_BYTES + 1];
    struct seal_hash hash;
    random_bytes(key, sizeof(key));
    visit_hex(key, sizeof(key), hex);
    buf_wipe(key, sizeof(key));
    seal_hash(hex, VISIT_HEX_CHARS, NULL, 0, &hash);
    visit_hex(hash.bytes, sizeof(hash.bytes), kept);
    return store_text_set(s, OPENROSA_API_SETTING, kept);
}

static int
address(int argc, char **argv)
{
    if (argc != 2) {
        return command_usage(N_("Usage: anketa-collector openrosa FOLDER"));
    }
    struct home home;
    struct store *s = NULL;
    char hex[VISIT_HEX_CHARS + 1];
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    st = home_store(&home, false, &s);
    if (st == STATUS_OK) {
        st = new_address(s, hex);
    }
    store_close(s);
    home_close(&home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    (void)printf(OPENROSA_API_PATH "%s\n", hex);
    return COMMAND_OK;
}

static int
user_add(struct store *s, int argc, char **argv)
{
    const char *code = command_option(&argc, argv, "--person");
    char password[PASSWORD_GENERATED_CHARS + 1];
    enum status st = argc == 3
                         ? account_new(s, argv[2], code ? code : "", password)
                         : STATUS_E_INVALID;
    if (st == STATUS_E_INVALID) {
        return command_usage(
            N_("Usage: anketa-collector openrosa add FOLDER LOGIN [--person "
               "CODE]\n"
               "  a login of Latin letters and digits; with --person it may "
               "fill in named questionnaires"));
    }
    if (st == STATUS_OK) {
        (void)printf("%s\n", password);
    }
    buf_wipe(password, sizeof(password));
    return st == STATUS_OK
               ? COMMAND_OK
               : command_fail_status(
                   st, st == STATUS_E_NOT_FOUND && code ? code : argv[2]);
}

static int
user_list(struct store *s, int argc, char **argv)
{
    (void)argc;
    struct store_openrosa_user *users = NULL;
    size_t count = 0;
    enum status st = store_openrosa_users(s, &users, &count);
    for (size_t i = 0; i < count; i++) {
        (void)printf("%s\t%s\n", users[i].login, users[i].name);
    }
    store_openrosa_users_free(users, count);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[1]);
}

static int
user_remove(struct store *s, int argc, char **argv)
{
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector openrosa remove FOLDER LOGIN"));
    }
    enum status st = store_openrosa_user_drop(s, argv[2]);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}

/* --- files ---------------------------------------------------------------- */

struct unpack {
    const char *dir;
    size_t count;
};

/* Into a folder for each person, by number: names are for the list. */
static enum status
unpack_file(void *self, int64_t person, const char *name, const void *data,
            size_t len)
{
    struct unpack *u = self;
    char path[HOME_PATH_MAX];
    int n = snprintf(path, sizeof(path), "%s/%lld", u->dir, (long long)person);
    if (n < 0 || (size_t)n >= sizeof(path)) {
        return STATUS_E_LIMIT;
    }
    enum status st = file_make_dirs(path);
    n = snprintf(path, sizeof(path), "%s/%lld/%s", u->dir, (long long)person,
                 name);
    if (n < 0 || (size_t)n >= sizeof(path)) {
        return STATUS_E_LIMIT;
    }
    if (st == STATUS_OK) {
        st = file_replace(path, data, len, 0600);
    }
    if (st == STATUS_OK) {
        (void)printf("%lld/%s\t%zu\n", (long long)person, name, len);
        u->count++;
    }
    return st;
}

static int
files(struct store *s, int argc, char **argv)
{
    struct store_wave w = {0};
    if (argc != 4) {
        return command_usage(
            N_("Usage: anketa-collector openrosa files FOLDER WAVE "
               "NEW_FOLDER"));
    }
    struct unpack u = {.dir = argv[3]};
    enum status st = store_wave(s, argv[2], &w);
    if (st != STATUS_OK) {
        return command_fail_status(st, argv[2]);
    }
    st = store_files_each(s, w.id, 0, true, unpack_file, &u);
    store_wave_clear(&w);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[3]);
}

int
command_openrosa(int argc, char **argv)
{
    static const struct command_verb verbs[] = {
        {"add", user_add},
        {"list", user_list},
        {"remove", user_remove},
        {"files", files},
    };
    const size_t count = sizeof(verbs) / sizeof(verbs[0]);
    for (size_t i = 0; argc > 2 && i < count; i++) {
        if (strcmp(argv[1], verbs[i].name) == 0) {
            return command_verb(verbs, count, argc, argv, "");
        }
    }
    return argc == 2
               ? address(argc, argv)
               : command_usage(N_(
                   "Usage: anketa-collector openrosa FOLDER   a new secret "
                   "address\n"
                   "       anketa-collector openrosa add|list|remove|files FOLDER "
                   "…"));
}
