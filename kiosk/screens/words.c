#include "screens/words.h"

struct setting {
    enum metrics_size size;
    struct widgets_text title;
    struct widgets_text text;
};

static int
height_of(struct kiosk *k, const struct words *w, const struct setting *s,
          int width_px)
{
    k->ui.metrics.size = s->size;
    int height = widgets_text_height(&k->ui, &s->title, w->title, width_px);
    if (w->text[0]) {
        height += w->gap_px
                  + widgets_text_height(&k->ui, &s->text, w->text, width_px);
    }
    return height;
}

/* Whether a word of the title is wider than the page. */
static bool
breaks_word(struct kiosk *k, const struct words *w, const struct setting *s,
            int width_px)
{
    static struct text_block block;
    struct metrics_type type = metrics_type(&k->ui.metrics, s->title.role);
    text_wrap(&k->ui.measure, &type, w->title, width_px, &block);
    return block.broken;
}

/* Where in the list of settings titles begin that are not posters, and those
 * of questions. */
#define HEADLINE_ROLES 1
#define QUESTION_ROLES 4

/* The first setting that fits, or the last there is. */
static struct setting
fit(struct kiosk *k, const struct words *w, struct geom_rect rect)
{
    static const struct {
        enum metrics_role title;
        enum metrics_role text;
    } roles[] = {
        {METRICS_POSTER, METRICS_LEDE},   {METRICS_HEADLINE, METRICS_LEDE},
        {METRICS_HEADLINE, METRICS_BODY}, {METRICS_HEADLINE, METRICS_HINT},
        {METRICS_QUESTION, METRICS_BODY}, {METRICS_QUESTION, METRICS_HINT}};
    struct setting s = {.title = {.colour = THEME_INK, .even = true},
                        .text = {.colour = THEME_INK, .even = true}};
    const int chosen = (int)k->ui.metrics.size;
    size_t from = QUESTION_ROLES;
    if (w->poster) {
        from = 0;
    } else if (w->headline) {
        from = HEADLINE_ROLES;
    }
    for (int size = chosen; size >= METRICS_SMALL; size--) {
        for (size_t i = from; i < sizeof(roles) / sizeof(roles[0]); i++) {
            s.size = (enum metrics_size)size;
            s.title.role = roles[i].title;
            s.text.role = roles[i].text;
            if (height_of(k, w, &s, rect.w) <= rect.h
                && !(i == 0 && breaks_word(k, w, &s, rect.w))) {
                return s;
            }
        }
    }
    return s;
}

int
words_draw(struct kiosk *k, const struct words *w, struct geom_rect rect)
{
    enum metrics_size chosen = k->ui.metrics.size;
    struct setting s = fit(k, w, rect);
    k->ui.metrics.size = s.size;
    int used = widgets_text(&k->ui, &s.title, w->title, rect);
    if (w->text[0]) {
        used += w->gap_px;
        (void)geom_cut_top(&rect, used);
        used += widgets_text(&k->ui, &s.text, w->text, rect);
    }
    k->ui.metrics.size = chosen;
    return used;
}
