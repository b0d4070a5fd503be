#include "collector/openrosa/openrosa.h"

#include <string.h>

#include "base/markup.h"
#include "collector/http/digest.h"
#include "form/form.h"

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

static void
put_escaped(struct buf *out, const char *text)
{
    markup_put(out, text, strlen(text), MARKUP_TEXT);
}

static void
element(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, "<%s>", name);
    put_escaped(out, text);
    buf_printf(out, "</%s>", name);
}

/* For a path of an address: everything but unreserved characters by number. */
static void
put_path(struct buf *out, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z')
                     || (*at >= '0' && *at <= '9') || strchr("-._~", *at);
        if (plain) {
            buf_putc(out, (char)*at);
        } else {
            buf_printf(out, "%%%02X", *at);
        }
    }
}

struct media {
    struct buf *out;
    const char *base;
    int64_t form;
    size_t count;
};

static enum status
count_media(void *self, const char *name, const void *data, size_t len)
{
    (void)name;
    (void)data;
    (void)len;
    struct media *m = self;
    m->count++;
    return STATUS_OK;
}

static enum status
put_form(struct store *s, const struct store_wave *w,
         const struct openrosa_query *q, struct buf *out)
{
    char md5[DIGEST_MAX_CHARS + 1];
    struct media m = {0};
    struct buf xml;
    buf_init(&xml, FORM_XML_MAX_BYTES);
    enum status st = store_form_xml(s, w->form, &xml);
    if (st == STATUS_OK) {
        st = digest_hex(DIGEST_MD5, xml.data, xml.len, md5);
    }
    if (st == STATUS_OK) {
        st = store_media_each(s, w->form, count_media, &m);
    }
    if (st == STATUS_OK) {
        buf_puts(out, "<xform>");
        element(out, "formID", w->form_id);
        element(out, "name", w->form_title);
        element(out, "version", w->version);
        buf_printf(out, "<hash>md5:%s</hash>", md5);
        if (q->verbose) {
            element(out, "descriptionText",
                    *w->title ? w->title : w->form_title);
        }
        buf_puts(out, "<downloadUrl>");
        put_escaped(out, q->base);
        buf_printf(out, "/form/%lld</downloadUrl>", (long long)w->form);
        if (m.count > 0) {
            buf_puts(out, "<manifestUrl>");
            put_escaped(out, q->base);
            buf_printf(out, "/manifest/%lld</manifestUrl>", (long long)w->form);
        }
        buf_puts(out, "</xform>\n");
    }
    buf_deinit(&xml);
    return st;
}

static bool
is_open_to(const struct store_wave *w, bool person)
{
    return w->closed_ms == 0
           && (w->kind == RECORD_ANONYMOUS
               || (person && w->kind == RECORD_NAMED));
}

/* Each form, or with all versions each version, is listed by the newest of its
 * open waves; waves[] begins with the newest. */
static bool
is_listed(const struct store_wave *waves, size_t i,
          const struct openrosa_query *q)
{
    const struct store_wave *w = &waves[i];
    if (!is_open_to(w, q->person)
        || (q->form_id && strcmp(w->form_id, q->form_id) != 0)) {
        return false;
    }
    for (size_t j = 0; j < i; j++) {
        if (is_open_to(&waves[j], q->person)
            && strcmp(waves[j].form_id, w->form_id) == 0
            && (!q->all_versions || waves[j].form == w->form)) {
            return false;
        }
    }
    return true;
}

enum status
openrosa_form_list(struct store *s, const struct openrosa_query *query,
                   struct buf *out)
{
    struct store_wave *waves = NULL;
    size_t count = 0;
    enum status st = store_waves(s, &waves, &count);
    buf_puts(out, XML "<xforms xmlns=\"http://openrosa.org/xforms/"
                      "xformsList\">\n");
    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        if (is_listed(waves, i, query)) {
            st = put_form(s, &waves[i], query, out);
        }
    }
    buf_puts(out, "</xforms>\n");
    store_waves_free(waves, count);
    return st < 0 ? st : buf_status(out);
}

enum status
openrosa_offers(struct store *s, int64_t form, bool person)
{
    struct store_wave *waves = NULL;
    size_t count = 0;
    bool found = false;
    enum status st = store_waves(s, &waves, &count);
    for (size_t i = 0; st == STATUS_OK && !found && i < count; i++) {
        found = waves[i].form == form && is_open_to(&waves[i], person);
    }
    store_waves_free(waves, count);
    return st < 0 ? st : found ? STATUS_OK : STATUS_NONE;
}

static enum status
put_media(void *self, const char *name, const void *data, size_t len)
{
    struct media *m = self;
    char md5[DIGEST_MAX_CHARS + 1];
    enum status st = digest_hex(DIGEST_MD5, data, len, md5);
    if (st == STATUS_OK) {
        buf_puts(m->out, "<mediaFile>");
        element(m->out, "filename", name);
        buf_printf(m->out, "<hash>md5:%s</hash><downloadUrl>", md5);
        put_escaped(m->out, m->base);
        buf_printf(m->out, "/media/%lld/", (long long)m->form);
        put_path(m->out, name);
        buf_puts(m->out, "</downloadUrl></mediaFile>\n");
    }
    return st;
}

enum status
openrosa_manifest(struct store *s, int64_t form, const char *base,
                  struct buf *out)
{
    struct media m = {.out = out, .base = base, .form = form};
    buf_puts(out, XML "<manifest xmlns=\"http://openrosa.org/xforms/"
                      "xformsManifest\">\n");
    enum status st = store_media_each(s, form, put_media, &m);
    buf_puts(out, "</manifest>\n");
    return st < 0 ? st : buf_status(out);
}

void
openrosa_message(const char *nature, const char *text, struct buf *out)
{
    buf_printf(out,
               XML "<OpenRosaResponse xmlns=\"http://openrosa.org/http/"
                   "response\" items=\"0\"><message nature=\"%s\">",
               nature);
    put_escaped(out, text);
    buf_puts(out, "</message></OpenRosaResponse>\n");
}
