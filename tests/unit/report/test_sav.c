/* What is written is read back by the same library's reader; that other
 * programs (PSPP, R) read it too was checked by hand. */
#include "collector/report/sav.h"

#include <stdio.h>
#include <string.h>

#include <readstat.h>

#include "harness/harness.h"
#include "sample.h"

struct seen {
    struct buf text;
};

static int
on_metadata(readstat_metadata_t *m, void *ctx)
{
    struct seen *s = ctx;
    buf_printf(&s->text, "%d x %d %s\n", readstat_get_row_count(m),
               readstat_get_var_count(m), readstat_get_file_label(m));
    return READSTAT_HANDLER_OK;
}

static int
on_variable(int index, readstat_variable_t *v, const char *labels, void *ctx)
{
    (void)index;
    struct seen *s = ctx;
    buf_printf(&s->text, "%s: %s %s %d\n", readstat_variable_get_name(v),
               readstat_variable_get_label(v), labels ? labels : "-",
               (int)readstat_variable_get_measure(v));
    return READSTAT_HANDLER_OK;
}

static int
on_label(const char *set, readstat_value_t value, const char *label, void *ctx)
{
    struct seen *s = ctx;
    buf_printf(&s->text, "%s %g = %s\n", set, readstat_double_value(value),
               label);
    return READSTAT_HANDLER_OK;
}

static int
on_value(int row, readstat_variable_t *v, readstat_value_t value, void *ctx)
{
    struct seen *s = ctx;
    if (readstat_variable_get_index(v) == 0) {
        buf_printf(&s->text, "%d", row);
    }
    if (readstat_value_is_system_missing(value)) {
        buf_puts(&s->text, " ~");
    } else if (readstat_value_type(value) == READSTAT_TYPE_STRING) {
        buf_printf(&s->text, " <%s>\n", readstat_string_value(value));
    } else {
        buf_printf(&s->text, " %.4g", readstat_double_value(value));
    }
    return READSTAT_HANDLER_OK;
}

static void
keeps_labels_in_both_languages(void **state)
{
    (void)state;
    struct sample s;
    struct sample_sink sink;
    struct seen seen;
    char dir[HARNESS_PATH_MAX];
    char path[HARNESS_PATH_MAX + 16];
    sample_init(&s);
    sample_sink_init(&sink, 0);
    buf_init(&seen.text, 1 << 16);
    assert_int_equal(sav_write(&s.dataset, I18N_RU, &sink.sink), STATUS_OK);

    harness_temp_dir(dir);
    (void)snprintf(path, sizeof(path), "%s/sample.sav", dir);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(sink.out.data, 1, sink.out.len, f), sink.out.len);
    assert_int_equal(fclose(f), 0);
    readstat_parser_t *p = readstat_parser_init();
    readstat_set_metadata_handler(p, on_metadata);
    readstat_set_variable_handler(p, on_variable);
    readstat_set_value_label_handler(p, on_label);
    readstat_set_value_handler(p, on_value);
    assert_int_equal(readstat_parse_sav(p, path, &seen), READSTAT_OK);
    readstat_parser_free(p);
    harness_remove_tree(dir);

    assert_string_equal(
        seen.text.data,
        "labels0 1 = Каждую неделю | Every week\n"
        "labels0 2 = Раз в месяц; иногда \"чаще\" | Once a month\n"
        "labels0 3 = Never\n"
        "5 x 4 Удовлетворённость, весна 2027\n"
        "how_often: Как часто вы встречаетесь? | How often do you meet?"
        " labels0 2\n"
        "score: Оценка | Score - 3\n"
        "Score_v3: Другая оценка - 3\n"
        "v_2nd_comment: 2nd-comment - 1\n"
        "0 1 7.5 10 <Спасибо, всё хорошо>\n"
        "1 2 -0.1 ~ <=HYPERLINK(\"http://x\",\"y\")>\n"
        "2 3 1e+21 -3 <две\nстроки, \"кавычки\">\n"
        "3 ~ ~ 0 <>\n"
        "4 1 0.3333 1 <  @SUM(A1)>\n");
    buf_deinit(&seen.text);
    sample_sink_deinit(&sink);
}

static void
refuses_another_number_of_rows(void **state)
{
    (void)state;
    struct sample s;
    struct sample_sink sink;
    sample_init(&s);
    sample_sink_init(&sink, 0);
    s.dataset.rows--;
    assert_int_equal(sav_write(&s.dataset, I18N_RU, &sink.sink),
                     STATUS_E_INVALID);
    sample_sink_deinit(&sink);
}

static void
passes_a_full_disk_on(void **state)
{
    (void)state;
    struct sample s;
    struct sample_sink sink;
    sample_init(&s);
    sample_sink_init(&sink, 100);
    assert_int_equal(sav_write(&s.dataset, I18N_RU, &sink.sink), STATUS_E_FULL);
    sample_sink_deinit(&sink);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_labels_in_both_languages),
        cmocka_unit_test(refuses_another_number_of_rows),
        cmocka_unit_test(passes_a_full_disk_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
