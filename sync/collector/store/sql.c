#include "collector/store/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "collector/store/schema_0001.h"
#include "collector/store/schema_0002.h"
#include "collector/store/schema_0003.h"
#include "collector/store/schema_0004.h"
#include "collector/store/schema_0005.h"
#include "collector/store/schema_0006.h"
#include "collector/store/schema_0007.h"
#include "collector/store/schema_0008.h"
#include "collector/store/schema_0009.h"
#include "collector/store/sql_people.h"

#define LIST_START 16

const char *const sql_migrations[] = {schema_0001, schema_0002, schema_0003,
                                      schema_0004, schema_0005, schema_0006,
                                      schema_0007, schema_0008, schema_0009};
const size_t sql_migration_count =
    sizeof(sql_migrations) / sizeof(sql_migrations[0]);

const char *const sql_statements[SQL_COUNT] = {
    [SQL_SETTING_GET] = "SELECT value FROM setting WHERE key = ?1",
    [SQL_SETTING_SET] =
        "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) "
        "DO UPDATE SET value = excluded.value",
    [SQL_SETTING_NEXT] =
        "INSERT INTO setting (key, value) VALUES (?1, '1') ON CONFLICT "
        "(key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS "
        "TEXT) RETURNING CAST(value AS INTEGER)",
    [SQL_FORGET] = "PRAGMA wal_checkpoint(TRUNCATE)",
    [SQL_FORM_ADD] =
        "INSERT INTO form (form_id, version, title, xform, added_ms) VALUES "
        "(?1, ?2, ?3, ?4, ?5) ON CONFLICT (form_id, version) DO NOTHING "
        "RETURNING id",
    [SQL_FORM_SAME] =
        "SELECT id, xform = ?3 FROM form WHERE form_id = ?1 AND version = "
        "?2",
    [SQL_FORM_COUNT] = "SELECT count(*) FROM form",
    [SQL_FORM_LIST] =
        "SELECT id, form_id, version, title, added_ms FROM form ORDER BY id "
        "DESC",
    [SQL_FORM_GET] =
        "SELECT id, form_id, version, title, added_ms FROM form WHERE id = "
        "?1",
    [SQL_FORM_XML] = "SELECT xform FROM form WHERE id = ?1",
    [SQL_MEDIA_PUT] =
        "INSERT INTO media (form, name, body) VALUES (?1, ?2, ?3) ON "
        "CONFLICT (form, name) DO UPDATE SET body = excluded.body",
    [SQL_MEDIA_GET] = "SELECT body FROM media WHERE form = ?1 AND name = ?2",
    [SQL_MEDIA_LIST] =
        "SELECT name, body FROM media WHERE form = ?1 ORDER BY name",
    [SQL_WAVE_ADD] =
        "INSERT INTO wave (name, form, title, kind, k, k_text, invited, "
        "minutes, live, opened_ms, closes_ms, closed_ms, groups) VALUES (?1, "
        "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, ?12) RETURNING id",
    [SQL_WAVE_NAME] =
        "SELECT form.form_id || CASE count(wave.id) WHEN 0 THEN '' ELSE '-' "
        "|| (count(wave.id) + 1) END FROM form LEFT JOIN form AS "
        "any_version USING (form_id) LEFT JOIN wave ON wave.form = "
        "any_version.id WHERE form.id = ?1 GROUP BY form.form_id",
    [SQL_WAVE_COUNT] = "SELECT count(*) FROM wave",
    [SQL_WAVE_GET] =
        "SELECT wave.id, name, form, form_id, version, form.title, "
        "wave.title, kind, k, k_text, invited, minutes, live, opened_ms, "
        "closes_ms, closed_ms, answers, waiting, published, settled, groups FROM "
        "wave JOIN form ON form.id = wave.form WHERE name = ?1",
    [SQL_WAVE_BY_ID] =
        "SELECT wave.id, name, form, form_id, version, form.title, "
        "wave.title, kind, k, k_text, invited, minutes, live, opened_ms, "
        "closes_ms, closed_ms, answers, waiting, published, settled, groups FROM "
        "wave JOIN form ON form.id = wave.form WHERE wave.id = ?1",
    [SQL_WAVE_LIST] =
        "SELECT wave.id, name, form, form_id, version, form.title, "
        "wave.title, kind, k, k_text, invited, minutes, live, opened_ms, "
        "closes_ms, closed_ms, answers, waiting, published, settled, groups FROM "
        "wave JOIN form ON form.id = wave.form ORDER BY wave.id DESC",
    [SQL_WAVE_CLOSE] =
        "UPDATE wave SET closed_ms = ?2 WHERE id = ?1 AND closed_ms = 0 "
        "RETURNING id",
    [SQL_WAVE_INVITE] =
        "UPDATE wave SET invited = invited + ?2 WHERE id = ?1 AND closed_ms = "
        "0 RETURNING id",
    [SQL_WAVE_EXPIRE] =
        "UPDATE wave SET closed_ms = closes_ms WHERE closed_ms = 0 AND "
        "closes_ms > 0 AND closes_ms <= ?1 RETURNING id",
    [SQL_WAVE_GROW] =
        "UPDATE wave SET answers = answers + ?2, chunks = ?3, waiting = 0 "
        "WHERE id = ?1",
    [SQL_WAVE_WAIT] = "UPDATE wave SET waiting = waiting + ?2 WHERE id = ?1",
    [SQL_WAVE_WAITING] =
        "SELECT waiting, published, k, answers, settled FROM wave WHERE id = "
        "?1",
    [SQL_WAVE_PUBLISH] = "UPDATE wave SET published = 1 WHERE id = ?1",
    [SQL_WAVE_SETTLE] =
        "UPDATE wave SET published = 1, settled = answers, settled_chunks = "
        "chunks WHERE id = ?1 AND settled < 0",
    [SQL_WAVE_CHUNKS] = "SELECT chunks, settled_chunks FROM wave WHERE id = ?1",
    [SQL_WAVE_CHUNKS_READ] =
        "SELECT CASE WHEN settled_chunks < 0 THEN chunks ELSE settled_chunks "
        "END FROM wave WHERE id = ?1",
    [SQL_WAVE_COUNT_NAMED] =
        "UPDATE wave SET answers = (SELECT count(*) FROM named WHERE "
        "named.wave = wave.id) WHERE id = ?1",
    [SQL_CHUNK_ROWS] =
        "SELECT rows FROM answer WHERE wave = ?1 AND field = 0 AND chunk = "
        "?2",
    [SQL_CHUNK_GET] =
        "SELECT rows, body FROM answer WHERE wave = ?1 AND field = ?2 AND "
        "chunk = ?3",
    [SQL_CHUNK_PUT] =
        "INSERT INTO answer (wave, field, chunk, rows, body) VALUES (?1, "
        "?2, ?3, ?4, ?5) ON CONFLICT (wave, field, chunk) DO UPDATE SET "
        "rows = excluded.rows, body = excluded.body",
    [SQL_CHUNK_FIELDS] =
        "SELECT count(*) FROM answer WHERE wave = ?1 AND chunk = ?2",
    [SQL_CHUNK_DROP] = "DELETE FROM answer WHERE wave = ?1 AND chunk = ?2",
    [SQL_CHUNK_ALL] =
        "SELECT chunk, rows FROM answer WHERE wave = ?1 AND field = ?2",
    [SQL_TALLY_WAIT] =
        "INSERT INTO tally_waiting (wave, field, kind, item, n) VALUES (?1, "
        "?2, ?3, ?4, ?5) ON CONFLICT (wave, field, kind, item) DO UPDATE "
        "SET n = n + excluded.n",
    [SQL_TALLY_WAITING] =
        "SELECT field, kind, item, n FROM tally_waiting WHERE wave = ?1 ORDER "
        "BY field, kind, item",
    [SQL_TALLY_DROP] =
        "DELETE FROM tally_waiting WHERE wave = ?1 AND kind = ?2",
    [SQL_TALLY_JOIN] =
        "INSERT INTO tally (wave, field, kind, item, n) SELECT wave, field, "
        "kind, item, n FROM tally_waiting WHERE wave = ?1 ON CONFLICT (wave, "
        "field, kind, item) DO UPDATE SET n = n + excluded.n",
    [SQL_TALLY_JOINED] = "DELETE FROM tally_waiting WHERE wave = ?1",
    [SQL_TALLY_ADD] =
        "INSERT INTO tally (wave, field, kind, item, n) VALUES (?1, ?2, ?3, "
        "?4, ?5) ON CONFLICT (wave, field, kind, item) DO UPDATE SET n = n "
        "+ excluded.n",
    [SQL_TALLY_LIST] =
        "SELECT field, kind, item, n FROM tally WHERE wave = ?1 ORDER BY "
        "field, kind, item",
    [SQL_SEEN_ADD] =
        "INSERT INTO seen (id) VALUES (?1) ON CONFLICT (id) DO NOTHING "
        "RETURNING 1",
    [SQL_SEEN_GET] = "SELECT 1 FROM seen WHERE id = ?1",
    [SQL_QUARANTINE_PUT] =
        "INSERT INTO quarantine (id, outcome, form_id, box) VALUES (?1, ?2, "
        "?3, ?4) ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome",
    [SQL_QUARANTINE_COUNT] = "SELECT count(*) FROM quarantine",
    [SQL_QUARANTINE_LIST] = "SELECT id, outcome, form_id, box FROM quarantine",
    [SQL_QUARANTINE_DROP] = "DELETE FROM quarantine WHERE id = ?1",
    SQL_PEOPLE_STATEMENTS,
    [SQL_NAMED_HAS] = "SELECT 1 FROM named WHERE wave = ?1 AND person = ?2",
    [SQL_NAMED_PUT] =
        "INSERT INTO named (wave, person, xml) SELECT ?1, ?2, ?3 WHERE NOT "
        "EXISTS (SELECT 1 FROM meeting WHERE wave = ?1 AND fixed_ms <> 0) ON "
        "CONFLICT (wave, person) DO UPDATE SET xml = excluded.xml, taken = 0",
    [SQL_NAMED_LIST] =
        "SELECT person.id, code, name, role, category, contact, xml FROM named JOIN person ON "
        "person.id = named.person WHERE wave = ?1 ORDER BY name, person.id",
    [SQL_SLIP_ADD] =
        "INSERT INTO slip (wave, hash) VALUES (?1, ?2) ON CONFLICT (wave, "
        "hash) DO NOTHING RETURNING 1",
    [SQL_SLIP_USE] =
        "UPDATE slip SET used = 1 WHERE wave = ?1 AND hash = ?2 AND used = "
        "0 RETURNING 1",
    [SQL_SLIP_LIST] = "SELECT hash FROM slip WHERE wave = ?1 ORDER BY hash",
    [SQL_SLIP_COUNT] = "SELECT count(*), total(used) FROM slip WHERE wave = ?1",
    [SQL_SLIP_KEY] = "SELECT slip_key FROM wave WHERE id = ?1",
    [SQL_SLIP_KEY_SET] = "UPDATE wave SET slip_key = ?2 WHERE id = ?1",
    [SQL_CODE_ADD] =
        "INSERT INTO enrol_code (secret, name, expires_ms) VALUES (?1, ?2, "
        "?3)",
    [SQL_CODE_GET] =
        "SELECT name, expires_ms, kiosk FROM enrol_code WHERE secret = ?1",
    [SQL_CODE_USE] = "UPDATE enrol_code SET kiosk = ?2 WHERE secret = ?1",
    [SQL_MEETING_ADD] =
        "INSERT INTO meeting (title, wave, seed, complete) VALUES (?1, ?2, "
        "?3, ?4) RETURNING id",
    [SQL_MEETING_COUNT] = "SELECT count(*) FROM meeting",
    [SQL_MEETING_GET] =
        "SELECT meeting.id, meeting.title, wave.id, wave.name, seed, "
        "complete, closed_ms, fixed_ms, (SELECT count(*) FROM participant "
        "WHERE participant.meeting = meeting.id), (SELECT count(*) FROM named JOIN "
        "participant USING (person) WHERE named.wave = wave.id AND "
        "participant.meeting = meeting.id) FROM meeting JOIN wave ON wave.id "
        "= meeting.wave WHERE meeting.id = ?1",
    [SQL_MEETING_LIST] =
        "SELECT meeting.id, meeting.title, wave.id, wave.name, seed, "
        "complete, closed_ms, fixed_ms, (SELECT count(*) FROM participant "
        "WHERE participant.meeting = meeting.id), (SELECT count(*) FROM named JOIN "
        "participant USING (person) WHERE named.wave = wave.id AND "
        "participant.meeting = meeting.id) FROM meeting JOIN wave ON wave.id "
        "= meeting.wave ORDER BY meeting.id DESC",
    [SQL_MEETING_OF_WAVE] = "SELECT id FROM meeting WHERE wave = ?1",
    [SQL_MEETING_COMPLETE] = "UPDATE meeting SET complete = ?2 WHERE id = ?1",
    [SQL_MEETING_FIX] = "UPDATE meeting SET fixed_ms = ?2 WHERE id = ?1",
    [SQL_MEETING_FORGET] =
        "DELETE FROM named WHERE wave = (SELECT wave FROM meeting WHERE id = "
        "?1)",
    [SQL_PARTICIPANT_PUT] =
        "INSERT INTO participant (meeting, person, mentor, places, at_least, "
        "topics) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (meeting, "
        "person) DO UPDATE SET places = excluded.places, at_least = "
        "excluded.at_least, topics = excluded.topics",
    [SQL_PARTICIPANT_LIST] =
        "SELECT person.id, name, code, mentor, places, at_least, topics, "
        "EXISTS (SELECT 1 FROM named JOIN meeting ON named.wave = "
        "meeting.wave WHERE meeting.id = ?1 AND named.person = person.id) "
        "FROM participant JOIN person ON person.id = person WHERE meeting = "
        "?1 ORDER BY mentor, name, person.id",
    [SQL_LOCK_PUT] =
        "INSERT INTO pair_lock (meeting, mentee, mentor, together) VALUES "
        "(?1, ?2, ?3, ?4) ON CONFLICT (meeting, mentee, mentor) DO UPDATE "
        "SET together = excluded.together",
    [SQL_LOCK_DROP] =
        "DELETE FROM pair_lock WHERE meeting = ?1 AND mentee = ?2 AND mentor "
        "= ?3",
    [SQL_LOCK_LIST] =
        "SELECT mentee, mentor, together FROM pair_lock WHERE meeting = ?1 "
        "ORDER BY mentee, mentor",
    [SQL_BEFORE_PUT] =
        "INSERT OR REPLACE INTO pair_before (meeting, mentee, mentor) VALUES "
        "(?1, ?2, ?3)",
    [SQL_BEFORE_CLEAR] = "DELETE FROM pair_before WHERE meeting = ?1",
    [SQL_BEFORE_LIST] =
        "SELECT mentee, mentor, 1 FROM pair_before WHERE meeting = ?1 ORDER "
        "BY mentee",
    [SQL_PAIR_ADD] =
        "INSERT INTO pair (meeting, mentee, mentor, state, reason, goals, "
        "steps, term, fixed_ms, active_ms) VALUES (nullif(?1, 0), ?2, ?3, 0, "
        "'', '', '', '', ?4, 0) RETURNING id",
    [SQL_PAIR_COUNT] = "SELECT count(*) FROM pair",
    [SQL_PAIR_GET] =
        "SELECT pair.id, ifnull(meeting, 0), mentee, mentor, a.name, b.name, "
        "state, reason, goals, steps, term, fixed_ms, active_ms FROM pair "
        "JOIN person AS a ON a.id = mentee JOIN person AS b ON b.id = mentor WHERE "
        "pair.id = ?1",
    [SQL_PAIR_LIST] =
        "SELECT pair.id, ifnull(meeting, 0), mentee, mentor, a.name, b.name, "
        "state, reason, goals, steps, term, fixed_ms, active_ms FROM pair "
        "JOIN person AS a ON a.id = mentee JOIN person AS b ON b.id = mentor ORDER "
        "BY state, b.name, a.name, pair.id",
    [SQL_PAIR_UPDATE] =
        "UPDATE pair SET state = ?2, reason = ?3, goals = ?4, steps = ?5, "
        "term = ?6, active_ms = ?7 WHERE id = ?1",
    [SQL_JOURNAL_ADD] =
        "INSERT INTO pair_meeting (pair, kind, held_ms, for_pair, for_desk) "
        "VALUES (?1, ?2, ?3, ?4, ?5)",
    [SQL_JOURNAL_COUNT] = "SELECT count(*) FROM pair_meeting WHERE pair = ?1",
    [SQL_JOURNAL_LIST] =
        "SELECT id, kind, held_ms, for_pair, for_desk FROM pair_meeting "
        "WHERE pair = ?1 ORDER BY held_ms, id",
    [SQL_TRAINING_ADD] =
        "INSERT INTO training (kind, title, day, clock, place, minutes) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
    [SQL_TRAINING_COUNT] = "SELECT count(*) FROM training",
    [SQL_TRAINING_UPDATE] =
        "UPDATE training SET kind = ?1, title = ?2, day = ?3, clock = ?4, "
        "place = ?5, minutes = ?6, wave = ?7, ended_ms = ?8 WHERE id = ?9",
    [SQL_TRAINING_GET] =
        "SELECT id, kind, title, day, clock, place, minutes, wave, ended_ms, "
        "(SELECT count(*) FROM training_guest WHERE training = t.id), "
        "(SELECT count(*) FROM named WHERE named.wave = t.wave) FROM "
        "training AS t WHERE id = ?1",
    [SQL_TRAINING_LIST] =
        "SELECT id, kind, title, day, clock, place, minutes, wave, ended_ms, "
        "(SELECT count(*) FROM training_guest WHERE training = t.id), "
        "(SELECT count(*) FROM named WHERE named.wave = t.wave) FROM "
        "training AS t ORDER BY day DESC, id DESC",
    [SQL_GUEST_LIST] =
        "SELECT person.id, name, role, EXISTS (SELECT 1 FROM training_guest "
        "AS g WHERE g.training = t.id AND g.person = person.id), EXISTS "
        "(SELECT 1 FROM named WHERE named.wave = t.wave AND named.person = "
        "person.id) FROM person, training AS t WHERE t.id = ?1 ORDER BY role "
        "DESC, name, person.id",
    [SQL_GUEST_ADD] =
        "INSERT OR IGNORE INTO training_guest (training, person) VALUES (?1, "
        "?2)",
    [SQL_GUEST_DROP] =
        "DELETE FROM training_guest WHERE training = ?1 AND person = ?2",
    [SQL_TRAINED_LIST] =
        "SELECT person.id, name, role, count(*), sum(minutes), max(day) FROM "
        "training JOIN named ON named.wave = training.wave JOIN person ON "
        "person.id = named.person WHERE ended_ms <> 0 GROUP BY person.id "
        "ORDER BY name, person.id",
    [SQL_MATERIAL_ADD] =
        "INSERT INTO training_material (training, number, title, text) VALUES "
        "(?1, (SELECT ifnull(max(number), 0) + 1 FROM training_material WHERE "
        "training = ?1), ?2, ?3)",
    [SQL_MATERIAL_COUNT] =
        "SELECT count(*) FROM training_material WHERE training = ?1",
    [SQL_MATERIAL_DROP] =
        "DELETE FROM training_material WHERE training = ?1 AND number = ?2",
    [SQL_MATERIAL_LIST] =
        "SELECT number, title, text FROM training_material WHERE training = "
        "?1 ORDER BY number",
    [SQL_MEASURE_ADD] =
        "INSERT INTO measure (stage, text, responsible, first_day, last_day, "
        "done) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_MEASURE_COUNT] = "SELECT count(*) FROM measure",
    [SQL_MEASURE_UPDATE] =
        "UPDATE measure SET stage = ?1, text = ?2, responsible = ?3, "
        "first_day = ?4, last_day = ?5, done = ?6 WHERE id = ?7",
    [SQL_MEASURE_DROP] = "DELETE FROM measure WHERE id = ?1",
    [SQL_MEASURE_GET] =
        "SELECT id, stage, text, responsible, first_day, last_day, done FROM "
        "measure WHERE id = ?1",
    [SQL_MEASURE_LIST] =
        "SELECT id, stage, text, responsible, first_day, last_day, done FROM "
        "measure ORDER BY stage, last_day = '', last_day, id",
    [SQL_KIOSK_ADD] =
        "INSERT INTO kiosk (key, name, enrolled_ms, seen_ms, serial, "
        "revoked) VALUES (?1, ?2, ?3, 0, 0, 0) ON CONFLICT (key) DO UPDATE "
        "SET name = excluded.name",
    [SQL_KIOSK_COUNT] = "SELECT count(*) FROM kiosk",
    [SQL_KIOSK_CHECK] = "SELECT revoked FROM kiosk WHERE key = ?1",
    [SQL_KIOSK_TOUCH] =
        "UPDATE kiosk SET seen_ms = ?2, serial = iif(?3 < 0, serial, ?3) "
        "WHERE key = ?1 AND (seen_ms <> ?2 OR (?3 >= 0 AND serial <> ?3))",
    [SQL_KIOSK_LIST] =
        "SELECT key, name, enrolled_ms, seen_ms, serial, revoked, program "
        "FROM kiosk ORDER BY revoked, name, key",
    [SQL_KIOSK_PROGRAM] =
        "UPDATE kiosk SET program = ?2 WHERE key = ?1 AND program <> ?2",
    [SQL_KIOSK_WAITING_CLEAR] = "DELETE FROM kiosk_waiting WHERE kiosk = ?1",
    [SQL_KIOSK_WAITING_ADD] =
        "INSERT INTO kiosk_waiting (kiosk, form_id, step) VALUES (?1, ?2, ?3) "
        "ON CONFLICT (kiosk, form_id) DO UPDATE SET step = max(step, "
        "excluded.step)",
    [SQL_KIOSK_WAITING] =
        "SELECT form_id, step FROM kiosk_waiting WHERE kiosk = ?1 ORDER BY "
        "step DESC, form_id",
    [SQL_KIOSK_REVOKE] =
        "UPDATE kiosk SET revoked = 1 WHERE key = ?1 RETURNING 1",
    [SQL_USER_ADD] =
        "INSERT INTO user (login, name, role, salt, hash, enabled) VALUES "
        "(?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
    [SQL_USER_COUNT] = "SELECT count(*) FROM user",
    [SQL_USER_GET] =
        "SELECT id, login, name, role, salt, hash, enabled FROM user WHERE "
        "login = ?1",
    [SQL_USER_LIST] =
        "SELECT id, login, name, role, salt, hash, enabled FROM user ORDER "
        "BY name, login",
    [SQL_USER_UPDATE] =
        "UPDATE user SET salt = ?2, hash = ?3, enabled = ?4 WHERE id = ?1",
    [SQL_USER_SIGN_OUT] = "DELETE FROM session WHERE user = ?1",
    [SQL_SESSION_ADD] =
        "INSERT INTO session (token, user, expires_ms) VALUES (?1, ?2, ?3)",
    [SQL_SESSION_USER] =
        "SELECT user.id, login, name, role, salt, hash, enabled FROM "
        "session JOIN user ON user.id = session.user WHERE token = ?1 AND "
        "expires_ms > ?2 AND enabled = 1",
    [SQL_SESSION_END] = "DELETE FROM session WHERE token = ?1",
    [SQL_SESSION_EXPIRE] = "DELETE FROM session WHERE expires_ms <= ?1",
    [SQL_LINK_ADD] =
        "INSERT INTO link (token, wave, expires_ms) VALUES (?1, ?2, ?3)",
    [SQL_LINK_CHECK] =
        "SELECT 1 FROM link WHERE token = ?1 AND wave = ?2 AND (expires_ms "
        "= 0 OR expires_ms > ?3)",
    [SQL_AUDIT_ADD] =
        "INSERT INTO audit (at_ms, who, action, detail) VALUES (?1, ?2, ?3, "
        "?4)",
    [SQL_AUDIT_LIST] =
        "SELECT id, at_ms, who, action, detail FROM audit WHERE id < ?1 "
        "ORDER BY id DESC LIMIT ?2",
    [SQL_CHUNK_LIST] =
        "SELECT chunk, rows FROM answer WHERE wave = ?1 AND field = ?2 AND "
        "chunk BETWEEN 0 AND (SELECT CASE WHEN settled_chunks < 0 THEN chunks "
        "ELSE settled_chunks END FROM wave WHERE id = ?1) - 1",
    [SQL_REMARK_ADD] =
        "INSERT INTO remark (id, wave, field, text) VALUES (?1, ?2, ?3, ?4)",
    [SQL_REMARK_LIST] =
        "SELECT id, text, (SELECT group_concat(theme, ', ') FROM "
        "remark_theme WHERE remark = remark.id) FROM remark WHERE wave = ?1 "
        "AND field = ?2 ORDER BY id",
    [SQL_REMARK_SET] =
        "UPDATE remark SET text = ?3 WHERE id = ?1 AND wave = ?2 RETURNING 1",
    [SQL_THEME_ADD] =
        "INSERT INTO remark_theme (remark, theme) VALUES (?1, ?2) ON "
        "CONFLICT (remark, theme) DO NOTHING",
    [SQL_THEME_CLEAR] = "DELETE FROM remark_theme WHERE remark = ?1",
    [SQL_THEME_LIST] =
        "SELECT theme, count(*) FROM remark_theme JOIN remark ON remark.id = "
        "remark WHERE wave = ?1 AND field = ?2 GROUP BY theme ORDER BY "
        "count(*) DESC, theme LIMIT ?3",
    [SQL_PLAN_COUNT] = "SELECT count(*) FROM plan",
    [SQL_PLAN_ADD] =
        "INSERT INTO plan (form, title, kind, k, k_text, invited, live, "
        "opens_ms, closes_ms, groups) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
        "?9, ?10)",
    [SQL_PLAN_LIST] =
        "SELECT id, form, title, kind, k, k_text, invited, live, opens_ms, "
        "closes_ms, groups FROM plan ORDER BY opens_ms, id",
    [SQL_PLAN_DROP] = "DELETE FROM plan WHERE id = ?1 RETURNING 1",
    [SQL_SWOT_PUT] =
        "INSERT INTO swot (wave, part, text) VALUES (?1, ?2, ?3) ON CONFLICT "
        "(wave, part) DO UPDATE SET text = excluded.text",
    [SQL_SWOT_GET] = "SELECT text FROM swot WHERE wave = ?1 AND part = ?2",
    [SQL_TOKEN_COUNT] = "SELECT count(*) FROM token",
    [SQL_TOKEN_ADD] =
        "INSERT INTO token (hash, name, made_ms, used_ms) VALUES (?1, ?2, "
        "?3, 0)",
    [SQL_TOKEN_LIST] =
        "SELECT id, name, made_ms, used_ms FROM token ORDER BY name, id",
    [SQL_TOKEN_FIND] =
        "SELECT id, name, made_ms, used_ms FROM token WHERE hash = ?1",
    [SQL_TOKEN_USED] = "UPDATE token SET used_ms = ?2 WHERE id = ?1",
    [SQL_TOKEN_DROP] = "DELETE FROM token WHERE id = ?1 RETURNING 1",
    [SQL_OPENROSA_USER_PUT] =
        "INSERT INTO openrosa_user (login, sha256, md5, person) VALUES (?1, "
        "?2, ?3, ?4) ON CONFLICT (login) DO UPDATE SET sha256 = "
        "excluded.sha256, md5 = excluded.md5, person = excluded.person",
    [SQL_OPENROSA_USER_GET] =
        "SELECT login, sha256, md5, ifnull(person, 0), ifnull(name, '') FROM "
        "openrosa_user LEFT JOIN person ON person.id = openrosa_user.person WHERE login = "
        "?1",
    [SQL_OPENROSA_USER_DROP] =
        "DELETE FROM openrosa_user WHERE login = ?1 RETURNING 1",
    [SQL_OPENROSA_USER_COUNT] = "SELECT count(*) FROM openrosa_user",
    [SQL_OPENROSA_USER_LIST] =
        "SELECT login, sha256, md5, ifnull(person, 0), ifnull(name, '') FROM "
        "openrosa_user LEFT JOIN person ON person.id = openrosa_user.person ORDER BY login",
    [SQL_FILE_PUT] =
        "INSERT INTO attachment (wave, person, name, body) VALUES (?1, ?2, "
        "?3, ?4) ON CONFLICT (wave, person, name) DO UPDATE SET body = "
        "excluded.body",
    [SQL_FILE_GET] =
        "SELECT body FROM attachment WHERE wave = ?1 AND person = ?2 AND "
        "name = ?3",
    [SQL_FILE_DROP] = "DELETE FROM attachment WHERE wave = ?1 AND person = ?2",
    [SQL_FILE_COUNT] =
        "SELECT count(*) FROM attachment WHERE wave = ?1 AND person = ?2",
    [SQL_FILE_LIST] =
        "SELECT person, name, length(body), iif(?3, body, NULL) FROM "
        "attachment WHERE wave = ?1 AND (?2 = 0 OR person = ?2) ORDER BY "
        "person, name",
    [SQL_NAMED_GET] = "SELECT xml FROM named WHERE wave = ?1 AND person = ?2",
    [SQL_FORWARD_PUT] =
        "INSERT INTO forward (wave, person, revision, state, tries, next_ms, "
        "detail) SELECT id, ?2, 1, 0, 0, ?3, '' FROM wave WHERE id = ?1 AND "
        "kind = ?4 AND EXISTS (SELECT 1 FROM setting WHERE key = ?5 AND "
        "value <> '') ON CONFLICT (wave, person) DO UPDATE SET revision = "
        "revision + 1, state = 0, tries = 0, next_ms = excluded.next_ms, "
        "detail = ''",
    [SQL_FORWARD_ALL] =
        "INSERT INTO forward (wave, person, revision, state, tries, next_ms, "
        "detail) SELECT wave, person, 1, 0, 0, 0, '' FROM named JOIN wave ON "
        "wave.id = named.wave WHERE kind = ?1 ON CONFLICT (wave, person) DO "
        "NOTHING",
    [SQL_FORWARD_DUE] =
        "SELECT forward.wave, forward.person, revision, tries, next_ms, "
        "detail, xml FROM forward JOIN named USING (wave, person) JOIN wave "
        "ON wave.id = forward.wave WHERE state = 0 AND kind = ?1 ORDER BY "
        "next_ms LIMIT 1",
    [SQL_FORWARD_NOTE] =
        "UPDATE forward SET state = ?4, tries = ?5, next_ms = ?6, detail = "
        "?7 WHERE wave = ?1 AND person = ?2 AND revision = ?3",
    [SQL_FORWARD_RETRY] =
        "UPDATE forward SET state = 0, tries = 0, next_ms = 0 WHERE state <> "
        "1",
    [SQL_FORWARD_STOP] = "DELETE FROM forward WHERE state <> 1",
    [SQL_FORWARD_COUNT] =
        "SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE "
        "state = 1), count(*) FILTER (WHERE state = 2), (SELECT detail FROM "
        "forward WHERE state <> 1 AND detail <> '' ORDER BY state DESC, "
        "next_ms DESC LIMIT 1) FROM forward",
};

