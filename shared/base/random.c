#define _DEFAULT_SOURCE /* getrandom */
#include "base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/log.h"

void
random_bytes(void *out, size_t len)
{
    unsigned char *at = out;
    while (len > 0) {
        ssize_t got = getrandom(at, len, 0);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            log_error("random", "the kernel gives no random bytes");
            abort();
        }
        at += got;
        len -= (size_t)got;
    }
}

uint32_t
random_below(uint32_t bound)
{
    /* Reject the short last stretch, so that every value is equally likely. */
    uint32_t threshold = (uint32_t)(-bound) % bound;
    for (;;) {
        uint32_t value;
        random_bytes(&value, sizeof(value));
        if (value >= threshold) {
            return value % bound;
        }
    }
}

static void
swap_bytes(unsigned char *a, unsigned char *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

/* Random words drawn from the kernel a block at a time. */
struct words {
    uint32_t word[64];
    size_t left;
};

static uint32_t
below(struct words *w, uint32_t bound)
{
    uint32_t threshold = (uint32_t)(-bound) % bound;
    for (;;) {
        if (w->left == 0) {
            random_bytes(w->word, sizeof(w->word));
            w->left = sizeof(w->word) / sizeof(w->word[0]);
        }
        uint32_t value = w->word[--w->left];
        w->word[w->left] = 0; /* the order must not stay in memory */
        if (value >= threshold) {
            return value % bound;
        }
    }
}

void
random_shuffle(void *items, size_t count, size_t size)
{
    unsigned char *at = items;
    struct words words = {.left = 0};
    for (size_t i = count; i > 1; i--) {
        size_t j = below(&words, (uint32_t)i);
        if (j != i - 1) {
            swap_bytes(at + j * size, at + (i - 1) * size, size);
        }
    }
}

void
random_uuid(char out[RANDOM_UUID_CHARS + 1])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char raw[16];
    random_bytes(raw, sizeof(raw));
    raw[6] = (unsigned char)((raw[6] & 0x0FU) | 0x40U);
    raw[8] = (unsigned char)((raw[8] & 0x3FU) | 0x80U);
    size_t at = 0;
    for (size_t i = 0; i < sizeof(raw); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            out[at++] = '-';
        }
        out[at++] = hex[raw[i] >> 4];
        out[at++] = hex[raw[i] & 0x0FU];
    }
    out[at] = '\0';
}
