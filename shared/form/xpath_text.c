#define PCRE2_CODE_UNIT_WIDTH 8
#include <math.h>
#include <nettle/base64.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "base/utf8.h"
#include "form/xpath_function.h"

/* A pattern that runs longer than this on one answer does not match. */
#define REGEX_STEPS_MAX 200000
#define REGEX_HEAP_KIB_MAX 20000

static const char *
arg_text(struct xpath_eval *e, const struct xpath_value *args, uint32_t count,
         uint32_t i)
{
    if (i < count) {
        return xpath_eval_text(e, &args[i]);
    }
    return xpath_eval_item_text(e, e->context);
}

static void
give(struct xpath_eval *e, struct xpath_value *out, const char *text,
     size_t len)
{
    *out = xpath_value_text(scratch_text(e->scratch, text, len));
}

XPATH_PLAIN(xpath_text_string)
{
    *out = xpath_value_text(arg_text(e, args, count, 0));
}

/* --------------------------------------------------------------- joining */

/* Append a piece at `at`, or only measure it while `to` is NULL. */
static size_t
join_piece(char *to, size_t at, const char *between, const char *piece)
{
    size_t gap = strlen(between);
    size_t len = strlen(piece);
    if (to) {
        memcpy(to + at, between, gap + 1);
        memcpy(to + at + gap, piece, len + 1);
    }
    return at + gap + len;
}

/* All pieces, every node of a list for itself. */
static size_t
join_all(struct xpath_eval *e, const struct xpath_value *args, uint32_t count,
         const char *between, char *to)
{
    size_t at = 0;
    const char *gap = "";
    for (uint32_t i = 0; i < count; i++) {
        if (args[i].kind != XPATH_VALUE_NODES) {
            at = join_piece(to, at, gap, xpath_eval_text(e, &args[i]));
            gap = between;
            continue;
        }
        for (uint32_t k = 0; k < args[i].count; k++) {
            at = join_piece(
                to, at, gap,
                xpath_eval_item_text(e, xpath_value_item(&args[i], k)));
            gap = between;
        }
    }
    return at;
}

static void
join(struct xpath_eval *e, const struct xpath_value *args, uint32_t count,
     const char *between, struct xpath_value *out)
{
    size_t len = join_all(e, args, count, between, NULL);
    char *text = scratch_alloc(e->scratch, len + 1);
    if (text) {
        text[0] = '\0';
        (void)join_all(e, args, count, between, text);
    }
    *out = xpath_value_text(text ? text : "");
}

XPATH_PLAIN(xpath_text_concat)
{
    join(e, args, count, "", out);
}

XPATH_PLAIN(xpath_text_join)
{
    join(e, args + 1, count - 1, xpath_eval_text(e, &args[0]), out);
}

/* ---------------------------------------------------------------- cutting */

/* Lengths and places count UTF-16 units, as every other ODK engine does: a form
 * must give the same length of an answer everywhere. */
static size_t
units_of(uint32_t cp)
{
    return cp > 0xFFFF ? 2 : 1;
}

static size_t
length_of(const char *text)
{
    size_t len = strlen(text);
    size_t units = 0;
    uint32_t cp = 0;
    for (size_t at = 0; at < len;) {
        at += utf8_decode(text + at, len - at, &cp);
        units += units_of(cp);
    }
    return units;
}

/* Byte offset of a unit; the end if there are fewer. A character of two units
 * is never cut in half. */
static size_t
offset_of(const char *text, size_t len, size_t unit)
{
    size_t at = 0;
    uint32_t cp = 0;
    while (at < len && unit > 0) {
        size_t n = utf8_decode(text + at, len - at, &cp);
        if (units_of(cp) > unit) {
            break;
        }
        at += n;
        unit -= units_of(cp);
    }
    return at;
}

static size_t
offset_of_character(const char *text, size_t len, size_t character)
{
    size_t at = 0;
    uint32_t cp = 0;
    while (at < len && character > 0) {
        at += utf8_decode(text + at, len - at, &cp);
        character--;
    }
    return at;
}

