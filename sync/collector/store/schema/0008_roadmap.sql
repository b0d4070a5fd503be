-- The roadmap: what is to be done in each stage, by whom and when.

CREATE TABLE measure (
    id          INTEGER PRIMARY KEY,
    stage       INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 8),
    text        TEXT NOT NULL,
    responsible TEXT NOT NULL,
    first_day   TEXT NOT NULL, -- YYYY-MM-DD, or '' for none
    last_day    TEXT NOT NULL,
    done        INTEGER NOT NULL CHECK (done IN (0, 1))
) STRICT;

PRAGMA user_version = 8;
