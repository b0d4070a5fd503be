#include "sample.h"

#include <string.h>

static const struct dataset_value often[] = {
    {1, "weekly", {"Каждую неделю", "Every week"}},
    {2, "monthly", {"Раз в месяц; иногда \"чаще\"", "Once a month"}},
    {3, "never", {NULL, "Never"}},
};

static const struct dataset_column columns[] = {
    {"how_often",
     {"Как часто вы встречаетесь?", "How often do you meet?"},
     DATASET_CHOICE,
     often,
     3,
     true,
     0,
     0},
    {"score", {"Оценка", "Score"}, DATASET_NUMBER, NULL, 0, false, 1, 0},
    {"Score", {"Другая оценка", NULL}, DATASET_NUMBER, NULL, 0, false, 0, 0},
    {"2nd-comment", {NULL, NULL}, DATASET_TEXT, NULL, 0, false, 0, 0},
};

static const struct dataset_cell rows[][4] = {
    {{false, 1, NULL},
     {false, 7.5, NULL},
     {false, 10, NULL},
     {false, 0, "Спасибо, всё хорошо"}},
    {{false, 2, NULL},
     {false, -0.1, NULL},
     {true, 0, NULL},
     {false, 0, "=HYPERLINK(\"http://x\",\"y\")"}},
    {{false, 3, NULL},
     {false, 1e21, NULL},
     {false, -3, NULL},
     {false, 0, "две\nстроки, \"кавычки\""}},
    {{true, 0, NULL}, {true, 0, NULL}, {false, 0, NULL}, {true, 0, NULL}},
    {{false, 1, NULL},
     {false, 1.0 / 3.0, NULL},
     {false, 1, NULL},
     {false, 0, "  @SUM(A1)"}},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static enum status
next(void *self, struct dataset_cell *cell)
{
    struct sample *s = self;
    if (s->at == ROWS) {
        return STATUS_NONE;
    }
    memcpy(cell, rows[s->at++], sizeof(rows[0]));
    return STATUS_OK;
}

void
sample_init(struct sample *s)
{
    *s = (struct sample){
        {"sample_2027",
         {"Удовлетворённость, весна 2027", "Satisfaction, spring 2027"},
         columns,
         sizeof(columns) / sizeof(columns[0]),
         ROWS,
         next,
         NULL,
         s},
        0,
    };
}

static enum status
keep(void *self, const void *data, size_t len)
{
    struct sample_sink *s = self;
    if (s->fail_after > 0 && s->out.len + len > s->fail_after) {
        return STATUS_E_FULL;
    }
    buf_put(&s->out, data, len);
    return buf_status(&s->out);
}

void
sample_sink_init(struct sample_sink *s, size_t fail_after)
{
    *s = (struct sample_sink){{keep, s}, {0}, fail_after};
    buf_init(&s->out, (size_t)8 << 20);
}

void
sample_sink_deinit(struct sample_sink *s)
{
    buf_deinit(&s->out);
}
