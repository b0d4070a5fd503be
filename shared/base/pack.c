#include "base/pack.h"

#include <string.h>

#include <cbor.h>

#include "base/utf8.h"

#define HEAD_MAX_BYTES 9

/* -- writing ---------------------------------------------------------- */

static void
put_head(struct buf *out, size_t (*encode)(uint64_t, unsigned char *, size_t),
         uint64_t value)
{
    unsigned char head[HEAD_MAX_BYTES];
    size_t len = encode(value, head, sizeof(head));
    buf_put(out, head, len);
}

static size_t
encode_array(uint64_t items, unsigned char *head, size_t cap)
{
    return cbor_encode_array_start((size_t)items, head, cap);
}

static size_t
encode_bytes(uint64_t len, unsigned char *head, size_t cap)
{
    return cbor_encode_bytestring_start((size_t)len, head, cap);
}

static size_t
encode_text(uint64_t len, unsigned char *head, size_t cap)
{
    return cbor_encode_string_start((size_t)len, head, cap);
}

void
pack_array(struct buf *out, size_t items)
{
    put_head(out, encode_array, items);
}

void
pack_uint(struct buf *out, uint64_t value)
{
    put_head(out, cbor_encode_uint, value);
}

void
pack_bool(struct buf *out, bool value)
{
    unsigned char head[1];
    buf_put(out, head, cbor_encode_bool(value, head, sizeof(head)));
}

void
pack_bytes(struct buf *out, const void *data, size_t len)
{
    put_head(out, encode_bytes, len);
    buf_put(out, data, len);
}

void
pack_text(struct buf *out, const char *text)
{
    size_t len = strlen(text);
    put_head(out, encode_text, len);
    buf_put(out, text, len);
}

/* -- reading ---------------------------------------------------------- */

/* What one call of the streaming decoder saw. */
enum token_kind {
    TOKEN_OTHER,
    TOKEN_UINT,
    TOKEN_BOOL,
    TOKEN_ARRAY,
    TOKEN_BYTES,
    TOKEN_TEXT,
};

struct token {
    enum token_kind kind;
    uint64_t value; /* integer, boolean, items or bytes */
    const uint8_t *data;
};

static void
on_uint8(void *token, uint8_t value)
{
    *(struct token *)token = (struct token){TOKEN_UINT, value, NULL};
}

static void
on_uint16(void *token, uint16_t value)
{
    *(struct token *)token = (struct token){TOKEN_UINT, value, NULL};
}

static void
on_uint32(void *token, uint32_t value)
{
    *(struct token *)token = (struct token){TOKEN_UINT, value, NULL};
}

static void
on_uint64(void *token, uint64_t value)
{
    *(struct token *)token = (struct token){TOKEN_UINT, value, NULL};
}

static void
on_bool(void *token, bool value)
{
    *(struct token *)token = (struct token){TOKEN_BOOL, value, NULL};
}

static void
on_array(void *token, size_t items)
{
    *(struct token *)token = (struct token){TOKEN_ARRAY, items, NULL};
}

static void
on_bytes(void *token, cbor_data data, size_t len)
{
    *(struct token *)token = (struct token){TOKEN_BYTES, len, data};
}

static void
on_text(void *token, cbor_data data, size_t len)
{
    *(struct token *)token = (struct token){TOKEN_TEXT, len, data};
}

/* Bytes the shortest head for `value` takes. */
static size_t
shortest_head(const struct token *token)
{
    if (token->kind == TOKEN_BOOL || token->value < 24) {
        return 1;
    }
    if (token->value <= UINT8_MAX) {
        return 2;
    }
    if (token->value <= UINT16_MAX) {
        return 3;
    }
    return token->value <= UINT32_MAX ? 5 : 9;
}

void
pack_open(struct pack_reader *r, const void *data, size_t len)
{
    *r = (struct pack_reader){.at = data};
    r->end = r->at + len;
}

void
pack_fail(struct pack_reader *r, enum status error)
{
    if (r->error == STATUS_OK) {
        r->error = error;
    }
}

/* One item is about to be taken out of the innermost open array. */
static bool
take_place(struct pack_reader *r)
{
    while (r->depth > 0 && r->left[r->depth - 1] == 0) {
        r->depth--;
    }
    if (r->error < 0) {
        return false;
    }
    if (r->depth > 0) {
        r->left[r->depth - 1]--;
    }
    return true;
}

