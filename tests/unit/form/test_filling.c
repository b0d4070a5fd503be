/* What a person does to a form, and what the form does in turn. */
#include <stdlib.h>
#include <string.h>

#include "form/scenario.h"
#include "form_text.h"
#include "harness/harness.h"

/* A loaded form with one filling of it. */
struct sheet {
    struct form *form;
    struct filling *f;
    struct harness_clock clock;
};

static void
open_sheet(struct sheet *s, const char *data, const char *model,
           const char *body, bool anonymous)
{
    *s = (struct sheet){0};
    harness_clock_init(&s->clock, INT64_C(1795436172493));
    struct filling_env env = {.clock = &s->clock.clock,
                              .anonymous = anonymous,
                              .instance_id = "uuid:1"};
    assert_int_equal(form_text_load(data, model, body, NULL, &s->form),
                     STATUS_OK);
    assert_int_equal(filling_new(s->form, &env, &s->f), STATUS_OK);
}

static void
close_sheet(struct sheet *s)
{
    filling_free(s->f);
    form_free(s->form);
}

#define SET(path, value) \
    assert_int_equal(form_text_set(s.f, path, value), STATUS_OK)
#define GET(path, value) assert_string_equal(form_text_get(s.f, path), value)

static void
assert_submission(struct filling *f, const char *want)
{
    struct buf out;
    buf_init(&out, FILLING_XML_MAX_BYTES);
    assert_int_equal(filling_submission(f, &out), STATUS_OK);
    assert_string_equal(out.data, want);
    buf_deinit(&out);
}

static void
an_irrelevant_answer_is_kept_but_not_sent(void **state)
{
    (void)state;
    struct sheet s;
    open_sheet(&s, "<a/><g><b/><c>1</c></g><sum/>",
               "<bind nodeset=\"/data/a\" type=\"int\"/>"
               "<bind nodeset=\"/data/g\" relevant=\"/data/a &gt; 1\"/>"
               "<bind nodeset=\"/data/g/b\" relevant=\"/data/a &gt; 2\"/>"
               "<bind nodeset=\"/data/sum\" "
               "calculate=\"concat(/data/g/b, '+', /data/g/c)\"/>",
               "<input ref=\"/data/a\"/><group ref=\"/data/g\"><label>G"
               "</label><input ref=\"/data/g/b\"/></group>",
               false);
    GET("/data/g/b", "(irrelevant)");
    GET("/data/sum", "+");
    SET("/data/a", "3");
    SET("/data/g/b", "x & <y>");
    GET("/data/sum", "x & <y>+1");
    SET("/data/a", "2");
    GET("/data/sum", "+1");
    assert_submission(s.f, "<data id=\"test\" version=\"7\"><a>2</a><g>"
                           "<c>1</c></g><sum>+1</sum></data>");
    SET("/data/a", "3");
    GET("/data/sum", "x & <y>+1");
    SET("/data/a", "");
    assert_submission(s.f, "<data id=\"test\" version=\"7\"><a/><sum>+</sum>"
                           "</data>");
    close_sheet(&s);
}

static void
faults_of_answers_carry_the_message_of_the_language(void **state)
{
    (void)state;
    struct sheet s;
    size_t count = 0;
    open_sheet(
        &s, "<a/><b/>",
        "<itext><translation lang=\"English (en)\"><text id=\"m\"><value>Only "
        "<output value=\"1 + 1\"/> digits</value></text></translation>"
        "<translation lang=\"Русский (ru)\" default=\"true()\"><text "
        "id=\"m\"><value>Две цифры</value></text></translation></itext>"
        "<bind nodeset=\"/data/a\" constraint=\"regex(., '[0-9]{2}')\" "
        "jr:constraintMsg=\"jr:itext('m')\"/>"
        "<bind nodeset=\"/data/b\" required=\"/data/a != ''\" "
        "jr:requiredMsg=\"Нужен ответ\"/>",
        "<input ref=\"/data/a\"/><input ref=\"/data/b\"/>", false);
    (void)filling_violations(s.f, &count);
    assert_int_equal(count, 0);
    SET("/data/a", "x");
    const struct filling_violation *v = filling_violations(s.f, &count);
    assert_int_equal(count, 2);
    assert_int_equal(v[0].fault, FILLING_CONSTRAINT);
    assert_string_equal(v[0].message, "Две цифры");
    assert_int_equal(v[1].fault, FILLING_REQUIRED);
    assert_string_equal(v[1].message, "Нужен ответ");
    assert_int_equal(form_lang_find(s.form, "en"), 0);
    assert_int_equal(filling_set_lang(s.f, 0), STATUS_OK);
    v = filling_violations(s.f, &count);
    assert_string_equal(v[0].message, "Only 2 digits");
    SET("/data/a", "12");
    SET("/data/b", "y");
    (void)filling_violations(s.f, &count);
    assert_int_equal(count, 0);
    close_sheet(&s);
}

