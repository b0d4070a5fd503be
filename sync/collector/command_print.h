#ifndef ANKETA_COLLECTOR_COMMAND_PRINT_H
#define ANKETA_COLLECTOR_COMMAND_PRINT_H

#include "base/status.h"
#include "collector/report/dataset.h"

/*
 * Command print: a file that holds a secret for paper, straight into its place,
 * without a second copy under another name, readable by its owner alone.
 */
typedef enum status
command_printer(void *self, const struct dataset_sink *sink);

/* On the disk when it returns. STATUS_E_CONFLICT: there is such a file; after a
 * failure there is none. */
MUST_CHECK enum status
command_print(const char *path, command_printer *print, void *self);

#endif
