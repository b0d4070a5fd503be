#include "collector/ingest/codes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/harness.h"
#include "wave_fixture.h"

#define PEOPLE 12
#define LATE 5

static const char survey[] = "survey\n"
                             ",type,name,label,anketa_indicator\n"
                             ",text,kept,The number on your slip,code\n"
                             ",text,other,Anything else?,\n"
                             "settings\n"
                             ",form_title,form_id,anketa_kind\n"
                             ",Test,test,anonymous\n";

static void
same_in_any_writing_and_under_no_other_key(void **state)
{
    (void)state;
    static const uint8_t key[2][CATALOGUE_CODE_KEY_BYTES] = {{1}, {2}};
    static const struct {
        const char *code;
        bool same;
    } table[] = {{"ab-100 17", true},
                 {"AB10017", true},
                 {"AB10018", false},
                 {"", false}};
    char cell[CODES_CELL_CHARS + 1];
    char other[CODES_CELL_CHARS + 1];
    codes_cell(key[0], "Ab 100.17", cell);
    assert_int_equal(strlen(cell), CODES_CELL_CHARS);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        harness_row(table[i].code);
        codes_cell(key[0], table[i].code, other);
        assert_int_equal(strcmp(cell, other) == 0, table[i].same);
        codes_cell(key[1], table[i].code, other);
        assert_string_not_equal(cell, other);
    }
}

static void
code_of(size_t person, char out[32])
{
    (void)snprintf(out, 32, "ab%zu", 100 + person);
}

/* As it was kept before there was a key. */
static void
cell_of_before(size_t person, char out[CODES_CELL_CHARS + 1])
{
    static const char context[] = "anketa: a code that links waves";
    char code[32];
    struct seal_hash hash;
    code_of(person, code);
    seal_hash(code, strlen(code), context, sizeof(context), &hash);
    for (size_t i = 0; i < CODES_CELL_CHARS / 2; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", hash.bytes[i]);
    }
}

static void
add_of_before(struct wave_fixture *f, const struct store_wave *w, size_t fields,
              size_t from, size_t n)
{
    char text[PEOPLE + LATE][CODES_CELL_CHARS + 1];
    const char **cell = calloc(n * fields, sizeof(*cell));
    assert_non_null(cell);
    for (size_t i = 0; i < n; i++) {
        cell_of_before(from + i, text[i]);
        cell[i * fields] = i == 1 ? NULL : text[i];
        cell[i * fields + 1] = "words";
    }
    const struct store_rows rows = {cell, n, fields};
    assert_int_equal(store_begin(f->store), STATUS_OK);
    assert_int_equal(store_answers_add(f->store, w->id, &rows), STATUS_OK);
    assert_int_equal(store_tally_add(f->store, w->id, NULL, 0), STATUS_OK);
    assert_int_equal(store_commit(f->store), STATUS_OK);
    free(cell);
}

struct found {
    const uint8_t *key;
    size_t people;
    size_t known;
    size_t none;
};

static enum status
look(void *self, const char *const *cell, size_t count)
{
    struct found *f = self;
    assert_int_equal(count, 2);
    assert_string_equal(cell[1], "words");
    f->people++;
    f->none += cell[0] ? 0 : 1;
    for (size_t i = 0; cell[0] && i < PEOPLE + LATE; i++) {
        char code[32];
        char kept[CODES_CELL_CHARS + 1];
        code_of(i, code);
        codes_cell(f->key, code, kept);
        f->known += strcmp(kept, cell[0]) == 0 ? 1 : 0;
        cell_of_before(i, kept);
        assert_string_not_equal(kept, cell[0]);
    }
    return STATUS_OK;
}

static void
codes_of_before_get_the_key(void **state)
{
    (void)state;
    struct wave_fixture f;
    struct store_wave w = {0};
    struct keys keys;
    const struct catalogue_form *form = NULL;
    struct catalogue *c = NULL;
    assert_int_equal(seal_init(), STATUS_OK);
    wave_fixture_open(&f);
    wave_fixture_publish(&f, survey, 30, &w);
    assert_int_equal(catalogue_take(f.catalogue, f.store, w.form, &form),
                     STATUS_OK);
    add_of_before(&f, &w, form->field_count, 0, PEOPLE);
    assert_int_equal(store_wave_publish(f.store, w.id, false), STATUS_OK);
    /* These wait; with so few of them they do not join. */
    add_of_before(&f, &w, form->field_count, PEOPLE, LATE - 1);
    catalogue_give(f.catalogue, form);

    keys_new(&keys);
    for (int time = 0; time < 2; time++) {
        harness_row(time == 0 ? "the first time" : "and never again");
        assert_int_equal(catalogue_new(&c), STATUS_OK);
        assert_int_equal(codes_open(&keys, f.store, c), STATUS_OK);
        assert_int_equal(catalogue_take(c, f.store, w.form, &form), STATUS_OK);
        struct found found = {.key = form->code_key};
        assert_non_null(found.key);
        assert_int_equal(store_answers_each(f.store, w.id,
                                            (const uint32_t[]){0, 1}, 2, look,
                                            &found),
                         STATUS_OK);
        assert_int_equal(found.people, PEOPLE);
        assert_int_equal(found.none, 1);
        assert_int_equal(found.known, PEOPLE - 1);
        catalogue_give(c, form);
        catalogue_free(c);
    }

    harness_row("a sealing key later, and those that waited");
    assert_int_equal(keys_rotate_seal(&keys), STATUS_OK);
    assert_int_equal(catalogue_new(&c), STATUS_OK);
    assert_int_equal(codes_open(&keys, f.store, c), STATUS_OK);
    assert_int_equal(catalogue_take(c, f.store, w.form, &form), STATUS_OK);
    char kept[CODES_CELL_CHARS + 1];
    codes_cell(form->code_key, "AB-116", kept);
    const char *late[8] = {kept, "words"};
    const struct store_rows one = {late, 1, form->field_count};
    assert_true(form->field_count <= sizeof(late) / sizeof(late[0]));
    assert_int_equal(store_begin(f.store), STATUS_OK);
    assert_int_equal(store_answers_add(f.store, w.id, &one), STATUS_OK);
    assert_int_equal(store_tally_add(f.store, w.id, NULL, 0), STATUS_OK);
    assert_int_equal(store_commit(f.store), STATUS_OK);
    struct found found = {.key = form->code_key};
    assert_int_equal(store_answers_each(f.store, w.id, (const uint32_t[]){0, 1},
                                        2, look, &found),
                     STATUS_OK);
    assert_int_equal(found.people, PEOPLE + LATE);
    assert_int_equal(found.known, PEOPLE + LATE - 2);
    catalogue_give(c, form);
    catalogue_free(c);
    keys_wipe(&keys);
    store_wave_clear(&w);
    wave_fixture_close(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_in_any_writing_and_under_no_other_key),
        cmocka_unit_test(codes_of_before_get_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
