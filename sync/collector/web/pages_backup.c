#include "collector/web/pages_backup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/day.h"
#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"
#include "collector/backup.h"
#include "collector/store/recovery.h"
#include "collector/web/control.h"
#include "collector/web/sheet.h"
#include "collector/web/visit.h"

#define OLD_DAYS 7 /* then the page warns */
#define NAME_MAX_BYTES 96
#define LOGIN_MAX_BYTES 256

/* --- the page ------------------------------------------------------------- */

static void
box(struct visit *v, const char *class_name, const char *text)
{
    html_open(&v->html, "div");
    html_attr(&v->html, "class", class_name);
    html_element(&v->html, "p", NULL, text);
    html_close(&v->html, "div");
}

static void
last_one(struct visit *v)
{
    struct html *h = &v->html;
    int64_t made_ms = 0;
    int64_t bytes = 0;
    int64_t cut_ms = 0;
    if (store_number(v->reader, STORE_BACKUP, &made_ms) < 0
        || store_number(v->reader, STORE_BACKUP_BYTES, &bytes) < 0
        || store_number(v->reader, STORE_BACKUP_CUT, &cut_ms) < 0) {
        return; /* logged; the rest of the page is still of use */
    }
    if (cut_ms > made_ms) {
        box(v, "warning",
            visit_text(v, "The last download broke off on its way: that file "
                          "opens nothing. Delete it and make the backup "
                          "again."));
    }
    if (made_ms == 0) {
        box(v, "warning",
            visit_text(v, "There is no backup yet. If this computer breaks, "
                          "everything is lost that the kiosks have handed "
                          "over."));
        return;
    }
    html_open(h, "p");
    html_attr(h, "class", "lead");
    html_textf(h, "%s ", visit_text(v, "The last backup is of"));
    visit_date(v, made_ms);
    html_text(h, ".");
    html_close(h, "p");
    if (bytes > 0) {
        html_open(h, "p");
        html_textf(h,
                   visit_text(v, "Its file has %lld bytes. One that has fewer "
                                 "was cut off, and “anketa-collector verify” "
                                 "and “restore” refuse it."),
                   (long long)bytes);
        html_close(h, "p");
    }
    if (desk_now_ms(v->desk) - made_ms > OLD_DAYS * DAY_MS) {
        box(v, "warning",
            visit_text(v, "That is more than a week ago. Make a new one."));
    }
}

/* The public half of the sheet that opens backups; false: there is none. */
static bool
sheet_key(struct desk *d, struct seal_public *out)
{
    /* The writer's lock guards it: a new sheet may be printed meanwhile. */
    (void)desk_writer(d);
    bool has = d->home.keys.has_recovery;
    *out = d->home.keys.recovery;
    desk_writer_give(d);
    return has;
}

static void
sheet_part(struct visit *v, bool has, const struct seal_public *key)
{
    struct html *h = &v->html;
    html_element(h, "h2", NULL, visit_text(v, "Recovery sheet"));
    if (has) {
        char name[RECOVERY_NAME_CHARS + 1];
        recovery_name(key, name);
        html_open(h, "p");
        html_textf(h,
                   visit_text(v, "Backups open with the sheet %s. It should "
                                 "lie in the safe."),
                   name);
        html_close(h, "p");
    } else {
        html_element(h, "p", NULL,
                     visit_text(v, "A backup is sealed. The recovery sheet is "
                                   "a page of paper with the letters that open "
                                   "it: print it first and put it into the "
                                   "safe."));
    }
    control_form(v, "/backup/sheet", false);
    control_button(v,
                   has ? visit_text(v, "Print a new sheet")
                       : visit_text(v, "Print the recovery sheet"),
                   !has);
    control_form_end(v);
    control_see(v, "/keys", visit_text(v, "What guards the keys"));
}

static void
make_part(struct visit *v, bool has_sheet)
{
    html_element(&v->html, "h2", NULL, visit_text(v, "Make a backup"));
    control_form(v, "/backup", false);
    control_input(
        v, &(const struct control){
               .label = visit_text(v, "Passphrase"),
               .name = "passphrase",
               .type = "password",
               .autocomplete = "new-password",
               .help = has_sheet
                           ? visit_text(v, "May stay empty: the sheet opens "
                                           "the backup. With a passphrase "
                                           "either does.")
                           : visit_text(v, "Eight characters or more; several "
                                           "words are good. Whoever forgets it "
                                           "cannot open the backup."),
               .required = !has_sheet});
    control_button(v, visit_text(v, "Make it and save the file"), has_sheet);
    control_form_end(v);
    html_element(&v->html, "p", "help",
                 visit_text(v,
                            "Keep the file on another computer or on a "
                            "stick, not on this one. Once it has been saved, "
                            "the kiosks may forget the answers it holds."));
}