static void
a_value_of_another_type_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *value;
        const char *kept; /* NULL: refused */
    } rows[] = {
        {"/data/i", "12", "12"},
        {"/data/i", "+007", "7"},
        {"/data/i", "1.5", NULL},
        {"/data/i", "много", NULL},
        {"/data/i", "2026-11-23", NULL},
        {"/data/d", "2.50", "2.5"},
        {"/data/d", "1e3", NULL},
        {"/data/t", "2026-02-29", NULL},
        {"/data/t", "2024-02-29", "2024-02-29"},
        {"/data/c", "25:00", NULL},
        {"/data/c", "08:30:00", "08:30:00"},
        {"/data/s", "a\x01", NULL},
        {"/data/s", "\xFF", NULL},
        {"/data/s", "две\nстроки", "две\nстроки"},
        {"/data/one", "a", "a"},
        {"/data/one", "a b", NULL},
        {"/data/one", "z", NULL},
        {"/data/many", "b a", "b a"},
        {"/data/many", "a a", NULL},
        {"/data/rank", "b a", "b a"},
        {"/data/rank", "b", NULL},
        {"/data/few", "b", "b"},
        {"/data/few", "b a", NULL},
        {"/data/few", "z", NULL},
        {"/data/ok", "OK", "OK"},
        {"/data/ok", "yes", NULL},
        {"/data/range", "5", "5"},
        {"/data/range", "11", NULL},
    };
    struct sheet s;
    static const char items[] = "<item><label>A</label><value>a</value></item>"
                                "<item><label>B</label><value>b</value></item>";
    struct buf body;
    buf_init(&body, 10000);
    buf_printf(&body,
               "<select1 ref=\"/data/one\">%s</select1>"
               "<select ref=\"/data/many\">%s</select>"
               "<odk:rank ref=\"/data/rank\">%s</odk:rank>"
               "<odk:rank ref=\"/data/few\" appearance=\"first-1\">%s"
               "</odk:rank><trigger ref=\"/data/ok\"/>"
               "<range ref=\"/data/range\" start=\"1\" end=\"10\" "
               "step=\"1\"/>",
               items, items, items, items);
    open_sheet(&s,
               "<i/><d/><t/><c/><s/><one/><many/><rank/><few/><ok/><range/>",
               "<bind nodeset=\"/data/i\" type=\"xsd:int\"/>"
               "<bind nodeset=\"/data/d\" type=\"decimal\"/>"
               "<bind nodeset=\"/data/t\" type=\"date\"/>"
               "<bind nodeset=\"/data/c\" type=\"time\"/>"
               "<bind nodeset=\"/data/range\" type=\"int\"/>",
               body.data, false);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].value);
        enum status st = form_text_set(s.f, rows[i].path, rows[i].value);
        assert_int_equal(st, rows[i].kept ? STATUS_OK : STATUS_E_INVALID);
        if (rows[i].kept) {
            GET(rows[i].path, rows[i].kept);
        }
    }
    SET("/data/d", "3");
    GET("/data/d", "3");
    struct buf out;
    buf_init(&out, FILLING_XML_MAX_BYTES);
    assert_int_equal(filling_submission(s.f, &out), STATUS_OK);
    assert_non_null(strstr(out.data, "<d>3.0</d>"));
    buf_deinit(&out);
    buf_deinit(&body);
    close_sheet(&s);
}

