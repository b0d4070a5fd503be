#ifndef ANKETA_COLLECTOR_WEB_DOWNLOAD_H
#define ANKETA_COLLECTOR_WEB_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/report/dataset.h"
#include "collector/store/store.h"
#include "collector/web/visit.h"

/*
 * Download: a wave as a file from the desk.
 *
 * The name of the file says what it holds: wave.pdf and wave.xlsx the summary,
 * wave.csv its figures; wave-answers.csv, wave-answers.xlsx, wave-answers.sav
 * and wave-answers.xml (DDI), wave-answers.zip (web/package.h) the shuffled answers, as far as web/rows.h lets
 * them leave, for the coordinator alone.
 */
struct download; /* one kind of file */

/* The kind a name ends in, and how long the wave's own part of it is; NULL:
 * the name of a wave. */
const struct download *
download_find(const char *tail, size_t *out_name_len);

/* Rows of answers rather than figures. */
bool
download_is_rows(const struct download *d);

/* "wave.pdf": `suffix` follows the name of the wave. */
const char *
download_suffix(const struct download *d);

/* A table as .xlsx, as the file of the response. */
MUST_CHECK enum status
download_workbook(struct visit *v, const struct dataset *d);

/* Fill in the response. `before` is the wave to compare with, for the summary
 * formats; NULL: none. */
void
download_answer(struct visit *v, const struct download *d,
                const struct store_wave *w, const struct store_wave *before);

#endif
