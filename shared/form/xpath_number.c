#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form/xpath_date.h"
#include "form/xpath_eval.h"

#define EXACT_DIGITS 15 /* decimal digits a double holds without loss */

static bool
blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Number := '-'? (Digits ('.' Digits?)? | '.' Digits), blanks around it. */
double
xpath_number_parse(const char *text)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3, 1e4,  1e5,
                                   1e6,  1e7,  1e8,  1e9, 1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15};
    const char *at = text;
    while (blank(*at)) {
        at++;
    }
    const char *start = at;
    bool negative = *at == '-';
    at += negative;
    uint64_t digits = 0;
    unsigned count = 0;
    unsigned fraction = 0;
    for (; *at >= '0' && *at <= '9'; at++, count++) {
        digits =
            count < EXACT_DIGITS ? digits * 10 + (uint64_t)(*at - '0') : digits;
    }
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++, count++, fraction++) {
            digits = count < EXACT_DIGITS ? digits * 10 + (uint64_t)(*at - '0')
                                          : digits;
        }
    }
    const char *end = at;
    while (blank(*at)) {
        at++;
    }
    if (count == 0 || *at != '\0') {
        double days = 0;
        return xpath_date_to_days(text, &days) ? days : (double)NAN;
    }
    if (count > EXACT_DIGITS) {
        char copy[XPATH_NUMBER_CHARS];
        size_t len = (size_t)(end - start);
        len = len < sizeof(copy) - 1 ? len : sizeof(copy) - 1;
        memcpy(copy, start, len);
        copy[len] = '\0';
        return strtod(copy, NULL);
    }
    double value = (double)digits / power[fraction];
    return negative ? -value : value;
}

/* Lay out d.ddd * 10^exponent without an exponent. */
static void
print_plain(const char *digits, int exponent, bool negative,
            char out[XPATH_NUMBER_CHARS])
{
    size_t n = strlen(digits);
    while (n > 1 && digits[n - 1] == '0') {
        n--;
    }
    size_t at = 0;
    if (negative) {
        out[at++] = '-';
    }
    if (exponent < 0) {
        out[at++] = '0';
        out[at++] = '.';
        for (int i = exponent + 1; i < 0; i++) {
            out[at++] = '0';
        }
        memcpy(out + at, digits, n);
        at += n;
    } else {
        size_t whole = (size_t)exponent + 1;
        for (size_t i = 0; i < whole || i < n; i++) {
            if (i == whole) {
                out[at++] = '.';
            }
            char digit = '0';
            if (i < n) {
                digit = digits[i];
            }
            out[at++] = digit;
        }
    }
    out[at] = '\0';
}

void
xpath_number_print(double number, char out[XPATH_NUMBER_CHARS])
{
    if (isnan(number)) {
        memcpy(out, "NaN", 4);
        return;
    }
    if (isinf(number)) {
        (void)snprintf(out, XPATH_NUMBER_CHARS, "%s",
                       number < 0 ? "-Infinity" : "Infinity");
        return;
    }
    if (fabs(number) < 1e15 && !(trunc(number) < number)
        && !(trunc(number) > number)) {
        (void)snprintf(out, XPATH_NUMBER_CHARS, "%lld", (long long)number);
        return;
    }
    char text[40];
    for (int precision = 14; precision <= 16; precision++) {
        (void)snprintf(text, sizeof(text), "%.*e", precision, fabs(number));
        double again = strtod(text, NULL);
        if (!(again < fabs(number)) && !(again > fabs(number))) {
            break;
        }
    }
    char digits[24] = "";
    size_t n = 0;
    const char *at = text;
    for (; *at && *at != 'e' && n < sizeof(digits) - 1; at++) {
        if (*at != '.') {
            digits[n++] = *at;
        }
    }
    digits[n] = '\0';
    int exponent = *at == 'e' ? (int)strtol(at + 1, NULL, 10) : 0;
    print_plain(digits, exponent, number < 0, out);
}
