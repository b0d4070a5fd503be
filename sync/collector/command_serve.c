/* anketa-collector serve: the web server, until it is told to stop. */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "collector/command.h"
#include "collector/http/server.h"
#include "collector/presence.h"
#include "collector/report/pdf.h"
#include "collector/web/desk.h"
#include "collector/web/site.h"

/* A heap for each thread would keep what the largest batch of each needed. */
#define HEAPS 2

#define LISTEN_DEFAULT ":8443"
#define HOUSE_MAX_BYTES 4096

static bool
only_this_machine(const char *listen)
{
    static const char *const names[] = {"127.", "localhost:", "[::1]:"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strncmp(listen, names[i], strlen(names[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* NULL: nobody is told; who knows the address comes all the same. */
static struct presence *
announce(struct desk *desk, const char *listen, uint16_t port)
{
    struct presence *presence = NULL;
    struct buf house;
    if (only_this_machine(listen)) {
        return NULL;
    }
    buf_init(&house, HOUSE_MAX_BYTES);
    struct store *reader = desk_reader(desk);
    enum status st = store_text(reader, STORE_HOUSE, &house);
    desk_reader_give(desk, reader);
    if (st >= 0) {
        st = presence_start(house.data, port, desk->home.identity.tls_pin,
                            &presence);
    }
    if (st < 0) {
        log_warn("collector", "cannot be found on the network by itself");
    }
    buf_deinit(&house);
    return presence;
}

static enum status
serve(struct desk *desk, const char *listen, const sigset_t *until)
{
    size_t count = 0;
    const struct server_route *routes = site_routes(&count);
    const struct server_options options = {
        .listen = listen,
        .key_pem = desk->home.keys.tls.key.data,
        .cert_pem = desk->home.keys.tls.cert.data,
        .route = routes,
        .route_count = count,
        .explain = site_explain,
        .self = desk,
    };
    struct server *server = NULL;
    enum status st = server_start(&options, &server);
    if (st < 0) {
        return st;
    }
    log_info("collector", "listening on %s, port %u", listen,
             (unsigned)server_port(server));
    struct presence *presence = announce(desk, listen, server_port(server));
    int signal = 0;
    (void)sigwait(until, &signal);
    presence_stop(presence);
    server_stop(server);
    log_info("collector", "stopped");
    return STATUS_OK;
}

/* What the desk wished: while nobody reads the keys. Written before the wish is
 * struck off; killed in between, there is one key more. */
static enum status
rotate_if_wished(struct home *home)
{
    struct store *s = NULL;
    int64_t wished = 0;
    int64_t serial = 0;
    enum status st = home_store(home, false, &s);
    if (st == STATUS_OK) {
        st = store_number(s, STORE_ROTATE, &wished);
    }
    if (st < 0 || wished == 0) {
        store_close(s);
        return st;
    }
    st = home_hold(home, HOME_ALONE);
    if (st == STATUS_OK) {
        st = keys_rotate_seal(&home->keys);
    }
    if (st == STATUS_OK) {
        home->identity.seal = home->keys.seal[0].public_key;
        st = home_save_keys(home);
    }
    home_release(home);
    if (st == STATUS_OK) {
        st = store_begin(s);
    }
    if (st == STATUS_OK) {
        st = store_number_set(s, STORE_ROTATE, 0);
    }
    if (st == STATUS_OK) {
        st = store_number_next(s, STORE_SERIAL, &serial);
    }
    if (st == STATUS_OK) {
        st =
            store_audit_add(s, clock_wall_ms(clock_system()), "", "rotate", "");
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    store_close(s);
    if (st == STATUS_OK) {
        log_info("collector", "the sealing key is renewed");
    }
    return st;
}

int
command_serve(int argc, char **argv)
{
    const char *listen = command_option(&argc, argv, "--listen");
    if (argc != 2) {
        return command_usage(N_("Usage: anketa-collector serve FOLDER "
                                "[--listen ADDRESS:PORT]"));
    }
    listen = listen ? listen : LISTEN_DEFAULT;
    sigset_t until;
    (void)sigemptyset(&until);
    (void)sigaddset(&until, SIGINT);
    (void)sigaddset(&until, SIGTERM);
    /* Before the first thread, so that all inherit it. */
    (void)pthread_sigmask(SIG_BLOCK, &until, NULL);
    (void)signal(SIGPIPE, SIG_IGN);

    struct home home;
    /* Before any thread. NOLINTNEXTLINE(concurrency-mt-unsafe) */
    (void)mallopt(M_ARENA_MAX, HEAPS);

    struct desk *desk = NULL;
    int code = command_home(argv[1], &home);
    if (code != COMMAND_OK) {
        return code;
    }
    file_parts_sweep(home.dir);
    enum status st = rotate_if_wished(&home);
    if (st < 0) {
        home_close(&home);
        return command_fail_status(st, argv[1]);
    }
    st = desk_open(&home, clock_system(), &desk);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    st = serve(desk, listen, &until);
    desk_close(desk);
    pdf_shutdown();
    return st < 0 ? command_fail_status(st, listen) : COMMAND_OK;
}
