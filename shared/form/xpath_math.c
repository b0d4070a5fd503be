#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "form/xpath_function.h"

static const double pi = 3.14159265358979323846;

XPATH_PLAIN(xpath_math_number)
{
    if (count > 0) {
        *out = xpath_value_number(xpath_eval_number(e, &args[0]));
    } else {
        *out = xpath_value_number(
            xpath_number_parse(xpath_eval_item_text(e, e->context)));
    }
}

#define ONE_NUMBER(name, expression)               \
    XPATH_PLAIN(name)                              \
    {                                              \
        (void)count;                               \
        double x = xpath_eval_number(e, &args[0]); \
        *out = xpath_value_number(expression);     \
    }

ONE_NUMBER(xpath_math_int, trunc(x))
ONE_NUMBER(xpath_math_floor, floor(x))
ONE_NUMBER(xpath_math_ceiling, ceil(x))
ONE_NUMBER(xpath_math_abs, fabs(x))
ONE_NUMBER(xpath_math_sqrt, sqrt(x))
ONE_NUMBER(xpath_math_exp, exp(x))
ONE_NUMBER(xpath_math_exp10, pow(10, x))
ONE_NUMBER(xpath_math_log, log(x))
ONE_NUMBER(xpath_math_log10, log10(x))
ONE_NUMBER(xpath_math_sin, sin(x))
ONE_NUMBER(xpath_math_cos, cos(x))
ONE_NUMBER(xpath_math_tan, tan(x))
ONE_NUMBER(xpath_math_asin, asin(x))
ONE_NUMBER(xpath_math_acos, acos(x))
ONE_NUMBER(xpath_math_atan, atan(x))

XPATH_PLAIN(xpath_math_pow)
{
    (void)count;
    *out = xpath_value_number(
        pow(xpath_eval_number(e, &args[0]), xpath_eval_number(e, &args[1])));
}

XPATH_PLAIN(xpath_math_atan2)
{
    (void)count;
    *out = xpath_value_number(
        atan2(xpath_eval_number(e, &args[0]), xpath_eval_number(e, &args[1])));
}

XPATH_PLAIN(xpath_math_pi)
{
    (void)e;
    (void)args;
    (void)count;
    *out = xpath_value_number(pi);
}

XPATH_PLAIN(xpath_math_random)
{
    (void)e;
    (void)args;
    (void)count;
    uint64_t bits = 0;
    random_bytes(&bits, sizeof(bits));
    *out = xpath_value_number((double)(bits >> 11) / 9007199254740992.0);
}

/* Move the decimal point in the decimal form, so that 1.005 with two places
 * gives 1.01 and not the 1.00 of its binary neighbour. */
static double
shift(double number, int places)
{
    char text[XPATH_NUMBER_CHARS + 16];
    char plain[XPATH_NUMBER_CHARS];
    xpath_number_print(number, plain);
    (void)snprintf(text, sizeof(text), "%se%d", plain, places);
    return strtod(text, NULL);
}

XPATH_PLAIN(xpath_math_round)
{
    double x = xpath_eval_number(e, &args[0]);
    double places = count > 1 ? trunc(xpath_eval_number(e, &args[1])) : 0;
    if (isnan(x) || isinf(x) || isnan(places) || places > 15) {
        *out = xpath_value_number(isnan(places) ? (double)NAN : x);
        return;
    }
    int n = places < -300 ? -300 : (int)places;
    if (n == 0) {
        *out = xpath_value_number(floor(x + 0.5));
    } else {
        *out = xpath_value_number(shift(floor(shift(x, n) + 0.5), -n));
    }
}

/* ------------------------------------------------------------- over lists */

/* Each number of the arguments; a blank counts as absent, not as NaN. */
static void
fold(struct xpath_eval *e, const struct xpath_value *args, uint32_t count,
     void (*take)(double *total, double number), double *total, bool *any)
{
    for (uint32_t i = 0; i < count; i++) {
        bool nodes = args[i].kind == XPATH_VALUE_NODES;
        uint32_t n = nodes ? args[i].count : 1;
        for (uint32_t k = 0; k < n; k++) {
            if (args[i].kind == XPATH_VALUE_NUMBER) {
                take(total, args[i].number);
                *any = true;
                continue;
            }
            const char *text =
                nodes ? xpath_eval_item_text(e, xpath_value_item(&args[i], k))
                      : xpath_eval_text(e, &args[i]);
            if (text[strspn(text, " \t\r\n")] != '\0') {
                take(total, xpath_number_parse(text));
                *any = true;
            }
        }
    }
}

static void
add(double *total, double number)
{
    *total += number;
}

static void
keep_less(double *total, double number)
{
    if (isnan(number) || number < *total) {
        *total = number;
    }
}

static void
keep_more(double *total, double number)
{
    if (isnan(number) || number > *total) {
        *total = number;
    }
}

XPATH_PLAIN(xpath_math_sum)
{
    double total = 0;
    bool any = false;
    fold(e, args, count, add, &total, &any);
    *out = xpath_value_number(total);
}

XPATH_PLAIN(xpath_math_min)
{
    double total = (double)INFINITY;
    bool any = false;
    fold(e, args, count, keep_less, &total, &any);
    *out = xpath_value_number(any ? total : (double)NAN);
}

XPATH_PLAIN(xpath_math_max)
{
    double total = -(double)INFINITY;
    bool any = false;
    fold(e, args, count, keep_more, &total, &any);
    *out = xpath_value_number(any ? total : (double)NAN);
}
