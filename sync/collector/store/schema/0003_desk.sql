-- What the coordinator prepares and writes at the desk.

-- A wave that begins by itself on its day; then it becomes a row of `wave`.
CREATE TABLE plan (
    id        INTEGER PRIMARY KEY,
    form      INTEGER NOT NULL REFERENCES form (id) ON DELETE CASCADE,
    title     TEXT NOT NULL,
    kind      INTEGER NOT NULL CHECK (kind BETWEEN -1 AND 3), -- -1: as the form
    k         INTEGER NOT NULL, -- 0: as the form; likewise
    k_text    INTEGER NOT NULL,
    invited   INTEGER NOT NULL, -- 0: not stated
    live      INTEGER NOT NULL CHECK (live IN (0, 1)),
    opens_ms  INTEGER NOT NULL,
    closes_ms INTEGER NOT NULL -- 0: when somebody closes it
) STRICT;

-- Open answers that the coordinator works on. They are moved here out of
-- `answer`, shuffled and under random numbers, so that nothing ties a text to
-- the other answers of the person any more. An edited text replaces the first.
CREATE TABLE remark (
    id    INTEGER PRIMARY KEY, -- random
    wave  INTEGER NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    field INTEGER NOT NULL,
    text  TEXT NOT NULL -- '': struck out
) STRICT;
CREATE INDEX remark_by_field ON remark (wave, field, id);

CREATE TABLE remark_theme (
    remark INTEGER NOT NULL REFERENCES remark (id) ON DELETE CASCADE,
    theme  TEXT NOT NULL,
    PRIMARY KEY (remark, theme)
) STRICT, WITHOUT ROWID;

-- The coordinator's conclusions on a wave: strengths, weaknesses,
-- opportunities, threats; an item a line.
CREATE TABLE swot (
    wave INTEGER NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    part INTEGER NOT NULL CHECK (part BETWEEN 0 AND 3),
    text TEXT NOT NULL,
    PRIMARY KEY (wave, part)
) STRICT, WITHOUT ROWID;

-- Keys by which other systems read the figures of closed waves.
CREATE TABLE token (
    id      INTEGER PRIMARY KEY,
    hash    BLOB NOT NULL UNIQUE,
    name    TEXT NOT NULL, -- who reads with it
    made_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL -- the day it was last used; 0: never
) STRICT;

PRAGMA user_version = 3;
