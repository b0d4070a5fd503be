#include "collector/web/slips.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "collector/report/slip_sheet.h"

_Static_assert(sizeof(((struct slips *)0)->code[0]) == SLIP_SHEET_CODE_BYTES,
               "a sheet prints what the bundle defines");

static enum status
may_issue(struct store *s, const struct store_wave *w, size_t count,
          int64_t now_ms)
{
    int64_t issued = 0;
    int64_t used = 0;
    if (w->kind != RECORD_SLIP) {
        return STATUS_E_INVALID;
    }
    if (w->closed_ms != 0 || (w->closes_ms != 0 && w->closes_ms <= now_ms)) {
        return STATUS_E_STALE;
    }
    enum status st = store_slips_count(s, w->id, &issued, &used);
    if (st < 0) {
        return st;
    }
    return count > 0 && count <= BUNDLE_MAX_SLIPS - (size_t)issued
               ? STATUS_OK
               : STATUS_E_LIMIT;
}

/* The wave's key; a fresh one with the first slips. */
static enum status
wave_key(struct store *s, int64_t wave, uint8_t key[BUNDLE_SLIP_KEY_BYTES])
{
    struct buf kept;
    buf_init(&kept, BUNDLE_SLIP_KEY_BYTES);
    enum status st = store_slip_key(s, wave, &kept);
    if (st == STATUS_OK && kept.len == BUNDLE_SLIP_KEY_BYTES) {
        memcpy(key, kept.data, BUNDLE_SLIP_KEY_BYTES);
    } else if (st == STATUS_OK) {
        random_bytes(key, BUNDLE_SLIP_KEY_BYTES);
        st = store_slip_key_set(s, wave, key, BUNDLE_SLIP_KEY_BYTES);
    }
    buf_deinit(&kept);
    return st;
}

/* One more code that the wave does not have yet. */
static enum status
draw(struct store *s, int64_t wave, const uint8_t key[BUNDLE_SLIP_KEY_BYTES],
     char code[BUNDLE_SLIP_CHARS + 1])
{
    enum status st = STATUS_REPEAT;
    while (st == STATUS_REPEAT) {
        struct seal_hash hash;
        for (size_t i = 0; i < BUNDLE_SLIP_CHARS; i++) {
            code[i] = (char)('0' + random_below(10));
        }
        code[BUNDLE_SLIP_CHARS] = '\0';
        bundle_slip_hash(key, code, &hash);
        st = store_slip_add(s, wave, &hash);
    }
    return st;
}

static enum status
draw_all(struct store *s, const struct store_wave *w, struct slips *out)
{
    uint8_t key[BUNDLE_SLIP_KEY_BYTES];
    const char *title = *w->title ? w->title : w->form_title;
    out->title = strdup(title);
    out->code = calloc(out->count, sizeof(*out->code));
    if (!out->title || !out->code) {
        return log_oom("slips");
    }
    enum status st = wave_key(s, w->id, key);
    for (size_t i = 0; st == STATUS_OK && i < out->count; i++) {
        st = draw(s, w->id, key, out->code[i]);
    }
    buf_wipe(key, sizeof(key));
    /* The database's pages may show in which order rows were written; the paper
     * has another. */
    random_shuffle(out->code, out->count, sizeof(*out->code));
    return st;
}

enum status
slips_issue(struct store *writer, const char *wave, size_t count,
            int64_t now_ms, struct slips *out)
{
    *out = (struct slips){.count = count};
    struct store_wave w = {0};
    int64_t serial = 0;
    enum status st = store_wave(writer, wave, &w);
    if (st == STATUS_OK) {
        st = may_issue(writer, &w, count, now_ms);
    }
    if (st == STATUS_OK) {
        st = draw_all(writer, &w, out);
    }
    if (st == STATUS_OK) {
        st = store_number_next(writer, STORE_SERIAL, &serial);
    }
    store_wave_clear(&w);
    if (st != STATUS_OK) {
        slips_clear(out);
    }
    return st;
}

enum status
slips_print(const struct slips *slips, enum i18n_lang lang,
            const struct dataset_sink *sink)
{
    const struct slip_sheet sheet = {
        .lang = lang,
        .title = slips->title,
        .code = (const char(*)[SLIP_SHEET_CODE_BYTES])slips->code,
        .count = slips->count,
    };
    return slip_sheet_write(&sheet, sink);
}

void
slips_clear(struct slips *slips)
{
    if (slips->code) {
        buf_wipe(slips->code, slips->count * sizeof(*slips->code));
    }
    free(slips->code);
    free(slips->title);
    *slips = (struct slips){0};
}
