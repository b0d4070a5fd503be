#include "collector/store/store_meetings.h"

#include <stdlib.h>

#include "base/log.h"
#include "collector/store/sql.h"

/* --- meetings ------------------------------------------------------------- */

static enum status
fill_meeting(sqlite3_stmt *stmt, void *item)
{
    struct store_meeting *m = item;
    m->id = sqlite3_column_int64(stmt, 0);
    m->title = sql_text(stmt, 1);
    m->wave = sqlite3_column_int64(stmt, 2);
    m->wave_name = sql_text(stmt, 3);
    m->seed = sqlite3_column_int64(stmt, 4);
    m->complete = sqlite3_column_int(stmt, 5) != 0;
    m->closed_ms = sqlite3_column_int64(stmt, 6);
    m->fixed_ms = sqlite3_column_int64(stmt, 7);
    m->present = sqlite3_column_int64(stmt, 8);
    m->voted = sqlite3_column_int64(stmt, 9);
    return m->title && m->wave_name ? STATUS_OK : log_oom("store");
}

static void
clear_meeting(void *item)
{
    struct store_meeting *m = item;
    free(m->title);
    free(m->wave_name);
}

void
store_meeting_clear(struct store_meeting *meeting)
{
    clear_meeting(meeting);
    *meeting = (struct store_meeting){0};
}

void
store_meetings_free(struct store_meeting *meetings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_meeting(&meetings[i]);
    }
    free(meetings);
}

enum status
store_meeting_add(struct store *s, const struct store_meeting *meeting,
                  int64_t *out_id)
{
    *out_id = 0;
    enum status st = sql_room(s, SQL_MEETING_COUNT, STORE_MEETINGS_MAX);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEETING_ADD);
    sql_bind_text(stmt, 1, meeting->title);
    sqlite3_bind_int64(stmt, 2, meeting->wave);
    sqlite3_bind_int64(stmt, 3, meeting->seed);
    sqlite3_bind_int(stmt, 4, meeting->complete);
    return sql_number(s, stmt, out_id);
}

enum status
store_meeting(struct store *s, int64_t id, struct store_meeting *out)
{
    *out = (struct store_meeting){0};
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEETING_GET);
    sqlite3_bind_int64(stmt, 1, id);
    return sql_fill(s, stmt, fill_meeting, out);
}

enum status
store_meeting_of_wave(struct store *s, int64_t wave, int64_t *out_id)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEETING_OF_WAVE);
    sqlite3_bind_int64(stmt, 1, wave);
    return sql_number(s, stmt, out_id);
}

enum status
store_meetings(struct store *s, struct store_meeting **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_MEETING_LIST),
                 &(const struct sql_item){sizeof(struct store_meeting),
                                          fill_meeting, clear_meeting},
                 &items, out_count);
    *out = items;
    return st;
}

enum status
store_meeting_complete(struct store *s, int64_t id, bool complete)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEETING_COMPLETE);
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int(stmt, 2, complete);
    return db_run(s->db, stmt);
}

enum status
store_meeting_fix(struct store *s, int64_t id, int64_t now_ms)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_MEETING_FIX);
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, now_ms);
    enum status st = db_run(s->db, stmt);
    if (st == STATUS_OK) {
        stmt = db_stmt(s->db, SQL_MEETING_FORGET);
        sqlite3_bind_int64(stmt, 1, id);
        st = db_run(s->db, stmt);
    }
    return st == STATUS_OK ? store_before_clear(s, id) : st;
}

/* --- who was there -------------------------------------------------------- */

static enum status
fill_participant(sqlite3_stmt *stmt, void *item)
{
    struct store_participant *p = item;
    p->person = sqlite3_column_int64(stmt, 0);
    p->name = sql_text(stmt, 1);
    p->code = sql_text(stmt, 2);
    p->mentor = sqlite3_column_int(stmt, 3) != 0;
    p->places = sqlite3_column_int(stmt, 4);
    p->at_least = sqlite3_column_int(stmt, 5);
    p->topics = sql_text(stmt, 6);
    p->voted = sqlite3_column_int(stmt, 7) != 0;
    return p->name && p->code && p->topics ? STATUS_OK : log_oom("store");
}

static void
clear_participant(void *item)
{
    struct store_participant *p = item;
    free(p->name);
    free(p->code);
    free(p->topics);
}

