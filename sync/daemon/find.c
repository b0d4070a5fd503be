#include "daemon/find.h"

#include <stdio.h>
#include <string.h>

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-common/error.h>
#include <avahi-common/simple-watch.h>

#include "base/clock.h"
#include "base/log.h"

struct search {
    AvahiSimplePoll *poll;        /* owned */
    AvahiClient *client;          /* owned */
    AvahiServiceBrowser *browser; /* owned */
    struct find_place *place;     /* borrowed */
    size_t count;
    size_t asked; /* for an address and not answered */
    bool all;     /* the browser knows no more */
    bool failed;
};

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
find_read_id(const char *text, size_t len, uint8_t out[FIND_ID_BYTES])
{
    static const char key[] = "id=";
    const size_t key_len = sizeof(key) - 1;
    if (len != key_len + (size_t)2 * FIND_ID_BYTES
        || memcmp(text, key, key_len) != 0) {
        return false;
    }
    for (size_t i = 0; i < FIND_ID_BYTES; i++) {
        int high = hex_digit(text[key_len + 2 * i]);
        int low = hex_digit(text[key_len + 2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Quit when the browser has told all and all have been asked. */
static void
see_if_done(struct search *search)
{
    if (search->failed || (search->all && search->asked == 0)) {
        avahi_simple_poll_quit(search->poll);
    }
}

static void
note_place(struct search *search, const AvahiAddress *address, uint16_t port,
           AvahiStringList *txt)
{
    char host[AVAHI_ADDRESS_STR_MAX];
    if (search->count == FIND_PLACES_MAX) {
        return;
    }
    struct find_place *place = &search->place[search->count];
    *place = (struct find_place){.has_id = false};
    avahi_address_snprint(host, sizeof(host), address);
    (void)snprintf(place->address, sizeof(place->address), "https://%s:%u",
                   host, (unsigned)port);
    for (; txt; txt = avahi_string_list_get_next(txt)) {
        if (find_read_id((const char *)avahi_string_list_get_text(txt),
                         avahi_string_list_get_size(txt), place->id)) {
            place->has_id = true;
        }
    }
    search->count++;
}

/* Its parameters are Avahi's. */
static void /* NOLINTNEXTLINE(readability-function-size) */
on_resolved(AvahiServiceResolver *resolver, AvahiIfIndex interface,
            AvahiProtocol protocol, AvahiResolverEvent event, const char *name,
            const char *type, const char *domain, const char *host,
            const AvahiAddress *address, uint16_t port, AvahiStringList *txt,
            AvahiLookupResultFlags flags, void *self)
{
    struct search *search = self;
    (void)interface;
    (void)protocol;
    (void)name;
    (void)type;
    (void)domain;
    (void)host;
    (void)flags;
    if (event == AVAHI_RESOLVER_FOUND && address) {
        note_place(search, address, port, txt);
    }
    search->asked--;
    avahi_service_resolver_free(resolver);
    see_if_done(search);
}

static void /* NOLINTNEXTLINE(readability-function-size) */
on_browsed(AvahiServiceBrowser *browser, AvahiIfIndex interface,
           AvahiProtocol protocol, AvahiBrowserEvent event, const char *name,
           const char *type, const char *domain, AvahiLookupResultFlags flags,
           void *self)
{
    struct search *search = self;
    (void)browser;
    (void)flags;
    switch (event) {
    case AVAHI_BROWSER_NEW:
        if (search->asked < FIND_PLACES_MAX
            && avahi_service_resolver_new(
                search->client, interface, protocol, name, type, domain,
                AVAHI_PROTO_INET, (AvahiLookupFlags)0, on_resolved, search)) {
            search->asked++;
        }
        break;
    case AVAHI_BROWSER_ALL_FOR_NOW:
        search->all = true;
        break;
    case AVAHI_BROWSER_FAILURE:
        search->failed = true;
        break;
    case AVAHI_BROWSER_REMOVE:
    case AVAHI_BROWSER_CACHE_EXHAUSTED:
    default:
        break;
    }
    see_if_done(search);
}

static void
on_client(AvahiClient *client, AvahiClientState state, void *self)
{
    struct search *search = self;
    (void)client;
    if (state == AVAHI_CLIENT_FAILURE) {
        search->failed = true;
        avahi_simple_poll_quit(search->poll);
    }
}

static void
run(struct search *search)
{
    const struct clock *clock = clock_system();
    int64_t until_ms = clock_mono_ms(clock) + FIND_WAIT_MS;
    for (;;) {
        int64_t left = until_ms - clock_mono_ms(clock);
        if (left <= 0
            || avahi_simple_poll_iterate(search->poll, (int)left) != 0) {
            return;
        }
    }
}

enum status
find_collectors(void *unused, struct find_place place[FIND_PLACES_MAX],
                size_t *out_count)
{
    struct search search = {.place = place};
    int error = 0;
    (void)unused;
    *out_count = 0;
    search.poll = avahi_simple_poll_new();
    if (!search.poll) {
        return log_oom("find");
    }
    search.client =
        avahi_client_new(avahi_simple_poll_get(search.poll),
                         (AvahiClientFlags)0, on_client, &search, &error);
    if (search.client) {
        /* IPv4: the addresses people write down, and without scope ids. */
        search.browser = avahi_service_browser_new(
            search.client, AVAHI_IF_UNSPEC, AVAHI_PROTO_INET, FIND_SERVICE,
            NULL, (AvahiLookupFlags)0, on_browsed, &search);
    }
    if (search.browser) {
        run(&search);
        avahi_service_browser_free(search.browser);
    } else {
        log_debug("find", "no avahi-daemon to ask: %s", avahi_strerror(error));
    }
    if (search.client) {
        avahi_client_free(search.client); /* and its resolvers */
    }
    avahi_simple_poll_free(search.poll);
    *out_count = search.count;
    return search.count > 0 ? STATUS_OK : STATUS_NONE;
}
