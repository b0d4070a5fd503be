-- What a kiosk says of itself when it asks for the library: the version of its
-- program, and of which questionnaires many answers wait there (in steps,
-- wire/bundle.h; few are not said).

ALTER TABLE kiosk ADD COLUMN program TEXT NOT NULL DEFAULT '';

CREATE TABLE kiosk_waiting (
    kiosk   BLOB NOT NULL REFERENCES kiosk (key) ON DELETE CASCADE,
    form_id TEXT NOT NULL, -- '': several
    step    INTEGER NOT NULL CHECK (step BETWEEN 1 AND 3),
    PRIMARY KEY (kiosk, form_id)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 7;
