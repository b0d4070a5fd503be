#include "collector/web/control.h"

#include <inttypes.h>
#include <stdio.h>

#define ID_MAX_BYTES 80
#define NUMBER_BYTES 24

void
control_form(struct visit *v, const char *action, bool with_file)
{
    struct html *h = &v->html;
    html_open(h, "form");
    html_attr(h, "class", "stack");
    html_attr(h, "method", "post");
    html_attr_url(h, "action", action);
    if (with_file) {
        html_attr(h, "enctype", "multipart/form-data");
    }
    page_csrf(h, &v->page);
}

void
control_form_bare(struct visit *v, const char *action)
{
    struct html *h = &v->html;
    html_open(h, "form");
    html_attr(h, "method", "post");
    html_attr_url(h, "action", action);
    page_csrf(h, &v->page);
}

void
control_form_end(struct visit *v)
{
    html_close(&v->html, "form");
}

void
control_action(struct visit *v, const char *action, const char *name,
               const char *value, const char *label, const char *look)
{
    control_form_bare(v, action);
    if (name) {
        control_hidden(v, name, value);
    }
    html_element(&v->html, "button", look, label);
    control_form_end(v);
}

void
control_link(struct visit *v, const char *href, const char *label, bool primary)
{
    html_open(&v->html, "a");
    html_attr(&v->html, "class", primary ? "button primary" : "button");
    html_attr_url(&v->html, "href", href);
    html_text(&v->html, label);
    html_close(&v->html, "a");
}

void
control_see(struct visit *v, const char *href, const char *label)
{
    html_open(&v->html, "p");
    html_open(&v->html, "a");
    html_attr_url(&v->html, "href", href);
    html_text(&v->html, label);
    html_close(&v->html, "a");
    html_close(&v->html, "p");
}

static void
label_for(struct visit *v, const char *name, const char *label)
{
    html_open(&v->html, "label");
    html_attr(&v->html, "for", name);
    html_text(&v->html, label);
    html_close(&v->html, "label");
}

static void
help_for(struct visit *v, const char *id, const char *help)
{
    html_open(&v->html, "p");
    html_attr(&v->html, "class", "help");
    html_attr(&v->html, "id", id);
    html_text(&v->html, help);
    html_close(&v->html, "p");
}

void
control_input(struct visit *v, const struct control *c)
{
    struct html *h = &v->html;
    char id[ID_MAX_BYTES];
    (void)snprintf(id, sizeof(id), "%.60s-help", c->name);
    html_open(h, "div");
    label_for(v, c->name, c->label);
    html_void(h, "input");
    html_attr(h, "id", c->name);
    html_attr(h, "name", c->name);
    html_attr(h, "type", c->type);
    if (c->value) {
        html_attr(h, "value", c->value);
    }
    if (c->autocomplete) {
        html_attr(h, "autocomplete", c->autocomplete);
    }
    if (c->accept) {
        html_attr(h, "accept", c->accept);
    }
    if (c->help) {
        html_attr(h, "aria-describedby", id);
    }
    html_attr_flag(h, "required", c->required);
    html_attr_flag(h, "multiple", c->multiple);
    if (c->help) {
        help_for(v, id, c->help);
    }
    html_close(h, "div");
}

void
control_area(struct visit *v, const struct control *c, int rows)
{
    struct html *h = &v->html;
    char id[ID_MAX_BYTES];
    (void)snprintf(id, sizeof(id), "%.60s-help", c->name);
    html_open(h, "div");
    label_for(v, c->name, c->label);
    html_open(h, "textarea");
    html_attr(h, "id", c->name);
    html_attr(h, "name", c->name);
    html_attr_int(h, "rows", rows);
    if (c->max_chars > 0) {
        html_attr_int(h, "maxlength", c->max_chars);
    }
    if (c->help) {
        html_attr(h, "aria-describedby", id);
    }
    html_attr_flag(h, "required", c->required);
    /* A line break after the tag is not part of the text. */
    html_text(h, "\n");
    html_text(h, c->value ? c->value : "");
    html_close(h, "textarea");
    if (c->help) {
        help_for(v, id, c->help);
    }
    html_close(h, "div");
}

