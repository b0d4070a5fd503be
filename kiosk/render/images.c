#include "render/images.h"

#include <SDL_image.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* A picture drawn for paper is not blown up into mush. */
#define ENLARGED_MOST 2.0

struct kept {
    char *name; /* owned; NULL: free */
    int max_width;
    int max_height;
    struct paint_image image;
    uint32_t *pixels; /* owned; NULL: it cannot be shown */
};

struct images {
    images_read *read;
    void *self;
    struct paint_images ops;
    struct kept kept[IMAGES_KEPT];
    size_t next; /* to be replaced */
};

static void
kept_clear(struct kept *k)
{
    free(k->name);
    free(k->pixels);
    *k = (struct kept){0};
}

/* Mean of the source's pixels under one pixel of the smaller picture, weighed
 * by how much they cover. */
static uint32_t
mean(const SDL_Surface *s, const SDL_Rect *area)
{
    uint64_t sum[3] = {0};
    uint64_t alpha = 0;
    for (int y = area->y; y < area->y + area->h; y++) {
        const uint32_t *row =
            (const uint32_t *)s->pixels + (long)y * (s->pitch / 4);
        for (int x = area->x; x < area->x + area->w; x++) {
            uint32_t a = row[x] >> 24;
            alpha += a;
            for (unsigned c = 0; c < 3; c++) {
                sum[c] += (uint64_t)(row[x] >> (16 - 8 * c) & 0xFFu) * a;
            }
        }
    }
    uint64_t count = (uint64_t)area->w * (uint64_t)area->h;
    if (alpha == 0) {
        return 0;
    }
    return (uint32_t)(alpha / count) << 24 | (uint32_t)(sum[0] / alpha) << 16
           | (uint32_t)(sum[1] / alpha) << 8 | (uint32_t)(sum[2] / alpha);
}

static void
fit(const SDL_Surface *s, struct kept *k)
{
    double scale_x = (double)k->max_width / s->w;
    double scale_y = (double)k->max_height / s->h;
    double scale = scale_x < scale_y ? scale_x : scale_y;
    scale = scale > ENLARGED_MOST ? ENLARGED_MOST : scale;
    int width = (int)(s->w * scale) > 0 ? (int)(s->w * scale) : 1;
    int height = (int)(s->h * scale) > 0 ? (int)(s->h * scale) : 1;
    k->pixels = malloc((size_t)width * (size_t)height * sizeof(*k->pixels));
    if (!k->pixels) {
        log_warn("images", "no memory for %s", k->name);
        return;
    }
    for (int y = 0; y < height; y++) {
        SDL_Rect area = {.y = (int)((long)y * s->h / height)};
        area.h = (int)((long)(y + 1) * s->h / height) - area.y;
        area.h = area.h > 0 ? area.h : 1;
        for (int x = 0; x < width; x++) {
            area.x = (int)((long)x * s->w / width);
            area.w = (int)((long)(x + 1) * s->w / width) - area.x;
            area.w = area.w > 0 ? area.w : 1;
            k->pixels[(size_t)y * (size_t)width + (size_t)x] = mean(s, &area);
        }
    }
    k->image = (struct paint_image){k->pixels, width, height};
}

static void
decode(struct images *im, struct kept *k)
{
    struct buf file;
    SDL_Surface *plain = NULL;
    SDL_Surface *surface = NULL;
    buf_init(&file, IMAGES_FILE_MAX_BYTES);
    enum status st = im->read(im->self, k->name, &file);
    if (st >= 0 && file.len > 0 && file.len <= INT32_MAX) {
        plain = IMG_Load_RW(SDL_RWFromConstMem(file.data, (int)file.len), 1);
    }
    if (plain) {
        surface = SDL_ConvertSurfaceFormat(plain, SDL_PIXELFORMAT_ARGB8888, 0);
    }
    if (surface) {
        fit(surface, k);
    } else {
        log_warn("images", "%s cannot be shown", k->name);
    }
    SDL_FreeSurface(plain);
    SDL_FreeSurface(surface);
    buf_deinit(&file);
}

static const struct paint_image *
find(void *self, const char *name, int max_width, int max_height)
{
    struct images *im = self;
    for (size_t i = 0; i < IMAGES_KEPT; i++) {
        struct kept *k = &im->kept[i];
        if (k->name && k->max_width == max_width && k->max_height == max_height
            && strcmp(k->name, name) == 0) {
            return k->pixels ? &k->image : NULL;
        }
    }
    struct kept *k = &im->kept[im->next];
    im->next = (im->next + 1) % IMAGES_KEPT;
    kept_clear(k);
    k->name = strdup(name);
    if (!k->name || max_width < 1 || max_height < 1) {
        kept_clear(k);
        return NULL;
    }
    k->max_width = max_width;
    k->max_height = max_height;
    decode(im, k);
    return k->pixels ? &k->image : NULL;
}

enum status
images_open(images_read *read, void *self, struct images **out)
{
    *out = calloc(1, sizeof(**out));
    if (!*out) {
        return log_oom("images");
    }
    **out = (struct images){.read = read, .self = self};
    (*out)->ops = (struct paint_images){find, *out};
    return STATUS_OK;
}

void
images_forget(struct images *im)
{
    for (size_t i = 0; im && i < IMAGES_KEPT; i++) {
        kept_clear(&im->kept[i]);
    }
}

void
images_close(struct images *im)
{
    images_forget(im);
    free(im);
}

const struct paint_images *
images_ops(struct images *im)
{
    return im ? &im->ops : NULL;
}
