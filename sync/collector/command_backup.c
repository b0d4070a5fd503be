/* anketa-collector backup, verify and restore: the whole collector as one
 * sealed file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/backup.h"
#include "collector/command.h"
#include "collector/store/recovery.h"

#define MODE 0600
#define LINE_MAX_BYTES 512
#define TEXT_MAX_BYTES 4096
#define DATE_BYTES 32

/* --- making --------------------------------------------------------------- */

/* `people`: their keys instead. */
static enum status
make(const struct home *home, const char *passphrase, const char *path,
     bool people)
{
    struct backup_info info;
    struct store *s = NULL;
    int64_t now_ms = clock_wall_ms(clock_system());
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
    if (fd < 0) {
        return errno == EEXIST ? STATUS_E_CONFLICT : log_errno("backup", path);
    }
    enum status st =
        people ? backup_make_people(home, passphrase, now_ms, fd, &info)
               : backup_make(home, passphrase, now_ms, fd, &info);
    if (close(fd) != 0 && st == STATUS_OK) {
        st = log_errno("backup", path);
    }
    if (st != STATUS_OK && unlink(path) != 0) {
        log_warn("backup", "%s: left behind", path);
    }
    if (st == STATUS_OK) {
        st = home_store(home, false, &s);
    }
    if (st == STATUS_OK) {
        st = people ? store_number_set(s, STORE_PEOPLE_KEYS, now_ms)
                    : backup_cover(s, &info, now_ms);
    }
    if (st == STATUS_OK) {
        st = store_audit_add(s, now_ms, "", people ? "people keys" : "backup",
                             "");
    }
    store_close(s);
    return st;
}

static int
save(int argc, char **argv, bool people)
{
    bool ask = command_flag(&argc, argv, "--passphrase");
    if (argc != 3) {
        return command_usage(
            people ? N_("Usage: anketa-collector people-keys FOLDER FILE "
                        "[--passphrase]")
                   : N_("Usage: anketa-collector backup FOLDER FILE "
                        "[--passphrase]"));
    }
    struct home home;
    struct buf text;
    buf_init(&text, KEYSLOTS_PASSPHRASE_MAX_BYTES);
    enum status st = home_open(argv[1], &home);
    if (st < 0) {
        return command_fail_status(st, argv[1]);
    }
    int code = ask ? command_new_passphrase(&text) : COMMAND_OK;
    if (code == COMMAND_OK) {
        st = make(&home, ask ? text.data : NULL, argv[2], people);
        if (st == STATUS_NONE) {
            code = command_fail(N_("a backup is sealed, and there is no "
                                   "recovery sheet that could open it: print "
                                   "one with “keys sheet”, or give it a "
                                   "passphrase with --passphrase"));
        } else if (st < 0) {
            code = command_fail_status(st, argv[2]);
        }
    }
    buf_deinit(&text);
    home_close(&home);
    return code;
}

int
command_backup(int argc, char **argv)
{
    return save(argc, argv, false);
}

int
command_people_keys(int argc, char **argv)
{
    return save(argc, argv, true);
}

/* --- opening -------------------------------------------------------------- */

/* What the person brings. */
struct opening {
    int fd;
    struct backup_info info;
    struct backup_inside inside;
    bool by_sheet;
    struct seal_pair pair;
    struct buf passphrase;
    const char *people_path; /* of the people's keys; NULL: none */
    bool without_people;
    struct people_keys people;
};

static int
explain(enum status st, const struct opening *o, const char *path)
{
    struct stat about = {.st_size = 0};
    if (st == STATUS_E_INVALID && o->inside.damaged) {
        return command_fail(N_("%s: the file arrived whole, but %s inside it "
                               "is damaged: it was so when the backup was "
                               "made. Keep earlier backups, and make a new "
                               "one"),
                            path, o->inside.damaged);
    }
    if (st == STATUS_E_INVALID && fstat(o->fd, &about) == 0) {
        return command_fail(N_("%s: the backup is cut off or damaged: of its "
                               "%lld bytes not all are as they left the "
                               "collector, or its end is missing. Compare the "
                               "length with the desk’s page, and take another "
                               "copy or an earlier backup"),
                            path, (long long)about.st_size);
    }
    if (st == STATUS_E_NOT_FOUND) {
        return command_fail(N_("%s: this is not a backup of a collector"),
                            path);
    }
    if (st == STATUS_E_UNSUPPORTED) {
        return command_fail(N_("%s: the backup was made by a later version of "
                               "the collector; install that one"),
                            path);
    }
    return command_fail_status(st, path);
}

