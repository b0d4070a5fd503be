#include "form/xpath_function.h"

#include <string.h>

#include "form/xpath.h"

#define ANY XPATH_ARGS_MAX
#define P(name, fn, min, max)                      \
    {                                              \
        name, fn, NULL, min, max, XPATH_TRAIT_NONE \
    }
#define PT(name, fn, min, max, trait)   \
    {                                   \
        name, fn, NULL, min, max, trait \
    }
#define S(name, fn, min, max, trait)    \
    {                                   \
        name, NULL, fn, min, max, trait \
    }

/* Sorted by name (strcmp). */
static const struct xpath_function functions[] = {
    P("abs", xpath_math_abs, 1, 1),
    P("acos", xpath_math_acos, 1, 1),
    P("area", xpath_nodes_unsupported, 1, ANY),
    P("asin", xpath_math_asin, 1, 1),
    P("atan", xpath_math_atan, 1, 1),
    P("atan2", xpath_math_atan2, 2, 2),
    P("base64-decode", xpath_text_base64_decode, 1, 1),
    P("boolean", xpath_logic_boolean, 1, 1),
    P("boolean-from-string", xpath_logic_boolean_from_string, 1, 1),
    P("ceiling", xpath_math_ceiling, 1, 1),
    P("checklist", xpath_logic_checklist, 2, ANY),
    P("coalesce", xpath_logic_coalesce, 1, ANY),
    P("concat", xpath_text_concat, 0, ANY),
    P("contains", xpath_text_contains, 2, 2),
    P("cos", xpath_math_cos, 1, 1),
    P("count", xpath_nodes_count, 1, 1),
    P("count-non-empty", xpath_nodes_count_non_empty, 1, 1),
    P("count-selected", xpath_text_count_selected, 1, 1),
    PT("current", xpath_nodes_current, 0, 0, XPATH_TRAIT_CURRENT),
    P("date", xpath_date_date, 1, 1),
    P("date-time", xpath_date_date_time, 1, 1),
    P("decimal-date-time", xpath_date_decimal_date_time, 1, 1),
    P("decimal-time", xpath_date_decimal_time, 1, 1),
    P("digest", xpath_text_digest, 2, 3),
    P("distance", xpath_nodes_unsupported, 1, ANY),
    P("enclosed-area", xpath_nodes_unsupported, 1, ANY),
    P("ends-with", xpath_text_ends, 2, 2),
    P("exp", xpath_math_exp, 1, 1),
    P("exp10", xpath_math_exp10, 1, 1),
    P("false", xpath_logic_false, 0, 0),
    P("floor", xpath_math_floor, 1, 1),
    P("format-date", xpath_date_format, 2, 2),
    P("format-date-time", xpath_date_format_time, 2, 2),
    P("geofence", xpath_nodes_unsupported, 1, ANY),
    P("id", xpath_nodes_id, 1, 1),
    S("if", xpath_logic_if, 3, 3, XPATH_TRAIT_NONE),
    S("indexed-repeat", xpath_nodes_indexed_repeat, 3, ANY,
      XPATH_TRAIT_INDEXED),
    PT("instance", xpath_nodes_instance, 1, 1, XPATH_TRAIT_INSTANCE),
    P("int", xpath_math_int, 1, 1),
    P("intersects", xpath_nodes_unsupported, 1, ANY),
    P("join", xpath_text_join, 1, ANY),
    PT("jr:choice-name", xpath_nodes_choice_name, 2, 2,
       XPATH_TRAIT_CHOICE_NAME),
    PT("jr:itext", xpath_nodes_itext, 1, 1, XPATH_TRAIT_LANGUAGE),
    P("lang", xpath_nodes_lang, 1, 1),
    P("last", xpath_nodes_last, 0, 0),
    P("local-name", xpath_nodes_local_name, 0, 1),
    P("log", xpath_math_log, 1, 1),
    P("log10", xpath_math_log10, 1, 1),
    P("max", xpath_math_max, 1, ANY),
    P("min", xpath_math_min, 1, ANY),
    P("name", xpath_nodes_local_name, 0, 1),
    P("namespace-uri", xpath_nodes_unsupported, 0, 1),
    P("normalize-space", xpath_text_normalize, 0, 1),
    P("not", xpath_logic_not, 1, 1),
    PT("now", xpath_date_now, 0, 0, XPATH_TRAIT_VOLATILE),
    P("number", xpath_math_number, 0, 1),
    S("once", xpath_logic_once, 1, 1, XPATH_TRAIT_NONE),
    P("pi", xpath_math_pi, 0, 0),
    P("position", xpath_nodes_position, 0, 1),
    P("pow", xpath_math_pow, 2, 2),
    PT("pulldata", xpath_nodes_pulldata, 4, 4, XPATH_TRAIT_PULLDATA),
    PT("random", xpath_math_random, 0, 0, XPATH_TRAIT_VOLATILE),
    PT("randomize", xpath_nodes_randomize, 1, 2, XPATH_TRAIT_SAME_NODES),
    S("regex", xpath_text_regex, 2, 2, XPATH_TRAIT_NONE),
    P("round", xpath_math_round, 1, 2),
    P("selected", xpath_text_selected, 2, 2),
    P("selected-at", xpath_text_selected_at, 2, 2),
    P("sin", xpath_math_sin, 1, 1),
    P("sqrt", xpath_math_sqrt, 1, 1),
    P("starts-with", xpath_text_starts, 2, 2),
    P("string", xpath_text_string, 0, 1),
    P("string-length", xpath_text_length, 0, 1),
    P("substr", xpath_text_substr, 2, 3),
    P("substring", xpath_text_substring, 2, 3),
    P("substring-after", xpath_text_after, 2, 2),
    P("substring-before", xpath_text_before, 2, 2),
    P("sum", xpath_math_sum, 1, 1),
    P("tan", xpath_math_tan, 1, 1),
    PT("today", xpath_date_today, 0, 0, XPATH_TRAIT_VOLATILE),
    P("translate", xpath_text_translate, 3, 3),
    P("true", xpath_logic_true, 0, 0),
    PT("uuid", xpath_text_uuid, 0, 1, XPATH_TRAIT_VOLATILE),
    P("weighted-checklist", xpath_logic_weighted_checklist, 2, ANY),
};

const struct xpath_function *
xpath_function_find(const char *name, size_t len)
{
    size_t low = 0;
    size_t high = sizeof(functions) / sizeof(functions[0]);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strncmp(functions[mid].name, name, len);
        if (order == 0 && functions[mid].name[len] != '\0') {
            order = 1;
        }
        if (order == 0) {
            return &functions[mid];
        }
        if (order < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return NULL;
}
