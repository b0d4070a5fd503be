#include "render/fonts.h"

#include <SDL_ttf.h>
#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"

#define SIZES_MAX 24
#define PATH_BYTES 512
#define WIDTHS 4096 /* power of two */
#define MASKS 512
#define CHUNK_BYTES 480
#define FILE_MAX_BYTES (32L * 1024 * 1024)

struct sized {
    TTF_Font *font; /* owned */
    int em_px;
};

struct face {
    char path[PATH_BYTES]; /* "" : not found */
    void *bytes;           /* the file, mapped when first used */
    size_t size;
    struct sized sizes[SIZES_MAX];
    size_t count;
};

struct width {
    uint64_t key; /* 0: empty */
    int px;
};

struct mask {
    uint64_t key; /* 0: empty */
    uint64_t used;
    uint8_t *bytes; /* owned */
    struct canvas_mask shape;
    int ascent;
};

enum {
    FALLBACK = METRICS_FACE_COUNT,
    FALLBACK_BOLD,
    FACES
};

struct fonts {
    struct face faces[FACES];
    struct width widths[WIDTHS];
    struct mask masks[MASKS];
    size_t mask_bytes;
    uint64_t tick;
};

static const struct {
    const char *file;
    const char *family;
    int weight;
} wanted[FACES] = {
    [METRICS_REGULAR] = {"Inter-Regular.otf", "Inter", FC_WEIGHT_REGULAR},
    [METRICS_SEMIBOLD] = {"Inter-SemiBold.otf", "Inter", FC_WEIGHT_DEMIBOLD},
    [METRICS_BOLD] = {"Inter-Bold.otf", "Inter", FC_WEIGHT_BOLD},
    [METRICS_DISPLAY] = {"InterDisplay-Bold.otf", "Inter Display",
                         FC_WEIGHT_BOLD},
    [FALLBACK] = {"DejaVuSans.ttf", "DejaVu Sans", FC_WEIGHT_REGULAR},
    [FALLBACK_BOLD] = {"DejaVuSans-Bold.ttf", "DejaVu Sans", FC_WEIGHT_BOLD},
};

static const char *const known_dirs[] = {
    "/usr/share/fonts/opentype/inter",
    "/usr/share/fonts/truetype/inter",
    "/usr/share/fonts/truetype/dejavu",
};

static bool
look_in(const char *dir, const char *file, char out[PATH_BYTES])
{
    int n = snprintf(out, PATH_BYTES, "%s/%s", dir, file);
    if (n > 0 && n < PATH_BYTES && file_exists(out)) {
        return true;
    }
    out[0] = '\0';
    return false;
}

