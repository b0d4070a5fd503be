#include "collector/store/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "collector/store/recovery.h"
#include "harness/harness.h"

#define PASSPHRASE "шесть слов подряд"

static char dir[HARNESS_PATH_MAX];
static char path[HARNESS_PATH_MAX + 32];

static int
set_up(void **state)
{
    (void)state;
    assert_int_equal(seal_init(), STATUS_OK);
    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/collector.keys", dir);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    harness_remove_tree(dir);
    return 0;
}

static void
make(struct keys *k)
{
    keys_new(k);
    buf_puts(&k->tls.key, "key");
    buf_puts(&k->tls.cert, "certificate");
}

static void
assert_same_secrets(const struct keys *a, const struct keys *b)
{
    assert_memory_equal(&a->sign, &b->sign, sizeof(a->sign));
    assert_int_equal(a->seal_count, b->seal_count);
    assert_memory_equal(a->seal, b->seal, a->seal_count * sizeof(a->seal[0]));
    assert_string_equal(a->tls.key.data, b->tls.key.data);
    assert_string_equal(a->tls.cert.data, b->tls.cert.data);
    assert_int_equal(a->announced, b->announced);
    assert_memory_equal(&a->next_sign, &b->next_sign, sizeof(a->next_sign));
    assert_string_equal(a->next_tls.key.data, b->next_tls.key.data);
}

/* The file, whatever it holds. */
static void
slurp(struct buf *out)
{
    buf_init(out, 1 << 20);
    assert_int_equal(file_read(path, out), STATUS_OK);
}

static void
what_was_saved_is_loaded(void **state)
{
    (void)state;
    struct keys k;
    struct keys got;
    make(&k);
    for (int stage = 0; stage < 4; stage++) {
        if (stage == 1) {
            assert_int_equal(keys_rotate_seal(&k), STATUS_OK);
        } else if (stage == 2) {
            assert_int_equal(keys_announce(&k), STATUS_OK);
            assert_int_equal(keys_announce(&k), STATUS_REPEAT);
            buf_puts(&k.next_tls.key, "next key");
            buf_puts(&k.next_tls.cert, "next certificate");
        } else if (stage == 3) {
            const uint8_t pin[KEYS_PIN_BYTES] = {1, 2, 3};
            struct seal_sign_pair next = k.next_sign;
            assert_int_equal(keys_switch(&k, pin), STATUS_OK);
            assert_memory_equal(&k.sign, &next, sizeof(next));
            assert_string_equal(k.tls.key.data, "next key");
            assert_int_equal(keys_switch(&k, pin), STATUS_NONE);
        }
        assert_int_equal(keys_save(path, &k), STATUS_OK);
        assert_int_equal(keys_load(path, &got), STATUS_OK);
        assert_false(got.locked);
        assert_same_secrets(&k, &got);
        assert_int_equal(got.switched, stage == 3);
        assert_memory_equal(got.previous_pin, k.previous_pin, KEYS_PIN_BYTES);
        keys_wipe(&got);
    }
    keys_wipe(&k);
}

static void
guarded_keys_show_only_what_is_public(void **state)
{
    (void)state;
    static const struct keyslots_opener nothing;
    static const struct keyslots_opener wrong = {.passphrase = "other words"};
    static const struct keyslots_opener right = {.passphrase = PASSPHRASE};
    struct keys k;
    struct keys got;
    struct buf file;
    make(&k);
    assert_int_equal(keys_guard(&k, PASSPHRASE), STATUS_OK);
    assert_int_equal(keys_save(path, &k), STATUS_OK);
    slurp(&file);
    for (size_t i = 0; i + 8 <= file.len; i++) {
        assert_memory_not_equal(file.data + i, k.sign.secret, 8);
        assert_memory_not_equal(file.data + i, k.seal[0].secret, 8);
    }
    buf_deinit(&file);

    assert_int_equal(keys_load(path, &got), STATUS_OK);
    assert_true(got.locked);
    assert_memory_equal(&got.sign.public_key, &k.sign.public_key,
                        sizeof(k.sign.public_key));
    assert_memory_equal(&got.seal[0].public_key, &k.seal[0].public_key,
                        sizeof(k.seal[0].public_key));
    assert_string_equal(got.tls.cert.data, "certificate");
    assert_int_equal(keys_unlock(&got, &nothing), STATUS_E_AUTH);
    assert_int_equal(keys_unlock(&got, &wrong), STATUS_E_AUTH);
    assert_true(got.locked);
    assert_int_equal(keys_unlock(&got, &right), STATUS_OK);
    assert_same_secrets(&k, &got);

    /* A change of guarded keys needs no passphrase again. */
    assert_int_equal(keys_rotate_seal(&got), STATUS_OK);
    assert_int_equal(keys_save(path, &got), STATUS_OK);
    keys_wipe(&k);
    assert_int_equal(keys_load(path, &k), STATUS_OK);
    assert_int_equal(keys_unlock(&k, &right), STATUS_OK);
    assert_same_secrets(&k, &got);
    keys_unguard(&k);
    assert_int_equal(keys_save(path, &k), STATUS_OK);
    keys_wipe(&got);
    assert_int_equal(keys_load(path, &got), STATUS_OK);
    assert_false(got.locked);
    keys_wipe(&got);
    keys_wipe(&k);
}

