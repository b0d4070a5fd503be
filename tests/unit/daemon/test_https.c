#include "daemon/https.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>

#include "harness/harness.h"

/* A real TLS server on the loopback interface, with a certificate that no
 * authority knows, for another name, and long expired. */
struct server {
    char *key_pem;
    char *cert_pem;
    uint8_t pin[ENROL_TLS_PIN_BYTES];
    struct MHD_Daemon *daemon;
    uint16_t port;
    unsigned status;
    size_t answer_len;
};

static char *
pem_of(const gnutls_datum_t *datum)
{
    char *text = strndup((const char *)datum->data, datum->size);
    assert_non_null(text);
    return text;
}

static void
make_certificate(struct server *s)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crt_t crt = NULL;
    gnutls_datum_t out = {NULL, 0};
    size_t len = ENROL_TLS_PIN_BYTES;
    assert_int_equal(gnutls_x509_privkey_init(&key), 0);
    assert_int_equal(gnutls_x509_privkey_generate(
                         key, GNUTLS_PK_ECDSA,
                         GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
                     0);
    assert_int_equal(gnutls_x509_crt_init(&crt), 0);
    gnutls_x509_crt_set_version(crt, 3);
    gnutls_x509_crt_set_serial(crt, "\1", 1);
    gnutls_x509_crt_set_activation_time(crt, 86400);
    gnutls_x509_crt_set_expiration_time(crt, 172800); /* 1970 */
    gnutls_x509_crt_set_key(crt, key);
    gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0,
                                  "elsewhere", 9);
    assert_int_equal(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0),
                     0);
    assert_int_equal(
        gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, s->pin, &len),
        0);
    assert_int_equal(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &out),
                     0);
    s->cert_pem = pem_of(&out);
    gnutls_free(out.data);
    assert_int_equal(
        gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &out), 0);
    s->key_pem = pem_of(&out);
    gnutls_free(out.data);
    gnutls_x509_crt_deinit(crt);
    gnutls_x509_privkey_deinit(key);
}

static enum MHD_Result
on_request(/* NOLINT(readability-function-size): given by MHD */
           void *self, struct MHD_Connection *connection, const char *url,
           const char *method, const char *version, const char *upload,
           size_t *upload_len, void **state)
{
    static int seen;
    struct server *s = self;
    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    if (!*state) {
        *state = &seen;
        return MHD_YES;
    }
    if (*upload_len > 0) {
        *upload_len = 0;
        return MHD_YES;
    }
    char *body = calloc(s->answer_len + 1, 1);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        s->answer_len, body, MHD_RESPMEM_MUST_FREE);
    enum MHD_Result queued =
        MHD_queue_response(connection, s->status, response);
    MHD_destroy_response(response);
    return queued;
}

static void
start(struct server *s, bool tls)
{
    *s = (struct server){.status = 200, .answer_len = 10};
    make_certificate(s);
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | (tls ? MHD_USE_TLS : 0);
    if (tls) {
        s->daemon = MHD_start_daemon(
            flags, 0, NULL, NULL, on_request, s, MHD_OPTION_HTTPS_MEM_KEY,
            s->key_pem, MHD_OPTION_HTTPS_MEM_CERT, s->cert_pem, MHD_OPTION_END);
    } else {
        s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, s,
                                     MHD_OPTION_END);
    }
    assert_non_null(s->daemon);
    s->port = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

static void
stop(struct server *s)
{
    MHD_stop_daemon(s->daemon);
    free(s->key_pem);
    free(s->cert_pem);
}

struct fixture {
    struct server server;
    struct account account;
    struct https *https;
    struct transport transport;
    struct transport_answer answer;
};

static void
setup(struct fixture *f, bool tls)
{
    *f = (struct fixture){.https = NULL};
    start(&f->server, tls);
    f->account.enrolled = true;
    memcpy(f->account.collector.tls_pin, f->server.pin, sizeof(f->server.pin));
    (void)snprintf(f->account.address, sizeof(f->account.address),
                   "https://127.0.0.1:%u", f->server.port);
    const struct https_options options = {.account = &f->account};
    assert_int_equal(https_new(&options, &f->https), STATUS_OK);
    f->transport = https_transport(f->https);
}

