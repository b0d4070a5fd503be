#ifndef ANKETA_COLLECTOR_STORE_STORE_H
#define ANKETA_COLLECTOR_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "seal/record.h"
#include "seal/seal.h"

/*
 * Store: everything the collector keeps, behind operations that know no SQL.
 *
 * Two files in the collector's folder: people.db has all that names a person,
 * collector.db the rest. What a change belongs together with is said by
 * store_begin() and store_commit(), for both files; an operation outside a
 * transaction is one of its own. Lists come as arrays whose strings
 * are the caller's, freed by the _free() beside them.
 *
 * Threads  A store belongs to one thread at a time; readers and the one writer
 *          each open their own (write-ahead log: readers never wait).
 * Time     ms are UTC milliseconds, passed in; nothing here reads a clock.
 * Errors   Disk and memory as in store/db.h, logged there. The rest are said
 *          beside each operation. Limits below: STATUS_E_LIMIT.
 */
#define STORE_FORMS_MAX 1000
#define STORE_WAVES_MAX 4000
#define STORE_KIOSKS_MAX 5000
#define STORE_USERS_MAX 500
#define STORE_PEOPLE_MAX 20000
#define STORE_QUARANTINE_MAX 10000
#define STORE_AUDIT_PAGE 200

#define STORE_PEOPLE_FILE "people.db"

struct store;

/* `path` is that of collector.db. `readonly`: the file must exist and is not
 * brought up to date, unless people were never moved out of it. */
MUST_CHECK enum status
store_open(const char *path, bool readonly, struct store **out);
/* On an SQLite VFS of that name, for one connection alone; for tests. */
MUST_CHECK enum status
store_open_vfs(const char *path, bool readonly, const char *vfs,
               struct store **out);
/* NULL is fine. */
void
store_close(struct store *s);

MUST_CHECK enum status
store_begin(struct store *s);
/* A consistent view for several reads. */
MUST_CHECK enum status
store_begin_read(struct store *s);
MUST_CHECK enum status
store_commit(struct store *s);
/* Nothing happens outside a transaction. */
void
store_rollback(struct store *s);

/* An online copy of a database of the collector's, whoever has it open, as one
 * file; `to` must not exist or be empty. */
MUST_CHECK enum status
store_copy(const char *from, const char *to);
/* After an erasure: no earlier page image stays in the log files. What a reader
 * keeps from it now, store_forget_due() does later. */
MUST_CHECK enum status
store_forget(struct store *s);
MUST_CHECK enum status
store_forget_due(struct store *s);

/* --- single facts --------------------------------------------------------- */
#define STORE_EPOCH "epoch"         /* one life of this database; never 0 */
#define STORE_POSITION "position"   /* of the last batch within the epoch */
#define STORE_COVERED "covered"     /* batches up to it are in a backup */
#define STORE_SERIAL "serial"       /* of the library */
#define STORE_ANNOUNCED "announced" /* serial that told the next keys */
#define STORE_BACKUP "backup"  /* when the last one was in safe hands, in ms */
#define STORE_RENEWAL "rotate" /* keys wished for: collector/renewal.h */
#define STORE_BACKUP_BYTES "backup_bytes" /* how long its file is */
#define STORE_BACKUP_CUT "backup_cut" /* when one broke off on its way, in ms */
/* When the people's keys were saved beside the backups, in ms; -1: somebody has
 * been erased since. */
#define STORE_PEOPLE_KEYS "people_keys"
#define STORE_HOUSE "house" /* name of the preschool */

/* 0 if unset. */
MUST_CHECK enum status
store_number(struct store *s, const char *key, int64_t *out);
MUST_CHECK enum status
store_number_set(struct store *s, const char *key, int64_t value);
/* Add one and tell the new value; unset counts as 0. */
MUST_CHECK enum status
store_number_next(struct store *s, const char *key, int64_t *out);
/* Append the text; nothing if unset. */
MUST_CHECK enum status
store_text(struct store *s, const char *key, struct buf *out);
MUST_CHECK enum status
store_text_set(struct store *s, const char *key, const char *value);

