/*
 * Fails the 1st, 2nd, 3rd ... allocation of ours while a form is loaded,
 * answered and written, until all of it succeeds: no failure may crash, leak,
 * or be taken for success. The linker sends our calls here (--wrap); those
 * inside libxml2 and PCRE2 stay their own.
 */
#include <stdlib.h>
#include <string.h>

#include "form/scenario.h"
#include "form_text.h"
#include "harness/harness.h"

void *
__real_malloc(size_t size);
void *
__real_calloc(size_t count, size_t size);
void *
__real_realloc(void *old, size_t size);
void *
__wrap_malloc(size_t size);
void *
__wrap_calloc(size_t count, size_t size);
void *
__wrap_realloc(void *old, size_t size);

static long countdown = -1; /* allocations until one fails; < 0: none does */
static bool failed;

static bool
fails(void)
{
    if (countdown < 0) {
        return false;
    }
    if (countdown-- == 0) {
        failed = true;
        return true;
    }
    return false;
}

void *
__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

static const char data[] =
    "<n/><r/><town/><label/><rep jr:template=\"\"><v>1</v><w/></rep><sum/>";
static const char model[] =
    "<itext><translation lang=\"ru\"><text id=\"q\"><value>Сколько? <output "
    "value=\"/data/sum\"/></value></text></translation></itext>"
    "<instance id=\"t\"><root><item><name>a</name><label>A</label><r>x</r>"
    "</item><item><name>b</name><label>B</label><r>y</r></item></root>"
    "</instance>"
    "<bind nodeset=\"/data/n\" type=\"int\" required=\"true()\" "
    "jr:requiredMsg=\"Да\" constraint=\"regex(., '[0-3]')\"/>"
    "<bind nodeset=\"/data/r\" relevant=\"/data/n &gt; 0\"/>"
    "<bind nodeset=\"/data/label\" "
    "calculate=\"jr:choice-name(/data/town, '/data/town')\"/>"
    "<bind nodeset=\"/data/rep/w\" calculate=\"concat(../v, position(..))\"/>"
    "<bind nodeset=\"/data/sum\" "
    "calculate=\"join('-', randomize(/data/rep/w, 3))\"/>"
    "<setvalue event=\"odk-instance-first-load\" ref=\"/data/r\" "
    "value=\"'x'\"/>";
static const char body[] =
    "<input ref=\"/data/n\"><label ref=\"jr:itext('q')\"/><setvalue "
    "event=\"xforms-value-changed\" ref=\"/data/r\" value=\"'y'\"/></input>"
    "<input ref=\"/data/r\"/><select1 ref=\"/data/town\"><itemset "
    "nodeset=\"instance('t')/root/item[r = /data/r]\"><value ref=\"name\"/>"
    "<label ref=\"label\"/></itemset></select1>"
    "<group ref=\"/data/rep\"><label>R</label><repeat nodeset=\"/data/rep\" "
    "jr:count=\"/data/n\"><input ref=\"/data/rep/v\"/></repeat></group>";
static const char steps[] = "set\t/data/n\t2\n"
                            "set\t/data/town\tb\n"
                            "set\t/data/rep[2]/v\tдва\n"
                            "set\t/data/n\t3\n";
static const char submission[] =
    "<data id=\"test\" version=\"7\"><n>3</n><r>y</r><town>b</town>"
    "<label>B</label><rep><v>1</v><w>11</w></rep><rep><v>два</v><w>два2</w>"
    "</rep><rep><v>1</v><w>13</w></rep><sum>13-11-два2</sum></data>";

static enum status
use_filling(struct form *form, struct buf *out)
{
    struct filling *f = NULL;
    struct filling *copy = NULL;
    struct buf state;
    buf_init(&state, 100000);
    enum status st = filling_new(form, NULL, &f);
    if (st == STATUS_OK) {
        st = scenario_apply(f, steps, sizeof(steps) - 1, NULL);
    }
    if (st == STATUS_OK) {
        st = scenario_state(f, &state);
    }
    if (st == STATUS_OK) {
        st = filling_submission(f, out);
    }
    if (st == STATUS_OK) {
        st = filling_new(form, NULL, &copy);
    }
    if (st == STATUS_OK) {
        st = filling_read(copy, out->data, out->len, NULL);
    }
    filling_free(f);
    filling_free(copy);
    buf_deinit(&state);
    return st;
}

static void
every_failed_allocation_is_survived(void **state)
{
    (void)state;
    struct buf out;
    long n = 0;
    for (; n < 100000; n++) {
        struct form *form = NULL;
        buf_init(&out, FILLING_XML_MAX_BYTES);
        failed = false;
        countdown = n;
        enum status st = form_text_load(data, model, body, NULL, &form);
        if (st == STATUS_OK) {
            st = use_filling(form, &out);
        }
        countdown = -1;
        form_free(form);
        if (!failed) {
            assert_int_equal(st, STATUS_OK);
            assert_string_equal(out.data, submission);
            break;
        }
        if (st == STATUS_OK && out.len > 0) {
            assert_string_equal(out.data, submission);
        }
        buf_deinit(&out);
    }
    buf_deinit(&out);
    assert_true(n > 100 && n < 100000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
