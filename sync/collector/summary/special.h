#ifndef ANKETA_SUMMARY_SPECIAL_H
#define ANKETA_SUMMARY_SPECIAL_H

/*
 * Special: distribution functions behind the intervals and tests.
 *
 * The regularised incomplete beta function is computed by its continued
 * fraction (DLMF 8.17.22, modified Lentz evaluation) with a prefactor from
 * Stirling's series, so that it stays good to about 1e-13 relative even for a
 * million degrees of freedom. The quantiles are found by bracketed Newton steps
 * on it. Compared with R in tests/unit/summary.
 *
 * Threads  Any; no state (lgamma of libm is avoided: it writes signgam).
 * Errors   NAN for arguments outside the domain.
 */

/* log B(a, b), a > 0, b > 0. */
double
special_log_beta(double a, double b);

/* I_x(a, b) with y = 1 - x given apart, so that neither end loses digits. */
double
special_beta(double a, double b, double x, double y);

/* P(Z <= z) of the standard normal, and its inverse for 0 < p < 1. */
double
special_normal(double z);
double
special_normal_quantile(double p);

/* P(T <= t) of Student's t with df > 0 degrees, and its inverse. */
double
special_t(double t, double df);
double
special_t_quantile(double p, double df);

/* P(F <= f) of Fisher's F with df1, df2 > 0 degrees, and its inverse. */
double
special_f(double f, double df1, double df2);
double
special_f_quantile(double p, double df1, double df2);

#endif
