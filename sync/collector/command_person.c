/* anketa-collector person: who may open a named questionnaire. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "collector/command.h"
#include "collector/home.h"
#include "collector/web/erasure.h"
#include "collector/web/people_slips.h"

static int
person_list(struct store *s, int argc, char **argv)
{
    (void)argc;
    struct store_person *people = NULL;
    size_t count = 0;
    enum status st = store_people(s, &people, &count);
    for (size_t i = 0; i < count; i++) {
        (void)printf("%s\t%s\t%s\n", people[i].code, people[i].name,
                     people[i].role);
    }
    store_people_free(people, count);
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[1]);
}

static int
person_add(struct store *s, int argc, char **argv)
{
    char none[] = "";
    char mentor[] = "mentor";
    char mentee[] = "mentee";
    bool is_mentor = command_flag(&argc, argv, "--mentor");
    bool is_mentee = command_flag(&argc, argv, "--mentee");
    if (argc != 3 || (is_mentor && is_mentee)) {
        return command_usage(N_("Usage: anketa-collector person add FOLDER "
                                "NAME [--mentor|--mentee]"));
    }
    const struct store_person person = {
        .name = argv[2],
        .role = is_mentor   ? mentor
                : is_mentee ? mentee
                            : none,
    };
    struct store_person added = {0};
    int64_t id = 0;
    int64_t serial = 0;
    enum status st = people_slips_add(s, &person, &id);
    if (st == STATUS_OK) {
        st = store_number_next(s, STORE_SERIAL, &serial);
    }
    if (st == STATUS_OK) {
        st = store_person(s, id, &added);
    }
    if (st < 0) {
        return command_fail_status(st, argv[2]);
    }
    (void)printf("%s\n", added.code);
    store_person_clear(&added);
    return COMMAND_OK;
}

/* Erase her and everything she said. */
static int
person_erase(struct store *s, int argc, char **argv)
{
    int64_t id = 0;
    if (argc != 3) {
        return command_usage(
            N_("Usage: anketa-collector person erase FOLDER CODE"));
    }
    enum status st = store_person_find(s, argv[2], &id);
    if (st == STATUS_OK) {
        st = store_begin(s);
    }
    if (st == STATUS_OK) {
        st =
            erasure_begin(s, id, clock_wall_ms(clock_system()), STORE_BY_PAPER);
    }
    if (st == STATUS_OK) {
        st = store_commit(s);
    }
    store_rollback(s);
    if (st == STATUS_OK) {
        st = erasure_finish(s, NULL, argv[1]);
    }
    return st == STATUS_OK ? COMMAND_OK : command_fail_status(st, argv[2]);
}

int
command_person(int argc, char **argv)
{
    static const struct command_verb verbs[] = {
        {"add", person_add},
        {"list", person_list},
        {"erase", person_erase},
    };
    return command_verb(
        verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv,
        N_("Usage: anketa-collector person add|list|erase FOLDER …"));
}