void
sql_bind_text(sqlite3_stmt *stmt, int at, const char *text)
{
    sqlite3_bind_text(stmt, at, text, -1, SQLITE_STATIC);
}

void
sql_bind_blob(sqlite3_stmt *stmt, int at, const void *data, size_t len)
{
    /* A NULL pointer would bind NULL, not an empty blob. */
    sqlite3_bind_blob64(stmt, at, len > 0 ? data : "", len, SQLITE_STATIC);
}

char *
sql_text(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    return strdup(text ? (const char *)text : "");
}

void
sql_text_copy(sqlite3_stmt *stmt, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    (void)snprintf(out, size, "%s", text ? (const char *)text : "");
}

void
sql_bytes(sqlite3_stmt *stmt, int column, void *out, size_t len)
{
    const void *data = sqlite3_column_blob(stmt, column);
    memset(out, 0, len);
    if (data && (size_t)sqlite3_column_bytes(stmt, column) == len) {
        memcpy(out, data, len);
    }
}

enum status
sql_one(struct store *s, sqlite3_stmt *stmt)
{
    enum status st = db_step(s->db, stmt);
    if (st != STATUS_OK) {
        db_reset(stmt);
        return st;
    }
    st = db_run(s->db, stmt);
    return st < 0 ? st : STATUS_OK;
}

