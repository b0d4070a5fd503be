#include "collector/web/monitoring_days.h"

#include <stdio.h>

#include "base/day.h"

#define POINTS_MAX 40
#define YEARS_MAX 400

enum step {
    STEP_DAY,
    STEP_MONTH,
    STEP_YEAR,
    STEP_COUNT
};

/* The number of a day's step, counted from any fixed one. */
static int64_t
step_of(enum step step, double number)
{
    const struct day d = day_of((int64_t)number);
    if (step == STEP_DAY) {
        return (int64_t)number;
    }
    return step == STEP_YEAR ? d.year : (int64_t)d.year * 12 + d.month - 1;
}

/* "14.05.2027", "05.2027" or "2027": figures read the same in both
 * languages. */
static const char *
step_label(struct monitoring_source *src, enum step step, int64_t at)
{
    if (step == STEP_YEAR) {
        buf_printf(&src->scratch, "%d", (int)at);
    } else if (step == STEP_MONTH) {
        buf_printf(&src->scratch, "%02d.%d", (int)(at % 12) + 1,
                   (int)(at / 12));
    } else {
        const struct day d = day_of(at);
        buf_printf(&src->scratch, "%02d.%02d.%d", d.day, d.month, d.year);
    }
    return monitoring_item_text(src);
}

enum status
monitoring_days_item(struct monitoring_source *src,
                     const struct monitoring_counts *counts,
                     struct report_item *item)
{
    struct tally t;
    bool varied = false;
    enum status st = monitoring_item_varied(src, counts, item, &t, &varied);
    if (st < 0 || !varied) {
        return st;
    }
    enum step step = STEP_DAY;
    int64_t first = 0;
    int64_t last = 0;
    for (int i = STEP_DAY; i < STEP_COUNT; i++) {
        step = (enum step)i;
        first = step_of(step, t.value[0].value);
        last = step_of(step, t.value[t.count - 1].value);
        if (last - first < POINTS_MAX) {
            break;
        }
    }
    size_t points = (size_t)(last - first) + 1;
    if (points > YEARS_MAX) {
        item->text = i18n_text(src->lang, "The dates lie too far apart for a"
                                          " picture.");
        return STATUS_OK;
    }
    struct chart *c = monitoring_item_chart(src, CHART_KIND_LINE, item);
    struct chart_point *point = arena_array(src->arena, points, sizeof(*point));
    if (!c || !point) {
        return STATUS_E_LIMIT;
    }
    for (size_t i = 0; i < t.count; i++) {
        point[step_of(step, t.value[i].value) - first].value +=
            (double)t.value[i].count;
    }
    for (size_t i = 0; i < points; i++) {
        point[i].label = step_label(src, step, first + (int64_t)i);
        point[i].text = monitoring_item_number(src, point[i].value);
    }
    c->u.line = (struct chart_line){point, points};
    return STATUS_OK;
}
