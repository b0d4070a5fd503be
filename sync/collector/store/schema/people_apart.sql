-- People once stood in collector.db. This moves them to people.db, which is
-- `main` here, and removes every table that names somebody. It is one
-- transaction; cut off between the two files it is done again from the start,
-- hence OR REPLACE. Afterwards the file is rewritten, so that no freed page
-- keeps a name: `compact` remembers that until it has been done.

INSERT OR REPLACE INTO main.person (id, code, name, role)
    SELECT id, code, name, role FROM collector.person;
INSERT OR REPLACE INTO main.named (wave, person, xml)
    SELECT wave, person, xml FROM collector.named;
INSERT OR REPLACE INTO main.attachment (wave, person, name, body)
    SELECT wave, person, name, body FROM collector.attachment;
INSERT OR REPLACE INTO main.forward
        (wave, person, revision, state, tries, next_ms, detail)
    SELECT wave, person, revision, state, tries, next_ms, detail
    FROM collector.forward;
INSERT OR REPLACE INTO main.openrosa_user (login, sha256, md5, person)
    SELECT login, sha256, md5, person FROM collector.openrosa_user;
INSERT OR REPLACE INTO main.meeting (id, title, wave, seed, complete, fixed_ms)
    SELECT id, title, wave, seed, complete, fixed_ms FROM collector.meeting;
INSERT OR REPLACE INTO main.participant
        (meeting, person, mentor, places, at_least, topics)
    SELECT meeting, person, mentor, places, at_least, topics
    FROM collector.participant;
INSERT OR REPLACE INTO main.pair_lock (meeting, mentee, mentor, together)
    SELECT meeting, mentee, mentor, together FROM collector.pair_lock;
INSERT OR REPLACE INTO main.pair
        (id, meeting, mentee, mentor, state, reason, goals, steps, term,
         fixed_ms, active_ms)
    SELECT id, meeting, mentee, mentor, state, reason, goals, steps, term,
           fixed_ms, active_ms FROM collector.pair;
INSERT OR REPLACE INTO main.pair_meeting
        (id, pair, kind, held_ms, for_pair, for_desk)
    SELECT id, pair, kind, held_ms, for_pair, for_desk
    FROM collector.pair_meeting;

DROP TABLE collector.pair_meeting;
DROP TABLE collector.pair;
DROP TABLE collector.pair_lock;
DROP TABLE collector.participant;
DROP TABLE collector.meeting;
DROP TABLE collector.openrosa_user;
DROP TABLE collector.forward;
DROP TABLE collector.attachment;
DROP TABLE collector.named;
DROP TABLE collector.person;

INSERT OR REPLACE INTO collector.setting (key, value) VALUES ('compact', '1');