static void
a_counted_repeat_follows_its_count(void **state)
{
    (void)state;
    struct sheet s;
    open_sheet(&s, "<n>2</n><rep jr:template=\"\"><v/><no/></rep><sum/>",
               "<bind nodeset=\"/data/n\" type=\"int\"/>"
               "<bind nodeset=\"/data/rep/v\" type=\"int\"/>"
               "<bind nodeset=\"/data/rep/no\" calculate=\"position(..)\"/>"
               "<bind nodeset=\"/data/sum\" "
               "calculate=\"concat(count(/data/rep), ':', "
               "sum(/data/rep/v))\"/>",
               "<input ref=\"/data/n\"/><group ref=\"/data/rep\"><repeat "
               "nodeset=\"/data/rep\" jr:count=\" /data/n \"><input "
               "ref=\"/data/rep/v\"/></repeat></group>",
               false);
    GET("/data/sum", "2:0");
    SET("/data/rep[2]/v", "5");
    SET("/data/n", "3");
    GET("/data/rep[3]/no", "3");
    SET("/data/rep[3]/v", "4");
    GET("/data/sum", "3:9");
    SET("/data/n", "0");
    GET("/data/sum", "0:0");
    GET("/data/rep[1]/v", "(none)");
    struct filling_node *root = filling_find(s.f, "/data");
    assert_null(filling_repeat(s.f, root, "rep"));
    close_sheet(&s);
}

static const char nested_data[] =
    "<day jr:template=\"\"><name/><lesson jr:template=\"\"><min/><no/>"
    "</lesson><total/></day>"
    "<day><name/><lesson><min/><no/></lesson><total/></day><all/>";
static const char nested_model[] =
    "<bind nodeset=\"/data/day/lesson/min\" type=\"int\"/>"
    "<bind nodeset=\"/data/day/lesson/no\" "
    "calculate=\"concat(position(../..), '.', position(..))\"/>"
    "<bind nodeset=\"/data/day/total\" calculate=\"sum(../lesson/min)\"/>"
    "<bind nodeset=\"/data/all\" calculate=\"sum(/data/day/total)\"/>";
static const char nested_body[] =
    "<group ref=\"/data/day\"><label>Day</label><repeat "
    "nodeset=\"/data/day\"><input ref=\"/data/day/name\"><label>Name"
    "</label></input><group ref=\"/data/day/lesson\"><label>Lesson</label>"
    "<repeat nodeset=\"/data/day/lesson\"><input "
    "ref=\"/data/day/lesson/min\"><label>For <output value=\" ../../name "
    "\"/></label></input></repeat></group></repeat></group>";

static void
add(struct filling *f, const char *parent, const char *name)
{
    struct filling_node *above = filling_find(f, parent);
    assert_non_null(above);
    const void *repeat = filling_repeat(f, above, name);
    assert_non_null(repeat);
    assert_int_equal(filling_add(f, above, repeat, NULL), STATUS_OK);
}

static void
repeats_nest_grow_and_shrink(void **state)
{
    (void)state;
    struct sheet s;
    open_sheet(&s, nested_data, nested_model, nested_body, false);
    add(s.f, "/data", "day");
    add(s.f, "/data/day[2]", "lesson");
    SET("/data/day[1]/lesson[1]/min", "30");
    SET("/data/day[2]/lesson[1]/min", "20");
    SET("/data/day[2]/lesson[2]/min", "5");
    GET("/data/day[2]/total", "25");
    GET("/data/all", "55");
    GET("/data/day[2]/lesson[2]/no", "2.2");
    assert_int_equal(filling_remove(s.f, filling_find(s.f, "/data/day[1]")),
                     STATUS_OK);
    GET("/data/all", "25");
    GET("/data/day[1]/lesson[2]/no", "1.2");
    assert_int_equal(
        filling_remove(s.f, filling_find(s.f, "/data/day[1]/lesson[1]")),
        STATUS_OK);
    GET("/data/day[1]/lesson[1]/no", "1.1");
    GET("/data/all", "5");
    assert_int_equal(filling_remove(s.f, filling_find(s.f, "/data/day[1]")),
                     STATUS_OK);
    assert_submission(s.f, "<data id=\"test\" version=\"7\"><all>0</all>"
                           "</data>");
    close_sheet(&s);
}

