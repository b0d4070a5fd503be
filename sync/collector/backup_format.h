#ifndef ANKETA_COLLECTOR_BACKUP_FORMAT_H
#define ANKETA_COLLECTOR_BACKUP_FORMAT_H

#include "collector/backup.h"
#include "seal/stream.h"

/*
 * Backup format: what its writer (backup.c) and its reader (backup_read.c) have
 * in common. For these two alone.
 */
#define BACKUP_MAGIC "ANKETA BACKUP 1\n"
#define BACKUP_MAGIC_BYTES (sizeof(BACKUP_MAGIC) - 1)
#define BACKUP_LENGTH_BYTES 2
#define BACKUP_HEAD_MAX_BYTES 4096
#define BACKUP_CHUNK_BYTES ((size_t)64 * 1024)
#define BACKUP_BOX_BYTES (BACKUP_CHUNK_BYTES + SEAL_STREAM_OVERHEAD_BYTES)
#define BACKUP_NAME_MAX_BYTES 64 /* of a file inside */
#define BACKUP_SIZE_BYTES 8

/* Everything before the stream, as it stands in the file. */
struct backup_front {
    uint8_t
        bytes[BACKUP_MAGIC_BYTES + BACKUP_LENGTH_BYTES + BACKUP_HEAD_MAX_BYTES];
    size_t len;
    struct seal_hash hash;
};

MUST_CHECK enum status
backup_front_write(const struct backup_info *info, struct backup_front *out);
MUST_CHECK enum status
backup_front_read(int fd, struct backup_front *front, struct backup_info *out);

MUST_CHECK enum status
backup_write_all(int fd, const void *data, size_t len);
/* As much as there is, up to `max`. */
MUST_CHECK enum status
backup_read_some(int fd, void *data, size_t max, size_t *out_len);

#endif