/* --- questionnaires ------------------------------------------------------- */
struct store_form {
    int64_t id;
    char *form_id;
    char *version;
    char *title;
    int64_t added_ms;
};

/* STATUS_REPEAT: this version is there with the same bytes;
 * STATUS_E_CONFLICT: with others. *out_id is set in both cases but failure. */
MUST_CHECK enum status
store_form_add(struct store *s, const struct store_form *form,
               const void *xform, size_t len, int64_t *out_id);
/* Newest first. */
MUST_CHECK enum status
store_forms(struct store *s, struct store_form **out, size_t *out_count);
void
store_forms_free(struct store_form *forms, size_t count);
/* STATUS_NONE: no such form. */
MUST_CHECK enum status
store_form(struct store *s, int64_t id, struct store_form *out);
void
store_form_clear(struct store_form *form);
/* Append the XForm; STATUS_NONE. */
MUST_CHECK enum status
store_form_xml(struct store *s, int64_t id, struct buf *out);
/* Replaces a file of that name. */
MUST_CHECK enum status
store_media_put(struct store *s, int64_t form, const char *name,
                const void *data, size_t len);
/* Append; STATUS_NONE. */
MUST_CHECK enum status
store_media(struct store *s, int64_t form, const char *name, struct buf *out);
typedef enum status
store_media_visit(void *self, const char *name, const void *data, size_t len);
MUST_CHECK enum status
store_media_each(struct store *s, int64_t form, store_media_visit *visit,
                 void *self);

/* --- waves ---------------------------------------------------------------- */
/* Questions by which a wave compares groups: their fields as the form counts
 * them, parted by commas; "-": none; "": those that the form marks. */
#define STORE_GROUPS_CHARS 40

struct store_wave {
    int64_t id;
    char *name; /* on the wire and in addresses */
    int64_t form;
    char *form_id; /* these three are the form's */
    char *version;
    char *form_title;
    char *title;
    enum record_kind kind;
    int k;
    int k_text;
    int invited; /* 0: not stated */
    int minutes; /* 0: not stated */
    bool live;   /* the summary shows while the wave is open */
    int64_t opened_ms;
    int64_t closes_ms; /* 0: when somebody closes it */
    int64_t closed_ms; /* 0: open */
    int64_t answers;   /* in the figures */
    int64_t waiting;   /* others, until there are k of them */
    bool published;    /* the figures have been shown */
    int64_t settled;   /* answers behind rows, texts and groups, fixed when the
                        * closed wave was first looked at; -1: not yet */
    char groups[STORE_GROUPS_CHARS + 1];
};

/* Uses name (or, if empty, makes one from the form_id), form, title, kind, k,
 * k_text, invited, minutes, live, opened_ms, closes_ms, groups. STATUS_E_CONFLICT: the
 * name is taken. */
MUST_CHECK enum status
store_wave_add(struct store *s, const struct store_wave *wave, int64_t *out_id);
/* STATUS_NONE: no such wave. */
MUST_CHECK enum status
store_wave(struct store *s, const char *name, struct store_wave *out);
MUST_CHECK enum status
store_wave_by_id(struct store *s, int64_t id, struct store_wave *out);
void
store_wave_clear(struct store_wave *wave);
/* Newest first. */
MUST_CHECK enum status
store_waves(struct store *s, struct store_wave **out, size_t *out_count);
void
store_waves_free(struct store_wave *waves, size_t count);
/* Before figures are read to be shown: from now on they move by k answers at
 * least. `over`: the wave is closed, so that rows, texts and tables by group
 * may be shown too and stay as they are. */
MUST_CHECK enum status
store_wave_publish(struct store *s, int64_t id, bool over);
/* So many more are invited; STATUS_NONE: not open. */
MUST_CHECK enum status
store_wave_invite(struct store *s, int64_t id, int more);
/* STATUS_NONE: not open. */
MUST_CHECK enum status
store_wave_close(struct store *s, int64_t id, int64_t now_ms);
/* Close what should have closed by now; STATUS_NONE: nothing. */
MUST_CHECK enum status
store_waves_expire(struct store *s, int64_t now_ms);

