#include "xlsform/media.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "xlsform/lexer.h"
#include "xlsform/params.h"
#include "xlsform/question.h"

static void
fault(struct survey *s, const struct element *e, const char *text, ...)
    PRINTF_LIKE(3, 4);

static void
fault(struct survey *s, const struct element *e, const char *text, ...)
{
    va_list args;
    va_start(args, text);
    struct diag_where at = survey_where(s, e->row, "parameters", NULL);
    (void)diag_add_args(s->d, DIAG_ERROR, &at, text, args);
    va_end(args);
}

static bool
is_one_of(const char *text, const char *const *list)
{
    for (; *list; list++) {
        if (strcmp(text, *list) == 0) {
            return true;
        }
    }
    return false;
}

static bool
is_integer(const char *text)
{
    const char *t = text + (*text == '-' || *text == '+');
    return *t && strspn(t, "0123456789") == strlen(t);
}

static bool
is_number(const char *text)
{
    char *end = NULL;
    (void)strtod(text, &end);
    return end != text && *end == '\0';
}

/* ---- photos ---- */

/* https://developer.android.com/build/configure-app-module */
static bool
check_package(struct survey *s, const struct element *e, const char *name)
{
    if (!strchr(name, '.')) {
        fault(s, e,
              N_("The parameter app has an invalid Android package name: “%s” "
                 "must have at least one “.” separator."),
              name);
        return false;
    }
    bool start = true;
    for (const char *c = name;; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        bool other = (*c >= '0' && *c <= '9') || *c == '_';
        if (start && !letter) {
            fault(s, e,
                  N_("The parameter app has an invalid Android package name: "
                     "each part of “%s” must start with a letter."),
                  name);
            return false;
        }
        if (*c == '\0') {
            return true;
        }
        if (!letter && !other && *c != '.') {
            fault(s, e,
                  N_("The parameter app has an invalid Android package name: "
                     "“%s” may contain only letters, digits, and "
                     "underscores."),
                  name);
            return false;
        }
        start = *c == '.';
    }
}

static void
add_photo(struct survey *s, struct element *e)
{
    static const char *const accepted[] = {"app", "max-pixels", NULL};
    params_check(s, e->row, e->params, accepted);
    const char *preset = prop_text(e->cells, "default");
    if (preset && !strstr(preset, "jr://images/") && !e->actions) {
        prop_set(s->pool, &e->cells, "default",
                 pool_printf(s->pool, "jr://images/%s", preset));
    }
    const char *pixels = prop_text(e->params, "max-pixels");
    if (pixels && !is_integer(pixels)) {
        fault(s, e,
              N_("Parameter max-pixels must have an integer value, not "
                 "“%s”."),
              pixels);
    } else if (pixels) {
        prop_set_in(s->pool, &e->cells, "bind", "orx:max-pixels", pixels);
    }
    const char *app = prop_text(e->params, "app");
    const char *appearance =
        prop_text(prop_branch(e->cells, "control"), "appearance");
    if (!app || (appearance && strcmp(appearance, "annotate") != 0)) {
        return;
    }
    if (check_package(s, e, app)) {
        prop_set_in(s->pool, &e->cells, "control", "intent", app);
    }
}

/* ---- sound ---- */

static void
add_audio(struct survey *s, struct element *e, bool background)
{
    static const char *const accepted[] = {"quality", NULL};
    static const char *const qualities[] = {"voice-only", "low", "normal",
                                            "external", NULL};
    params_check(s, e->row, e->params, accepted);
    const char *quality = prop_text(e->params, "quality");
    if (background) {
        question_add_action(s, e, "odk:recordaudio", "odk-instance-load", NULL);
    }
    if (!quality) {
        return;
    }
    if (!is_one_of(quality, qualities)
        || (background && strcmp(quality, "external") == 0)) {
        fault(s, e, N_("Invalid value for quality: “%s”."), quality);
        return;
    }
    if (!background) {
        prop_set_in(s->pool, &e->cells, "bind", "odk:quality", quality);
    } else if (e->actions) {
        e->actions->quality = quality;
    }
}

/* ---- places ---- */