enum status
store_participant_put(struct store *s, int64_t meeting,
                      const struct store_participant *p)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PARTICIPANT_PUT);
    sqlite3_bind_int64(stmt, 1, meeting);
    sqlite3_bind_int64(stmt, 2, p->person);
    sqlite3_bind_int(stmt, 3, p->mentor);
    sqlite3_bind_int(stmt, 4, p->places);
    sqlite3_bind_int(stmt, 5, p->at_least);
    sql_bind_text(stmt, 6, p->topics);
    return db_run(s->db, stmt);
}

enum status
store_participants(struct store *s, int64_t meeting,
                   struct store_participant **out, size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PARTICIPANT_LIST);
    sqlite3_bind_int64(stmt, 1, meeting);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_participant),
                                          fill_participant, clear_participant},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_participants_free(struct store_participant *p, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_participant(&p[i]);
    }
    free(p);
}

/* --- locks ---------------------------------------------------------------- */

static enum status
fill_lock(sqlite3_stmt *stmt, void *item)
{
    struct store_lock *lock = item;
    lock->mentee = sqlite3_column_int64(stmt, 0);
    lock->mentor = sqlite3_column_int64(stmt, 1);
    lock->together = sqlite3_column_int(stmt, 2) != 0;
    return STATUS_OK;
}

static void
clear_lock(void *item)
{
    (void)item;
}

static sqlite3_stmt *
lock_stmt(struct store *s, enum sql_stmt which, int64_t meeting,
          const struct store_lock *lock)
{
    sqlite3_stmt *stmt = db_stmt(s->db, which);
    sqlite3_bind_int64(stmt, 1, meeting);
    sqlite3_bind_int64(stmt, 2, lock->mentee);
    sqlite3_bind_int64(stmt, 3, lock->mentor);
    return stmt;
}

enum status
store_lock_put(struct store *s, int64_t meeting, const struct store_lock *lock)
{
    sqlite3_stmt *stmt = lock_stmt(s, SQL_LOCK_PUT, meeting, lock);
    sqlite3_bind_int(stmt, 4, lock->together);
    return db_run(s->db, stmt);
}

enum status
store_lock_drop(struct store *s, int64_t meeting, const struct store_lock *lock)
{
    return db_run(s->db, lock_stmt(s, SQL_LOCK_DROP, meeting, lock));
}

static enum status
list_locks(struct store *s, enum sql_stmt which, int64_t meeting,
           struct store_lock **out, size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, which);
    sqlite3_bind_int64(stmt, 1, meeting);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_lock), fill_lock,
                                          clear_lock},
                 &items, out_count);
    *out = items;
    return st;
}

enum status
store_locks(struct store *s, int64_t meeting, struct store_lock **out,
            size_t *out_count)
{
    return list_locks(s, SQL_LOCK_LIST, meeting, out, out_count);
}

enum status
store_before_put(struct store *s, int64_t meeting,
                 const struct store_lock *pair)
{
    return db_run(s->db, lock_stmt(s, SQL_BEFORE_PUT, meeting, pair));
}

enum status
store_before_clear(struct store *s, int64_t meeting)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_BEFORE_CLEAR);
    sqlite3_bind_int64(stmt, 1, meeting);
    return db_run(s->db, stmt);
}

enum status
store_before(struct store *s, int64_t meeting, struct store_lock **out,
             size_t *out_count)
{
    return list_locks(s, SQL_BEFORE_LIST, meeting, out, out_count);
}

/* --- pairs ---------------------------------------------------------------- */

static enum status
fill_pair(sqlite3_stmt *stmt, void *item)
{
    struct store_pair *p = item;
    p->id = sqlite3_column_int64(stmt, 0);
    p->meeting = sqlite3_column_int64(stmt, 1);
    p->mentee = sqlite3_column_int64(stmt, 2);
    p->mentor = sqlite3_column_int64(stmt, 3);
    p->mentee_name = sql_text(stmt, 4);
    p->mentor_name = sql_text(stmt, 5);
    p->state = sqlite3_column_int(stmt, 6);
    p->reason = sql_text(stmt, 7);
    p->goals = sql_text(stmt, 8);
    p->steps = sql_text(stmt, 9);
    p->term = sql_text(stmt, 10);
    p->fixed_ms = sqlite3_column_int64(stmt, 11);
    p->active_ms = sqlite3_column_int64(stmt, 12);
    return p->mentee_name && p->mentor_name && p->reason && p->goals && p->steps
                   && p->term
               ? STATUS_OK
               : log_oom("store");
}