static void
cut(struct xpath_eval *e, const char *text, double from, double to,
    struct xpath_value *out)
{
    size_t len = strlen(text);
    double chars = (double)length_of(text);
    from = from > 0 ? from : 0;
    to = to < chars ? to : chars;
    if (!(from < to)) {
        *out = xpath_value_text("");
        return;
    }
    size_t start = offset_of(text, len, (size_t)from);
    size_t end =
        start + offset_of(text + start, len - start, (size_t)to - (size_t)from);
    give(e, out, text + start, end - start);
}

/* ODK: from and to count from 0, negative from the end; `to` not included. */
XPATH_PLAIN(xpath_text_substr)
{
    const char *text = xpath_eval_text(e, &args[0]);
    double chars = (double)length_of(text);
    double from = trunc(xpath_eval_number(e, &args[1]));
    double to = count > 2 ? trunc(xpath_eval_number(e, &args[2])) : chars;
    cut(e, text, from < 0 ? from + chars : from, to < 0 ? to + chars : to, out);
}

/* XPath: from counts from 1, then a length, both rounded. */
XPATH_PLAIN(xpath_text_substring)
{
    const char *text = xpath_eval_text(e, &args[0]);
    double from = floor(xpath_eval_number(e, &args[1]) + 0.5);
    double to = (double)INFINITY;
    if (count > 2) {
        to = from + floor(xpath_eval_number(e, &args[2]) + 0.5);
    }
    if (isnan(from) || isnan(to)) {
        *out = xpath_value_text("");
        return;
    }
    cut(e, text, from - 1, to - 1, out);
}

XPATH_PLAIN(xpath_text_before)
{
    (void)count;
    const char *text = xpath_eval_text(e, &args[0]);
    const char *at = strstr(text, xpath_eval_text(e, &args[1]));
    give(e, out, text, at ? (size_t)(at - text) : 0);
}

XPATH_PLAIN(xpath_text_after)
{
    (void)count;
    const char *text = xpath_eval_text(e, &args[0]);
    const char *mark = xpath_eval_text(e, &args[1]);
    const char *at = strstr(text, mark);
    *out = xpath_value_text(at ? at + strlen(mark) : "");
}

/* Byte offset of the code point in `set`, in characters; -1 if absent. */
static long
index_in(const char *set, size_t len, uint32_t cp)
{
    long index = 0;
    for (size_t at = 0; at < len; index++) {
        uint32_t here = 0;
        at += utf8_decode(set + at, len - at, &here);
        if (here == cp) {
            return index;
        }
    }
    return -1;
}

XPATH_PLAIN(xpath_text_translate)
{
    (void)count;
    const char *text = xpath_eval_text(e, &args[0]);
    const char *from = xpath_eval_text(e, &args[1]);
    const char *to = xpath_eval_text(e, &args[2]);
    size_t len = strlen(text);
    size_t from_len = strlen(from);
    size_t to_len = strlen(to);
    char *made = scratch_array(e->scratch, len + 1, UTF8_MAX_BYTES);
    size_t used = 0;
    for (size_t at = 0; made && at < len;) {
        uint32_t cp = 0;
        size_t n = utf8_decode(text + at, len - at, &cp);
        long index = index_in(from, from_len, cp);
        const char *source = text + at;
        at += n;
        if (index >= 0) {
            size_t place = offset_of_character(to, to_len, (size_t)index);
            uint32_t other = 0;
            source = to + place;
            n = place < to_len ? utf8_decode(to + place, to_len - place, &other)
                               : 0;
        }
        memcpy(made + used, source, n);
        used += n;
    }
    if (made) {
        made[used] = '\0';
    }
    *out = xpath_value_text(made ? made : "");
}

XPATH_PLAIN(xpath_text_length)
{
    const char *text = arg_text(e, args, count, 0);
    *out = xpath_value_number((double)length_of(text));
}

static bool
blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

XPATH_PLAIN(xpath_text_normalize)
{
    const char *text = arg_text(e, args, count, 0);
    char *made = scratch_alloc(e->scratch, strlen(text) + 1);
    size_t used = 0;
    for (; made && *text; text++) {
        if (!blank(*text)) {
            made[used++] = *text;
        } else if (used > 0 && made[used - 1] != ' ') {
            made[used++] = ' ';
        }
    }
    if (made) {
        used -= used > 0 && made[used - 1] == ' ';
        made[used] = '\0';
    }
    *out = xpath_value_text(made ? made : "");
}