/* Typed line by line, each checked at once. */
static int
type_sheet(struct buf *out)
{
    for (unsigned line = 1; line <= RECOVERY_LINES;) {
        char typed[LINE_MAX_BYTES];
        (void)printf(i18n_text(command_lang(), "line %u: "), line);
        (void)fflush(stdout);
        if (!fgets(typed, sizeof(typed), stdin)) {
            return command_fail(N_("the sheet was not typed to its end"));
        }
        if (recovery_check_line(typed, line) < 0) {
            (void)command_fail(N_("line %u has a typing error: type it again"),
                               line);
            continue;
        }
        buf_puts(out, typed);
        buf_wipe(typed, sizeof(typed));
        line++;
    }
    return COMMAND_OK;
}

static int
read_sheet(struct opening *o)
{
    unsigned line = 0;
    int code = COMMAND_OK;
    struct buf text;
    buf_init(&text, TEXT_MAX_BYTES);
    if (isatty(STDIN_FILENO)) {
        code = type_sheet(&text);
    } else {
        char piece[LINE_MAX_BYTES];
        while (fgets(piece, sizeof(piece), stdin)) {
            buf_puts(&text, piece);
        }
        buf_wipe(piece, sizeof(piece));
    }
    enum status st = code == COMMAND_OK ? buf_status(&text) : STATUS_OK;
    if (code == COMMAND_OK && st == STATUS_OK) {
        st = recovery_parse(text.data, &o->pair, &line);
    }
    buf_deinit(&text);
    if (st < 0 && line > 0) {
        return command_fail(N_("the recovery sheet: line %u has a typing "
                               "error"),
                            line);
    }
    if (st < 0) {
        return command_fail(N_("the recovery sheet: these lines are not of "
                               "one sheet"));
    }
    return code;
}

static int
ask_opener(struct opening *o, bool sheet)
{
    char name[RECOVERY_NAME_CHARS + 1];
    o->by_sheet = sheet || !o->info.slots.by_passphrase;
    if (!o->by_sheet) {
        return command_passphrase(N_("Passphrase of the backup:"),
                                  &o->passphrase);
    }
    if (!o->info.has_recovery) {
        return command_fail(N_("this backup opens with its passphrase alone, "
                               "not with a sheet"));
    }
    recovery_name(&o->info.recovery, name);
    (void)fprintf(stderr,
                  i18n_text(command_lang(),
                            "This backup opens with the recovery sheet %s.\n"),
                  name);
    return read_sheet(o);
}

static enum status
read_people(struct opening *o, const struct keyslots_opener *opener)
{
    int fd = open(o->people_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return log_errno("backup", o->people_path);
    }
    enum status st = backup_read_people(fd, opener, &o->people);
    close(fd);
    return st;
}

static int
run(struct opening *o, bool sheet, const char *path, const char *dir)
{
    enum status st = backup_inspect(o->fd, &o->info);
    if (st < 0) {
        return explain(st, o, path);
    }
    if (dir && home_taken(dir)) {
        return command_fail_status(STATUS_E_CONFLICT, dir);
    }
    int code = ask_opener(o, sheet);
    if (code != COMMAND_OK) {
        return code;
    }
    if (lseek(o->fd, 0, SEEK_SET) != 0) {
        return command_fail_status(log_errno("backup", path), path);
    }
    const struct keyslots_opener opener = {
        .passphrase = o->by_sheet ? NULL : o->passphrase.data,
        .recovery = o->by_sheet ? &o->pair : NULL,
    };
    if (o->people_path) {
        st = read_people(o, &opener);
        if (st < 0) {
            return explain(st, o, o->people_path);
        }
    }
    st = backup_read(o->fd, &opener,
                     o->people_path || o->without_people ? &o->people : NULL,
                     dir, &o->info, &o->inside);
    if (st == STATUS_NONE) {
        return command_fail(
            N_("%s: people in it open with their keys alone: give the file "
               "that “people-keys” saved with --people FILE, or restore all "
               "but people with --without-people"),
            path);
    }
    if (st == STATUS_E_AUTH) {
        return o->by_sheet
                   ? command_fail(N_("this is not the sheet of this backup"))
                   : command_fail(N_("the passphrase is wrong"));
    }
    if (st == STATUS_E_CONFLICT) {
        return command_fail_status(st, dir);
    }
    return st < 0 ? explain(st, o, path) : COMMAND_OK;
}

