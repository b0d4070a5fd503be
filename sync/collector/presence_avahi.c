#include "collector/presence.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <avahi-client/client.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/domain.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/strlst.h>
#include <avahi-common/thread-watch.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/utf8.h"

#define ID_BYTES 8
#define TRIES_MAX 16 /* names, if others have them already */

/* All but the thread itself belongs to Avahi's thread. */
struct presence {
    AvahiThreadedPoll *poll;
    AvahiClient *client;
    AvahiEntryGroup *group;
    char *name; /* avahi_free() */
    int tries;
    uint16_t port;
    char id[2 * ID_BYTES + 4];
};

static void
on_group(AvahiEntryGroup *group, AvahiEntryGroupState state, void *self);

static void
complain(AvahiClient *client)
{
    log_warn("presence", "avahi: %s",
             avahi_strerror(avahi_client_errno(client)));
}

static int
add_service(struct presence *p)
{
    return avahi_entry_group_add_service(
        p->group, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, (AvahiPublishFlags)0,
        p->name, PRESENCE_TYPE, NULL, NULL, p->port, "v=1", p->id, NULL);
}

/* Another one of that name: take the next, "Anketa #2". */
static bool
rename_service(struct presence *p)
{
    char *other = avahi_alternative_service_name(p->name);
    p->tries++;
    if (!other || p->tries > TRIES_MAX) {
        avahi_free(other);
        return false;
    }
    avahi_free(p->name);
    p->name = other;
    return true;
}

static void
publish(struct presence *p, AvahiClient *client)
{
    if (!p->group) {
        p->group = avahi_entry_group_new(client, on_group, p);
    }
    if (!p->group) {
        complain(client);
        return;
    }
    if (!avahi_entry_group_is_empty(p->group)) {
        return;
    }
    int rc = add_service(p);
    while (rc == AVAHI_ERR_COLLISION && rename_service(p)) {
        rc = add_service(p);
    }
    if (rc == 0) {
        rc = avahi_entry_group_commit(p->group);
    }
    if (rc != 0) {
        log_warn("presence", "avahi: %s", avahi_strerror(rc));
    }
}

static void
on_group(AvahiEntryGroup *group, AvahiEntryGroupState state, void *self)
{
    struct presence *p = self;
    p->group = group;
    if (state == AVAHI_ENTRY_GROUP_ESTABLISHED) {
        log_info("presence", "kiosks on this network can find the collector");
    } else if (state == AVAHI_ENTRY_GROUP_COLLISION) {
        avahi_entry_group_reset(group);
        if (rename_service(p)) {
            publish(p, avahi_entry_group_get_client(group));
        }
    } else if (state == AVAHI_ENTRY_GROUP_FAILURE) {
        complain(avahi_entry_group_get_client(group));
    }
}

static void
on_client(AvahiClient *client, AvahiClientState state, void *self)
{
    struct presence *p = self;
    switch (state) {
    case AVAHI_CLIENT_S_RUNNING:
        publish(p, client);
        break;
    case AVAHI_CLIENT_S_COLLISION:
    case AVAHI_CLIENT_S_REGISTERING:
        /* The host's own name is changing: said again when it is settled. */
        if (p->group) {
            avahi_entry_group_reset(p->group);
        }
        break;
    case AVAHI_CLIENT_FAILURE:
        complain(client);
        break;
    case AVAHI_CLIENT_CONNECTING:
        log_info("presence", "no avahi-daemon so far: kiosks go by address");
        break;
    }
}

/* Within what a service may be called. */
static char *
service_name(const char *house)
{
    char name[AVAHI_LABEL_MAX];
    int n = snprintf(name, sizeof(name), "Anketa %s", house);
    size_t len = n < 0 ? 0 : (size_t)n;
    if (len >= sizeof(name)) {
        len = sizeof(name) - 1;
        /* Not in the middle of a letter. */
        while (len > 0 && !utf8_valid(name, len)) {
            len--;
        }
        name[len] = '\0';
    }
    return avahi_strdup(name);
}

enum status
presence_start(const char *house, uint16_t port,
               const uint8_t pin[ENROL_TLS_PIN_BYTES], struct presence **out)
{
    int rc = 0;
    *out = NULL;
    struct presence *p = calloc(1, sizeof(*p));
    if (!p) {
        return log_oom("presence");
    }
    p->port = port;
    (void)snprintf(p->id, sizeof(p->id), "id=");
    for (size_t i = 0; i < ID_BYTES; i++) {
        (void)snprintf(p->id + 3 + 2 * i, 3, "%02x", pin[i]);
    }
    p->name = service_name(house);
    p->poll = avahi_threaded_poll_new();
    if (!p->name || !p->poll) {
        presence_stop(p);
        return log_oom("presence");
    }
    p->client = avahi_client_new(avahi_threaded_poll_get(p->poll),
                                 AVAHI_CLIENT_NO_FAIL, on_client, p, &rc);
    if (!p->client) {
        log_info("presence", "avahi: %s", avahi_strerror(rc));
        presence_stop(p);
        return STATUS_NONE;
    }
    if (avahi_threaded_poll_start(p->poll) != 0) {
        presence_stop(p);
        return log_oom("presence");
    }
    *out = p;
    return STATUS_OK;
}

void
presence_stop(struct presence *p)
{
    if (!p) {
        return;
    }
    if (p->poll) {
        avahi_threaded_poll_stop(p->poll);
    }
    if (p->client) {
        avahi_client_free(p->client); /* takes the group along */
    }
    if (p->poll) {
        avahi_threaded_poll_free(p->poll);
    }
    avahi_free(p->name);
    free(p);
}
