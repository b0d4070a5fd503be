-- Figures once shown move by k answers or more, so that nobody learns one
-- answer by taking an earlier summary from a later one. What arrives before
-- there are so many waits: its rows in chunk -1 of `answer`, its tallies here.

ALTER TABLE wave ADD COLUMN published INTEGER NOT NULL DEFAULT 0
    CHECK (published IN (0, 1)); -- its figures have been shown
ALTER TABLE wave ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0
    CHECK (waiting >= 0); -- answers not in `answers` yet

-- Nobody noted who looked before this migration.
UPDATE wave SET published = 1
    WHERE answers >= k AND (live = 1 OR closed_ms > 0);

CREATE TABLE tally_waiting (
    wave  INTEGER NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    field INTEGER NOT NULL,
    kind  INTEGER NOT NULL,
    item  INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (wave, field, kind, item)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 2;
