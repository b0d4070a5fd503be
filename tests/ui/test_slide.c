#include <stdlib.h>
#include <string.h>

#include "app/slide.h"
#include "harness/harness.h"
#include "render/dump.h"

/* The one motion: which pages slide, whereto, how far and how long. */
static const char *motion;

static const char *
setting(void *self, const char *key)
{
    (void)self;
    return strcmp(key, "motion") == 0 ? motion : NULL;
}

static size_t
count(void *self)
{
    (void)self;
    return 0;
}

static void
only_turning_a_page_slides(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        enum kiosk_place from;
        enum kiosk_place to;
        size_t page_from;
        size_t page_to;
        enum kiosk_dialog dialog;
        enum theme_id theme;
        const char *motion;
        bool reading;
        int direction;
    } rows[] = {
        {"on", KIOSK_QUESTION, KIOSK_QUESTION, 1, 2, 0, 0, NULL, false, 1},
        {"back", KIOSK_QUESTION, KIOSK_QUESTION, 2, 1, 0, 0, NULL, false, -1},
        {"same page", KIOSK_QUESTION, KIOSK_QUESTION, 2, 2, 0, 0, NULL, false,
         0},
        {"check", KIOSK_QUESTION, KIOSK_REVIEW, 2, 2, 0, 0, NULL, false, 1},
        {"from the check", KIOSK_REVIEW, KIOSK_QUESTION, 2, 1, 0, 0, NULL,
         false, -1},
        {"home", KIOSK_THANKS, KIOSK_ATTRACT, 0, 0, 0, 0, NULL, false, 0},
        {"begin", KIOSK_ATTRACT, KIOSK_CATALOGUE, 0, 0, 0, 0, NULL, false, 1},
        {"dialog", KIOSK_QUESTION, KIOSK_REVIEW, 2, 2, KIOSK_MESSAGE, 0, NULL,
         false, 0},
        {"off", KIOSK_QUESTION, KIOSK_QUESTION, 1, 2, 0, 0, "off", false, 0},
        {"high contrast", KIOSK_QUESTION, KIOSK_QUESTION, 1, 2, 0,
         THEME_WHITE_ON_BLACK, NULL, false, 0},
        {"read aloud", KIOSK_QUESTION, KIOSK_QUESTION, 1, 2, 0, 0, NULL, true,
         0},
    };
    struct kiosk_source source = {.count = count, .setting = setting};
    struct harness_clock clock;
    struct text_measure measure = dump_measure();
    struct kiosk *k = calloc(1, sizeof(*k));
    assert_non_null(k);
    harness_clock_init(&clock, 0);
    kiosk_init(k, &source, &clock.clock, &measure, I18N_RU);
    k->ui.metrics.width_px = 1280;
    k->ui.metrics.height_px = 800;
    k->ui.metrics.px_per_mm = 5.9;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slide s = {.place = rows[i].from, .page = rows[i].page_from};
        harness_row(rows[i].label);
        k->in_session = rows[i].to == KIOSK_QUESTION;
        k->place = rows[i].to;
        k->session.page = rows[i].page_to;
        k->dialog = rows[i].dialog;
        k->ui.theme = rows[i].theme;
        k->reading.on = rows[i].reading;
        motion = rows[i].motion;
        slide_begin(&s, k, 1000);
        assert_int_equal(s.direction, rows[i].direction);
        assert_int_equal(slide_deadline(&s, 1000),
                         rows[i].direction == 0 ? -1 : 1000 + SLIDE_FRAME_MS);
        /* Nearer with every step, and there in time. */
        int before = 1000;
        for (int64_t t = 1000; t < 1000 + SLIDE_MS; t += SLIDE_FRAME_MS) {
            int far = abs(slide_shift(&s, k, t));
            assert_true(far < before || far == 0);
            before = far;
        }
        assert_int_equal(slide_shift(&s, k, 1000 + SLIDE_MS), 0);
        assert_int_equal(s.direction, 0);
        assert_int_equal(slide_deadline(&s, 1100), -1);
    }
    k->in_session = false;
    kiosk_deinit(k);
    free(k);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_turning_a_page_slides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
