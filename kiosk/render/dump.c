#include "render/dump.h"

#include <math.h>

#include "base/utf8.h"

static long
tenths(const struct ui *ui, int px)
{
    return lround((double)px * 10.0 / ui->metrics.px_per_mm);
}

static void
dump_place(const struct ui *ui, struct geom_rect r, struct buf *out)
{
    buf_printf(out, " @%ld,%ld %ldx%ld", tenths(ui, r.x), tenths(ui, r.y),
               tenths(ui, r.w), tenths(ui, r.h));
}

static void
dump_frame(const struct ui *ui, bool places, struct buf *out)
{
    for (size_t i = 0; i < ui->list.count; i++) {
        const struct draw_list_command *c = &ui->list.commands[i];
        switch (c->kind) {
        case DRAW_LIST_BOX:
            continue;
        case DRAW_LIST_TEXT:
            buf_printf(out, "text \"%s\"", draw_list_string(&ui->list, c));
            break;
        case DRAW_LIST_ICON:
            buf_printf(out, "icon %s", draw_list_icon_name(c->icon));
            break;
        case DRAW_LIST_IMAGE:
            buf_printf(out, "image %s", draw_list_string(&ui->list, c));
            break;
        }
        if (places) {
            dump_place(ui, c->rect, out);
            buf_printf(out, " %s", theme_role_name(c->fill));
        }
        buf_putc(out, '\n');
    }
    for (size_t i = 0; i < ui->target_count; i++) {
        const struct ui_target *t = &ui->targets[i];
        buf_printf(out, "touch %s%s", t->id,
                   (t->flags & UI_SELECTED) ? " selected" : "");
        if (places) {
            dump_place(ui, t->rect, out);
        }
        buf_putc(out, '\n');
    }
}

void
dump(const struct ui *ui, struct buf *out)
{
    dump_frame(ui, true, out);
}

void
dump_words(const struct ui *ui, struct buf *out)
{
    dump_frame(ui, false, out);
}

static int
even_width(void *self, enum metrics_face face, int em_px, const char *text,
           size_t len)
{
    (void)self;
    double each = face == METRICS_REGULAR ? 0.55 : 0.59;
    return (int)lround((double)utf8_count(text, len) * each * em_px);
}

struct text_measure
dump_measure(void)
{
    return (struct text_measure){even_width, NULL};
}
