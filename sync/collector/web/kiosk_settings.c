#include "collector/web/kiosk_settings.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "seal/pin_code.h"

#define STORED_PREFIX "kiosk:"
#define KEY_BYTES 64
#define INVITED_MAX 9999
#define IDLE_LEAST_SECONDS 30
#define IDLE_MOST_SECONDS 1800
#define DAY_MINUTES 1440

static bool
number_within(const char *text, long least, long most)
{
    char *end = NULL;
    size_t len = strlen(text);
    if (len == 0 || len > 6 || strspn(text, "0123456789") != len) {
        return false;
    }
    long n = strtol(text, &end, 10);
    return n >= least && n <= most;
}

static bool
yes_or_no(struct store *s, const char *value)
{
    (void)s;
    return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
}

static bool
people(struct store *s, const char *value)
{
    (void)s;
    return number_within(value, 1, INVITED_MAX);
}

static bool
patience(struct store *s, const char *value)
{
    (void)s;
    return number_within(value, IDLE_LEAST_SECONDS, IDLE_MOST_SECONDS);
}

/* "08:00", in minutes; -1: it is none. */
static int
minutes_of(const char *text)
{
    bool shaped = strspn(text, "0123456789") == 2 && text[2] == ':'
                  && strspn(text + 3, "0123456789") == 2;
    if (!shaped) {
        return -1;
    }
    int minutes = ((text[0] - '0') * 10 + text[1] - '0') * 60
                  + (text[3] - '0') * 10 + text[4] - '0';
    return text[3] < '6' && minutes < DAY_MINUTES ? minutes : -1;
}

static bool
hours(struct store *s, const char *value)
{
    (void)s;
    return strlen(value) == 11 && value[5] == '-' && minutes_of(value) >= 0
           && minutes_of(value + 6) >= 0;
}

static bool
open_form(struct store *s, const char *value)
{
    struct store_wave *wave = NULL;
    size_t count = 0;
    bool found = false;
    if (store_waves(s, &wave, &count) < 0) {
        return false;
    }
    for (size_t i = 0; i < count && !found; i++) {
        found = wave[i].closed_ms == 0 && strcmp(wave[i].form_id, value) == 0;
    }
    store_waves_free(wave, count);
    return found;
}

/* Only by kiosk_settings_set_pin(). */
static bool
never(struct store *s, const char *value)
{
    (void)s;
    (void)value;
    return false;
}

static const struct {
    struct kiosk_setting told;
    bool (*takes)(struct store *s, const char *value);
} settings[] = {
    {{"idle.seconds", N_("a number of seconds from 30 to 1800")}, patience},
    {{"room.count", N_("“yes” or “no”")}, yes_or_no},
    {{"room.form", N_("the form id of a questionnaire that is open")},
     open_form},
    {{"room.invited", N_("a number of people")}, people},
    {{"service.hours", N_("two times of the day, like 08:00-19:00")}, hours},
    {{"speech.speaker", N_("“yes” or “no”")}, yes_or_no},
    {{KIOSK_SETTINGS_STAFF,
      N_("a PIN of six digits, which is asked for and never "
         "stored itself")},
     never},
};
#define SETTINGS (sizeof(settings) / sizeof(settings[0]))

const struct kiosk_setting *
kiosk_settings_at(size_t index)
{
    return index < SETTINGS ? &settings[index].told : NULL;
}

static void
stored_name(const char *key, char out[KEY_BYTES])
{
    (void)snprintf(out, KEY_BYTES, STORED_PREFIX "%s", key);
}

enum status
kiosk_settings_get(struct store *s, const char *key, struct buf *out)
{
    char name[KEY_BYTES];
    stored_name(key, name);
    return store_text(s, name, out);
}

static enum status
put(struct store *s, const char *key, const char *value)
{
    int64_t serial = 0;
    char name[KEY_BYTES];
    stored_name(key, name);
    enum status st = store_text_set(s, name, value);
    return st < 0 ? st : store_number_next(s, STORE_SERIAL, &serial);
}

enum status
kiosk_settings_set(struct store *s, const char *key, const char *value)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        if (strcmp(settings[i].told.key, key) == 0) {
            return value[0] && !settings[i].takes(s, value)
                       ? STATUS_E_INVALID
                       : put(s, key, value);
        }
    }
    return STATUS_E_NOT_FOUND;
}

enum status
kiosk_settings_set_pin(struct store *s, const char *digits)
{
    struct pin_code code;
    struct buf text;
    if (pin_code_fault(digits)) {
        return STATUS_E_INVALID;
    }
    buf_init(&text, 2 * PIN_CODE_TEXT_CHARS);
    enum status st = pin_code_new(digits, &code);
    if (st >= 0) {
        pin_code_print(&code, &text);
        st = buf_status(&text);
    }
    if (st >= 0) {
        st = put(s, KIOSK_SETTINGS_STAFF, text.data);
    }
    buf_deinit(&text);
    return st;
}
