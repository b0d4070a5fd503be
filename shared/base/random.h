#ifndef ANKETA_BASE_RANDOM_H
#define ANKETA_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Random: the kernel's generator (getrandom(2)), for everything that protects
 * somebody: slot choice, shuffles, identifiers, jitter.
 *
 * Threads  Any. Blocks only until the kernel is seeded, once after boot.
 * Errors   None: a machine without randomness ends the program.
 */
void
random_bytes(void *out, size_t len);

/* Uniform in [0, bound), bound > 0, without modulo bias. */
uint32_t
random_below(uint32_t bound);

/* Fisher-Yates over `count` items of `size` bytes each. */
void
random_shuffle(void *items, size_t count, size_t size);

#define RANDOM_UUID_CHARS 36

/* Version 4 UUID (RFC 9562), lower case, NUL-terminated. */
void
random_uuid(char out[RANDOM_UUID_CHARS + 1]);

#endif