/* What opens people in backups, and whether it must be saved (anew). */
static void
people_part(struct visit *v, bool has_sheet)
{
    int64_t saved_ms = 0;
    int64_t people = 0;
    if (!has_sheet || store_people_count(v->reader, &people) < 0
        || store_number(v->reader, STORE_PEOPLE_KEYS, &saved_ms) < 0) {
        return;
    }
    if (people == 0 && saved_ms >= 0) {
        return; /* nobody to be lost or found */
    }
    html_element(&v->html, "h2", NULL, visit_text(v, "Keys of the people"));
    if (saved_ms < 0) {
        box(v, "warning",
            visit_text(v, "Somebody has been erased since these keys were "
                          "saved. Save them anew over the old file: with it "
                          "old backups could still tell of her."));
    } else if (saved_ms == 0) {
        box(v, "warning",
            visit_text(v, "They have not been saved yet. Without them a backup "
                          "restores everything but people."));
    }
    html_element(&v->html, "p", NULL,
                 visit_text(v, "People stand in backups under keys of their "
                               "own, and these keys in a small file beside "
                               "them. Whoever is erased loses her key, so that "
                               "no backup tells of her any more. Keep one copy "
                               "of the file; it stays good for people who come "
                               "later."));
    control_form(v, "/backup", false);
    control_hidden(v, "what", "people");
    control_button(v, visit_text(v, "Save the keys of the people"),
                   saved_ms <= 0);
    control_form_end(v);
}

static void
restore_part(struct visit *v)
{
    struct html *h = &v->html;
    html_element(h, "h2", NULL, visit_text(v, "How to restore"));
    html_element(h, "p", NULL,
                 visit_text(v, "On another computer with the collector, with "
                               "the file and the sheet at hand:"));
    html_open(h, "p");
    html_element(h, "code", NULL,
                 visit_text(v, "anketa-collector restore FILE NEW_FOLDER "
                               "--people KEYS --sheet"));
    html_close(h, "p");
    html_element(h, "p", NULL,
                 visit_text(v, "The kiosks come by themselves and send again "
                               "what the backup does not hold."));
}

static void
show(struct visit *v, const char *fault)
{
    struct seal_public key;
    bool has = sheet_key(v->desk, &key);
    visit_page(v, "/backup", visit_text(v, "Backup"));
    control_fault(v, fault);
    last_one(v);
    if (has) {
        make_part(v, has);
        sheet_part(v, has, &key);
    } else {
        sheet_part(v, has, &key);
        make_part(v, has);
    }
    people_part(v, has);
    restore_part(v);
}

/* --- making one ----------------------------------------------------------- */

/* A backup on its way to the browser. */
struct leaving {
    struct desk *desk;
    struct backup_info info;
    int64_t bytes;
    char login[LOGIN_MAX_BYTES];
    bool people; /* their keys */
};

/* Only what has gone out whole is in somebody's hands. */
static void
on_sent(void *self, bool whole)
{
    struct leaving *l = self;
    int64_t now_ms = desk_now_ms(l->desk);
    struct store *w = desk_writer(l->desk);
    enum status st = STATUS_OK;
    if (whole) {
        st = l->people ? store_number_set(w, STORE_PEOPLE_KEYS, now_ms)
                       : backup_cover(w, &l->info, now_ms);
        if (st == STATUS_OK && !l->people) {
            st = store_number_set(w, STORE_BACKUP_BYTES, l->bytes);
        }
        if (st == STATUS_OK) {
            st = store_audit_add(w, now_ms, l->login,
                                 l->people ? "people keys" : "backup", "");
        }
    } else {
        st = store_number_set(w, STORE_BACKUP_CUT, now_ms);
    }
    desk_writer_give(l->desk);
    if (st < 0) {
        log_warn("backup", "the one that left is not noted");
    }
    free(l);
}

static void
file_name(int64_t made_ms, char out[NAME_MAX_BYTES])
{
    struct tm tm;
    time_t s = (time_t)(made_ms / 1000);
    if (!gmtime_r(&s, &tm)
        || strftime(out, NAME_MAX_BYTES, "anketa-%Y-%m-%d.backup", &tm) == 0) {
        (void)snprintf(out, NAME_MAX_BYTES, "anketa.backup");
    }
}

/* A file without a name in the collector's folder. */
static enum status
open_nameless(const char *dir, int *out)
{
    char path[HOME_PATH_MAX];
    char part[FILE_PATH_MAX_BYTES];
    enum status st = home_path(dir, "backup", path);
    if (st == STATUS_OK) {
        st = file_part_open(path, part, out);
    }
    if (st < 0) {
        return st;
    }
    return unlink(part) == 0 ? STATUS_OK : log_errno("backup", part);
}

