/* anketa-collector backup and restore: the whole collector as a folder. */
#include <stdio.h>

#include "base/clock.h"
#include "collector/command.h"
#include "collector/home.h"

int
command_backup(int argc, char **argv)
{
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector backup FOLDER NEW_FOLDER"));
    }
    struct home home;
    struct store *s = NULL;
    int64_t position = 0;
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    st = home_store(&home, false, &s);
    if (st == STATUS_OK) {
        /* Before the copy: what comes in meanwhile is not covered by it. */
        st = store_number(s, STORE_POSITION, &position);
    }
    if (st == STATUS_OK) {
        st = home_copy(&home, s, argv[2]);
    }
    if (st == STATUS_OK) {
        st = store_number_set(s, STORE_COVERED, position);
    }
    if (st == STATUS_OK) {
        st =
            store_audit_add(s, clock_wall_ms(clock_system()), "", "backup", "");
    }
    store_close(s);
    home_close(&home);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}

int
command_restore(int argc, char **argv)
{
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector restore BACKUP NEW_FOLDER"));
    }
    struct home home;
    struct store *s = NULL;
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    st = home_store(&home, false, &s);
    if (st == STATUS_OK) {
        st = home_copy(&home, s, argv[2]);
    }
    store_close(s);
    home_close(&home);
    /* A new life: the kiosks send again what they still keep. */
    if (st == STATUS_OK) {
        st = home_renew(argv[2]);
    }
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}
