#include "app/window.h"

#include <SDL.h>
#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/display.h"
#include "app/finger.h"
#include "app/slide.h"
#include "base/log.h"
#include "render/images.h"
#include "render/paint.h"

#define DEFAULT_INCHES 10.1
#define DPI_LEAST 60.0F
#define DPI_MOST 450.0F
/* What drivers report when they do not know. */
#define DPI_UNKNOWN 96.0F

struct window {
    SDL_Window *sdl;     /* owned */
    SDL_Surface *shadow; /* owned; only where the surface is not 32-bit */
    Uint32 library_event;
    Uint32 voice_event;
    double px_per_mm;
    double inches;
    struct finger finger; /* the one that counts */
    bool closed;          /* by a window manager */
    bool mouse_down;
    struct images *images;  /* owned; while it runs */
    struct draw_list shown; /* the frame on the screen */
    enum theme_id theme;
    bool stale; /* the whole window has to be painted */
    struct slide slide;
};

static void
find_density(struct window *w, const struct window_options *options)
{
    int width = 0;
    int height = 0;
    SDL_GetWindowSize(w->sdl, &width, &height);
    float dpi = 0.0F;
    int display = SDL_GetWindowDisplayIndex(w->sdl);
    bool full = options->width_px == 0;
    bool known = full && display >= 0
                 && SDL_GetDisplayDPI(display, &dpi, NULL, NULL) == 0
                 && dpi > DPI_LEAST && dpi < DPI_MOST
                 && fabsf(dpi - DPI_UNKNOWN) > 0.5F;
    if (options->panel_inches > 0.0) {
        w->px_per_mm = metrics_density(width, height, options->panel_inches);
    } else if (known) {
        w->px_per_mm = (double)dpi / 25.4;
    } else {
        w->px_per_mm = metrics_density(width, height, DEFAULT_INCHES);
    }
}

enum status
window_open(const struct window_options *options, struct window **out)
{
    *out = NULL;
    struct window *w = calloc(1, sizeof(*w));
    if (!w) {
        return log_oom("window");
    }
    draw_list_init(&w->shown);
    w->inches = options->panel_inches;
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_APP_NAME, "Anketa");
    if (display_open(options->lang) < 0) {
        window_close(w);
        return STATUS_E_IO;
    }
    /* X11 shows our pixels as they are; the others need a renderer for it. */
    if (strcmp(SDL_GetCurrentVideoDriver(), "x11") == 0) {
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    }
    bool full = options->width_px == 0;
    Uint32 flags =
        full ? SDL_WINDOW_FULLSCREEN_DESKTOP | SDL_WINDOW_BORDERLESS : 0u;
    w->sdl = SDL_CreateWindow("Anketa", SDL_WINDOWPOS_CENTERED,
                              SDL_WINDOWPOS_CENTERED,
                              full ? 1280 : options->width_px,
                              full ? 800 : options->height_px, flags);
    w->library_event = SDL_RegisterEvents(2);
    w->voice_event = w->library_event + 1;
    if (!w->sdl || w->library_event == (Uint32)-1) {
        log_error("window", "cannot open a window: %s", SDL_GetError());
        window_close(w);
        return STATUS_E_IO;
    }
    if (full) {
        (void)SDL_ShowCursor(SDL_DISABLE);
    }
    find_density(w, options);
    if (display_watch() < 0) {
        window_close(w);
        return STATUS_E_IO;
    }
    w->stale = true;
    *out = w;
    return STATUS_OK;
}

void
window_close(struct window *w)
{
    if (!w) {
        return;
    }
    draw_list_wipe(&w->shown);
    draw_list_deinit(&w->shown);
    images_close(w->images);
    SDL_FreeSurface(w->shadow);
    if (w->sdl) {
        SDL_DestroyWindow(w->sdl);
    }
    display_unwatch();
    SDL_Quit();
    free(w);
}

void
window_panel(const struct window *w, struct core_panel *out)
{
    SDL_GetWindowSize(w->sdl, &out->width_px, &out->height_px);
    out->px_per_mm = w->px_per_mm;
}

