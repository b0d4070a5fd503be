#ifndef ANKETA_PROGRAMME_ROADMAP_H
#define ANKETA_PROGRAMME_ROADMAP_H

#include <stddef.h>

#include "base/buf.h"
#include "base/day.h"
#include "base/i18n.h"
#include "base/status.h"
#include "collector/programme/calendar.h"

/*
 * Roadmap: the eight stages of the programme and the measures that are usual in
 * each, to begin with.
 *
 * Pure; texts are msgids.
 */
#define ROADMAP_STAGES 8

/* `stage` from 1. */
const char *
roadmap_stage(int stage);

struct roadmap_usual {
    int stage;
    const char *text;
};
const struct roadmap_usual *
roadmap_usual(size_t *out_count);

/* "2026-11-23"; STATUS_E_INVALID: no such day, or another form. */
MUST_CHECK enum status
roadmap_day(const char *text, struct day *out);

#endif
