#ifndef ANKETA_TESTS_UI_SCRIPT_H
#define ANKETA_TESTS_UI_SCRIPT_H

#include <stdbool.h>
#include <stdio.h>

#include "app/core.h"
#include "base/buf.h"
#include "harness/harness.h"
#include "sample_desk.h"

/*
 * Script: a person in front of the kiosk, written down.
 *
 * One command a line; README.md lists them. The same scripts drive tests (dump
 * compared with what is expected) and the touch planner (where a real pointer
 * has to go in a real window).
 */
#define SCRIPT_LINE_MAX_BYTES 1024

/* Settings of the library that a script sets; a test's kiosk_source asks here
 * first. */
#define SCRIPT_SETTINGS_MAX 4
struct script_settings {
    struct {
        char key[64];
        char value[128];
    } set[SCRIPT_SETTINGS_MAX];
    size_t count;
    bool changed; /* since the source was asked last whether it is new */
};

/* NULL if the script has not set it. */
const char *
script_setting(const struct script_settings *s, const char *key);

struct script {
    struct core *core;
    struct harness_clock *clock; /* NULL: "wait" is refused */
    struct buf *dump;            /* NULL: "dump" is refused */
    FILE *plan;                  /* "click X Y" lines, or NULL */
    bool places;                 /* dumps with places */
    /* "fail" makes the next sending end with this. */
    enum status *send_result;         /* or NULL */
    struct script_settings *settings; /* NULL: "setting" is refused */
    /* Shown every page that is dumped; or NULL. */
    void (*see)(void *self, const char *name, struct core *core);
    void *see_self;
    int x; /* of the finger that has lifted something */
    int y;
    struct sample_desk *desk; /* behind the staff menu, or NULL */
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
