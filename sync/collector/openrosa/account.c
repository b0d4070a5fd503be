#include "collector/openrosa/account.h"

#include <string.h>

#include "collector/http/challenge.h"
#include "collector/store/store_openrosa.h"

static bool
is_login(const char *login)
{
    size_t len = strlen(login);
    if (len == 0 || len >= CHALLENGE_USER_MAX_BYTES) {
        return false;
    }
    for (const unsigned char *at = (const unsigned char *)login; *at; at++) {
        /* ASCII: clients do not agree how to send anything else. */
        if (*at <= ' ' || *at > '~' || strchr(":\"\\,", *at)) {
            return false;
        }
    }
    return true;
}

enum status
account_new(struct store *s, const char *login, const char *code,
            char out_password[PASSWORD_GENERATED_CHARS + 1])
{
    struct challenge_secret secret = {{{0}}};
    char name[CHALLENGE_USER_MAX_BYTES];
    struct store_openrosa_user user = {.login = name};
    enum status st = is_login(login) ? STATUS_OK : STATUS_E_INVALID;
    if (st == STATUS_OK && *code) {
        st = store_person_find(s, code, &user.person);
        st = st == STATUS_NONE ? STATUS_E_NOT_FOUND : st;
    }
    if (st < 0) {
        return st;
    }
    memcpy(name, login, strlen(login) + 1);
    password_generate(out_password);
    st = challenge_secret_of(login, out_password, &secret);
    if (st == STATUS_OK) {
        memcpy(user.sha256, secret.hash[DIGEST_SHA256], sizeof(user.sha256));
        memcpy(user.md5, secret.hash[DIGEST_MD5], sizeof(user.md5));
        st = store_openrosa_user_put(s, &user);
    }
    buf_wipe(&secret, sizeof(secret));
    buf_wipe(user.sha256, sizeof(user.sha256));
    buf_wipe(user.md5, sizeof(user.md5));
    return st;
}
