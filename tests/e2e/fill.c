/*
 * Fill: answers from a list, sent through the kiosk's own source.
 *
 *   fill FOLDER FORM_ID
 *
 * For tests that need thousands of answers, where touches would take hours.
 * Standard input holds "name=value" lines and, where the questionnaire asks for
 * a code, "@code"; an empty line is Send. After the commit, and not before,
 * "sent" is printed: what a thank-you page promises. A code that is nobody's, or
 * a slip that was used before, is "refused" as at the code pad.
 */
#include <stdio.h>
#include <string.h>

#include "app/source.h"
#include "base/status.h"
#include "form/filling.h"
#include "form/form.h"

#define LINE_MAX_BYTES 4096

struct desk {
    const struct kiosk_source *source;
    size_t index; /* of the survey asked for */
    struct kiosk_survey survey;
    char code[KIOSK_CODE_DIGITS_MAX + 1];
};

static enum status
find_survey(struct desk *desk, const char *form_id)
{
    void *self = desk->source->self;
    (void)desk->source->refresh(self);
    for (size_t i = 0; i < desk->source->count(self); i++) {
        desk->source->survey(self, i, &desk->survey);
        if (strcmp(desk->survey.form_id, form_id) == 0) {
            desk->index = i;
            desk->survey.form = desk->source->form(self, i);
            return desk->survey.form ? STATUS_OK : STATUS_E_INVALID;
        }
    }
    return STATUS_E_NOT_FOUND;
}

/* The first question of that name. */
static enum status
answer(const struct form *form, struct filling *f, const char *name,
       const char *value)
{
    for (size_t i = 0; i < form_field_count(form); i++) {
        struct form_field field;
        form_field_get(form, i, &field);
        if (strcmp(field.name, name) == 0) {
            struct filling_node *node = filling_find(f, field.path);
            return node ? filling_set(f, node, value) : STATUS_E_NOT_FOUND;
        }
    }
    return STATUS_E_NOT_FOUND;
}

/* One line, without its end. STATUS_NONE: no more lines. */
static enum status
read_line(char line[LINE_MAX_BYTES])
{
    if (!fgets(line, LINE_MAX_BYTES, stdin)) {
        return STATUS_NONE;
    }
    size_t len = strlen(line);
    if (len == 0 || line[len - 1] != '\n') {
        return STATUS_E_LIMIT;
    }
    line[len - 1] = '\0';
    return STATUS_OK;
}

static enum status
take_code(struct desk *desk, const char *code)
{
    if (strlen(code) >= sizeof(desk->code)) {
        return STATUS_E_LIMIT;
    }
    memcpy(desk->code, code, strlen(code) + 1);
    return STATUS_OK;
}

static enum status
take_answer(const struct form *form, struct filling *f, char *line)
{
    char *equals = strchr(line, '=');
    if (!equals) {
        return STATUS_E_INVALID;
    }
    *equals = '\0';
    return answer(form, f, line, equals + 1);
}

/* Answers up to an empty line. STATUS_NONE: the list is at its end. */
static enum status
read_answers(struct desk *desk, struct filling *f)
{
    char line[LINE_MAX_BYTES];
    desk->code[0] = '\0';
    enum status st = read_line(line);
    while (st == STATUS_OK && line[0]) {
        st = line[0] == '@' ? take_code(desk, line + 1)
                            : take_answer(desk->survey.form, f, line);
        if (st < 0) {
            (void)fprintf(stderr, "fill: %s: %s\n", line, status_name(st));
            return st;
        }
        st = read_line(line);
    }
    return st;
}

static enum status
say(const char *word)
{
    return puts(word) < 0 || fflush(stdout) != 0 ? STATUS_E_IO : STATUS_OK;
}

static bool
takes_code(const struct desk *desk)
{
    struct buf name;
    struct buf role;
    buf_init(&name, LINE_MAX_BYTES);
    buf_init(&role, LINE_MAX_BYTES);
    enum status st = STATUS_OK;
    if (desk->survey.kind != RECORD_ANONYMOUS) {
        st = desk->source->check_code(desk->source->self, desk->index,
                                      desk->code, &name, &role);
    }
    buf_deinit(&name);
    buf_deinit(&role);
    return st == STATUS_OK;
}

static enum status
fill_one(struct desk *desk)
{
    const struct filling_env env = {
        .anonymous = desk->survey.kind == RECORD_ANONYMOUS
                     || desk->survey.kind == RECORD_SLIP,
    };
    struct filling *f = NULL;
    size_t violations = 0;

    enum status st = filling_new(desk->survey.form, &env, &f);
    if (st == STATUS_OK) {
        st = read_answers(desk, f);
    }
    if (st == STATUS_OK) {
        (void)filling_violations(f, &violations);
        st = violations > 0 ? STATUS_E_INVALID : STATUS_OK;
    }
    if (st == STATUS_OK && !takes_code(desk)) {
        st = say("refused");
    } else if (st == STATUS_OK) {
        st = desk->source->send(desk->source->self, desk->index, f, desk->code);
        st = st == STATUS_OK ? say("sent") : st;
    }
    filling_free(f);
    return st;
}

int
main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fputs("usage: fill FOLDER FORM_ID\n", stderr);
        return 2;
    }

    struct source *source = NULL;
    struct desk desk = {0};
    enum status st = source_open(argv[1], &source);
    if (st == STATUS_OK) {
        desk.source = source_ops(source);
        st = find_survey(&desk, argv[2]);
    }
    if (st == STATUS_OK) {
        st = say("ready");
    }
    while (st == STATUS_OK) {
        st = fill_one(&desk);
    }
    source_close(source);
    if (st < 0) {
        (void)fprintf(stderr, "fill: %s\n", status_name(st));
    }
    return st < 0 ? 1 : 0;
}