static void
add_accuracy(struct survey *s, struct element *e, const char *param,
             const char *attribute)
{
    const char *value = prop_text(e->params, param);
    if (value && !is_number(value)) {
        fault(s, e, N_("The parameter “%s” must have a numeric value."), param);
    } else if (value) {
        prop_set_in(s->pool, &e->cells, "control", attribute, value);
    }
}

static void
add_place(struct survey *s, struct element *e, bool point)
{
    static const char *const for_point[] = {
        "allow-mock-accuracy", "capture-accuracy", "warning-accuracy",
        "reference-geometry", NULL};
    static const char *const for_line[] = {"allow-mock-accuracy", "incremental",
                                           "reference-geometry", NULL};
    static const char *const boolean[] = {"true", "false", NULL};
    params_check(s, e->row, e->params, point ? for_point : for_line);
    const char *mock = prop_text(e->params, "allow-mock-accuracy");
    if (mock && !is_one_of(mock, boolean)) {
        fault(s, e,
              N_("The parameter allow-mock-accuracy must be either true or "
                 "false, not “%s”."),
              mock);
    } else if (mock) {
        prop_set_in(s->pool, &e->cells, "bind", "odk:allow-mock-accuracy",
                    mock);
    }
    const char *steps = prop_text(e->params, "incremental");
    if (steps && survey_yes_no(steps) != 1) {
        fault(s, e,
              N_("The parameter incremental may either be true or not "
                 "included; this is “%s”."),
              steps);
    } else if (steps) {
        prop_set_in(s->pool, &e->cells, "control", "incremental", "true");
    }
    e->itemset = prop_text(e->params, "reference-geometry");
    e->options = e->itemset ? survey_itemset(s, e->itemset) : NULL;
    if (point) {
        add_accuracy(s, e, "capture-accuracy", "accuracyThreshold");
        add_accuracy(s, e, "warning-accuracy", "unacceptableAccuracyThreshold");
    }
}

static void
add_background_place(struct survey *s, const struct element *e)
{
    if (!e->has_trigger) {
        struct diag_where at = survey_where(s, e->row, "trigger", NULL);
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("For background-geopoint questions, the trigger "
                          "column must not be empty."));
    }
    if (prop_text(prop_branch(e->cells, "bind"), "calculate")) {
        struct diag_where at = survey_where(s, e->row, "bind", "calculate");
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("For background-geopoint questions, the calculation "
                          "column must be empty."));
    }
}

void
media_add(struct survey *s, struct element *e)
{
    if (strcmp(e->type, "photo") == 0) {
        add_photo(s, e);
    } else if (strcmp(e->type, "audio") == 0) {
        add_audio(s, e, false);
    } else if (strcmp(e->type, "background-audio") == 0) {
        add_audio(s, e, true);
    } else if (strcmp(e->type, "geopoint") == 0) {
        add_place(s, e, true);
    } else if (strcmp(e->type, "geotrace") == 0
               || strcmp(e->type, "geoshape") == 0) {
        add_place(s, e, false);
    } else if (strcmp(e->type, "start-geopoint") == 0) {
        question_add_action(s, e, "odk:setgeopoint", "odk-instance-first-load",
                            NULL);
    } else if (strcmp(e->type, "background-geopoint") == 0) {
        add_background_place(s, e);
    }
}

/* ---- audit ---- */

static void
add_audit_flag(struct survey *s, struct element *e, const char *key,
               const char *const *values)
{
    const char *value = prop_text(e->params, key);
    if (!value) {
        return;
    }
    if (!is_one_of(value, values)) {
        struct diag_where at = survey_where(s, e->row, "parameters", NULL);
        (void)diag_add(s->d, DIAG_ERROR, &at,
                       N_("%s must be set to %s%s: “%s” is an invalid value."),
                       key, values[0], values[1] ? "/false" : "", value);
        return;
    }
    prop_set_in(s->pool, &e->cells, "bind", pool_printf(s->pool, "odk:%s", key),
                value);
}

static bool
check_seconds(struct survey *s, struct element *e, const char *key)
{
    const char *value = prop_text(e->params, key);
    if (!value || !is_integer(value)) {
        fault(s, e, N_("Parameter %s must have an integer value."), key);
        return false;
    }
    if (strtol(value, NULL, 10) < 0) {
        fault(s, e, N_("Parameter %s must be greater than or equal to zero."),
              key);
        return false;
    }
    return true;
}

