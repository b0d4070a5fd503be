#include "sheet.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define GAP 4
#define ROWS_MAX 4096
#define GROUND 0x88

struct cell {
    unsigned char *packed; /* owned; RGB, by zlib */
    size_t len;
};

struct row {
    char name[SHEET_NAME_BYTES];
    int part;
    struct cell cells[SHEET_COLUMNS_MAX];
};

struct sheet {
    int width;
    int height;
    int label;
    struct row **rows; /* owned */
    size_t count;
    size_t last; /* row of the page that came last */
    int columns;
    unsigned char *rgb; /* one cell */
};

struct sheet *
sheet_new(int cell_width, int cell_height, int label_width)
{
    struct sheet *s = calloc(1, sizeof(*s));
    if (!s) {
        return NULL;
    }
    s->width = cell_width;
    s->height = cell_height;
    s->label = label_width;
    s->rows = calloc(ROWS_MAX, sizeof(struct row *));
    s->rgb = malloc((size_t)cell_width * (size_t)cell_height * 3);
    if (!s->rows || !s->rgb) {
        sheet_free(s);
        return NULL;
    }
    return s;
}

void
sheet_free(struct sheet *s)
{
    for (size_t i = 0; s && i < s->count; i++) {
        for (int c = 0; c < SHEET_COLUMNS_MAX; c++) {
            free(s->rows[i]->cells[c].packed);
        }
        free(s->rows[i]);
    }
    if (s) {
        free(s->rows);
        free(s->rgb);
    }
    free(s);
}

size_t
sheet_rows(const struct sheet *s)
{
    return s->count;
}

/* Row of a page; a new one stands behind the page that came before it. */
static struct row *
row_of(struct sheet *s, const char *name, int part)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->rows[i]->part == part && strcmp(s->rows[i]->name, name) == 0) {
            s->last = i;
            return s->rows[i];
        }
    }
    struct row *fresh = s->count < ROWS_MAX ? calloc(1, sizeof(*fresh)) : NULL;
    if (!fresh) {
        return NULL;
    }
    size_t at = s->count > 0 ? s->last + 1 : 0;
    memmove(s->rows + at + 1, s->rows + at,
            (s->count - at) * sizeof(struct row *));
    (void)snprintf(fresh->name, sizeof(fresh->name), "%s", name);
    fresh->part = part;
    s->rows[at] = fresh;
    s->count++;
    s->last = at;
    return fresh;
}

static void
to_rgb(const uint32_t *line, int width, unsigned char *out)
{
    for (int x = 0; x < width; x++) {
        out[3 * x] = (unsigned char)(line[x] >> 16);
        out[3 * x + 1] = (unsigned char)(line[x] >> 8);
        out[3 * x + 2] = (unsigned char)line[x];
    }
}

bool
sheet_put(struct sheet *s, int column, const char *name, int part,
          const uint32_t *pixels, int stride)
{
    struct row *row = row_of(s, name, part);
    if (!row || column < 0 || column >= SHEET_COLUMNS_MAX) {
        return false;
    }
    size_t line = (size_t)s->width * 3;
    size_t size = line * (size_t)s->height;
    for (int y = 0; y < s->height; y++) {
        to_rgb(pixels + (long)y * stride, s->width, s->rgb + (size_t)y * line);
    }
    uLongf len = compressBound(size);
    unsigned char *packed = malloc(len);
    if (!packed || compress2(packed, &len, s->rgb, size, 1) != Z_OK) {
        free(packed);
        return false;
    }
    struct cell *cell = &row->cells[column];
    free(cell->packed);
    unsigned char *cut = realloc(packed, len);
    cell->packed = cut ? cut : packed;
    cell->len = len;
    s->columns = column >= s->columns ? column + 1 : s->columns;
    return true;
}

/* --- PNG ------------------------------------------------------------------ */

struct out {
    FILE *file;
    png_structp png;
    png_infop info;
};

