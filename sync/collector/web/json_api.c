#include "collector/web/json_api.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/day.h"
#include "base/log.h"
#include "collector/store/store_desk.h"
#include "collector/web/desk.h"
#include "collector/web/figures.h"
#include "collector/web/monitoring.h"
#include "collector/web/visit.h"

#define DATE_MAX_BYTES 16

/* --- answering ------------------------------------------------------------ */

static void
answer_json(struct response *rs, json_t *root)
{
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    rs->type = "application/json; charset=utf-8";
    buf_clear(&rs->body);
    if (text) {
        buf_puts(&rs->body, text);
        buf_putc(&rs->body, '\n');
    } else {
        rs->status = 500;
    }
    free(text);
    json_decref(root);
}

static void
answer_error(struct response *rs, int status, const char *message)
{
    rs->status = status;
    answer_json(rs, json_pack("{s: {s: i, s: s}}", "error", "status", status,
                              "message", message));
}

void
json_api_explain(struct response *rs)
{
    const char *message = "the request was not understood";
    if (rs->status == 404) {
        message = "there is nothing at this address";
    } else if (rs->status == 405) {
        message = "this address only answers GET";
    } else if (rs->status == 503) {
        message = "the collector is busy: try again in a moment";
    }
    answer_error(rs, rs->status, message);
}

/* --- who asks ------------------------------------------------------------- */

/* Note the day, not the hour: who reads when is nobody's concern. */
static enum status
note_use(struct desk *d, const struct store_token *token)
{
    int64_t day_ms = desk_now_ms(d) / DAY_MS * DAY_MS;
    if (token->used_ms == day_ms) {
        return STATUS_OK;
    }
    struct store *w = desk_writer(d);
    enum status st = store_token_used(w, token->id, day_ms);
    desk_writer_give(d);
    return st;
}

/* STATUS_E_AUTH: no token of ours. */
static enum status
check_token(struct desk *d, struct store *reader, const struct request *rq)
{
    static const char scheme[] = "Bearer " JSON_API_TOKEN_PREFIX;
    const char *given = request_header(rq, "Authorization");
    uint8_t secret[VISIT_TOKEN_BYTES];
    struct seal_hash hash;
    struct store_token token = {0};
    if (!given || strncmp(given, scheme, sizeof(scheme) - 1) != 0
        || !visit_unhex(given + sizeof(scheme) - 1, secret, sizeof(secret))) {
        return STATUS_E_AUTH;
    }
    seal_hash(secret, sizeof(secret), NULL, 0, &hash);
    buf_wipe(secret, sizeof(secret));
    enum status st = store_token_find(reader, &hash, &token);
    if (st == STATUS_OK) {
        st = note_use(d, &token);
    } else if (st == STATUS_NONE) {
        st = STATUS_E_AUTH;
    }
    store_token_clear(&token);
    return st;
}

/* False: answered already. */
static bool
may(struct desk *d, struct store *reader, const struct request *rq,
    struct response *rs)
{
    unsigned long peer = request_peer(rq);
    int64_t mono_ms = clock_mono_ms(d->clock);
    response_header(rs, "Cache-Control", "no-store");
    if (!throttle_allows(&d->sign_in, peer, mono_ms)) {
        answer_error(rs, 429, "too many wrong tokens: wait a few minutes");
        return false;
    }
    enum status st = check_token(d, reader, rq);
    if (st == STATUS_E_AUTH) {
        throttle_wrong(&d->sign_in, peer, mono_ms);
        response_header(rs, "WWW-Authenticate", "Bearer");
        answer_error(rs, 401,
                     "a read token is needed: Authorization: Bearer anketa_…");
    } else if (st < 0) {
        answer_error(rs, 500, "something went wrong in the collector");
    }
    return st == STATUS_OK;
}

/* --- waves ---------------------------------------------------------------- */

