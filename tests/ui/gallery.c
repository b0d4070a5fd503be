#include <SDL.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "render/fonts.h"
#include "render/images.h"
#include "render/paint.h"
#include "sample_library.h"
#include "sheet.h"
#include "walk.h"

/*
 * gallery OUT_DIR SOURCE_DIR [PANEL]
 * gallery OUT_DIR SOURCE_DIR pages [PANEL [THEME [ru|en]]]
 *
 * Every page on four panels, as pictures: per panel one contact sheet whose
 * rows are pages and whose columns are themes, languages and text sizes. Of a
 * page of many parts the first PARTS_SHOWN stand there. With "pages", no sheet
 * but each page in its own size, normal and largest text, of the theme with that
 * number (the first is 0) and that language; with the name of a panel, that one
 * only. Needs no window.
 */
#define THUMB_AREA 10240 /* pixels of a cell, whatever the panel's shape */
#define PARTS_SHOWN 3
#define LABEL_WIDTH 150
#define LABEL_EM 13
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
    bool pages;
    int theme;           /* of these */
    enum i18n_lang lang; /* and this */
    const struct panel *panel;
    struct fonts *fonts;
    SDL_Surface *page;
    SDL_Surface *thumb;
    struct sheet *sheet;
    int column;
    int serial;
    int part; /* of pages with the same name */
    char last[SHEET_NAME_BYTES];
    bool good;
};

static void
keep_page(struct gallery *g, const char *name, const struct core *core)
{
    char path[PATH_BYTES];
    char safe[SHEET_NAME_BYTES];
    (void)snprintf(safe, sizeof(safe), "%s", name);
    for (char *at = safe; *at; at++) {
        *at = *at == ' ' ? '-' : *at;
    }
    (void)snprintf(path, sizeof(path), "%s/%s-%d-%03d-%s.png", g->out,
                   g->panel->name, (int)core->kiosk.ui.metrics.size, g->serial,
                   safe);
    g->good = sheet_write_page(path, g->page->pixels, g->page->w, g->page->h,
                               g->page->pitch / 4)
              && g->good;
}

static void
paint_page(void *self, const char *name, struct core *core)
{
    struct gallery *g = self;
    g->part = strcmp(g->last, name) == 0 ? g->part + 1 : 0;
    (void)snprintf(g->last, sizeof(g->last), "%s", name);
    g->serial++;
    if (g->part >= PARTS_SHOWN) {
        return;
    }
    struct canvas canvas = {.pixels = g->page->pixels,
                            .width = g->page->w,
                            .height = g->page->h,
                            .stride = g->page->pitch / 4,
                            .clip = {0, 0, g->page->w, g->page->h}};
    struct images *images = NULL;
    (void)!images_open(core_picture, core, &images);
    paint(&canvas, g->fonts, images_ops(images), core_list(core),
          core->kiosk.ui.theme);
    images_close(images);
    if (g->pages) {
        keep_page(g, name, core);
        return;
    }
    (void)SDL_SoftStretchLinear(g->page, NULL, g->thumb, NULL);
    g->good = sheet_put(g->sheet, g->column, name, g->part, g->thumb->pixels,
                        g->thumb->pitch / 4)
              && g->good;
}

/* The page's name, a word a line, at the left of its row. */
static void
paint_label(void *self, const char *name, uint32_t *pixels, int stride)
{
    struct gallery *g = self;
    struct canvas canvas = {.pixels = pixels,
                            .width = LABEL_WIDTH,
                            .height = g->thumb->h,
                            .stride = stride,
                            .clip = {0, 0, LABEL_WIDTH, g->thumb->h}};
    struct draw_list_command line = {
        .kind = DRAW_LIST_TEXT,
        .rect = {4, 0, LABEL_WIDTH - 8, LABEL_EM + 3},
        .face = METRICS_REGULAR,
        .em_px = LABEL_EM,
        .baseline_px = LABEL_EM};
    char words[SHEET_NAME_BYTES];
    char *rest = NULL;
    (void)snprintf(words, sizeof(words), "%s", name);
    for (char *word = strtok_r(words, " ", &rest); word;
         word = strtok_r(NULL, " ", &rest)) {
        fonts_draw(g->fonts, &canvas, &line, word, 0x000000);
        line.rect.y += LABEL_EM + 3;
    }
}

/* Whether pages of this setting are painted. */
static bool
wanted(const struct gallery *g, int theme, int lang, int size)
{
    return !g->pages
           || (theme == g->theme && lang == (int)g->lang
               && (size == METRICS_NORMAL || size == METRICS_HUGE));
}

static bool
walk_columns(struct gallery *g, struct source *source)
{
    const struct panel *p = g->panel;
    bool good = true;
    g->column = 0;
    for (int theme = 0; good && theme < THEME_COUNT; theme++) {
        for (int lang = 0; lang < I18N_LANG_COUNT; lang++) {
            for (int size = 0; size < METRICS_SIZE_COUNT; size++) {
                if (!wanted(g, theme, lang, size)) {
                    continue;
                }
                struct walk_settings settings = {
                    .panel = {p->width, p->height,
                              metrics_density(p->width, p->height, p->inches)},
                    .size = (enum metrics_size)size,
                    .theme = (enum theme_id)theme,
                    .lang = (enum i18n_lang)lang,
                    .measure = fonts_measure(g->fonts)};
                g->serial = 0;
                g->last[0] = '\0';
                good = walk(source, &settings, paint_page, g) && good;
                g->column++;
                fonts_forget(g->fonts);
            }
        }
    }
    return good;
}

static bool
make_sheet(struct gallery *g, struct source *source)
{
    const struct panel *p = g->panel;
    int width = (int)sqrt((double)THUMB_AREA * p->width / p->height);
    int height = THUMB_AREA / width;
    g->page = SDL_CreateRGBSurfaceWithFormat(0, p->width, p->height, 32,
                                             SDL_PIXELFORMAT_RGB888);
    g->thumb = SDL_CreateRGBSurfaceWithFormat(0, width, height, 32,
                                              SDL_PIXELFORMAT_RGB888);
    g->sheet = sheet_new(width, height, LABEL_WIDTH);
    g->good = g->page && g->thumb && g->sheet;
    bool good = g->good && walk_columns(g, source) && g->good;
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s.png", g->out, p->name);
    if (good && !g->pages) {
        good = sheet_write(g->sheet, path, paint_label, g);
        (void)printf("%s: %zu rows of %d pages\n", path, sheet_rows(g->sheet),
                     g->column);
    }
    sheet_free(g->sheet);
    SDL_FreeSurface(g->page);
    SDL_FreeSurface(g->thumb);
    return good;
}

int
main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fprintf(stderr, "usage: gallery OUT_DIR SOURCE_DIR [PANEL]\n"
                              "       gallery OUT_DIR SOURCE_DIR pages "
                              "[PANEL [THEME [ru|en]]]\n");
        return 2;
    }
    bool pages = argc > 3 && strcmp(argv[3], "pages") == 0;
    const char *only = argc > (pages ? 4 : 3) ? argv[pages ? 4 : 3] : "";
    struct gallery g = {.out = argv[1], .pages = pages, .lang = I18N_RU};
    if (pages && argc > 5) {
        g.theme = (int)strtol(argv[5], NULL, 10);
    }
    if (pages && argc > 6 && strcmp(argv[6], "en") == 0) {
        g.lang = I18N_EN;
    }
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
        if (only[0] == '\0' || strcmp(only, panels[i].name) == 0) {
            good = make_sheet(&g, source);
        }
    }
    fonts_close(g.fonts);
    source_close(source);
    harness_remove_tree(dir);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
