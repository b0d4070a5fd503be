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
come_from(unsigned long peer, int64_t at_ms)
{
    struct end e;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, e.fd), 0);
    e.place = crowd_enter(&crowd, e.fd[0], peer, at_ms);
    assert_non_null(e.place);
    return e;
}

/* Each from an address of its own. */
static struct end
come(int64_t at_ms)
{
    static unsigned long peer;
    return come_from(peer++, at_ms);
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
    assert_null(crowd_enter(&crowd, -1, 0, CROWD_MAX * LATER));
    for (size_t i = 0; i < CROWD_MAX; i++) {
        go(&all[i]);
    }
    crowd_deinit(&crowd);
}

static void
who_comes_back_again_and_again_pushes_out_his_own(void **state)
{
    (void)state;
    enum {
        ATTACKERS = 10,
        KIOSK = ATTACKERS,
        VISITS = 5000
    };
    static struct end all[CROWD_FULL];
    crowd_init(&crowd);
    for (size_t i = 0; i < CROWD_FULL; i++) {
        all[i] = come_from(i % ATTACKERS, 0);
    }
    struct end kiosk = come_from(KIOSK, 1); /* and does not get on */
    for (size_t i = 0; i < VISITS; i++) {
        for (size_t j = 0; j < CROWD_FULL; j++) {
            if (is_out(&all[j])) {
                go(&all[j]);
                all[j] = come_from(j % ATTACKERS, 2 + (int64_t)i);
                break;
            }
        }
        assert_false(is_out(&kiosk));
    }
    go(&kiosk);
    for (size_t i = 0; i < CROWD_FULL; i++) {
        go(&all[i]);
    }
    for (size_t i = 0; i < CROWD_PEERS; i++) {
        assert_int_equal(crowd.held[i], 0);
    }
    crowd_deinit(&crowd);
}

static void
within_its_share_an_address_is_like_any_other(void **state)
{
    (void)state;
    static struct end all[CROWD_FULL];
    crowd_init(&crowd);
    for (size_t i = 0; i < CROWD_FULL; i++) {
        bool house = i >= CROWD_FULL - CROWD_SHARE;
        all[i] = come_from(house ? CROWD_FULL : i, house ? 1 : 0);
    }
    struct end more = come_from(CROWD_FULL + 1, LATER);
    assert_true(is_out(&all[0])); /* the oldest, not one of the house */
    go(&more);
    for (size_t i = 0; i < CROWD_FULL; i++) {
        go(&all[i]);
    }
    crowd_deinit(&crowd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_laziest_goes_first),
        cmocka_unit_test(who_comes_back_again_and_again_pushes_out_his_own),
        cmocka_unit_test(within_its_share_an_address_is_like_any_other),
        cmocka_unit_test(nobody_goes_while_there_is_room_then_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
