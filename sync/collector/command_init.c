/* anketa-collector init: a new collector in a folder, and its first account. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/http/certificate.h"
#include "collector/store/password.h"

#define HOST_MAX_BYTES 256
#define TEXT_MAX_BYTES 4096

/* `user` is the first coordinator, without a password so far. */
static enum status
add_account(const struct home *home, struct store_user *user,
            char password[PASSWORD_GENERATED_CHARS + 1])
{
    struct store *s = NULL;
    int64_t id = 0;
    password_generate(password);
    enum status st = password_set(user, password);
    if (st == STATUS_OK) {
        st = home_store(home, false, &s);
    }
    if (st == STATUS_OK) {
        st = store_user_add(s, user, &id);
    }
    if (st == STATUS_OK) {
        st = store_audit_add(s, clock_wall_ms(clock_system()), user->login,
                             "init", "");
    }
    store_close(s);
    return st;
}

static void
print_result(const struct home *home, const char *login, const char *password)
{
    enum i18n_lang lang = command_lang();
    struct buf print;
    buf_init(&print, TEXT_MAX_BYTES);
    if (certificate_fingerprint(&home->keys.tls.cert, &print) == STATUS_OK) {
        (void)printf("%s %s\n", i18n_text(lang, "folder:"), home->dir);
        (void)printf("%s %s\n", i18n_text(lang, "certificate (SHA-256):"),
                     print.data);
        (void)printf("%s %s\n", i18n_text(lang, "sign in as:"), login);
        (void)printf("%s %s\n", i18n_text(lang, "password:"), password);
    }
    buf_deinit(&print);
}

int
command_init(int argc, char **argv)
{
    char host[HOST_MAX_BYTES] = "anketa";
    (void)gethostname(host, sizeof(host) - 1);
    const char *house = command_option(&argc, argv, "--name");
    const char *as_host = command_option(&argc, argv, "--host");
    const char *login = command_option(&argc, argv, "--login");
    if (argc != 2) {
        return command_usage(N_("Usage: anketa-collector init FOLDER "
                                "[--name SCHOOL] [--host NAME] "
                                "[--login LOGIN]"));
    }
    login = login ? login : "coordinator";
    enum status st =
        home_create(argv[1], house ? house : "", as_host ? as_host : host);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    struct home home;
    st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    char password[PASSWORD_GENERATED_CHARS + 1];
    struct store_user user = {
        .login = strdup(login),
        .name = strdup(""), /* the desk says "Coordinator" in its language */
        .role = STORE_ROLE_COORDINATOR,
        .enabled = true,
    };
    st = user.login && user.name ? add_account(&home, &user, password)
                                 : STATUS_E_NOMEM;
    store_user_clear(&user);
    if (st == STATUS_OK) {
        print_result(&home, login, password);
    }
    home_close(&home);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[1]);
}