static void
items_are_what_a_screen_shows(void **state)
{
    (void)state;
    struct sheet s;
    size_t count = 0;
    static const enum filling_item_kind want[] = {
        FILLING_REPEAT_BEGIN, FILLING_QUESTION,   FILLING_REPEAT_BEGIN,
        FILLING_QUESTION,     FILLING_REPEAT_END, FILLING_REPEAT_ADD,
        FILLING_REPEAT_END,   FILLING_REPEAT_ADD,
    };
    open_sheet(&s, nested_data, nested_model, nested_body, false);
    const struct filling_item *item = filling_items(s.f, &count);
    assert_int_equal(count, sizeof(want) / sizeof(want[0]));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(item[i].kind, want[i]);
    }
    assert_true(item[0].removable);
    assert_int_equal(item[2].depth, 1);
    struct filling_group group;
    filling_group(s.f, item[2].node, &group);
    assert_string_equal(group.label.text, "Lesson");
    SET("/data/day[1]/name", "вторник");
    struct filling_question q;
    filling_question(s.f, filling_find(s.f, "/data/day[1]/lesson[1]/min"), &q);
    assert_string_equal(q.label.text, "For вторник");
    assert_int_equal(q.type, FORM_TYPE_INTEGER);
    item = filling_items(s.f, &count);
    assert_int_equal(filling_add(s.f, item[7].node, item[7].repeat, NULL),
                     STATUS_OK);
    (void)filling_items(s.f, &count);
    assert_int_equal(count, 15);
    close_sheet(&s);
}

static const char choice_model[] =
    "<itext><translation lang=\"English (en)\" default=\"true()\">"
    "<text id=\"t-0\"><value>Omsk</value></text>"
    "<text id=\"t-1\"><value>Tver</value></text>"
    "</translation><translation lang=\"Русский (ru)\">"
    "<text id=\"t-0\"><value>Омск</value></text>"
    "<text id=\"t-1\"><value>Тверь</value><value form=\"image\">"
    "jr://images/tver.png</value></text></translation></itext>"
    "<instance id=\"t\"><root>"
    "<item><itextId>t-0</itextId><name>omsk</name><r>s</r></item>"
    "<item><itextId>t-1</itextId><name>tver</name><r>c</r></item>"
    "</root></instance>"
    "<bind nodeset=\"/data/name\" "
    "calculate=\"jr:choice-name(/data/town, ' /data/town ')\"/>";
static const char choice_body[] =
    "<input ref=\"/data/r\"/><select1 ref=\"/data/town\"><itemset "
    "nodeset=\"instance('t')/root/item[r =  /data/r ]\"><value "
    "ref=\"name\"/><label ref=\"jr:itext(itextId)\"/></itemset></select1>";

static void
an_answer_no_longer_offered_is_cleared_at_once(void **state)
{
    (void)state;
    struct sheet s;
    size_t count = 0;
    open_sheet(&s, "<r>c</r><town/><name/>", choice_model, choice_body, false);
    struct filling_node *town = filling_find(s.f, "/data/town");
    const struct filling_choice *choice = filling_choices(s.f, town, &count);
    assert_int_equal(count, 1);
    assert_string_equal(choice[0].name, "tver");
    assert_string_equal(choice[0].label.text, "Tver");
    assert_int_equal(form_text_set(s.f, "/data/town", "omsk"),
                     STATUS_E_INVALID);
    SET("/data/town", "tver");
    GET("/data/name", "Tver");
    assert_int_equal(filling_set_lang(s.f, 1), STATUS_OK);
    GET("/data/name", "Тверь");
    choice = filling_choices(s.f, town, &count);
    assert_string_equal(choice[0].label.image, "tver.png");
    assert_true(choice[0].selected);
    SET("/data/r", "s");
    GET("/data/town", "");
    GET("/data/name", "");
    (void)filling_choices(s.f, town, &count);
    assert_int_equal(count, 1);
    close_sheet(&s);
}

static void
the_dictionary_describes_every_leaf(void **state)
{
    (void)state;
    struct sheet s;
    struct form_field field;
    open_sheet(&s, "<r>c</r><town/><name/>", choice_model, choice_body, false);
    assert_string_equal(form_id(s.form), "test");
    assert_string_equal(form_version(s.form), "7");
    assert_string_equal(form_title(s.form), "Test");
    assert_int_equal(form_field_count(s.form), 3);
    size_t town = form_field_find(s.form, "/data/town");
    form_field_get(s.form, town, &field);
    assert_string_equal(field.path, "/data/town");
    assert_int_equal(field.control, FORM_CONTROL_SELECT_ONE);
    assert_int_equal(field.choice_count, 2);
    assert_string_equal(form_choice_name(s.form, town, 1), "tver");
    assert_string_equal(form_choice_label(s.form, town, 1, 1), "Тверь");
    assert_int_equal(form_field_find(s.form, "/data/nothing"), SIZE_MAX);
    close_sheet(&s);
}