static void
the_sheet_opens_what_the_passphrase_guards(void **state)
{
    (void)state;
    struct keys k;
    struct keys got;
    struct seal_pair sheet;
    struct seal_pair older;
    make(&k);
    seal_pair_new(&sheet);
    seal_pair_new(&older);
    assert_int_equal(keys_set_recovery(&k, &older.public_key), STATUS_OK);
    assert_int_equal(keys_guard(&k, PASSPHRASE), STATUS_OK);
    assert_int_equal(keys_set_recovery(&k, &sheet.public_key), STATUS_OK);
    assert_int_equal(keys_save(path, &k), STATUS_OK);
    assert_int_equal(keys_load(path, &got), STATUS_OK);
    const struct keyslots_opener by_older = {.recovery = &older};
    const struct keyslots_opener by_sheet = {.recovery = &sheet};
    assert_int_equal(keys_unlock(&got, &by_older), STATUS_E_AUTH);
    assert_int_equal(keys_unlock(&got, &by_sheet), STATUS_OK);
    assert_same_secrets(&k, &got);
    keys_wipe(&got);
    keys_wipe(&k);
}

static void
a_changed_file_is_refused(void **state)
{
    (void)state;
    static const struct keyslots_opener right = {.passphrase = PASSPHRASE};
    struct keys k;
    struct buf file;
    make(&k);
    assert_int_equal(keys_save(path, &k), STATUS_OK);
    slurp(&file);
    for (size_t len = 0; len < file.len; len += 7) {
        assert_int_equal(file_replace(path, file.data, len, 0600), STATUS_OK);
        struct keys got;
        assert_true(keys_load(path, &got) < 0);
        keys_wipe(&got);
    }
    buf_deinit(&file);

    /* The public part belongs to the secret one: a foreign key in it shows. */
    assert_int_equal(keys_guard(&k, PASSPHRASE), STATUS_OK);
    assert_int_equal(keys_save(path, &k), STATUS_OK);
    slurp(&file);
    for (size_t i = 0; i + SEAL_PUBLIC_BYTES <= file.len; i++) {
        if (memcmp(file.data + i, k.seal[0].public_key.bytes, SEAL_PUBLIC_BYTES)
            == 0) {
            file.data[i] ^= 1;
            break;
        }
    }
    assert_int_equal(file_replace(path, file.data, file.len, 0600), STATUS_OK);
    struct keys got;
    assert_int_equal(keys_load(path, &got), STATUS_OK);
    assert_int_equal(keys_unlock(&got, &right), STATUS_E_AUTH);
    keys_wipe(&got);
    buf_deinit(&file);
    keys_wipe(&k);
}

static void
there_is_a_last_sealing_key(void **state)
{
    (void)state;
    struct keys k;
    make(&k);
    while (k.seal_count < KEYS_SEAL_MAX) {
        assert_int_equal(keys_rotate_seal(&k), STATUS_OK);
    }
    assert_int_equal(keys_rotate_seal(&k), STATUS_E_LIMIT);
    assert_int_equal(keys_save(path, &k), STATUS_OK);
    keys_wipe(&k);
    assert_int_equal(keys_load(path, &k), STATUS_OK);
    assert_int_equal(k.seal_count, KEYS_SEAL_MAX);
    keys_wipe(&k);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_was_saved_is_loaded),
        TEST(guarded_keys_show_only_what_is_public),
        TEST(the_sheet_opens_what_the_passphrase_guards),
        TEST(a_changed_file_is_refused),
        TEST(there_is_a_last_sealing_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