XPATH_PLAIN(xpath_text_contains)
{
    (void)count;
    const char *text = xpath_eval_text(e, &args[0]);
    *out =
        xpath_value_boolean(strstr(text, xpath_eval_text(e, &args[1])) != NULL);
}

XPATH_PLAIN(xpath_text_starts)
{
    (void)count;
    const char *text = xpath_eval_text(e, &args[0]);
    const char *start = xpath_eval_text(e, &args[1]);
    *out = xpath_value_boolean(strncmp(text, start, strlen(start)) == 0);
}

XPATH_PLAIN(xpath_text_ends)
{
    (void)count;
    const char *text = xpath_eval_text(e, &args[0]);
    const char *end = xpath_eval_text(e, &args[1]);
    size_t len = strlen(text);
    size_t end_len = strlen(end);
    *out = xpath_value_boolean(len >= end_len
                               && strcmp(text + len - end_len, end) == 0);
}

/* ---------------------------------------------------------------- choices */

/* Next word of a space-separated list; its length, 0 at the end. */
static size_t
next_word(const char **at)
{
    while (blank(**at)) {
        (*at)++;
    }
    size_t len = 0;
    while ((*at)[len] && !blank((*at)[len])) {
        len++;
    }
    return len;
}

XPATH_PLAIN(xpath_text_selected)
{
    (void)count;
    const char *at = xpath_eval_text(e, &args[0]);
    const char *want = xpath_eval_text(e, &args[1]);
    size_t want_len = next_word(&want);
    bool found = false;
    for (size_t len = next_word(&at); len > 0 && !found;
         at += len, len = next_word(&at)) {
        found = len == want_len && memcmp(at, want, len) == 0;
    }
    *out = xpath_value_boolean(found);
}

XPATH_PLAIN(xpath_text_selected_at)
{
    (void)count;
    const char *at = xpath_eval_text(e, &args[0]);
    double want = xpath_eval_number(e, &args[1]);
    size_t len = next_word(&at);
    for (size_t index = 0; len > 0 && (double)index < want; index++) {
        at += len;
        len = next_word(&at);
    }
    give(e, out, at, want >= 0 && want <= trunc(want) ? len : 0);
}

XPATH_PLAIN(xpath_text_count_selected)
{
    (void)count;
    const char *at = xpath_eval_text(e, &args[0]);
    double words = 0;
    for (size_t len = next_word(&at); len > 0;
         at += len, len = next_word(&at)) {
        words += 1;
    }
    *out = xpath_value_number(words);
}

/* ----------------------------------------------------------------- coding */

XPATH_PLAIN(xpath_text_uuid)
{
    char uuid[RANDOM_UUID_CHARS + 1];
    if (count == 0) {
        random_uuid(uuid);
        give(e, out, uuid, RANDOM_UUID_CHARS);
        return;
    }
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    double asked = xpath_eval_number(e, &args[0]);
    size_t len = asked >= 1 && asked <= 1000 ? (size_t)asked : 0;
    char *made = scratch_alloc(e->scratch, len + 1);
    for (size_t i = 0; made && i < len; i++) {
        made[i] = alphabet[random_below(sizeof(alphabet) - 1)];
    }
    if (made) {
        made[len] = '\0';
    }
    *out = xpath_value_text(made ? made : "");
}

