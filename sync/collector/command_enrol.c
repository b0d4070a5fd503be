/* anketa-collector enrol: a code that lets one kiosk in. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/day.h"
#include "collector/command.h"
#include "collector/home.h"
#include "wire/enrol.h"

#define DAYS_DEFAULT 7
#define DAYS_MAX 365

int
command_enrol(int argc, char **argv)
{
    const char *name = command_option(&argc, argv, "--name");
    const char *days_text = command_option(&argc, argv, "--days");
    long days = 0;
    if (!command_number("--days", days_text, DAYS_MAX, DAYS_DEFAULT, &days)) {
        return COMMAND_USAGE;
    }
    if (argc != 2) {
        return command_usage(N_("Usage: anketa-collector enrol FOLDER "
                                "[--name KIOSK] [--days N]"));
    }
    if (name && strlen(name) > ENROL_NAME_MAX_BYTES) {
        return command_usage(N_("The name of a kiosk may have 120 bytes"));
    }
    struct home home;
    struct store *s = NULL;
    struct enrol_code code = {0};
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    st = home_store(&home, false, &s);
    if (st == STATUS_OK) {
        struct seal_hash secret;
        enrol_code_new(&home.identity, &code);
        enrol_secret_hash(code.secret, &secret);
        st =
            store_enrol_code_add(s, &secret, name ? name : "",
                                 clock_wall_ms(clock_system()) + days * DAY_MS);
    }
    store_close(s);
    home_close(&home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    char text[ENROL_CODE_CHARS + 1];
    enrol_code_print(&code, text);
    (void)printf("%s\n", text);
    return COMMAND_OK;
}
