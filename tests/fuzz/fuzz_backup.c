/*
 * What is read of a backup before anything of it is authenticated, and of a
 * recovery sheet as somebody typed it.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/backup.h"
#include "collector/store/recovery.h"

#define TEXT_MAX 400

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
as_sheet(const uint8_t *data, size_t size)
{
    char text[TEXT_MAX + 1] = "";
    struct seal_pair pair;
    unsigned line = 0;
    memcpy(text, data, size < TEXT_MAX ? size : TEXT_MAX);
    (void)!recovery_parse(text, &pair, &line);
    if (line > RECOVERY_LINES) {
        abort();
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct backup_info info;
    char path[] = "/tmp/fuzz-backup-XXXXXX";
    if (seal_init() < 0) {
        abort();
    }
    as_sheet(data, size);
    int fd = mkstemp(path);
    if (fd < 0 || unlink(path) != 0 || write(fd, data, size) != (ssize_t)size
        || lseek(fd, 0, SEEK_SET) != 0) {
        abort();
    }
    if (backup_inspect(fd, &info) == STATUS_OK
        && strlen(info.house) > BACKUP_HOUSE_MAX_BYTES) {
        abort();
    }
    close(fd);
    return 0;
}
