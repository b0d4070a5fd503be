#include "collector/ingest/codes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define CODE_MAX_BYTES 64
#define KEYED "codes.keyed" /* a number of the store: 1 once all cells are */

static void
in_hex(const struct seal_hash *hash, char out[CODES_CELL_CHARS + 1])
{
    for (size_t i = 0; i < CODES_CELL_CHARS / 2; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", hash->bytes[i]);
    }
}

/* What was kept before there was a key. It is still the inner half, so that
 * those cells need no code to get theirs. */
static void
plain_cell(const char *value, char out[CODES_CELL_CHARS + 1])
{
    static const char context[] = "anketa: a code that links waves";
    char plain[CODE_MAX_BYTES];
    struct seal_hash hash;
    size_t len = 0;
    for (const char *c = value; *c && len < sizeof(plain); c++) {
        /* All of UTF-8 but ASCII's marks and spaces. */
        if (isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80) {
            plain[len++] = (char)tolower((unsigned char)*c);
        }
    }
    seal_hash(plain, len, context, sizeof(context), &hash);
    in_hex(&hash, out);
}

static void
keyed_cell(const uint8_t key[CATALOGUE_CODE_KEY_BYTES], const char *cell,
           char out[CODES_CELL_CHARS + 1])
{
    struct seal_hash hash;
    seal_hash(cell, strlen(cell), key, CATALOGUE_CODE_KEY_BYTES, &hash);
    in_hex(&hash, out);
}

void
codes_cell(const uint8_t key[CATALOGUE_CODE_KEY_BYTES], const char *value,
           char out[CODES_CELL_CHARS + 1])
{
    char plain[CODES_CELL_CHARS + 1];
    plain_cell(value, plain);
    keyed_cell(key, plain, out);
    buf_wipe(plain, sizeof(plain));
}

/* --- cells from before ---------------------------------------------------- */

struct rekeying {
    const uint8_t *key;
    char cell[CODES_CELL_CHARS + 1];
};

static const char *
rekey(void *self, const char *cell)
{
    struct rekeying *r = self;
    keyed_cell(r->key, cell, r->cell);
    return r->cell;
}

static enum status
rekey_wave(struct store *writer, struct catalogue *c, const uint8_t *key,
           const struct store_wave *w)
{
    const struct catalogue_form *form = NULL;
    struct rekeying r = {.key = key};
    enum status st = catalogue_take(c, writer, w->form, &form);
    for (size_t i = 0; st == STATUS_OK && i < form->field_count; i++) {
        if (form->field[i].count == CATALOGUE_COUNT_CODE) {
            st = store_answers_map(writer, w->id, (uint32_t)i, rekey, &r);
        }
    }
    catalogue_give(c, form);
    return st;
}

static enum status
rekey_all(struct store *writer, struct catalogue *c, const uint8_t *key)
{
    struct store_wave *wave = NULL;
    size_t count = 0;
    enum status st = store_begin(writer);
    if (st == STATUS_OK) {
        st = store_waves(writer, &wave, &count);
    }
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        st = rekey_wave(writer, c, key, &wave[i]);
    }
    if (st == STATUS_OK) {
        st = store_number_set(writer, KEYED, 1);
    }
    if (st == STATUS_OK) {
        st = store_commit(writer);
    }
    store_rollback(writer);
    store_waves_free(wave, count);
    return st == STATUS_OK && count > 0 ? store_forget(writer) : st;
}

enum status
codes_open(const struct keys *keys, struct store *writer, struct catalogue *c)
{
    static const char context[] = "anketa: key of codes that link waves";
    const struct seal_pair *first = &keys->seal[keys->seal_count - 1];
    struct seal_hash key;
    int64_t keyed = 0;
    seal_hash(context, sizeof(context), first->secret, sizeof(first->secret),
              &key);
    catalogue_set_code_key(c, key.bytes);
    enum status st = store_number(writer, KEYED, &keyed);
    if (st == STATUS_OK && keyed == 0) {
        st = rekey_all(writer, c, key.bytes);
    }
    buf_wipe(&key, sizeof(key));
    return st;
}
