#include "collector/renewal.h"

#include <unistd.h>

#include "base/clock.h"

#define HOST_MAX_BYTES 256

/* STATUS_OK: they differ from those in the file now. */
static enum status
change(struct home *home, enum renewal what, const char *host)
{
    char name[HOST_MAX_BYTES] = "anketa";
    (void)gethostname(name, sizeof(name) - 1);
    enum status st = STATUS_E_INVALID;
    switch (what) {
    case RENEWAL_SEAL:
        return keys_rotate_seal(&home->keys);
    case RENEWAL_ANNOUNCE:
        st = keys_announce(&home->keys);
        return st == STATUS_OK
                   ? home_make_tls(&home->keys.next_tls, host ? host : name)
                   : st;
    case RENEWAL_SWITCH:
        return keys_switch(&home->keys, home->identity.tls_pin);
    case RENEWAL_NONE:
    default:
        return st;
    }
}

static const char *
action(enum renewal what)
{
    static const char *const name[] = {[RENEWAL_SEAL] = "rotate",
                                       [RENEWAL_ANNOUNCE] = "announce",
                                       [RENEWAL_SWITCH] = "switch"};
    return name[what];
}

/* The next library carries it. Also if there was nothing to do: then we may have
 * been killed between the file and the database. */
static enum status
publish(struct store *w, enum renewal what, bool done)
{
    int64_t serial = 0;
    enum status st = store_number_set(w, STORE_RENEWAL, RENEWAL_NONE);
    if (st == STATUS_OK) {
        st = store_number_next(w, STORE_SERIAL, &serial);
    }
    if (st == STATUS_OK && what == RENEWAL_ANNOUNCE) {
        st = store_number_set(w, STORE_ANNOUNCED, serial);
    }
    if (st == STATUS_OK && done) {
        st = store_audit_add(w, clock_wall_ms(clock_system()), "", action(what),
                             "");
    }
    return st;
}

enum status
renewal_run(struct home *home, struct store *writer, enum renewal what,
            const char *host)
{
    enum status done = change(home, what, host);
    if (done < 0 && done != STATUS_E_LIMIT) {
        return done;
    }
    enum status st = done == STATUS_OK ? home_save_keys(home) : STATUS_OK;
    if (st == STATUS_OK) {
        st = home_identify(home);
    }
    if (st == STATUS_OK) {
        st = store_begin(writer);
    }
    if (st == STATUS_OK) {
        st = publish(writer, what, done == STATUS_OK);
    }
    if (st == STATUS_OK) {
        st = store_commit(writer);
    }
    store_rollback(writer);
    return st < 0 ? st : done;
}

enum status
renewal_behind(struct store *s, renewal_visit *visit, void *self,
               size_t *out_count)
{
    struct store_kiosk *kiosk = NULL;
    size_t count = 0;
    int64_t announced = 0;
    *out_count = 0;
    enum status st = store_number(s, STORE_ANNOUNCED, &announced);
    if (st == STATUS_OK) {
        st = store_kiosks(s, &kiosk, &count);
    }
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        if (!kiosk[i].revoked && kiosk[i].serial < announced) {
            *out_count += 1;
            if (visit) {
                visit(self, kiosk[i].name);
            }
        }
    }
    store_kiosks_free(kiosk, count);
    return st;
}
