#include "app/pin.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/random.h"

#define YEAR_FIRST 1900
#define YEAR_LAST 2099

static bool
six_digits(const char *text)
{
    return strlen(text) == PIN_DIGITS
           && strspn(text, "0123456789") == PIN_DIGITS;
}

static int
two(const char *at)
{
    return (at[0] - '0') * 10 + (at[1] - '0');
}

static bool
day_and_month(int day, int month)
{
    return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/* DDMMYY, MMDDYY or YYMMDD of any year. */
static bool
date_like(const char *d)
{
    int a = two(d);
    int b = two(d + 2);
    int c = two(d + 4);
    return day_and_month(a, b) || day_and_month(b, a) || day_and_month(c, b);
}

/* The same distance from digit to digit: 111111, 123456, 987654, 135791. */
static bool
even_steps(const char *d)
{
    int step = (d[1] - d[0] + 10) % 10;
    for (int i = 2; i < PIN_DIGITS; i++) {
        if ((d[i] - d[i - 1] + 10) % 10 != step) {
            return false;
        }
    }
    return true;
}

static bool
repeats(const char *d, int period)
{
    for (int i = period; i < PIN_DIGITS; i++) {
        if (d[i] != d[i - period]) {
            return false;
        }
    }
    return true;
}

static bool
mirrored(const char *d)
{
    return d[0] == d[5] && d[1] == d[4] && d[2] == d[3];
}

/* 112233 */
static bool
pairs(const char *d)
{
    return d[0] == d[1] && d[2] == d[3] && d[4] == d[5];
}

static bool
few_digits(const char *d)
{
    unsigned seen = 0;
    int kinds = 0;
    for (int i = 0; i < PIN_DIGITS; i++) {
        unsigned bit = 1u << (unsigned)(d[i] - '0');
        kinds += (seen & bit) ? 0 : 1;
        seen |= bit;
    }
    return kinds <= 2;
}

/* Rows and columns of the pad, there and back. */
static bool
pad_walk(const char *d)
{
    static const char *const walks[] = {"147258", "258369", "369258", "123654",
                                        "321456", "789456", "159357", "357159",
                                        "147369", "741852", "963852", "102938"};
    for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
        if (strcmp(d, walks[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool
year_in(const char *d)
{
    for (int i = 0; i + 4 <= PIN_DIGITS; i += 2) {
        int year = two(d + i) * 100 + two(d + i + 2);
        if (year >= YEAR_FIRST && year <= YEAR_LAST) {
            return true;
        }
    }
    return false;
}

bool
pin_weak(const char *digits)
{
    return !six_digits(digits) || even_steps(digits) || repeats(digits, 2)
           || repeats(digits, 3) || mirrored(digits) || pairs(digits)
           || few_digits(digits) || date_like(digits) || year_in(digits)
           || pad_walk(digits);
}

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

enum status
pin_verifier(const char *digits, const uint8_t salt[SEAL_SALT_BYTES],
             struct seal_hash *out)
{
    struct seal_lock_key key;
    enum status st = seal_lock_key_from_passphrase(digits, salt, &key);
    if (st >= 0) {
        seal_hash(key.bytes, sizeof(key.bytes), NULL, 0, out);
        buf_wipe(&key, sizeof(key));
    }
    return st;
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

/* `count` bytes of lower-case hexadecimal digits. */
static bool
read_hex(const char *text, uint8_t *out, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 2 * count; i++) {
        const char *at = text[i] ? strchr(digits, text[i]) : NULL;
        if (!at) {
            return false;
        }
        unsigned value = (unsigned)(at - digits);
        out[i / 2] = (uint8_t)(i % 2 == 0 ? value << 4u : out[i / 2] | value);
    }
    return true;
}

enum status
pin_offer(struct pin *p, const char *from_collector)
{
    struct settings next = *p->settings;
    const size_t salt_chars = 2 * sizeof(next.pin_salt);
    if (!from_collector || p->damaged) {
        return STATUS_NONE;
    }
    if (!read_hex(from_collector, next.pin_salt, sizeof(next.pin_salt))
        || from_collector[salt_chars] != ':'
        || !read_hex(from_collector + salt_chars + 1, next.pin_verifier.bytes,
                     SEAL_HASH_BYTES)
        || from_collector[salt_chars + 1 + 2 * (size_t)SEAL_HASH_BYTES]) {
        log_warn("staff", "the library's staff.pin makes no sense");
        return STATUS_E_INVALID;
    }
    if (seal_equal(next.pin_verifier.bytes,
                   p->settings->pin_from_collector.bytes, SEAL_HASH_BYTES)) {
        return STATUS_NONE;
    }
    next.pin_from_collector = next.pin_verifier;
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
    struct seal_hash got;
    /* Counted first: who pulls the plug now has had his try. */
    s->pin_failures = failures + 1;
    enum status saved = settings_save(p->path, s);
    enum status st = pin_verifier(digits, s->pin_salt, &got);
    if (st < 0) {
        return st;
    }
    if (!seal_equal(got.bytes, s->pin_verifier.bytes, SEAL_HASH_BYTES)) {
        p->free_ms = clock_mono_ms(p->clock) + wait_ms(s->pin_failures);
        log_warn("staff", "wrong PIN, %u in a row", s->pin_failures);
        return STATUS_E_AUTH;
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
    if (pin_weak(digits)) {
        return STATUS_E_INVALID;
    }
    random_bytes(next.pin_salt, sizeof(next.pin_salt));
    enum status st = pin_verifier(digits, next.pin_salt, &next.pin_verifier);
    if (st < 0) {
        return st;
    }
    next.pin_set = true;
    next.pin_failures = 0;
    return keep(p, &next);
}
