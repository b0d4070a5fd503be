#include "seal/seal.h"

#include <string.h>

#include <sodium.h>

#include "base/log.h"

_Static_assert(SEAL_PUBLIC_BYTES == crypto_box_PUBLICKEYBYTES, "");
_Static_assert(SEAL_SECRET_BYTES == crypto_box_SECRETKEYBYTES, "");
_Static_assert(SEAL_SIGN_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES, "");
_Static_assert(SEAL_SIGN_SECRET_BYTES == crypto_sign_SECRETKEYBYTES, "");
_Static_assert(SEAL_SIGNATURE_BYTES == crypto_sign_BYTES, "");
_Static_assert(SEAL_OVERHEAD_BYTES == crypto_box_SEALBYTES, "");
_Static_assert(SEAL_HASH_BYTES == crypto_generichash_BYTES, "");
_Static_assert(SEAL_LOCK_KEY_BYTES
                   == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
               "");
_Static_assert(SEAL_LOCK_OVERHEAD_BYTES
                   == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
                          + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "");
_Static_assert(SEAL_SALT_BYTES == crypto_pwhash_SALTBYTES, "");

enum status
seal_init(void)
{
    if (sodium_init() < 0) {
        log_error("seal", "libsodium does not start");
        return STATUS_E_IO;
    }
    return STATUS_OK;
}

void
seal_pair_new(struct seal_pair *out)
{
    crypto_box_keypair(out->public_key.bytes, out->secret);
}

void
seal_pair_of_secret(const uint8_t secret[SEAL_SECRET_BYTES],
                    struct seal_pair *out)
{
    memcpy(out->secret, secret, SEAL_SECRET_BYTES);
    crypto_scalarmult_base(out->public_key.bytes, out->secret);
}

void
seal_pair_wipe(struct seal_pair *pair)
{
    sodium_memzero(pair, sizeof(*pair));
}

void
seal_sign_pair_new(struct seal_sign_pair *out)
{
    crypto_sign_keypair(out->public_key.bytes, out->secret);
}

void
seal_sign_wipe(struct seal_sign_pair *pair)
{
    sodium_memzero(pair, sizeof(*pair));
}

enum status
seal_public_of_signer(const struct seal_sign_public *signer,
                      struct seal_public *out)
{
    return crypto_sign_ed25519_pk_to_curve25519(out->bytes, signer->bytes) == 0
               ? STATUS_OK
               : STATUS_E_INVALID;
}

enum status
seal_pair_of_signer(const struct seal_sign_pair *signer, struct seal_pair *out)
{
    enum status st =
        seal_public_of_signer(&signer->public_key, &out->public_key);
    if (st == STATUS_OK
        && crypto_sign_ed25519_sk_to_curve25519(out->secret, signer->secret)
               != 0) {
        st = STATUS_E_INVALID;
    }
    return st;
}

void
seal_ready_wipe(struct seal_ready *ready)
{
    sodium_memzero(ready, sizeof(*ready));
}

enum status
seal_prepare(const struct seal_public *to, struct seal_ready *out)
{
    struct seal_pair once;
    seal_pair_new(&once);
    *out = (struct seal_ready){.to = *to, .once = once.public_key, .set = true};
    /* Fails for a public key of small order only. */
    int bad = crypto_box_beforenm(out->shared, to->bytes, once.secret);
    seal_pair_wipe(&once);
    if (bad != 0) {
        seal_ready_wipe(out);
        return STATUS_E_INVALID;
    }
    return STATUS_OK;
}

enum status
seal_close_ready(struct seal_ready *ready, const void *data, size_t len,
                 struct buf *out)
{
    uint8_t nonce[crypto_box_NONCEBYTES];
    crypto_generichash_state state;
    char *box = buf_extend(out, len + SEAL_OVERHEAD_BYTES);
    enum status st = buf_status(out);
    if (box && ready->set) {
        /* The nonce of libsodium's crypto_box_seal. */
        crypto_generichash_init(&state, NULL, 0, sizeof(nonce));
        crypto_generichash_update(&state, ready->once.bytes, SEAL_PUBLIC_BYTES);
        crypto_generichash_update(&state, ready->to.bytes, SEAL_PUBLIC_BYTES);
        crypto_generichash_final(&state, nonce, sizeof(nonce));
        memcpy(box, ready->once.bytes, SEAL_PUBLIC_BYTES);
        /* Fails for messages of 256 GiB only. */
        (void)crypto_box_easy_afternm((unsigned char *)box + SEAL_PUBLIC_BYTES,
                                      data, len, nonce, ready->shared);
    } else if (box) {
        buf_truncate(out, out->len - len - SEAL_OVERHEAD_BYTES);
        st = STATUS_E_INVALID;
    }
    seal_ready_wipe(ready);
    return st;
}

