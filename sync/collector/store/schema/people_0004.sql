-- Codes that a person had before: what was filled in under them and arrives
-- late is still hers, and they are not given to anybody else.

CREATE TABLE former_code (
    code   TEXT PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX former_code_person ON former_code (person);

PRAGMA user_version = 4;
