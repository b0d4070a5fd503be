#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/source.h"
#include "app/voice.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "planned_desk.h"
#include "render/fonts.h"
#include "script.h"

/*
 * Touch plan: where a finger has to go in the real window.
 *
 *   touch_plan DIR WIDTHxHEIGHT LANG SCRIPT > plan
 *
 * Drives the kiosk's own core, without a window, with the library of the
 * installation DIR and the real fonts, by a script of answers; prints one
 * "click X Y" a touch, "hold X Y SECONDS" where the finger stays, and the
 * script's own marks. Nothing is sealed, stored or sent for: sending and the
 * errands of the staff are only pretended, any PIN is right.
 */
#define SCRIPT_MAX_BYTES ((size_t)256 * 1024)
#define REFERENCE_INCHES 10.1

static bool
read_size(const char *text, struct core_panel *out)
{
    char *end = NULL;
    out->width_px = (int)strtol(text, &end, 10);
    if (*end != 'x') {
        return false;
    }
    out->height_px = (int)strtol(end + 1, &end, 10);
    out->px_per_mm =
        metrics_density(out->width_px, out->height_px, REFERENCE_INCHES);
    return *end == '\0' && out->width_px > 0 && out->height_px > 0;
}

static void
voice_ended(void *self)
{
    (void)self;
}

int
main(int argc, char **argv)
{
    struct core_panel panel;
    struct source *source = NULL;
    struct voice *voice = NULL;
    struct fonts *fonts = NULL;
    struct planned_desk desk = {0};
    struct harness_clock clock;
    struct buf text;
    bool done = false;
    if (argc != 5 || !read_size(argv[2], &panel)) {
        (void)fprintf(stderr,
                      "usage: touch_plan DIR WIDTHxHEIGHT LANG SCRIPT\n");
        return 2;
    }
    buf_init(&text, SCRIPT_MAX_BYTES);
    struct core *core = calloc(1, sizeof(*core));
    (void)!i18n_init_beside_program();
    harness_clock_init(&clock, clock_wall_ms(clock_system()));
    if (core && source_open(argv[1], &source) >= 0
        && fonts_open(NULL, &fonts) >= 0 && file_read(argv[4], &text) >= 0
        && planned_desk_open(&desk, argv[1], source, &clock.clock) >= 0) {
        struct kiosk_source ops = *source_ops(source);
        ops.send = script_pretend_to_send;
        struct text_measure measure = fonts_measure(fonts);
        core_init(core, &ops, &clock.clock, &measure,
                  i18n_lang_from_tag(argv[3]));
        core_staff(core, &desk.sample.ops);
        /* With the button that the kiosk has where there is a voice. */
        (void)!voice_open(voice_ended, NULL, &voice);
        core->kiosk.voice = voice_ops(voice);
        core_panel(core, &panel);
        struct script script = {.core = core,
                                .clock = &clock,
                                .plan = stdout,
                                .desk = &desk.sample};
        done = script_run(&script, argv[4], text.data);
        core_deinit(core);
        voice_close(voice);
    }
    planned_desk_close(&desk);
    fonts_close(fonts);
    source_close(source);
    free(core);
    buf_deinit(&text);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
