/*
 * anketa-preview: a questionnaire as the kiosk will show it, as pictures.
 *
 *     anketa-preview FOLDER [--lang ru|en]
 *
 * FOLDER holds form.xml and, in media/, the files it names. Beside them are
 * written 0001.png and so on, and `pages`: a line for each picture, "place
 * field part" (see place_names; field -1: none; part from 0). The screens and
 * the drawing are the kiosk's own. Pages behind a condition are reached by
 * walking through the form several times with other answers.
 */
#include <SDL.h>
#include <SDL_image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/core.h"
#include "app/picture.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "render/fonts.h"
#include "render/images.h"
#include "render/paint.h"

#define EXIT_USAGE 2
#define WIDTH_PX 960
#define HEIGHT_PX 600
#define PANEL_INCHES 10.1
#define PICTURES_MAX 300
#define PARTS_MAX 12
#define WALKS 6
#define K_DEFAULT 5
#define PATH_MAX_BYTES 4096
#define LINE_MAX_BYTES 64

static const char *const place_names[KIOSK_PLACE_COUNT] = {
    [KIOSK_ATTRACT] = "attract",   [KIOSK_CATALOGUE] = "catalogue",
    [KIOSK_CODE_PAD] = "code",     [KIOSK_CONSENT] = "consent",
    [KIOSK_QUESTION] = "question", [KIOSK_REVIEW] = "review",
    [KIOSK_THANKS] = "thanks",
};

struct preview {
    const char *dir;
    struct form *form; /* owned */
    struct kiosk_survey survey;
    struct fonts *fonts;  /* owned */
    SDL_Surface *surface; /* owned */
    bool *seen;           /* owned: fields whose page is drawn */
    struct core core;
    struct images *images; /* owned */
    struct buf pages;      /* the list being written */
    int pictures;
};

/* --- a source with one questionnaire -------------------------------------- */

static size_t
count_one(void *self)
{
    (void)self;
    return 1;
}

static void
get_survey(void *self, size_t index, struct kiosk_survey *out)
{
    (void)index;
    *out = ((struct preview *)self)->survey;
}

static const struct form *
get_form(void *self, size_t index)
{
    (void)index;
    return ((struct preview *)self)->form;
}

static bool
never_new(void *self)
{
    (void)self;
    return false;
}

static enum status
any_code(void *self, size_t index, const char *code, struct buf *out_name,
         struct buf *out_role)
{
    (void)self;
    (void)index;
    (void)code;
    (void)out_name;
    (void)out_role;
    return STATUS_OK;
}

static enum status
send_nowhere(void *self, size_t index, struct filling *f, const char *code)
{
    (void)self;
    (void)index;
    (void)f;
    (void)code;
    return STATUS_OK;
}

static const char *
no_setting(void *self, const char *key)
{
    (void)self;
    (void)key;
    return NULL;
}

static enum status
read_media(void *self, const char *name, struct buf *out)
{
    const struct preview *p = self;
    char path[PATH_MAX_BYTES];
    int n = snprintf(path, sizeof(path), "%s/media/%s", p->dir, name);
    if (n < 0 || n >= PATH_MAX_BYTES || strchr(name, '/')
        || !file_exists(path)) {
        return STATUS_E_NOT_FOUND;
    }
    return file_read(path, out);
}

static enum status
get_media(void *self, size_t index, const char *name, struct buf *out)
{
    (void)index;
    return read_media(self, name, out);
}

static bool
is_picture(void *self, size_t index, const char *name)
{
    (void)index;
    int width = 0;
    int height = 0;
    struct buf file;
    buf_init(&file, PICTURE_MAX_BYTES);
    bool good =
        read_media(self, name, &file) == STATUS_OK
        && picture_size(file.data, file.len, &width, &height) == STATUS_OK;
    buf_deinit(&file);
    return good;
}

/* --- pictures ------------------------------------------------------------- */

static enum status
draw(struct preview *p, long field, int part)
{
    char path[PATH_MAX_BYTES];
    if (p->pictures == PICTURES_MAX) {
        return STATUS_NONE;
    }
    struct kiosk *k = &p->core.kiosk;
    struct canvas canvas = {.pixels = p->surface->pixels,
                            .width = WIDTH_PX,
                            .height = HEIGHT_PX,
                            .stride = p->surface->pitch / 4,
                            .clip = {0, 0, WIDTH_PX, HEIGHT_PX}};
    (void)core_frame(&p->core);
    paint(&canvas, p->fonts, images_ops(p->images), core_list(&p->core),
          k->ui.theme);
    int n =
        snprintf(path, sizeof(path), "%s/%04d.png", p->dir, p->pictures + 1);
    if (n < 0 || n >= PATH_MAX_BYTES || IMG_SavePNG(p->surface, path) != 0) {
        log_error("preview", "%s: %s", path, SDL_GetError());
        return STATUS_E_IO;
    }
    p->pictures++;
    buf_printf(&p->pages, "%s %ld %d\n", place_names[k->place], field, part);
    return buf_status(&p->pages);
}

