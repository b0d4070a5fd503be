#include "collector/store/column.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "base/log.h"

#define LEVEL 1

enum mark {
    MARK_NONE = 0,
    MARK_TEXT = 1,
};

struct column_zip {
    ZSTD_CCtx *pack;   /* owned */
    ZSTD_DCtx *unpack; /* owned */
};

enum status
column_zip_new(struct column_zip **out)
{
    *out = NULL;
    struct column_zip *zip = calloc(1, sizeof(*zip));
    if (zip) {
        zip->pack = ZSTD_createCCtx();
        zip->unpack = ZSTD_createDCtx();
    }
    if (!zip || !zip->pack || !zip->unpack) {
        column_zip_free(zip);
        return log_oom("store");
    }
    *out = zip;
    return STATUS_OK;
}

void
column_zip_free(struct column_zip *zip)
{
    if (zip) {
        ZSTD_freeCCtx(zip->pack);
        ZSTD_freeDCtx(zip->unpack);
        free(zip);
    }
}

void
column_put(struct buf *raw, const char *cell)
{
    if (!cell) {
        buf_putc(raw, MARK_NONE);
        return;
    }
    buf_putc(raw, MARK_TEXT);
    buf_put(raw, cell, strlen(cell) + 1);
}

enum status
column_pack(struct column_zip *zip, const struct buf *raw, bool brief,
            struct buf *out)
{
    if (brief) {
        buf_put(out, raw->data, raw->len);
        return buf_status(out);
    }
    size_t bound = ZSTD_compressBound(raw->len);
    size_t start = out->len;
    char *to = buf_extend(out, bound);
    if (!to) {
        return buf_status(out);
    }
    size_t len =
        ZSTD_compressCCtx(zip->pack, to, bound, raw->data, raw->len, LEVEL);
    if (ZSTD_isError(len)) {
        log_error("store", "zstd: %s", ZSTD_getErrorName(len));
        return STATUS_E_NOMEM;
    }
    buf_truncate(out, start + len);
    return STATUS_OK;
}

enum status
column_unpack(struct column_zip *zip, const void *body, size_t len,
              struct buf *raw)
{
    /* No frame of zstd begins like a cell. */
    const uint8_t *first = body;
    if (len > 0 && (*first == MARK_NONE || *first == MARK_TEXT)) {
        if (len > COLUMN_RAW_MAX_BYTES) {
            return STATUS_E_LIMIT;
        }
        buf_put(raw, body, len);
        return buf_status(raw);
    }
    unsigned long long size = ZSTD_getFrameContentSize(body, len);
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR) {
        return STATUS_E_INVALID;
    }
    if (size > COLUMN_RAW_MAX_BYTES) {
        return STATUS_E_LIMIT;
    }
    size_t start = raw->len;
    char *to = buf_extend(raw, (size_t)size);
    if (!to) {
        return buf_status(raw);
    }
    size_t got = ZSTD_decompressDCtx(zip->unpack, to, (size_t)size, body, len);
    if (ZSTD_isError(got) || got != size) {
        buf_truncate(raw, start);
        return STATUS_E_INVALID;
    }
    return STATUS_OK;
}

enum status
column_next(struct column_reader *r, const char **out_cell)
{
    *out_cell = NULL;
    if (r->at == r->end) {
        return STATUS_NONE;
    }
    char mark = *r->at++;
    if (mark == MARK_NONE) {
        return STATUS_OK;
    }
    const char *nul = memchr(r->at, 0, (size_t)(r->end - r->at));
    if (mark != MARK_TEXT || !nul) {
        return STATUS_E_INVALID;
    }
    *out_cell = r->at;
    r->at = nul + 1;
    return STATUS_OK;
}