static void
add_audit_location(struct survey *s, struct element *e)
{
    static const char *const keys[] = {
        "location-priority", "location-min-interval", "location-max-age"};
    static const char *const priorities[] = {"no-power", "low-power",
                                             "balanced", "high-accuracy", NULL};
    const char *value[3];
    size_t given = 0;
    for (size_t i = 0; i < 3; i++) {
        value[i] = prop_text(e->params, keys[i]);
        given += value[i] != NULL;
    }
    if (given == 0) {
        return;
    }
    if (given < 3) {
        fault(s, e,
              N_("To include location information in the audit, %s are "
                 "required parameters."),
              "location-priority, location-min-interval, location-max-age");
        return;
    }
    if (!is_one_of(value[0], priorities)) {
        fault(s, e,
              N_("Parameter location-priority must be set to no-power, "
                 "low-power, balanced, or high-accuracy: “%s” is an invalid "
                 "value."),
              value[0]);
    }
    bool seconds = check_seconds(s, e, keys[1]);
    seconds = check_seconds(s, e, keys[2]) && seconds;
    if (seconds && strtol(value[2], NULL, 10) < strtol(value[1], NULL, 10)) {
        fault(s, e,
              N_("Parameter %s must be greater than or equal to "
                 "location-min-interval."),
              keys[2]);
    }
    for (size_t i = 0; i < 3; i++) {
        prop_set_in(s->pool, &e->cells, "bind",
                    pool_printf(s->pool, "odk:%s", keys[i]), value[i]);
    }
}

void
media_add_audit(struct survey *s, struct element *e)
{
    static const char *const accepted[] = {"location-priority",
                                           "location-min-interval",
                                           "location-max-age",
                                           "track-changes",
                                           "identify-user",
                                           "track-changes-reasons",
                                           NULL};
    static const char *const boolean[] = {"true", "false", NULL};
    static const char *const reasons[] = {"on-form-edit", NULL};
    params_check(s, e->row, e->params, accepted);
    add_audit_flag(s, e, "track-changes", boolean);
    add_audit_flag(s, e, "track-changes-reasons", reasons);
    add_audit_flag(s, e, "identify-user", boolean);
    add_audit_location(s, e);
}

/* Names of secondary instances that questions bring: files and declared
 * external instances. */
static void
collect_instances(struct survey *s, struct name_map *names)
{
    for (struct element *e = s->root; e; e = survey_next(s->root, e)) {
        const char *name = e->kind == ELEMENT_EXTERNAL ? e->name : NULL;
        const char *dot = e->itemset ? strrchr(e->itemset, '.') : NULL;
        if (dot && e->qtype->control != QTYPE_INPUT) {
            name =
                pool_dup_len(s->pool, e->itemset, (size_t)(dot - e->itemset));
        }
        void **slot = name ? name_map_put(names, s->pool, name) : NULL;
        if (slot) {
            *slot = e;
        }
    }
}

static bool
is_geometry_source(struct survey *s, const struct name_map *instances,
                   const char *text)
{
    const char *name = NULL;
    size_t len = 0;
    bool saved = false;
    if (lexer_reference(text, &name, &len, &saved) > 0) {
        const struct element *target = name_map_get_len(&s->names, name, len);
        return target && target->kind == ELEMENT_REPEAT;
    }
    const struct table *t = s->table[TABLE_ENTITIES];
    for (const struct table_row *row = t ? t->first : NULL; row;
         row = row->next) {
        const char *list = prop_text(row->cells, "dataset");
        if (list && strcmp(list, text) == 0) {
            return true;
        }
    }
    return survey_itemset(s, text) || name_map_get(instances, text);
}

void
media_check_references(struct survey *s)
{
    struct name_map instances = {0};
    collect_instances(s, &instances);
    for (struct element *e = s->root; e; e = survey_next(s->root, e)) {
        const char *text = e->kind == ELEMENT_QUESTION
                               ? prop_text(e->params, "reference-geometry")
                               : NULL;
        if (text && !is_geometry_source(s, &instances, text)) {
            fault(s, e,
                  N_("The reference-geometry parameter must either match a "
                     "secondary instance name (a choices list_name, an "
                     "entities list_name, or the base name of an attached "
                     "file), or be a reference to a repeat; “%s” is neither."),
                  text);
        }
    }
}
