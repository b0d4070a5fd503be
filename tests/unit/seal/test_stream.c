#include "seal/stream.h"

#include <string.h>

#include "harness/harness.h"

#define CHUNKS 4
#define CHUNK_BYTES 10
#define BOX_BYTES (CHUNK_BYTES + SEAL_STREAM_OVERHEAD_BYTES)

static const struct seal_hash about = {{4}};
static struct seal_lock_key key;
static uint8_t start[SEAL_STREAM_START_BYTES];
static uint8_t box[CHUNKS][BOX_BYTES];

static void
write_all(void)
{
    struct seal_stream s;
    seal_lock_key_new(&key);
    seal_stream_begin(&s, &key, start);
    for (int i = 0; i < CHUNKS; i++) {
        char text[CHUNK_BYTES] = "chunk";
        text[6] = (char)('0' + i);
        seal_stream_put(&s, &about, text, sizeof(text), i == CHUNKS - 1,
                        box[i]);
    }
}

static void
what_was_put_is_taken_in_order(void **state)
{
    (void)state;
    struct seal_stream s;
    write_all();
    assert_int_equal(seal_stream_open(&s, &key, start), STATUS_OK);
    for (int i = 0; i < CHUNKS; i++) {
        uint8_t out[CHUNK_BYTES];
        bool last = false;
        assert_int_equal(
            seal_stream_take(&s, &about, box[i], BOX_BYTES, out, &last),
            STATUS_OK);
        assert_int_equal(out[6], '0' + i);
        assert_int_equal(last, i == CHUNKS - 1);
    }
}

static void
anything_else_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        int chunk; /* given as the second one */
        int flip;  /* a byte of it; -1: none */
        size_t len;
        uint8_t about;
    } rows[] = {
        {"the first again", 0, -1, BOX_BYTES, 4},
        {"one left out", 2, -1, BOX_BYTES, 4},
        {"the last too early", 3, -1, BOX_BYTES, 4},
        {"changed in front", 1, 0, BOX_BYTES, 4},
        {"changed behind", 1, BOX_BYTES - 1, BOX_BYTES, 4},
        {"cut off", 1, -1, BOX_BYTES - 1, 4},
        {"too short for any", 1, -1, SEAL_STREAM_OVERHEAD_BYTES - 1, 4},
        {"nothing", 1, -1, 0, 4},
        {"of something else", 1, -1, BOX_BYTES, 5},
    };
    write_all();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct seal_stream s;
        uint8_t out[CHUNK_BYTES];
        uint8_t given[BOX_BYTES];
        const struct seal_hash other = {{rows[i].about}};
        bool last = true;
        harness_row(rows[i].label);
        assert_int_equal(seal_stream_open(&s, &key, start), STATUS_OK);
        assert_int_equal(
            seal_stream_take(&s, &about, box[0], BOX_BYTES, out, &last),
            STATUS_OK);
        memcpy(given, box[rows[i].chunk], BOX_BYTES);
        if (rows[i].flip >= 0) {
            given[rows[i].flip] ^= 0x80;
        }
        assert_int_equal(
            seal_stream_take(&s, &other, given, rows[i].len, out, &last),
            STATUS_E_AUTH);
        assert_false(last);
    }
    struct seal_stream s;
    uint8_t out[CHUNK_BYTES];
    bool last = true;
    seal_lock_key_new(&key);
    assert_int_equal(seal_stream_open(&s, &key, start), STATUS_OK);
    assert_int_equal(
        seal_stream_take(&s, &about, box[0], BOX_BYTES, out, &last),
        STATUS_E_AUTH);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_taken_in_order),
        cmocka_unit_test(anything_else_is_refused),
    };
    return seal_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
