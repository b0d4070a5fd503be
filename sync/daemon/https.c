#include "daemon/https.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/log.h"

#define CONNECT_TIMEOUT_S 20L
/* A link may be slow for hours, but not silent. */
#define SILENCE_BYTES_PER_S 16L
#define SILENCE_S 60L
#define URL_MAX_BYTES 512
#define PIN_CHARS 44 /* base64 of 32 bytes */
#define PINS_MAX_BYTES (2 * (10 + PIN_CHARS) + 2)

struct https {
    CURL *curl;                 /* owned; keeps the connection alive */
    struct curl_slist *headers; /* owned */
    struct https_options options;
};

static void
base64(const uint8_t pin[ENROL_TLS_PIN_BYTES], char out[PIN_CHARS + 1])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/=";
    enum {
        PAD = 64
    };
    size_t len = 0;
    for (size_t i = 0; i < ENROL_TLS_PIN_BYTES; i += 3) {
        size_t left = ENROL_TLS_PIN_BYTES - i;
        uint32_t three = (uint32_t)pin[i] << 16
                         | (left > 1 ? (uint32_t)pin[i + 1] << 8 : 0)
                         | (left > 2 ? pin[i + 2] : 0);
        out[len] = digits[three >> 18];
        out[len + 1] = digits[three >> 12 & 63];
        out[len + 2] = digits[left > 1 ? three >> 6 & 63 : PAD];
        out[len + 3] = digits[left > 2 ? three & 63 : PAD];
        len += 4;
    }
    out[len] = '\0';
}

/* "sha256//...;sha256//..." of the present and the announced key. */
static void
print_pins(const struct account *account, char out[PINS_MAX_BYTES])
{
    char pin[PIN_CHARS + 1];
    base64(account->collector.tls_pin, pin);
    int n = snprintf(out, PINS_MAX_BYTES, "sha256//%s", pin);
    if (account->rotates && n > 0) {
        base64(account->next_tls_pin, pin);
        (void)snprintf(out + n, PINS_MAX_BYTES - (size_t)n, ";sha256//%s", pin);
    }
}

static size_t
on_body(char *data, size_t size, size_t count, void *body)
{
    buf_put(body, data, size * count);
    /* Anything but the full count makes curl give up. */
    return buf_status(body) < 0 ? 0 : size * count;
}

static int
on_progress(void *self, curl_off_t down_total, curl_off_t down,
            curl_off_t up_total, curl_off_t up)
{
    const struct https *h = self;
    (void)down_total;
    (void)down;
    (void)up_total;
    (void)up;
    if (h->options.beat) {
        h->options.beat();
    }
    return h->options.stop && *h->options.stop ? 1 : 0;
}

static enum sync_fault
fault_of(CURLcode code, CURL *curl)
{
    curl_off_t connected_us = 0;
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_URL_MALFORMAT:
        return SYNC_FAULT_NAME;
    case CURLE_COULDNT_CONNECT:
        return SYNC_FAULT_CONNECT;
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return SYNC_FAULT_KEY;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
        return SYNC_FAULT_TLS;
    case CURLE_WRITE_ERROR: /* longer than any answer of ours */
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_HTTP2:
        return SYNC_FAULT_FOREIGN;
    case CURLE_OPERATION_TIMEDOUT:
        curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connected_us);
        return connected_us > 0 ? SYNC_FAULT_BROKEN : SYNC_FAULT_CONNECT;
    default:
        return SYNC_FAULT_BROKEN;
    }
}

static void
prepare(struct https *h, const struct transport_request *request,
        struct transport_answer *answer)
{
    CURL *curl = h->curl;
    if (h->options.account->enrolled) {
        char pins[PINS_MAX_BYTES];
        print_pins(h->options.account, pins);
        curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, pins);
    } else {
        curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, NULL);
    }
    if (request->body) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)request->len);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, h->headers);
    } else {
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    }
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer->body);
}

static enum status
https_exchange(void *self, const struct transport_request *request,
               struct transport_answer *answer)
{
    struct https *h = self;
    char url[URL_MAX_BYTES];
    char error[CURL_ERROR_SIZE] = "";
    const char *address = request->address;
    if (!address) {
        address = h->options.address && *h->options.address
                      ? h->options.address
                      : h->options.account->address;
    }
    int n = snprintf(url, sizeof(url), "%s%s", address, request->path);
    if (n < 0 || (size_t)n >= sizeof(url)) {
        answer->fault = SYNC_FAULT_NAME;
        return STATUS_E_LIMIT;
    }
    prepare(h, request, answer);
    curl_easy_setopt(h->curl, CURLOPT_URL, url);
    curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, error);
    CURLcode code = curl_easy_perform(h->curl);
    curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, NULL);
    curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, NULL);
    if (code != CURLE_OK) {
        answer->fault = fault_of(code, h->curl);
        (void)snprintf(answer->detail, sizeof(answer->detail), "%.100s: %.90s",
                       request->path,
                       error[0] ? error : curl_easy_strerror(code));
        return STATUS_E_IO;
    }
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &answer->http);
    return STATUS_OK;
}

static void
configure(struct https *h)
{
    CURL *curl = h->curl;
    const char *proxy = h->options.proxy ? h->options.proxy : "";
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    /* The pinned key is the one thing trusted: no authority, no clock. */
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, SILENCE_BYTES_PER_S);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SILENCE_S);
    curl_easy_setopt(curl, CURLOPT_PROXY, proxy);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, h);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
}

enum status
https_new(const struct https_options *options, struct https **out)
{
    *out = NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return log_oom("https");
    }
    struct https *h = calloc(1, sizeof(*h));
    if (!h) {
        curl_global_cleanup();
        return log_oom("https");
    }
    h->options = *options;
    h->curl = curl_easy_init();
    h->headers = curl_slist_append(NULL, "Content-Type: application/cbor");
    /* No "Expect: 100-continue": it costs a round trip and some proxies. */
    struct curl_slist *more = curl_slist_append(h->headers, "Expect:");
    if (!h->curl || !h->headers || !more) {
        https_free(h);
        return log_oom("https");
    }
    configure(h);
    *out = h;
    return STATUS_OK;
}

void
https_free(struct https *https)
{
    if (!https) {
        return;
    }
    curl_easy_cleanup(https->curl);
    curl_slist_free_all(https->headers);
    free(https);
    curl_global_cleanup();
}

struct transport
https_transport(struct https *https)
{
    return (struct transport){.exchange = https_exchange, .self = https};
}