static bool
begin(struct out *o, const char *path, int width, int height)
{
    *o = (struct out){.file = fopen(path, "wbe")};
    o->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    o->info = o->png ? png_create_info_struct(o->png) : NULL;
    if (!o->file || !o->info || setjmp(png_jmpbuf(o->png))) {
        return false;
    }
    png_set_user_limits(o->png, 0x7fffffff, 0x7fffffff);
    png_init_io(o->png, o->file);
    png_set_compression_level(o->png, 3);
    png_set_IHDR(o->png, o->info, (png_uint_32)width, (png_uint_32)height, 8,
                 PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(o->png, o->info);
    return true;
}

static bool
put_line(struct out *o, const unsigned char *rgb)
{
    if (setjmp(png_jmpbuf(o->png))) {
        return false;
    }
    png_write_row(o->png, rgb);
    return true;
}

static bool
finish(struct out *o)
{
    if (setjmp(png_jmpbuf(o->png))) {
        return false;
    }
    png_write_end(o->png, NULL);
    return true;
}

static bool
end(struct out *o, bool good, const char *path)
{
    bool whole = good && finish(o);
    if (o->png) {
        png_destroy_write_struct(&o->png, &o->info);
    }
    if (o->file) {
        whole = fclose(o->file) == 0 && whole;
    }
    if (!whole) {
        (void)fprintf(stderr, "gallery: cannot write %s\n", path);
    }
    return whole;
}

bool
sheet_write_page(const char *path, const uint32_t *pixels, int width,
                 int height, int stride)
{
    struct out o;
    unsigned char *line = malloc((size_t)width * 3);
    bool good = begin(&o, path, width, height) && line;
    for (int y = 0; good && y < height; y++) {
        to_rgb(pixels + (long)y * stride, width, line);
        good = put_line(&o, line);
    }
    free(line);
    return end(&o, good, path);
}

/* One row of cells, `width` pixels wide, into `band`. */
static void
fill_band(const struct sheet *s, const struct row *row, unsigned char *band,
          size_t width)
{
    size_t line = (size_t)s->width * 3;
    for (int c = 0; c < s->columns; c++) {
        const struct cell *cell = &row->cells[c];
        uLongf len = line * (size_t)s->height;
        if (!cell->packed
            || uncompress(s->rgb, &len, cell->packed, cell->len) != Z_OK) {
            continue;
        }
        size_t left = (size_t)(s->label + c * (s->width + GAP)) * 3;
        for (int y = 0; y < s->height; y++) {
            memcpy(band + (size_t)y * width * 3 + left,
                   s->rgb + (size_t)y * line, line);
        }
    }
}

bool
sheet_write(const struct sheet *s, const char *path, sheet_label *label,
            void *self)
{
    struct out o;
    int width = s->label + s->columns * (s->width + GAP);
    int height = (int)s->count * (s->height + GAP);
    int high = s->height + GAP;
    size_t band_bytes = (size_t)width * 3 * (size_t)high;
    unsigned char *band = malloc(band_bytes);
    uint32_t *words =
        malloc((size_t)s->label * (size_t)s->height * sizeof(uint32_t));
    bool good = begin(&o, path, width, height) && band && words;
    for (size_t i = 0; good && i < s->count; i++) {
        const struct row *row = s->rows[i];
        memset(band, GROUND, band_bytes);
        memset(words, 0xff,
               (size_t)s->label * (size_t)s->height * sizeof(uint32_t));
        label(self, row->name, words, s->label);
        for (int y = 0; y < s->height; y++) {
            to_rgb(words + (size_t)y * (size_t)s->label, s->label,
                   band + (size_t)y * (size_t)width * 3);
        }
        fill_band(s, row, band, (size_t)width);
        for (int y = 0; good && y < high; y++) {
            good = put_line(&o, band + (size_t)y * (size_t)width * 3);
        }
    }
    free(words);
    free(band);
    return end(&o, good, path);
}