enum status
sql_number(struct store *s, sqlite3_stmt *stmt, int64_t *out)
{
    *out = 0;
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        *out = sqlite3_column_int64(stmt, 0);
        /* To the end: the commit of a change happens there. */
        st = db_run(s->db, stmt);
    } else {
        db_reset(stmt);
    }
    return st < 0 ? st : STATUS_OK;
}

enum status
sql_fill(struct store *s, sqlite3_stmt *stmt,
         enum status (*fill)(sqlite3_stmt *stmt, void *item), void *item)
{
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        st = fill(stmt, item);
    }
    db_reset(stmt);
    return st;
}

enum status
sql_blob(struct store *s, sqlite3_stmt *stmt, struct buf *out)
{
    enum status st = db_step(s->db, stmt);
    if (st == STATUS_OK) {
        const void *data = sqlite3_column_blob(stmt, 0);
        int len = sqlite3_column_bytes(stmt, 0);
        if (data && len > 0) {
            buf_put(out, data, (size_t)len);
        }
        st = buf_status(out);
    }
    db_reset(stmt);
    return st;
}

enum status
sql_room(struct store *s, enum sql_stmt count, int64_t max)
{
    int64_t n = 0;
    enum status st = sql_number(s, db_stmt(s->db, count), &n);
    if (st < 0) {
        return st;
    }
    return n < max ? STATUS_OK : STATUS_E_LIMIT;
}

