#include "seal/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "harness/harness.h"

static const char blank_xml[] = "<data id=\"interim\" version=\"3\"><climate/>"
                                "<support/><comment/></data>";
static const struct record_blank blank = {blank_xml, sizeof(blank_xml) - 1};
static const char filled[] = "<data id=\"interim\" version=\"3\"><climate>8"
                             "</climate><support>yes</support>"
                             "<comment>спасибо</comment></data>";

static const struct record_head head = {
    .kind = RECORD_SLIP,
    .form_id = "interim",
    .form_version = "3",
    .wave = "2026-autumn",
    .code = "",
    .slip = {{7, 8, 9}},
    .test = true,
};

struct fixture {
    struct seal_pair pair;
    struct buf box;
    struct buf xml;
    struct record record;
};

static void
setup(struct fixture *f)
{
    *f = (struct fixture){0};
    seal_pair_new(&f->pair);
    buf_init(&f->box, (size_t)1 << 20);
    buf_init(&f->xml, RECORD_XML_MAX_BYTES);
}

static void
teardown(struct fixture *f)
{
    buf_deinit(&f->box);
    buf_deinit(&f->xml);
    record_clear(&f->record);
}

static void
comes_back_as_it_went_in(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f);
    assert_int_equal(record_close(&f.pair.public_key, &head, filled,
                                  strlen(filled), &blank, &f.box),
                     STATUS_OK);
    assert_int_equal(f.box.len, record_bucket_bytes[0]);
    assert_int_equal(record_open(&f.pair, f.box.data, f.box.len, &f.record),
                     STATUS_OK);
    assert_int_equal(f.record.head.kind, RECORD_SLIP);
    assert_string_equal(f.record.head.form_id, "interim");
    assert_string_equal(f.record.head.form_version, "3");
    assert_string_equal(f.record.head.wave, "2026-autumn");
    assert_string_equal(f.record.head.code, "");
    assert_memory_equal(&f.record.head.slip, &head.slip, sizeof(head.slip));
    assert_true(f.record.head.test);
    assert_int_equal(record_xml(&f.record, &blank, &f.xml), STATUS_OK);
    assert_string_equal(f.xml.data, filled);
    teardown(&f);
}

static void
another_dictionary_never_passes_for_the_right_one(void **state)
{
    (void)state;
    static const char other_xml[] =
        "<data id=\"interim\" version=\"4\"><climate/>"
        "<other/></data>";
    static const struct record_blank other = {other_xml, sizeof(other_xml) - 1};
    struct fixture f;
    setup(&f);
    assert_int_equal(record_close(&f.pair.public_key, &head, filled,
                                  strlen(filled), &blank, &f.box),
                     STATUS_OK);
    assert_int_equal(record_open(&f.pair, f.box.data, f.box.len, &f.record),
                     STATUS_OK);
    assert_int_equal(record_xml(&f.record, &other, &f.xml), STATUS_E_INVALID);
    assert_int_equal(f.xml.len, 0);
    teardown(&f);
}

/* Random text cannot be compressed, so that its length decides the bucket. */
static void
has_the_length_of_a_bucket_whatever_the_answer(void **state)
{
    (void)state;
    static const struct {
        size_t xml_len;
        size_t want; /* 0: refused */
    } rows[] = {
        {0, 512},         {1, 512},     {300, 512},     {600, 2048},
        {1800, 2048},     {2100, 8192}, {30000, 32768}, {33000, 131072},
        {130000, 131072}, {131100, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fixture f;
        setup(&f);
        char *noise = malloc(rows[i].xml_len + 1);
        assert_non_null(noise);
        random_bytes(noise, rows[i].xml_len);
        enum status st = record_close(&f.pair.public_key, &head, noise,
                                      rows[i].xml_len, &blank, &f.box);
        assert_int_equal(st, rows[i].want ? STATUS_OK : STATUS_E_LIMIT);
        assert_int_equal(f.box.len, rows[i].want);
        if (rows[i].want) {
            assert_int_equal(
                record_open(&f.pair, f.box.data, f.box.len, &f.record),
                STATUS_OK);
            assert_int_equal(record_xml(&f.record, &blank, &f.xml), STATUS_OK);
            assert_int_equal(f.xml.len, rows[i].xml_len);
            assert_memory_equal(f.xml.data, noise, rows[i].xml_len);
        }
        free(noise);
        teardown(&f);
    }
}

static void
tells_a_foreign_box_from_a_box_that_is_no_record(void **state)
{
    (void)state;
    struct fixture f;
    struct seal_pair other;
    char plain[512 - SEAL_OVERHEAD_BYTES] = {0};
    setup(&f);
    seal_pair_new(&other);
    assert_int_equal(record_close(&other.public_key, &head, filled,
                                  strlen(filled), &blank, &f.box),
                     STATUS_OK);
    assert_int_equal(record_open(&f.pair, f.box.data, f.box.len, &f.record),
                     STATUS_E_AUTH);
    assert_int_equal(record_open(&other, f.box.data, 511, &f.record),
                     STATUS_E_INVALID);

    static const struct {
        const char *label;
        const char *start;
        enum status want;
    } rows[] = {
        {"nothing", "", STATUS_E_INVALID},
        {"later version", "\x89\x02", STATUS_E_UNSUPPORTED},
        {"too few items", "\x88\x01", STATUS_E_INVALID},
        {"no such kind", "\x89\x01\x04", STATUS_E_INVALID},
        {"long head", "\x98\x09\x01", STATUS_E_INVALID},
        {"cut off", "\x89\x01\x01\x79\xff\xff", STATUS_E_INVALID},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        memset(plain, 0, sizeof(plain));
        memcpy(plain, rows[i].start, strlen(rows[i].start));
        buf_clear(&f.box);
        assert_int_equal(
            seal_close(&f.pair.public_key, plain, sizeof(plain), &f.box),
            STATUS_OK);
        assert_int_equal(record_open(&f.pair, f.box.data, f.box.len, &f.record),
                         rows[i].want);
    }
    teardown(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_it_went_in),
        cmocka_unit_test(another_dictionary_never_passes_for_the_right_one),
        cmocka_unit_test(has_the_length_of_a_bucket_whatever_the_answer),
        cmocka_unit_test(tells_a_foreign_box_from_a_box_that_is_no_record),
    };
    if (seal_init() < 0) {
        return 1;
    }
    return cmocka_run_group_tests_name("seal/record", tests, NULL, NULL);
}
