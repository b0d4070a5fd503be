#include "sample_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/summary/compare.h"
#include "collector/summary/describe.h"
#include "collector/summary/proportion.h"
#include "collector/summary/sentence.h"

#define SCALE_TOP 10
#define CUT 7.0
#define LANG I18N_RU

static void *
must(void *p)
{
    if (!p) {
        abort();
    }
    return p;
}

static char *
text(struct arena *a, const char *words)
{
    return must(arena_strdup(a, words));
}

static char *
number_text(struct arena *a, double value, int decimals)
{
    struct buf b;
    buf_init(&b, 256);
    sentence_number(&b, LANG, value, decimals);
    char *out = text(a, b.data);
    buf_deinit(&b);
    return out;
}

/* Answers 1..10 around `centre`. */
static struct tally
scale_tally(struct arena *a, double centre, uint64_t scale)
{
    struct tally_value *v = must(arena_array(a, SCALE_TOP, sizeof(*v)));
    for (int i = 0; i < SCALE_TOP; i++) {
        double d = (i + 1 - centre) / 1.7;
        v[i] = (struct tally_value){
            i + 1, (uint64_t)lround(5.0 * exp(-0.5 * d * d)) * scale};
    }
    return (struct tally){v, SCALE_TOP, scale, 2 * scale};
}

static struct chart *
new_chart(struct arena *a, enum chart_kind kind, const char *title)
{
    struct chart *c = must(arena_alloc(a, sizeof(*c)));
    c->kind = kind;
    c->title = title;
    return c;
}

static void
scale_item(struct arena *a, struct report_item *it, double centre,
           uint64_t scale)
{
    struct tally t = scale_tally(a, centre, scale);
    struct describe d;
    describe_tally(&t, INTERVAL_LEVEL, &d);
    struct proportion p =
        proportion_between(&t, CUT, SCALE_TOP, INTERVAL_LEVEL);
    struct chart *c = new_chart(a, CHART_KIND_COLUMNS, it->heading);
    struct chart_column *col = must(arena_array(a, t.count, sizeof(*col)));
    for (size_t i = 0; i < t.count; i++) {
        uint64_t n = t.value[i].count;
        col[i] = (struct chart_column){
            number_text(a, t.value[i].value, 0), (double)n,
            n > 0 ? number_text(a, (double)n, 0) : NULL,
            t.value[i].value >= CUT};
    }
    struct buf b;
    buf_init(&b, 4096);
    buf_puts(&b, "медиана ");
    sentence_number(&b, LANG, d.median, 1);
    c->u.columns = (struct chart_columns){
        col, t.count, d.median - 1.0, d.q1 - 1.0, d.q3 - 1.0, text(a, b.data)};
    buf_clear(&b);
    sentence_satisfied(&b, LANG, &p, CUT, SCALE_TOP, false);
    buf_putc(&b, ' ');
    sentence_typical(&b, LANG, &d);
    it->text = text(a, b.data);
    buf_clear(&b);
    sentence_base(&b, LANG, &t);
    it->base = text(a, b.data);
    it->chart = c;
    it->label_head = "Оценка";
    it->value_head = "Ответов";
    buf_deinit(&b);
}

static void
choice_item(struct arena *a, struct report_item *it, uint64_t scale)
{
    static const char *const label[] = {
        "Каждую неделю",
        "Два-три раза в месяц, по договорённости с наставником",
        "Раз в месяц или реже",
        "Пока не встречались",
    };
    static const uint64_t count[] = {6, 9, 5, 0};
    struct chart *c = new_chart(a, CHART_KIND_BARS, it->heading);
    struct chart_bar *bar = must(arena_array(a, 4, sizeof(*bar)));
    for (size_t i = 0; i < 4; i++) {
        char words[64];
        (void)snprintf(words, sizeof(words), "%s (%s\xC2\xA0%%)",
                       number_text(a, (double)(count[i] * scale), 0),
                       number_text(a, (double)count[i] * 5.0, 0));
        bar[i] = (struct chart_bar){label[i], (double)(count[i] * scale),
                                    text(a, words), i < 2};
    }
    c->u.bars = (struct chart_bars){bar, 4, 0.0};
    struct proportion p = proportion_of(9 * scale, 20 * scale, INTERVAL_LEVEL);
    struct buf b;
    buf_init(&b, 4096);
    sentence_most_frequent(&b, LANG, label[1], &p, false);
    it->text = text(a, b.data);
    it->base = "n = 20";
    it->chart = c;
    it->label_head = "Ответ";
    it->value_head = "Ответов";
    buf_deinit(&b);
}

