#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "form/load.h"
#include "form/vec.h"

#define NS_XFORMS "http://www.w3.org/2002/xforms"

static void
failed(struct load *l, enum status st)
{
    if (l->st == STATUS_OK && st < 0) {
        l->st = st;
        if (st == STATUS_E_LIMIT) {
            load_fail(l, N_("The form is larger than this program accepts."),
                      "");
        }
    }
}

/* ------------------------------------------------------------------ itext */

static uint32_t
start_translation(struct load *l)
{
    struct form *f = l->form;
    const char *lang = load_attribute(l, "lang");
    const char *is_default = load_attribute(l, "default");
    if (f->lang_count == MODEL_LANGS_MAX) {
        failed(l, STATUS_E_LIMIT);
        return 0;
    }
    f->lang[f->lang_count] = lang ? lang : "";
    if (is_default && strstr(is_default, "true")) {
        f->lang_default = f->lang_count;
    }
    return f->lang_count++;
}

static struct model_text *
text_slot(struct load *l, uint32_t lang)
{
    struct form *f = l->form;
    enum status st = vec_reserve(&f->itext[lang], &f->itext_cap[lang],
                                 (size_t)l->text_id + 1,
                                 sizeof(struct model_text *), NAMES_MAX);
    if (st < 0) {
        failed(l, st);
        return NULL;
    }
    return f->itext[lang][l->text_id];
}

static void
start_text(struct load *l, uint32_t lang)
{
    struct form *f = l->form;
    const char *id = load_attribute(l, "id");
    id = id ? id : "";
    failed(l, names_add(&f->itext_ids, &f->arena, id, strlen(id), &l->text_id));
    if (l->st < 0) {
        return;
    }
    uint32_t before = f->itext_cap[lang];
    (void)text_slot(l, lang);
    if (l->st < 0) {
        return;
    }
    for (uint32_t i = before; i < f->itext_cap[lang]; i++) {
        f->itext[lang][i] = NULL;
    }
    struct model_text *t = arena_alloc(&f->arena, sizeof(*t));
    if (!t) {
        failed(l, STATUS_E_NOMEM);
        return;
    }
    t->context = MODEL_NONE;
    f->itext[lang][l->text_id] = t;
}

static void
start_value(struct load *l)
{
    static const struct {
        const char *name;
        enum load_text_form form;
    } forms[] = {{"short", LOAD_FORM_SHORT},
                 {"long", LOAD_FORM_PLAIN},
                 {"guidance", LOAD_FORM_GUIDANCE},
                 {"image", LOAD_FORM_IMAGE},
                 {"audio", LOAD_FORM_AUDIO}};
    const char *form = load_attribute(l, "form");
    l->text_form = LOAD_FORM_PLAIN;
    if (!form) {
        return;
    }
    l->text_form = LOAD_FORM_OTHER;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (strcmp(form, forms[i].name) == 0) {
            l->text_form = forms[i].form;
        }
    }
}

/* File name of "jr://images/x.png". */
static const char *
media_name(const struct model_piece *p)
{
    const char *slash = p ? strrchr(p->text, '/') : NULL;
    return slash ? slash + 1 : p ? p->text : NULL;
}

static void
end_value(struct load *l, uint32_t lang)
{
    struct model_text *t = l->form->itext[lang][l->text_id];
    struct model_piece *pieces = load_take_pieces(l);
    switch ((int)l->text_form) {
    case LOAD_FORM_PLAIN:
        t->plain = pieces;
        break;
    case LOAD_FORM_SHORT:
        t->plain = t->plain ? t->plain : pieces;
        break;
    case LOAD_FORM_GUIDANCE:
        t->guidance = pieces;
        break;
    case LOAD_FORM_IMAGE:
        t->image = media_name(pieces);
        break;
    case LOAD_FORM_AUDIO:
        t->audio = media_name(pieces);
        break;
    default:
        break;
    }
}

/* -------------------------------------------------------- primary instance */

static void
add_start(struct load *l, enum model_start_kind kind, uint32_t def,
          const char *text)
{
    struct form *f = l->form;
    enum status st =
        vec_reserve(&f->start, &f->start_cap, (size_t)f->start_count + 1,
                    sizeof(*f->start), (size_t)MODEL_DEFS_MAX * 3);
    if (st < 0) {
        failed(l, st);
        return;
    }
    f->start[f->start_count++] = (struct model_start){kind, def, text};
}

