#ifndef ANKETA_TESTS_BENCH_SCREEN_H
#define ANKETA_TESTS_BENCH_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Screen: a virtual display whose pixels are read as plain memory.
 *
 * Xvfb keeps its frame buffer in a mapped file, so a change is seen without a
 * request to the server, some 0.3 ms after it happened. Pointer events are made
 * by XTest, as a touch screen's driver would.
 *
 * Times are monotonic, in milliseconds. Failures end the program.
 */
struct screen;

struct screen *
screen_start(int width, int height);
void
screen_stop(struct screen *s);

/* ":NN", for DISPLAY. */
const char *
screen_display(const struct screen *s);

void
screen_move(struct screen *s, int x, int y);
/* A key of the keyboard, down and up, by its X name ('a', "Return"). */
void
screen_key(struct screen *s, const char *name);
void
screen_press(struct screen *s);
void
screen_release(struct screen *s);

/* Remember the present pixels as the reference of the next wait. */
void
screen_mark(struct screen *s);

struct screen_change {
    double first_ms; /* when a pixel first differed from the mark */
    double last_ms;  /* when the last change was seen before `quiet` passed */
    bool seen;
};

/* Wait for a change against the mark, then until nothing has changed for
 * quiet_ms; give up after limit_ms. */
struct screen_change
screen_wait(struct screen *s, double quiet_ms, double limit_ms);

double
screen_now_ms(void);

#endif
