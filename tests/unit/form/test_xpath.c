/* Functions and operators, each as the calculation of a small form. */
#include <string.h>

#include "form_text.h"
#include "harness/harness.h"

static const char data[] =
    "<n>7</n><half>2.5</half><blank/><word>Ёлка в лесу</word>"
    "<list>a b c</list><day>2026-11-23</day><zero>0</zero>"
    "<rep jr:template=\"\"><v/></rep>"
    "<rep><v>3</v></rep><rep><v/></rep><rep><v>5</v></rep><out/>";
static const char binds[] =
    "<instance id=\"t\"><root>"
    "<item><name>x</name><label>Икс</label><n>1</n></item>"
    "<item><name>y</name><label>Игрек</label><n>2</n></item>"
    "<item><name>z</name><label>Зет</label><n>2</n></item>"
    "</root></instance>"
    "<bind nodeset=\"/data/n\" type=\"int\"/>"
    "<bind nodeset=\"/data/half\" type=\"decimal\"/>"
    "<bind nodeset=\"/data/zero\" type=\"int\"/>"
    "<bind nodeset=\"/data/day\" type=\"date\"/>"
    "<bind nodeset=\"/data/rep/v\" type=\"int\"/>";
static const char body[] =
    "<input ref=\"/data/n\"/><repeat nodeset=\"/data/rep\">"
    "<input ref=\"/data/rep/v\"/></repeat>";

struct row {
    const char *expr; /* with &lt; and &gt; */
    const char *want;
};

static void
check(const struct row *rows, size_t count)
{
    struct harness_clock clock;
    harness_clock_init(&clock, INT64_C(1795436172493)); /* 2026-11-23 */
    struct filling_env env = {.clock = &clock.clock};
    for (size_t i = 0; i < count; i++) {
        struct buf model;
        struct form *form = NULL;
        struct filling *f = NULL;
        harness_row(rows[i].expr);
        buf_init(&model, 100000);
        buf_printf(&model, "%s<bind nodeset=\"/data/out\" calculate=\"%s\"/>",
                   binds, rows[i].expr);
        assert_int_equal(form_text_load(data, model.data, body, NULL, &form),
                         STATUS_OK);
        assert_int_equal(filling_new(form, &env, &f), STATUS_OK);
        assert_string_equal(form_text_get(f, "/data/out"), rows[i].want);
        filling_free(f);
        form_free(form);
        buf_deinit(&model);
    }
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof(rows[0]))

static void
operators_follow_xpath(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"1 + 2 * 3", "7"},
        {"(1 + 2) * 3", "9"},
        {"8 - 3 - 2", "3"},
        {"7 div 2", "3.5"},
        {"7 mod 4", "3"},
        {"-7 mod 4", "-3"},
        {"--3", "3"},
        {"6 * -2", "-12"},
        {"6 - -2", "8"},
        {"- (2 + 3)", "-5"},
        {"1 div 3", "0.3333333333333333"},
        {"0.1 + 0.2", "0.30000000000000004"},
        {"1 = 1 and 2 = 3", "0"},
        {"1 = 1 or 2 = 3", "1"},
        {"'a' = 'a'", "1"},
        {"'10' &lt; '9'", "0"},
        {"2 &gt;= 2", "1"},
        {"/data/blank = ''", "1"},
        {"/data/blank &gt; 3", "0"},
        {"/data/n*2", "14"},
        {"/data/rep/v = 5", "1"},
        {"/data/rep/v = 4", "0"},
        {"count(/data/rep/v | /data/n | /data/rep/v)", "4"},
        {"1000000 * 1000000 * 1000", "1000000000000000"},
        {"1 div 0", "Infinity"},
        {"0 div 0", ""},
    };
    CHECK(rows);
}