/* The submission's root declares each prefix that its names use. */
static void
note_prefix(struct load *l, const char *prefix, const char *uri)
{
    if (!uri || (!prefix && strcmp(uri, NS_XFORMS) == 0)) {
        return;
    }
    char start[80];
    int len = snprintf(start, sizeof(start), " xmlns%s%s=\"", prefix ? ":" : "",
                       prefix ? prefix : "");
    if (len < 0 || (size_t)len >= sizeof(start)) {
        return;
    }
    if (!strstr(l->prefixes.data, start)) {
        buf_puts(&l->prefixes, start);
        for (const char *at = uri; *at; at++) {
            if (*at == '&' || *at == '<' || *at == '"') {
                buf_printf(&l->prefixes, "&#%d;", *at);
            } else {
                buf_putc(&l->prefixes, *at);
            }
        }
        buf_putc(&l->prefixes, '"');
        failed(l, buf_status(&l->prefixes));
    }
}

static const char *
qualified(struct load *l, const char *mark, const char *prefix,
          const char *name, char out[512])
{
    size_t mark_len = strlen(mark);
    size_t prefix_len = prefix ? strlen(prefix) : 0;
    size_t name_len = strlen(name);
    if (mark_len + prefix_len + name_len + 2 > 250) {
        load_fail(l, N_("A name is too long"), name);
        return "";
    }
    memcpy(out, mark, mark_len + 1);
    size_t at = mark_len;
    if (prefix_len > 0) {
        memcpy(out + at, prefix, prefix_len + 1);
        at += prefix_len;
        out[at++] = ':';
    }
    memcpy(out + at, name, name_len + 1);
    return out;
}

static void
primary_attributes(struct load *l, uint32_t def, bool *out_template)
{
    char name[512];
    for (uint32_t i = 0; i < l->attr_count && l->st == STATUS_OK; i++) {
        const struct load_attr *a = &l->attr[i];
        if (strcmp(a->name, "template") == 0 && a->prefix) {
            *out_template = true;
            continue;
        }
        const char *full = qualified(l, "@", a->prefix, a->name, name);
        uint32_t attribute = MODEL_NONE;
        for (uint32_t c = l->form->def[def].child; c != MODEL_NONE;
             c = l->form->def[c].next) {
            if (strcmp(l->form->def[c].name, full) == 0) {
                attribute = c;
            }
        }
        if (attribute == MODEL_NONE && l->st == STATUS_OK) {
            failed(l, model_add_def(l->form, def, full, &attribute));
            if (l->st < 0) {
                return;
            }
            note_prefix(l, a->prefix, a->prefix ? a->uri : NULL);
            l->form->def[attribute].initial = load_copy(l, a->value, a->len);
        }
    }
}

static struct load_frame
start_primary(struct load *l, const struct load_frame *parent, const char *name,
              const char *prefix, const char *uri)
{
    struct form *f = l->form;
    char full[512];
    struct load_frame frame = {LOAD_PRIMARY, MODEL_NONE, parent->template};
    uint32_t above = parent->state == LOAD_PRIMARY ? parent->index : MODEL_NONE;
    if (above == MODEL_NONE && f->def_count > 0) {
        frame.state = LOAD_SKIP; /* only one root */
        return frame;
    }
    uint32_t def = model_child_named(f, above, name);
    bool template = false;
    if (def == MODEL_NONE) {
        (void)qualified(l, "", prefix, name, full);
        if (l->st == STATUS_OK) {
            failed(l, model_add_def(f, above, full, &def));
        }
        note_prefix(l, prefix, uri);
    }
    if (l->st < 0) {
        return frame;
    }
    primary_attributes(l, def, &template);
    if (template) {
        f->def[def].seen_template = true;
    }
    frame.template = parent->template || template;
    frame.index = def;
    if (!frame.template) {
        add_start(l, MODEL_START_OPEN, def, NULL);
    }
    return frame;
}

static void
end_primary(struct load *l, const struct load_frame *frame)
{
    struct model_def *d = &l->form->def[frame->index];
    const char *text = "";
    bool leaf = !d->group;
    if (leaf && l->text.len > 0) {
        text = load_copy(l, l->text.data, l->text.len);
        if (text[strspn(text, " \t\r\n")] == '\0') {
            text = "";
        }
    }
    if (*text && (frame->template || !*d->initial)) {
        d->initial = text;
    }
    if (!frame->template) {
        if (leaf) {
            add_start(l, MODEL_START_TEXT, frame->index, text);
        }
        add_start(l, MODEL_START_CLOSE, frame->index, NULL);
    }
}

/* ------------------------------------------------------ secondary instances */

