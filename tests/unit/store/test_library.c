#include "store/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/harness.h"
#include "wire/bundle.h"

static struct seal_sign_pair collector;
static struct seal_sign_pair stranger;

struct fixture {
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
};

static void
setup(struct fixture *f)
{
    harness_temp_dir(f->dir);
    (void)snprintf(f->path, sizeof(f->path), "%s/library.db", f->dir);
}

static enum status
install(struct fixture *f, uint64_t epoch, uint64_t serial, bool twice,
        const struct seal_sign_pair *by)
{
    static struct bundle_survey survey[] = {
        {"interim", "3", "autumn", RECORD_ANONYMOUS, 5, 4, false},
        {"old", "1", "spring", RECORD_SLIP, 5, 0, true},
        {"vote", "1", "w", RECORD_SLIP, 5, 2, false},
    };
    static struct bundle_form form[] = {{"interim", "3", "<h:html/>", 9},
                                        {"interim", "3", "again", 5}};
    static struct bundle_media media[] = {{"interim", "a.png", "\0PNG", 4}};
    static struct bundle_setting setting[] = {{"kiosk.name", "Учительская"},
                                              {"empty", ""}};
    static struct seal_hash hash[1];
    static struct bundle_slips slips[] = {{"vote", "w", {3}, hash, 1}};
    static struct bundle_person person[1];
    seal_hash("12345678", 8, slips[0].key, 32, &hash[0]);
    person[0] = (struct bundle_person){
        .form_id = "bank", .name = "Анна Петровна", .role = "mentor"};
    library_person_hash("bank", "123456", &person[0].code);
    const struct bundle bundle = {
        .serial = serial,
        .epoch = epoch,
        .seal = {{8}},
        .survey = survey,
        .survey_count = 3,
        .form = form,
        .form_count = twice ? 2 : 1,
        .media = media,
        .media_count = 1,
        .setting = setting,
        .setting_count = 2,
        .slips = slips,
        .slips_count = 1,
        .person = person,
        .person_count = 1,
    };
    struct buf message;
    buf_init(&message, BUNDLE_MAX_BYTES);
    assert_int_equal(bundle_encode(&bundle, by, &message), STATUS_OK);
    enum status st = library_install(f->path, message.data, message.len,
                                     &collector.public_key);
    buf_deinit(&message);
    return st;
}

static void
serves_what_was_installed(void **state)
{
    (void)state;
    struct fixture f;
    struct library *lib = NULL;
    struct library_survey *survey = NULL;
    struct library_wave *wave = NULL;
    struct seal_public seal;
    struct seal_hash tag;
    struct buf out;
    struct buf role;
    size_t count = 0;
    int64_t serial = 0;
    setup(&f);
    buf_init(&out, 1000);
    buf_init(&role, 16);
    assert_int_equal(library_open(f.path, &lib), STATUS_E_NOT_FOUND);
    assert_int_equal(install(&f, 1, 7, false, &collector), STATUS_OK);
    assert_int_equal(library_open(f.path, &lib), STATUS_OK);

    assert_int_equal(library_serial(lib, &serial), STATUS_OK);
    assert_int_equal(serial, 7);
    assert_int_equal(library_seal_key(lib, &seal), STATUS_OK);
    assert_int_equal(seal.bytes[0], 8);
    assert_int_equal(library_surveys(lib, &survey, &count), STATUS_OK);
    assert_int_equal(count, 2); /* the closed one is not offered */
    assert_string_equal(survey[0].form_id, "interim");
    assert_string_equal(survey[0].version, "3");
    assert_int_equal(survey[0].k, 5);
    assert_string_equal(survey[1].wave, "w");
    library_form_tag(&survey[1], &tag);
    size_t waves = 0;
    assert_int_equal(library_waves(lib, &wave, &waves), STATUS_OK);
    assert_int_equal(waves, 3);
    assert_true(wave[1].closed);
    assert_memory_equal(&wave[2].form_tag, &tag, sizeof(tag));
    free(wave);

    assert_int_equal(library_form(lib, "interim", "3", &out), STATUS_OK);
    assert_string_equal(out.data, "<h:html/>");
    assert_int_equal(library_form(lib, "interim", "4", &out),
                     STATUS_E_NOT_FOUND);
    buf_clear(&out);
    assert_int_equal(library_media(lib, "interim", "a.png", &out), STATUS_OK);
    assert_int_equal(out.len, 4);
    buf_clear(&out);
    assert_int_equal(library_setting(lib, "kiosk.name", &out), STATUS_OK);
    assert_string_equal(out.data, "Учительская");
    buf_clear(&out);
    assert_int_equal(library_setting(lib, "empty", &out), STATUS_OK);
    assert_int_equal(library_setting(lib, "none", &out), STATUS_NONE);
    assert_string_equal(out.data, "");

    assert_int_equal(library_slip(lib, &survey[1], "12345678", &tag),
                     STATUS_OK);
    assert_int_equal(library_slip(lib, &survey[1], "12345679", &tag),
                     STATUS_NONE);
    assert_int_equal(library_slip(lib, &survey[0], "12345678", &tag),
                     STATUS_NONE);
    assert_int_equal(library_person(lib, "bank", "123456", &out, &role),
                     STATUS_OK);
    assert_string_equal(out.data, "Анна Петровна");
    assert_string_equal(role.data, "mentor");
    assert_int_equal(library_person(lib, "other", "123456", &out, &role),
                     STATUS_NONE);
    buf_deinit(&role);
    library_surveys_free(survey, count);
    library_close(lib);
    buf_deinit(&out);
    harness_remove_tree(f.dir);
}

static void
takes_only_what_is_newer_and_signed(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        uint64_t epoch;
        uint64_t serial;
        bool twice;
        bool foreign;
        enum status want;
        int64_t serial_after;
    } rows[] = {
        {"first", 1, 7, false, false, STATUS_OK, 7},
        {"the same", 1, 7, false, false, STATUS_REPEAT, 7},
        {"older", 1, 6, false, false, STATUS_E_STALE, 7},
        {"by a stranger", 1, 8, false, true, STATUS_E_AUTH, 7},
        {"one form twice", 1, 8, true, false, STATUS_E_INVALID, 7},
        {"newer", 1, 8, false, false, STATUS_OK, 8},
        {"after a restore", 2, 3, false, false, STATUS_OK, 3},
        {"from before the restore", 1, 9, false, false, STATUS_E_STALE, 3},
    };
    struct fixture f;
    struct library *lib = NULL;
    int64_t serial = 0;
    setup(&f);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        assert_int_equal(install(&f, rows[i].epoch, rows[i].serial,
                                 rows[i].twice,
                                 rows[i].foreign ? &stranger : &collector),
                         rows[i].want);
        if (!lib) { /* a reader that stays open sees each swap */
            assert_int_equal(library_open(f.path, &lib), STATUS_OK);
        }
        assert_int_equal(library_serial(lib, &serial), STATUS_OK);
        assert_int_equal(serial, rows[i].serial_after);
    }
    library_close(lib);
    harness_remove_tree(f.dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_what_was_installed),
        cmocka_unit_test(takes_only_what_is_newer_and_signed),
    };
    if (seal_init() < 0) {
        return 1;
    }
    seal_sign_pair_new(&collector);
    seal_sign_pair_new(&stranger);
    return cmocka_run_group_tests_name("store/library", tests, NULL, NULL);
}