static void
text_functions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"concat('a', 1, /data/blank, 'б')", "a1б"},
        {"concat(/data/rep/v)", "35"},
        {"join(', ', /data/rep/v)", "3, , 5"},
        {"join('-', 'a', 2, 'c')", "a-2-c"},
        {"substr(/data/word, 1, 4)", "лка"},
        {"substr(/data/word, -4)", "лесу"},
        {"substr(/data/word, 7, 100)", "лесу"},
        {"substring('12345', 2, 3)", "234"},
        {"substring('12345', 1.5, 2.6)", "234"},
        {"substring-before(/data/word, ' ')", "Ёлка"},
        {"substring-after(/data/word, ' в ')", "лесу"},
        {"substring-after(/data/word, 'нет')", ""},
        {"translate('bar', 'abc', 'AB')", "BAr"},
        {"translate('ёлка', 'ёк', 'е')", "ела"},
        {"string-length(/data/word)", "11"},
        {"string-length('👍')", "2"},
        {"normalize-space('  a  b ')", "a b"},
        {"contains(/data/word, 'лес')", "1"},
        {"starts-with(/data/word, 'Ёл')", "1"},
        {"ends-with(/data/word, 'су')", "1"},
        {"string(2.0)", "2"},
        {"string(true())", "true"},
        {"string-length(uuid())", "36"},
        {"string-length(uuid(12))", "12"},
        {"digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"},
        {"digest('abc', 'SHA-1', 'base64')", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="},
        {"digest('abc', 'SHA-256', 'hex')",
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"substr(digest('abc', 'SHA-384', 'hex'), 0, 8)", "cb00753f"},
        {"substr(digest('abc', 'SHA-512', 'hex'), 0, 8)", "ddaf35a1"},
        {"base64-decode('0YLQtdGB0YI=')", "тест"},
        {"regex('АБ123', '[А-Я]{2}[0-9]{3}')", "1"},
        {"regex('АБ1234', '[А-Я]{2}[0-9]{3}')", "0"},
        {"regex('ab', concat('a', '.'))", "1"},
        {"regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', '(a+)+c')", "0"},
    };
    CHECK(rows);
}

static void
number_functions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"int(7.9)", "7"},
        {"int(-7.9)", "-7"},
        {"round(2.5)", "3"},
        {"round(-2.5)", "-2"},
        {"round(1.005, 2)", "1.01"},
        {"round(1234.5, -2)", "1200"},
        {"floor(-1.5)", "-2"},
        {"ceiling(-1.5)", "-1"},
        {"abs(-3)", "3"},
        {"pow(2, 10)", "1024"},
        {"sqrt(16)", "4"},
        {"exp10(3)", "1000"},
        {"log10(1000)", "3"},
        {"round(log(exp(2)), 6)", "2"},
        {"round(sin(0) + cos(0) + tan(0), 6)", "1"},
        {"round(asin(1) + acos(1) + atan(0) - atan2(1, 0), 6)", "0"},
        {"round(pi(), 5)", "3.14159"},
        {"sum(/data/rep/v)", "8"},
        {"sum(/data/blank)", "0"},
        {"min(/data/rep/v)", "3"},
        {"max(/data/rep/v, 4, '')", "5"},
        {"number('12.50')", "12.5"},
        {"number('x')", ""},
        {"number(true())", "1"},
        {"count(/data/rep)", "3"},
        {"count-non-empty(/data/rep/v)", "2"},
        {"random() &lt; 1", "1"},
    };
    CHECK(rows);
}

static void
logic_functions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"if(1 = 2, 'a', 'b')", "b"},
        {"if(/data/zero, 'yes', 'no')", "no"},
        {"if(/data/word, 'yes', 'no')", "yes"},
        {"if(/data/blank, 'yes', 'no')", "no"},
        {"coalesce(/data/blank, /data/n, 3)", "7"},
        {"coalesce(/data/blank, '')", ""},
        {"once('first')", "first"},
        {"not(true())", "0"},
        {"boolean('x')", "1"},
        {"boolean-from-string('true')", "1"},
        {"boolean-from-string('yes')", "0"},
        {"checklist(2, 3, 1 = 1, true(), false())", "1"},
        {"checklist(-1, 1, 1 = 1, true(), false())", "0"},
        {"weighted-checklist(5, -1, true(), 2, true(), 3)", "1"},
        {"selected(/data/list, 'b')", "1"},
        {"selected(/data/list, 'd')", "0"},
        {"selected-at(/data/list, 1)", "b"},
        {"selected-at(/data/list, 9)", ""},
        {"count-selected(/data/list)", "3"},
    };
    CHECK(rows);
}

static void
dates(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"today()", "2026-11-23"},
        {"substr(now(), 0, 10)", "2026-11-23"},
        {"/data/day + 1", "20781"},
        {"date(/data/day + 1)", "2026-11-24"},
        {"date('2026-11-23T10:00:00Z')", "2026-11-23"},
        {"/data/day = today()", "1"},
        {"'2026-01-02' &lt; '2026-01-10'", "1"},
        {"/data/day &gt; date('2026-11-22')", "1"},
        {"format-date(/data/day, '%d.%m.%Y %e %n %y %a %b')",
         "23.11.2026 23 11 26 Mon Nov"},
        {"format-date-time('2026-11-23T09:05:07.120Z', '%H:%M:%S.%3 %h')",
         "09:05:07.120 9"},
        {"decimal-date-time('1970-01-02T12:00:00Z')", "1.5"},
        {"decimal-time('06:00:00')", "0.25"},
        {"format-date('nonsense', '%Y')", ""},
        {"date('2026-02-30')", ""},
    };
    CHECK(rows);
}

