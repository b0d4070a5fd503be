#include "app/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "app/child.h"
#include "app/device.h"
#include "app/pin.h"
#include "base/file.h"
#include "base/log.h"
#include "store/sync_state.h"

#define PATH_BYTES 1024
#define DISK_LEAST_BYTES (UINT64_C(200) * 1000 * 1000)
#define DAY_SECONDS 86400
/* No kiosk of this version was ever set up before. */
#define CLOCK_LEAST_SECONDS INT64_C(1767225600) /* 2026-01-01 */

struct desk {
    struct staff_desk ops;
    char dir[PATH_BYTES];
    char settings_path[PATH_BYTES];
    char sync_program[PATH_BYTES];
    const char *sticks;
    const char *backlight;
    const struct clock *clock;
    struct source *source;
    struct events *events;
    struct settings settings;
    struct pin pin;
    struct child *child;
};

/* -- PIN ------------------------------------------------------------------------- */

static enum staff_pin_state
get_pin(void *self, int64_t *out_wait_ms)
{
    static const enum staff_pin_state states[] = {
        [PIN_UNSET] = STAFF_PIN_UNSET,
        [PIN_READY] = STAFF_PIN_READY,
        [PIN_WAITING] = STAFF_PIN_WAITING,
        [PIN_LOCKED] = STAFF_PIN_LOCKED,
    };
    struct desk *d = self;
    const struct kiosk_source *source = source_ops(d->source);
    /* A new library may have brought one. */
    (void)!pin_offer(&d->pin, source->setting(source->self, "staff.pin"));
    return states[pin_state(&d->pin, out_wait_ms)];
}

static enum status
check_pin(void *self, const char *digits)
{
    return pin_check(&((struct desk *)self)->pin, digits);
}

static enum status
set_pin(void *self, const char *digits)
{
    return pin_set(&((struct desk *)self)->pin, digits);
}

/* -- reports ------------------------------------------------------------------------ */

static struct staff_row *
add(struct staff_report *r, const char *label)
{
    static struct staff_row spare;
    struct staff_row *row =
        r->count < STAFF_ROWS_MAX ? &r->row[r->count] : &spare;
    r->count += r->count < STAFF_ROWS_MAX ? 1 : 0;
    (void)snprintf(row->label, sizeof(row->label), "%s", label);
    return row;
}

static void
add_text(struct staff_report *r, const char *label, const char *value)
{
    struct staff_row *row = add(r, label);
    (void)snprintf(row->value, sizeof(row->value), "%s", value);
}

static void
add_number(struct staff_report *r, const char *label, uint64_t value)
{
    struct staff_row *row = add(r, label);
    (void)snprintf(row->value, sizeof(row->value), "%llu",
                   (unsigned long long)value);
}

