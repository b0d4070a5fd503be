/*
 * Record: what a hostile client seals to the collector is opened or refused;
 * its compressed part never unpacks beyond the limit.
 */
#include <stdlib.h>
#include <string.h>

#include "seal/record.h"

#define PLAIN_BYTES (512 - SEAL_OVERHEAD_BYTES)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct record_blank blank = {"<data id=\"f\"><a/></data>", 24};
    static struct seal_pair pair;
    char plain[PLAIN_BYTES] = {0};
    struct buf box;
    struct buf xml;
    struct record got;
    if (seal_init() < 0) {
        abort();
    }
    if (!pair.secret[0] && !pair.secret[1]) {
        seal_pair_new(&pair);
    }
    memcpy(plain, data, size < sizeof(plain) ? size : sizeof(plain));
    buf_init(&box, 1024);
    buf_init(&xml, RECORD_XML_MAX_BYTES);
    if (seal_close(&pair.public_key, plain, sizeof(plain), &box) != STATUS_OK) {
        abort();
    }
    if (record_open(&pair, box.data, box.len, &got) == STATUS_OK) {
        if (strlen(got.head.form_id) > RECORD_ID_MAX_BYTES
            || got.head.kind > RECORD_BALLOT) {
            abort();
        }
        (void)!record_xml(&got, &blank, &xml);
        if (xml.len > RECORD_XML_MAX_BYTES) {
            abort();
        }
        record_clear(&got);
    }
    buf_deinit(&xml);
    buf_deinit(&box);
    return 0;
}
