#include "collector/store/password.h"

#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "base/random.h"

static const char context[] = "anketa password";

static enum status
derive(const char *password, const uint8_t salt[SEAL_SALT_BYTES],
       struct seal_hash *out)
{
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    struct seal_lock_key key;
    pthread_mutex_lock(&one_at_a_time);
    enum status st = seal_lock_key_from_passphrase(password, salt, &key);
    pthread_mutex_unlock(&one_at_a_time);
    if (st == STATUS_OK) {
        seal_hash(key.bytes, sizeof(key.bytes), context, sizeof(context) - 1,
                  out);
    }
    buf_wipe(&key, sizeof(key));
    return st;
}

static size_t
characters(const char *text)
{
    size_t n = 0;
    for (const char *at = text; *at; at++) {
        /* Every byte but the continuations of UTF-8 begins one. */
        n += ((unsigned char)*at & 0xc0u) != 0x80u;
    }
    return n;
}

enum status
password_set(struct store_user *user, const char *password)
{
    if (characters(password) < PASSWORD_MIN_CHARS
        || strlen(password) > PASSWORD_MAX_BYTES) {
        return STATUS_E_INVALID;
    }
    random_bytes(user->salt, sizeof(user->salt));
    return derive(password, user->salt, &user->hash);
}

enum status
password_check(const struct store_user *user, const char *password)
{
    if (strlen(password) > PASSWORD_MAX_BYTES) {
        return STATUS_E_AUTH;
    }
    struct seal_hash hash;
    enum status st = derive(password, user->salt, &hash);
    if (st == STATUS_OK
        && !seal_equal(hash.bytes, user->hash.bytes, sizeof(hash.bytes))) {
        st = STATUS_E_AUTH;
    }
    buf_wipe(&hash, sizeof(hash));
    return st;
}

void
password_pretend(void)
{
    static const uint8_t salt[SEAL_SALT_BYTES] = {0};
    struct seal_hash hash;
    /* Only the time it takes matters. */
    (void)!derive("nobody has this password", salt, &hash);
}

void
password_generate(char out[PASSWORD_GENERATED_CHARS + 1])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    for (size_t i = 0; i < PASSWORD_GENERATED_CHARS; i++) {
        out[i] = letters[random_below(sizeof(letters) - 1)];
        if (i % 5 == 4) {
            out[i] = '-';
        }
    }
    out[PASSWORD_GENERATED_CHARS] = '\0';
}
