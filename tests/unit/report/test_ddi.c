#include "collector/report/ddi.h"

#include <string.h>

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "harness/harness.h"
#include "sample.h"

static void
describes_every_variable_in_every_language(void **state)
{
    (void)state;
    static const struct {
        const char *xpath;
        const char *expected;
    } rows[] = {
        {"string(//d:titlStmt/d:titl)", "Удовлетворённость, весна 2027"},
        {"string(//d:titlStmt/d:parTitl[@xml:lang='en'])",
         "Satisfaction, spring 2027"},
        {"string(//d:AuthEnty)", "ГБДОУ <№ 5> & Ко"},
        {"string(count(//d:var))", "4"},
        {"string(//d:caseQnty)", "5"},
        {"string(//d:var[@name='how_often']/d:labl[@xml:lang='ru'])",
         "Как часто вы встречаетесь?"},
        {"string(//d:var[1]/d:catgry[d:catValu='2']/d:labl[1])",
         "Раз в месяц; иногда \"чаще\""},
        {"string(count(//d:var[1]/d:catgry[3]/d:labl))", "1"},
        {"string(//d:var[2]/@nature)", "interval"},
        {"string(//d:universe)", "23 invited members of staff"},
    };
    const struct ddi_study study = {"ГБДОУ <№ 5> & Ко", "2027", NULL, 23, 5};
    struct sample s;
    struct sample_sink sink;
    sample_init(&s);
    sample_sink_init(&sink, 0);
    assert_int_equal(ddi_write(&s.dataset, &study, &sink.sink), STATUS_OK);
    xmlDoc *doc = xmlReadMemory(sink.out.data, (int)sink.out.len, NULL, NULL,
                                XML_PARSE_NONET);
    assert_non_null(doc);
    xmlXPathContext *xp = xmlXPathNewContext(doc);
    assert_int_equal(xmlXPathRegisterNs(xp, (const xmlChar *)"d",
                                        (const xmlChar *)"ddi:codebook:2_5"),
                     0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].xpath);
        xmlXPathObject *o =
            xmlXPathEvalExpression((const xmlChar *)rows[i].xpath, xp);
        assert_non_null(o);
        assert_string_equal((const char *)o->stringval, rows[i].expected);
        xmlXPathFreeObject(o);
    }
    xmlXPathFreeContext(xp);
    xmlFreeDoc(doc);
    sample_sink_deinit(&sink);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(describes_every_variable_in_every_language),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    xmlCleanupParser();
    return failed;
}