void
control_checkbox(struct visit *v, const char *name, const char *label,
                 const char *help, bool checked)
{
    struct html *h = &v->html;
    char id[ID_MAX_BYTES];
    (void)snprintf(id, sizeof(id), "%.60s-help", name);
    html_open(h, "div");
    html_attr(h, "class", "check");
    html_void(h, "input");
    html_attr(h, "type", "checkbox");
    html_attr(h, "id", name);
    html_attr(h, "name", name);
    html_attr(h, "value", "1");
    html_attr_flag(h, "checked", checked);
    if (help) {
        html_attr(h, "aria-describedby", id);
    }
    label_for(v, name, label);
    if (help) {
        help_for(v, id, help);
    }
    html_close(h, "div");
}

void
control_hidden(struct visit *v, const char *name, const char *value)
{
    html_void(&v->html, "input");
    html_attr(&v->html, "type", "hidden");
    html_attr(&v->html, "name", name);
    html_attr(&v->html, "value", value);
}

void
control_card(struct visit *v, const char *href, const char *title)
{
    struct html *h = &v->html;
    html_open(h, "li");
    html_attr(h, "class", "card");
    html_open(h, "h2");
    if (href) {
        html_open(h, "a");
        html_attr_url(h, "href", href);
    }
    html_text(h, title);
    if (href) {
        html_close(h, "a");
    }
    html_close(h, "h2");
}

void
control_select_begin(struct visit *v, const char *name, const char *label)
{
    struct html *h = &v->html;
    html_open(h, "div");
    label_for(v, name, label);
    html_open(h, "select");
    html_attr(h, "id", name);
    html_attr(h, "name", name);
}

void
control_select_option(struct visit *v, const char *value, const char *label)
{
    struct html *h = &v->html;
    html_open(h, "option");
    html_attr(h, "value", value);
    html_text(h, label);
    html_close(h, "option");
}

void
control_select_person(struct visit *v, int64_t id, const char *name)
{
    char value[NUMBER_BYTES];
    (void)snprintf(value, sizeof(value), "%" PRId64, id);
    control_select_option(v, value, name);
}

void
control_select_end(struct visit *v)
{
    html_close(&v->html, "select");
    html_close(&v->html, "div");
}

void
control_select(struct visit *v, const char *name, const char *label,
               const struct control_option *option, size_t count)
{
    control_select_begin(v, name, label);
    for (size_t i = 0; i < count; i++) {
        control_select_option(v, option[i].value, option[i].label);
    }
    control_select_end(v);
}

void
control_secret(struct visit *v, const char *about, const char *secret,
               bool large)
{
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "closed");
    html_element(&v->html, "p", NULL, about);
    html_open(&v->html, "p");
    if (large) {
        html_attr(&v->html, "class", "code");
        html_text(&v->html, secret);
    } else {
        html_element(&v->html, "code", NULL, secret);
    }
    html_close(&v->html, "p");
    html_close(&v->html, "div");
}

void
control_fault(struct visit *v, const char *fault)
{
    if (!fault) {
        return;
    }
    html_open(&v->html, "div");
    html_attr(&v->html, "class", "faults");
    html_attr(&v->html, "role", "alert");
    html_element(&v->html, "p", NULL, fault);
    html_close(&v->html, "div");
}

void
control_table(struct visit *v, const char *label, const char *const *head,
              size_t count)
{
    struct html *h = &v->html;
    html_open(h, "div");
    html_attr(h, "class", "scroll");
    html_attr(h, "tabindex", "0");
    html_attr(h, "role", "region");
    html_attr(h, "aria-label", label);
    html_open(h, "table");
    if (count == 0) {
        return;
    }
    html_open(h, "tr");
    for (size_t i = 0; i < count; i++) {
        html_open(h, "th");
        html_attr(h, "scope", "col");
        html_text(h, visit_text(v, head[i]));
        html_close(h, "th");
    }
    html_close(h, "tr");
}

void
control_table_end(struct visit *v)
{
    html_close(&v->html, "table");
    html_close(&v->html, "div");
}

void
control_button(struct visit *v, const char *label, bool primary)
{
    html_open(&v->html, "div");
    html_open(&v->html, "button");
    if (primary) {
        html_attr(&v->html, "class", "primary");
    }
    html_text(&v->html, label);
    html_close(&v->html, "button");
    html_close(&v->html, "div");
}