static void
a_ranking_is_shown_as_it_was_given(void **state)
{
    (void)state;
    struct sheet s;
    size_t count = 0;
    open_sheet(&s, "<k/>", "<bind nodeset=\"/data/k\" type=\"odk:rank\"/>",
               "<odk:rank ref=\"/data/k\"><item><label>A</label><value>a"
               "</value></item><item><label>B</label><value>b</value></item>"
               "<item><label>C</label><value>c</value></item></odk:rank>",
               false);
    SET("/data/k", "c a b");
    struct filling_node *k = filling_find(s.f, "/data/k");
    const struct filling_choice *choice = filling_choices(s.f, k, &count);
    assert_string_equal(choice[0].name, "c");
    assert_string_equal(choice[2].name, "b");
    choice = filling_offered(s.f, k, &count);
    assert_string_equal(choice[0].name, "a");
    close_sheet(&s);
}

static void
setvalue_answers_its_three_events(void **state)
{
    (void)state;
    struct sheet s;
    open_sheet(
        &s, "<first/><src/><copy/><rep><born/></rep><loop/>",
        "<setvalue event=\"odk-instance-first-load\" ref=\"/data/first\" "
        "value=\"1 + 1\"/>"
        "<setvalue event=\"odk-instance-first-load odk-new-repeat\" "
        "ref=\"/data/rep/born\" value=\"concat('r', position(..))\"/>",
        "<input ref=\"/data/src\"><setvalue event=\"xforms-value-changed\" "
        "ref=\"/data/copy\" value=\"concat(/data/src, '!')\"/><setvalue "
        "event=\"xforms-value-changed\" ref=\"/data/loop\">set</setvalue>"
        "</input><input ref=\"/data/copy\"><setvalue "
        "event=\"xforms-value-changed\" ref=\"/data/first\" "
        "value=\"string-length(/data/copy)\"/></input>"
        "<group ref=\"/data/rep\"><repeat nodeset=\"/data/rep\"><input "
        "ref=\"/data/rep/born\"/></repeat></group>",
        false);
    GET("/data/first", "2");
    GET("/data/rep[1]/born", "r1");
    add(s.f, "/data", "rep");
    GET("/data/rep[2]/born", "r2");
    SET("/data/src", "abc");
    GET("/data/copy", "abc!");
    GET("/data/loop", "set");
    GET("/data/first", "4");
    close_sheet(&s);
}

static void
actions_that_wake_each_other_come_to_an_end(void **state)
{
    (void)state;
    struct sheet s;
    open_sheet(&s, "<a/><b/>", "",
               "<input ref=\"/data/a\"><setvalue "
               "event=\"xforms-value-changed\" ref=\"/data/b\" "
               "value=\"/data/a + 1\"/></input><input ref=\"/data/b\">"
               "<setvalue event=\"xforms-value-changed\" ref=\"/data/a\" "
               "value=\"/data/b + 1\"/></input>",
               false);
    SET("/data/a", "1");
    assert_string_not_equal(form_text_get(s.f, "/data/b"), "");
    close_sheet(&s);
}

static void
an_anonymous_form_gives_no_identity_and_no_time(void **state)
{
    (void)state;
    static const char data[] = "<start/><end/><today/><device/><meta>"
                               "<instanceID/></meta>";
    static const char model[] =
        "<bind nodeset=\"/data/start\" type=\"dateTime\" "
        "jr:preload=\"timestamp\" jr:preloadParams=\"start\"/>"
        "<bind nodeset=\"/data/end\" type=\"dateTime\" "
        "jr:preload=\"timestamp\" jr:preloadParams=\"end\"/>"
        "<bind nodeset=\"/data/today\" type=\"date\" jr:preload=\"date\" "
        "jr:preloadParams=\"today\"/>"
        "<bind nodeset=\"/data/device\" jr:preload=\"property\" "
        "jr:preloadParams=\"deviceid\"/>"
        "<bind nodeset=\"/data/meta/instanceID\" jr:preload=\"uid\"/>";
    struct sheet s;
    open_sheet(&s, data, model, "", true);
    assert_submission(s.f, "<data id=\"test\" version=\"7\"><start/><end/>"
                           "<today/><device/><meta><instanceID>uuid:1"
                           "</instanceID></meta></data>");
    close_sheet(&s);
    open_sheet(&s, data, model, "", false);
    harness_clock_advance(&s.clock, 60000);
    assert_submission(
        s.f, "<data id=\"test\" version=\"7\">"
             "<start>2026-11-23T12:16:12.493+00:00</start>"
             "<end>2026-11-23T12:17:12.493+00:00</end>"
             "<today>2026-11-23</today><device/><meta><instanceID>uuid:1"
             "</instanceID></meta></data>");
    close_sheet(&s);
}

