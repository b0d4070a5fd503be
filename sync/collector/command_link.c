/* anketa-collector link: an address that opens one summary without signing in,
 * for a head or a district. */
#include <stdio.h>

#include "base/clock.h"
#include "base/day.h"
#include "base/random.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/web/visit.h"

#define DAYS_DEFAULT 30
#define DAYS_MAX 3650

static enum status
add_link(struct store *s, const char *wave, int64_t expires_ms,
         char key[VISIT_HEX_CHARS + 1])
{
    uint8_t token[VISIT_TOKEN_BYTES];
    struct seal_hash hash;
    struct store_wave w = {0};
    enum status st = store_wave(s, wave, &w);
    if (st == STATUS_OK) {
        random_bytes(token, sizeof(token));
        seal_hash(token, sizeof(token), NULL, 0, &hash);
        visit_hex(token, sizeof(token), key);
        st = store_link_add(s, &hash, w.id, expires_ms);
    }
    store_wave_clear(&w);
    return st;
}

int
command_link(int argc, char **argv)
{
    const char *days_text = command_option(&argc, argv, "--days");
    long days = 0;
    if (!command_number("--days", days_text, DAYS_MAX, DAYS_DEFAULT, &days)) {
        return COMMAND_USAGE;
    }
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector link FOLDER WAVE [--days N]"));
    }
    struct home home;
    struct store *s = NULL;
    char key[VISIT_HEX_CHARS + 1] = "";
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    st = home_store(&home, false, &s);
    if (st == STATUS_OK) {
        st = add_link(s, argv[2], clock_wall_ms(clock_system()) + days * DAY_MS,
                      key);
    }
    store_close(s);
    home_close(&home);
    if (st != STATUS_OK) {
        return command_fail_status(st, argv[2]);
    }
    (void)printf("/summary/%s?key=%s\n", argv[2], key);
    return COMMAND_OK;
}