void
window_library_changed(struct window *w)
{
    SDL_Event event = {.type = w->library_event};
    (void)SDL_PushEvent(&event);
}

void
window_voice_ended(struct window *w)
{
    SDL_Event event = {.type = w->voice_event};
    (void)SDL_PushEvent(&event);
}

/* Pixels to paint on: the window's own, or a shadow in our format. */
static SDL_Surface *
ground(struct window *w, SDL_Surface *surface)
{
    if (surface->format->format == SDL_PIXELFORMAT_RGB888
        || surface->format->format == SDL_PIXELFORMAT_ARGB8888) {
        return surface;
    }
    if (w->shadow
        && (w->shadow->w != surface->w || w->shadow->h != surface->h)) {
        SDL_FreeSurface(w->shadow);
        w->shadow = NULL;
    }
    if (!w->shadow) {
        w->shadow = SDL_CreateRGBSurfaceWithFormat(0, surface->w, surface->h,
                                                   32, SDL_PIXELFORMAT_RGB888);
        w->stale = true;
    }
    return w->shadow;
}

/* The two lists change places: what is shown is kept for the next damage. */
static void
keep_shown(struct window *w, struct core *core)
{
    struct draw_list now = core->kiosk.ui.list;
    core->kiosk.ui.list = w->shown;
    w->shown = now;
}

/* Brings what was painted onto the screen. */
static bool
put_up(struct window *w, SDL_Surface *target, SDL_Surface *surface,
       struct geom_rect damage)
{
    SDL_Rect rect = {damage.x, damage.y, damage.w, damage.h};
    if (target != surface) {
        (void)SDL_BlitSurface(target, &rect, surface, &rect);
    }
    if (SDL_UpdateWindowSurfaceRects(w->sdl, &rect, 1) != 0) {
        log_warn("window", "cannot show: %s", SDL_GetError());
        w->stale = true;
        return false;
    }
    return true;
}

/* The frame; a page that slides stands a little aside between its lines. */
static void
paint_page(struct window *w, const struct core *core, struct canvas *canvas,
           const struct draw_list *list, struct fonts *fonts)
{
    const struct kiosk *k = &core->kiosk;
    int shift = slide_shift(&w->slide, k, clock_mono_ms(core->clock));
    struct geom_rect damage = canvas->clip;
    struct geom_rect between = slide_area(k);
    if (shift == 0) {
        paint(canvas, fonts, images_ops(w->images), list, k->ui.theme);
        return;
    }
    canvas->clip =
        geom_meet(damage, (struct geom_rect){0, 0, canvas->width, between.y});
    paint(canvas, fonts, images_ops(w->images), list, k->ui.theme);
    canvas->clip = geom_meet(
        damage, (struct geom_rect){0, geom_bottom(between), canvas->width,
                                   canvas->height - geom_bottom(between)});
    paint(canvas, fonts, images_ops(w->images), list, k->ui.theme);
    canvas->clip = geom_meet(damage, between);
    canvas->shift_px = shift;
    paint(canvas, fonts, images_ops(w->images), list, k->ui.theme);
}

/* The next step of a page that slides. */
static void
show_step(struct window *w, const struct core *core, struct fonts *fonts)
{
    SDL_Surface *surface = SDL_GetWindowSurface(w->sdl);
    SDL_Surface *target = surface ? ground(w, surface) : NULL;
    if (!target || w->stale) {
        return;
    }
    struct geom_rect all = {0, 0, target->w, target->h};
    struct canvas canvas = {.pixels = target->pixels,
                            .width = target->w,
                            .height = target->h,
                            .stride = target->pitch / 4,
                            .clip = geom_meet(slide_area(&core->kiosk), all)};
    struct geom_rect damage = canvas.clip;
    paint_page(w, core, &canvas, &w->shown, fonts);
    (void)put_up(w, target, surface, damage);
}

