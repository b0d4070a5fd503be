-- The library of a kiosk: one bundle as the collector signed it, taken apart.
-- Written as a whole by the sync daemon, only read by the kiosk.

CREATE TABLE head (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    serial       INTEGER NOT NULL CHECK (serial > 0),
    epoch        INTEGER NOT NULL,
    seal         BLOB    NOT NULL CHECK (length(seal) = 32),
    next_sign    BLOB    CHECK (length(next_sign) = 32),   -- NULL: no change
    next_tls_pin BLOB    CHECK (length(next_tls_pin) = 32) -- of keys ahead
) STRICT;

CREATE TABLE survey (
    place    INTEGER PRIMARY KEY, -- the coordinator's order
    form_id  TEXT    NOT NULL,
    version  TEXT    NOT NULL,
    wave     TEXT    NOT NULL,
    kind     INTEGER NOT NULL, -- enum record_kind
    k        INTEGER NOT NULL,
    minutes  INTEGER NOT NULL,
    closed   INTEGER NOT NULL CHECK (closed IN (0, 1))
) STRICT;

CREATE TABLE form (
    form_id TEXT NOT NULL,
    version TEXT NOT NULL,
    xform   BLOB NOT NULL,
    PRIMARY KEY (form_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE media (
    form_id TEXT NOT NULL,
    name    TEXT NOT NULL,
    data    BLOB NOT NULL,
    PRIMARY KEY (form_id, name)
) STRICT;

CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The key under which the slip codes of a wave are hashed.
CREATE TABLE slip_key (
    form_id TEXT NOT NULL,
    wave    TEXT NOT NULL,
    key     BLOB NOT NULL CHECK (length(key) = 32),
    PRIMARY KEY (form_id, wave)
) STRICT, WITHOUT ROWID;

-- Valid slips. That one was used is only ever written to the outbox.
CREATE TABLE slip (
    hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    form_id TEXT NOT NULL,
    code    BLOB NOT NULL CHECK (length(code) = 32), -- hash
    name    TEXT NOT NULL,
    role    TEXT NOT NULL,
    PRIMARY KEY (form_id, code)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
