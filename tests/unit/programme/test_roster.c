#include "collector/programme/roster.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "harness/harness.h"

struct want {
    const char *what;
    const char *text;
    const char *people; /* "name|role|category|contact/" for each */
    const char *faults; /* "B7 " for each */
};

static const struct want cases[] = {
    {"pasted, in the order of columns",
     "Иванова Анна\tнаставник\tвоспитатели\t+7 900\nПетров\t\t\t\n",
     "Иванова Анна|mentor|воспитатели|+7 900/Петров|||/", ""},
    {"headings in any order, others passed over",
     "Должность;Возраст;ФИО;Роль\nлогопед;40;Сидорова;Наставляемая\n",
     "Сидорова|mentee|логопед|/", ""},
    {"a .csv with commas and quotes",
     "\xEF\xBB\xBFName,Contact\r\n\"Ann \"\"A\"\" "
     "B\",\"a, b\"\r\n",
     "Ann \"A\" B|||a, b/", ""},
    {"faults by cell, other rows stay",
     "ФИО\tРоль\nАнна\tдиректор\n\tнаставник\n\nВера\tnone\nОльга\tmentor\n",
     "Ольга|mentor||/", "B2 A3 B5 "},
    {"a line break within quotes is one row",
     "\"Анна\nИванова\"\tmentor\nВера\tx\n", "Анна\nИванова|mentor||/", "B2 "},
    {"nobody", "\n \n\t\t\n", "", "0 "},
    {"headings alone", "ФИО\tРоль\n", "", "0 "},
    {"not UTF-8", "\xff\xfe", "", "0 "},
    {"a quote that never ends", "\"Анна\tmentor\n", "Анна\tmentor|||/", ""},
};

static void
describe(const struct roster *r, const struct diag *d, struct buf *people,
         struct buf *faults)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct roster_person *p = &r->person[i];
        buf_printf(people, "%s|%s|%s|%s/", p->name, p->role, p->category,
                   p->contact);
    }
    for (size_t i = 0; i < d->count; i++) {
        char name[ROSTER_CELL_CHARS];
        roster_cell_name(d->entry[i].column, d->entry[i].row, name);
        buf_printf(faults, "%s ", name);
    }
}

static void
lists_are_read_with_faults_by_cell(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct roster r;
        struct diag d;
        struct buf people;
        struct buf faults;
        harness_row(cases[i].what);
        diag_init(&d, I18N_RU);
        buf_init(&people, 4096);
        buf_init(&faults, 4096);
        enum status st =
            roster_read_text(cases[i].text, strlen(cases[i].text), &d, &r);
        assert_int_equal(st == STATUS_OK, *cases[i].people != '\0');
        describe(&r, &d, &people, &faults);
        assert_string_equal(people.len ? people.data : "", cases[i].people);
        assert_string_equal(faults.len ? faults.data : "", cases[i].faults);
        roster_clear(&r);
        buf_deinit(&people);
        buf_deinit(&faults);
        diag_deinit(&d);
    }
}

static void
a_list_has_an_end(void **state)
{
    (void)state;
    struct roster r;
    struct diag d;
    struct buf text;
    diag_init(&d, I18N_EN);
    buf_init(&text, ROSTER_FILE_MAX_BYTES);
    for (int i = 0; i <= ROSTER_PEOPLE_MAX; i++) {
        buf_printf(&text, "Person %d\tmentor\n", i);
    }
    assert_int_equal(roster_read_text(text.data, text.len, &d, &r),
                     STATUS_E_LIMIT);
    assert_int_equal(d.entry[0].row, ROSTER_PEOPLE_MAX + 1);
    assert_int_equal(r.count, ROSTER_PEOPLE_MAX);
    roster_clear(&r);
    buf_deinit(&text);
    diag_deinit(&d);
}

static void
cells_are_named_as_a_spreadsheet_does(void **state)
{
    (void)state;
    char name[ROSTER_CELL_CHARS];
    roster_cell_name(1, 1, name);
    assert_string_equal(name, "A1");
    roster_cell_name(28, 10, name);
    assert_string_equal(name, "AB10");
    assert_true(roster_compare(" анна ", "АННА") == 0);
    assert_true(roster_compare("анна", "анна б") < 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read_with_faults_by_cell),
        cmocka_unit_test(a_list_has_an_end),
        cmocka_unit_test(cells_are_named_as_a_spreadsheet_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