static void
show(struct window *w, struct core *core, struct fonts *fonts)
{
    SDL_Surface *surface = SDL_GetWindowSurface(w->sdl);
    if (!surface) {
        /* The display is gone for the moment; the next event tries again. */
        log_warn("window", "no surface: %s", SDL_GetError());
        w->stale = true;
        return;
    }
    SDL_Surface *target = ground(w, surface);
    if (!target) {
        return;
    }
    const struct draw_list *list = core_list(core);
    enum theme_id theme = core->kiosk.ui.theme;
    struct geom_rect all = {0, 0, target->w, target->h};
    struct geom_rect damage = all;
    if (!w->stale && theme == w->theme) {
        damage = geom_meet(draw_list_damage(&w->shown, list), all);
    }
    bool aside = w->slide.direction != 0;
    slide_begin(&w->slide, &core->kiosk, clock_mono_ms(core->clock));
    if (aside || w->slide.direction != 0) {
        damage = all;
    }
    if (!geom_empty(damage)) {
        struct canvas canvas = {.pixels = target->pixels,
                                .width = target->w,
                                .height = target->h,
                                .stride = target->pitch / 4,
                                .clip = damage};
        paint_page(w, core, &canvas, list, fonts);
        if (!put_up(w, target, surface, damage)) {
            return;
        }
    }
    w->stale = false;
    w->theme = theme;
    keep_shown(w, core);
}

static enum ui_key
key_of(const SDL_KeyboardEvent *key)
{
    bool shift = (key->keysym.mod & KMOD_SHIFT) != 0;
    switch (key->keysym.sym) {
    case SDLK_TAB:
        return shift ? UI_KEY_BACK_TAB : UI_KEY_TAB;
    case SDLK_UP:
        return UI_KEY_UP;
    case SDLK_DOWN:
        return UI_KEY_DOWN;
    case SDLK_LEFT:
        return UI_KEY_LEFT;
    case SDLK_RIGHT:
        return UI_KEY_RIGHT;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        return UI_KEY_ENTER;
    case SDLK_SPACE:
        return UI_KEY_SPACE;
    case SDLK_ESCAPE:
        return UI_KEY_ESCAPE;
    case SDLK_BACKSPACE:
        return UI_KEY_BACKSPACE;
    case SDLK_DELETE:
        return UI_KEY_DELETE;
    case SDLK_HOME:
        return UI_KEY_HOME;
    case SDLK_END:
        return UI_KEY_END;
    case SDLK_PAGEUP:
        return UI_KEY_PAGE_UP;
    case SDLK_PAGEDOWN:
        return UI_KEY_PAGE_DOWN;
    case SDLK_F10:
        return UI_KEY_STAFF;
    default:
        return UI_KEY_NONE;
    }
}

static void
take_key(struct core *core, const SDL_KeyboardEvent *key)
{
    enum ui_key k = key_of(key);
    bool erases = k == UI_KEY_BACKSPACE || k == UI_KEY_DELETE;
    /* A key held down repeats nothing but erasing. */
    if (k != UI_KEY_NONE && (key->repeat == 0 || erases)) {
        core_key(core, k);
    }
}

static void
take_finger(struct window *w, struct core *core,
            const SDL_TouchFingerEvent *touch)
{
    int width = 0;
    int height = 0;
    SDL_GetWindowSize(w->sdl, &width, &height);
    int x = (int)(touch->x * (float)width);
    int y = (int)(touch->y * (float)height);
    enum ui_phase phase = touch->type == SDL_FINGERDOWN ? UI_DOWN
                          : touch->type == SDL_FINGERUP ? UI_UP
                                                        : UI_MOVE;
    enum finger_verdict verdict = finger_event(
        &w->finger, touch->fingerId, phase, clock_mono_ms(core->clock));
    if (verdict == FINGER_TAKE_OVER) {
        core_pointer(core, UI_CANCEL, 0, 0);
    }
    if (verdict != FINGER_IGNORE) {
        core_pointer(core, phase, x, y);
    }
}

static void
take_mouse(struct window *w, struct core *core, const SDL_Event *event)
{
    if (event->type == SDL_MOUSEMOTION) {
        if (w->mouse_down && event->motion.which != SDL_TOUCH_MOUSEID) {
            core_pointer(core, UI_MOVE, event->motion.x, event->motion.y);
        }
        return;
    }
    if (event->button.which == SDL_TOUCH_MOUSEID
        || event->button.button != SDL_BUTTON_LEFT) {
        return;
    }
    bool down = event->type == SDL_MOUSEBUTTONDOWN;
    w->mouse_down = down;
    core_pointer(core, down ? UI_DOWN : UI_UP, event->button.x,
                 event->button.y);
}

