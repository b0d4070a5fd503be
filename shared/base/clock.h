#ifndef ANKETA_BASE_CLOCK_H
#define ANKETA_BASE_CLOCK_H

#include <stdint.h>

/*
 * Clock: the one way to learn the time, so that tests can own it.
 *
 * wall_ms  UTC milliseconds since 1970; may jump when somebody sets the clock.
 * mono_ms  milliseconds since an arbitrary start; never goes back. Time-outs
 *          use only this one.
 */
struct clock {
    int64_t (*wall_ms)(void *self);
    int64_t (*mono_ms)(void *self);
    void *self;
};

/* The machine's own clocks; static storage. */
const struct clock *
clock_system(void);

static inline int64_t
clock_wall_ms(const struct clock *c)
{
    return c->wall_ms(c->self);
}

static inline int64_t
clock_mono_ms(const struct clock *c)
{
    return c->mono_ms(c->self);
}

#endif
