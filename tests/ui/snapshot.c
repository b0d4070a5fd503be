#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/source.h"
#include "app/voice.h"
#include "base/file.h"
#include "base/i18n.h"
#include "planned_desk.h"
#include "render/dump.h"
#include "render/fonts.h"
#include "render/images.h"
#include "render/paint.h"
#include "script.h"

/*
 * Snapshot: pictures of the pages that a touch script dumps.
 *
 *   snapshot DIR WIDTHxHEIGHT INCHES LANG SCRIPT OUT_DIR
 *
 * Drives the kiosk's own core, without a window, with the library of the
 * installation DIR, and with what its desk tells the staff; each "dump NAME"
 * becomes OUT_DIR/NN-NAME.bmp, and its words OUT_DIR/NN-NAME.txt.
 */
#define SCRIPT_MAX_BYTES ((size_t)256 * 1024)
#define WORDS_MAX_BYTES ((size_t)1024 * 1024)
#define PATH_BYTES 1024

struct snapshot {
    const char *out;
    struct fonts *fonts;
    struct images *images;
    SDL_Surface *page;
    int count;
};

static void
keep_words(const struct kiosk *k, const char *path)
{
    struct buf words;
    buf_init(&words, WORDS_MAX_BYTES);
    dump_words(&k->ui, &words);
    if (buf_status(&words) < 0
        || file_replace(path, words.data, words.len, 0644) < 0) {
        (void)fprintf(stderr, "snapshot: %s cannot be written\n", path);
    }
    buf_deinit(&words);
}

static void
take(void *self, const char *name, struct core *core)
{
    struct snapshot *s = self;
    char path[PATH_BYTES];
    char safe[128];
    struct canvas canvas = {.pixels = s->page->pixels,
                            .width = s->page->w,
                            .height = s->page->h,
                            .stride = s->page->pitch / 4,
                            .clip = {0, 0, s->page->w, s->page->h}};
    paint(&canvas, s->fonts, images_ops(s->images), core_list(core),
          core->kiosk.ui.theme);
    (void)snprintf(safe, sizeof(safe), "%s", name);
    for (char *at = safe; *at; at++) {
        if (*at == ' ' || *at == '/') {
            *at = '-';
        }
    }
    s->count++;
    (void)snprintf(path, sizeof(path), "%s/%02d-%s.bmp", s->out, s->count,
                   safe);
    if (SDL_SaveBMP(s->page, path) != 0) {
        (void)fprintf(stderr, "snapshot: %s: %s\n", path, SDL_GetError());
    }
    (void)snprintf(path, sizeof(path), "%s/%02d-%s.txt", s->out, s->count,
                   safe);
    keep_words(&core->kiosk, path);
}

static bool
read_panel(const char *size, const char *inches, struct core_panel *out)
{
    char *end = NULL;
    out->width_px = (int)strtol(size, &end, 10);
    if (*end != 'x') {
        return false;
    }
    out->height_px = (int)strtol(end + 1, &end, 10);
    double diagonal = strtod(inches, NULL);
    if (*end != '\0' || out->width_px < 320 || out->height_px < 240
        || diagonal < 3.0) {
        return false;
    }
    out->px_per_mm = metrics_density(out->width_px, out->height_px, diagonal);
    return true;
}

static void
voice_ended(void *self)
{
    (void)self;
}

static bool
run(struct snapshot *s, const struct core_panel *panel, char **argv)
{
    struct source *source = NULL;
    struct voice *voice = NULL;
    struct planned_desk desk = {0};
    struct harness_clock clock;
    struct buf text;
    struct buf dumped;
    bool done = false;
    buf_init(&text, SCRIPT_MAX_BYTES);
    buf_init(&dumped, SCRIPT_MAX_BYTES * 16);
    harness_clock_init(&clock, clock_wall_ms(clock_system()));
    struct core *core = calloc(1, sizeof(*core));
    if (core && images_open(core_picture, core, &s->images) >= 0
        && source_open(argv[1], &source) >= 0
        && planned_desk_open(&desk, argv[1], source, &clock.clock) >= 0
        && file_read(argv[5], &text) >= 0) {
        struct kiosk_source ops = *source_ops(source);
        enum status send_result = STATUS_OK;
        ops.send = script_pretend_to_send;
        struct text_measure measure = fonts_measure(s->fonts);
        core_init(core, &ops, &clock.clock, &measure,
                  i18n_lang_from_tag(argv[4]));
        (void)!voice_open(voice_ended, NULL, &voice);
        core->kiosk.voice = voice_ops(voice);
        core_staff(core, &desk.sample.ops);
        core_panel(core, panel);
        struct script script = {.core = core,
                                .clock = &clock,
                                .dump = &dumped,
                                .send_result = &send_result,
                                .see = take,
                                .see_self = s,
                                .desk = &desk.sample};
        done = script_run(&script, argv[5], text.data);
        core_deinit(core);
        voice_close(voice);
    }
    planned_desk_close(&desk);
    images_close(s->images);
    source_close(source);
    free(core);
    buf_deinit(&text);
    buf_deinit(&dumped);
    return done;
}

int
main(int argc, char **argv)
{
    struct core_panel panel;
    struct snapshot s = {0};
    if (argc != 7 || !read_panel(argv[2], argv[3], &panel)) {
        (void)fprintf(stderr, "usage: snapshot DIR WIDTHxHEIGHT INCHES LANG "
                              "SCRIPT OUT_DIR\n");
        return 2;
    }
    s.out = argv[6];
    (void)!i18n_init_beside_program();
    s.page = SDL_CreateRGBSurfaceWithFormat(0, panel.width_px, panel.height_px,
                                            32, SDL_PIXELFORMAT_RGB888);
    bool done = s.page && file_make_dirs(s.out) >= 0
                && fonts_open(NULL, &s.fonts) >= 0 && run(&s, &panel, argv);
    fonts_close(s.fonts);
    SDL_FreeSurface(s.page);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