static void
clear_pair(void *item)
{
    struct store_pair *p = item;
    free(p->mentee_name);
    free(p->mentor_name);
    free(p->reason);
    free(p->goals);
    free(p->steps);
    free(p->term);
}

void
store_pair_clear(struct store_pair *pair)
{
    clear_pair(pair);
    *pair = (struct store_pair){0};
}

void
store_pairs_free(struct store_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_pair(&pairs[i]);
    }
    free(pairs);
}

enum status
store_pair_add(struct store *s, const struct store_pair *pair, int64_t *out_id)
{
    *out_id = 0;
    enum status st = sql_room(s, SQL_PAIR_COUNT, STORE_PAIRS_MAX);
    if (st < 0) {
        return st;
    }
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PAIR_ADD);
    sqlite3_bind_int64(stmt, 1, pair->meeting);
    sqlite3_bind_int64(stmt, 2, pair->mentee);
    sqlite3_bind_int64(stmt, 3, pair->mentor);
    sqlite3_bind_int64(stmt, 4, pair->fixed_ms);
    return sql_number(s, stmt, out_id);
}

enum status
store_pair_update(struct store *s, const struct store_pair *pair)
{
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PAIR_UPDATE);
    sqlite3_bind_int64(stmt, 1, pair->id);
    sqlite3_bind_int(stmt, 2, pair->state);
    sql_bind_text(stmt, 3, pair->reason);
    sql_bind_text(stmt, 4, pair->goals);
    sql_bind_text(stmt, 5, pair->steps);
    sql_bind_text(stmt, 6, pair->term);
    sqlite3_bind_int64(stmt, 7, pair->active_ms);
    return db_run(s->db, stmt);
}

enum status
store_pairs(struct store *s, struct store_pair **out, size_t *out_count)
{
    void *items = NULL;
    enum status st =
        sql_list(s, db_stmt(s->db, SQL_PAIR_LIST),
                 &(const struct sql_item){sizeof(struct store_pair), fill_pair,
                                          clear_pair},
                 &items, out_count);
    *out = items;
    return st;
}

enum status
store_pair(struct store *s, int64_t id, struct store_pair *out)
{
    *out = (struct store_pair){0};
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_PAIR_GET);
    sqlite3_bind_int64(stmt, 1, id);
    return sql_fill(s, stmt, fill_pair, out);
}

/* --- the journal ---------------------------------------------------------- */

static enum status
fill_journal(sqlite3_stmt *stmt, void *item)
{
    struct store_journal *j = item;
    j->id = sqlite3_column_int64(stmt, 0);
    j->kind = sqlite3_column_int(stmt, 1);
    j->held_ms = sqlite3_column_int64(stmt, 2);
    j->for_pair = sql_text(stmt, 3);
    j->for_desk = sql_text(stmt, 4);
    return j->for_pair && j->for_desk ? STATUS_OK : log_oom("store");
}

static void
clear_journal(void *item)
{
    struct store_journal *j = item;
    free(j->for_pair);
    free(j->for_desk);
}

enum status
store_journal_add(struct store *s, int64_t pair,
                  const struct store_journal *entry)
{
    int64_t count = 0;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_JOURNAL_COUNT);
    sqlite3_bind_int64(stmt, 1, pair);
    enum status st = sql_number(s, stmt, &count);
    if (st < 0 || count >= STORE_JOURNAL_MAX) {
        return st < 0 ? st : STATUS_E_LIMIT;
    }
    stmt = db_stmt(s->db, SQL_JOURNAL_ADD);
    sqlite3_bind_int64(stmt, 1, pair);
    sqlite3_bind_int(stmt, 2, entry->kind);
    sqlite3_bind_int64(stmt, 3, entry->held_ms);
    sql_bind_text(stmt, 4, entry->for_pair);
    sql_bind_text(stmt, 5, entry->for_desk);
    return db_run(s->db, stmt);
}

enum status
store_journal(struct store *s, int64_t pair, struct store_journal **out,
              size_t *out_count)
{
    void *items = NULL;
    sqlite3_stmt *stmt = db_stmt(s->db, SQL_JOURNAL_LIST);
    sqlite3_bind_int64(stmt, 1, pair);
    enum status st =
        sql_list(s, stmt,
                 &(const struct sql_item){sizeof(struct store_journal),
                                          fill_journal, clear_journal},
                 &items, out_count);
    *out = items;
    return st;
}

void
store_journal_free(struct store_journal *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        clear_journal(&entries[i]);
    }
    free(entries);
}
