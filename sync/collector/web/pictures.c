#define _GNU_SOURCE /* posix_spawn_file_actions_addclosefrom_np */
#include "collector/web/pictures.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "form/form.h"

#define PROGRAM "anketa-preview"
#define FOLDER "preview"
#define LIST_MAX_BYTES ((size_t)64 * 1024)
#define NAME_MAX_BYTES 96

static enum status
path_of(char out[HOME_PATH_MAX], const char *dir, const char *name)
{
    int n = snprintf(out, HOME_PATH_MAX, "%s/%s", dir, name);
    return n > 0 && n < HOME_PATH_MAX ? STATUS_OK : STATUS_E_LIMIT;
}

/* The program beside this one. */
static enum status
find_program(char out[HOME_PATH_MAX], struct stat *about)
{
    enum status st = file_beside_program(PROGRAM, out, HOME_PATH_MAX);
    if (st == STATUS_OK && stat(out, about) != 0) {
        st = STATUS_E_UNSUPPORTED;
    }
    return st;
}

/* The folder of one set: another program draws another one. */
static enum status
set_path(const struct desk *d, const struct stat *program, int64_t form,
         enum i18n_lang lang, char out[HOME_PATH_MAX])
{
    char name[NAME_MAX_BYTES];
    int n = snprintf(name, sizeof(name), FOLDER "/%lld-%s-%llx-%llx",
                     (long long)form, i18n_tag(lang),
                     (unsigned long long)program->st_mtim.tv_sec,
                     (unsigned long long)program->st_size);
    return n > 0 && n < NAME_MAX_BYTES ? path_of(out, d->home.dir, name)
                                       : STATUS_E_LIMIT;
}

/* --- files ---------------------------------------------------------------- */

/* The folder itself, and the files in it. */
static void
remove_folder(const char *path)
{
    struct dirent **entry = NULL;
    int count = scandir(path, &entry, NULL, NULL);
    for (int i = 0; i < count; i++) {
        char file[HOME_PATH_MAX];
        if (entry[i]->d_type == DT_REG
            && path_of(file, path, entry[i]->d_name) == STATUS_OK
            && unlink(file) != 0) {
            log_warn("preview", "%s: left behind", file);
        }
        free(entry[i]);
    }
    free(entry);
    if (count >= 0 && rmdir(path) != 0) {
        log_warn("preview", "%s: left behind", path);
    }
}

static void
remove_set(const char *path)
{
    char media[HOME_PATH_MAX];
    if (path_of(media, path, "media") == STATUS_OK) {
        remove_folder(media);
    }
    remove_folder(path);
}

/* Room for one more set: the oldest goes. */
static void
make_room(const char *folder)
{
    char oldest[HOME_PATH_MAX] = "";
    time_t oldest_s = 0;
    size_t sets = 0;
    struct dirent **entry = NULL;
    int count = scandir(folder, &entry, NULL, NULL);
    for (int i = 0; i < count; i++) {
        char path[HOME_PATH_MAX];
        struct stat about = {0};
        if (entry[i]->d_name[0] != '.'
            && path_of(path, folder, entry[i]->d_name) == STATUS_OK
            && stat(path, &about) == 0) {
            if (sets++ == 0 || about.st_mtim.tv_sec < oldest_s) {
                (void)snprintf(oldest, sizeof(oldest), "%s", path);
                oldest_s = about.st_mtim.tv_sec;
            }
        }
        free(entry[i]);
    }
    free(entry);
    if (sets >= PICTURES_SETS_MAX) {
        remove_set(oldest);
    }
}

static enum status
keep_medium(void *self, const char *name, const void *data, size_t len)
{
    const char *dir = self;
    char path[HOME_PATH_MAX];
    /* Names that are no plain file name cannot be found by the program. */
    if (strchr(name, '/') || name[0] == '.') {
        return STATUS_OK;
    }
    enum status st = path_of(path, dir, name);
    return st == STATUS_OK ? file_replace(path, data, len, 0600) : st;
}

