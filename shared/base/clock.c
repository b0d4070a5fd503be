#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t
read_ms(clockid_t id)
{
    struct timespec ts = {0};
    (void)clock_gettime(id, &ts); /* cannot fail for these two */
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t
wall_ms(void *self)
{
    (void)self;
    return read_ms(CLOCK_REALTIME);
}

static int64_t
mono_ms(void *self)
{
    (void)self;
    return read_ms(CLOCK_MONOTONIC);
}

const struct clock *
clock_system(void)
{
    static const struct clock system_clock = {wall_ms, mono_ms, NULL};
    return &system_clock;
}
