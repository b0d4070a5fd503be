#include "seal/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* For an allocator of our own, below. */
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include "base/log.h"
#include "base/pack.h"

#define RECORD_VERSION 1
#define HEAD_ITEMS 9
/* What counts is the bucket: the rest is padding. So the quick level first, and
 * the thorough one where it may save a bucket. */
#define ZSTD_LEVEL_QUICK 1
#define ZSTD_LEVEL_THOROUGH 19
#define PACKED_MAX_BYTES ((size_t)131072)

const size_t record_bucket_bytes[RECORD_BUCKET_COUNT] = {512, 2048, 8192, 32768,
                                                         131072};

/* 0 if no bucket is large enough. */
static size_t
bucket_for(size_t plain_len)
{
    for (size_t i = 0; i < RECORD_BUCKET_COUNT; i++) {
        if (plain_len + SEAL_OVERHEAD_BYTES <= record_bucket_bytes[i]) {
            return record_bucket_bytes[i];
        }
    }
    return 0;
}

bool
record_is_bucket(size_t len)
{
    for (size_t i = 0; i < RECORD_BUCKET_COUNT; i++) {
        if (len == record_bucket_bytes[i]) {
            return true;
        }
    }
    return false;
}

void
record_id(const void *sealed, size_t len, struct seal_hash *out)
{
    seal_hash(sealed, len, NULL, 0, out);
}

struct record_press {
    ZSTD_CCtx *zstd; /* owned; for one record, NULL after it */
    struct seal_ready ready;
};

/* What zstd works with holds the answers letter by letter: it goes back to the
 * heap overwritten. The size stands in front, in a place that keeps what
 * follows aligned. */
#define HEAP_HEAD_BYTES 64

static void *
heap_alloc(void *self, size_t len)
{
    (void)self;
    char *block = len <= SIZE_MAX - HEAP_HEAD_BYTES
                      ? malloc(len + HEAP_HEAD_BYTES)
                      : NULL;
    if (!block) {
        return NULL;
    }
    memcpy(block, &len, sizeof(len));
    return block + HEAP_HEAD_BYTES;
}

static void
heap_free(void *self, void *mem)
{
    (void)self;
    if (mem) {
        size_t len = 0;
        char *block = (char *)mem - HEAP_HEAD_BYTES;
        memcpy(&len, block, sizeof(len));
        buf_wipe(block, len + HEAP_HEAD_BYTES);
        free(block);
    }
}

static enum status
compress(ZSTD_CCtx *ctx, int level, const char *xml, size_t xml_len,
         const struct record_blank *blank, struct buf *out)
{
    enum status st = STATUS_OK;
    size_t cap = ZSTD_compressBound(xml_len);
    ZSTD_CCtx_reset(ctx, ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_dictIDFlag, 0);
    /* Another dictionary must not pass for the right one. */
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_refPrefix(ctx, blank->xml, blank->len);
    char *room = buf_extend(out, cap);
    if (room) {
        size_t len = ZSTD_compress2(ctx, room, cap, xml, xml_len);
        if (ZSTD_isError(len)) {
            log_error("record", "zstd: %s", ZSTD_getErrorName(len));
            st = STATUS_E_NOMEM; /* the only way it can fail here */
        } else {
            buf_truncate(out, len);
        }
    }
    return st < 0 ? st : buf_status(out);
}

static void
put_plain(const struct record_head *head, const struct buf *packed,
          struct buf *out)
{
    static const struct seal_hash none;
    bool slip = !seal_equal(&head->slip, &none, sizeof(none));

    pack_array(out, HEAD_ITEMS);
    pack_uint(out, RECORD_VERSION);
    pack_uint(out, head->kind);
    pack_text(out, head->form_id);
    pack_text(out, head->form_version);
    pack_text(out, head->wave);
    pack_text(out, head->code);
    pack_bytes(out, head->slip.bytes, slip ? SEAL_HASH_BYTES : 0);
    pack_bool(out, head->test);
    pack_bytes(out, packed->data, packed->len);
}

