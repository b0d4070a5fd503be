#include "render/paint.h"

static void
paint_box(struct canvas *c, const struct draw_list_command *d,
          enum theme_id theme)
{
    struct canvas_box box = {
        .rect = d->rect,
        .radius_px = d->radius_px,
        .edge_px = d->edge == THEME_NONE ? 0 : d->edge_px,
        .has_fill = d->fill != THEME_NONE,
        .dashed = d->dashed,
        .fill = theme_rgb(theme, d->fill),
        .edge = theme_rgb(theme, d->edge),
    };
    canvas_box(c, &box);
}

/* ARGB over an opaque colour. */
static uint32_t
over(uint32_t image, uint32_t ground)
{
    uint32_t a = image >> 24;
    uint32_t out = 0;
    for (unsigned shift = 0; shift < 24; shift += 8) {
        uint32_t mixed = (image >> shift & 0xFFu) * a
                         + (ground >> shift & 0xFFu) * (255u - a);
        out |= (mixed + 127u) / 255u << shift;
    }
    return out;
}

/* A file that says it is a picture and cannot be decoded. */
static void
paint_no_image(struct canvas *c, struct geom_rect rect, enum theme_id theme)
{
    struct canvas_box box = {.rect = rect,
                             .radius_px = rect.h / 16,
                             .edge_px = 2,
                             .dashed = true,
                             .edge = theme_rgb(theme, THEME_LINE)};
    canvas_box(c, &box);
    int side = geom_min(rect.w, rect.h) / 3;
    struct geom_rect icon = {rect.x + (rect.w - side) / 2,
                             rect.y + (rect.h - side) / 2, side, side};
    canvas_icon(c, icon, DRAW_LIST_WARNING, 0, theme_rgb(theme, THEME_INK));
}

static void
paint_image(struct canvas *c, const struct paint_images *images,
            const struct draw_list_command *d, const char *name,
            enum theme_id theme)
{
    const struct paint_image *image =
        images ? images->find(images->self, name, d->rect.w, d->rect.h) : NULL;
    if (!image) {
        paint_no_image(c, d->rect, theme);
        return;
    }
    struct geom_rect at = {d->rect.x + (d->rect.w - image->width) / 2,
                           d->rect.y + (d->rect.h - image->height) / 2,
                           image->width, image->height};
    struct geom_rect seen = geom_meet(at, c->clip);
    for (int y = seen.y; y < geom_bottom(seen); y++) {
        for (int x = seen.x; x < geom_right(seen); x++) {
            uint32_t *to = &c->pixels[(long)y * c->stride + x];
            *to = over(
                image->pixels[(long)(y - at.y) * image->width + (x - at.x)],
                *to);
        }
    }
}

void
paint(struct canvas *c, struct fonts *fonts, const struct paint_images *images,
      const struct draw_list *list, enum theme_id theme)
{
    struct geom_rect all = {0, 0, c->width, c->height};
    c->clip = geom_meet(c->clip, all);
    for (size_t i = 0; i < list->count; i++) {
        struct draw_list_command moved = list->commands[i];
        const struct draw_list_command *d = &moved;
        moved.rect.x += moved.rect.w < c->width ? c->shift_px : 0;
        /* Letters may reach out of their line's box. */
        int slack = d->kind == DRAW_LIST_TEXT ? d->em_px / 3 + 1 : 0;
        if (geom_empty(geom_meet(geom_inset(d->rect, -slack), c->clip))) {
            continue;
        }
        switch (d->kind) {
        case DRAW_LIST_BOX:
            paint_box(c, d, theme);
            break;
        case DRAW_LIST_TEXT:
            fonts_draw(fonts, c, d, draw_list_string(list, d),
                       theme_rgb(theme, d->fill));
            break;
        case DRAW_LIST_ICON:
            canvas_icon(c, d->rect, d->icon, d->level,
                        theme_rgb(theme, d->fill));
            break;
        case DRAW_LIST_IMAGE:
            paint_image(c, images, d, draw_list_string(list, d), theme);
            break;
        }
    }
}
