#include "bench/stat.h"

#include <stdio.h>
#include <stdlib.h>

void
stat_add(struct stat_sample *s, double value)
{
    if (s->count < STAT_SAMPLES_MAX) {
        s->value[s->count++] = value;
    }
}

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

void
stat_print_head(const char *title)
{
    (void)printf("%s\n%-44s %10s %22s   %s\n", title, "", "median",
                 "(least-greatest, n)", "peers");
}

void
stat_print_row(const char *what, struct stat_sample *s, const char *unit,
               const char *peer)
{
    if (s->count == 0) {
        (void)printf("%-44s %10s\n", what, "none");
        return;
    }
    qsort(s->value, s->count, sizeof(s->value[0]), ascending);
    char spread[700];
    (void)snprintf(spread, sizeof(spread), "(%.2f-%.2f, n=%zu)", s->value[0],
                   s->value[s->count - 1], s->count);
    (void)printf("%-44s %7.2f %-2s %22s   %s\n", what, s->value[s->count / 2],
                 unit, spread, peer);
    (void)fflush(stdout);
}

void
stat_print_value(const char *what, double value, const char *unit,
                 const char *peer)
{
    (void)printf("%-44s %7.2f %-3s %21s   %s\n", what, value, unit, "", peer);
    (void)fflush(stdout);
}