/* Slower than looking where Debian puts them; asked only when that fails. */
static bool
ask_fontconfig(const char *family, int weight, char out[PATH_BYTES])
{
    FcPattern *pattern = FcPatternCreate();
    FcPattern *match = NULL;
    bool found = false;
    if (!pattern) {
        return false;
    }
    (void)FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    (void)FcPatternAddInteger(pattern, FC_WEIGHT, weight);
    (void)FcConfigSubstitute(NULL, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    FcResult result = FcResultNoMatch;
    match = FcFontMatch(NULL, pattern, &result);
    FcChar8 *name = NULL;
    FcChar8 *path = NULL;
    if (match && FcPatternGetString(match, FC_FAMILY, 0, &name) == FcResultMatch
        && strcmp((const char *)name, family) == 0
        && FcPatternGetString(match, FC_FILE, 0, &path) == FcResultMatch) {
        int n = snprintf(out, PATH_BYTES, "%s", (const char *)path);
        found = n > 0 && n < PATH_BYTES;
    }
    if (match) {
        FcPatternDestroy(match);
    }
    FcPatternDestroy(pattern);
    return found;
}

static void
find_face(struct face *face, const char *dir, size_t which)
{
    const char *file = wanted[which].file;
    if (dir && look_in(dir, file, face->path)) {
        return;
    }
    for (size_t i = 0; i < sizeof(known_dirs) / sizeof(known_dirs[0]); i++) {
        if (look_in(known_dirs[i], file, face->path)) {
            return;
        }
    }
    if (!ask_fontconfig(wanted[which].family, wanted[which].weight,
                        face->path)) {
        face->path[0] = '\0';
        log_warn("fonts",
                 "%s is missing (Debian: fonts-inter, "
                 "fonts-dejavu-core); another face stands in",
                 file);
    }
}

enum status
fonts_open(const char *dir, struct fonts **out)
{
    *out = NULL;
    if (TTF_Init() != 0) {
        log_error("fonts", "SDL2_ttf: %s", TTF_GetError());
        return STATUS_E_IO;
    }
    struct fonts *f = calloc(1, sizeof(*f));
    if (!f) {
        TTF_Quit();
        return log_oom("fonts");
    }
    bool any = false;
    for (size_t i = 0; i < FACES; i++) {
        find_face(&f->faces[i], dir, i);
        any = any || f->faces[i].path[0];
    }
    if (!any) {
        fonts_close(f);
        return STATUS_E_NOT_FOUND;
    }
    *out = f;
    return STATUS_OK;
}

static void
close_faces(struct fonts *f)
{
    for (size_t i = 0; i < FACES; i++) {
        for (size_t k = 0; k < f->faces[i].count; k++) {
            TTF_CloseFont(f->faces[i].sizes[k].font);
        }
        f->faces[i].count = 0;
        if (f->faces[i].bytes) {
            (void)munmap(f->faces[i].bytes, f->faces[i].size);
            f->faces[i].bytes = NULL;
        }
    }
}

void
fonts_close(struct fonts *f)
{
    if (!f) {
        return;
    }
    fonts_forget(f);
    close_faces(f);
    free(f);
    TTF_Quit();
}

bool
fonts_complete(const struct fonts *f)
{
    return f->faces[METRICS_REGULAR].path[0] != '\0';
}

static void
drop_mask(struct fonts *f, struct mask *m)
{
    if (m->bytes) {
        size_t size = (size_t)m->shape.pitch * (size_t)m->shape.height;
        buf_wipe(m->bytes, size);
        free(m->bytes);
        f->mask_bytes -= size;
    }
    *m = (struct mask){0};
}

void
fonts_forget(struct fonts *f)
{
    for (size_t i = 0; i < MASKS; i++) {
        drop_mask(f, &f->masks[i]);
    }
    buf_wipe(f->widths, sizeof(f->widths));
}

/* The face that serves when `which` is not installed. */
static size_t
stand_in(const struct fonts *f, size_t which)
{
    static const size_t order[] = {FALLBACK, METRICS_REGULAR, METRICS_BOLD,
                                   FALLBACK_BOLD};
    if (which != METRICS_REGULAR && which < FALLBACK
        && f->faces[FALLBACK_BOLD].path[0]) {
        return f->faces[METRICS_BOLD].path[0] ? (size_t)METRICS_BOLD
                                              : (size_t)FALLBACK_BOLD;
    }
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        if (f->faces[order[i]].path[0]) {
            return order[i];
        }
    }
    return which;
}

/* Mapped once for all sizes: reading through a stream would cost thousands of
 * small reads before the first letter. Maps stay valid if the file goes. */
