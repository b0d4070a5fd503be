#ifndef ANKETA_BASE_FILE_H
#define ANKETA_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * File: whole files in, whole files out.
 *
 * Errors  Logged here with the path. STATUS_E_NOT_FOUND, STATUS_E_FULL,
 *         STATUS_E_LIMIT (longer than out->max), STATUS_E_IO.
 */

/* Appends the content to `out`. "-" is standard input. */
MUST_CHECK enum status
file_read(const char *path, struct buf *out);

/*
 * Replace `path` so that after a power cut either the old or the new content
 * is there: temporary file beside it, fsync, rename, fsync of the folder.
 */
MUST_CHECK enum status
file_replace(const char *path, const void *data, size_t len, unsigned mode);

/*
 * A new file beside `path`, whose name begins like it and ends in FILE_PART: for
 * what is not done yet. Open for writing and held, as long as the descriptor is.
 */
#define FILE_PART ".part"
#define FILE_PATH_MAX_BYTES 4096
MUST_CHECK enum status
file_part_open(const char *path, char out_part[FILE_PATH_MAX_BYTES],
               int *out_fd);

/* Remove from the folder every FILE_PART that nobody holds: who made it was
 * killed, or the power went. No folder: nothing to do. */
void
file_parts_sweep(const char *dir);

/* Like `mkdir -p`; new folders get mode 0700. */
MUST_CHECK enum status
file_make_dirs(const char *path);

bool
file_exists(const char *path);

/* "<folder of the running program>/<name>" into `out` of `size` bytes. */
MUST_CHECK enum status
file_beside_program(const char *name, char *out, size_t size);

/* An empty file of our own in the folder for temporary files, for a library that
 * takes nothing but names. The caller removes it. */
#define FILE_TEMPORARY_MAX_BYTES 4096
MUST_CHECK enum status
file_temporary(char out_path[FILE_TEMPORARY_MAX_BYTES]);

#endif
