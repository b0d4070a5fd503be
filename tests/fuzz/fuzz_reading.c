/*
 * A submission of any bytes, read into a form with repeats, choices and
 * numbers. What is accepted must be written and read again to the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "form/filling.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char form_xml[] =
    "<html xmlns=\"http://www.w3.org/2002/xforms\" "
    "xmlns:jr=\"http://openrosa.org/javarosa\"><head><model><instance>"
    "<data id=\"f\"><n/><d/><day/><pick/><r jr:template=\"\"><v/><s><x/></s>"
    "</r><r><v/><s><x/></s></r><sum/><meta><instanceID/></meta></data>"
    "</instance><instance id=\"t\"><root><item><name>a</name></item><item>"
    "<name>b</name></item></root></instance>"
    "<bind nodeset=\"/data/n\" type=\"int\"/>"
    "<bind nodeset=\"/data/d\" type=\"decimal\" "
    "relevant=\"/data/n &gt; 1\"/>"
    "<bind nodeset=\"/data/day\" type=\"date\"/>"
    "<bind nodeset=\"/data/r/s\" relevant=\"../v != ''\"/>"
    "<bind nodeset=\"/data/sum\" calculate=\"sum(/data/r/s/x)\"/>"
    "<bind nodeset=\"/data/meta/instanceID\" jr:preload=\"uid\"/>"
    "</model></head><body><input ref=\"/data/n\"/><input ref=\"/data/d\"/>"
    "<select ref=\"/data/pick\"><itemset nodeset=\"instance('t')/root/item\">"
    "<value ref=\"name\"/><label ref=\"name\"/></itemset></select>"
    "<repeat nodeset=\"/data/r\"><input ref=\"/data/r/v\"/><repeat "
    "nodeset=\"/data/r/s\"><input ref=\"/data/r/s/x\"/></repeat></repeat>"
    "</body></html>";

static enum status
read_and_write(const struct form *form, const char *xml, size_t len,
               struct diag *d, struct buf *out)
{
    const struct filling_env env = {
        .anonymous = true, .instance_id = "uuid:1", .reproducible = true};
    struct filling *f = NULL;
    enum status st = filling_new(form, &env, &f);
    if (st == STATUS_OK) {
        st = filling_read(f, xml, len, d);
    }
    if (st == STATUS_OK) {
        size_t count = 0;
        (void)filling_violations(f, &count);
        st = filling_submission(f, out);
    }
    filling_free(f);
    return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct form *form = NULL;
    struct buf once;
    struct buf twice;
    struct diag d;
    diag_init(&d, I18N_EN);
    buf_init(&once, FILLING_XML_MAX_BYTES * 2);
    buf_init(&twice, FILLING_XML_MAX_BYTES * 2);
    if (form_load(form_xml, sizeof(form_xml) - 1, NULL, NULL, &form) < 0) {
        abort();
    }
    enum status st = read_and_write(form, (const char *)data, size, &d, &once);
    if (st == STATUS_E_INVALID && size > 0 && d.errors == 0) {
        abort(); /* refused without a word */
    }
    if (st == STATUS_OK && once.len <= FILLING_XML_MAX_BYTES) {
        st = read_and_write(form, once.data, once.len, NULL, &twice);
        if (st < 0 || strcmp(once.data, twice.data) != 0) {
            abort();
        }
    }
    form_free(form);
    buf_deinit(&once);
    buf_deinit(&twice);
    diag_deinit(&d);
    return 0;
}
