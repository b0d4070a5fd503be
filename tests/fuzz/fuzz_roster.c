/*
 * Any bytes as a list of people, pasted and as .xlsx: a fault with a reason, or
 * people that keep the limits.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "collector/programme/roster.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look(const struct roster *r, const struct diag *d, enum status st)
{
    if (st != STATUS_OK && d->errors == 0) {
        abort();
    }
    for (size_t i = 0; i < r->count; i++) {
        const struct roster_person *p = &r->person[i];
        if (!*p->name || strlen(p->name) > ROSTER_NAME_MAX_BYTES
            || !utf8_valid(p->name, strlen(p->name)) || p->row < 1) {
            abort();
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (int as_text = 0; as_text < 2; as_text++) {
        struct roster r;
        struct diag d;
        diag_init(&d, I18N_RU);
        enum status st =
            as_text ? roster_read_text((const char *)data, size, &d, &r)
                    : roster_read_xlsx(data, size, &d, &r);
        look(&r, &d, st);
        roster_clear(&r);
        diag_deinit(&d);
    }
    return 0;
}
