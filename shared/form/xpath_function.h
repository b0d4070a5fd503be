#ifndef ANKETA_FORM_XPATH_FUNCTION_H
#define ANKETA_FORM_XPATH_FUNCTION_H

#include <stddef.h>
#include <stdint.h>

#include "form/xpath_eval.h"

/*
 * The functions an expression may call: XPath 1.0, XForms 1.0 and ODK.
 *
 * A plain function gets its arguments evaluated. A special one gets the call
 * and evaluates what it needs (`if` leaves one branch alone).
 */
enum xpath_function_group {
    XPATH_FUNCTION_PLAIN,
    XPATH_FUNCTION_SPECIAL,
};

/* How linking treats a call. */
enum xpath_function_trait {
    XPATH_TRAIT_NONE,
    XPATH_TRAIT_INSTANCE,    /* yields a secondary instance's document */
    XPATH_TRAIT_CURRENT,     /* yields the node computed for */
    XPATH_TRAIT_SAME_NODES,  /* yields nodes of its first argument */
    XPATH_TRAIT_CHOICE_NAME, /* second argument is a path as text */
    XPATH_TRAIT_INDEXED,     /* indexed-repeat */
    XPATH_TRAIT_PULLDATA,
    XPATH_TRAIT_LANGUAGE, /* depends on the language */
    XPATH_TRAIT_VOLATILE, /* another result each time */
};

struct xpath_function {
    const char *name;
    void (*plain)(struct xpath_eval *e, const struct xpath_value *args,
                  uint32_t count, struct xpath_value *out);
    void (*special)(struct xpath_eval *e, const struct xpath_node *call,
                    struct xpath_value *out);
    uint32_t args_min;
    uint32_t args_max;
    enum xpath_function_trait trait;
};

/* NULL if there is none of that name. */
const struct xpath_function *
xpath_function_find(const char *name, size_t len);

/* The bodies, by subject. Each is a `plain` or `special` of the table. */
#define XPATH_PLAIN(name)                                           \
    void name(struct xpath_eval *e, const struct xpath_value *args, \
              uint32_t count, struct xpath_value *out)
#define XPATH_SPECIAL(name)                                        \
    void name(struct xpath_eval *e, const struct xpath_node *call, \
              struct xpath_value *out)

/* xpath_text.c */
XPATH_PLAIN(xpath_text_string);
XPATH_PLAIN(xpath_text_concat);
XPATH_PLAIN(xpath_text_join);
XPATH_PLAIN(xpath_text_substr);
XPATH_PLAIN(xpath_text_substring);
XPATH_PLAIN(xpath_text_before);
XPATH_PLAIN(xpath_text_after);
XPATH_PLAIN(xpath_text_translate);
XPATH_PLAIN(xpath_text_length);
XPATH_PLAIN(xpath_text_normalize);
XPATH_PLAIN(xpath_text_contains);
XPATH_PLAIN(xpath_text_starts);
XPATH_PLAIN(xpath_text_ends);
XPATH_PLAIN(xpath_text_uuid);
XPATH_PLAIN(xpath_text_digest);
XPATH_PLAIN(xpath_text_base64_decode);
XPATH_PLAIN(xpath_text_selected);
XPATH_PLAIN(xpath_text_selected_at);
XPATH_PLAIN(xpath_text_count_selected);
XPATH_SPECIAL(xpath_text_regex);

/* xpath_math.c */
XPATH_PLAIN(xpath_math_number);
XPATH_PLAIN(xpath_math_int);
XPATH_PLAIN(xpath_math_round);
XPATH_PLAIN(xpath_math_floor);
XPATH_PLAIN(xpath_math_ceiling);
XPATH_PLAIN(xpath_math_abs);
XPATH_PLAIN(xpath_math_pow);
XPATH_PLAIN(xpath_math_sqrt);
XPATH_PLAIN(xpath_math_exp);
XPATH_PLAIN(xpath_math_exp10);
XPATH_PLAIN(xpath_math_log);
XPATH_PLAIN(xpath_math_log10);
XPATH_PLAIN(xpath_math_sin);
XPATH_PLAIN(xpath_math_cos);
XPATH_PLAIN(xpath_math_tan);
XPATH_PLAIN(xpath_math_asin);
XPATH_PLAIN(xpath_math_acos);
XPATH_PLAIN(xpath_math_atan);
XPATH_PLAIN(xpath_math_atan2);
XPATH_PLAIN(xpath_math_pi);
XPATH_PLAIN(xpath_math_random);
XPATH_PLAIN(xpath_math_sum);
XPATH_PLAIN(xpath_math_min);
XPATH_PLAIN(xpath_math_max);

/* xpath_logic.c */
XPATH_SPECIAL(xpath_logic_if);
XPATH_SPECIAL(xpath_logic_once);
XPATH_PLAIN(xpath_logic_coalesce);
XPATH_PLAIN(xpath_logic_true);
XPATH_PLAIN(xpath_logic_false);
XPATH_PLAIN(xpath_logic_boolean);
XPATH_PLAIN(xpath_logic_boolean_from_string);
XPATH_PLAIN(xpath_logic_not);
XPATH_PLAIN(xpath_logic_checklist);
XPATH_PLAIN(xpath_logic_weighted_checklist);

/* xpath_nodes.c */
XPATH_PLAIN(xpath_nodes_count);
XPATH_PLAIN(xpath_nodes_count_non_empty);
XPATH_PLAIN(xpath_nodes_position);
XPATH_PLAIN(xpath_nodes_last);
XPATH_PLAIN(xpath_nodes_instance);
XPATH_PLAIN(xpath_nodes_current);
XPATH_PLAIN(xpath_nodes_randomize);
XPATH_PLAIN(xpath_nodes_choice_name);
XPATH_PLAIN(xpath_nodes_itext);
XPATH_PLAIN(xpath_nodes_pulldata);
XPATH_PLAIN(xpath_nodes_local_name);
XPATH_PLAIN(xpath_nodes_id);
XPATH_PLAIN(xpath_nodes_lang);
XPATH_PLAIN(xpath_nodes_unsupported);
XPATH_SPECIAL(xpath_nodes_indexed_repeat);

/* xpath_date.c */
XPATH_PLAIN(xpath_date_today);
XPATH_PLAIN(xpath_date_now);
XPATH_PLAIN(xpath_date_date);
XPATH_PLAIN(xpath_date_date_time);
XPATH_PLAIN(xpath_date_format);
XPATH_PLAIN(xpath_date_format_time);
XPATH_PLAIN(xpath_date_decimal_date_time);
XPATH_PLAIN(xpath_date_decimal_time);

#endif
