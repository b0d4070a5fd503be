#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "sample_library.h"

/*
 * make_library DIR FORM...: an installation's folder for anketa-kiosk without
 * a collector, to look at forms (.csv, .xlsx, .xml) on the screen. What is
 * answered there can be opened by nobody: the key is thrown away.
 */
int
main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fprintf(stderr, "usage: make_library DIR FORM...\n");
        return 2;
    }
    const char *files[SAMPLE_LIBRARY_FORMS_MAX];
    size_t count = 0;
    for (int i = 2; i < argc && count < SAMPLE_LIBRARY_FORMS_MAX; i++) {
        files[count] = argv[i];
        count++;
    }
    enum status st = file_make_dirs(argv[1]);
    if (st >= 0) {
        st = sample_library_write(argv[1], files, count, NULL);
    }
    if (st < 0) {
        (void)fprintf(stderr, "make_library: %s\n", status_name(st));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
