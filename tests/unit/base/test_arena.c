#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "harness/harness.h"

static void
hands_out_aligned_zeroed_memory(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, (size_t)8 * 1024 * 1024);
    for (size_t size = 1; size < 5000; size += 37) {
        unsigned char *mem = arena_alloc(&a, size);
        assert_non_null(mem);
        assert_int_equal((uintptr_t)mem % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(mem[i], 0);
        }
        memset(mem, 0xAA, size);
    }
    assert_string_equal(arena_strdup(&a, "наставник"), "наставник");
    assert_string_equal(arena_strndup(&a, "abcdef", 3), "abc");
    arena_deinit(&a);
}

static void
refuses_beyond_its_maximum_and_overflow(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1000);
    assert_non_null(arena_alloc(&a, 900));
    assert_null(arena_alloc(&a, 200));
    assert_non_null(arena_alloc(&a, 16));
    assert_null(arena_array(&a, SIZE_MAX / 2, 4));
    arena_deinit(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_out_aligned_zeroed_memory),
        cmocka_unit_test(refuses_beyond_its_maximum_and_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
