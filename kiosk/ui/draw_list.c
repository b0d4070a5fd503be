#include "ui/draw_list.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 256

void
draw_list_init(struct draw_list *dl)
{
    *dl = (struct draw_list){0};
    buf_init(&dl->texts, DRAW_LIST_TEXT_MAX_BYTES);
}

void
draw_list_deinit(struct draw_list *dl)
{
    free(dl->commands);
    buf_deinit(&dl->texts);
    *dl = (struct draw_list){0};
}

void
draw_list_clear(struct draw_list *dl)
{
    dl->count = 0;
    dl->overflow = false;
    if (buf_status(&dl->texts) == STATUS_OK) {
        buf_truncate(&dl->texts, 0);
    } else {
        buf_clear(&dl->texts);
    }
}

void
draw_list_wipe(struct draw_list *dl)
{
    buf_deinit(&dl->texts);
    buf_init(&dl->texts, DRAW_LIST_TEXT_MAX_BYTES);
    dl->count = 0;
    dl->overflow = false;
}

static struct draw_list_command *
append(struct draw_list *dl)
{
    if (dl->count == dl->capacity) {
        size_t wanted = dl->capacity > 0 ? dl->capacity * 2 : FIRST_CAPACITY;
        struct draw_list_command *grown = NULL;
        if (wanted <= DRAW_LIST_MAX) {
            grown = realloc(dl->commands, wanted * sizeof(*grown));
        }
        if (!grown) {
            dl->overflow = true;
            return NULL;
        }
        dl->commands = grown;
        dl->capacity = wanted;
    }
    struct draw_list_command *c = &dl->commands[dl->count];
    dl->count++;
    *c = (struct draw_list_command){0};
    return c;
}

void
draw_list_box(struct draw_list *dl, const struct draw_list_box *box)
{
    struct draw_list_command *c = append(dl);
    if (!c) {
        return;
    }
    c->kind = DRAW_LIST_BOX;
    c->rect = box->rect;
    c->fill = box->fill;
    c->edge = box->edge;
    c->edge_px = box->edge_px;
    c->radius_px = box->radius_px;
    c->dashed = box->dashed;
}

static void
attach_text(struct draw_list *dl, struct draw_list_command *c, const char *text,
            size_t len)
{
    c->text = dl->texts.len;
    buf_put(&dl->texts, text, len);
    buf_putc(&dl->texts, '\0');
    if (buf_status(&dl->texts) != STATUS_OK) {
        dl->overflow = true;
        dl->count = 0;
    }
}

void
draw_list_text(struct draw_list *dl, struct geom_rect rect,
               const struct metrics_type *type, enum theme_role colour,
               const char *text, size_t len)
{
    struct draw_list_command *c = append(dl);
    if (!c) {
        return;
    }
    c->kind = DRAW_LIST_TEXT;
    c->rect = rect;
    c->fill = colour;
    c->face = type->face;
    c->em_px = type->em_px;
    c->baseline_px = type->baseline_px;
    attach_text(dl, c, text, len);
}

void
draw_list_icon(struct draw_list *dl, struct geom_rect rect,
               enum draw_list_icon icon, enum theme_role colour, int level)
{
    struct draw_list_command *c = append(dl);
    if (!c) {
        return;
    }
    c->kind = DRAW_LIST_ICON;
    c->rect = rect;
    c->icon = icon;
    c->fill = colour;
    c->level = level;
}

void
draw_list_image(struct draw_list *dl, struct geom_rect rect, const char *name)
{
    struct draw_list_command *c = append(dl);
    if (!c) {
        return;
    }
    c->kind = DRAW_LIST_IMAGE;
    c->rect = rect;
    attach_text(dl, c, name, strlen(name));
}

const char *
draw_list_string(const struct draw_list *dl,
                 const struct draw_list_command *command)
{
    bool has =
        command->kind == DRAW_LIST_TEXT || command->kind == DRAW_LIST_IMAGE;
    return has && command->text < dl->texts.len ? dl->texts.data + command->text
                                                : "";
}