static bool
tap(struct preview *p, const char *id)
{
    const struct ui_target *t = ui_find(&p->core.kiosk.ui, id);
    if (!t) {
        return false;
    }
    int x = t->rect.x + t->rect.w / 2;
    int y = t->rect.y + t->rect.h / 2;
    core_pointer(&p->core, UI_DOWN, x, y);
    core_pointer(&p->core, UI_UP, x, y);
    (void)core_frame(&p->core);
    return true;
}

/* All parts of a page too tall for the panel. */
static enum status
draw_parts(struct preview *p, long field)
{
    enum status st = draw(p, field, 0);
    for (int part = 1; st == STATUS_OK && part < PARTS_MAX && tap(p, "more");
         part++) {
        st = draw(p, field, part);
    }
    return st;
}

/* --- walking -------------------------------------------------------------- */

/* The field of the first question on the page; -1: a page without one. */
static long
page_field(struct session *s)
{
    const struct session_page *page = session_page(s);
    for (size_t i = 0; page && i < page->count; i++) {
        const struct session_entry *e = session_entry(s, i);
        if (e && e->kind == SESSION_QUESTION) {
            struct filling_question q;
            filling_question(s->filling, e->node, &q);
            return (long)q.field;
        }
    }
    return -1;
}

/* The answer of walk `walk`; "" if there is none to be given. */
static void
some_answer(struct session *s, struct filling_node *node, int walk,
            char out[LINE_MAX_BYTES])
{
    static const char *const numbers[WALKS] = {"7", "1", "0", "20", "3", "60"};
    struct filling_question q;
    size_t count = 0;
    filling_question(s->filling, node, &q);
    const char *text = "";
    out[0] = '\0';
    if (q.control == FORM_CONTROL_SELECT_ONE
        || q.control == FORM_CONTROL_SELECT_MULTIPLE) {
        const struct filling_choice *c =
            filling_choices(s->filling, node, &count);
        text = count > 0 ? c[(size_t)walk % count].name : "";
    } else if (q.control == FORM_CONTROL_RANGE) {
        double at = walk == 0 ? q.range_end : q.range_start + walk - 1;
        (void)snprintf(out, LINE_MAX_BYTES, "%g",
                       at < q.range_end ? at : q.range_end);
        return;
    } else if (q.control == FORM_CONTROL_TRIGGER) {
        text = "OK";
    } else if (q.control == FORM_CONTROL_INPUT) {
        if (q.type == FORM_TYPE_INTEGER || q.type == FORM_TYPE_DECIMAL) {
            text = numbers[walk];
        } else if (q.type == FORM_TYPE_DATE) {
            text = "2027-05-14";
        } else if (q.type == FORM_TYPE_STRING) {
            text = "…";
        }
    }
    if (strlen(text) < LINE_MAX_BYTES) {
        (void)snprintf(out, LINE_MAX_BYTES, "%s", text);
    }
}

static enum status
answer_page(struct preview *p, int walk)
{
    struct session *s = &p->core.kiosk.session;
    const struct session_page *page = session_page(s);
    size_t count = page ? page->count : 0;
    for (size_t i = 0; i < count; i++) {
        const struct session_entry *e = session_entry(s, i);
        char value[LINE_MAX_BYTES];
        if (!e || e->kind != SESSION_QUESTION) {
            continue;
        }
        some_answer(s, e->node, walk, value);
        /* A refused answer leaves the question as it was. */
        if (value[0] && filling_set(s->filling, e->node, value) == STATUS_OK) {
            enum status st = session_refresh(s);
            if (st < 0) {
                return st;
            }
        }
        page = session_page(s);
        count = page && page->count < count ? page->count : count;
    }
    return STATUS_OK;
}

static enum status
walk_pages(struct preview *p, int walk)
{
    struct kiosk *k = &p->core.kiosk;
    struct session *s = &k->session;
    enum status st = STATUS_OK;
    for (size_t i = 0; i < s->page_count && st == STATUS_OK; i++) {
        session_go(s, i);
        k->changed = true;
        (void)core_frame(&p->core);
        long field = page_field(s);
        if (field >= 0 && !p->seen[field]) {
            p->seen[field] = true;
            st = draw_parts(p, field);
        }
        if (st == STATUS_OK) {
            st = answer_page(p, walk);
        }
    }
    return st;
}

static enum status
walk_form(struct preview *p, int walk)
{
    struct kiosk *k = &p->core.kiosk;
    if (!core_begin(&p->core, p->survey.form_id)) {
        return STATUS_E_INVALID;
    }
    enum status st = STATUS_OK;
    if (!k->in_session) {
        st = walk == 0 ? draw_parts(p, -1) : STATUS_OK;
        kiosk_open_session(k);
    }
    if (!k->in_session) {
        return STATUS_E_INVALID;
    }
    if (st == STATUS_OK) {
        st = walk_pages(p, walk);
    }
    if (st == STATUS_OK && walk == 0) {
        kiosk_go(k, KIOSK_REVIEW);
        st = draw(p, -1, 0);
    }
    if (st == STATUS_OK && walk == 0) {
        kiosk_go(k, KIOSK_THANKS);
        st = draw(p, -1, 0);
    }
    kiosk_leave(k);
    return st;
}