/* What the program reads. */
static enum status
put_form(struct store *reader, int64_t form, const char *dir)
{
    char path[HOME_PATH_MAX];
    struct buf xml;
    buf_init(&xml, FORM_XML_MAX_BYTES);
    enum status st = store_form_xml(reader, form, &xml);
    if (st == STATUS_OK) {
        st = path_of(path, dir, "media");
    }
    if (st == STATUS_OK) {
        st = file_make_dirs(path);
    }
    if (st >= 0 && st != STATUS_NONE) {
        st = store_media_each(reader, form, keep_medium, path);
    }
    if (st == STATUS_OK) {
        st = path_of(path, dir, "form.xml");
    }
    if (st == STATUS_OK) {
        st = file_replace(path, xml.data, xml.len, 0600);
    }
    buf_deinit(&xml);
    return st;
}

/* --- the program ---------------------------------------------------------- */

/* Until the other end closes; false: it took too long. */
static bool
wait_for_end(int fd)
{
    char rest[256];
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int n = poll(&p, 1, PICTURES_SECONDS_MAX * 1000);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        ssize_t got = read(fd, rest, sizeof(rest));
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return true;
        }
    }
}

static enum status
spawn(char *program, char *dir, enum i18n_lang lang, int out_fd, pid_t *out_pid)
{
    char option[] = "--lang";
    char language[8];
    char where[] = "PATH=/usr/bin:/bin";
    char locale[] = "LC_ALL=C.UTF-8";
    char *const argv[] = {program, dir, option, language, NULL};
    char *const env[] = {where, locale, NULL};
    (void)snprintf(language, sizeof(language), "%s", i18n_tag(lang));
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, out_fd, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    int failed = posix_spawn(out_pid, program, &files, NULL, argv, env);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) {
        errno = failed;
        return log_errno("preview", program);
    }
    return STATUS_OK;
}

static enum status
run(char *program, char *dir, enum i18n_lang lang)
{
    int end[2];
    pid_t pid = 0;
    int how = 0;
    if (pipe(end) != 0) {
        return log_errno("preview", "pipe");
    }
    enum status st = spawn(program, dir, lang, end[1], &pid);
    (void)close(end[1]);
    if (st == STATUS_OK) {
        if (!wait_for_end(end[0])) {
            log_error("preview", "took longer than %d s", PICTURES_SECONDS_MAX);
            (void)kill(pid, SIGKILL);
        }
        while (waitpid(pid, &how, 0) < 0 && errno == EINTR) {
        }
        st = WIFEXITED(how) && WEXITSTATUS(how) == 0 ? STATUS_OK
                                                     : STATUS_E_INVALID;
    }
    (void)close(end[0]);
    return st;
}

/* Drawn in a folder apart, so that a set is there whole or not at all. */
static enum status
draw(struct desk *d, struct store *reader, int64_t form, enum i18n_lang lang,
     char *program, const char *set)
{
    char folder[HOME_PATH_MAX];
    char work[HOME_PATH_MAX];
    enum status st = path_of(folder, d->home.dir, FOLDER);
    if (st == STATUS_OK) {
        st = file_make_dirs(folder);
    }
    if (st >= 0) {
        st = path_of(work, folder, ".new-XXXXXX");
    }
    if (st < 0) {
        return st;
    }
    if (!mkdtemp(work)) {
        return log_errno("preview", work);
    }
    make_room(folder);
    st = put_form(reader, form, work);
    if (st == STATUS_OK) {
        st = run(program, work, lang);
    }
    if (st == STATUS_OK && rename(work, set) != 0) {
        st = log_errno("preview", set);
    }
    if (st != STATUS_OK) {
        remove_set(work);
    }
    return st;
}

/* --- the list ------------------------------------------------------------- */

