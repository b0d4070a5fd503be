#include "app/pin.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "seal/pin_code.h"

static int64_t
wait_ms(unsigned failures)
{
    if (failures < PIN_FREE_TRIES) {
        return 0;
    }
    unsigned doublings = failures - PIN_FREE_TRIES;
    return PIN_WAIT_MS << (doublings < 16 ? doublings : 16);
}

enum status
pin_init(struct pin *p, struct settings *settings, const char *path,
         const struct clock *clock)
{
    *p = (struct pin){.settings = settings, .clock = clock};
    int n = snprintf(p->path, sizeof(p->path), "%s", path);
    if (n < 0 || (size_t)n >= sizeof(p->path)) {
        return STATUS_E_LIMIT;
    }
    enum status st = settings_load(path, settings);
    if (st < 0) {
        log_error("staff",
                  "%s cannot be read: the staff menu stays shut; remove "
                  "the file to set it up anew",
                  path);
        p->damaged = true;
        return st;
    }
    p->free_ms = clock_mono_ms(clock) + wait_ms(settings->pin_failures);
    return STATUS_OK;
}

static enum status
keep(struct pin *p, const struct settings *next)
{
    enum status st = settings_save(p->path, next);
    if (st >= 0) {
        *p->settings = *next;
        p->free_ms = 0;
    }
    return st;
}

enum status
pin_offer(struct pin *p, const char *from_collector)
{
    struct settings next = *p->settings;
    if (!from_collector || p->damaged) {
        return STATUS_NONE;
    }
    if (pin_code_read(from_collector, &next.pin) < 0) {
        log_warn("staff", "the library's staff.pin makes no sense");
        return STATUS_E_INVALID;
    }
    if (seal_equal(next.pin.verifier.bytes,
                   p->settings->pin_from_collector.bytes, SEAL_HASH_BYTES)) {
        return STATUS_NONE;
    }
    next.pin_from_collector = next.pin.verifier;
    next.pin_set = true;
    next.pin_failures = 0;
    enum status st = keep(p, &next);
    if (st >= 0) {
        log_info("staff", "the PIN was set by the collector");
    }
    return st;
}

enum pin_state
pin_state(const struct pin *p, int64_t *out_wait_ms)
{
    *out_wait_ms = 0;
    if (p->damaged) {
        return PIN_LOCKED;
    }
    if (!p->settings->pin_set) {
        return PIN_UNSET;
    }
    if (p->settings->pin_failures >= PIN_LOCK_TRIES) {
        return PIN_LOCKED;
    }
    int64_t left = p->free_ms - clock_mono_ms(p->clock);
    if (left <= 0) {
        return PIN_READY;
    }
    *out_wait_ms = left;
    return PIN_WAITING;
}

enum status
pin_check(struct pin *p, const char *digits)
{
    int64_t wait = 0;
    if (pin_state(p, &wait) != PIN_READY) {
        return STATUS_E_BUSY;
    }
    struct settings *s = p->settings;
    unsigned failures = s->pin_failures;
    /* Counted first: who pulls the plug now has had his try. */
    s->pin_failures = failures + 1;
    enum status saved = settings_save(p->path, s);
    enum status st = pin_code_check(&s->pin, digits);
    if (st == STATUS_E_AUTH) {
        p->free_ms = clock_mono_ms(p->clock) + wait_ms(s->pin_failures);
        log_warn("staff", "wrong PIN, %u in a row", s->pin_failures);
    }
    if (st < 0) {
        return st;
    }
    s->pin_failures = 0;
    saved = saved < 0 ? saved : settings_save(p->path, s);
    if (saved < 0) {
        log_warn("staff", "tries of the PIN cannot be kept: %s",
                 status_name(saved));
    }
    if (failures > 0) {
        log_info("staff", "right PIN after %u wrong", failures);
    }
    return STATUS_OK;
}

enum status
pin_set(struct pin *p, const char *digits)
{
    struct settings next = *p->settings;
    if (pin_code_fault(digits)) {
        return STATUS_E_INVALID;
    }
    enum status st = pin_code_new(digits, &next.pin);
    if (st < 0) {
        return st;
    }
    next.pin_set = true;
    next.pin_failures = 0;
    return keep(p, &next);
}
