#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "screens/control.h"

/*
 * Date and time: a column with a step up and a step down for day, month, year,
 * hour and minute. Untouched it shows dashes; the first touch begins today.
 */
#define PARTS_MAX 5

enum date_part {
    PART_DAY,
    PART_MONTH,
    PART_YEAR,
    PART_HOUR,
    PART_MINUTE,
};

enum date_row {
    ROW_UP = FLOW_CONTROL,
    ROW_VALUE,
    ROW_DOWN,
    ROW_CLEAR,
};

#define ARG_CLEAR 100

struct moment {
    int value[PARTS_MAX];
};

static const char *const months[12] = {
    N_("January"),   N_("February"), N_("March"),    N_("April"),
    N_("May"),       N_("June"),     N_("July"),     N_("August"),
    N_("September"), N_("October"),  N_("November"), N_("December"),
};

static bool
has_date(const struct control *c)
{
    return c->q.type != FORM_TYPE_TIME;
}

static bool
has_time(const struct control *c)
{
    return c->q.type != FORM_TYPE_DATE;
}

static int
days_in(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30,
                                 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Civil date of a day number (days since 1970-01-01): H. Hinnant,
 * "chrono-compatible low-level date algorithms". */
static void
civil(int64_t days, struct moment *m)
{
    int64_t z = days + 719468;
    int64_t era = z / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    m->value[PART_DAY] = (int)(doy - (153 * mp + 2) / 5 + 1);
    m->value[PART_MONTH] = (int)(mp < 10 ? mp + 3 : mp - 9);
    m->value[PART_YEAR] =
        (int)(yoe + era * 400 + (m->value[PART_MONTH] <= 2 ? 1 : 0));
}

static int
digits(const char *text, size_t from, size_t count)
{
    char part[8] = {0};
    if (strlen(text) < from + count || count >= sizeof(part)) {
        return 0;
    }
    memcpy(part, text + from, count);
    return (int)strtol(part, NULL, 10);
}

static struct moment
read_moment(const struct control *c)
{
    struct moment m = {{1, 1, 2000, 12, 0}};
    const char *v = c->q.value;
    if (!v[0]) {
        civil(clock_wall_ms(c->k->clock) / 86400000, &m);
        return m;
    }
    if (has_date(c)) {
        m.value[PART_YEAR] = digits(v, 0, 4);
        m.value[PART_MONTH] = digits(v, 5, 2);
        m.value[PART_DAY] = digits(v, 8, 2);
    }
    if (has_time(c)) {
        size_t at = has_date(c) ? 11 : 0;
        m.value[PART_HOUR] = digits(v, at, 2);
        m.value[PART_MINUTE] = digits(v, at + 3, 2);
    }
    return m;
}

static void
write_moment(const struct control *c, const struct moment *m)
{
    char date[16];
    char hours[16];
    char text[40];
    (void)snprintf(date, sizeof(date), "%04u-%02u-%02u",
                   (unsigned)m->value[PART_YEAR] % 10000u,
                   (unsigned)m->value[PART_MONTH] % 100u,
                   (unsigned)m->value[PART_DAY] % 100u);
    (void)snprintf(hours, sizeof(hours), "%02u:%02u:00",
                   (unsigned)m->value[PART_HOUR] % 100u,
                   (unsigned)m->value[PART_MINUTE] % 100u);
    (void)snprintf(text, sizeof(text), "%s%s%s", has_date(c) ? date : "",
                   has_date(c) && has_time(c) ? "T" : "",
                   has_time(c) ? hours : "");
    control_set(c, text);
}

void
control_date_words(const struct control *c, char *out, size_t size)
{
    struct moment m = read_moment(c);
    const int *v = m.value;
    bool dated = has_date(c) && v[PART_MONTH] >= 1 && v[PART_MONTH] <= 12;
    char date[96] = "";
    char hours[32] = "";
    if (c->q.type != FORM_TYPE_DATE && c->q.type != FORM_TYPE_TIME
        && c->q.type != FORM_TYPE_DATETIME) {
        (void)snprintf(out, size, "%s", c->q.value);
        return;
    }
    if (dated) {
        (void)snprintf(date, sizeof(date), "%d %s %d", v[PART_DAY],
                       kiosk_text(c->k, months[v[PART_MONTH] - 1]),
                       v[PART_YEAR]);
    }
    if (has_time(c)) {
        (void)snprintf(hours, sizeof(hours), "%s%d:%02d", dated ? ", " : "",
                       v[PART_HOUR], v[PART_MINUTE]);
    }
    (void)snprintf(out, size, "%s%s", date, hours);
}

static int
first_part(const struct control *c)
{
    return has_date(c) ? PART_DAY : PART_HOUR;
}

static int
last_part(const struct control *c)
{
    return has_time(c) ? PART_MINUTE : PART_YEAR;
}

static void
rows(const struct control *c, struct flow *flow)
{
    struct ui *ui = &c->k->ui;
    int target = ui_mm(ui, METRICS_TARGET_MM);
    int gap = ui_mm(ui, METRICS_GAP_MM);
    /* Plus, value and minus belong together: on a low panel the value gives
     * way, down to a line. */
    int line = metrics_type(&ui->metrics, METRICS_BODY_STRONG).line_px;
    int value = geom_min(target, c->room_px - 2 * target - 2 * gap);
    int inner = value >= line ? gap : 0;
    value = geom_max(value, line);
    for (int kind = ROW_UP; kind <= ROW_CLEAR; kind++) {
        if (kind == ROW_CLEAR && !c->q.value[0]) {
            break;
        }
        bool step = kind == ROW_VALUE || kind == ROW_DOWN;
        flow_add(flow, &(struct flow_row){
                           .height_px = kind == ROW_VALUE ? value : target,
                           .gap_px = step ? inner : gap,
                           .glue = kind < ROW_DOWN,
                           .entry = c->entry,
                           .kind = kind});
    }
}

static void
part_text(const struct control *c, int part, const struct moment *m, char *out,
          size_t size)
{
    if (!c->q.value[0]) {
        (void)snprintf(out, size, "—");
    } else if (part == PART_MONTH && m->value[part] >= 1
               && m->value[part] <= 12) {
        (void)snprintf(out, size, "%s",
                       kiosk_text(c->k, months[m->value[part] - 1]));
    } else {
        (void)snprintf(out, size, part == PART_MINUTE ? "%02d" : "%d",
                       m->value[part]);
    }
}

/* "day 23: greater": the buttons show signs only. */
static void
say_step(const struct control *c, int part, bool up)
{
    static const char *const parts[PARTS_MAX] = {
        N_("day"), N_("month"), N_("year"), N_("hour"), N_("minute")};
    char value[64] = "";
    char said[256];
    struct moment m = read_moment(c);
    if (c->q.value[0]) {
        part_text(c, part, &m, value, sizeof(value));
    }
    (void)snprintf(said, sizeof(said), "%s%s%s: %s",
                   kiosk_text(c->k, parts[part]), value[0] ? " " : "", value,
                   up ? kiosk_text(c->k, "greater") : kiosk_text(c->k, "less"));
    ui_said(&c->k->ui, said);
}

static void
draw_part(const struct control *c, const struct flow_row *row, int part,
          struct geom_rect at)
{
    struct ui *ui = &c->k->ui;
    char text[64];
    char name[UI_ID_MAX_BYTES];
    if (row->kind == ROW_VALUE) {
        struct moment m = read_moment(c);
        part_text(c, part, &m, text, sizeof(text));
        enum metrics_role role = part == PART_MONTH && c->q.value[0]
                                     ? METRICS_BODY_STRONG
                                     : METRICS_FIGURE;
        if (widgets_width(ui, role, text) > at.w) {
            role = METRICS_LABEL;
        }
        if (widgets_width(ui, role, text) > at.w) {
            (void)snprintf(text, sizeof(text), "%02d", m.value[part]);
        }
        widgets_line(ui,
                     &(struct widgets_text){.role = role,
                                            .colour = THEME_INK,
                                            .align = WIDGETS_CENTRE},
                     text, at);
        return;
    }
    bool up = row->kind == ROW_UP;
    (void)snprintf(text, sizeof(text), "%d%s", part, up ? "+" : "-");
    control_name(c, text, name, sizeof(name));
    struct widgets_button b = {.icon = up ? DRAW_LIST_PLUS : DRAW_LIST_MINUS,
                               .has_icon = true,
                               .look = WIDGETS_CARD,
                               .role = METRICS_BUTTON,
                               .action =
                                   control_action(c, part * 2 + (up ? 1 : 0)),
                               .flags = UI_REPEAT,
                               .id_kind = "step",
                               .id_name = name};
    widgets_button(ui, &b, at);
    say_step(c, part, up);
}

static void
draw(const struct control *c, const struct flow_row *row, struct geom_rect rect)
{
    struct ui *ui = &c->k->ui;
    if (row->kind == ROW_CLEAR) {
        struct widgets_button b = {.label = kiosk_text(c->k, "Clear"),
                                   .look = WIDGETS_OUTLINED,
                                   .role = METRICS_BUTTON,
                                   .action = control_action(c, ARG_CLEAR),
                                   .id_kind = "clear",
                                   .id_name = c->q.name};
        rect.w = geom_min(rect.w, widgets_button_width(ui, &b));
        widgets_button(ui, &b, rect);
        return;
    }
    int gap = ui_mm(ui, METRICS_GAP_MM);
    int first = first_part(c);
    int count = last_part(c) - first + 1;
    int room = rect.w - gap * (count - 1);
    for (int i = 0; i < count; i++) {
        int from = room * i / count;
        int to = room * (i + 1) / count;
        draw_part(c, row, first + i,
                  (struct geom_rect){rect.x + from + i * gap, rect.y, to - from,
                                     rect.h});
    }
}

static int
wrapped(int value, int low, int high)
{
    int span = high - low + 1;
    return low + ((value - low) % span + span) % span;
}

static void
act(const struct control *c, const struct ui_event *event)
{
    if (event->kind != UI_ACTIVATE) {
        return;
    }
    if (event->action.arg == ARG_CLEAR) {
        control_set(c, "");
        return;
    }
    struct moment m = read_moment(c);
    int part = event->action.arg / 2;
    if (part < 0 || part >= PARTS_MAX) {
        return;
    }
    /* The first touch only shows where the steps begin. */
    if (c->q.value[0]) {
        m.value[part] += event->action.arg % 2 ? 1 : -1;
    }
    m.value[PART_YEAR] = wrapped(m.value[PART_YEAR], 1900, 2199);
    m.value[PART_MONTH] = wrapped(m.value[PART_MONTH], 1, 12);
    int days = days_in(m.value[PART_YEAR], m.value[PART_MONTH]);
    m.value[PART_DAY] = part == PART_DAY ? wrapped(m.value[PART_DAY], 1, days)
                                         : geom_min(m.value[PART_DAY], days);
    m.value[PART_HOUR] = wrapped(m.value[PART_HOUR], 0, 23);
    m.value[PART_MINUTE] = wrapped(m.value[PART_MINUTE], 0, 59);
    write_moment(c, &m);
}

const struct control_ops control_date_ops = {"date", rows, draw, act};
