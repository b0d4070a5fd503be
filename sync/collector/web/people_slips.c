#include "collector/web/people_slips.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/random.h"
#include "collector/report/slip_sheet.h"

#define CODE_BOUND 1000000u
/* Of a million codes 20,000 are taken at most: the chance that so many tries
 * hit only these is 2 in 100 to that power. */
#define TRIES 20

static void
draw(char code[PEOPLE_SLIPS_CODE_BYTES])
{
    (void)snprintf(code, PEOPLE_SLIPS_CODE_BYTES, "%06u",
                   random_below(CODE_BOUND) % CODE_BOUND);
}

enum status
people_slips_add(struct store *w, const struct store_person *person,
                 int64_t *out_id)
{
    char code[PEOPLE_SLIPS_CODE_BYTES];
    struct store_person p = *person;
    enum status st = STATUS_E_CONFLICT;
    p.code = code;
    for (int i = 0; st == STATUS_E_CONFLICT && i < TRIES; i++) {
        draw(code);
        st = store_person_add(w, &p, out_id);
    }
    buf_wipe(code, sizeof(code));
    return st;
}

enum status
people_slips_renew(struct store *w, int64_t person)
{
    char code[PEOPLE_SLIPS_CODE_BYTES];
    struct store_person p;
    enum status st = store_person(w, person, &p);
    if (st != STATUS_OK) {
        return st;
    }
    char *old = p.code;
    p.code = code;
    st = STATUS_E_CONFLICT;
    for (int i = 0; st == STATUS_E_CONFLICT && i < TRIES; i++) {
        draw(code);
        st = store_person_update(w, &p);
    }
    p.code = old;
    store_person_clear(&p);
    buf_wipe(code, sizeof(code));
    return st;
}

enum status
people_slips_print(const struct store_person *const *people, size_t count,
                   enum i18n_lang lang, const struct dataset_sink *sink)
{
    char(*code)[SLIP_SHEET_CODE_BYTES] = calloc(count + 1, sizeof(*code));
    const char **name = calloc(count + 1, sizeof(*name));
    enum status st = STATUS_OK;
    if (!code || !name) {
        st = log_oom("people");
    } else {
        for (size_t i = 0; i < count; i++) {
            (void)snprintf(code[i], sizeof(code[i]), "%.8s", people[i]->code);
            name[i] = people[i]->name;
        }
        const struct slip_sheet sheet = {
            .lang = lang,
            .title = i18n_text(lang, "Personal codes"),
            .code = (const char(*)[SLIP_SHEET_CODE_BYTES])code,
            .count = count,
            .name = name,
        };
        st = slip_sheet_write(&sheet, sink);
    }
    if (code) {
        buf_wipe(code, count * sizeof(*code));
    }
    free(code);
    free((void *)name);
    return st;
}
