#include "collector/store/recovery.h"

#include <string.h>

#include "base/buf.h"

#define CHECK_BYTES 4
#define TEXT_BYTES ((size_t)SEAL_SECRET_BYTES + CHECK_BYTES)

_Static_assert(TEXT_BYTES == (size_t)RECOVERY_LINES * LETTERS_DATA_BYTES, "");

/* That all lines are of one sheet. */
static void
checksum(const uint8_t secret[SEAL_SECRET_BYTES], uint8_t out[CHECK_BYTES])
{
    static const uint8_t purpose[16] = "anketa recovery ";
    struct seal_hash hash;
    seal_hash(secret, SEAL_SECRET_BYTES, purpose, sizeof(purpose), &hash);
    memcpy(out, hash.bytes, CHECK_BYTES);
}

void
recovery_print(const struct seal_pair *pair, struct recovery_text *out)
{
    uint8_t text[TEXT_BYTES];
    memcpy(text, pair->secret, SEAL_SECRET_BYTES);
    checksum(pair->secret, text + SEAL_SECRET_BYTES);
    for (unsigned i = 0; i < RECOVERY_LINES; i++) {
        letters_print(text + (size_t)i * LETTERS_DATA_BYTES, i + 1,
                      out->line[i]);
    }
    buf_wipe(text, sizeof(text));
}

enum status
recovery_parse(const char *text, struct seal_pair *out, unsigned *out_line)
{
    uint8_t data[TEXT_BYTES];
    uint8_t right[CHECK_BYTES];
    enum status st = STATUS_OK;
    *out_line = 0;
    for (unsigned i = 0; st == STATUS_OK && i < RECOVERY_LINES; i++) {
        st = letters_read(&text, i + 1, data + (size_t)i * LETTERS_DATA_BYTES);
        *out_line = st < 0 ? i + 1 : 0;
    }
    if (st == STATUS_OK) {
        st = letters_end(text);
        *out_line = st < 0 ? RECOVERY_LINES : 0;
    }
    if (st == STATUS_OK) {
        checksum(data, right);
        st = seal_equal(data + SEAL_SECRET_BYTES, right, CHECK_BYTES)
                 ? STATUS_OK
                 : STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        seal_pair_of_secret(data, out);
    }
    buf_wipe(data, sizeof(data));
    return st;
}

enum status
recovery_check_line(const char *text, unsigned line)
{
    uint8_t data[LETTERS_DATA_BYTES];
    enum status st = letters_read(&text, line, data);
    buf_wipe(data, sizeof(data));
    return st < 0 ? st : letters_end(text);
}

void
recovery_name(const struct seal_public *key, char out[RECOVERY_NAME_CHARS + 1])
{
    struct seal_hash hash;
    char line[LETTERS_CHARS + 1];
    seal_hash(key->bytes, sizeof(key->bytes), NULL, 0, &hash);
    letters_print(hash.bytes, 0, line);
    memcpy(out, line, RECOVERY_NAME_CHARS);
    out[RECOVERY_NAME_CHARS] = '\0';
}
