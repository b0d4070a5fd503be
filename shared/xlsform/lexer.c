#include "xlsform/lexer.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
in_range(uint32_t cp, uint32_t from, uint32_t to)
{
    return cp >= from && cp <= to;
}

/* https://www.w3.org/TR/xml-names/#NT-NCName */
static bool
starts_name(uint32_t cp)
{
    static const uint32_t ranges[][2] = {
        {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
        {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},
        {0x370, 0x37D},   {0x37F, 0x1FFF},  {0x200C, 0x200D},
        {0x2070, 0x218F}, {0x2C00, 0x2FEF}, {0x3001, 0xD7FF},
        {0xF900, 0xFDCF}, {0xFDF0, 0xFFFC}, {0x10000, 0xEFFFF},
    };
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (in_range(cp, ranges[i][0], ranges[i][1])) {
            return true;
        }
    }
    return false;
}

static bool
continues_name(uint32_t cp)
{
    return starts_name(cp) || cp == '-' || cp == '.' || in_range(cp, '0', '9')
           || cp == 0xB7 || in_range(cp, 0x300, 0x36F)
           || in_range(cp, 0x203F, 0x2040);
}

static size_t
decode(const char *text, uint32_t *out_cp)
{
    if (*text == '\0') {
        *out_cp = 0;
        return 0;
    }
    if ((unsigned char)*text < 0x80) {
        *out_cp = (unsigned char)*text;
        return 1;
    }
    return utf8_decode(text, strnlen(text, UTF8_MAX_BYTES), out_cp);
}

static size_t
local_name(const char *text)
{
    uint32_t cp = 0;
    size_t taken = decode(text, &cp);
    if (taken == 0 || !starts_name(cp)) {
        return 0;
    }
    size_t len = taken;
    for (;;) {
        taken = decode(text + len, &cp);
        if (taken == 0 || !continues_name(cp)) {
            return len;
        }
        len += taken;
    }
}

size_t
lexer_name(const char *text)
{
    size_t len = local_name(text);
    if (len > 0 && text[len] == ':') {
        size_t more = local_name(text + len + 1);
        len += more > 0 ? more + 1 : 0;
    }
    return len;
}

bool
lexer_is_name(const char *text)
{
    size_t len = lexer_name(text);
    return len > 0 && text[len] == '\0';
}

size_t
lexer_reference(const char *text, const char **out_name, size_t *out_len,
                bool *out_last_saved)
{
    static const char saved[] = "last-saved#";
    if (text[0] != '$' || text[1] != '{') {
        return 0;
    }
    const char *at = text + 2;
    while (is_space(*at)) {
        at++;
    }
    *out_last_saved = strncmp(at, saved, sizeof(saved) - 1) == 0;
    at += *out_last_saved ? sizeof(saved) - 1 : 0;
    *out_name = at;
    *out_len = lexer_name(at);
    at += *out_len;
    while (is_space(*at)) {
        at++;
    }
    return *out_len > 0 && *at == '}' ? (size_t)(at + 1 - text) : 0;
}

static size_t
digits(const char *text, size_t exactly)
{
    size_t n = 0;
    while (is_digit(text[n]) && (exactly == 0 || n < exactly)) {
        n++;
    }
    return exactly == 0 || n == exactly ? n : 0;
}

static size_t
date_length(const char *text)
{
    size_t sign = text[0] == '-';
    const char *t = text + sign;
    bool date = digits(t, 4) && t[4] == '-' && digits(t + 5, 2) && t[7] == '-'
                && digits(t + 8, 2);
    return date ? sign + 10 : 0;
}

static size_t
time_length(const char *text)
{
    bool time = digits(text, 2) && text[2] == ':' && digits(text + 3, 2)
                && text[5] == ':' && digits(text + 6, 2);
    if (!time) {
        return 0;
    }
    const char *zone = text + 8;
    if (*zone == 'Z') {
        return 9;
    }
    bool offset = (*zone == '+' || *zone == '-') && digits(zone + 1, 2)
                  && zone[3] == ':' && digits(zone + 4, 2);
    return offset ? 14 : 8;
}

static size_t
number_length(const char *text)
{
    size_t sign = text[0] == '-';
    size_t whole = digits(text + sign, 0);
    const char *after = text + sign + whole;
    size_t fraction = *after == '.' ? digits(after + 1, 0) : 0;
    if (whole > 0) {
        return sign + whole + (*after == '.' ? 1 + fraction : 0);
    }
    return fraction > 0 ? sign + 1 + fraction : 0;
}

static size_t
literal_length(const char *text)
{
    size_t len = date_length(text);
    if (len > 0 && text[len] == 'T' && time_length(text + len + 1) > 0) {
        return len + 1 + time_length(text + len + 1);
    }
    if (len > 0) {
        return len;
    }
    len = time_length(text);
    return len > 0 ? len : number_length(text);
}

struct operator
{
    const char *text;
    enum lexer_kind kind;
};

