#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "render/fonts.h"
#include "render/paint.h"
#include "sample_library.h"
#include "walk.h"

/*
 * gallery OUT_DIR SOURCE_DIR [full]
 *
 * Every page on four panels, as pictures: per panel one contact sheet whose
 * rows are pages and whose columns are text sizes, languages and themes; with
 * "full", each page in its own size as well. Needs no window.
 */
#define COLUMNS 32
#define THUMB_WIDTH 128
#define ROWS_MAX 220
#define PATH_BYTES 4096

struct panel {
    const char *name;
    int width;
    int height;
    double inches;
};

static const struct panel panels[] = {
    {"7in-800x480", 800, 480, 7.0},
    {"10in-1280x800", 1280, 800, 10.1},
    {"15in-1920x1080", 1920, 1080, 15.6},
    {"10in-800x1280", 800, 1280, 10.1},
};

struct gallery {
    const char *out;
    bool full;
    const struct panel *panel;
    struct fonts *fonts;
    SDL_Surface *page;
    SDL_Surface *sheet;
    int thumb_height;
    int column;
    int row;
};

static void
paint_page(void *self, const char *name, struct core *core)
{
    struct gallery *g = self;
    struct canvas canvas = {.pixels = g->page->pixels,
                            .width = g->page->w,
                            .height = g->page->h,
                            .stride = g->page->pitch / 4,
                            .clip = {0, 0, g->page->w, g->page->h}};
    paint(&canvas, g->fonts, NULL, core_list(core), core->kiosk.ui.theme);
    if (g->row < ROWS_MAX) {
        SDL_Rect at = {g->column * (THUMB_WIDTH + 4),
                       g->row * (g->thumb_height + 4), THUMB_WIDTH,
                       g->thumb_height};
        (void)SDL_SoftStretchLinear(g->page, NULL, g->sheet, &at);
    }
    bool one = core->kiosk.ui.theme == THEME_WARM
               && (core->kiosk.ui.metrics.size == METRICS_NORMAL
                   || core->kiosk.ui.metrics.size == METRICS_HUGE)
               && core->kiosk.lang == I18N_RU;
    if (g->full && one) {
        char path[PATH_BYTES];
        char safe[200];
        (void)snprintf(safe, sizeof(safe), "%s", name);
        for (char *at = safe; *at; at++) {
            *at = *at == ' ' ? '-' : *at;
        }
        (void)snprintf(path, sizeof(path), "%s/%s-%d-%03d-%s.bmp", g->out,
                       g->panel->name, (int)core->kiosk.ui.metrics.size, g->row,
                       safe);
        (void)SDL_SaveBMP(g->page, path);
    }
    g->row++;
}

static bool
make_sheet(struct gallery *g, struct source *source)
{
    const struct panel *p = g->panel;
    g->thumb_height = THUMB_WIDTH * p->height / p->width;
    g->page = SDL_CreateRGBSurfaceWithFormat(0, p->width, p->height, 32,
                                             SDL_PIXELFORMAT_RGB888);
    g->sheet = SDL_CreateRGBSurfaceWithFormat(0, COLUMNS * (THUMB_WIDTH + 4),
                                              ROWS_MAX * (g->thumb_height + 4),
                                              32, SDL_PIXELFORMAT_RGB888);
    if (!g->page || !g->sheet) {
        (void)fprintf(stderr, "gallery: %s\n", SDL_GetError());
        SDL_FreeSurface(g->page);
        SDL_FreeSurface(g->sheet);
        return false;
    }
    bool good = true;
    int rows = 0;
    g->column = 0;
    for (int theme = 0; good && theme < THEME_COUNT; theme++) {
        for (int lang = 0; lang < I18N_LANG_COUNT; lang++) {
            for (int size = 0; size < METRICS_SIZE_COUNT; size++) {
                struct walk_settings settings = {
                    .panel = {p->width, p->height,
                              metrics_density(p->width, p->height, p->inches)},
                    .size = (enum metrics_size)size,
                    .theme = (enum theme_id)theme,
                    .lang = (enum i18n_lang)lang,
                    .measure = fonts_measure(g->fonts)};
                g->row = 0;
                good = walk(source, &settings, paint_page, g) && good;
                rows = g->row > rows ? g->row : rows;
                g->column++;
                fonts_forget(g->fonts);
            }
        }
    }
    rows = rows < ROWS_MAX ? rows : ROWS_MAX;
    SDL_Surface *cut = SDL_CreateRGBSurfaceWithFormatFrom(
        g->sheet->pixels, g->sheet->w, rows * (g->thumb_height + 4), 32,
        g->sheet->pitch, SDL_PIXELFORMAT_RGB888);
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s.bmp", g->out, p->name);
    good = cut && SDL_SaveBMP(cut, path) == 0 && good;
    (void)printf("%s: %d pages\n", path, rows);
    SDL_FreeSurface(cut);
    SDL_FreeSurface(g->page);
    SDL_FreeSurface(g->sheet);
    return good;
}

int
main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fprintf(stderr, "usage: gallery OUT_DIR SOURCE_DIR [full]\n");
        return 2;
    }
    struct gallery g = {.out = argv[1], .full = argc > 3};
    const char *files[WALK_FORMS];
    char paths[WALK_FORMS][PATH_BYTES];
    char dir[PATH_BYTES];
    struct source *source = NULL;
    for (size_t i = 0; i < WALK_FORMS; i++) {
        (void)snprintf(paths[i], sizeof(paths[i]), "%s/%s", argv[2],
                       walk_forms[i]);
        files[i] = paths[i];
    }
    log_set_level(LOG_WARN);
    harness_temp_dir(dir);
    bool good = file_make_dirs(argv[1]) >= 0 && i18n_init_beside_program() >= 0
                && sample_library_write(dir, files, WALK_FORMS, NULL) >= 0
                && source_open(dir, &source) >= 0
                && fonts_open(NULL, &g.fonts) >= 0;
    for (size_t i = 0; good && i < sizeof(panels) / sizeof(panels[0]); i++) {
        g.panel = &panels[i];
        good = make_sheet(&g, source);
    }
    fonts_close(g.fonts);
    source_close(source);
    harness_remove_tree(dir);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