/* --- the program ---------------------------------------------------------- */

static enum record_kind
kind_named(const char *name)
{
    static const char *const names[] = {
        [RECORD_ANONYMOUS] = "anonymous",
        [RECORD_SLIP] = "slip",
        [RECORD_NAMED] = "named",
        [RECORD_BALLOT] = "ballot",
    };
    for (size_t i = 0; name && i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i], name) == 0) {
            return (enum record_kind)i;
        }
    }
    return RECORD_ANONYMOUS;
}

static int
number_or(const char *text, int otherwise)
{
    long n = text ? strtol(text, NULL, 10) : 0;
    return n > 0 && n < 100000 ? (int)n : otherwise;
}

static enum status
load(struct preview *p)
{
    char path[PATH_MAX_BYTES];
    const struct form_env env = {read_media, p};
    struct buf xml;
    buf_init(&xml, FORM_XML_MAX_BYTES);
    int n = snprintf(path, sizeof(path), "%s/form.xml", p->dir);
    enum status st =
        n > 0 && n < PATH_MAX_BYTES ? file_read(path, &xml) : STATUS_E_LIMIT;
    if (st == STATUS_OK) {
        st = form_load(xml.data, xml.len, &env, NULL, &p->form);
    }
    buf_deinit(&xml);
    if (st < 0) {
        return st;
    }
    p->survey.form = p->form;
    p->survey.form_id = form_id(p->form);
    p->survey.kind = kind_named(form_extension(p->form, "kind"));
    p->survey.k = number_or(form_extension(p->form, "k"), K_DEFAULT);
    p->survey.minutes = number_or(form_extension(p->form, "minutes"), 0);
    p->seen = calloc(form_field_count(p->form) + 1, sizeof(*p->seen));
    p->surface = SDL_CreateRGBSurfaceWithFormat(0, WIDTH_PX, HEIGHT_PX, 32,
                                                SDL_PIXELFORMAT_RGB888);
    return p->seen && p->surface ? fonts_open(NULL, &p->fonts)
                                 : log_oom("preview");
}

static enum status
run(struct preview *p, enum i18n_lang lang)
{
    const struct kiosk_source source = {
        .count = count_one,
        .survey = get_survey,
        .form = get_form,
        .refresh = never_new,
        .check_code = any_code,
        .send = send_nowhere,
        .media = get_media,
        .picture = is_picture,
        .setting = no_setting,
        .self = p,
    };
    const struct core_panel panel = {
        WIDTH_PX, HEIGHT_PX,
        metrics_density(WIDTH_PX, HEIGHT_PX, PANEL_INCHES)};
    char path[PATH_MAX_BYTES];
    struct text_measure measure = fonts_measure(p->fonts);
    core_init(&p->core, &source, clock_system(), &measure, lang);
    core_panel(&p->core, &panel);
    enum status st = images_open(core_picture, &p->core, &p->images);
    for (int walk = 0; walk < WALKS && st == STATUS_OK; walk++) {
        st = walk_form(p, walk);
    }
    images_close(p->images);
    p->images = NULL;
    core_deinit(&p->core);
    int n = snprintf(path, sizeof(path), "%s/pages", p->dir);
    if (st >= 0 && n > 0 && n < PATH_MAX_BYTES) {
        st = file_replace(path, p->pages.data, p->pages.len, 0600);
    }
    return st;
}

int
main(int argc, char **argv)
{
    enum i18n_lang lang = I18N_RU;
    bool good = argc == 2 || (argc == 4 && strcmp(argv[2], "--lang") == 0);
    if (!good) {
        (void)fputs("usage: anketa-preview FOLDER [--lang ru|en]\n", stderr);
        return EXIT_USAGE;
    }
    if (argc == 4) {
        lang = i18n_lang_from_tag(argv[3]);
    }
    struct preview *p = calloc(1, sizeof(*p));
    if (!p) {
        return EXIT_FAILURE;
    }
    p->dir = argv[1];
    log_set_level(LOG_WARN);
    if (i18n_init_beside_program() < 0) {
        log_warn("preview", "no Russian texts: the pictures are English");
    }
    buf_init(&p->pages, (size_t)PICTURES_MAX * LINE_MAX_BYTES);
    enum status st = load(p);
    if (st == STATUS_OK) {
        st = run(p, lang);
    }
    if (st < 0) {
        log_error("preview", "%s: %s", argv[1], status_name(st));
    }
    fonts_close(p->fonts);
    SDL_FreeSurface(p->surface);
    form_free(p->form);
    buf_deinit(&p->pages);
    free(p->seen);
    free(p);
    return st < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