static void
nodes_and_instances(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"instance('t')/root/item[name = 'y']/label", "Игрек"},
        {"instance('t')/root/item[n = 2][2]/label", "Зет"},
        {"instance('t')/root/item[n = 2 and name != 'y']/label", "Зет"},
        {"instance('t')/root/item[position() = 1]/name", "x"},
        {"instance('t')/root/item[last()]/name", "z"},
        {"count(instance('t')/root/item)", "3"},
        {"count(instance('t')/root/*)", "3"},
        {"count(instance('t')//name)", "3"},
        {"instance('t')/root/item[name = 'none']/label", ""},
        {"pulldata('t', 'label', 'name', 'x')", "Икс"},
        {"join('', randomize(instance('t')/root/item/name, 42))", "xyz"},
        {"join('', randomize(instance('t')/root/item/name, 3))", "zxy"},
        {"join('', randomize(instance('t')/root/item/name, 'a'))", "xyz"},
        {"/data/rep[2]/v", ""},
        {"/data/rep[3]/v", "5"},
        {"/data/rep[v = 5]/v", "5"},
        {"count(/data/rep[v != ''])", "2"},
        {"indexed-repeat(/data/rep/v, /data/rep, 3)", "5"},
        {"indexed-repeat(/data/rep/v, /data/rep, 9)", ""},
        {"position(/data/rep[3])", "3"},
        {"../n", "7"},
        {"current()/../n", "7"},
        {"./../n", "7"},
        {"child::n", ""},
        {"parent::node()/n", "7"},
        {"local-name(..)", "data"},
        {"count(id('word'))", "0"},
        {"lang('ru')", "0"},
        {"namespace-uri(..)", ""},
        {"count(/data/rep/*)", "3"},
        {"sum(/data/rep/*)", "8"},
    };
    CHECK(rows);
}

static void
faults_are_told_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *expr;
        const char *says;
    } rows[] = {
        {"1 +", "ends too early"},
        {"(1", "“)” is missing"},
        {"nonsense(1)", "no such function"},
        {"if(1, 2)", "too few or too many"},
        {"'abc", "quotation mark"},
        {"1 2", "operator is missing"},
        {"/data/n[1", "“]” is missing"},
        {"ancestor::n", "no axes"},
        {"1 # 2", "no meaning"},
        {"regex('a', '[')", "cannot be understood"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf model;
        struct diag d;
        struct form *form = NULL;
        harness_row(rows[i].expr);
        buf_init(&model, 10000);
        diag_init(&d, I18N_EN);
        buf_printf(&model, "<bind nodeset=\"/data/out\" calculate=\"%s\"/>",
                   rows[i].expr);
        assert_int_equal(form_text_load(data, model.data, body, &d, &form),
                         STATUS_E_INVALID);
        assert_null(form);
        assert_int_equal(d.count, 1);
        assert_non_null(strstr(d.entry[0].text, rows[i].says));
        assert_string_equal(d.entry[0].path, "/data/out");
        diag_deinit(&d);
        buf_deinit(&model);
    }
}

static void
brackets_nest_to_a_limit_and_chains_do_not(void **state)
{
    (void)state;
    struct buf model;
    struct form *form = NULL;
    for (int deep = 0; deep < 2; deep++) {
        buf_init(&model, 1000000);
        buf_puts(&model, "<bind nodeset=\"/data/out\" calculate=\"1");
        for (int i = 0; i < 5000; i++) {
            buf_puts(&model, deep ? " + (1" : " + 1");
        }
        for (int i = 0; deep && i < 5000; i++) {
            buf_putc(&model, ')');
        }
        buf_puts(&model, "\"/>");
        enum status st = form_text_load(data, model.data, body, NULL, &form);
        assert_int_equal(st, deep ? STATUS_E_INVALID : STATUS_OK);
        if (!deep) {
            struct filling *f = NULL;
            assert_int_equal(filling_new(form, NULL, &f), STATUS_OK);
            assert_string_equal(form_text_get(f, "/data/out"), "5001");
            filling_free(f);
        }
        form_free(form);
        form = NULL;
        buf_deinit(&model);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_follow_xpath),
        cmocka_unit_test(text_functions),
        cmocka_unit_test(number_functions),
        cmocka_unit_test(logic_functions),
        cmocka_unit_test(dates),
        cmocka_unit_test(nodes_and_instances),
        cmocka_unit_test(faults_are_told_with_their_place),
        cmocka_unit_test(brackets_nest_to_a_limit_and_chains_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
