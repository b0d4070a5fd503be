/* anketa-collector serve: the web server, until it is told to stop. */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* From a thread of the server's. */
static void
ask_for_renewal(void)
{
    if (kill(getpid(), SIGUSR1) != 0) {
        log_warn("collector", "the keys are renewed at the next start");
    }
}

/* Until one of the signals comes. After the one for new keys `socket` is left to
 * who comes next; else it is closed and -1. */
static enum status
serve_once(struct desk *desk, const char *listen, const sigset_t *until,
           int *socket)
{
    size_t count = 0;
    const struct server_route *routes = site_routes(&count);
    const struct server_options options = {
        .listen = listen,
        .socket = *socket >= 0 ? socket : NULL,
        .key_pem = desk->home.keys.tls.key.data,
        .cert_pem = desk->home.keys.tls.cert.data,
        .route = routes,
        .route_count = count,
        .explain = site_explain,
        .self = desk,
    };
    struct server *server = NULL;
    enum status st = server_start(&options, &server);
    *socket = -1;
    if (st < 0) {
        return st;
    }
    log_info("collector", "listening on %s, port %u", listen,
             (unsigned)server_port(server));
    struct presence *presence = announce(desk, listen, server_port(server));
    int signal = 0;
    (void)sigwait(until, &signal);
    presence_stop(presence);
    if (signal == SIGUSR1) {
        return server_leave(server, socket);
    }
    server_stop(server);
    return STATUS_OK;
}

static enum status
serve(struct desk *desk, const char *listen, const sigset_t *until)
{
    int socket = -1;
    enum status st = STATUS_OK;
    desk->renew = ask_for_renewal;
    do {
        st = desk_renew(desk);
        if (st >= 0) {
            st = serve_once(desk, listen, until, &socket);
        }
    } while (st >= 0 && socket >= 0);
    if (socket >= 0) {
        close(socket);
    }
    log_info("collector", "stopped");
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
    (void)sigaddset(&until, SIGUSR1); /* other keys are wished */
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
    enum status st = desk_open(&home, clock_system(), &desk);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    st = serve(desk, listen, &until);
    desk_close(desk);
    pdf_shutdown();
    return st < 0 ? command_fail_status(st, listen) : COMMAND_OK;
}