static size_t
hash(const char *algorithm, const char *text, uint8_t out[SHA512_DIGEST_SIZE])
{
    const uint8_t *bytes = (const uint8_t *)text;
    size_t len = strlen(text);
    if (strcmp(algorithm, "MD5") == 0) {
        struct md5_ctx c;
        md5_init(&c);
        md5_update(&c, len, bytes);
        md5_digest(&c, MD5_DIGEST_SIZE, out);
        return MD5_DIGEST_SIZE;
    }
    if (strcmp(algorithm, "SHA-1") == 0) {
        struct sha1_ctx c;
        sha1_init(&c);
        sha1_update(&c, len, bytes);
        sha1_digest(&c, SHA1_DIGEST_SIZE, out);
        return SHA1_DIGEST_SIZE;
    }
    if (strcmp(algorithm, "SHA-256") == 0) {
        struct sha256_ctx c;
        sha256_init(&c);
        sha256_update(&c, len, bytes);
        sha256_digest(&c, SHA256_DIGEST_SIZE, out);
        return SHA256_DIGEST_SIZE;
    }
    if (strcmp(algorithm, "SHA-384") == 0) {
        struct sha512_ctx c;
        sha384_init(&c);
        sha512_update(&c, len, bytes);
        sha384_digest(&c, SHA384_DIGEST_SIZE, out);
        return SHA384_DIGEST_SIZE;
    }
    if (strcmp(algorithm, "SHA-512") == 0) {
        struct sha512_ctx c;
        sha512_init(&c);
        sha512_update(&c, len, bytes);
        sha512_digest(&c, SHA512_DIGEST_SIZE, out);
        return SHA512_DIGEST_SIZE;
    }
    return 0;
}

/* digest(text, algorithm, "hex" or "base64"). A fingerprint for authors, no
 * protection: sealing is elsewhere. */
XPATH_PLAIN(xpath_text_digest)
{
    uint8_t raw[SHA512_DIGEST_SIZE];
    char text[SHA512_DIGEST_SIZE * 2 + 1];
    size_t len =
        hash(xpath_eval_text(e, &args[1]), xpath_eval_text(e, &args[0]), raw);
    const char *code = count > 2 ? xpath_eval_text(e, &args[2]) : "base64";
    if (strcmp(code, "hex") == 0) {
        for (size_t i = 0; i < len; i++) {
            (void)snprintf(text + i * 2, 3, "%02x", (unsigned)raw[i]);
        }
        give(e, out, text, len * 2);
    } else {
        base64_encode_raw(text, len, raw);
        give(e, out, text, BASE64_ENCODE_RAW_LENGTH(len));
    }
}

XPATH_PLAIN(xpath_text_base64_decode)
{
    (void)count;
    const char *text = xpath_eval_text(e, &args[0]);
    size_t len = strlen(text);
    size_t made_len = BASE64_DECODE_LENGTH(len);
    uint8_t *made = scratch_alloc(e->scratch, made_len + 1);
    struct base64_decode_ctx c;
    base64_decode_init(&c);
    if (!made || !base64_decode_update(&c, &made_len, made, len, text)
        || !base64_decode_final(&c)
        || !utf8_valid((const char *)made, made_len)) {
        *out = xpath_value_text("");
        return;
    }
    give(e, out, (const char *)made, made_len);
}

/* ------------------------------------------------------------------ regex */

static pcre2_code *
compile(const char *pattern)
{
    int fault = 0;
    PCRE2_SIZE where = 0;
    return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                         PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED, &fault,
                         &where, NULL);
}

static bool
matches(const pcre2_code *code, const char *text)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    bool found = false;
    if (data && limits) {
        pcre2_set_match_limit(limits, REGEX_STEPS_MAX);
        pcre2_set_heap_limit(limits, REGEX_HEAP_KIB_MAX);
        found = pcre2_match(code, (PCRE2_SPTR)text, strlen(text), 0, 0, data,
                            limits)
                >= 0;
    }
    pcre2_match_context_free(limits);
    pcre2_match_data_free(data);
    return found;
}

/* True if the whole text matches. The pattern of a form is nearly always a
 * literal, compiled when the form was linked. */
XPATH_SPECIAL(xpath_text_regex)
{
    struct xpath_value text;
    struct xpath_value pattern;
    xpath_eval_node(e, call->child, &text);
    const char *subject = xpath_eval_text(e, &text);
    if (call->regex) {
        *out = xpath_value_boolean(matches(call->regex, subject));
        return;
    }
    xpath_eval_node(e, call->child->next, &pattern);
    pcre2_code *code = compile(xpath_eval_text(e, &pattern));
    *out = xpath_value_boolean(code && matches(code, subject));
    pcre2_code_free(code);
}

void *
xpath_regex_compile(const char *pattern)
{
    return compile(pattern);
}

void
xpath_regex_free(void *code)
{
    pcre2_code_free(code);
}