static struct lexer_token
operator_at(const char *text)
{
    static const struct operator operators[] = {
        {"*", LEXER_MATH},        {"+", LEXER_MATH},       {"-", LEXER_MINUS},
        {" mod ", LEXER_MATH},    {" div ", LEXER_MATH},   {"=", LEXER_COMPARE},
        {"!=", LEXER_COMPARE},    {"<", LEXER_COMPARE},    {">", LEXER_COMPARE},
        {" and ", LEXER_BOOLEAN}, {" or ", LEXER_BOOLEAN}, {"|", LEXER_UNION},
        {"(", LEXER_OPEN},        {")", LEXER_CLOSE},      {"..", LEXER_DOT},
        {".", LEXER_DOT},         {"/", LEXER_SLASH},
    };
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        size_t len = strlen(operators[i].text);
        if (strncmp(text, operators[i].text, len) == 0) {
            return (struct lexer_token){operators[i].kind, text, len};
        }
    }
    return (struct lexer_token){.kind = LEXER_END};
}

static struct lexer_token
name_at(const char *text)
{
    size_t len = lexer_name(text);
    struct lexer_token t = {LEXER_NAME, text, len};
    if (len == 0) {
        t.kind = LEXER_END;
    } else if (text[len] == '(') {
        t.kind = LEXER_CALL;
        t.len++;
    } else if (text[len] == '[') {
        t.kind = LEXER_PREDICATE_START;
        t.len++;
    }
    return t;
}

static size_t
quoted_length(const char *text)
{
    if (text[0] != '"' && text[0] != '\'') {
        return 0;
    }
    const char *end = strchr(text + 1, text[0]);
    return end ? (size_t)(end + 1 - text) : 0;
}

static struct lexer_token
mark_at(const char *text)
{
    const char *name = NULL;
    size_t name_len = 0;
    bool saved = false;
    size_t len = lexer_reference(text, &name, &name_len, &saved);
    if (len > 0) {
        return (struct lexer_token){LEXER_REFERENCE, text, len};
    }
    if (*text == ']') {
        return (struct lexer_token){LEXER_PREDICATE_END, text, 1};
    }
    if (*text == '}') {
        return (struct lexer_token){LEXER_REFERENCE_END, text, 1};
    }
    if (text[0] == '$' && text[1] == '{') {
        return (struct lexer_token){LEXER_REFERENCE_START, text, 2};
    }
    uint32_t cp = 0;
    return (struct lexer_token){LEXER_OTHER, text, decode(text, &cp)};
}

struct lexer_token
lexer_next(const char *text)
{
    struct lexer_token t = {LEXER_END, text, 0};
    if (*text == '\0') {
        return t;
    }
    t.len = literal_length(text);
    if (t.len > 0) {
        t.kind = LEXER_LITERAL;
        return t;
    }
    t = operator_at(text);
    if (t.kind != LEXER_END) {
        return t;
    }
    t = (struct lexer_token){LEXER_QUOTED, text, quoted_length(text)};
    if (t.len > 0) {
        return t;
    }
    if (*text == ',') {
        return (struct lexer_token){LEXER_COMMA, text, 1};
    }
    while (is_space(text[t.len])) {
        t.len++;
    }
    if (t.len > 0) {
        t.kind = LEXER_SPACE;
        return t;
    }
    t = name_at(text);
    return t.kind != LEXER_END ? t : mark_at(text);
}

bool
lexer_is_reference(const char *text)
{
    while (is_space(*text)) {
        text++;
    }
    struct lexer_token t = lexer_next(text);
    if (t.kind != LEXER_REFERENCE) {
        return false;
    }
    text += t.len;
    while (is_space(*text)) {
        text++;
    }
    return *text == '\0';
}

bool
lexer_has_reference(const char *text)
{
    const char *name = NULL;
    size_t len = 0;
    bool saved = false;
    for (const char *at = strstr(text, "${"); at; at = strstr(at + 2, "${")) {
        if (lexer_reference(at, &name, &len, &saved) > 0) {
            return true;
        }
    }
    return false;
}

bool
lexer_is_dynamic(const char *text, const char *type)
{
    static const char *const hyphenated[] = {"date", "dateTime", "geopoint",
                                             "geotrace", "geoshape"};
    bool literal_hyphen = false;
    for (size_t i = 0; i < sizeof(hyphenated) / sizeof(hyphenated[0]); i++) {
        literal_hyphen = literal_hyphen || strcmp(type, hyphenated[i]) == 0;
    }
    for (;;) {
        struct lexer_token t = lexer_next(text);
        if (t.kind == LEXER_END) {
            return false;
        }
        if (t.kind == LEXER_MINUS && literal_hyphen) {
            return false;
        }
        if (t.kind == LEXER_MINUS || t.kind == LEXER_MATH
            || t.kind == LEXER_UNION || t.kind == LEXER_REFERENCE
            || t.kind == LEXER_CALL) {
            return true;
        }
        text += t.len;
    }
}
