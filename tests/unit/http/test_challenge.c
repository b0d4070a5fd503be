/* HTTP Digest and Basic on the server's side: RFC 7616's own example, nonces
 * that age, are replayed or come from nowhere, and headers that are none. */
#include <stdio.h>
#include <string.h>

#include "collector/http/challenge.h"
#include "harness/harness.h"
#include "seal/seal.h"

#define NOW INT64_C(1000000)

static struct challenge *c;
static struct challenge_secret secret;

static int
setup(void **state)
{
    (void)state;
    assert_int_equal(seal_init(), STATUS_OK);
    assert_int_equal(challenge_new(&c), STATUS_OK);
    assert_int_equal(challenge_secret_of("olga", "pass word", &secret),
                     STATUS_OK);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    challenge_free(c);
    return 0;
}

/* RFC 7616, 3.9.1: the response is right, the nonce is not ours. */
static void
the_example_of_the_rfc_is_understood(void **state)
{
    (void)state;
    static const char login[] = "Mufasa:http-auth@example.org:Circle of Life";
    static const char *const response[DIGEST_COUNT] = {
        [DIGEST_SHA256] = "753927fa0e85d155564e2e272a28d180"
                          "2ca10daf4496794697cf8db5856cb6c1",
        [DIGEST_MD5] = "8ca523f5e9506fed4657c9700eebdbec",
    };
    for (size_t k = 0; k < DIGEST_COUNT; k++) {
        struct challenge_secret mufasa;
        struct challenge_answer a = {
            .user = "Mufasa",
            .kind = (enum digest_kind)k,
            .nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            .uri = "/dir/index.html",
            .cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
            .nc = "00000001",
        };
        (void)snprintf(a.response, sizeof(a.response), "%s", response[k]);
        assert_int_equal(digest_hex((enum digest_kind)k, login,
                                    sizeof(login) - 1, mufasa.hash[k]),
                         STATUS_OK);
        assert_int_equal(
            challenge_check(c, &a, &mufasa, "GET", "/dir/index.html", NOW),
            STATUS_E_STALE);
        assert_int_equal(
            challenge_check(c, &a, &mufasa, "POST", "/dir/index.html", NOW),
            STATUS_E_AUTH);
        assert_int_equal(challenge_check(c, &a, &mufasa, "GET", "/other", NOW),
                         STATUS_E_AUTH);
        assert_int_equal(
            challenge_check(c, &a, &secret, "GET", "/dir/index.html", NOW),
            STATUS_E_AUTH);
    }
}

static void
fresh_nonce(int64_t at_ms, char out[96])
{
    char text[CHALLENGE_TEXT_MAX_BYTES];
    challenge_print(c, DIGEST_MD5, false, at_ms, text);
    const char *from = strstr(text, "nonce=\"");
    assert_non_null(from);
    from += 7;
    size_t len = strcspn(from, "\"");
    assert_true(len < 96);
    memcpy(out, from, len);
    out[len] = '\0';
}

/* Sign in with that nonce and count, as a client does. */
static enum status
sign_in(const char *nonce, unsigned nc, int64_t now_ms)
{
    char text[512];
    char hash[DIGEST_MAX_CHARS + 1];
    struct challenge_answer a = {
        .user = "olga", .kind = DIGEST_MD5, .uri = "/x?y=1", .cnonce = "z"};
    (void)snprintf(a.nonce, sizeof(a.nonce), "%s", nonce);
    (void)snprintf(a.nc, sizeof(a.nc), "%08x", nc);
    assert_int_equal(digest_hex(DIGEST_MD5, "GET:/x?y=1", 10, hash), STATUS_OK);
    int n = snprintf(text, sizeof(text), "%s:%s:%s:z:auth:%s",
                     secret.hash[DIGEST_MD5], nonce, a.nc, hash);
    assert_int_equal(digest_hex(DIGEST_MD5, text, (size_t)n, a.response),
                     STATUS_OK);
    return challenge_check(c, &a, &secret, "GET", "/x?y=1", now_ms);
}

static void
each_count_of_a_nonce_serves_once(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        unsigned nc;
        enum status want;
    } row[] = {
        {"first", 1, STATUS_OK},
        {"replayed", 1, STATUS_E_STALE},
        {"third before second", 3, STATUS_OK},
        {"second", 2, STATUS_OK},
        {"second again", 2, STATUS_E_STALE},
        {"far ahead", 1000, STATUS_OK},
        {"just inside the window", 937, STATUS_OK},
        {"that again", 937, STATUS_E_STALE},
        {"behind the window", 936, STATUS_E_STALE},
        {"none", 0, STATUS_E_STALE},
    };
    char nonce[96];
    fresh_nonce(NOW, nonce);
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        harness_row(row[i].label);
        assert_int_equal(sign_in(nonce, row[i].nc, NOW), row[i].want);
    }
}

