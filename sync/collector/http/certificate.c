#include "collector/http/certificate.h"

#include <string.h>
#include <time.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/log.h"
#include "base/random.h"

#define SERIAL_BYTES 16
#define DAY_S ((time_t)24 * 3600)
#define VALID_DAYS ((time_t)20 * 365)

static enum status
failed(const char *doing, int rc)
{
    log_error("tls", "%s: %s", doing, gnutls_strerror(rc));
    return rc == GNUTLS_E_MEMORY_ERROR ? STATUS_E_NOMEM : STATUS_E_IO;
}

static int
fill_in(gnutls_x509_crt_t cert, gnutls_x509_privkey_t key, const char *host)
{
    uint8_t serial[SERIAL_BYTES];
    random_bytes(serial, sizeof(serial));
    serial[0] &= 0x7f;
    /* A day back: the clocks of a house differ. */
    time_t now = time(NULL) - DAY_S;
    int rc = gnutls_x509_crt_set_version(cert, 3);
    if (rc >= 0) {
        rc = gnutls_x509_crt_set_serial(cert, serial, sizeof(serial));
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_set_activation_time(cert, now);
    }
    if (rc >= 0) {
        rc =
            gnutls_x509_crt_set_expiration_time(cert, now + VALID_DAYS * DAY_S);
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0,
                                           host, (unsigned)strlen(host));
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_DNSNAME,
                                                  host, (unsigned)strlen(host),
                                                  GNUTLS_FSAN_SET);
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_set_subject_alt_name(
            cert, GNUTLS_SAN_DNSNAME, "localhost", sizeof("localhost") - 1,
            GNUTLS_FSAN_APPEND);
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_set_basic_constraints(cert, 0, -1);
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_set_key_usage(cert, GNUTLS_KEY_DIGITAL_SIGNATURE);
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_set_key(cert, key);
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_sign2(cert, cert, key, GNUTLS_DIG_SHA256, 0);
    }
    return rc;
}

enum status
certificate_new(const char *host, struct buf *key_pem, struct buf *cert_pem)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crt_t cert = NULL;
    gnutls_datum_t key_text = {0};
    gnutls_datum_t cert_text = {0};
    enum status st = STATUS_OK;
    int rc = gnutls_x509_privkey_init(&key);
    if (rc >= 0) {
        rc = gnutls_x509_privkey_generate(
            key, GNUTLS_PK_ECDSA,
            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_init(&cert);
    }
    if (rc >= 0) {
        rc = fill_in(cert, key, host);
    }
    if (rc >= 0) {
        rc = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                               GNUTLS_PKCS_PLAIN, &key_text);
    }
    if (rc >= 0) {
        rc = gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &cert_text);
    }
    if (rc < 0) {
        st = failed("making a certificate", rc);
        goto out;
    }
    buf_put(key_pem, key_text.data, key_text.size);
    buf_put(cert_pem, cert_text.data, cert_text.size);
    st = buf_status(key_pem);
    if (st == STATUS_OK) {
        st = buf_status(cert_pem);
    }

out:
    if (key_text.data) {
        buf_wipe(key_text.data, key_text.size);
    }
    gnutls_free(key_text.data);
    gnutls_free(cert_text.data);
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_privkey_deinit(key);
    return st;
}

/* STATUS_E_INVALID: not a certificate. Free with gnutls_x509_crt_deinit(). */
static enum status
import(const struct buf *cert_pem, gnutls_x509_crt_t *out)
{
    gnutls_datum_t text = {(unsigned char *)cert_pem->data,
                           (unsigned)cert_pem->len};
    gnutls_x509_crt_t cert = NULL;
    int rc = gnutls_x509_crt_init(&cert);
    if (rc < 0) {
        return failed("reading a certificate", rc);
    }
    rc = gnutls_x509_crt_import(cert, &text, GNUTLS_X509_FMT_PEM);
    if (rc < 0) {
        gnutls_x509_crt_deinit(cert);
        return STATUS_E_INVALID;
    }
    *out = cert;
    return STATUS_OK;
}

enum status
certificate_pin(const struct buf *cert_pem, uint8_t out[CERTIFICATE_PIN_BYTES])
{
    gnutls_x509_crt_t cert = NULL;
    enum status st = import(cert_pem, &cert);
    if (st < 0) {
        return st;
    }
    size_t len = CERTIFICATE_PIN_BYTES;
    int rc =
        gnutls_x509_crt_get_key_id(cert, GNUTLS_KEYID_USE_SHA256, out, &len);
    gnutls_x509_crt_deinit(cert);
    return rc < 0 ? failed("pin of a certificate", rc) : STATUS_OK;
}

enum status
certificate_fingerprint(const struct buf *cert_pem, struct buf *out)
{
    gnutls_x509_crt_t cert = NULL;
    enum status st = import(cert_pem, &cert);
    if (st < 0) {
        return st;
    }
    uint8_t hash[CERTIFICATE_PIN_BYTES];
    size_t len = sizeof(hash);
    int rc =
        gnutls_x509_crt_get_fingerprint(cert, GNUTLS_DIG_SHA256, hash, &len);
    gnutls_x509_crt_deinit(cert);
    if (rc < 0) {
        return failed("fingerprint of a certificate", rc);
    }
    for (size_t i = 0; i < len; i++) {
        buf_printf(out, "%s%02X", i > 0 ? ":" : "", hash[i]);
    }
    return buf_status(out);
}
