#ifndef ANKETA_TESTS_UI_SAMPLE_LIBRARY_H
#define ANKETA_TESTS_UI_SAMPLE_LIBRARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "seal/seal.h"

/*
 * Sample library: an installation's folder as the sync daemon would leave it,
 * made of spreadsheets or XForms, with keys of its own.
 */
#define SAMPLE_LIBRARY_FORMS_MAX 32

/* Code that opens every named form and ballot, and every slip form. */
#define SAMPLE_LIBRARY_PERSON "314159"
#define SAMPLE_LIBRARY_SLIP "27182818"

/* The next library: `serial` counts from 1. */
MUST_CHECK enum status
sample_library_renew(const char *dir, const char *const *files, size_t count,
                     uint64_t serial);

/* Writes DIR/library.db. `out_keys` (to open the records with) may be NULL. */
MUST_CHECK enum status
sample_library_write(const char *dir, const char *const *files, size_t count,
                     struct seal_pair *out_keys);

#endif
