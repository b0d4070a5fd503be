#ifndef ANKETA_TESTS_STORE_FIXTURE_H
#define ANKETA_TESTS_STORE_FIXTURE_H

#include "collector/store/store.h"
#include "harness/harness.h"

/* An empty store in a folder of its own, for one test. */
struct store_fixture {
    char dir[HARNESS_PATH_MAX];
    struct store *store;
};

void
store_fixture_open(struct store_fixture *f);
void
store_fixture_close(struct store_fixture *f);

#endif
