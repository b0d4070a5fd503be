#include "collector/web/erasure.h"

#include <stdio.h>
#include <time.h>

#include "collector/home.h"

#define DAY_BYTES 16

enum status
erasure_begin(struct store *w, int64_t person, int64_t now_ms,
              enum store_consent_way way)
{
    char day[DAY_BYTES] = "";
    struct tm tm;
    time_t s = (time_t)(now_ms / 1000);
    int64_t serial = 0;
    if (!localtime_r(&s, &tm)
        || strftime(day, sizeof(day), "%Y-%m-%d", &tm) == 0) {
        return STATUS_E_INVALID;
    }
    enum status st = store_erase(w, person, day, way);
    if (st == STATUS_OK) {
        st = store_number_set(w, STORE_PEOPLE_KEYS, -1);
    }
    return st == STATUS_OK ? store_number_next(w, STORE_SERIAL, &serial) : st;
}

enum status
erasure_finish(struct store *w, const struct ingest *in, const char *dir)
{
    size_t taken = 0;
    enum status st = in ? ingest_retry(in, w, w, &taken) : STATUS_OK;
    if (st == STATUS_OK) {
        st = store_forget(w);
    }
    return st == STATUS_OK ? home_forget_people(dir) : st;
}