static enum status
make(struct visit *v, const char *passphrase, struct leaving *l)
{
    int fd = -1;
    /* What a backup needs of the keys, as they are now. */
    struct home lean = {.identity = v->desk->home.identity, .hold = -1};
    memcpy(lean.dir, v->desk->home.dir, sizeof(lean.dir));
    lean.keys.has_recovery = sheet_key(v->desk, &lean.keys.recovery);
    enum status st = open_nameless(lean.dir, &fd);
    if (st == STATUS_OK) {
        const int64_t now_ms = desk_now_ms(v->desk);
        st = l->people
                 ? backup_make_people(&lean, passphrase, now_ms, fd, &l->info)
                 : backup_make(&lean, passphrase, now_ms, fd, &l->info);
    }
    off_t len = st == STATUS_OK ? lseek(fd, 0, SEEK_END) : 0;
    v->rs->file = st == STATUS_OK && len > 0 ? fdopen(fd, "rb") : NULL;
    if (v->rs->file) {
        v->rs->file_len = (size_t)len;
        l->bytes = len;
        return STATUS_OK;
    }
    if (st == STATUS_OK) {
        st = log_errno("backup", "a file to be sent");
    }
    if (fd >= 0) {
        close(fd);
    }
    return st;
}

static void
answer(struct visit *v)
{
    char name[NAME_MAX_BYTES];
    const char *text = request_form(v->rq, "passphrase");
    const char *passphrase = text && *text ? text : NULL;
    if (passphrase
        && utf8_count(passphrase, strlen(passphrase))
               < KEYSLOTS_PASSPHRASE_MIN_CHARS) {
        v->rs->status = 422;
        show(v, visit_text(v, "The passphrase must have eight characters or "
                              "more."));
        return;
    }
    struct leaving *l = calloc(1, sizeof(*l));
    if (!l) {
        visit_failed(v, log_oom("backup"));
        return;
    }
    l->desk = v->desk;
    l->people = request_form(v->rq, "what") != NULL;
    (void)snprintf(l->login, sizeof(l->login), "%s", v->user.login);
    enum status st = make(v, passphrase, l);
    if (st == STATUS_OK) {
        file_name(l->info.made_ms, name);
        if (l->people) {
            (void)snprintf(name, sizeof(name), "anketa-people.keys");
        }
        visit_download(v, "application/octet-stream", name);
        v->rs->sent = on_sent;
        v->rs->sent_self = l;
        return;
    }
    free(l);
    if (st == STATUS_NONE) {
        v->rs->status = 422;
        show(v, visit_text(v, "Nobody could open this backup: print the "
                              "recovery sheet first, or give a passphrase."));
    } else {
        visit_failed(v, st);
    }
}

void
pages_backup(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    if (rq->method == REQUEST_POST) {
        answer(&v);
    } else {
        show(&v, NULL);
    }
    visit_end(&v);
}

/* --- the sheet ------------------------------------------------------------ */

/* On the paper first; the writer's lock guards the keys. */
static enum status
new_sheet(struct visit *v)
{
    struct seal_pair pair;
    struct home *home = &v->desk->home;
    const struct dataset_sink sink = {dataset_to_buf, &v->rs->body};
    seal_pair_new(&pair);
    enum status st =
        sheet_print(v->reader, &pair, v->lang, desk_now_ms(v->desk), &sink);
    struct store *w = desk_writer(v->desk);
    const struct seal_public before = home->keys.recovery;
    const struct keyslots slots = home->keys.slots;
    const bool had = home->keys.has_recovery;
    if (st == STATUS_OK) {
        st = keys_set_recovery(&home->keys, &pair.public_key);
    }
    if (st == STATUS_OK) {
        st = home_save_keys(home);
    }
    if (st < 0) {
        home->keys.recovery = before;
        home->keys.slots = slots;
        home->keys.has_recovery = had;
    } else {
        st = visit_audit(v, w, "sheet", "");
    }
    desk_writer_give(v->desk);
    seal_pair_wipe(&pair);
    return st;
}

void
pages_backup_sheet(void *self, const struct request *rq, struct response *rs)
{
    struct visit v;
    if (!visit_begin(&v, self, rq, rs, VISIT_COORDINATOR)) {
        return;
    }
    enum status st = new_sheet(&v);
    if (st < 0) {
        buf_clear(&rs->body);
        visit_failed(&v, st);
    } else {
        visit_download(&v, "application/pdf", "recovery-sheet.pdf");
    }
    visit_end(&v);
}
