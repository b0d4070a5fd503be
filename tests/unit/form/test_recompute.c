/*
 * Random forms under random changes: what the changes have led to, step by step,
 * is what computing everything from the answers gives. The forms have repeats
 * in repeats, counted and free, with sums, positions, predicates and relevance
 * across them; no expression reads what comes after it.
 */
#include <stdlib.h>
#include <string.h>

#include "form/tree.h"
#include "form_text.h"
#include "harness/harness.h"

#define FORMS 150
#define STEPS 40
#define INSTANCES_MAX 5
#define OUTER 4 /* questions before the repeat */

static uint32_t seed;

static uint32_t
pick(uint32_t below)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % below;
}

/* What an expression may read, as seen from inside the scopes. */
static const char *const outer_refs[] = {"/data/a0", "/data/a1", "/data/a2",
                                         "/data/a3", "/data/c0", "/data/c1"};
static const char *const row_refs[] = {
    "../v", "position(..)", "../k", "count(../../r)", "/data/c1", "/data/a2"};
static const char *const cell_refs[] = {
    "../x",     "position(..)",   "../../w",        "position(../..)",
    "/data/a1", "count(../../s)", "sum(../../s/x)", "../../v"};
static const char *const list_refs[] = {
    "sum(/data/r/w)",
    "sum(/data/r/s/y)",
    "count(/data/r)",
    "count(/data/r[v &gt; /data/a0])",
    "count(/data/r/s[x &gt; 2])",
    "indexed-repeat(/data/r/w, /data/r, /data/a1)",
    "indexed-repeat(/data/r/s/y, /data/r, 1, /data/r/s, 2)",
    "/data/r[last()]/w",
    "/data/r[position() = 2]/s[1]/y",
    "max(/data/r/v)",
    "count-non-empty(/data/r/s/x)",
    "string-length(join('', /data/r/w))",
    "/data/a3",
    "/data/c0",
};

static void
put_expr(struct buf *out, const char *const *refs, uint32_t count)
{
    static const char *const patterns[] = {
        "%s + %s",       "if(%s &gt; 2, %s, 0)", "coalesce(%s, 1) * 2 - %s",
        "(%s = %s) + 1", "round(%s div 3 + %s)", "%s mod 4 + coalesce(%s, 0)"};
    const char *pattern = patterns[pick(6)];
    const char *first = refs[pick(count)];
    const char *second = refs[pick(count)];
    const char *at = strstr(pattern, "%s");
    const char *rest = strstr(at + 2, "%s");
    buf_put(out, pattern, (size_t)(at - pattern));
    buf_puts(out, first);
    buf_put(out, at + 2, (size_t)(rest - at - 2));
    buf_puts(out, second);
    buf_puts(out, rest + 2);
}

static void
put_bind(struct buf *out, const char *path, const char *attribute,
         const char *const *refs, uint32_t count)
{
    buf_printf(out, "<bind nodeset=\"%s\" %s=\"", path, attribute);
    put_expr(out, refs, count);
    buf_puts(out, strcmp(attribute, "relevant") == 0 ? " &gt; -1\"" : "\"");
    buf_puts(out,
             strcmp(attribute, "calculate") == 0 ? "/>" : " type=\"int\"/>");
}

#define REFS(list) list, sizeof(list) / sizeof(list[0])

