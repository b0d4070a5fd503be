/* Who is pushed out when places become few. */
#include <sys/socket.h>
#include <unistd.h>

#include "collector/http/crowd.h"
#include "harness/harness.h"

#define LATER 1000

static struct crowd crowd;

struct end {
    int fd[2];
    struct crowd_place *place;
};

static struct end
come(int64_t at_ms)
{
    struct end e;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, e.fd), 0);
    e.place = crowd_enter(&crowd, e.fd[0], at_ms);
    assert_non_null(e.place);
    return e;
}

static void
go(struct end *e)
{
    crowd_leave(&crowd, e->place);
    close(e->fd[0]);
    close(e->fd[1]);
}

/* The server's half is shut down: the other side reads the end. */
static bool
is_out(const struct end *e)
{
    char byte;
    return recv(e->fd[1], &byte, 1, MSG_DONTWAIT) == 0;
}

static void
the_laziest_goes_first(void **state)
{
    (void)state;
    enum {
        SLOW_KIOSK,
        DRIPPER,
        HALF_OPEN,
        AT_WORK,
        SOME
    };
    static struct end all[CROWD_FULL];
    crowd_init(&crowd);
    for (size_t i = 0; i < CROWD_FULL; i++) {
        all[i] = come(0);
        crowd_bytes(&crowd, all[i].place, 100000);
    }
    all[SLOW_KIOSK].place->bytes = 1000;
    all[DRIPPER].place->bytes = 10;
    all[HALF_OPEN].place->bytes = 0;
    all[AT_WORK].place->bytes = 0;
    crowd_answering(&crowd, all[AT_WORK].place);
    static const size_t order[] = {HALF_OPEN, DRIPPER, SLOW_KIOSK};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        assert_false(is_out(&all[order[i]]));
        struct end more = come(LATER);
        assert_true(is_out(&all[order[i]]));
        go(&more);
    }
    assert_false(is_out(&all[AT_WORK]));
    crowd_answered(&crowd, all[AT_WORK].place, LATER);
    struct end more = come(LATER);
    assert_true(is_out(&all[AT_WORK])); /* it asks for nothing now */
    go(&more);
    for (size_t i = 0; i < CROWD_FULL; i++) {
        go(&all[i]);
    }
    crowd_deinit(&crowd);
}

static void
nobody_goes_while_there_is_room_then_the_oldest(void **state)
{
    (void)state;
    static struct end all[CROWD_MAX];
    crowd_init(&crowd);
    for (size_t i = 0; i < CROWD_MAX; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_int_equal(is_out(&all[j]),
                             i > CROWD_FULL && j < i - CROWD_FULL);
        }
        all[i] = come((int64_t)i * LATER);
    }
    assert_null(crowd_enter(&crowd, -1, CROWD_MAX * LATER));
    for (size_t i = 0; i < CROWD_MAX; i++) {
        go(&all[i]);
    }
    crowd_deinit(&crowd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_laziest_goes_first),
        cmocka_unit_test(nobody_goes_while_there_is_room_then_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