/* Ink may stand out of a line's box by side bearings and descenders. */
static struct geom_rect
reach(const struct draw_list_command *c)
{
    return geom_inset(c->rect,
                      c->kind == DRAW_LIST_TEXT ? -(c->em_px / 3) - 1 : -1);
}

static bool
same(const struct draw_list *a, const struct draw_list_command *ca,
     const struct draw_list *b, const struct draw_list_command *cb)
{
    return ca->kind == cb->kind && ca->rect.x == cb->rect.x
           && ca->rect.y == cb->rect.y && ca->rect.w == cb->rect.w
           && ca->rect.h == cb->rect.h && ca->fill == cb->fill
           && ca->edge == cb->edge && ca->edge_px == cb->edge_px
           && ca->radius_px == cb->radius_px && ca->dashed == cb->dashed
           && ca->icon == cb->icon && ca->level == cb->level
           && ca->face == cb->face && ca->em_px == cb->em_px
           && ca->baseline_px == cb->baseline_px
           && strcmp(draw_list_string(a, ca), draw_list_string(b, cb)) == 0;
}

struct geom_rect
draw_list_damage(const struct draw_list *before, const struct draw_list *after)
{
    /* Equal heads and tails are skipped; what lies between has changed. */
    size_t head = 0;
    while (head < before->count && head < after->count
           && same(before, &before->commands[head], after,
                   &after->commands[head])) {
        head++;
    }
    size_t tail = 0;
    while (tail < before->count - head && tail < after->count - head
           && same(before, &before->commands[before->count - 1 - tail], after,
                   &after->commands[after->count - 1 - tail])) {
        tail++;
    }
    struct geom_rect damage = {0};
    bool pairs = before->count == after->count;
    for (size_t i = head; i < before->count - tail; i++) {
        if (pairs
            && same(before, &before->commands[i], after, &after->commands[i])) {
            continue;
        }
        damage = geom_join(damage, reach(&before->commands[i]));
        if (pairs) {
            damage = geom_join(damage, reach(&after->commands[i]));
        }
    }
    for (size_t i = head; !pairs && i < after->count - tail; i++) {
        damage = geom_join(damage, reach(&after->commands[i]));
    }
    return damage;
}

const char *
draw_list_icon_name(enum draw_list_icon icon)
{
    static const char *const names[DRAW_LIST_ICON_COUNT] = {
        [DRAW_LIST_TICK] = "tick",
        [DRAW_LIST_CIRCLE] = "circle",
        [DRAW_LIST_DOT] = "dot",
        [DRAW_LIST_CHEVRON_LEFT] = "left",
        [DRAW_LIST_CHEVRON_RIGHT] = "right",
        [DRAW_LIST_ARROW_UP] = "up",
        [DRAW_LIST_ARROW_DOWN] = "down",
        [DRAW_LIST_PLUS] = "plus",
        [DRAW_LIST_MINUS] = "minus",
        [DRAW_LIST_CROSS] = "cross",
        [DRAW_LIST_CONTRAST] = "contrast",
        [DRAW_LIST_WARNING] = "warning",
        [DRAW_LIST_BACKSPACE] = "backspace",
        [DRAW_LIST_SHIFT] = "shift",
        [DRAW_LIST_SHIFT_ON] = "shift-on",
        [DRAW_LIST_ENTER] = "enter",
        [DRAW_LIST_SEARCH] = "search",
        [DRAW_LIST_SPEAKER] = "speaker",
        [DRAW_LIST_SPEAKER_ON] = "speaker-on",
        [DRAW_LIST_PLAY] = "play",
        [DRAW_LIST_PAUSE] = "pause",
        [DRAW_LIST_REPEAT] = "repeat",
        [DRAW_LIST_LOCK] = "lock",
        [DRAW_LIST_GRIP] = "grip",
        [DRAW_LIST_MORE] = "more",
        [DRAW_LIST_FACE] = "face",
    };
    return names[icon];
}