static void
where_the_reference_engines_differ(void **state)
{
    (void)state;
    struct sheet s;
    open_sheet(
        &s,
        "<none/><one>1</one><d>1.0</d><out1/><out2/><out3/><out4/><out5/>"
        "<rep><q>x</q></rep><rep><q>y</q></rep>",
        "<bind nodeset=\"/data/d\" type=\"decimal\"/>"
        "<bind nodeset=\"/data/out1\" calculate=\"sum(/data/none)\"/>"
        "<bind nodeset=\"/data/out2\" "
        "calculate=\"min(/data/none, /data/one)\"/>"
        "<bind nodeset=\"/data/out3\" calculate=\"1 = 1\"/>"
        "<bind nodeset=\"/data/out4\" calculate=\"concat(/data/d, '')\"/>"
        "<bind nodeset=\"/data/out5\" "
        "calculate=\"count(/data/rep[/data/rep/q = 'x'])\"/>",
        "<repeat nodeset=\"/data/rep\"><input ref=\"/data/rep/q\"/></repeat>",
        false);
    GET("/data/out1", "0"); /* blanks are skipped */
    GET("/data/out2", "1");
    GET("/data/out3", "1"); /* a boolean is stored as 1 or 0 */
    GET("/data/out4", "1"); /* a whole decimal reads without ".0" */
    GET("/data/out5", "1"); /* the path means the tested instance */
    close_sheet(&s);
}

static void
a_circle_is_told_with_the_fields_in_it(void **state)
{
    (void)state;
    struct diag d;
    struct form *form = NULL;
    diag_init(&d, I18N_EN);
    assert_int_equal(
        form_text_load("<a/><b/><c/><free/>",
                       "<bind nodeset=\"/data/a\" calculate=\"/data/b + 1\"/>"
                       "<bind nodeset=\"/data/b\" relevant=\"/data/c = 1\"/>"
                       "<bind nodeset=\"/data/c\" calculate=\"/data/a\"/>"
                       "<bind nodeset=\"/data/free\" calculate=\"/data/a\"/>",
                       "", &d, &form),
        STATUS_E_INVALID);
    assert_int_equal(d.count, 1);
    assert_non_null(strstr(d.entry[0].text, "/data/a"));
    assert_non_null(strstr(d.entry[0].text, "/data/b"));
    assert_non_null(strstr(d.entry[0].text, "/data/c"));
    assert_null(strstr(d.entry[0].text, "/data/free"));
    diag_deinit(&d);
}

static void
a_submission_is_read_back(void **state)
{
    (void)state;
    struct sheet s;
    struct sheet other;
    struct buf sent;
    struct buf again;
    buf_init(&sent, FILLING_XML_MAX_BYTES);
    buf_init(&again, FILLING_XML_MAX_BYTES);
    open_sheet(&s, nested_data, nested_model, nested_body, false);
    add(s.f, "/data", "day");
    add(s.f, "/data/day[2]", "lesson");
    SET("/data/day[2]/lesson[2]/min", "40");
    assert_int_equal(
        filling_remove(s.f, filling_find(s.f, "/data/day[1]/lesson[1]")),
        STATUS_OK);
    assert_int_equal(filling_submission(s.f, &sent), STATUS_OK);
    open_sheet(&other, nested_data, nested_model, nested_body, false);
    assert_int_equal(filling_read(other.f, sent.data, sent.len, NULL),
                     STATUS_OK);
    assert_int_equal(filling_submission(other.f, &again), STATUS_OK);
    assert_string_equal(again.data, sent.data);
    buf_deinit(&sent);
    buf_deinit(&again);
    close_sheet(&s);
    close_sheet(&other);
}

