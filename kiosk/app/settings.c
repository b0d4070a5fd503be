#include "app/settings.h"

#include "base/file.h"
#include "base/pack.h"

#define VERSION 1
#define ITEMS 9
#define MAX_BYTES 512
#define FILE_MODE 0600
#define FAILURES_MAX 1000000

enum status
settings_load(const char *path, struct settings *out)
{
    *out = (struct settings){.pin_set = false};
    if (!file_exists(path)) {
        return STATUS_NONE;
    }
    struct buf data;
    struct pack_reader r;
    buf_init(&data, MAX_BYTES);
    enum status st = file_read(path, &data);
    if (st == STATUS_OK) {
        pack_open(&r, data.data, data.len);
        pack_expect_array(&r, ITEMS);
        pack_expect_version(&r, VERSION);
        out->pin_set = pack_read_bool(&r);
        pack_copy_bytes(&r, out->pin.salt, sizeof(out->pin.salt));
        pack_copy_bytes(&r, out->pin.verifier.bytes, SEAL_HASH_BYTES);
        pack_copy_bytes(&r, out->pin_from_collector.bytes, SEAL_HASH_BYTES);
        out->pin_failures = (unsigned)pack_read_uint(&r, FAILURES_MAX);
        out->hours_from = (int)pack_read_uint(&r, SETTINGS_DAY_MINUTES - 1);
        out->hours_to = (int)pack_read_uint(&r, SETTINGS_DAY_MINUTES - 1);
        out->brightness = (int)pack_read_uint(&r, 100);
        st = pack_end(&r);
    }
    buf_deinit(&data);
    return st == STATUS_E_LIMIT ? STATUS_E_INVALID : st;
}

enum status
settings_save(const char *path, const struct settings *s)
{
    struct buf data;
    unsigned failures =
        s->pin_failures < FAILURES_MAX ? s->pin_failures : FAILURES_MAX;
    buf_init(&data, MAX_BYTES);
    pack_array(&data, ITEMS);
    pack_uint(&data, VERSION);
    pack_bool(&data, s->pin_set);
    pack_bytes(&data, s->pin.salt, sizeof(s->pin.salt));
    pack_bytes(&data, s->pin.verifier.bytes, SEAL_HASH_BYTES);
    pack_bytes(&data, s->pin_from_collector.bytes, SEAL_HASH_BYTES);
    pack_uint(&data, failures);
    pack_uint(&data, (uint64_t)s->hours_from);
    pack_uint(&data, (uint64_t)s->hours_to);
    pack_uint(&data, (uint64_t)s->brightness);
    enum status st = buf_status(&data);
    if (st == STATUS_OK) {
        st = file_replace(path, data.data, data.len, FILE_MODE);
    }
    buf_deinit(&data);
    return st;
}