static const char *
file_name(const char *src)
{
    const char *slash = strrchr(src, '/');
    return slash ? slash + 1 : src;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t len = strlen(text);
    size_t end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Answers that need a file that is not there, or is of a kind that this device
 * does not use (GeoJSON), stay empty; the form itself is sound. */
static void
warn_no_rows(struct load *l, const struct secondary *s)
{
    struct diag_where where = {.row = load_line(l)};
    (void)diag_add(l->d, DIAG_WARNING, &where,
                   N_("The form needs the file “%.100s”. Add it to the form."),
                   file_name(s->src));
}

static void
read_external(struct load *l, struct secondary *s)
{
    struct buf file;
    bool table = strstr(s->src, "jr://file-csv/") != NULL;
    if (!table && !ends_with(s->src, ".xml")) {
        warn_no_rows(l, s);
        return;
    }
    buf_init(&file, SECONDARY_FILE_MAX_BYTES);
    enum status st =
        l->env && l->env->read_file
            ? l->env->read_file(l->env->self, file_name(s->src), &file)
            : STATUS_E_NOT_FOUND;
    if (st == STATUS_OK) {
        st = buf_status(&file);
    }
    if (st == STATUS_E_NOT_FOUND) {
        warn_no_rows(l, s);
    } else if (st < 0) {
        failed(l, st);
    } else if (table) {
        failed(l, secondary_read_csv(s, &l->form->names, &l->form->arena, &file,
                                     l->d));
    } else {
        failed(l, load_external_xml(l, s, &file));
    }
    buf_deinit(&file);
}

static struct load_frame
start_instance(struct load *l)
{
    struct form *f = l->form;
    struct load_frame frame = {LOAD_SKIP, 0, false};
    if (!l->primary_seen) {
        l->primary_seen = true;
        frame.state = LOAD_INSTANCE;
        return frame;
    }
    const char *id = load_attribute(l, "id");
    const char *src = load_attribute(l, "src");
    struct secondary *s = malloc(sizeof(*s));
    if (!s) {
        failed(l, log_oom("form"));
        return frame;
    }
    enum status st = vec_reserve(&f->secondary, &f->secondary_cap,
                                 (size_t)f->secondary_count + 1,
                                 sizeof(struct secondary *), MODEL_DEFS_MAX);
    if (st < 0) {
        free(s);
        failed(l, st);
        return frame;
    }
    st = secondary_init(s, id ? id : "", src);
    f->secondary[f->secondary_count++] = s;
    failed(l, st);
    frame.state = LOAD_SECONDARY;
    l->secondary = s;
    if (src && l->st == STATUS_OK
        && (strstr(src, "jr://file-csv/") || strstr(src, "jr://file/"))) {
        read_external(l, s);
        frame.state = LOAD_SKIP;
    }
    return frame;
}

static struct load_frame
start_secondary(struct load *l, const struct load_frame *parent,
                const char *name)
{
    struct load_frame frame = {LOAD_SECONDARY, 0, false};
    uint32_t index = 0;
    failed(l, names_add(&l->form->names, &l->form->arena, name, strlen(name),
                        &index));
    if (l->st == STATUS_OK) {
        failed(l, secondary_open(l->secondary, parent->index, index,
                                 &frame.index));
    }
    return frame;
}

static void
end_secondary(struct load *l, const struct load_frame *frame)
{
    struct secondary *s = l->secondary;
    secondary_close(s, frame->index);
    if (s->node[frame->index].end == frame->index + 1 && frame->index > 0) {
        failed(l,
               secondary_set_text(s, frame->index, l->text.data, l->text.len));
    }
}

/* ----------------------------------------------------------- bind, actions */

static enum form_type
type_named(const char *type)
{
    static const struct {
        const char *name;
        enum form_type type;
    } types[] = {
        {"int", FORM_TYPE_INTEGER},       {"integer", FORM_TYPE_INTEGER},
        {"decimal", FORM_TYPE_DECIMAL},   {"boolean", FORM_TYPE_BOOLEAN},
        {"date", FORM_TYPE_DATE},         {"time", FORM_TYPE_TIME},
        {"dateTime", FORM_TYPE_DATETIME}, {"rank", FORM_TYPE_RANK},
        {"geopoint", FORM_TYPE_OPAQUE},   {"geotrace", FORM_TYPE_OPAQUE},
        {"geoshape", FORM_TYPE_OPAQUE},   {"binary", FORM_TYPE_OPAQUE},
        {"barcode", FORM_TYPE_OPAQUE},    {"intent", FORM_TYPE_OPAQUE},
    };
    const char *colon = type ? strchr(type, ':') : NULL;
    type = colon ? colon + 1 : type;
    for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(type, types[i].name) == 0) {
            return types[i].type;
        }
    }
    return FORM_TYPE_STRING;
}

static enum model_preload
preload_named(const char *preload, const char *params)
{
    if (!preload) {
        return MODEL_PRELOAD_NONE;
    }
    if (strcmp(preload, "uid") == 0) {
        return MODEL_PRELOAD_UID;
    }
    if (strcmp(preload, "property") == 0) {
        return MODEL_PRELOAD_PROPERTY;
    }
    if (strcmp(preload, "date") == 0 && params
        && strcmp(params, "today") == 0) {
        return MODEL_PRELOAD_TODAY;
    }
    if (strcmp(preload, "timestamp") == 0 && params) {
        return strcmp(params, "end") == 0 ? MODEL_PRELOAD_END
                                          : MODEL_PRELOAD_START;
    }
    return MODEL_PRELOAD_NONE;
}

