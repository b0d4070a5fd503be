-- The group meeting: who was there, and the pairs that came of it.

CREATE TABLE meeting (
    id       INTEGER PRIMARY KEY,
    title    TEXT NOT NULL,
    wave     INTEGER NOT NULL UNIQUE REFERENCES wave (id) ON DELETE CASCADE,
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

-- What the coordinator decided beforehand.
CREATE TABLE pair_lock (
    meeting  INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    mentee   INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    mentor   INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    together INTEGER NOT NULL CHECK (together IN (0, 1)),
    PRIMARY KEY (meeting, mentee, mentor)
) STRICT, WITHOUT ROWID;

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

-- The journal of a pair.
CREATE TABLE pair_meeting (
    id       INTEGER PRIMARY KEY,
    pair     INTEGER NOT NULL REFERENCES pair (id) ON DELETE CASCADE,
    kind     INTEGER NOT NULL, -- enum pair_meeting
    held_ms  INTEGER NOT NULL,
    for_pair TEXT NOT NULL, -- notes
    for_desk TEXT NOT NULL
) STRICT;

PRAGMA user_version = 4;