enum status
seal_close(const struct seal_public *to, const void *data, size_t len,
           struct buf *out)
{
    struct seal_ready ready;
    enum status st = seal_prepare(to, &ready);
    return st < 0 ? st : seal_close_ready(&ready, data, len, out);
}

enum status
seal_open(const struct seal_pair *with, const void *box, size_t len,
          struct buf *out)
{
    if (len < SEAL_OVERHEAD_BYTES) {
        return STATUS_E_AUTH;
    }
    size_t plain_len = len - SEAL_OVERHEAD_BYTES;
    char *plain = buf_extend(out, plain_len);
    if (!plain) {
        return buf_status(out);
    }
    if (crypto_box_seal_open((unsigned char *)plain, box, len,
                             with->public_key.bytes, with->secret)
        != 0) {
        buf_truncate(out, out->len - plain_len);
        return STATUS_E_AUTH;
    }
    return STATUS_OK;
}

/* Ed25519ph: the message is hashed piece by piece, so that the context can go
 * in front without a copy. */
static void
sign_start(crypto_sign_state *state, const char *context, const void *data,
           size_t len)
{
    crypto_sign_init(state);
    crypto_sign_update(state, (const unsigned char *)context,
                       strlen(context) + 1);
    crypto_sign_update(state, data, len);
}

void
seal_sign(const struct seal_sign_pair *by, const char *context,
          const void *data, size_t len, uint8_t out[SEAL_SIGNATURE_BYTES])
{
    crypto_sign_state state;
    sign_start(&state, context, data, len);
    crypto_sign_final_create(&state, out, NULL, by->secret);
}

enum status
seal_verify(const struct seal_sign_public *by, const char *context,
            const void *data, size_t len,
            const uint8_t signature[SEAL_SIGNATURE_BYTES])
{
    crypto_sign_state state;
    sign_start(&state, context, data, len);
    return crypto_sign_final_verify(&state, signature, by->bytes) == 0
               ? STATUS_OK
               : STATUS_E_AUTH;
}

void
seal_hash(const void *data, size_t len, const void *key, size_t key_len,
          struct seal_hash *out)
{
    crypto_generichash(out->bytes, sizeof(out->bytes), data, len, key,
                       key ? key_len : 0);
}

bool
seal_equal(const void *a, const void *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

void
seal_lock_key_new(struct seal_lock_key *out)
{
    crypto_aead_xchacha20poly1305_ietf_keygen(out->bytes);
}

void
seal_lock(const struct seal_lock_key *key, const void *about, size_t about_len,
          const void *data, size_t len, uint8_t *out)
{
    uint8_t *nonce = out;
    uint8_t *box = out + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    randombytes_buf(nonce, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        box, NULL, data, len, about, about_len, NULL, nonce, key->bytes);
}

enum status
seal_unlock(const struct seal_lock_key *key, const void *about,
            size_t about_len, const uint8_t *box, size_t len, void *out)
{
    const size_t nonce_len = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    if (len < SEAL_LOCK_OVERHEAD_BYTES) {
        return STATUS_E_AUTH;
    }
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
               out, NULL, NULL, box + nonce_len, len - nonce_len, about,
               about_len, box, key->bytes)
                   == 0
               ? STATUS_OK
               : STATUS_E_AUTH;
}

enum status
seal_lock_key_from_passphrase(const char *passphrase,
                              const uint8_t salt[SEAL_SALT_BYTES],
                              struct seal_lock_key *out)
{
    if (crypto_pwhash(out->bytes, sizeof(out->bytes), passphrase,
                      strlen(passphrase), salt, crypto_pwhash_OPSLIMIT_MODERATE,
                      crypto_pwhash_MEMLIMIT_INTERACTIVE,
                      crypto_pwhash_ALG_ARGON2ID13)
        != 0) {
        return log_oom("seal");
    }
    return STATUS_OK;
}