static bool
map_face(struct face *face)
{
    struct stat sb;
    if (face->bytes) {
        return true;
    }
    int fd = open(face->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    if (fstat(fd, &sb) == 0 && sb.st_size > 0 && sb.st_size < FILE_MAX_BYTES) {
        void *bytes =
            mmap(NULL, (size_t)sb.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes != MAP_FAILED) {
            face->bytes = bytes;
            face->size = (size_t)sb.st_size;
        }
    }
    (void)close(fd);
    return face->bytes != NULL;
}

static TTF_Font *
open_sized(struct face *face, int em_px)
{
    if (face->count == SIZES_MAX) {
        face->count--;
        TTF_CloseFont(face->sizes[face->count].font);
    }
    SDL_RWops *rw = map_face(face)
                        ? SDL_RWFromConstMem(face->bytes, (int)face->size)
                        : NULL;
    TTF_Font *font = rw ? TTF_OpenFontRW(rw, 1, em_px) : NULL;
    if (!font) {
        log_error("fonts", "cannot open %s: %s", face->path, SDL_GetError());
        face->path[0] = '\0';
        return NULL;
    }
    TTF_SetFontHinting(font, TTF_HINTING_LIGHT_SUBPIXEL);
    TTF_SetFontKerning(font, 1);
    face->sizes[face->count] = (struct sized){font, em_px};
    face->count++;
    return font;
}

/* NULL only when no face can be opened any more. */
static TTF_Font *
sized_font(struct fonts *f, size_t which, int em_px)
{
    for (int tries = 0; tries < FACES; tries++) {
        if (!f->faces[which].path[0]) {
            which = stand_in(f, which);
        }
        struct face *face = &f->faces[which];
        if (!face->path[0]) {
            return NULL;
        }
        for (size_t i = 0; i < face->count; i++) {
            if (face->sizes[i].em_px == em_px) {
                return face->sizes[i].font;
            }
        }
        TTF_Font *font = open_sized(face, em_px);
        if (font) {
            return font;
        }
    }
    return NULL;
}

static uint64_t
key_of(int face, int em_px, const char *text, size_t len)
{
    /* FNV-1a, 64 bits. */
    uint64_t h = UINT64_C(14695981039346656037);
    h = (h ^ (uint64_t)face) * UINT64_C(1099511628211);
    h = (h ^ (uint64_t)em_px) * UINT64_C(1099511628211);
    for (size_t i = 0; i < len; i++) {
        h = (h ^ (uint8_t)text[i]) * UINT64_C(1099511628211);
    }
    return h ? h : 1;
}

/* A stretch that one face can show; copied, NUL-terminated. */
struct stretch {
    char text[CHUNK_BYTES + UTF8_MAX_BYTES + 1];
    size_t len; /* bytes taken from the line */
    TTF_Font *font;
};

static bool
has_glyph(TTF_Font *font, uint32_t cp)
{
    return cp == 0x00A0 || cp == 0x202F || TTF_GlyphIsProvided32(font, cp) != 0;
}

static bool
next_stretch(struct fonts *f, int face, int em_px, const char *text, size_t len,
             struct stretch *out)
{
    TTF_Font *own = sized_font(f, (size_t)face, em_px);
    TTF_Font *other = NULL;
    size_t copied = 0;
    out->len = 0;
    out->font = own;
    while (own && out->len < len && copied < CHUNK_BYTES) {
        uint32_t cp = 0;
        size_t step = utf8_decode(text + out->len, len - out->len, &cp);
        bool provided = has_glyph(own, cp);
        if (!provided && !other) {
            bool heavy = face != METRICS_REGULAR;
            other = sized_font(f, heavy ? FALLBACK_BOLD : FALLBACK, em_px);
        }
        TTF_Font *font = provided || !other ? own : other;
        if (out->len > 0 && font != out->font) {
            break;
        }
        out->font = font;
        /* Narrow and wide no-break spaces look like a space. */
        cp = cp == 0x202F || cp == 0x00A0 ? ' ' : cp;
        cp = cp < ' ' ? ' ' : cp;
        copied += utf8_encode(cp, out->text + copied);
        out->len += step;
    }
    out->text[copied] = '\0';
    return own != NULL && out->len > 0;
}

static int
measure(void *self, enum metrics_face face, int em_px, const char *text,
        size_t len)
{
    struct fonts *f = self;
    uint64_t key = key_of((int)face, em_px, text, len);
    struct width *cached = &f->widths[key & (WIDTHS - 1)];
    if (cached->key == key) {
        return cached->px;
    }
    int total = 0;
    size_t at = 0;
    struct stretch s;
    while (at < len
           && next_stretch(f, (int)face, em_px, text + at, len - at, &s)) {
        int w = 0;
        int h = 0;
        if (TTF_SizeUTF8(s.font, s.text, &w, &h) == 0) {
            total += w;
        }
        at += s.len;
    }
    buf_wipe(&s, sizeof(s));
    *cached = (struct width){key, total};
    return total;
}

struct text_measure
fonts_measure(struct fonts *f)
{
    return (struct text_measure){measure, f};
}

static struct mask *
cached_mask(struct fonts *f, uint64_t key)
{
    for (size_t i = 0; i < MASKS; i++) {
        if (f->masks[i].key == key) {
            f->tick++;
            f->masks[i].used = f->tick;
            return &f->masks[i];
        }
    }
    return NULL;
}

/* The mask used longest ago; of those with bytes if `full`, else an empty one
 * if there is any. */
static struct mask *
oldest_mask(struct fonts *f, bool full)
{
    struct mask *oldest = NULL;
    for (size_t i = 0; i < MASKS; i++) {
        struct mask *m = &f->masks[i];
        if (full && !m->bytes) {
            continue;
        }
        if (!oldest || m->used < oldest->used) {
            oldest = m;
        }
    }
    return oldest;
}

static struct mask *
free_mask(struct fonts *f, size_t need)
{
    while (f->mask_bytes > 0 && f->mask_bytes + need > FONTS_MASK_CACHE_BYTES) {
        drop_mask(f, oldest_mask(f, true));
    }
    struct mask *m = oldest_mask(f, false);
    drop_mask(f, m);
    return m;
}

static struct mask *
make_mask(struct fonts *f, uint64_t key, const struct stretch *s)
{
    SDL_Color white = {255, 255, 255, 255};
    SDL_Color black = {0, 0, 0, 255};
    SDL_Surface *surface =
        TTF_RenderUTF8_Shaded(s->font, s->text, white, black);
    if (!surface) {
        return NULL;
    }
    struct mask *m = NULL;
    size_t size = (size_t)surface->pitch * (size_t)surface->h;
    if (surface->format->BytesPerPixel == 1) {
        m = free_mask(f, size);
    }
    if (m) {
        m->bytes = malloc(size);
    }
    if (m && m->bytes) {
        memcpy(m->bytes, surface->pixels, size);
        m->shape = (struct canvas_mask){m->bytes, surface->w, surface->h,
                                        surface->pitch};
        m->ascent = TTF_FontAscent(s->font);
        m->key = key;
        f->tick++;
        m->used = f->tick;
        f->mask_bytes += size;
    }
    buf_wipe(surface->pixels, size);
    SDL_FreeSurface(surface);
    return m && m->bytes ? m : NULL;
}

void
fonts_draw(struct fonts *f, struct canvas *c,
           const struct draw_list_command *line, const char *text,
           uint32_t colour)
{
    size_t len = strlen(text);
    size_t at = 0;
    int x = line->rect.x;
    int baseline = line->rect.y + line->baseline_px;
    struct stretch s;
    while (at < len
           && next_stretch(f, (int)line->face, line->em_px, text + at, len - at,
                           &s)) {
        uint64_t key = key_of((int)line->face, line->em_px, text + at, s.len);
        struct mask *m = cached_mask(f, key);
        if (!m) {
            m = make_mask(f, key, &s);
        }
        if (m) {
            canvas_mask(c, &m->shape, x, baseline - m->ascent, colour);
        }
        x += measure(f, line->face, line->em_px, text + at, s.len);
        at += s.len;
    }
    buf_wipe(&s, sizeof(s));
}
