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

PRAGMA user_version = 5;
