#ifndef ANKETA_TESTS_FUZZ_COMPILE_TWICE_H
#define ANKETA_TESTS_FUZZ_COMPILE_TWICE_H

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "xlsform/xlsform.h"

/*
 * Compile twice: any bytes compile or are refused with a finding, the same
 * bytes give the same form, and a form is well-formed XML with all its prefixes
 * declared. Shared by the targets of the readers.
 */
static inline void
require_well_formed(const struct buf *xml)
{
    xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
    if (!ctxt) {
        return;
    }
    xmlDocPtr doc =
        xmlCtxtReadMemory(ctxt, xml->data, (int)xml->len, NULL, NULL,
                          XML_PARSE_NOERROR | XML_PARSE_NOWARNING
                              | XML_PARSE_NONET | XML_PARSE_HUGE);
    if (!doc || !ctxt->wellFormed || !ctxt->nsWellFormed) {
        abort();
    }
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(ctxt);
}

static inline void
compile_twice(const uint8_t *data, size_t size, enum xlsform_format format)
{
    struct buf out[2];
    enum status st[2];
    for (size_t i = 0; i < 2; i++) {
        struct diag d;
        struct xlsform_options options = {.file = "fuzz", .advise = true};
        diag_init(&d, i == 0 ? I18N_EN : I18N_RU);
        buf_init(&out[i], (size_t)1 << 26);
        st[i] = xlsform_compile(data, size, format, &options, &d, &out[i]);
        if ((st[i] == STATUS_E_INVALID) != (d.errors > 0)
            && st[i] != STATUS_E_LIMIT && st[i] != STATUS_E_NOMEM) {
            abort();
        }
        diag_deinit(&d);
    }
    if (st[0] != st[1] || out[0].len != out[1].len
        || memcmp(out[0].data, out[1].data, out[0].len) != 0) {
        abort();
    }
    if (st[0] >= 0) {
        require_well_formed(&out[0]);
    }
    buf_deinit(&out[0]);
    buf_deinit(&out[1]);
}

#endif