static enum status
grow(char **items, size_t size, size_t count, size_t *cap)
{
    if (count < *cap) {
        return STATUS_OK;
    }
    size_t want = *cap ? *cap * 2 : LIST_START;
    char *grown = realloc(*items, want * size);
    if (!grown) {
        return log_oom("store");
    }
    *items = grown;
    *cap = want;
    return STATUS_OK;
}

enum status
sql_list(struct store *s, sqlite3_stmt *stmt, const struct sql_item *kind,
         void **out, size_t *out_count)
{
    char *items = NULL;
    size_t count = 0;
    size_t cap = 0;
    *out = NULL;
    *out_count = 0;
    enum status st = db_step(s->db, stmt);
    while (st == STATUS_OK) {
        st = grow(&items, kind->size, count, &cap);
        if (!items || st < 0) {
            break;
        }
        void *item = items + count++ * kind->size;
        memset(item, 0, kind->size);
        st = kind->fill(stmt, item);
        if (st == STATUS_OK) {
            st = db_step(s->db, stmt);
        }
    }
    db_reset(stmt);
    if (st < 0) {
        for (size_t i = 0; i < count; i++) {
            kind->clear(items + i * kind->size);
        }
        free(items);
        return st;
    }
    *out = items;
    *out_count = count;
    return STATUS_OK;
}
