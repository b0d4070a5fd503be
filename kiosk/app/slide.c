#include "app/slide.h"

#define BOTTOM_MM (METRICS_TARGET_MM + 6.0)

/* 1, -1 or 0. Home is not come to: it is there. */
static int
direction(const struct slide *s, const struct kiosk *k, size_t page)
{
    if (k->place == KIOSK_ATTRACT) {
        return 0;
    }
    if (k->place != s->place) {
        return k->place > s->place ? 1 : -1;
    }
    return page == s->page ? 0 : page > s->page ? 1 : -1;
}

void
slide_begin(struct slide *s, const struct kiosk *k, int64_t now_ms)
{
    bool question = k->place == KIOSK_QUESTION && k->in_session;
    size_t page = question ? k->session.page : 0;
    bool dialog = k->dialog != KIOSK_NO_DIALOG;
    int way = direction(s, k, page);
    bool plain = !dialog && !s->dialog;
    s->direction = way != 0 && plain && kiosk_moves(k) ? way : 0;
    s->start_ms = now_ms;
    s->place = k->place;
    s->page = page;
    s->dialog = dialog;
}

int
slide_shift(struct slide *s, const struct kiosk *k, int64_t now_ms)
{
    int64_t gone = now_ms - s->start_ms;
    if (s->direction == 0 || gone >= SLIDE_MS || gone < 0) {
        s->direction = 0;
        return 0;
    }
    double left = 1.0 - (double)gone / SLIDE_MS;
    return (int)(s->direction * left * left * left * ui_mm(&k->ui, SLIDE_MM));
}

int64_t
slide_deadline(const struct slide *s, int64_t now_ms)
{
    return s->direction == 0 ? -1 : now_ms + SLIDE_FRAME_MS;
}

struct geom_rect
slide_area(const struct kiosk *k)
{
    const struct metrics *m = &k->ui.metrics;
    int top = metrics_mm(m, METRICS_TOP_MM);
    int bottom = m->height_px - metrics_mm(m, BOTTOM_MM);
    return (struct geom_rect){0, top, m->width_px, bottom - top};
}
