-- Training: sessions, who was invited, what was to be read. Who was there
-- signed the session's own form; that is a named answer of its wave.

CREATE TABLE training (
    id       INTEGER PRIMARY KEY,
    kind     INTEGER NOT NULL, -- enum training_kind
    title    TEXT NOT NULL,
    day      TEXT NOT NULL, -- YYYY-MM-DD
    clock    TEXT NOT NULL, -- as written, "13:15"
    place    TEXT NOT NULL,
    minutes  INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
    wave     INTEGER NOT NULL DEFAULT 0, -- 0: signing was not opened yet
    ended_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE training_guest (
    training INTEGER NOT NULL REFERENCES training (id) ON DELETE CASCADE,
    person   INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (training, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX training_guest_person ON training_guest (person);

CREATE TABLE training_material (
    training INTEGER NOT NULL REFERENCES training (id) ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    title    TEXT NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (training, number)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 3;