static void
likert_item(struct arena *a, struct report_item *it)
{
    static const char *const segment[] = {"совсем нет", "скорее нет",
                                          "и да, и нет", "скорее да", "да"};
    static const struct {
        const char *label;
        int percent[5];
    } row[] = {
        {"Мне комфортно работать с наставником", {0, 5, 15, 45, 35}},
        {"Встречи помогают мне в группе с детьми", {5, 10, 15, 40, 30}},
        {"Времени на открытые занятия хватает", {30, 40, 10, 15, 5}},
        {"Я знаю, к кому обратиться", {0, 0, 10, 30, 60}},
    };
    struct chart *c = new_chart(a, CHART_KIND_DIVERGING, it->heading);
    struct chart_diverging_row *out = must(arena_array(a, 4, sizeof(*out)));
    for (size_t i = 0; i < 4; i++) {
        out[i].label = row[i].label;
        char words[16];
        for (size_t s = 0; s < 5; s++) {
            out[i].share[s] = row[i].percent[s] / 100.0;
            (void)snprintf(words, sizeof(words), "%d\xC2\xA0%%",
                           row[i].percent[s]);
            out[i].text[s] = text(a, words);
        }
        (void)snprintf(words, sizeof(words), "%d\xC2\xA0%%",
                       row[i].percent[0] + row[i].percent[1]);
        out[i].low_text = text(a, words);
        (void)snprintf(words, sizeof(words), "%d\xC2\xA0%%",
                       row[i].percent[3] + row[i].percent[4]);
        out[i].high_text = text(a, words);
    }
    c->u.diverging = (struct chart_diverging){out, 4, segment, 5};
    it->base = "n = 20";
    it->text = "Больше всего не хватает времени на открытые занятия: об этом"
               " говорят 14 из 20.";
    it->chart = c;
    it->label_head = "Утверждение";
}

static void
change_item(struct arena *a, struct report_item *it, uint64_t scale)
{
    struct tally before = scale_tally(a, 6.1, scale);
    struct tally after = scale_tally(a, 7.9, scale);
    struct compare cmp;
    struct describe d[2];
    describe_tally(&before, INTERVAL_LEVEL, &d[0]);
    describe_tally(&after, INTERVAL_LEVEL, &d[1]);
    if (compare_unlinked(&before, &after, INTERVAL_LEVEL, &cmp) != STATUS_OK) {
        abort();
    }
    struct chart *c = new_chart(a, CHART_KIND_DOTS, it->heading);
    struct chart_dot *dot = must(arena_array(a, 2, sizeof(*dot)));
    static const char *const label[] = {"до, осень 2026", "после, весна 2027"};
    for (size_t i = 0; i < 2; i++) {
        char words[96];
        (void)snprintf(words, sizeof(words), "%s (%s–%s)",
                       number_text(a, d[i].mean, 1),
                       number_text(a, d[i].mean_interval.low, 1),
                       number_text(a, d[i].mean_interval.high, 1));
        dot[i] = (struct chart_dot){label[i], d[i].mean, d[i].mean_interval,
                                    text(a, words), i == 0};
    }
    c->u.dots = (struct chart_dots){dot, 2, 1.0, SCALE_TOP, 1.0};
    struct buf b;
    buf_init(&b, 4096);
    sentence_change(&b, LANG, &cmp, d[0].mean, d[1].mean, cmp.test.p);
    it->text = text(a, b.data);
    it->base = "осень n = 20, весна n = 20";
    it->chart = c;
    it->label_head = "Волна";
    it->value_head = "Среднее и интервал";
    buf_deinit(&b);
}

static void
line_item(struct arena *a, struct report_item *it)
{
    static const char *const month[] = {"сен", "окт", "ноя", "дек",
                                        "янв", "фев", "мар", "апр"};
    static const double held[] = {4, 11, 14, 9, 6, 13, 15, 12};
    struct chart *c = new_chart(a, CHART_KIND_LINE, it->heading);
    struct chart_point *p = must(arena_array(a, 8, sizeof(*p)));
    for (size_t i = 0; i < 8; i++) {
        p[i] =
            (struct chart_point){month[i], held[i], number_text(a, held[i], 0)};
    }
    c->u.line = (struct chart_line){p, 8};
    it->text = "Проведено 84 встречи из 96 запланированных.";
    it->chart = c;
    it->label_head = "Месяц";
    it->value_head = "Встреч";
}

