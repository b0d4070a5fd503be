#include "sample_desk.h"

#include <stdio.h>
#include <string.h>

#include "store/sync_state.h"

static enum staff_pin_state
pin(void *self, int64_t *out_wait_ms)
{
    const struct sample_desk *d = self;
    static const enum staff_pin_state states[] = {
        STAFF_PIN_UNSET, STAFF_PIN_READY, STAFF_PIN_WAITING, STAFF_PIN_LOCKED};
    if (d->pin) {
        return states[pin_state(d->pin, out_wait_ms)];
    }
    *out_wait_ms = d->wait_ms;
    return d->state;
}

static enum status
check(void *self, const char *digits)
{
    const struct sample_desk *d = self;
    if (d->pin) {
        return pin_check(d->pin, digits);
    }
    return d->wrong ? STATUS_E_AUTH : STATUS_OK;
}

static enum status
set(void *self, const char *digits)
{
    const struct sample_desk *d = self;
    return d->pin ? pin_set(d->pin, digits) : STATUS_OK;
}

static void
add(struct staff_report *r, const char *label, const char *value, bool warns)
{
    struct staff_row *row = &r->row[r->count];
    r->count++;
    (void)snprintf(row->label, sizeof(row->label), "%s", label);
    (void)snprintf(row->value, sizeof(row->value), "%s", value);
    row->warns = warns;
}

static void
report(void *self, enum staff_page which, enum i18n_lang lang,
       struct staff_report *out)
{
    (void)self;
    if (which == STAFF_WAITING) {
        add(out, "Промежуточный опрос наставляемых", "7", false);
        add(out, "Согласие наставника на участие в программе наставничества",
            "2", true);
    } else if (which == STAFF_SYNC) {
        add(out, i18n_text(lang, "State"),
            sync_state_phase_text(SYNC_WAITING, lang), false);
        for (int i = SYNC_FAULT_NONE; i < SYNC_FAULT_COUNT; i++) {
            add(out, i18n_text(lang, "Why"),
                sync_state_fault_text((enum sync_fault)i, lang), true);
        }
        add(out, i18n_text(lang, "Coordinator's computer"),
            "https://a-very-long-host-name.example.org:8443", false);
    } else if (which == STAFF_DEVICE) {
        add(out, i18n_text(lang, "Disk"), "12,4 ГБ / 29,1 ГБ", false);
        add(out, i18n_text(lang, "System"),
            "Linux 6.1.0-18-arm64-with-a-long-name, aarch64", false);
    } else {
        for (int i = 0; i < 12; i++) {
            add(out, "", "warning library: serial 12, 3 questionnaires open",
                i == 3);
        }
    }
}

static size_t
sticks(void *self, struct staff_stick out[STAFF_STICKS_MAX])
{
    const struct sample_desk *d = self;
    for (size_t i = 0; i < d->sticks; i++) {
        (void)snprintf(out[i].path, sizeof(out[i].path), "/media/kiosk/USB-%zu",
                       i + 1);
        out[i].free_bytes = UINT64_C(31000000000) >> (8 * i);
        out[i].readonly = i == 1;
    }
    return d->sticks;
}

static enum status
carry(void *self, const char *path, enum i18n_lang lang)
{
    struct sample_desk *d = self;
    d->running = true;
    (void)snprintf(d->errand, sizeof(d->errand), "usb %s %s", path,
                   i18n_tag(lang));
    return STATUS_OK;
}

static enum status
enrol(void *self, const char *address, const char *code, enum i18n_lang lang)
{
    struct sample_desk *d = self;
    d->running = true;
    (void)snprintf(d->errand, sizeof(d->errand), "enrol %s %s %s", address,
                   code, i18n_tag(lang));
    return STATUS_OK;
}

static void
outcome(void *self, struct staff_outcome *out)
{
    const struct sample_desk *d = self;
    *out = (struct staff_outcome){.running = d->running, .good = d->good};
    if (d->told[0]) {
        (void)snprintf(out->text, sizeof(out->text), "%s\n", d->told);
        for (char *at = strchr(out->text, '|'); at; at = strchr(at, '|')) {
            *at = '\n';
        }
        return;
    }
    (void)snprintf(out->text, sizeof(out->text), "%s\n%s\n",
                   sync_state_fault_text(SYNC_FAULT_STICK, I18N_RU), d->errand);
}

static void
address(void *self, char out[STAFF_ADDRESS_BYTES])
{
    (void)self;
    (void)snprintf(out, STAFF_ADDRESS_BYTES, "https://192.168.1.10:8443");
}

static int
brightness(void *self)
{
    return ((struct sample_desk *)self)->brightness;
}

static enum status
set_brightness(void *self, int percent)
{
    ((struct sample_desk *)self)->brightness = percent;
    return STATUS_OK;
}

static void
hours(void *self, struct hours *out)
{
    *out = ((struct sample_desk *)self)->hours;
}

static enum status
set_hours(void *self, const struct hours *wanted)
{
    ((struct sample_desk *)self)->hours = *wanted;
    return STATUS_OK;
}

static void
dark(void *self, bool on)
{
    ((struct sample_desk *)self)->dark = on;
}

void
sample_desk_init(struct sample_desk *d)
{
    *d = (struct sample_desk){
        .ops = {pin, check, set, report, sticks, carry, enrol, outcome, address,
                brightness, set_brightness, hours, set_hours, dark, d},
        .state = STAFF_PIN_READY,
        .sticks = 2,
        .brightness = 70,
        .hours = {480, 1140}};
}
