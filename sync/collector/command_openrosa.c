/* anketa-collector openrosa: the secret address for other OpenRosa clients. */
#include <stdio.h>

#include "base/random.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/web/openrosa_api.h"
#include "collector/web/visit.h"

int
command_openrosa(int argc, char **argv)
{
    if (argc != 2) {
        return command_usage(N_("Usage: anketa-collector openrosa FOLDER"));
    }
    struct home home;
    struct store *s = NULL;
    uint8_t key[VISIT_TOKEN_BYTES];
    char hex[VISIT_HEX_CHARS + 1];
    char kept[2 * SEAL_HASH_BYTES + 1];
    struct seal_hash hash;
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    random_bytes(key, sizeof(key));
    visit_hex(key, sizeof(key), hex);
    seal_hash(hex, VISIT_HEX_CHARS, NULL, 0, &hash);
    visit_hex(hash.bytes, sizeof(hash.bytes), kept);
    st = home_store(&home, false, &s);
    if (st == STATUS_OK) {
        st = store_text_set(s, OPENROSA_API_SETTING, kept);
    }
    store_close(s);
    home_close(&home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    (void)printf("/openrosa/%s\n", hex);
    return COMMAND_OK;
}