static json_t *
day_json(int64_t ms)
{
    char text[DATE_MAX_BYTES];
    struct tm tm;
    time_t s = (time_t)(ms / 1000);
    if (ms <= 0 || !gmtime_r(&s, &tm)
        || strftime(text, sizeof(text), "%Y-%m-%d", &tm) == 0) {
        return json_null();
    }
    return json_string(text);
}

static json_t *
wave_json(const struct store_wave *w)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:I, s:i}",
                     "name", w->name, "title", w->title, "form", w->form_id,
                     "version", w->version, "form_title", w->form_title,
                     "opened", day_json(w->opened_ms), "closed",
                     day_json(w->closed_ms), "invited",
                     w->invited > 0 ? json_integer(w->invited) : json_null(),
                     "answered", (json_int_t)w->answers, "k", w->k);
}

static bool
is_offered(const struct store_wave *w, int64_t now_ms)
{
    return w->closed_ms != 0
           && (w->kind == RECORD_ANONYMOUS || w->kind == RECORD_SLIP)
           && monitoring_state_of(w, now_ms) == MONITORING_SHOWN;
}

void
json_api_waves(void *self, const struct request *rq, struct response *rs)
{
    struct desk *d = self;
    struct store *reader = desk_reader(d);
    if (may(d, reader, rq, rs)) {
        struct store_wave *waves = NULL;
        size_t count = 0;
        json_t *list = json_array();
        enum status st = store_waves(reader, &waves, &count);
        for (size_t i = 0; i < count; i++) {
            if (is_offered(&waves[i], desk_now_ms(d))) {
                json_array_append_new(list, wave_json(&waves[i]));
            }
        }
        store_waves_free(waves, count);
        if (st < 0) {
            json_decref(list);
            answer_error(rs, 500, "something went wrong in the collector");
        } else {
            answer_json(rs, json_pack("{s: o}", "waves", list));
        }
    }
    desk_reader_give(d, reader);
}

/* --- one wave ------------------------------------------------------------- */

static enum status
add_figure(void *self, const struct figures_row *row)
{
    json_t *list = self;
    int failed = json_array_append_new(
        list,
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s}", "item", row->item,
                  "question", row->question, "value", row->value, "answer",
                  row->answer, "n", (json_int_t)row->n, "by", row->by, "group",
                  row->group));
    return failed ? log_oom("api") : STATUS_OK;
}

/* As the desk does before it shows any figure for the first time. */
static enum status
open_wave(struct desk *d, const char *name, struct store_wave *out)
{
    struct store *w = desk_writer(d);
    enum status st = store_wave(w, name, out);
    if (st == STATUS_OK && !is_offered(out, desk_now_ms(d))) {
        st = STATUS_NONE;
    }
    if (st == STATUS_OK) {
        store_wave_clear(out);
        st = monitoring_wave(w, name, desk_now_ms(d), out);
    }
    desk_writer_give(d);
    return st;
}

void
json_api_wave(void *self, const struct request *rq, struct response *rs)
{
    struct desk *d = self;
    struct store *reader = desk_reader(d);
    if (may(d, reader, rq, rs)) {
        const char *lang = request_query(rq, "lang");
        struct store_wave w = {0};
        json_t *list = json_array();
        enum status st = list ? open_wave(d, rq->tail, &w) : STATUS_E_NOMEM;
        if (st == STATUS_OK) {
            const struct figures_from from = {
                .reader = reader,
                .catalogue = d->catalogue,
                .wave = &w,
                .lang = lang ? i18n_lang_from_tag(lang) : I18N_RU,
                .now_ms = desk_now_ms(d),
            };
            st = figures_each(&from, add_figure, list);
        }
        if (st == STATUS_OK) {
            answer_json(rs, json_pack("{s: o, s: O}", "wave", wave_json(&w),
                                      "figures", list));
        } else if (st == STATUS_NONE) {
            answer_error(rs, 404, "there is no closed wave of this name");
        } else {
            answer_error(rs, 500, "something went wrong in the collector");
        }
        json_decref(list);
        store_wave_clear(&w);
    }
    desk_reader_give(d, reader);
}
