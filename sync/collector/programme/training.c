#include "collector/programme/training.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "collector/programme/template.h"
#include "collector/programme/training_attendance.h"

#define NUMBER_BYTES 24

const char *
training_kind(int kind)
{
    static const char *const names[TRAINING_KIND_COUNT] = {
        [TRAINING_OPENING] = N_("opening session"),
        [TRAINING_CONSULTATION] = N_("consultation"),
        [TRAINING_EXCHANGE] = N_("exchange among mentors"),
    };
    return kind >= 0 && kind < TRAINING_KIND_COUNT ? names[kind] : "";
}

void
training_form_id(int64_t session, char out[TRAINING_NAME_BYTES])
{
    (void)snprintf(out, TRAINING_NAME_BYTES, "training_%" PRId64, session);
}

void
training_material_file(int64_t number, char out[TRAINING_NAME_BYTES])
{
    (void)snprintf(out, TRAINING_NAME_BYTES, "material-%" PRId64 ".md", number);
}

/* Within a quoted cell. A dollar sign before a brace would refer to a question,
 * a line break would end a label. */
static void
put_cell(struct buf *out, const char *name, const char *value)
{
    (void)name;
    for (char last = '\0'; *value; last = *value++) {
        if (*value == '"') {
            buf_puts(out, "\"\"");
        } else if ((unsigned char)*value < ' ') {
            buf_putc(out, ' ');
        } else if (*value != '{' || last != '$') {
            buf_putc(out, *value);
        }
    }
}

static void
put_materials(const struct training_sheet *sheet,
              const struct template_section *rows, struct buf *out)
{
    for (size_t i = 0; i < sheet->materials; i++) {
        char number[NUMBER_BYTES];
        (void)snprintf(number, sizeof(number), "%" PRId64, sheet->number[i]);
        const struct template_field field[] = {
            {"number", number}, {"material", sheet->material[i]}};
        template_fill(rows->body, rows->body_len, field,
                      sizeof(field) / sizeof(field[0]), put_cell, out);
    }
}

void
training_form(const struct training_sheet *sheet, struct buf *out)
{
    char form_id[TRAINING_NAME_BYTES];
    struct template_section rows;
    training_form_id(sheet->session, form_id);
    const struct template_field field[] = {{"title", sheet->title},
                                           {"when", sheet->when[I18N_RU]},
                                           {"when_en", sheet->when[I18N_EN]},
                                           {"form_id", form_id}};
    const size_t fields = sizeof(field) / sizeof(field[0]);
    if (template_section(training_attendance_csv, "materials", &rows)) {
        template_fill(rows.before, rows.before_len, field, fields, put_cell,
                      out);
        put_materials(sheet, &rows, out);
        template_fill(rows.after, strlen(rows.after), field, fields, put_cell,
                      out);
    }
}