static void
a_foreign_submission_is_refused_with_its_faults(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        const char *says;
    } rows[] = {
        {"<data><r>c</r><town>tver</town><name/></data>", NULL},
        {"<other/>", "no such element"},
        {"<data><r>c</r><r>s</r></data>", "twice"},
        {"<data><r>c</r><extra>1</extra></data>", "no such element"},
        {"<data><r>c</r><town>omsk</town></data>", "not among the choices"},
        {"<data><n>много</n></data>", "not of the question's type"},
        {"<data><r>c</data>", "not well-formed"},
        {"<!DOCTYPE x [<!ENTITY e 'x'>]><data/>", "DOCTYPE"},
        {"", NULL},
    };
    struct buf model;
    buf_init(&model, 10000);
    buf_printf(&model, "%s<bind nodeset=\"/data/n\" type=\"int\"/>",
               choice_model);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sheet s;
        struct diag d;
        harness_row(rows[i].xml);
        diag_init(&d, I18N_EN);
        open_sheet(&s, "<n/><r/><town/><name/>", model.data, choice_body,
                   false);
        enum status st =
            filling_read(s.f, rows[i].xml, strlen(rows[i].xml), &d);
        assert_int_equal(st, i == 0 ? STATUS_OK : STATUS_E_INVALID);
        if (rows[i].says) {
            assert_true(d.count > 0);
            assert_non_null(strstr(d.entry[0].text, rows[i].says));
        }
        close_sheet(&s);
        diag_deinit(&d);
    }
    buf_deinit(&model);
}

static void
an_unreadable_form_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *xml;
        const char *says;
    } rows[] = {
        {"", "not well-formed"},
        {"<a>", "first element"},
        {"<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\"/>",
         "no primary instance"},
        {"<!DOCTYPE a><html/>", "DOCTYPE"},
        {"<html><head><model><instance><d><q/></d></instance>"
         "<bind nodeset=\"/d/x\"/></model></head></html>",
         "no such question"},
        {"<html><head><model><instance><d><q/></d></instance></model></head>"
         "<body><input ref=\"/d/y\"/></body></html>",
         "no such question"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct diag d;
        struct form *form = NULL;
        harness_row(rows[i].xml);
        diag_init(&d, I18N_EN);
        assert_int_equal(
            form_load(rows[i].xml, strlen(rows[i].xml), NULL, &d, &form),
            STATUS_E_INVALID);
        assert_true(d.count > 0);
        assert_non_null(strstr(d.entry[0].text, rows[i].says));
        diag_deinit(&d);
    }
    struct buf deep;
    struct form *form = NULL;
    buf_init(&deep, 100000);
    for (int i = 0; i < 300; i++) {
        buf_puts(&deep, i ? "<g>" : "<html>");
    }
    assert_int_equal(form_load(deep.data, deep.len, NULL, NULL, &form),
                     STATUS_E_LIMIT);
    buf_deinit(&deep);
}

static enum status
read_csv(void *self, const char *name, struct buf *out)
{
    (void)self;
    if (strcmp(name, "staff.csv") != 0) {
        return STATUS_E_NOT_FOUND;
    }
    buf_puts(out, "\xEF\xBB\xBFname;label;room\r\n"
                  "p1;\"Иванова; А. \"\"Аня\"\"\";1\r\n\r\n"
                  "p2;Петрова;2");
    return buf_status(out);
}

static enum status
read_xml(void *self, const char *name, struct buf *out)
{
    const char *text = self;
    if (strcmp(name, "rooms.xml") != 0) {
        return STATUS_E_NOT_FOUND;
    }
    buf_puts(out, text);
    return buf_status(out);
}

static void
rooms_come_from_an_xml_file(void **state)
{
    (void)state;
    static const char form_xml[] =
        "<html xmlns=\"http://www.w3.org/2002/xforms\"><head><model>"
        "<instance><d><q>2</q><room/></d></instance>"
        "<instance id=\"rooms\" src=\"jr://file/rooms.xml\"/>"
        "<instance id=\"map\" src=\"jr://file/map.geojson\"/>"
        "<instance id=\"old\" src=\"jr://instance/last-saved\"/>"
        "<bind nodeset=\"/d/room\" calculate=\"concat(instance('rooms')/"
        "root/item[no = /d/q]/label, instance('old')/d/q)\"/></model>"
        "</head><body/></html>";
    static const struct {
        const char *xml;
        enum status want;
    } rows[] = {
        {"<root><item><no>1</no><label>Зал</label></item><item><no>2</no>"
         "<label>Класс</label></item></root>",
         STATUS_OK},
        {"<root><item>", STATUS_E_INVALID},
        {"", STATUS_E_INVALID},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[512];
        struct sheet s = {0};
        memcpy(text, rows[i].xml, strlen(rows[i].xml) + 1);
        struct form_env env = {read_xml, text};
        harness_row(rows[i].xml);
        assert_int_equal(
            form_load(form_xml, sizeof(form_xml) - 1, &env, NULL, &s.form),
            rows[i].want);
        if (rows[i].want == STATUS_OK) {
            assert_int_equal(filling_new(s.form, NULL, &s.f), STATUS_OK);
            GET("/d/room", "Класс");
        }
        close_sheet(&s);
    }
}

