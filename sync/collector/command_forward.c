/* anketa-collector forward: named answers on to ODK Central, Kobo or another
 * OpenRosa server. */
#include <stdio.h>
#include <string.h>

#include "collector/command.h"
#include "collector/home.h"
#include "collector/openrosa/forward.h"
#include "collector/store/store_openrosa.h"

#define PASSWORD_MAX_BYTES 512

/* Not an argument: those can be read by everybody on the machine. */
static bool
read_password(char out[PASSWORD_MAX_BYTES])
{
    (void)fprintf(stderr, "%s",
                  i18n_text(command_lang(), N_("Password of that account: ")));
    if (!fgets(out, PASSWORD_MAX_BYTES, stdin)) {
        return false;
    }
    out[strcspn(out, "\r\n")] = '\0';
    return *out != '\0';
}

static int
set(struct store *s, int argc, char **argv)
{
    char password[PASSWORD_MAX_BYTES] = "";
    const char *login = command_option(&argc, argv, "--login");
    const char *ca = command_option(&argc, argv, "--ca");
    bool all = command_flag(&argc, argv, "--all");
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector forward set FOLDER https://SERVER/… "
               "[--login NAME] [--ca FILE] [--all]\n"
               "  named answers go there from now on; with --all those that "
               "are here too"));
    }
    if (login && !read_password(password)) {
        return command_fail(N_("no password was given"));
    }
    int64_t count = 0;
    enum status st = store_begin(s);
    if (st == STATUS_OK) {
        st =
            forward_set(s, argv[2], login ? login : "", password, ca ? ca : "");
    }
    if (st == STATUS_OK && all) {
        st = store_forward_all(s, &count);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    buf_wipe(password, sizeof(password));
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}

static int
status(struct store *s, int argc, char **argv)
{
    (void)argc;
    struct store_forward_counts counts;
    struct buf url;
    buf_init(&url, 1024);
    enum status st = store_text(s, STORE_FORWARD_URL, &url);
    if (st == STATUS_OK) {
        st = store_forward_count(s, &counts);
    }
    if (st == STATUS_OK) {
        (void)printf("%s\nwaiting\t%lld\nsent\t%lld\nrefused\t%lld\n%s%s",
                     url.len > 0 ? url.data : "-", (long long)counts.waiting,
                     (long long)counts.done, (long long)counts.refused,
                     counts.detail, *counts.detail ? "\n" : "");
    }
    buf_deinit(&url);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[1]);
}

static int
retry(struct store *s, int argc, char **argv)
{
    (void)argc;
    enum status st = store_forward_retry(s);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[1]);
}

static int
stop(struct store *s, int argc, char **argv)
{
    (void)argc;
    enum status st = store_begin(s);
    if (st == STATUS_OK) {
        st = store_text_set(s, STORE_FORWARD_URL, "");
    }
    if (st == STATUS_OK) {
        st = store_text_set(s, STORE_FORWARD_PASSWORD, "");
    }
    if (st == STATUS_OK) {
        st = store_forward_stop(s);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[1]);
}

int
command_forward(int argc, char **argv)
{
    static const struct command_verb verbs[] = {
        {"set", set},
        {"status", status},
        {"retry", retry},
        {"stop", stop},
    };
    return command_verb(
        verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv,
        N_("Usage: anketa-collector forward set|status|retry|stop FOLDER …"));
}