static enum status
post(struct fixture *f, size_t max)
{
    const struct transport_request request = {
        .path = "/sync/v1/batch", .body = "hello", .len = 5};
    buf_deinit(&f->answer.body);
    f->answer = (struct transport_answer){.http = 0};
    buf_init(&f->answer.body, max);
    return f->transport.exchange(f->transport.self, &request, &f->answer);
}

static void
teardown(struct fixture *f)
{
    buf_deinit(&f->answer.body);
    https_free(f->https);
    stop(&f->server);
}

static void
trusts_the_pinned_key_and_nothing_else(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, true);
    assert_int_equal(post(&f, 100), STATUS_OK); /* expired, unknown: ours */
    assert_int_equal(f.answer.http, 200);
    assert_int_equal(f.answer.body.len, 10);

    f.account.collector.tls_pin[0] ^= 1;
    https_free(f.https); /* a connection that stands is not asked again */
    const struct https_options options = {.account = &f.account};
    assert_int_equal(https_new(&options, &f.https), STATUS_OK);
    f.transport = https_transport(f.https);
    assert_true(post(&f, 100) < 0);
    assert_int_equal(f.answer.fault, SYNC_FAULT_KEY);
    assert_int_equal(f.answer.body.len, 0);

    f.account.rotates = true; /* the announced key is good, too */
    memcpy(f.account.next_tls_pin, f.server.pin, sizeof(f.server.pin));
    assert_int_equal(post(&f, 100), STATUS_OK);

    f.account.enrolled = false; /* before enrolment: whoever answers */
    assert_int_equal(post(&f, 100), STATUS_OK);
    teardown(&f);
}

static void
says_what_went_wrong(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, true);
    f.server.status = 503;
    assert_int_equal(post(&f, 100), STATUS_OK);
    assert_int_equal(f.answer.http, 503);
    f.server.answer_len = 101;
    assert_true(post(&f, 100) < 0);
    assert_int_equal(f.answer.fault, SYNC_FAULT_FOREIGN);
    (void)snprintf(f.account.address, sizeof(f.account.address),
                   "https://no-such-name.invalid");
    assert_true(post(&f, 100) < 0);
    assert_int_equal(f.answer.fault, SYNC_FAULT_NAME);
    (void)snprintf(f.account.address, sizeof(f.account.address),
                   "http://127.0.0.1:%u", f.server.port);
    assert_true(post(&f, 100) < 0); /* never without TLS */
    assert_int_equal(f.answer.fault, SYNC_FAULT_FOREIGN);
    teardown(&f);

    setup(&f, false); /* a portal that speaks plain HTTP */
    assert_true(post(&f, 100) < 0);
    assert_int_equal(f.answer.fault, SYNC_FAULT_TLS);
    uint16_t port = f.server.port;
    MHD_stop_daemon(f.server.daemon);
    f.server.daemon = NULL;
    (void)snprintf(f.account.address, sizeof(f.account.address),
                   "https://127.0.0.1:%u", port);
    assert_true(post(&f, 100) < 0);
    assert_int_equal(f.answer.fault, SYNC_FAULT_CONNECT);
    assert_true(f.answer.detail[0] != '\0');
    f.server.daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
                         on_request, &f.server, MHD_OPTION_END);
    teardown(&f);
}

static volatile sig_atomic_t stop_flag;

static void
stopping_ends_an_exchange(void **state)
{
    (void)state;
    struct fixture f;
    setup(&f, true);
    https_free(f.https);
    const struct https_options options = {.account = &f.account,
                                          .stop = &stop_flag};
    assert_int_equal(https_new(&options, &f.https), STATUS_OK);
    f.transport = https_transport(f.https);
    stop_flag = 1;
    assert_true(post(&f, 100) < 0);
    assert_int_equal(f.answer.fault, SYNC_FAULT_BROKEN);
    teardown(&f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trusts_the_pinned_key_and_nothing_else),
        cmocka_unit_test(says_what_went_wrong),
        cmocka_unit_test(stopping_ends_an_exchange),
    };
    if (seal_init() < 0) {
        return 1;
    }
    return cmocka_run_group_tests_name("daemon/https", tests, NULL, NULL);
}
