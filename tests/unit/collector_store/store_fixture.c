#include "store_fixture.h"

#include <stdio.h>

void
store_fixture_open(struct store_fixture *f)
{
    char path[HARNESS_PATH_MAX + 32];
    assert_int_equal(seal_init(), STATUS_OK);
    harness_temp_dir(f->dir);
    (void)snprintf(path, sizeof(path), "%s/collector.db", f->dir);
    assert_int_equal(store_open(path, false, &f->store), STATUS_OK);
}

void
store_fixture_close(struct store_fixture *f)
{
    store_close(f->store);
    harness_remove_tree(f->dir);
}
