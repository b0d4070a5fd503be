#ifndef ANKETA_TESTS_UNIT_WEB_WAVE_FIXTURE_H
#define ANKETA_TESTS_UNIT_WEB_WAVE_FIXTURE_H

#include "collector/ingest/catalogue.h"
#include "collector/store/store.h"

/*
 * Wave fixture: a store with waves of questionnaires, answered by a random
 * number generator through the form engine. Failures end the test.
 */
struct wave_fixture {
    char dir[4096];
    struct store *store;
    struct catalogue *catalogue;
};

void
wave_fixture_open(struct wave_fixture *f);
void
wave_fixture_close(struct wave_fixture *f);

/* Publish a spreadsheet of assets/surveys, "satisfaction.csv", or the text of
 * one (any string with a line break). */
void
wave_fixture_publish(struct wave_fixture *f, const char *survey, int invited,
                     struct store_wave *out);

/* `n` people answer. `lift` from 0 to 1 moves scales upwards; `choose` is
 * asked first and may give a question's answer, or NULL. */
typedef const char *
wave_fixture_choose(void *ctx, size_t person, const char *question);

struct wave_fixture_people {
    size_t n;
    uint32_t seed;
    double lift;
    wave_fixture_choose *choose;
    void *ctx;
};

void
wave_fixture_answer(struct wave_fixture *f, const struct store_wave *wave,
                    const struct wave_fixture_people *people);

/* Close the wave and read it anew. */
void
wave_fixture_end(struct wave_fixture *f, struct store_wave *wave);

#endif
