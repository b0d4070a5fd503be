#include "seal/stream.h"

#include <string.h>

#include <sodium.h>

#define STATE crypto_secretstream_xchacha20poly1305_state

_Static_assert(SEAL_STREAM_START_BYTES
                   == crypto_secretstream_xchacha20poly1305_HEADERBYTES,
               "");
_Static_assert(SEAL_STREAM_OVERHEAD_BYTES
                   == crypto_secretstream_xchacha20poly1305_ABYTES,
               "");
_Static_assert(SEAL_LOCK_KEY_BYTES
                   == crypto_secretstream_xchacha20poly1305_KEYBYTES,
               "");
_Static_assert(sizeof(STATE) <= sizeof(((struct seal_stream *)0)->state), "");

/* The library's state is bytes throughout; it comes and goes by copy, so that
 * nobody else needs its header. */
static void
fetch(const struct seal_stream *s, STATE *out)
{
    memcpy(out, s->state, sizeof(*out));
}

static void
keep(struct seal_stream *s, STATE *state)
{
    memcpy(s->state, state, sizeof(*state));
    sodium_memzero(state, sizeof(*state));
}

void
seal_stream_begin(struct seal_stream *s, const struct seal_lock_key *key,
                  uint8_t start[SEAL_STREAM_START_BYTES])
{
    STATE state;
    crypto_secretstream_xchacha20poly1305_init_push(&state, start, key->bytes);
    keep(s, &state);
}

void
seal_stream_put(struct seal_stream *s, const struct seal_hash *about,
                const void *data, size_t len, bool last, uint8_t *out)
{
    STATE state;
    fetch(s, &state);
    crypto_secretstream_xchacha20poly1305_push(
        &state, out, NULL, data, len, about->bytes, sizeof(about->bytes),
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
             : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    keep(s, &state);
}

enum status
seal_stream_open(struct seal_stream *s, const struct seal_lock_key *key,
                 const uint8_t start[SEAL_STREAM_START_BYTES])
{
    STATE state;
    int rc = crypto_secretstream_xchacha20poly1305_init_pull(&state, start,
                                                             key->bytes);
    keep(s, &state);
    return rc == 0 ? STATUS_OK : STATUS_E_AUTH;
}

enum status
seal_stream_take(struct seal_stream *s, const struct seal_hash *about,
                 const uint8_t *box, size_t len, uint8_t *out, bool *out_last)
{
    STATE state;
    unsigned char tag = 0;
    *out_last = false;
    if (len < SEAL_STREAM_OVERHEAD_BYTES) {
        return STATUS_E_AUTH;
    }
    fetch(s, &state);
    int rc = crypto_secretstream_xchacha20poly1305_pull(
        &state, out, NULL, &tag, box, len, about->bytes, sizeof(about->bytes));
    keep(s, &state);
    *out_last =
        rc == 0 && tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return rc == 0 ? STATUS_OK : STATUS_E_AUTH;
}
