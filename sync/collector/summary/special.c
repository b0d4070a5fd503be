#include "collector/summary/special.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define LN_SQRT_2PI 0.918938533204672741780329736406
#define SQRT_2PI 2.506628274631000502415765284811
#define STIRLING_FROM 10.0
#define FRACTION_MAX_TERMS 100000
#define ROOT_MAX_STEPS 400

/* log Gamma(x) - [(x - 1/2) log x - x + log sqrt(2 pi)] for x >= 10:
 * DLMF 5.11.1; eight terms leave less than 1e-17. */
static double
stirling_rest(double x)
{
    static const double c[] = {
        1.0 / 12.0,   -1.0 / 360.0,      1.0 / 1260.0, -1.0 / 1680.0,
        1.0 / 1188.0, -691.0 / 360360.0, 1.0 / 156.0,  -3617.0 / 122400.0,
    };
    double inv2 = 1.0 / (x * x);
    double sum = 0.0;
    for (size_t i = sizeof(c) / sizeof(c[0]); i-- > 0;) {
        sum = sum * inv2 + c[i];
    }
    return sum / x;
}

double
special_log_beta(double a, double b)
{
    double small = fmin(a, b);
    double large = fmax(a, b);
    if (!(small > 0.0)) {
        return NAN;
    }
    if (large < STIRLING_FROM) {
        return log(tgamma(small)) + log(tgamma(large))
               - log(tgamma(small + large));
    }
    double rest = stirling_rest(large) - stirling_rest(small + large);
    double tail = log1p(-small / (small + large));
    if (small < STIRLING_FROM) {
        return log(tgamma(small)) + rest + small - small * log(small + large)
               + (large - 0.5) * tail;
    }
    return LN_SQRT_2PI - 0.5 * log(large) + rest + stirling_rest(small)
           + (small - 0.5) * log(small / (small + large)) + large * tail;
}

/* Keeps Lentz's denominators away from zero. */
static double
away_from_zero(double v)
{
    return fabs(v) < DBL_MIN / DBL_EPSILON ? DBL_MIN / DBL_EPSILON : v;
}

static double
beta_fraction(double a, double b, double x)
{
    double c = 1.0;
    double d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    double h = d;
    for (int i = 1; i <= FRACTION_MAX_TERMS; i++) {
        double m = i;
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        h *= d * c;
        double odd =
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        h *= d * c;
        if (fabs(d * c - 1.0) < 4 * DBL_EPSILON) {
            break;
        }
    }
    return h;
}

/* x^a y^b / B(a, b), where log x is taken through y when x is near one. */
static double
beta_front(double a, double b, double x, double y)
{
    double log_x = x > 0.5 ? log1p(-y) : log(x);
    double log_y = y > 0.5 ? log1p(-x) : log(y);
    return exp(a * log_x + b * log_y - special_log_beta(a, b));
}

double
special_beta(double a, double b, double x, double y)
{
    if (!(a > 0.0 && b > 0.0 && x >= 0.0 && y >= 0.0)) {
        return NAN;
    }
    if (x <= 0.0) {
        return 0.0;
    }
    if (y <= 0.0) {
        return 1.0;
    }
    /* The fraction converges fast on this side of the mean. */
    if (x < (a + 1.0) / (a + b + 2.0)) {
        return beta_front(a, b, x, y) * beta_fraction(a, b, x) / a;
    }
    return 1.0 - beta_front(b, a, y, x) * beta_fraction(b, a, y) / b;
}

double
special_normal(double z)
{
    return 0.5 * erfc(-z * 0.70710678118654752440);
}

/* First guess of Abramowitz and Stegun 26.2.23 (4.5e-4), then Halley steps,
 * each of which triples the digits. */
