/* The blank instance of a form; see form_blank() in form.h. */
#include "form/filling.h"
#include "form/form.h"

#define NO_INSTANCE "uuid:00000000-0000-0000-0000-000000000000"

enum status
form_blank(const struct form *f, struct buf *out)
{
    const struct filling_env env = {
        .anonymous = true,
        .instance_id = NO_INSTANCE,
        .reproducible = true,
    };
    struct filling *filling = NULL;
    enum status st = filling_new(f, &env, &filling);
    if (st == STATUS_OK) {
        st = filling_submission(filling, out);
    }
    filling_free(filling);
    return st;
}