static bool
next(struct pack_reader *r, enum token_kind kind, struct token *out)
{
    *out = (struct token){0};
    if (!take_place(r)) {
        return false;
    }
    struct cbor_callbacks callbacks = cbor_empty_callbacks;
    callbacks.uint8 = on_uint8;
    callbacks.uint16 = on_uint16;
    callbacks.uint32 = on_uint32;
    callbacks.uint64 = on_uint64;
    callbacks.boolean = on_bool;
    callbacks.array_start = on_array;
    callbacks.byte_string = on_bytes;
    callbacks.string = on_text;

    struct cbor_decoder_result result =
        cbor_stream_decode(r->at, (size_t)(r->end - r->at), &callbacks, out);
    size_t expected = shortest_head(out) + (out->data ? out->value : 0);
    if (result.status != CBOR_DECODER_FINISHED || out->kind != kind
        || result.read != expected) {
        *out = (struct token){0};
        pack_fail(r, STATUS_E_INVALID);
        return false;
    }
    r->at += result.read;
    return true;
}

enum status
pack_end(struct pack_reader *r)
{
    for (size_t i = 0; i < r->depth; i++) {
        if (r->left[i] > 0) {
            pack_fail(r, STATUS_E_INVALID);
        }
    }
    if (r->at != r->end) {
        pack_fail(r, STATUS_E_INVALID);
    }
    return r->error;
}

size_t
pack_read_array(struct pack_reader *r, size_t max)
{
    struct token token;
    if (!next(r, TOKEN_ARRAY, &token)) {
        return 0;
    }
    while (r->depth > 0 && r->left[r->depth - 1] == 0) {
        r->depth--;
    }
    if (token.value > max || r->depth == PACK_MAX_DEPTH) {
        pack_fail(r, STATUS_E_LIMIT);
        return 0;
    }
    /* Every item takes a byte at least: no count can outgrow the message. */
    if (token.value > (uint64_t)(r->end - r->at)) {
        pack_fail(r, STATUS_E_INVALID);
        return 0;
    }
    r->left[r->depth] = token.value;
    r->depth++;
    return (size_t)token.value;
}

void
pack_expect_array(struct pack_reader *r, size_t items)
{
    if (pack_read_array(r, items) != items) {
        pack_fail(r, STATUS_E_INVALID);
    }
}

uint64_t
pack_read_uint(struct pack_reader *r, uint64_t max)
{
    struct token token;
    if (!next(r, TOKEN_UINT, &token)) {
        return 0;
    }
    if (token.value > max) {
        pack_fail(r, STATUS_E_INVALID);
        return 0;
    }
    return token.value;
}

bool
pack_read_bool(struct pack_reader *r)
{
    struct token token;
    return next(r, TOKEN_BOOL, &token) && token.value != 0;
}

static const uint8_t *
read_string(struct pack_reader *r, enum token_kind kind, size_t max,
            size_t *out_len)
{
    struct token token;
    *out_len = 0;
    if (!next(r, kind, &token)) {
        return (const uint8_t *)"";
    }
    if (token.value > max) {
        pack_fail(r, STATUS_E_LIMIT);
        return (const uint8_t *)"";
    }
    *out_len = (size_t)token.value;
    return token.data;
}

const uint8_t *
pack_read_bytes(struct pack_reader *r, size_t max, size_t *out_len)
{
    return read_string(r, TOKEN_BYTES, max, out_len);
}

void
pack_copy_bytes(struct pack_reader *r, void *out, size_t len)
{
    size_t got = 0;
    const uint8_t *data = pack_read_bytes(r, len, &got);
    memset(out, 0, len);
    if (got != len) {
        pack_fail(r, STATUS_E_INVALID);
        return;
    }
    memcpy(out, data, len);
}

const char *
pack_read_text(struct pack_reader *r, size_t max, size_t *out_len)
{
    const char *text = (const char *)read_string(r, TOKEN_TEXT, max, out_len);
    if (*out_len > 0
        && (!utf8_valid(text, *out_len) || memchr(text, 0, *out_len))) {
        pack_fail(r, STATUS_E_INVALID);
        *out_len = 0;
        return "";
    }
    return text;
}

void
pack_expect_version(struct pack_reader *r, uint64_t known)
{
    uint64_t version = pack_read_uint(r, UINT64_MAX);
    if (version > known) {
        pack_fail(r, STATUS_E_UNSUPPORTED);
    } else if (version != known) {
        pack_fail(r, STATUS_E_INVALID);
    }
}
