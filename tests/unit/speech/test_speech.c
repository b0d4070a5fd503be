#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "harness/harness.h"
#include "speech/headphones.h"
#include "speech/speech.h"

/*
 * The voice is a script: it writes down its arguments and what it was given to
 * read. What only a real voice shows is read into a wave file by espeak-ng.
 */
#define WAIT_SECONDS 20
#define QUIET_MS 300
#define HEARD_MAX 20000

static char dir[HARNESS_PATH_MAX];
static char voice[HARNESS_PATH_MAX + 16];
static char heard[HEARD_MAX];
static sem_t ended;
static bool plugged;

static void
has_ended(void *self)
{
    (void)self;
    (void)sem_post(&ended);
}

static bool
headphones(void *self)
{
    (void)self;
    return plugged;
}

static bool
wait_ended(void)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_SECONDS;
    return sem_timedwait(&ended, &until) == 0;
}

/* True if nothing ends for a while. */
static bool
nothing_ends(void)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += QUIET_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    return sem_timedwait(&ended, &until) != 0;
}

static const char *
file_text(const char *name)
{
    char path[HARNESS_PATH_MAX + 32];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(heard, 1, sizeof(heard) - 1, f) : 0;
    heard[n] = '\0';
    if (f) {
        (void)fclose(f);
    }
    return heard;
}

/* A voice of our own; `rest` is what it does after having heard. */
static void
write_voice(const char *rest)
{
    (void)snprintf(voice, sizeof(voice), "%s/voice", dir);
    FILE *f = fopen(voice, "we");
    assert_non_null(f);
    (void)fprintf(f,
                  "#!/bin/sh\nprintf '%%s ' \"$@\" >'%s/args'\n"
                  "cat >'%s/text'\n%s\n",
                  dir, dir, rest);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(voice, 0700), 0);
}

static struct speech *
open_voice(const char *rest)
{
    struct speech *s = NULL;
    struct speech_options options = {
        .program = voice, .ended = has_ended, .headphones = headphones};
    write_voice(rest);
    options.program = voice;
    assert_int_equal(speech_open(&options, &s), STATUS_OK);
    return s;
}

static void
wait_for_file(const char *name)
{
    char path[HARNESS_PATH_MAX + 32];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    for (int i = 0; i < WAIT_SECONDS * 100 && access(path, F_OK) != 0; i++) {
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(access(path, F_OK), 0);
}

static void
forget_file(const char *name)
{
    char path[HARNESS_PATH_MAX + 32];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    (void)unlink(path);
}

static void
the_voice_gets_the_exact_text_and_no_argument_shows_it(void **state)
{
    (void)state;
    struct speech *s = open_voice("");
    static const struct {
        const char *label;
        struct speech_text text;
        const char *args;
    } rows[] = {
        {"Russian",
         {"Как часто? «Раз» в месяц; $(x) `y` -f z\n", "ru", SPEECH_NORMAL,
          false},
         "--stdin -v ru -s 145 "},
        {"English, slow",
         {"How often?", "en", SPEECH_SLOW, false},
         "--stdin -v en -s 105 "},
        {"fast", {"Да.", "ru", SPEECH_FAST, false}, "--stdin -v ru -s 200 "},
        {"nothing", {"", "ru", SPEECH_FAST, false}, "--stdin -v ru -s 200 "},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].label);
        assert_int_equal(speech_say(s, &rows[i].text), STATUS_OK);
        assert_true(wait_ended());
        assert_string_equal(file_text("text"), rows[i].text.text);
        assert_string_equal(file_text("args"), rows[i].args);
    }
    speech_close(s);
}

static void
a_text_too_long_is_cut_between_characters(void **state)
{
    (void)state;
    struct speech *s = open_voice("");
    char *text = calloc(1, SPEECH_TEXT_MAX_BYTES + 100);
    assert_non_null(text);
    text[0] = '.';
    for (size_t i = 1; i + 2 < SPEECH_TEXT_MAX_BYTES + 100; i += 2) {
        memcpy(text + i, "ж", 2);
    }
    assert_int_equal(
        speech_say(s, &(struct speech_text){text, "ru", SPEECH_FAST, false}),
        STATUS_OK);
    assert_true(wait_ended());
    assert_int_equal(strlen(file_text("text")), SPEECH_TEXT_MAX_BYTES - 1);
    free(text);
    speech_close(s);
}

static void
a_new_text_silences_the_one_before(void **state)
{
    (void)state;
    struct speech *s =
        open_voice("case $(cat \"${0%/*}/text\") in long) exec tail -f "
                   "/dev/null;; esac");
    struct speech_text first = {"long", "en", SPEECH_NORMAL, false};
    struct speech_text second = {"short", "en", SPEECH_NORMAL, false};
    forget_file("args");
    assert_int_equal(speech_say(s, &first), STATUS_OK);
    wait_for_file("args");
    assert_int_equal(speech_say(s, &second), STATUS_OK);
    assert_true(wait_ended());
    assert_string_equal(file_text("text"), "short");
    assert_true(nothing_ends()); /* told once: the first one was silenced */
    speech_close(s);
}

