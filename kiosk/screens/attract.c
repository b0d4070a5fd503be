#include <stdio.h>

#include "base/i18n.h"
#include "screens/chrome.h"
#include "screens/words.h"

/*
 * The page that waits for somebody: what this is, how long it takes, and who
 * sees what.
 */
struct fact {
    char figure[32];
    char words[192];
};

static bool
single(const struct kiosk *k)
{
    return k->survey_count == 1;
}

static const char *
promise(struct kiosk *k, const struct kiosk_survey *survey)
{
    if (!single(k)) {
        return kiosk_text(k, "Choose a questionnaire and answer it right "
                             "here. Before each one it says who will see the "
                             "answers.");
    }
    switch (survey->kind) {
    case RECORD_ANONYMOUS:
    case RECORD_SLIP:
        return kiosk_text(k, "No names. Nobody, not even the owner of this "
                             "screen, can find out who answered what.");
    case RECORD_NAMED:
    case RECORD_BALLOT:
        break;
    }
    return kiosk_text(k, "Answers carry your name. Only the coordinator "
                         "of the programme sees them.");
}

static size_t
facts(struct kiosk *k, const struct kiosk_survey *survey, struct fact out[3])
{
    size_t count = 0;
    struct fact *f = &out[count];
    size_t questions =
        single(k) && survey->form ? kiosk_questions(survey->form) : 0;
    if (single(k) && survey->minutes > 0) {
        (void)snprintf(f->figure, sizeof(f->figure), kiosk_text(k, "%d min"),
                       survey->minutes);
        (void)snprintf(f->words, sizeof(f->words),
                       i18n_plural(k->lang, "one question at most",
                                   "%zu questions at most",
                                   (unsigned long)questions),
                       questions);
        count++;
    } else if (k->survey_count > 1) {
        (void)snprintf(f->figure, sizeof(f->figure), "%zu", k->survey_count);
        (void)snprintf(f->words, sizeof(f->words), "%s",
                       i18n_plural(k->lang, "questionnaire is open",
                                   "questionnaires are open",
                                   (unsigned long)k->survey_count));
        count++;
    }
    bool anonymous = !single(k) || survey->kind == RECORD_ANONYMOUS
                     || survey->kind == RECORD_SLIP;
    int threshold = survey->k > 0 ? survey->k : 5;
    f = &out[count];
    if (anonymous) {
        (void)snprintf(f->figure, sizeof(f->figure), "%d+", threshold);
        (void)snprintf(f->words, sizeof(f->words),
                       i18n_plural(k->lang,
                                   "fewer than %d answer: nobody sees it",
                                   "fewer than %d answers: nobody sees them",
                                   (unsigned long)threshold),
                       threshold);
        count++;
    }
    f = &out[count];
    (void)snprintf(f->figure, sizeof(f->figure), "%s",
                   kiosk_text(k, "No network"));
    (void)snprintf(f->words, sizeof(f->words), "%s",
                   kiosk_text(k, "is needed: answers wait here, under lock "
                                 "and key"));
    return count + 1;
}

static void
draw_facts(struct kiosk *k, const struct kiosk_survey *survey,
           struct geom_rect panel)
{
    struct ui *ui = &k->ui;
    struct fact all[3];
    size_t count = facts(k, survey, all);
    draw_list_box(&ui->list, &(struct draw_list_box){
                                 .rect = panel,
                                 .fill = THEME_ACCENT_SOFT,
                                 .edge = THEME_LINE,
                                 .edge_px = k->ui.theme == THEME_WARM ? 0 : 1,
                                 .radius_px = ui_mm(ui, 5)});
    struct geom_rect inside = geom_inset(panel, ui_mm(ui, 5.5));
    struct widgets_text figure = {.role = METRICS_FIGURE,
                                  .colour = THEME_ACCENT};
    struct widgets_text words = {
        .role = METRICS_HINT, .colour = THEME_INK, .even = true};
    int height[3] = {0};
    int left = inside.h;
    for (size_t i = 0; i < count; i++) {
        height[i] = widgets_text_height(ui, &figure, all[i].figure, inside.w)
                    + widgets_text_height(ui, &words, all[i].words, inside.w);
        left -= height[i];
    }
    /* Spread over the panel, the last at its foot. */
    int gap = left / geom_max((int)count - 1, 1);
    gap = geom_min(geom_max(gap, ui_mm(ui, 2)), ui_mm(ui, 14));
    for (size_t i = 0; i < count && height[i] <= inside.h; i++) {
        int used = widgets_text(ui, &figure, all[i].figure, inside);
        (void)geom_cut_top(&inside, used);
        used = widgets_text(ui, &words, all[i].words, inside);
        (void)geom_cut_top(&inside, used + gap);
    }
}

static void
draw_words(struct kiosk *k, const struct kiosk_survey *survey,
           struct geom_rect area)
{
    struct words w = {.poster = true, .gap_px = ui_mm(&k->ui, 6)};
    if (k->survey_count == 0) {
        w.title = kiosk_text(k, "There is no questionnaire here yet");
        w.text = kiosk_text(k, "The coordinator has not opened any. It will "
                               "appear here by itself.");
    } else {
        w.title = single(k) ? kiosk_title(k, 0)
                            : kiosk_text(k, "Tell us how the mentoring "
                                            "is going");
        w.text = promise(k, survey);
    }
    (void)words_draw(k, &w, area);
}

static void
draw(struct kiosk *k)
{
    struct ui *ui = &k->ui;
    struct kiosk_survey survey;
    /* With several to choose from, none need be loaded yet. */
    if (single(k)) {
        kiosk_survey(k, 0, &survey);
    } else {
        kiosk_entry(k, 0, &survey);
    }

    struct geom_rect body = chrome_tall_body(k);
    (void)geom_cut_top(&body, ui_mm(ui, 2));
    bool wide = ui->metrics.width_px > ui->metrics.height_px;
    bool roomy = wide && ui->metrics.size <= METRICS_LARGE
                 && ui->metrics.width_px > ui_mm(ui, 180);
    if (roomy && k->survey_count > 0) {
        struct geom_rect panel = geom_cut_right(&body, ui_mm(ui, 58));
        (void)geom_cut_right(&body, ui_mm(ui, 10));
        draw_facts(k, &survey, panel);
    }
    struct geom_rect start =
        geom_cut_bottom(&body, ui_mm(ui, METRICS_TARGET_MM));
    (void)geom_cut_bottom(&body, ui_mm(ui, 4));
    if (!wide && k->survey_count > 0) {
        struct geom_rect panel = geom_cut_bottom(&body, body.h / 2);
        (void)geom_cut_bottom(&body, ui_mm(ui, 4));
        draw_facts(k, &survey, panel);
    }
    draw_words(k, &survey, body);
    if (k->survey_count > 0) {
        struct widgets_button b = {.label = kiosk_text(k, "Begin"),
                                   .look = WIDGETS_FILLED,
                                   .role = METRICS_BUTTON,
                                   .action = {.verb = KIOSK_START},
                                   .id_kind = "start"};
        start.w = geom_min(start.w, ui_mm(ui, 71));
        widgets_button(ui, &b, start);
    }
    chrome_top(k, kiosk_house(k));
}

static void
act(struct kiosk *k, const struct ui_event *event)
{
    if (event->action.verb != KIOSK_START || event->kind != UI_ACTIVATE) {
        return;
    }
    if (single(k)) {
        k->survey = 0;
        kiosk_begin(k);
    } else {
        kiosk_go(k, KIOSK_CATALOGUE);
    }
}

const struct screen attract_screen = {"attract", draw, act};