static void
add_tally(struct staff_report *r, enum i18n_lang lang, const char *name,
          const struct source_tally *t)
{
    struct staff_row *row = add(r, name);
    size_t used = 0;
    const struct {
        const char *text;
        size_t count;
    } parts[] = {
        {i18n_plural(lang, "%zu waits", "%zu wait", t->waiting), t->waiting},
        {i18n_plural(lang, "%zu delivered, kept until a backup",
                     "%zu delivered, kept until a backup", t->held),
         t->held},
        {i18n_plural(lang, "%zu refused, kept", "%zu refused, kept",
                     t->refused),
         t->refused},
    };
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].count > 0 && used < sizeof(row->value) - 4) {
            int n = snprintf(row->value + used, sizeof(row->value) - used, "%s",
                             used > 0 ? " · " : "");
            used += n > 0 ? (size_t)n : 0;
            /* The formats are those of the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            n = snprintf(row->value + used, sizeof(row->value) - used,
                         parts[i].text, parts[i].count);
#pragma GCC diagnostic pop
            used += n > 0 ? (size_t)n : 0;
        }
    }
    if (used == 0) {
        (void)snprintf(row->value, sizeof(row->value), "%s",
                       i18n_text(lang, "none"));
    }
    row->warns = t->refused > 0;
}

static const char *
title_of(struct desk *d, size_t index, enum i18n_lang lang)
{
    const struct kiosk_source *source = source_ops(d->source);
    struct kiosk_survey survey;
    source->survey(source->self, index, &survey);
    const struct form *form = source->form(source->self, index);
    if (!form) {
        return survey.form_id;
    }
    const char *own =
        form_extension(form, lang == I18N_EN ? "title_en" : "title_ru");
    return own ? own : form_title(form);
}

static void
report_waiting(struct desk *d, enum i18n_lang lang, struct staff_report *out)
{
    const struct kiosk_source *source = source_ops(d->source);
    size_t count = source->count(source->self);
    struct source_tally others;
    struct source_tally *tally = calloc(count + 1, sizeof(*tally));
    if (!tally || source_look(d->source, tally, &others) < 0) {
        add_text(out, "",
                 i18n_text(lang, "The store of answers cannot be read. Look "
                                 "at the log of this computer."));
        free(tally);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        add_tally(out, lang, title_of(d, i, lang), &tally[i]);
    }
    if (count == 0 || others.waiting + others.held + others.refused > 0) {
        add_tally(out, lang, i18n_text(lang, "Closed questionnaires"), &others);
    }
    add_text(out, "",
             i18n_text(lang, "Answers without a name leave only when enough of "
                             "them wait or the questionnaire is closed."));
    free(tally);
}

static void
add_day(struct staff_report *r, enum i18n_lang lang, uint32_t day)
{
    time_t seconds = (time_t)day * DAY_SECONDS;
    struct tm parts;
    char text[32] = "";
    if (day > 0 && gmtime_r(&seconds, &parts)) {
        (void)strftime(text, sizeof(text),
                       lang == I18N_RU ? "%d.%m.%Y" : "%Y-%m-%d", &parts);
    }
    add_text(r, i18n_text(lang, "Last in step"),
             text[0] ? text : i18n_text(lang, "not once so far"));
}

static enum status
read_state(const struct desk *d, struct sync_state *out)
{
    char path[PATH_BYTES + 16];
    (void)snprintf(path, sizeof(path), "%s/sync.state", d->dir);
    return sync_state_read(path, out);
}

static void
report_sync(struct desk *d, enum i18n_lang lang, struct staff_report *out)
{
    struct sync_state state;
    enum status st = read_state(d, &state);
    if (st != STATUS_OK) {
        struct staff_row *row = add(out, i18n_text(lang, "State"));
        row->warns = true;
        (void)snprintf(row->value, sizeof(row->value), "%s",
                       st == STATUS_NONE
                           ? i18n_text(lang, "The sync program has not run "
                                             "here yet. Answers are kept.")
                           : i18n_text(lang, "cannot be read"));
        return;
    }
    add_text(out, i18n_text(lang, "State"),
             sync_state_phase_text(state.phase, lang));
    if (state.fault != SYNC_FAULT_NONE) {
        struct staff_row *row = add(out, i18n_text(lang, "Why"));
        row->warns = true;
        (void)snprintf(row->value, sizeof(row->value), "%s",
                       sync_state_fault_text(state.fault, lang));
    }
    if (state.fault != SYNC_FAULT_NONE && state.detail[0]) {
        add_text(out, i18n_text(lang, "For the technician"), state.detail);
    }
    add_day(out, lang, state.last_day);
    if (state.address[0]) {
        add_text(out, i18n_text(lang, "Coordinator's computer"), state.address);
    }
    add_number(out, i18n_text(lang, "Waiting at the last try"), state.waiting);
    if (state.damaged > 0) {
        struct staff_row *row =
            add(out, i18n_text(lang, "Damaged places on the disk"));
        row->warns = true;
        (void)snprintf(row->value, sizeof(row->value), "%llu",
                       (unsigned long long)state.damaged);
    }
}

/* A clock is wrong that is older than this version or than a file here. */
static bool
clock_plausible(const struct desk *d, int64_t seconds)
{
    static const char *const files[] = {"library.db", "outbox.db",
                                        "sync.state"};
    if (seconds < CLOCK_LEAST_SECONDS) {
        return false;
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[PATH_BYTES + 16];
        struct stat info;
        (void)snprintf(path, sizeof(path), "%s/%s", d->dir, files[i]);
        if (stat(path, &info) == 0
            && (int64_t)info.st_mtime > seconds + DAY_SECONDS) {
            return false;
        }
    }
    return true;
}

static void
add_clock(struct desk *d, enum i18n_lang lang, struct staff_report *out)
{
    int64_t now = clock_wall_ms(d->clock) / 1000;
    time_t seconds = (time_t)now;
    struct tm parts;
    char text[48] = "";
    if (localtime_r(&seconds, &parts)) {
        (void)strftime(text, sizeof(text),
                       lang == I18N_RU ? "%d.%m.%Y, %H:%M" : "%Y-%m-%d %H:%M",
                       &parts);
    }
    struct staff_row *row = add(out, i18n_text(lang, "Clock"));
    row->warns = !clock_plausible(d, now);
    (void)snprintf(row->value, sizeof(row->value), "%s%s", text,
                   row->warns ? i18n_text(lang, ": this cannot be. Set the "
                                                "clock of this computer.")
                              : "");
}

static void
add_disk(struct desk *d, enum i18n_lang lang, struct staff_report *out)
{
    uint64_t free_bytes = 0;
    uint64_t total = 0;
    struct staff_row *row = add(out, i18n_text(lang, "Disk"));
    if (device_disk(d->dir, &free_bytes, &total) < 0) {
        row->warns = true;
        (void)snprintf(row->value, sizeof(row->value), "%s",
                       i18n_text(lang, "cannot be read"));
        return;
    }
    char room[64];
    char all[64];
    staff_bytes(lang, free_bytes, room, sizeof(room));
    staff_bytes(lang, total, all, sizeof(all));
    (void)snprintf(row->value, sizeof(row->value),
                   i18n_text(lang, "%s free of %s"), room, all);
    row->warns = free_bytes < DISK_LEAST_BYTES;
}

static void
report_device(struct desk *d, enum i18n_lang lang, struct staff_report *out)
{
    const struct kiosk_source *source = source_ops(d->source);
    const char *name = source->setting(source->self, "kiosk.name");
    add_text(out, i18n_text(lang, "Name of this screen"),
             name && name[0] ? name : i18n_text(lang, "none"));
    add_disk(d, lang, out);
    add_clock(d, lang, out);
    struct utsname machine = {0};
    struct staff_row *row = add(out, i18n_text(lang, "Program"));
    (void)snprintf(row->value, sizeof(row->value), "Anketa %s", ANKETA_VERSION);
    if (uname(&machine) == 0) {
        row = add(out, i18n_text(lang, "System"));
        (void)snprintf(row->value, sizeof(row->value), "%.100s %.100s, %.60s",
                       machine.sysname, machine.release, machine.machine);
    }
    add_number(out, i18n_text(lang, "Set of questionnaires no."),
               (uint64_t)source_serial(d->source));
    for (size_t i = 0; i < source->count(source->self); i++) {
        const struct form *form = source->form(source->self, i);
        row = add(out, title_of(d, i, lang));
        row->warns = !form;
        (void)snprintf(row->value, sizeof(row->value), "%s",
                       form ? form_version(form)
                            : i18n_text(lang, "cannot be opened here"));
    }
}

static void
report_events(struct desk *d, enum i18n_lang lang, struct staff_report *out)
{
    char line[EVENTS_LINE_BYTES];
    for (size_t i = 0; d->events && events_line(d->events, i, line); i++) {
        struct staff_row *row = add(out, "");
        (void)snprintf(row->value, sizeof(row->value), "%s", line);
        row->warns = strncmp(line, "error", 5) == 0;
    }
    add_text(out, "",
             i18n_text(lang, "This is since the last start, the newest first. "
                             "Answers, names, codes and times are never "
                             "written."));
}

static void
report(void *self, enum staff_page which, enum i18n_lang lang,
       struct staff_report *out)
{
    struct desk *d = self;
    switch ((int)which) {
    case STAFF_WAITING:
        report_waiting(d, lang, out);
        break;
    case STAFF_SYNC:
        report_sync(d, lang, out);
        break;
    case STAFF_DEVICE:
        report_device(d, lang, out);
        break;
    default:
        report_events(d, lang, out);
        break;
    }
}

/* -- errands ----------------------------------------------------------------------- */

static size_t
sticks(void *self, struct staff_stick out[STAFF_STICKS_MAX])
{
    return device_sticks(((struct desk *)self)->sticks, out);
}

static enum status
carry(void *self, const char *path, enum i18n_lang lang)
{
    struct desk *d = self;
    const char *const words[] = {d->sync_program, "--dir", d->dir, "--lang",
                                 i18n_tag(lang),  "usb",   path,   NULL};
    return child_start(d->child, words);
}

static enum status
enrol(void *self, const char *address, const char *code, enum i18n_lang lang)
{
    struct desk *d = self;
    const char *const words[] = {d->sync_program, "--dir", d->dir, "--lang",
                                 i18n_tag(lang),  "enrol", code,   "--address",
                                 address,         NULL};
    return child_start(d->child, words);
}

static void
outcome(void *self, struct staff_outcome *out)
{
    struct desk *d = self;
    struct child_state state;
    child_look(d->child, &state);
    *out = (struct staff_outcome){.running = state.running, .good = state.good};
    /* Lines of the log are for the log. */
    size_t used = 0;
    for (const char *at = state.text; *at;) {
        size_t len = strcspn(at, "\n");
        size_t whole = len + (at[len] == '\n' ? 1 : 0);
        bool log = strncmp(at, "error ", 6) == 0
                   || strncmp(at, "warning ", 8) == 0
                   || strncmp(at, "info ", 5) == 0;
        if (!log && used + whole < sizeof(out->text)) {
            memcpy(out->text + used, at, whole);
            used += whole;
        }
        at += whole;
    }
}

static void
address(void *self, char out[STAFF_ADDRESS_BYTES])
{
    struct sync_state state;
    out[0] = '\0';
    if (read_state(self, &state) == STATUS_OK) {
        (void)snprintf(out, STAFF_ADDRESS_BYTES, "%s", state.address);
    }
}

/* -- light and hours ----------------------------------------------------------------- */

static int
brightness(void *self)
{
    int percent = -1;
    (void)!device_backlight(((struct desk *)self)->backlight, &percent);
    return percent;
}

static enum status
keep(struct desk *d, const struct settings *next)
{
    enum status st = d->pin.damaged ? STATUS_E_INVALID
                                    : settings_save(d->settings_path, next);
    if (st >= 0) {
        d->settings = *next;
    }
    return st;
}

static enum status
set_brightness(void *self, int percent)
{
    struct desk *d = self;
    struct settings next = d->settings;
    next.brightness = percent;
    enum status st = device_set_backlight(d->backlight, percent);
    return st < 0 ? st : keep(d, &next);
}

static void
get_hours(void *self, struct hours *out)
{
    const struct desk *d = self;
    *out = (struct hours){d->settings.hours_from, d->settings.hours_to};
}

static enum status
set_hours(void *self, const struct hours *hours)
{
    struct desk *d = self;
    struct settings next = d->settings;
    next.hours_from = hours->from;
    next.hours_to = hours->to;
    return keep(d, &next);
}

static void
dark(void *self, bool on)
{
    struct desk *d = self;
    int percent = d->settings.brightness > 0 ? d->settings.brightness : 100;
    if (brightness(d) >= 0) {
        (void)!device_set_backlight(d->backlight, on ? 0 : percent);
    }
}

/* -- life ------------------------------------------------------------------------------ */

enum status
desk_open(const struct desk_options *o, struct desk **out)
{
    *out = NULL;
    struct desk *d = calloc(1, sizeof(*d));
    if (!d) {
        return log_oom("staff");
    }
    d->sticks = o->sticks;
    d->backlight = o->backlight;
    d->clock = o->clock;
    d->source = o->source;
    d->events = o->events;
    d->ops = (struct staff_desk){.pin = get_pin,
                                 .pin_check = check_pin,
                                 .pin_set = set_pin,
                                 .report = report,
                                 .sticks = sticks,
                                 .carry = carry,
                                 .enrol = enrol,
                                 .outcome = outcome,
                                 .address = address,
                                 .brightness = brightness,
                                 .set_brightness = set_brightness,
                                 .hours = get_hours,
                                 .set_hours = set_hours,
                                 .dark = dark,
                                 .self = d};
    int a = snprintf(d->dir, sizeof(d->dir), "%s", o->dir);
    int b = snprintf(d->settings_path, sizeof(d->settings_path),
                     "%s/kiosk.settings", o->dir);
    int c = snprintf(d->sync_program, sizeof(d->sync_program), "%s",
                     o->sync_program ? o->sync_program : "");
    enum status st = STATUS_OK;
    if (a < 0 || b < 0 || c < 0 || a >= PATH_BYTES || b >= PATH_BYTES
        || c >= PATH_BYTES) {
        st = STATUS_E_LIMIT;
    }
    if (st >= 0 && !o->sync_program) {
        st = file_beside_program("anketa-sync", d->sync_program,
                                 sizeof(d->sync_program));
    }
    if (st >= 0) {
        /* Told in the log; the menu stays shut. */
        (void)!pin_init(&d->pin, &d->settings, d->settings_path, d->clock);
        st = child_new(o->done, o->self, &d->child);
    }
    if (st < 0) {
        desk_close(d);
        return st;
    }
    if (d->settings.brightness > 0) {
        (void)!device_set_backlight(d->backlight, d->settings.brightness);
    }
    *out = d;
    return STATUS_OK;
}

void
desk_close(struct desk *d)
{
    if (d) {
        child_close(d->child);
        free(d);
    }
}

const struct staff_desk *
desk_ops(struct desk *d)
{
    return &d->ops;
}
