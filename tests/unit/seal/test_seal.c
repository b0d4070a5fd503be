#include "seal/seal.h"

#include <string.h>

#include "harness/harness.h"

static void
only_the_pair_opens_a_box(void **state)
{
    (void)state;
    struct seal_pair pair;
    struct seal_pair other;
    struct buf box;
    struct buf plain;
    seal_pair_new(&pair);
    seal_pair_new(&other);
    buf_init(&box, 1000);
    buf_init(&plain, 1000);

    assert_int_equal(seal_close(&pair.public_key, "answer", 6, &box),
                     STATUS_OK);
    assert_int_equal(box.len, 6 + SEAL_OVERHEAD_BYTES);
    assert_int_equal(seal_open(&pair, box.data, box.len, &plain), STATUS_OK);
    assert_string_equal(plain.data, "answer");
    buf_clear(&plain);
    assert_int_equal(seal_open(&other, box.data, box.len, &plain),
                     STATUS_E_AUTH);
    for (size_t i = 0; i < box.len; i++) {
        box.data[i] ^= 1;
        assert_int_equal(seal_open(&pair, box.data, box.len, &plain),
                         STATUS_E_AUTH);
        box.data[i] ^= 1;
        assert_int_equal(seal_open(&pair, box.data, i, &plain), STATUS_E_AUTH);
        assert_int_equal(plain.len, 0);
    }
    buf_deinit(&box);
    buf_deinit(&plain);
    seal_pair_wipe(&pair);
    seal_pair_wipe(&other);
}

static void
a_signature_serves_one_key_purpose_and_text(void **state)
{
    (void)state;
    struct seal_sign_pair pair;
    struct seal_sign_pair other;
    uint8_t sig[SEAL_SIGNATURE_BYTES];
    seal_sign_pair_new(&pair);
    seal_sign_pair_new(&other);
    seal_sign(&pair, "batch", "abc", 3, sig);

    const struct {
        const char *label;
        const struct seal_sign_pair *by;
        const char *context;
        const char *text;
        enum status want;
    } rows[] = {
        {"as signed", &pair, "batch", "abc", STATUS_OK},
        {"another key", &other, "batch", "abc", STATUS_E_AUTH},
        {"another purpose", &pair, "receipt", "abc", STATUS_E_AUTH},
        {"context runs into text", &pair, "batc", "h\0abc", STATUS_E_AUTH},
        {"another text", &pair, "batch", "abd", STATUS_E_AUTH},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        assert_int_equal(seal_verify(&rows[i].by->public_key, rows[i].context,
                                     rows[i].text, 3, sig),
                         rows[i].want);
    }
    sig[5] ^= 4;
    assert_int_equal(seal_verify(&pair.public_key, "batch", "abc", 3, sig),
                     STATUS_E_AUTH);
    seal_sign_wipe(&pair);
    seal_sign_wipe(&other);
}

static void
a_locked_box_fits_its_key_and_place_only(void **state)
{
    (void)state;
    struct seal_lock_key key;
    struct seal_lock_key other;
    uint8_t box[8 + SEAL_LOCK_OVERHEAD_BYTES];
    uint8_t again[sizeof(box)];
    uint8_t plain[8];
    seal_lock_key_new(&key);
    seal_lock_key_new(&other);
    seal_lock(&key, "slot 1", 6, "12345678", 8, box);
    seal_lock(&key, "slot 1", 6, "12345678", 8, again);
    assert_memory_not_equal(box, again, sizeof(box));

    assert_int_equal(seal_unlock(&key, "slot 1", 6, box, sizeof(box), plain),
                     STATUS_OK);
    assert_memory_equal(plain, "12345678", 8);
    assert_int_equal(seal_unlock(&key, "slot 2", 6, box, sizeof(box), plain),
                     STATUS_E_AUTH);
    assert_int_equal(seal_unlock(&other, "slot 1", 6, box, sizeof(box), plain),
                     STATUS_E_AUTH);
    assert_int_equal(seal_unlock(&key, "slot 1", 6, box,
                                 SEAL_LOCK_OVERHEAD_BYTES - 1, plain),
                     STATUS_E_AUTH);
}

static void
a_signer_can_be_sealed_to(void **state)
{
    (void)state;
    struct seal_sign_pair signer;
    struct seal_public to;
    struct seal_pair pair;
    struct buf box;
    struct buf plain;
    static const struct seal_sign_public none = {{0xff, 0xff}};
    buf_init(&box, 1000);
    buf_init(&plain, 1000);
    seal_sign_pair_new(&signer);
    assert_int_equal(seal_public_of_signer(&signer.public_key, &to), 0);
    assert_int_equal(seal_pair_of_signer(&signer, &pair), 0);
    assert_int_equal(seal_close(&to, "library", 7, &box), 0);
    assert_int_equal(seal_open(&pair, box.data, box.len, &plain), 0);
    assert_string_equal(plain.data, "library");
    assert_true(seal_public_of_signer(&none, &to) < 0);
    buf_deinit(&box);
    buf_deinit(&plain);
}

static void
hashes_like_the_published_vector(void **state)
{
    (void)state;
    /* BLAKE2b-256 of the empty string. */
    static const uint8_t want[4] = {0x0e, 0x57, 0x51, 0xc0};
    struct seal_hash plain;
    struct seal_hash keyed;
    seal_hash("", 0, NULL, 0, &plain);
    assert_memory_equal(plain.bytes, want, sizeof(want));
    seal_hash("", 0, "a key of some length", 20, &keyed);
    assert_false(seal_equal(&plain, &keyed, sizeof(plain)));
    assert_true(seal_equal(&plain, &plain, sizeof(plain)));
}

static void
a_passphrase_gives_the_same_key_for_the_same_salt_only(void **state)
{
    (void)state;
    static const uint8_t salt_a[SEAL_SALT_BYTES] = {1};
    static const uint8_t salt_b[SEAL_SALT_BYTES] = {2};
    struct seal_lock_key a;
    struct seal_lock_key again;
    struct seal_lock_key b;
    assert_int_equal(seal_lock_key_from_passphrase("пароль", salt_a, &a), 0);
    assert_int_equal(seal_lock_key_from_passphrase("пароль", salt_a, &again),
                     0);
    assert_int_equal(seal_lock_key_from_passphrase("пароль", salt_b, &b), 0);
    assert_memory_equal(&a, &again, sizeof(a));
    assert_memory_not_equal(&a, &b, sizeof(a));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_pair_opens_a_box),
        cmocka_unit_test(a_signature_serves_one_key_purpose_and_text),
        cmocka_unit_test(a_locked_box_fits_its_key_and_place_only),
        cmocka_unit_test(a_signer_can_be_sealed_to),
        cmocka_unit_test(hashes_like_the_published_vector),
        cmocka_unit_test(
            a_passphrase_gives_the_same_key_for_the_same_salt_only),
    };
    if (seal_init() < 0) {
        return 1;
    }
    return cmocka_run_group_tests_name("seal/seal", tests, NULL, NULL);
}
