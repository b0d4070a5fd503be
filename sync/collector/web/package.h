#ifndef ANKETA_COLLECTOR_WEB_PACKAGE_H
#define ANKETA_COLLECTOR_WEB_PACKAGE_H

#include "collector/report/dataset.h"
#include "collector/store/store.h"

/*
 * Package: the answers of a wave with all that belongs to them, as one zip for
 * tools around ODK and for archives.
 *
 *     datapackage.json  a Frictionless data package: every column with its
 *                       type, title and the values it may have
 *     submissions.csv   the rows, by the names of the questionnaire
 *     form.xml          the XForm
 *     media/            the files the form names
 *     codebook.xml      DDI-Codebook
 *
 * What may leave is decided by who opens the data set (web/rows.h). The files
 * lie in the folder for temporary files meanwhile, up to PACKAGE_MAX_BYTES of
 * them: a million rows need no more memory than a hundred.
 */
#define PACKAGE_MAX_BYTES ((uint64_t)4 * 1024 * 1024 * 1024)

MUST_CHECK enum status
package_write(struct store *reader, const struct store_wave *wave,
              const struct dataset *d, const char *path);

#endif
