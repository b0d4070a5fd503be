#ifndef ANKETA_DAEMON_CONFIG_H
#define ANKETA_DAEMON_CONFIG_H

#include "base/diag.h"
#include "base/status.h"

/*
 * Config: sync.conf, what a technician may set. Every key has a default, and
 * so may the file be missing.
 *
 *   [collector]
 *   address = https://192.168.1.10:8443   ; instead of the enrolled one
 *   [kiosk]
 *   name = Staff room, second floor       ; unless the coordinator has named it
 *   [privacy]
 *   least = 5              ; fewer anonymous answers never leave together while
 *                          ; their wave is open, whatever the library says
 *   [sync]
 *   mix_seconds = 600      ; wait up to so long, at random, before sending
 *   library_seconds = 900  ; look for a newer library so often
 *   [network]
 *   proxy = http://proxy:3128
 *   metered_seconds = 3600 ; where volume is paid for: talk once in so long, with
 *                          ; all that waits; a failed talk is repeated sooner
 */
#define CONFIG_TEXT_BYTES 256
#define CONFIG_MIX_SECONDS 600
#define CONFIG_LIBRARY_SECONDS 900
#define CONFIG_MAX_SECONDS 86400
#define CONFIG_LEAST 5
#define CONFIG_LEAST_MAX 1000

struct config {
    char address[CONFIG_TEXT_BYTES]; /* "": the enrolled one */
    char name[CONFIG_TEXT_BYTES];
    char proxy[CONFIG_TEXT_BYTES];
    int mix_seconds;
    int library_seconds;
    int least;
    int metered_seconds; /* 0: not metered */
};

/* Faults are told to `d` (unknown keys as warnings); the rest is kept. */
MUST_CHECK enum status
config_load(const char *path, struct diag *d, struct config *out);

#endif