/* Who has the sheet need not know the passphrase that guarded the keys. */
static int
free_keys(const struct opening *o, const char *dir)
{
    struct home home;
    enum status st = home_open(dir, &home);
    if (st < 0) {
        return command_fail_status(st, dir);
    }
    if (home.keys.locked && o->by_sheet) {
        const struct keyslots_opener opener = {.recovery = &o->pair};
        st = keys_unlock(&home.keys, &opener);
        if (st == STATUS_OK) {
            keys_unguard(&home.keys);
            st = home_save_keys(&home);
        }
        if (st == STATUS_OK) {
            (void)fprintf(stderr, "%s\n",
                          i18n_text(command_lang(),
                                    "The keys are not guarded by a "
                                    "passphrase any more; “keys protect” "
                                    "sets a new one."));
        }
    }
    home_close(&home);
    return st < 0 ? command_fail_status(st, dir) : COMMAND_OK;
}

static void
print_info(const struct backup_info *info, const char *what)
{
    struct tm tm;
    char date[DATE_BYTES] = "";
    time_t s = (time_t)(info->made_ms / 1000);
    if (gmtime_r(&s, &tm)
        && strftime(date, sizeof(date), "%Y-%m-%d %H:%M UTC", &tm) == 0) {
        date[0] = '\0';
    }
    (void)printf("%s\n%s %s\n%s %s\n", i18n_text(command_lang(), what),
                 i18n_text(command_lang(), "house:"), info->house,
                 i18n_text(command_lang(), "made:"), date);
}

/* What was found sound. */
static void
print_inside(const struct backup_inside *inside)
{
    enum i18n_lang lang = command_lang();
    const struct {
        const char *what;
        int64_t n;
    } rows[] = {
        {N_("questionnaires:"), inside->holds.forms},
        {N_("waves:"), inside->holds.waves},
        {N_("answers without names:"), inside->holds.answers},
        {N_("named answers:"), inside->holds.named},
        {N_("people:"), inside->holds.people},
        {N_("kiosks:"), inside->holds.kiosks},
        {N_("refused records, still sealed:"), inside->holds.refused},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void)printf("%s %lld\n", i18n_text(lang, rows[i].what),
                     (long long)rows[i].n);
    }
    (void)printf("%s %s\n", i18n_text(lang, "keys:"),
                 i18n_text(lang, inside->keys_open
                                     ? N_("readable")
                                     : N_("guarded by the passphrase with "
                                          "which the collector starts")));
}
/* How somebody wants people to be restored. */
struct people_wish {
    const char *path;
    bool without;
};

static int
open_backup(const char *path, const char *dir, bool sheet,
            struct people_wish people, const char *said)
{
    struct opening o = {.fd = open(path, O_RDONLY | O_CLOEXEC),
                        .people_path = people.path,
                        .without_people = people.without};
    if (o.fd < 0) {
        return errno == ENOENT
                   ? command_fail_status(STATUS_NONE, path)
                   : command_fail_status(log_errno("backup", path), path);
    }
    buf_init(&o.passphrase, KEYSLOTS_PASSPHRASE_MAX_BYTES);
    int code = run(&o, sheet, path, dir);
    if (code == COMMAND_OK && dir) {
        code = free_keys(&o, dir);
    }
    if (code == COMMAND_OK) {
        print_info(&o.info, said);
        print_inside(&o.inside);
    }
    close(o.fd);
    buf_deinit(&o.passphrase);
    people_keys_clear(&o.people);
    seal_pair_wipe(&o.pair);
    return code;
}

int
command_restore(int argc, char **argv)
{
    bool sheet = command_flag(&argc, argv, "--sheet");
    const struct people_wish people = {
        .without = command_flag(&argc, argv, "--without-people"),
        .path = command_option(&argc, argv, "--people"),
    };
    if (argc != 3) {
        return command_usage(N_("Usage: anketa-collector restore BACKUP "
                                "NEW_FOLDER [--people FILE | "
                                "--without-people] [--sheet]"));
    }
    return open_backup(argv[1], argv[2], sheet, people,
                       N_("The collector is restored. Its kiosks will send "
                          "again what the backup does not hold."));
}

int
command_verify(int argc, char **argv)
{
    bool sheet = command_flag(&argc, argv, "--sheet");
    if (argc != 2) {
        return command_usage(
            N_("Usage: anketa-collector verify BACKUP [--sheet]"));
    }
    return open_backup(argv[1], NULL, sheet, (struct people_wish){0},
                       N_("The backup is whole and can be restored."));
}