/* --- answers and tallies -------------------------------------------------- */
enum store_tally_kind {
    STORE_TALLY_ANSWERED = 0, /* item 0: records with an answer */
    STORE_TALLY_MISSING = 1,  /* item 0: asked, but no answer */
    STORE_TALLY_CHOICE = 2,   /* item: choice of the dictionary */
    STORE_TALLY_NUMBER = 3,   /* item: the number in millionths */
    STORE_TALLY_PLACE = 4,    /* item: choice * 256 + place from 0 */
    STORE_TALLY_PAIR = 5,     /* item: a * 65536 + b, a ranked before b */
    STORE_TALLY_STRATUM = 6,  /* item: as in ingest/strata.h */
    STORE_TALLY_SCALE = 7,    /* item and n: as in ingest/scales.h */
};
#define STORE_NUMBER_UNIT 1000000

struct store_tally {
    uint32_t field;
    enum store_tally_kind kind;
    int64_t item;
    int64_t n;
};

/* A block of answers: `rows` records of `fields` cells, row by row. A cell
 * that is NULL was not asked or not answered. */
#define STORE_ROWS_MAX 4096
struct store_rows {
    const char *const *cell;
    size_t rows;
    size_t fields;
};

/*
 * Append to the wave's columns in a fresh random order, and count; the tallies
 * of the same records follow by store_tally_add() in the same transaction.
 *
 * Once the wave is published, what comes waits, unseen by all that reads
 * answers, and joins when the figures it would move tell about k people at
 * least: when k records wait and every question has either no answers among
 * them, or k that are not unanimous; or when STORE_WAITING_MAX wait. After the
 * wave has settled it joins the tallies of the whole wave alone.
 */
#define STORE_WAITING_MAX STORE_ROWS_MAX
MUST_CHECK enum status
store_answers_add(struct store *s, int64_t wave, const struct store_rows *rows);
MUST_CHECK enum status
store_tally_add(struct store *s, int64_t wave, const struct store_tally *add,
                size_t count);
/* All of a wave, ordered by field, kind, item; *out owned, free(). */
MUST_CHECK enum status
store_tallies(struct store *s, int64_t wave, struct store_tally **out,
              size_t *out_count);
/* The values of `count` fields, record by record, of a settled wave only of
 * those it settled with; order means nothing. The
 * visitor ends it with STATUS_NONE, which is then returned. */
typedef enum status
store_row_visit(void *self, const char *const *cell, size_t count);
#define STORE_COLUMNS_MAX 4096
MUST_CHECK enum status
store_answers_each(struct store *s, int64_t wave, const uint32_t *field,
                   size_t count, store_row_visit *visit, void *self);

/* Rewrite every answer to one field, those that wait included, where it lies;
 * the text `map` returns is copied. Within the caller's transaction. */
typedef const char *
store_cell_map(void *self, const char *cell);
MUST_CHECK enum status
store_answers_map(struct store *s, int64_t wave, uint32_t field,
                  store_cell_map *map, void *self);

/* STATUS_REPEAT: taken in before. */
MUST_CHECK enum status
store_seen_add(struct store *s, const struct seal_hash *id);
MUST_CHECK enum status
store_seen(struct store *s, const struct seal_hash *id, bool *out);

struct store_quarantine {
    struct seal_hash id; /* the first half; the rest is zero */
    int outcome;
    char *form_id;
};
/* Once only; STATUS_E_LIMIT beyond STORE_QUARANTINE_MAX. */
MUST_CHECK enum status
store_quarantine_put(struct store *s, const struct seal_hash *id, int outcome,
                     const char *form_id, const void *box, size_t len);
typedef enum status
store_quarantine_visit(void *self, const struct store_quarantine *q,
                       const void *box, size_t len);
MUST_CHECK enum status
store_quarantine_each(struct store *s, store_quarantine_visit *visit,
                      void *self);