/* A message is a text, or jr:itext('id'). */
static void
read_message(struct load *l, const char *name, struct model_label *out)
{
    out->itext = MODEL_NONE;
    const char *message = load_attribute(l, name);
    if (!message) {
        return;
    }
    const char *call = strstr(message, "jr:itext(");
    if (call == message) {
        out->itext_id = message;
        return;
    }
    struct model_text *own = arena_alloc(&l->form->arena, sizeof(*own));
    struct model_piece *piece = arena_alloc(&l->form->arena, sizeof(*piece));
    if (!own || !piece) {
        failed(l, STATUS_E_NOMEM);
        return;
    }
    piece->text = message;
    own->plain = piece;
    own->context = MODEL_NONE;
    out->own = own;
}

static void
read_extensions(struct load *l, struct model_bind *b)
{
    for (uint32_t i = 0; i < l->attr_count; i++) {
        const struct load_attr *a = &l->attr[i];
        if (!a->uri || strcmp(a->uri, FORM_NS_ANKETA) != 0) {
            continue;
        }
        struct model_attr *kept = arena_alloc(&l->form->arena, sizeof(*kept));
        if (!kept) {
            failed(l, STATUS_E_NOMEM);
            return;
        }
        *kept = (struct model_attr){b->extension,
                                    load_copy(l, a->name, strlen(a->name)),
                                    load_copy(l, a->value, a->len)};
        b->extension = kept;
    }
}

static void
start_bind(struct load *l)
{
    struct form *f = l->form;
    enum status st =
        vec_reserve(&f->bind, &f->bind_cap, (size_t)f->bind_count + 1,
                    sizeof(*f->bind), MODEL_DEFS_MAX);
    if (st < 0) {
        failed(l, st);
        return;
    }
    struct model_bind *b = &f->bind[f->bind_count++];
    *b = (struct model_bind){.def = MODEL_NONE, .line = load_line(l)};
    b->nodeset = load_attribute(l, "nodeset");
    b->type = type_named(load_attribute(l, "type"));
    b->source_relevant = load_attribute(l, "relevant");
    b->source_required = load_attribute(l, "required");
    b->source_readonly = load_attribute(l, "readonly");
    b->source_constraint = load_attribute(l, "constraint");
    b->source_calculate = load_attribute(l, "calculate");
    b->property = load_attribute(l, "preloadParams");
    b->preload = preload_named(load_attribute(l, "preload"), b->property);
    read_message(l, "requiredMsg", &b->required_message);
    read_message(l, "constraintMsg", &b->constraint_message);
    read_extensions(l, b);
}

struct load_frame
load_model_start(struct load *l, const struct load_frame *parent,
                 const char *name, const char *prefix, const char *uri)
{
    struct load_frame frame = {LOAD_SKIP, 0, false};
    switch ((int)parent->state) {
    case LOAD_MODEL:
        if (strcmp(name, "itext") == 0) {
            frame.state = LOAD_ITEXT;
        } else if (strcmp(name, "instance") == 0) {
            return start_instance(l);
        } else if (strcmp(name, "bind") == 0) {
            start_bind(l);
            frame.state = LOAD_BIND;
        } else if (strcmp(name, "setvalue") == 0) {
            return load_body_start(l, parent, name);
        }
        return frame;
    case LOAD_ITEXT:
        if (strcmp(name, "translation") == 0) {
            frame.state = LOAD_TRANSLATION;
            frame.index = start_translation(l);
        }
        return frame;
    case LOAD_TRANSLATION:
        if (strcmp(name, "text") == 0) {
            frame.state = LOAD_TEXT;
            frame.index = parent->index;
            start_text(l, parent->index);
        }
        return frame;
    case LOAD_TEXT:
        if (strcmp(name, "value") == 0) {
            frame.state = LOAD_TEXT_VALUE;
            frame.index = parent->index;
            start_value(l);
        }
        return frame;
    case LOAD_INSTANCE:
    case LOAD_PRIMARY:
        return start_primary(l, parent, name, prefix, uri);
    case LOAD_SECONDARY:
        return start_secondary(l, parent, name);
    default:
        return frame;
    }
}

void
load_model_end(struct load *l, const struct load_frame *frame)
{
    if (frame->state == LOAD_TEXT_VALUE) {
        end_value(l, frame->index);
    } else if (frame->state == LOAD_PRIMARY) {
        end_primary(l, frame);
    } else if (frame->state == LOAD_SECONDARY) {
        end_secondary(l, frame);
    }
}
