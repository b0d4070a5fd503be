#include <string.h>

#include "form/tree.h"
#include "form/xpath_function.h"

XPATH_SPECIAL(xpath_logic_if)
{
    struct xpath_value v;
    xpath_eval_node(e, call->child, &v);
    const struct xpath_node *then = call->child->next;
    xpath_eval_node(e, xpath_eval_boolean(e, &v) ? then : then->next, out);
}

/* The node's own value if it has one. */
XPATH_SPECIAL(xpath_logic_once)
{
    const char *own = xpath_eval_item_text(e, e->current);
    if (*own) {
        *out = xpath_value_text(own);
    } else {
        xpath_eval_node(e, call->child, out);
    }
}

XPATH_PLAIN(xpath_logic_coalesce)
{
    *out = xpath_value_text("");
    for (uint32_t i = 0; i < count; i++) {
        const char *text = xpath_eval_text(e, &args[i]);
        if (*text
            && !(args[i].kind == XPATH_VALUE_NUMBER
                 && strcmp(text, "NaN") == 0)) {
            *out = args[i];
            return;
        }
    }
}

XPATH_PLAIN(xpath_logic_true)
{
    (void)e;
    (void)args;
    (void)count;
    *out = xpath_value_boolean(true);
}

XPATH_PLAIN(xpath_logic_false)
{
    (void)e;
    (void)args;
    (void)count;
    *out = xpath_value_boolean(false);
}

XPATH_PLAIN(xpath_logic_boolean)
{
    (void)count;
    *out = xpath_value_boolean(xpath_eval_boolean(e, &args[0]));
}

XPATH_PLAIN(xpath_logic_boolean_from_string)
{
    (void)count;
    const char *text = xpath_eval_text(e, &args[0]);
    *out = xpath_value_boolean(strcmp(text, "1") == 0
                               || strcmp(text, "true") == 0);
}

XPATH_PLAIN(xpath_logic_not)
{
    (void)count;
    *out = xpath_value_boolean(!xpath_eval_boolean(e, &args[0]));
}

static bool
between(double number, double min, double max)
{
    return (min < 0 || number >= min) && (max < 0 || number <= max);
}

/* checklist(min, max, v...): how many hold; -1 is no bound. */
XPATH_PLAIN(xpath_logic_checklist)
{
    double held = 0;
    for (uint32_t i = 2; i < count; i++) {
        bool nodes = args[i].kind == XPATH_VALUE_NODES;
        uint32_t n = nodes ? args[i].count : 1;
        for (uint32_t k = 0; k < n; k++) {
            struct xpath_value one = args[i];
            if (nodes) {
                struct xpath_item item = xpath_value_item(&args[i], k);
                one = xpath_value_nodes(&item, 1);
            }
            held += xpath_eval_boolean(e, &one) ? 1 : 0;
        }
    }
    *out = xpath_value_boolean(between(held, xpath_eval_number(e, &args[0]),
                                       xpath_eval_number(e, &args[1])));
}

XPATH_PLAIN(xpath_logic_weighted_checklist)
{
    double held = 0;
    for (uint32_t i = 2; i + 1 < count; i += 2) {
        if (xpath_eval_boolean(e, &args[i])) {
            held += xpath_eval_number(e, &args[i + 1]);
        }
    }
    *out = xpath_value_boolean(between(held, xpath_eval_number(e, &args[0]),
                                       xpath_eval_number(e, &args[1])));
}