MUST_CHECK enum status
store_quarantine_count(struct store *s, int64_t *out);
MUST_CHECK enum status
store_quarantine_drop(struct store *s, const struct seal_hash *id);

/* --- people, named answers, slips ----------------------------------------- */
struct store_person {
    int64_t id;
    char *code;
    char *name;
    char *role;     /* "mentor", "mentee" or "" */
    char *category; /* of staff; these two may be NULL to store_person_add() */
    char *contact;
};
/* STATUS_E_CONFLICT: the code is taken, or was that of somebody erased. */
MUST_CHECK enum status
store_person_add(struct store *s, const struct store_person *person,
                 int64_t *out_id);
/* STATUS_NONE */
MUST_CHECK enum status
store_person_find(struct store *s, const char *code, int64_t *out_id);
/* By name. */
MUST_CHECK enum status
store_people(struct store *s, struct store_person **out, size_t *out_count);
void
store_people_free(struct store_person *people, size_t count);
MUST_CHECK enum status
store_people_count(struct store *s, int64_t *out);
/* STATUS_NONE */
MUST_CHECK enum status
store_person(struct store *s, int64_t id, struct store_person *out);
void
store_person_clear(struct store_person *person);
/* All of it, by person->id; under a code of before she is found, too.
 * STATUS_E_CONFLICT: as above. */
MUST_CHECK enum status
store_person_update(struct store *s, const struct store_person *person);
/* With everything she said, leaving no fact: see store_banks.h, store_erase().
 * Follow with store_forget(). */
MUST_CHECK enum status
store_person_erase(struct store *s, int64_t id);

/* The latest counts: STATUS_REPEAT when it replaces one. */
MUST_CHECK enum status
store_named_put(struct store *s, int64_t wave, int64_t person, const void *xml,
                size_t len);
typedef enum status
store_named_visit(void *self, const struct store_person *person,
                  const char *xml, size_t len);
MUST_CHECK enum status
store_named_each(struct store *s, int64_t wave, store_named_visit *visit,
                 void *self);

/* STATUS_REPEAT: the wave has it already. */
MUST_CHECK enum status
store_slip_add(struct store *s, int64_t wave, const struct seal_hash *hash);
/* STATUS_NONE: unknown or used before. */
MUST_CHECK enum status
store_slip_use(struct store *s, int64_t wave, const struct seal_hash *hash);
typedef enum status
store_slip_visit(void *self, const struct seal_hash *hash);
MUST_CHECK enum status
store_slips_each(struct store *s, int64_t wave, store_slip_visit *visit,
                 void *self);
MUST_CHECK enum status
store_slips_count(struct store *s, int64_t wave, int64_t *out_issued,
                  int64_t *out_used);
/* Append the wave's slip key; made by store_slip_key_set(). */
MUST_CHECK enum status
store_slip_key(struct store *s, int64_t wave, struct buf *out);
MUST_CHECK enum status
store_slip_key_set(struct store *s, int64_t wave, const void *key, size_t len);

/* --- kiosks --------------------------------------------------------------- */
struct store_kiosk {
    struct seal_sign_public key;
    char *name;
    int64_t enrolled_ms;
    int64_t seen_ms;
    int64_t serial;
    bool revoked;
    char *program; /* its version; "" if it has not said */
};
MUST_CHECK enum status
store_enrol_code_add(struct store *s, const struct seal_hash *secret,
                     const char *name, int64_t expires_ms);
/*
 * Strike the code off and enrol the kiosk. STATUS_REPEAT: this kiosk used it
 * before. STATUS_E_AUTH: unknown, used by another, or expired. The name the
 * code was made for counts, else what the kiosk calls itself: `name`, which may
 * be "". Which of them it is, is appended to `out_name`, unless that is NULL.
 */
MUST_CHECK enum status
store_enrol(struct store *s, const struct seal_hash *secret,
            const struct seal_sign_public *kiosk, const char *name,
            int64_t now_ms, struct buf *out_name);