static void
hidden_item(struct arena *a, struct report_item *it)
{
    struct buf b;
    buf_init(&b, 1024);
    sentence_hidden(&b, LANG, SUPPRESS_TOO_FEW, SUPPRESS_K);
    it->text = text(a, b.data);
    buf_deinit(&b);
}

static const char *const quotes[] = {
    "Хочется чаще бывать на занятиях наставника и разбирать их сразу после.",
    "Больше времени в расписании.",
    "Спасибо за терпение и за то, что можно спросить в любую минуту!",
};

static void
fill_item(struct arena *a, struct report_item *it, size_t i, uint64_t scale)
{
    static const char *const heading[] = {
        "Насколько полезны вам встречи с наставником?",
        "Как часто вы встречаетесь?",
        "Насколько вы согласны с утверждениями?",
        "Поддержка наставника: до и после",
        "Встречи по месяцам",
        "Что вы думаете о пользе программы для адаптации в детском саду?",
        "Что добавить в программу?"};
    static const char *const part[] = {
        "Работа в парах", NULL, NULL, "Изменения", NULL, NULL, NULL};
    size_t kind = i % 7;
    it->heading = heading[kind];
    it->part = i < 7 ? part[kind] : NULL;
    switch (kind) {
    case 0:
        scale_item(a, it, 7.6 - (double)i / 70.0, scale);
        break;
    case 1:
        choice_item(a, it, scale);
        break;
    case 2:
        likert_item(a, it);
        break;
    case 3:
        change_item(a, it, scale);
        break;
    case 4:
        line_item(a, it);
        break;
    case 5:
        hidden_item(a, it);
        break;
    default:
        it->base = "14 ответов, порядок случайный";
        it->quotes = (struct report_list){quotes, 3};
        break;
    }
}

void
sample_report_init(struct sample_report *s, size_t items, uint64_t scale)
{
    static const struct report_figure figure[] = {
        {"20", "ответов из 23 приглашённых"},
        {"87\xC2\xA0%", "доля ответивших"},
        {"7,8", "средняя оценка, скорее всего от 7,0 до 8,6"},
    };
    static const char *const strengths[] = {
        "Наставляемым комфортно работать с наставником (16 из 20).",
        "Встречи проходят регулярно."};
    static const char *const weaknesses[] = {
        "Не хватает времени на открытые занятия (14 из 20)."};
    static const char *const opportunities[] = {
        "Методические дни района.", "Обмен с соседним детским садом."};
    arena_init(&s->arena, (size_t)16 << 20);
    struct report_item *item =
        must(arena_array(&s->arena, items + 1, sizeof(*item)));
    for (size_t i = 0; i < items; i++) {
        fill_item(&s->arena, &item[i], i, scale);
    }
    s->report = (struct report){
        .lang = LANG,
        .organisation = "ГБДОУ детский сад № 5 Приморского района",
        .title = "Удовлетворённость наставляемых",
        .subtitle = "Весна 2027 года, волна 2 из 2, анонимно",
        .date = "20 мая 2027 года",
        .lead = "15 из 20 довольны программой (7 и выше из 10). Ответов мало:"
                " настоящая доля может быть от 53 до 89\xC2\xA0%. По сравнению"
                " с осенью оценка поддержки выросла с 6,1 до 7,9; такая"
                " разница едва ли случайна. Больше всего не хватает времени на"
                " открытые занятия.",
        .figure = figure,
        .figures = 3,
        .item = item,
        .items = items,
        .swot = {{strengths, 2},
                 {weaknesses, 1},
                 {opportunities, 2},
                 {NULL, 0}},
        .method = {23, 20, 5, 10, CUT, SCALE_TOP, true},
    };
}

void
sample_report_deinit(struct sample_report *s)
{
    arena_deinit(&s->arena);
}

void
sample_report_locale(void)
{
    char path[4096];
    const char *build = getenv("ANKETA_BUILD"); /* NOLINT: before threads */
    (void)snprintf(path, sizeof(path), "%s/locale", build ? build : ".");
    if (i18n_init(path) < 0) {
        (void)fputs("without the Russian texts\n", stderr);
    }
}