static bool
read_line(const char *line, struct picture *out)
{
    static const char *const names[PICTURES_PLACE_COUNT] = {
        [PICTURES_CONSENT] = "consent ",   [PICTURES_CODE] = "code ",
        [PICTURES_QUESTION] = "question ", [PICTURES_REVIEW] = "review ",
        [PICTURES_THANKS] = "thanks ",
    };
    for (size_t i = 0; i < PICTURES_PLACE_COUNT; i++) {
        size_t len = strlen(names[i]);
        if (strncmp(line, names[i], len) == 0) {
            char *end = NULL;
            out->place = (enum pictures_place)i;
            out->field = strtol(line + len, &end, 10);
            out->part = (int)strtol(end, NULL, 10);
            return true;
        }
    }
    return false;
}

/* Pages found on a later walk stand where the form has them. */
static int
by_form(const void *a, const void *b)
{
    const struct picture *x = a;
    const struct picture *y = b;
    if (x->place != y->place) {
        return x->place < y->place ? -1 : 1;
    }
    if (x->field != y->field) {
        return x->field < y->field ? -1 : 1;
    }
    return x->number < y->number ? -1 : 1;
}

static enum status
read_list(const char *set, struct pictures *out)
{
    char path[HOME_PATH_MAX];
    struct buf list;
    buf_init(&list, LIST_MAX_BYTES);
    enum status st = path_of(path, set, "pages");
    if (st == STATUS_OK) {
        st = file_read(path, &list);
    }
    const char *at = st == STATUS_OK ? list.data : "";
    for (int number = 1; *at && out->count < PICTURES_MAX; number++) {
        struct picture *p = &out->item[out->count];
        p->number = number;
        out->count += read_line(at, p) ? 1 : 0;
        at += strcspn(at, "\n");
        at += *at ? 1 : 0;
    }
    buf_deinit(&list);
    qsort(out->item, out->count, sizeof(out->item[0]), by_form);
    return st;
}

enum status
pictures_take(struct desk *d, struct store *reader, int64_t form,
              enum i18n_lang lang, struct pictures *out)
{
    char program[HOME_PATH_MAX];
    char set[HOME_PATH_MAX];
    struct stat about = {0};
    out->count = 0;
    enum status st = find_program(program, &about);
    if (st == STATUS_OK) {
        st = set_path(d, &about, form, lang, set);
    }
    if (st < 0) {
        return st;
    }
    pthread_mutex_lock(&d->preview_lock);
    if (!file_exists(set)) {
        st = draw(d, reader, form, lang, program, set);
    }
    if (st == STATUS_OK) {
        st = read_list(set, out);
    }
    pthread_mutex_unlock(&d->preview_lock);
    return st;
}

void
pictures_forget(struct desk *d, int64_t form)
{
    char folder[HOME_PATH_MAX];
    char prefix[NAME_MAX_BYTES];
    int len = snprintf(prefix, sizeof(prefix), "%lld-", (long long)form);
    struct dirent **entry = NULL;
    if (path_of(folder, d->home.dir, FOLDER) < 0 || len < 0) {
        return;
    }
    pthread_mutex_lock(&d->preview_lock);
    int count = scandir(folder, &entry, NULL, NULL);
    for (int i = 0; i < count; i++) {
        char set[HOME_PATH_MAX];
        if (strncmp(entry[i]->d_name, prefix, (size_t)len) == 0
            && path_of(set, folder, entry[i]->d_name) == STATUS_OK) {
            remove_set(set);
        }
        free(entry[i]);
    }
    free(entry);
    pthread_mutex_unlock(&d->preview_lock);
}

enum status
pictures_read(struct desk *d, int64_t form, enum i18n_lang lang, int number,
              struct buf *out)
{
    char program[HOME_PATH_MAX];
    char set[HOME_PATH_MAX];
    char path[HOME_PATH_MAX];
    char name[NAME_MAX_BYTES];
    struct stat about = {0};
    enum status st = find_program(program, &about);
    if (st == STATUS_OK) {
        st = set_path(d, &about, form, lang, set);
    }
    (void)snprintf(name, sizeof(name), "%04d.png", number);
    if (st == STATUS_OK) {
        st = path_of(path, set, name);
    }
    if (st == STATUS_OK && !file_exists(path)) {
        st = STATUS_NONE;
    }
    return st == STATUS_OK ? file_read(path, out) : st;
}
