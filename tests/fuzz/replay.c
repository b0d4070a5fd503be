/*
 * Runs a fuzz target over every file of the folders named on the command line:
 * the corpus as an ordinary test, without libFuzzer.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

#define INPUT_MAX ((size_t)16 * 1024 * 1024)

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay_file(const char *path)
{
    struct buf in;
    buf_init(&in, INPUT_MAX);
    if (file_read(path, &in) < 0) {
        return 1;
    }
    /* An exact copy, so that reading one byte too far is seen. */
    uint8_t *copy = malloc(in.len ? in.len : 1);
    if (!copy) {
        return 1;
    }
    memcpy(copy, in.data, in.len);
    int failed = LLVMFuzzerTestOneInput(copy, in.len);
    free(copy);
    buf_deinit(&in);
    return failed;
}

int
main(int argc, char **argv)
{
    int replayed = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) {
            perror(argv[i]);
            return 1;
        }
        for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
            char path[4096];
            (void)snprintf(path, sizeof(path), "%s/%s", argv[i], e->d_name);
            if (e->d_name[0] == '.') {
                continue;
            }
            if (replay_file(path) != 0) {
                (void)fprintf(stderr, "failed on %s\n", path);
                return 1;
            }
            replayed++;
        }
        (void)closedir(folder);
    }
    (void)printf("replayed %d inputs\n", replayed);
    return replayed == 0;
}
