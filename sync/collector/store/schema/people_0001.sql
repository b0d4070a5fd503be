-- The people of the programme and all that names them, in a file of its own
-- (people.db), apart from anonymous answers. Waves are those of collector.db;
-- a foreign key cannot reach there. What belongs to a person goes with her:
-- every table here that names one cascades from `person`.

-- A number of a person is never given again: late records and sealed backups
-- of somebody who was erased must not meet somebody else.
CREATE TABLE person (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE, -- the personal code of named questionnaires
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('mentor', 'mentee', ''))
) STRICT;

-- Named answers and ballots: one a person and wave, the latest counts.
CREATE TABLE named (
    wave   INTEGER NOT NULL,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    xml    BLOB NOT NULL,
    PRIMARY KEY (wave, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_person ON named (person);

-- Files that came with a named answer, by the name that stands in it.
CREATE TABLE attachment (
    wave   INTEGER NOT NULL,
    person INTEGER NOT NULL,
    name   TEXT NOT NULL,
    body   BLOB NOT NULL,
    PRIMARY KEY (wave, person, name),
    FOREIGN KEY (wave, person) REFERENCES named (wave, person) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Named answers on their way to another server. What is sent stands in `named`
-- and `attachment`; `revision` moves when they change.
CREATE TABLE forward (
    wave     INTEGER NOT NULL,
    person   INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    state    INTEGER NOT NULL, -- enum store_forward_state
    tries    INTEGER NOT NULL,
    next_ms  INTEGER NOT NULL, -- not before
    detail   TEXT NOT NULL,    -- why it waits or was refused
    PRIMARY KEY (wave, person),
    FOREIGN KEY (wave, person) REFERENCES named (wave, person) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX forward_due ON forward (state, next_ms);

-- Accounts of other OpenRosa clients (ODK Collect, Enketo). The hashes are what
-- HTTP Digest works with: worth the password here, and nothing elsewhere.
CREATE TABLE openrosa_user (
    login  TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    md5    TEXT NOT NULL,
    person INTEGER REFERENCES person (id) ON DELETE CASCADE -- NULL: nobody;
                                       -- then anonymous questionnaires only
) STRICT, WITHOUT ROWID;
CREATE INDEX openrosa_user_person ON openrosa_user (person);

-- The group meeting: who was there, and the pairs that came of it.
CREATE TABLE meeting (
    id       INTEGER PRIMARY KEY,
    title    TEXT NOT NULL,
    wave     INTEGER NOT NULL UNIQUE,
    seed     INTEGER NOT NULL, -- of the lottery between equals; published
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    fixed_ms INTEGER NOT NULL DEFAULT 0 -- when the pairs were fixed; 0: not yet
) STRICT;

CREATE TABLE participant (
    meeting  INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    person   INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    mentor   INTEGER NOT NULL CHECK (mentor IN (0, 1)),
    places   INTEGER NOT NULL CHECK (places BETWEEN 1 AND 60), -- of a mentor
    at_least INTEGER NOT NULL CHECK (at_least BETWEEN 0 AND 60),
    topics   TEXT NOT NULL, -- what she offers or asks for, comma-separated
    PRIMARY KEY (meeting, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_person ON participant (person);

-- What the coordinator decided beforehand.
CREATE TABLE pair_lock (
    meeting  INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    mentee   INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    mentor   INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    together INTEGER NOT NULL CHECK (together IN (0, 1)),
    PRIMARY KEY (meeting, mentee, mentor)
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_lock_mentee ON pair_lock (mentee);
CREATE INDEX pair_lock_mentor ON pair_lock (mentor);

CREATE TABLE pair (
    id        INTEGER PRIMARY KEY,
    meeting   INTEGER REFERENCES meeting (id) ON DELETE SET NULL,
    mentee    INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    mentor    INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    state     INTEGER NOT NULL, -- enum pair_state
    reason    TEXT NOT NULL,    -- why it ended early
    goals     TEXT NOT NULL,    -- the individual plan
    steps     TEXT NOT NULL,
    term      TEXT NOT NULL,
    fixed_ms  INTEGER NOT NULL,
    active_ms INTEGER NOT NULL, -- 0: not yet
    CHECK (mentee <> mentor)
) STRICT;
CREATE INDEX pair_mentee ON pair (mentee);
CREATE INDEX pair_mentor ON pair (mentor);

-- The journal of a pair.
CREATE TABLE pair_meeting (
    id       INTEGER PRIMARY KEY,
    pair     INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
    kind     INTEGER NOT NULL, -- enum pair_meeting
    held_ms  INTEGER NOT NULL,
    for_pair TEXT NOT NULL, -- notes
    for_desk TEXT NOT NULL
) STRICT;
CREATE INDEX pair_meeting_pair ON pair_meeting (pair);

PRAGMA user_version = 1;