double
special_normal_quantile(double p)
{
    if (!(p > 0.0 && p < 1.0)) {
        return NAN;
    }
    bool upper = p > 0.5;
    double tail = upper ? 1.0 - p : p;
    double s = sqrt(-2.0 * log(tail));
    double z = (2.515517 + s * (0.802853 + s * 0.010328))
                   / (1.0 + s * (1.432788 + s * (0.189269 + s * 0.001308)))
               - s;
    for (int i = 0; i < 3; i++) {
        double u = (special_normal(z) - tail) * SQRT_2PI * exp(0.5 * z * z);
        z -= u / (1.0 + 0.5 * z * u);
    }
    return upper ? -z : z;
}

/* P(T > t) for t >= 0. */
static double
t_tail(double t, double df)
{
    double t2 = t * t;
    return 0.5 * special_beta(0.5 * df, 0.5, df / (df + t2), t2 / (df + t2));
}

double
special_t(double t, double df)
{
    if (!(df > 0.0) || isnan(t)) {
        return NAN;
    }
    return t < 0.0 ? t_tail(-t, df) : 1.0 - t_tail(t, df);
}

/* A decreasing function `f` of x > 0 and its slope; parameters in `p`. */
struct falling {
    double (*value)(double x, const double *p);
    double (*slope)(double x, const double *p);
    double p[2];
};

/* Where `f` falls to `target`: Newton steps, replaced by a bisection (of the
 * logarithm while the bracket is wide) whenever they leave the bracket. */
static double
root_find(const struct falling *f, double target, double guess)
{
    double low = 0.0;
    double high = INFINITY;
    double x = guess;
    for (int i = 0; i < ROOT_MAX_STEPS; i++) {
        double diff = f->value(x, f->p) - target;
        if (diff > 0.0) {
            low = x;
        } else {
            high = x;
        }
        double next = x - diff / f->slope(x, f->p);
        if (!(next > low && next < high)) {
            if (!isfinite(high)) {
                next = 2.0 * x;
            } else if (low <= 0.0) {
                next = 0.5 * high;
            } else {
                next = sqrt(low * high);
            }
        }
        if (fabs(next - x) <= 2 * DBL_EPSILON * x) {
            return next;
        }
        x = next;
    }
    return x;
}

static double
t_tail_value(double x, const double *p)
{
    return t_tail(x, p[0]);
}

static double
t_tail_slope(double x, const double *p)
{
    double df = p[0];
    return -exp(-0.5 * (df + 1.0) * log1p(x * x / df) - 0.5 * log(df)
                - special_log_beta(0.5 * df, 0.5));
}

double
special_t_quantile(double p, double df)
{
    if (!(p > 0.0 && p < 1.0 && df > 0.0)) {
        return NAN;
    }
    double tail = p < 0.5 ? p : 1.0 - p;
    if (tail >= 0.5) {
        return 0.0;
    }
    struct falling f = {t_tail_value, t_tail_slope, {df, 0.0}};
    double t = root_find(&f, tail, -special_normal_quantile(tail));
    return p < 0.5 ? -t : t;
}

static double
f_tail_value(double x, const double *p)
{
    double whole = p[0] * x + p[1];
    return special_beta(0.5 * p[1], 0.5 * p[0], p[1] / whole, p[0] * x / whole);
}

static double
f_tail_slope(double x, const double *p)
{
    double a = 0.5 * p[0];
    double b = 0.5 * p[1];
    double whole = p[0] * x + p[1];
    return -exp(a * log(p[0] * x / whole) + b * log(p[1] / whole) - log(x)
                - special_log_beta(a, b));
}

double
special_f(double f, double df1, double df2)
{
    if (!(df1 > 0.0 && df2 > 0.0) || isnan(f)) {
        return NAN;
    }
    if (f <= 0.0) {
        return 0.0;
    }
    double whole = df1 * f + df2;
    return special_beta(0.5 * df1, 0.5 * df2, df1 * f / whole, df2 / whole);
}

double
special_f_quantile(double p, double df1, double df2)
{
    if (!(p > 0.0 && p < 1.0 && df1 > 0.0 && df2 > 0.0)) {
        return NAN;
    }
    struct falling f = {f_tail_value, f_tail_slope, {df1, df2}};
    return root_find(&f, 1.0 - p, 1.0);
}