static void
people_come_from_a_csv_file(void **state)
{
    (void)state;
    static const char xml[] =
        "<html xmlns=\"http://www.w3.org/2002/xforms\"><head><model>"
        "<instance><d><q/><room/></d></instance>"
        "<instance id=\"staff\" src=\"jr://file-csv/staff.csv\"/>"
        "<instance id=\"gone\" src=\"jr://file-csv/gone.csv\"/>"
        "<bind nodeset=\"/d/room\" "
        "calculate=\"pulldata('staff', 'room', 'name', /d/q)\"/></model>"
        "</head><body><select1 ref=\"/d/q\"><itemset "
        "nodeset=\"instance('staff')/root/item\"><value ref=\"name\"/>"
        "<label ref=\"label\"/></itemset></select1></body></html>";
    struct form_env env = {read_csv, NULL};
    struct diag d;
    struct sheet s = {0};
    size_t count = 0;
    diag_init(&d, I18N_EN);
    assert_int_equal(form_load(xml, sizeof(xml) - 1, &env, &d, &s.form),
                     STATUS_OK);
    assert_int_equal(d.errors, 0);
    assert_int_equal(d.count, 1); /* a warning: gone.csv */
    assert_int_equal(filling_new(s.form, NULL, &s.f), STATUS_OK);
    const struct filling_choice *choice =
        filling_choices(s.f, filling_find(s.f, "/d/q"), &count);
    assert_int_equal(count, 2);
    assert_string_equal(choice[0].label.text, "Иванова; А. \"Аня\"");
    SET("/d/q", "p2");
    GET("/d/room", "2");
    close_sheet(&s);
    diag_deinit(&d);
}

static void
a_scenario_is_applied_until_its_first_fault(void **state)
{
    (void)state;
    static const char steps[] = "set\t/data/day[1]/name\tone\\ntwo\n"
                                "add\t/data/day\n"
                                "set\t/data/day[2]/lesson[1]/min\t7\n"
                                "jump\t/data/day\n";
    struct sheet s;
    struct diag d;
    diag_init(&d, I18N_EN);
    open_sheet(&s, nested_data, nested_model, nested_body, false);
    assert_int_equal(scenario_apply(s.f, steps, sizeof(steps) - 1, &d),
                     STATUS_E_UNSUPPORTED);
    assert_int_equal(d.entry[0].row, 4);
    GET("/data/day[1]/name", "one\ntwo");
    GET("/data/all", "7");
    struct buf out;
    buf_init(&out, 100000);
    assert_int_equal(scenario_state(s.f, &out), STATUS_OK);
    assert_non_null(
        strstr(out.data, "label\t/data/day[1]/lesson[1]/min\tFor one\\ntwo"));
    buf_deinit(&out);
    close_sheet(&s);
    diag_deinit(&d);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_irrelevant_answer_is_kept_but_not_sent),
        cmocka_unit_test(faults_of_answers_carry_the_message_of_the_language),
        cmocka_unit_test(a_value_of_another_type_is_refused),
        cmocka_unit_test(a_counted_repeat_follows_its_count),
        cmocka_unit_test(repeats_nest_grow_and_shrink),
        cmocka_unit_test(items_are_what_a_screen_shows),
        cmocka_unit_test(an_answer_no_longer_offered_is_cleared_at_once),
        cmocka_unit_test(the_dictionary_describes_every_leaf),
        cmocka_unit_test(a_ranking_is_shown_as_it_was_given),
        cmocka_unit_test(setvalue_answers_its_three_events),
        cmocka_unit_test(actions_that_wake_each_other_come_to_an_end),
        cmocka_unit_test(an_anonymous_form_gives_no_identity_and_no_time),
        cmocka_unit_test(where_the_reference_engines_differ),
        cmocka_unit_test(a_circle_is_told_with_the_fields_in_it),
        cmocka_unit_test(a_submission_is_read_back),
        cmocka_unit_test(a_foreign_submission_is_refused_with_its_faults),
        cmocka_unit_test(an_unreadable_form_says_where),
        cmocka_unit_test(rooms_come_from_an_xml_file),
        cmocka_unit_test(people_come_from_a_csv_file),
        cmocka_unit_test(a_scenario_is_applied_until_its_first_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
