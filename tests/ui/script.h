#ifndef ANKETA_TESTS_UI_SCRIPT_H
#define ANKETA_TESTS_UI_SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

#include "app/core.h"
#include "base/buf.h"
#include "harness/harness.h"

/*
 * Script: a person in front of the kiosk, written down.
 *
 * One command a line; README.md lists them. The same scripts drive tests (dump
 * compared with what is expected) and the touch planner (where a real pointer
 * has to go in a real window).
 */
#define SCRIPT_LINE_MAX_BYTES 1024

struct script {
    struct core *core;
    struct harness_clock *clock; /* NULL: "wait" is refused */
    struct buf *dump;            /* NULL: "dump" is refused */
    FILE *plan;                  /* "click X Y" lines, or NULL */
    bool places;                 /* dumps with places */
    /* "fail" makes the next sending end with this. */
    enum status *send_result; /* or NULL */
    /* Shown every page that is dumped; or NULL. */
    void (*see)(void *self, const char *name, struct core *core);
    void *see_self;
};

/* Runs all lines; false with a message on standard error at the first that
 * cannot be done. */
bool
script_run(struct script *s, const char *name, const char *text);

/* A kiosk_source's `send` that keeps nothing. */
enum status
script_pretend_to_send(void *self, size_t index, struct filling *f,
                       const char *code);

#endif
