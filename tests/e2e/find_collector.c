/*
 * Find collector: who publishes itself on the local network, and who goes.
 *
 *   find_collector
 *
 * A line for each: "found NAME\tPORT\tTXT ..." and "gone NAME". Ends with 77 if
 * there is no avahi-daemon.
 */
#include <stdio.h>
#include <stdlib.h>

#include <avahi-client/client.h>
#include <avahi-client/lookup.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <avahi-common/strlst.h>

#include "collector/presence.h"

#define SKIPPED 77

/* The shape of both callbacks is Avahi's. */
static void
on_resolved(AvahiServiceResolver *resolver, AvahiIfIndex interface,
            AvahiProtocol protocol, AvahiResolverEvent event, const char *name,
            const char *type, const char *domain, const char *host,
            const AvahiAddress *address, uint16_t port, AvahiStringList *txt,
            AvahiLookupResultFlags flags, void *self)
{
    (void)interface;
    (void)protocol;
    (void)type;
    (void)domain;
    (void)host;
    (void)address;
    (void)flags;
    (void)self;
    if (event == AVAHI_RESOLVER_FOUND) {
        char *text = avahi_string_list_to_string(txt);
        (void)printf("found %s\t%u\t%s\n", name, (unsigned)port, text);
        (void)fflush(stdout);
        avahi_free(text);
    }
    avahi_service_resolver_free(resolver);
}

static void
on_browsed(AvahiServiceBrowser *browser, AvahiIfIndex interface,
           AvahiProtocol protocol, AvahiBrowserEvent event, const char *name,
           const char *type, const char *domain, AvahiLookupResultFlags flags,
           void *self)
{
    (void)flags;
    AvahiClient *client = avahi_service_browser_get_client(browser);
    if (event == AVAHI_BROWSER_NEW) {
        (void)avahi_service_resolver_new(client, interface, protocol, name,
                                         type, domain, AVAHI_PROTO_UNSPEC, 0,
                                         on_resolved, NULL);
    } else if (event == AVAHI_BROWSER_REMOVE) {
        (void)printf("gone %s\n", name);
        (void)fflush(stdout);
    } else if (event == AVAHI_BROWSER_FAILURE) {
        avahi_simple_poll_quit(self);
    }
}

int
main(void)
{
    int rc = 0;
    AvahiSimplePoll *poll = avahi_simple_poll_new();
    AvahiClient *client =
        poll ? avahi_client_new(avahi_simple_poll_get(poll), 0, NULL, NULL, &rc)
             : NULL;
    if (!client) {
        (void)puts("no avahi-daemon");
        return SKIPPED;
    }
    AvahiServiceBrowser *browser =
        avahi_service_browser_new(client, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC,
                                  PRESENCE_TYPE, NULL, 0, on_browsed, poll);
    if (!browser) {
        return EXIT_FAILURE;
    }
    (void)puts("looking");
    (void)fflush(stdout);
    rc = avahi_simple_poll_loop(poll);
    avahi_client_free(client);
    avahi_simple_poll_free(poll);
    return rc < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