/* STATUS_E_AUTH: not enrolled, or revoked. */
MUST_CHECK enum status
store_kiosk_check(struct store *s, const struct seal_sign_public *kiosk);
/* Note the contact, in whole hours; `serial` < 0 leaves that. */
MUST_CHECK enum status
store_kiosk_touch(struct store *s, const struct seal_sign_public *kiosk,
                  int64_t serial, int64_t now_ms);
/* What it says of itself. */
struct store_kiosk_waiting {
    const char *form_id; /* "": several */
    int step;            /* 1 to 3, wire/bundle.h */
};
#define STORE_KIOSK_WAITING_MAX 16
MUST_CHECK enum status
store_kiosk_describe(struct store *s, const struct seal_sign_public *kiosk,
                     const char *program,
                     const struct store_kiosk_waiting *waiting, size_t count);
/* The most first. */
typedef enum status
store_kiosk_waiting_visit(void *self, const struct store_kiosk_waiting *w);
MUST_CHECK enum status
store_kiosk_waiting_each(struct store *s, const struct seal_sign_public *kiosk,
                         store_kiosk_waiting_visit *visit, void *self);
MUST_CHECK enum status
store_kiosks(struct store *s, struct store_kiosk **out, size_t *out_count);
void
store_kiosks_free(struct store_kiosk *kiosks, size_t count);
/* STATUS_NONE: unknown. */
MUST_CHECK enum status
store_kiosk_revoke(struct store *s, const struct seal_sign_public *kiosk);

/* --- users, sessions, links, audit ---------------------------------------- */
enum store_role {
    STORE_ROLE_COORDINATOR = 0,
    STORE_ROLE_HEAD = 1,         /* reads summaries */
    STORE_ROLE_PSYCHOLOGIST = 2, /* sees who is left without a pair */
    STORE_ROLE_TECHNICIAN = 3,   /* kiosks only */
    STORE_ROLE_COUNT
};
struct store_user {
    int64_t id;
    char *login;
    char *name;
    enum store_role role;
    uint8_t salt[SEAL_SALT_BYTES];
    struct seal_hash hash;
    bool enabled;
};
/* STATUS_E_CONFLICT: the login is taken. */
MUST_CHECK enum status
store_user_add(struct store *s, const struct store_user *user, int64_t *out_id);
/* STATUS_NONE */
MUST_CHECK enum status
store_user(struct store *s, const char *login, struct store_user *out);
MUST_CHECK enum status
store_users(struct store *s, struct store_user **out, size_t *out_count);
void
store_user_clear(struct store_user *user);
void
store_users_free(struct store_user *users, size_t count);
/* New password and enabled flag of `user->id`; ends her sessions. */
MUST_CHECK enum status
store_user_update(struct store *s, const struct store_user *user);

MUST_CHECK enum status
store_session_add(struct store *s, const struct seal_hash *token, int64_t user,
                  int64_t expires_ms);
/* STATUS_NONE: unknown, expired, or the user is disabled. */
MUST_CHECK enum status
store_session_user(struct store *s, const struct seal_hash *token,
                   int64_t now_ms, struct store_user *out);
MUST_CHECK enum status
store_session_end(struct store *s, const struct seal_hash *token);
MUST_CHECK enum status
store_sessions_expire(struct store *s, int64_t now_ms);

MUST_CHECK enum status
store_link_add(struct store *s, const struct seal_hash *token, int64_t wave,
               int64_t expires_ms);
/* STATUS_NONE: this token does not open this wave now. */
MUST_CHECK enum status
store_link_check(struct store *s, const struct seal_hash *token, int64_t wave,
                 int64_t now_ms);

struct store_audit {
    int64_t id;
    int64_t at_ms;
    char *who;
    char *action;
    char *detail;
};
MUST_CHECK enum status
store_audit_add(struct store *s, int64_t at_ms, const char *who,
                const char *action, const char *detail);
/* Up to STORE_AUDIT_PAGE entries older than `before_id`, newest first. */
MUST_CHECK enum status
store_audit_list(struct store *s, int64_t before_id, struct store_audit **out,
                 size_t *out_count);
void
store_audit_free(struct store_audit *entries, size_t count);

#endif