static enum status
pad_to_bucket(struct buf *plain)
{
    size_t bucket = bucket_for(plain->len);
    if (bucket == 0) {
        return STATUS_E_LIMIT;
    }
    size_t pad = bucket - SEAL_OVERHEAD_BYTES - plain->len;
    char *zeros = buf_extend(plain, pad);
    if (zeros) {
        memset(zeros, 0, pad);
    }
    return buf_status(plain);
}

enum status
record_press_new(struct record_press **out)
{
    *out = NULL;
    struct record_press *press = calloc(1, sizeof(*press));
    if (!press) {
        return log_oom("record");
    }
    *out = press;
    return STATUS_OK;
}

void
record_press_free(struct record_press *press)
{
    if (press) {
        ZSTD_freeCCtx(press->zstd);
        seal_ready_wipe(&press->ready);
        free(press);
    }
}

static bool
ready_for(const struct record_press *press, const struct seal_public *to)
{
    return press->ready.set && seal_equal(&press->ready.to, to, sizeof(*to));
}

enum status
record_press_prepare(struct record_press *press, const struct seal_public *to)
{
    const ZSTD_customMem heap = {heap_alloc, heap_free, NULL};
    if (!press->zstd) {
        press->zstd = ZSTD_createCCtx_advanced(heap);
    }
    if (!press->zstd) {
        return log_oom("record");
    }
    return ready_for(press, to) ? STATUS_OK : seal_prepare(to, &press->ready);
}

/* Head and packed answers, one behind the other. */
static enum status
pack_plain(struct record_press *press, int level,
           const struct record_draft *draft, struct buf *plain)
{
    struct buf packed;
    buf_init(&packed, ZSTD_compressBound(draft->xml_len));
    enum status st = compress(press->zstd, level, draft->xml, draft->xml_len,
                              &draft->blank, &packed);
    buf_clear(plain);
    if (st == STATUS_OK) {
        put_plain(draft->head, &packed, plain);
        st = buf_status(plain);
    }
    buf_deinit(&packed);
    return st;
}

enum status
record_press_close(struct record_press *press, const struct seal_public *to,
                   const struct record_draft *draft, struct buf *out)
{
    const struct record_head *head = draft->head;
    if (draft->xml_len > RECORD_XML_MAX_BYTES
        || strlen(head->form_id) > RECORD_ID_MAX_BYTES
        || strlen(head->form_version) > RECORD_ID_MAX_BYTES
        || strlen(head->wave) > RECORD_ID_MAX_BYTES
        || strlen(head->code) > RECORD_ID_MAX_BYTES) {
        return STATUS_E_LIMIT;
    }

    struct buf plain;
    buf_init(&plain, PACKED_MAX_BYTES * 2 + ZSTD_compressBound(draft->xml_len));
    enum status st = record_press_prepare(press, to);
    if (st == STATUS_OK) {
        st = pack_plain(press, ZSTD_LEVEL_QUICK, draft, &plain);
    }
    if (st == STATUS_OK && bucket_for(plain.len) != record_bucket_bytes[0]) {
        st = pack_plain(press, ZSTD_LEVEL_THOROUGH, draft, &plain);
    }
    if (st == STATUS_OK) {
        st = pad_to_bucket(&plain);
    }
    if (st == STATUS_OK) {
        st = seal_close_ready(&press->ready, plain.data, plain.len, out);
    }
    buf_deinit(&plain);
    ZSTD_freeCCtx(press->zstd);
    press->zstd = NULL;
    return st;
}

enum status
record_close(const struct seal_public *to, const struct record_head *head,
             const char *xml, size_t xml_len, const struct record_blank *blank,
             struct buf *out)
{
    const struct record_draft draft = {head, xml, xml_len, *blank};
    struct record_press *press = NULL;
    enum status st = record_press_new(&press);
    if (press) {
        st = record_press_close(press, to, &draft, out);
    }
    record_press_free(press);
    return st;
}

