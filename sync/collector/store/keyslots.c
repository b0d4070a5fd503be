#include "collector/store/keyslots.h"

#include <string.h>

#include "base/random.h"

#define ABOUT "anketa key slot"
#define SLOTS_MAX 2

enum slot_kind {
    SLOT_PASSPHRASE = 0,
    SLOT_RECOVERY = 1
};

enum status
keyslots_set_passphrase(struct keyslots *slots, const char *passphrase,
                        const struct seal_lock_key *key)
{
    struct seal_lock_key from;
    random_bytes(slots->salt, sizeof(slots->salt));
    enum status st =
        seal_lock_key_from_passphrase(passphrase, slots->salt, &from);
    if (st == STATUS_OK) {
        seal_lock(&from, ABOUT, sizeof(ABOUT), key->bytes, sizeof(key->bytes),
                  slots->passphrase_box);
        slots->by_passphrase = true;
    }
    buf_wipe(&from, sizeof(from));
    return st;
}

enum status
keyslots_set_recovery(struct keyslots *slots, const struct seal_public *to,
                      const struct seal_lock_key *key)
{
    struct buf box;
    buf_init(&box, sizeof(slots->recovery_box));
    enum status st = seal_close(to, key->bytes, sizeof(key->bytes), &box);
    if (st == STATUS_OK) {
        memcpy(slots->recovery_box, box.data, sizeof(slots->recovery_box));
        slots->by_recovery = true;
    }
    buf_deinit(&box);
    return st;
}

static enum status
open_by_passphrase(const struct keyslots *slots, const char *passphrase,
                   struct seal_lock_key *out)
{
    struct seal_lock_key from;
    enum status st =
        seal_lock_key_from_passphrase(passphrase, slots->salt, &from);
    if (st == STATUS_OK) {
        st = seal_unlock(&from, ABOUT, sizeof(ABOUT), slots->passphrase_box,
                         sizeof(slots->passphrase_box), out->bytes);
    }
    buf_wipe(&from, sizeof(from));
    return st;
}

static enum status
open_by_recovery(const struct keyslots *slots, const struct seal_pair *pair,
                 struct seal_lock_key *out)
{
    struct buf plain;
    buf_init(&plain, sizeof(out->bytes));
    enum status st = seal_open(pair, slots->recovery_box,
                               sizeof(slots->recovery_box), &plain);
    if (st == STATUS_OK) {
        memcpy(out->bytes, plain.data, sizeof(out->bytes));
    }
    buf_deinit(&plain);
    return st;
}

enum status
keyslots_open(const struct keyslots *slots,
              const struct keyslots_opener *opener, struct seal_lock_key *out)
{
    enum status st = STATUS_E_AUTH;
    if (slots->by_recovery && opener->recovery) {
        st = open_by_recovery(slots, opener->recovery, out);
    }
    if (st == STATUS_E_AUTH && slots->by_passphrase && opener->passphrase) {
        st = open_by_passphrase(slots, opener->passphrase, out);
    }
    return st;
}

void
keyslots_pack(const struct keyslots *slots, struct buf *out)
{
    pack_array(out, (size_t)slots->by_passphrase + slots->by_recovery);
    if (slots->by_passphrase) {
        pack_array(out, 3);
        pack_uint(out, SLOT_PASSPHRASE);
        pack_bytes(out, slots->salt, sizeof(slots->salt));
        pack_bytes(out, slots->passphrase_box, sizeof(slots->passphrase_box));
    }
    if (slots->by_recovery) {
        pack_array(out, 2);
        pack_uint(out, SLOT_RECOVERY);
        pack_bytes(out, slots->recovery_box, sizeof(slots->recovery_box));
    }
}

void
keyslots_read(struct pack_reader *r, struct keyslots *out)
{
    *out = (struct keyslots){0};
    size_t count = pack_read_array(r, SLOTS_MAX);
    for (size_t i = 0; i < count; i++) {
        size_t parts = pack_read_array(r, 3);
        uint64_t kind = pack_read_uint(r, SLOT_RECOVERY);
        if (kind == SLOT_PASSPHRASE && parts == 3 && !out->by_passphrase) {
            pack_copy_bytes(r, out->salt, sizeof(out->salt));
            pack_copy_bytes(r, out->passphrase_box,
                            sizeof(out->passphrase_box));
            out->by_passphrase = true;
        } else if (kind == SLOT_RECOVERY && parts == 2 && !out->by_recovery) {
            pack_copy_bytes(r, out->recovery_box, sizeof(out->recovery_box));
            out->by_recovery = true;
        } else {
            pack_fail(r, STATUS_E_INVALID);
            return;
        }
    }
}