static enum status
make_form(struct form **out)
{
    static const char data[] =
        "<a0>3</a0><a1>1</a1><a2/><a3/><c0/><c1/><g><d/></g>"
        "<r jr:template=\"\"><k>1</k><v/><w/><s jr:template=\"\"><x/><y/></s>"
        "</r><r><k>1</k><v/><w/><s><x/><y/></s></r><t0/><t1/><t2/><t3/>";
    struct buf model;
    struct buf body;
    buf_init(&model, 100000);
    buf_init(&body, 100000);
    for (int i = 0; i < OUTER; i++) {
        buf_printf(&model, "<bind nodeset=\"/data/a%d\" type=\"int\"/>", i);
        buf_printf(&body, "<input ref=\"/data/a%d\"/>", i);
    }
    put_bind(&model, "/data/c0", "calculate", outer_refs, OUTER);
    put_bind(&model, "/data/c1", "calculate", outer_refs, OUTER + 1);
    put_bind(&model, "/data/g", "relevant", REFS(outer_refs));
    put_bind(&model, "/data/g/d", "calculate", REFS(outer_refs));
    if (pick(2)) {
        put_bind(&model, "/data/r", "relevant", REFS(outer_refs));
    }
    put_bind(&model, "/data/r/v", "relevant", row_refs + 3, 3);
    put_bind(&model, "/data/r/w", "calculate", REFS(row_refs));
    if (pick(2)) {
        put_bind(&model, "/data/r/s", "relevant", row_refs + 2, 4);
    }
    put_bind(&model, "/data/r/s/x", "relevant", row_refs + 4, 2);
    put_bind(&model, "/data/r/s/y", "calculate", REFS(cell_refs));
    for (int i = 0; i < 4; i++) {
        char path[16] = "/data/t0";
        path[7] = (char)('0' + i);
        put_bind(&model, path, i == 3 ? "relevant" : "calculate",
                 REFS(list_refs));
    }
    buf_printf(&body,
               "<repeat nodeset=\"/data/r\"%s><input ref=\"/data/r/k\"/>"
               "<input ref=\"/data/r/v\"/><repeat nodeset=\"/data/r/s\"%s>"
               "<input ref=\"/data/r/s/x\"/></repeat></repeat>",
               pick(3) ? "" : " jr:count=\"/data/a0\"",
               pick(2) ? "" : " jr:count=\"../k\"");
    enum status st = form_text_load(data, model.data, body.data, NULL, out);
    buf_deinit(&model);
    buf_deinit(&body);
    return st;
}

static void
change(struct filling *f)
{
    static const char *const values[] = {"0", "1", "2", "3", "4", ""};
    size_t count = 0;
    enum status st = STATUS_OK;
    const struct filling_item *item = filling_items(f, &count);
    if (count == 0) {
        return;
    }
    item = &item[pick((uint32_t)count)];
    if (item->kind == FILLING_QUESTION) {
        st = filling_set(f, item->node, values[pick(6)]);
    } else if (item->kind == FILLING_REPEAT_ADD
               && item->count < INSTANCES_MAX) {
        st = filling_add(f, item->node, item->repeat, NULL);
    } else if (item->kind == FILLING_REPEAT_BEGIN && item->removable) {
        st = filling_remove(f, item->node);
    }
    assert_int_equal(st, STATUS_OK);
}

static void
changes_lead_to_what_computing_everything_gives(void **state)
{
    (void)state;
    struct buf before;
    struct buf after;
    buf_init(&before, FILLING_XML_MAX_BYTES);
    buf_init(&after, FILLING_XML_MAX_BYTES);
    for (uint32_t n = 1; n <= FORMS; n++) {
        struct form *form = NULL;
        struct filling *f = NULL;
        seed = n * 7919;
        assert_int_equal(make_form(&form), STATUS_OK);
        assert_int_equal(filling_new(form, NULL, &f), STATUS_OK);
        for (int i = 0; i < STEPS; i++) {
            change(f);
            buf_clear(&before);
            buf_clear(&after);
            assert_int_equal(filling_submission(f, &before), STATUS_OK);
            tree_changed_all(f);
            assert_int_equal(tree_run(f), STATUS_OK);
            assert_int_equal(filling_submission(f, &after), STATUS_OK);
            if (strcmp(before.data, after.data) != 0) {
                print_error("form %u, step %d\n", (unsigned)n, i);
            }
            assert_string_equal(before.data, after.data);
        }
        filling_free(f);
        form_free(form);
    }
    buf_deinit(&before);
    buf_deinit(&after);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_lead_to_what_computing_everything_gives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