static bool
all_zero(const uint8_t *at, const uint8_t *end)
{
    uint8_t any = 0;
    for (; at < end; at++) {
        any |= *at;
    }
    return any == 0;
}

/* Terminate a text in place: the byte behind it is the head of the next item,
 * which has been read. */
static const char *
terminate(struct buf *plain, const char *text, size_t len)
{
    size_t offset = (size_t)(text - plain->data);
    plain->data[offset + len] = '\0';
    return plain->data + offset;
}

static enum status
read_plain(struct record *out)
{
    enum {
        TEXTS = 4
    };
    const char *text[TEXTS];
    size_t len[TEXTS];
    struct buf *plain = &out->plain;
    struct pack_reader r;

    pack_open(&r, plain->data, plain->len);
    pack_expect_array(&r, HEAD_ITEMS);
    pack_expect_version(&r, RECORD_VERSION);
    out->head.kind = (enum record_kind)pack_read_uint(&r, RECORD_BALLOT);
    for (size_t i = 0; i < TEXTS; i++) {
        text[i] = pack_read_text(&r, RECORD_ID_MAX_BYTES, &len[i]);
    }
    size_t slip_len = 0;
    const uint8_t *slip = pack_read_bytes(&r, SEAL_HASH_BYTES, &slip_len);
    if (slip_len == SEAL_HASH_BYTES) {
        memcpy(out->head.slip.bytes, slip, SEAL_HASH_BYTES);
    } else if (slip_len != 0) {
        pack_fail(&r, STATUS_E_INVALID);
    }
    out->head.test = pack_read_bool(&r);
    out->packed = pack_read_bytes(&r, plain->len, &out->packed_len);
    if (!all_zero(r.at, r.end)) {
        pack_fail(&r, STATUS_E_INVALID);
    }
    r.end = r.at; /* the padding is read */
    enum status st = pack_end(&r);
    if (st < 0) {
        return st == STATUS_E_UNSUPPORTED ? st : STATUS_E_INVALID;
    }
    out->head.form_id = terminate(plain, text[0], len[0]);
    out->head.form_version = terminate(plain, text[1], len[1]);
    out->head.wave = terminate(plain, text[2], len[2]);
    out->head.code = terminate(plain, text[3], len[3]);
    return STATUS_OK;
}

enum status
record_open(const struct seal_pair *with, const void *box, size_t len,
            struct record *out)
{
    *out = (struct record){0};
    buf_init(&out->plain, PACKED_MAX_BYTES);
    enum status st = record_is_bucket(len) ? STATUS_OK : STATUS_E_INVALID;
    if (st == STATUS_OK) {
        st = seal_open(with, box, len, &out->plain);
    }
    if (st == STATUS_OK) {
        st = read_plain(out);
    }
    if (st < 0) {
        record_clear(out);
    }
    return st;
}

enum status
record_xml(const struct record *r, const struct record_blank *blank,
           struct buf *out)
{
    unsigned long long size =
        ZSTD_getFrameContentSize(r->packed, r->packed_len);
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) {
        return STATUS_E_INVALID;
    }
    if (size > RECORD_XML_MAX_BYTES) {
        return STATUS_E_LIMIT;
    }

    enum status st = STATUS_OK;
    size_t before = out->len;
    char *room = NULL;
    ZSTD_DCtx *ctx = ZSTD_createDCtx();
    if (!ctx) {
        return log_oom("record");
    }
    ZSTD_DCtx_refPrefix(ctx, blank->xml, blank->len);
    room = buf_extend(out, (size_t)size);
    if (room) {
        size_t got = ZSTD_decompressDCtx(ctx, room, (size_t)size, r->packed,
                                         r->packed_len);
        if (ZSTD_isError(got) || got != size) {
            buf_truncate(out, before);
            st = STATUS_E_INVALID;
        }
    }
    ZSTD_freeDCtx(ctx);
    return st < 0 ? st : buf_status(out);
}

void
record_clear(struct record *r)
{
    buf_deinit(&r->plain);
    *r = (struct record){0};
    buf_init(&r->plain, 0);
}