static void
take_window(struct window *w, struct core *core, const SDL_WindowEvent *event)
{
    struct core_panel panel;
    switch (event->event) {
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        window_panel(w, &panel);
        core_panel(core, &panel);
        w->stale = true;
        break;
    case SDL_WINDOWEVENT_EXPOSED:
    case SDL_WINDOWEVENT_RESTORED:
    case SDL_WINDOWEVENT_SHOWN:
        w->stale = true;
        break;
    case SDL_WINDOWEVENT_CLOSE:
        w->closed = true;
        break;
    case SDL_WINDOWEVENT_FOCUS_LOST:
        w->finger.down = false;
        w->mouse_down = false;
        core_pointer(core, UI_CANCEL, 0, 0);
        break;
    default:
        break;
    }
}

static void
take_event(struct window *w, struct core *core, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_FINGERDOWN:
    case SDL_FINGERMOTION:
    case SDL_FINGERUP:
        take_finger(w, core, &event->tfinger);
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
    case SDL_MOUSEMOTION:
        take_mouse(w, core, event);
        break;
    case SDL_KEYDOWN:
        take_key(core, &event->key);
        break;
    case SDL_TEXTINPUT:
        core_text(core, event->text.text);
        break;
    case SDL_WINDOWEVENT:
        take_window(w, core, &event->window);
        break;
    case SDL_RENDER_TARGETS_RESET:
    case SDL_DISPLAYEVENT:
        w->stale = true;
        break;
    default:
        if (event->type == w->library_event) {
            core_refresh(core);
        } else if (event->type == w->voice_event) {
            core_voice_ended(core);
        }
        break;
    }
}

static bool
next_event(const struct window *w, const struct core *core, SDL_Event *event)
{
    int64_t deadline = core_deadline(core);
    int64_t step = slide_deadline(&w->slide, clock_mono_ms(core->clock));
    if (step >= 0 && (deadline < 0 || step < deadline)) {
        deadline = step;
    }
    if (deadline < 0) {
        return SDL_WaitEvent(event) != 0;
    }
    int64_t left = deadline - clock_mono_ms(core->clock);
    left = left < 0 ? 0 : left;
    return SDL_WaitEventTimeout(event, left > 3600000 ? 3600000 : (int)left)
           != 0;
}

/* Why SDL ended: somebody wanted it, or the display's other side went. */
static enum status
ended(const struct window *w)
{
    if (display_end_asked() || w->closed) {
        return STATUS_OK;
    }
    log_error("display", "the display is gone; what was being answered is "
                         "forgotten");
    return STATUS_E_STALE;
}

/* What somebody needed for a moment is not kept for the next. */
static void
give_back_memory(void)
{
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
}

enum status
window_run(struct window *w, struct core *core, struct fonts *fonts)
{
    enum status st = images_open(core_picture, core, &w->images);
    if (st < 0) {
        return st;
    }
    SDL_StartTextInput();
    for (;;) {
        if (core_frame(core) || w->stale) {
            show(w, core, fonts);
        } else if (w->slide.direction != 0) {
            show_step(w, core, fonts);
        }
        bool was_occupied = kiosk_occupied(&core->kiosk);
        SDL_Event event;
        bool more = next_event(w, core, &event);
        while (more) {
            if (event.type == SDL_QUIT) {
                return ended(w);
            }
            take_event(w, core, &event);
            more = SDL_PollEvent(&event) != 0;
        }
        core_tick(core);
        if (core->kiosk.restart) {
            log_info("staff", "restart");
            return STATUS_REPEAT;
        }
        if (was_occupied && !kiosk_occupied(&core->kiosk)) {
            /* The person has left: so do her words. */
            fonts_forget(fonts);
            images_forget(w->images);
            draw_list_wipe(&w->shown);
            give_back_memory();
            w->stale = true;
        }
    }
}