static void
a_nonce_ages_and_cannot_be_made_up(void **state)
{
    (void)state;
    char nonce[96];
    fresh_nonce(NOW, nonce);
    assert_int_equal(sign_in(nonce, 1, NOW + CHALLENGE_NONCE_MS), STATUS_OK);
    assert_int_equal(sign_in(nonce, 2, NOW + CHALLENGE_NONCE_MS + 1),
                     STATUS_E_STALE);
    nonce[0] = nonce[0] == '0' ? '1' : '0';
    assert_int_equal(sign_in(nonce, 1, NOW), STATUS_E_STALE);
    assert_int_equal(sign_in("short", 1, NOW), STATUS_E_STALE);
}

/* However many nonces push each other out, none serves twice. */
static void
a_nonce_pushed_out_never_serves_again(void **state)
{
    (void)state;
    enum {
        NONCES = 2 * CHALLENGE_SLOTS
    };
    static char nonce[NONCES][96];
    size_t taken = 0;
    for (size_t i = 0; i < NONCES; i++) {
        fresh_nonce(NOW + (int64_t)i, nonce[i]);
    }
    for (size_t i = 0; i < NONCES; i++) {
        taken += sign_in(nonce[i], 1, NOW + NONCES) == STATUS_OK;
    }
    assert_int_equal(taken, NONCES);
    for (size_t i = 0; i < NONCES; i++) {
        assert_int_equal(sign_in(nonce[i], 1, NOW + NONCES), STATUS_E_STALE);
    }
}

static void
headers_are_taken_apart(void **state)
{
    (void)state;
#define WHOLE                                                              \
    "username=\"a\", realm=\"Anketa\", nonce=\"n\", uri=\"/\", qop=auth, " \
    "nc=00000001, cnonce=\"c\", "
#define MD5 "response=\"00000000000000000000000000000000\""
    static const struct {
        const char *label;
        const char *header;
        enum status want;
    } row[] = {
        {"digest", "Digest " WHOLE MD5, STATUS_OK},
        {"case of the scheme", "dIGEST " WHOLE MD5, STATUS_OK},
        {"quoted qop",
         "Digest username=\"a\",realm=\"Anketa\",nonce=\"n\","
         "uri=\"/\",qop=\"auth\",nc=00000001,cnonce=\"c\"," MD5,
         STATUS_OK},
        {"an unknown parameter", "Digest " WHOLE MD5 ", opaque=\"x\"",
         STATUS_OK},
        {"another algorithm", "Digest " WHOLE MD5 ", algorithm=MD5-sess",
         STATUS_E_INVALID},
        {"length of another algorithm",
         "Digest " WHOLE MD5 ", algorithm=SHA-256", STATUS_E_INVALID},
        {"twice", "Digest " WHOLE MD5 ", nonce=\"m\"", STATUS_E_INVALID},
        {"an open quote", "Digest " WHOLE MD5 ", opaque=\"x", STATUS_E_INVALID},
        {"no equals sign", "Digest " WHOLE MD5 ", opaque", STATUS_E_INVALID},
        {"another realm",
         "Digest username=\"a\", realm=\"B\", nonce=\"n\", uri=\"/\", "
         "qop=auth, nc=00000001, cnonce=\"c\", " MD5,
         STATUS_E_INVALID},
        {"without a counter",
         "Digest username=\"a\", realm=\"Anketa\", nonce=\"n\", uri=\"/\", " MD5,
         STATUS_E_INVALID},
        {"basic", "Basic b2xnYTpwYXNzIHdvcmQ=", STATUS_OK},
        {"basic without a colon", "Basic b2xnYQ==", STATUS_E_INVALID},
        {"basic without a user", "Basic OnBhc3M=", STATUS_E_INVALID},
        {"basic that is no base64", "Basic ###", STATUS_E_INVALID},
        {"basic with a NUL", "Basic b2wAOnBhc3M=", STATUS_E_INVALID},
        {"bearer", "Bearer abc", STATUS_E_INVALID},
        {"empty", "", STATUS_E_INVALID},
    };
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct challenge_answer a;
        harness_row(row[i].label);
        assert_int_equal(challenge_parse(row[i].header, &a), row[i].want);
    }
}

static void
basic_knows_the_password(void **state)
{
    (void)state;
    struct challenge_answer a;
    assert_int_equal(challenge_parse("Basic b2xnYTpwYXNzIHdvcmQ=", &a),
                     STATUS_OK);
    assert_string_equal(a.user, "olga");
    assert_int_equal(challenge_check(c, &a, &secret, "GET", "/", NOW),
                     STATUS_OK);
    a.password[0] = 'P';
    assert_int_equal(challenge_check(c, &a, &secret, "GET", "/", NOW),
                     STATUS_E_AUTH);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_rfc_is_understood),
        cmocka_unit_test(each_count_of_a_nonce_serves_once),
        cmocka_unit_test(a_nonce_ages_and_cannot_be_made_up),
        cmocka_unit_test(a_nonce_pushed_out_never_serves_again),
        cmocka_unit_test(headers_are_taken_apart),
        cmocka_unit_test(basic_knows_the_password),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
