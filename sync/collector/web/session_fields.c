#include "collector/web/session_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "collector/programme/roadmap.h"
#include "collector/programme/training.h"
#include "collector/web/control.h"
#include "collector/web/monitoring.h"

#define TITLE_MAX_BYTES 300
#define PLACE_MAX_BYTES 200
#define SHORT_MAX_BYTES 20
#define NUMBER_BYTES 24
#define WHEN_MAX_BYTES 600

static bool
day_ms(const char *day, int64_t *out)
{
    struct day d;
    if (roadmap_day(day, &d) < 0) {
        return false;
    }
    *out = day_number(d) * DAY_MS + DAY_MS / 2;
    return true;
}

void
session_fields_day(struct visit *v, const char *day)
{
    int64_t ms = 0;
    if (day_ms(day, &ms)) {
        visit_date(v, ms);
    }
}

void
session_fields_when(const struct store_training *t, enum i18n_lang lang,
                    struct buf *out)
{
    int64_t ms = 0;
    if (day_ms(t->day, &ms)) {
        monitoring_date(out, lang, ms);
    }
    buf_puts(out, *t->clock ? ", " : "");
    buf_puts(out, t->clock);
    buf_puts(out, *t->place ? ", " : "");
    buf_puts(out, t->place);
}

void
session_fields_line(struct visit *v, const struct store_training *t)
{
    struct buf when;
    buf_init(&when, WHEN_MAX_BYTES);
    session_fields_when(t, v->lang, &when);
    html_open(&v->html, "p");
    html_attr(&v->html, "class", "meta");
    html_text(&v->html, visit_text(v, training_kind(t->kind)));
    html_text(&v->html, ", ");
    html_text(&v->html, when.data ? when.data : "");
    html_close(&v->html, "p");
    buf_deinit(&when);
}

const char *
session_fields_state(struct visit *v, const struct store_training *t)
{
    if (t->ended_ms) {
        return visit_text(v, "The session is over; feedback is asked at the "
                             "kiosks.");
    }
    return t->wave ? visit_text(v, "People sign at the kiosks now.")
                   : visit_text(v, "In preparation.");
}

void
session_fields_counts(struct visit *v, const struct store_training *t)
{
    html_open(&v->html, "p");
    html_attr(&v->html, "class", "count");
    html_textf(&v->html, visit_text(v, "Invited: %lld, signed: %lld"),
               (long long)t->invited, (long long)t->came);
    html_close(&v->html, "p");
}

void
session_fields_show(struct visit *v, const struct store_training *t)
{
    char minutes[NUMBER_BYTES] = "";
    if (t->minutes > 0) {
        (void)snprintf(minutes, sizeof(minutes), "%d", t->minutes);
    }
    control_input(v, &(const struct control){.label = visit_text(v, "Topic"),
                                             .name = "title",
                                             .type = "text",
                                             .value = t->title,
                                             .required = true});
    control_input(v, &(const struct control){.label = visit_text(v, "Day"),
                                             .name = "day",
                                             .type = "date",
                                             .value = t->day,
                                             .required = true});
    control_input(v, &(const struct control){.label = visit_text(v, "Begins"),
                                             .name = "clock",
                                             .type = "time",
                                             .value = t->clock});
    control_input(v, &(const struct control){.label = visit_text(v, "Place"),
                                             .name = "place",
                                             .type = "text",
                                             .value = t->place});
    control_input(v,
                  &(const struct control){
                      .label = visit_text(v, "Minutes"),
                      .name = "minutes",
                      .type = "number",
                      .value = minutes,
                      .help = visit_text(v, "Counted in the certificates.")});
}

const char *
session_fields_posted(struct visit *v, const char *name, size_t max)
{
    const char *text = request_form(v->rq, name);
    return !text ? "" : strlen(text) <= max ? text : NULL;
}

enum status
session_fields_read(struct visit *v, struct store_training *t)
{
    const char *title = session_fields_posted(v, "title", TITLE_MAX_BYTES);
    const char *day = session_fields_posted(v, "day", SHORT_MAX_BYTES);
    const char *clock = session_fields_posted(v, "clock", SHORT_MAX_BYTES);
    const char *place = session_fields_posted(v, "place", PLACE_MAX_BYTES);
    const char *minutes = session_fields_posted(v, "minutes", SHORT_MAX_BYTES);
    struct day d;
    if (!title || !*title || !day || roadmap_day(day, &d) < 0 || !clock
        || !place || !minutes) {
        return STATUS_E_INVALID;
    }
    long n = strtol(minutes, NULL, 10);
    if (n < 0 || n > STORE_TRAINING_MINUTES_MAX) {
        return STATUS_E_INVALID;
    }
    struct store_training with = *t;
    with.title = strdup(title);
    with.day = strdup(day);
    with.clock = strdup(clock);
    with.place = strdup(place);
    with.minutes = (int)n;
    if (!with.title || !with.day || !with.clock || !with.place) {
        store_training_clear(&with);
        return STATUS_E_NOMEM;
    }
    store_training_clear(t);
    *t = with;
    return STATUS_OK;
}

const char *
session_fields_why_not(struct visit *v, enum status st)
{
    if (st == STATUS_E_INVALID) {
        return visit_text(v, "Give the session a topic, a day that exists, "
                             "and at most 1440 minutes; a material wants a "
                             "title and a text.");
    }
    if (st == STATUS_E_CONFLICT) {
        return visit_text(v, "That cannot be done with this session now.");
    }
    return st == STATUS_E_LIMIT
               ? visit_text(v, "That is too much: at most 1000 sessions, 10 "
                               "materials each of 64 KiB.")
               : NULL;
}