static void
a_paused_voice_waits_and_goes_on(void **state)
{
    (void)state;
    /* It ends once it sees a file that comes while it is paused. */
    struct speech *s = open_voice("while [ ! -e \"${0%/*}/go\" ]; do :; done");
    struct speech_text text = {"x", "en", SPEECH_NORMAL, false};
    forget_file("args");
    forget_file("go");
    assert_int_equal(speech_say(s, &text), STATUS_OK);
    wait_for_file("args");
    speech_pause(s, true);
    char go[HARNESS_PATH_MAX + 16];
    (void)snprintf(go, sizeof(go), "%s/go", dir);
    FILE *f = fopen(go, "we");
    assert_non_null(f);
    (void)fclose(f);
    assert_true(nothing_ends());
    speech_pause(s, false);
    assert_true(wait_ended());
    speech_close(s);
}

static void
what_is_private_falls_silent_when_headphones_go(void **state)
{
    (void)state;
    struct speech *s = open_voice("exec tail -f /dev/null");
    struct speech_text text = {"x", "en", SPEECH_NORMAL, true};
    forget_file("args");
    plugged = true;
    assert_int_equal(speech_say(s, &text), STATUS_OK);
    wait_for_file("args");
    assert_true(nothing_ends());
    plugged = false;
    assert_true(wait_ended());
    speech_close(s);
}

static void
closing_ends_a_voice_that_never_would(void **state)
{
    (void)state;
    struct speech *s = open_voice("exec tail -f /dev/null");
    struct speech_text text = {"x", "en", SPEECH_NORMAL, false};
    forget_file("args");
    assert_int_equal(speech_say(s, &text), STATUS_OK);
    wait_for_file("args");
    speech_pause(s, true);
    speech_close(s);
    speech_close(NULL);
}

static void
without_the_program_there_is_no_speech(void **state)
{
    (void)state;
    struct speech *s = NULL;
    struct speech_options options = {.program = "no-such-voice"};
    assert_int_equal(speech_open(&options, &s), STATUS_E_NOT_FOUND);
    assert_null(s);
}

static void
jacks_are_told_from_other_controls(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool jack;
    } rows[] = {
        {"Headphone Jack", true},      {"Front Headphone Jack", true},
        {"Headset Jack", true},        {"Headphone Playback Volume", false},
        {"Headphone Mic Jack", false}, {"Headphone Phantom Jack", false},
        {"Mic Jack", false},           {"Speaker", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].name);
        assert_int_equal(headphones_names_jack(rows[i].name), rows[i].jack);
    }
}

static void
espeak_speaks_both_languages(void **state)
{
    (void)state;
    static const struct speech_text rows[] = {
        {"Как часто вы встречаетесь с наставником?", "ru", SPEECH_NORMAL,
         false},
        {"How often do you meet your mentor?", "en", SPEECH_FAST, false},
    };
    char sound[HARNESS_PATH_MAX + 16];
    (void)snprintf(sound, sizeof(sound), "%s/sound.wav", dir);
    struct speech *s = NULL;
    struct speech_options options = {.sound = sound, .ended = has_ended};
    if (speech_open(&options, &s) < 0) {
        print_message("espeak-ng is not installed\n");
        skip();
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        harness_row(rows[i].lang);
        (void)unlink(sound);
        assert_int_equal(speech_say(s, &rows[i]), STATUS_OK);
        assert_true(wait_ended());
        FILE *f = fopen(sound, "re");
        assert_non_null(f);
        assert_int_equal(fseek(f, 44, SEEK_SET), 0);
        long loud = 0;
        long samples = 0;
        int16_t sample = 0;
        while (fread(&sample, sizeof(sample), 1, f) == 1) {
            samples++;
            loud += sample > 1000 || sample < -1000 ? 1 : 0;
        }
        (void)fclose(f);
        /* A second and more at 22050 Hz, a tenth of it not silent. */
        assert_true(samples > 22050);
        assert_true(loud > samples / 10);
    }
    speech_close(s);
}

int
main(void)
{
    harness_temp_dir(dir);
    (void)sem_init(&ended, 0, 0);
    log_set_level(LOG_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_voice_gets_the_exact_text_and_no_argument_shows_it),
        cmocka_unit_test(a_text_too_long_is_cut_between_characters),
        cmocka_unit_test(a_new_text_silences_the_one_before),
        cmocka_unit_test(a_paused_voice_waits_and_goes_on),
        cmocka_unit_test(what_is_private_falls_silent_when_headphones_go),
        cmocka_unit_test(closing_ends_a_voice_that_never_would),
        cmocka_unit_test(without_the_program_there_is_no_speech),
        cmocka_unit_test(jacks_are_told_from_other_controls),
        cmocka_unit_test(espeak_speaks_both_languages),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    harness_remove_tree(dir);
    return failed;
}
