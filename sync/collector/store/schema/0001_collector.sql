-- The collector's database. No table that holds answers has a column for a
-- time, an order or a kiosk; `answer` is rewritten in a fresh random order
-- whenever a chunk of it grows.

-- Single facts: epoch, batch position, library serial, name of the house.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A questionnaire in one version; never changed once added.
CREATE TABLE form (
    id       INTEGER PRIMARY KEY,
    form_id  TEXT NOT NULL,
    version  TEXT NOT NULL,
    title    TEXT NOT NULL,
    xform    BLOB NOT NULL,
    added_ms INTEGER NOT NULL,
    UNIQUE (form_id, version)
) STRICT;

-- Images, sounds and external choice lists of a questionnaire.
CREATE TABLE media (
    form INTEGER NOT NULL REFERENCES form (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (form, name)
) STRICT, WITHOUT ROWID;

-- One opening of a questionnaire. The thresholds are frozen when it opens.
CREATE TABLE wave (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE, -- on the wire and in addresses
    form      INTEGER NOT NULL REFERENCES form (id),
    title     TEXT NOT NULL,        -- what the coordinator calls it
    kind      INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3), -- record_kind
    k         INTEGER NOT NULL CHECK (k >= 1),      -- for scores
    k_text    INTEGER NOT NULL CHECK (k_text >= k), -- for open answers
    invited   INTEGER NOT NULL CHECK (invited >= 0), -- 0: not stated
    minutes   INTEGER NOT NULL CHECK (minutes >= 0), -- 0: not stated
    live      INTEGER NOT NULL CHECK (live IN (0, 1)), -- shown while open
    opened_ms INTEGER NOT NULL,
    closes_ms INTEGER NOT NULL, -- 0: when somebody closes it
    closed_ms INTEGER NOT NULL, -- 0: open
    answers   INTEGER NOT NULL DEFAULT 0,
    chunks    INTEGER NOT NULL DEFAULT 0,
    slip_key  BLOB NOT NULL DEFAULT x''
) STRICT;

-- Answers by column: the values of one field for the records of one chunk, in
-- an order that is the same for all fields of the chunk and means nothing.
-- `body` is compressed; see column.h.
CREATE TABLE answer (
    wave  INTEGER NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    field INTEGER NOT NULL, -- index in the form's dictionary
    chunk INTEGER NOT NULL,
    rows  INTEGER NOT NULL,
    body  BLOB NOT NULL,
    PRIMARY KEY (wave, field, chunk)
) STRICT, WITHOUT ROWID;

-- What summaries read. Derived from `answer`, kept by the same commit.
CREATE TABLE tally (
    wave  INTEGER NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    field INTEGER NOT NULL,
    kind  INTEGER NOT NULL, -- enum store_tally_kind
    item  INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (wave, field, kind, item)
) STRICT, WITHOUT ROWID;

-- Names of what was taken in (half the hash of the sealed record, and of the
-- instanceID): a second one is a repeat. No link to the answers.
CREATE TABLE seen (
    id BLOB PRIMARY KEY CHECK (length(id) = 16)
) STRICT, WITHOUT ROWID;

-- Records that could not be taken in, still sealed, and why.
CREATE TABLE quarantine (
    id      BLOB PRIMARY KEY CHECK (length(id) = 16),
    outcome INTEGER NOT NULL, -- enum receipt_outcome
    form_id TEXT NOT NULL,    -- '' if it could not be read
    box     BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- People who may open a named questionnaire, by personal code.
CREATE TABLE person (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('mentor', 'mentee', ''))
) STRICT;

-- Named answers and ballots, apart from all others: one a person and wave, the
-- latest counts.
CREATE TABLE named (
    wave   INTEGER NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    person INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    xml    BLOB NOT NULL,
    PRIMARY KEY (wave, person)
) STRICT, WITHOUT ROWID;

-- Keyed hashes of the slip codes of a wave.
CREATE TABLE slip (
    wave INTEGER NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    hash BLOB NOT NULL,
    used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
    PRIMARY KEY (wave, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE kiosk (
    key         BLOB PRIMARY KEY, -- Ed25519 public key: its only name
    name        TEXT NOT NULL,
    enrolled_ms INTEGER NOT NULL,
    seen_ms     INTEGER NOT NULL, -- last contact of any kind, whole hours
    serial      INTEGER NOT NULL, -- of the library it last asked with
    revoked     INTEGER NOT NULL CHECK (revoked IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE enrol_code (
    secret     BLOB PRIMARY KEY, -- its hash
    name       TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    kiosk      BLOB -- who used it
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
    id      INTEGER PRIMARY KEY,
    login   TEXT NOT NULL UNIQUE,
    name    TEXT NOT NULL,
    role    INTEGER NOT NULL, -- enum store_role
    salt    BLOB NOT NULL,
    hash    BLOB NOT NULL, -- Argon2id of the password, hashed once more
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
) STRICT;

CREATE TABLE session (
    token      BLOB PRIMARY KEY, -- its hash
    user       INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Reading one summary without signing in.
CREATE TABLE link (
    token      BLOB PRIMARY KEY, -- its hash
    wave       INTEGER NOT NULL REFERENCES wave (id) ON DELETE CASCADE,
    expires_ms INTEGER NOT NULL -- 0: never
) STRICT, WITHOUT ROWID;

-- Who did what at the desk. Never what a respondent did.
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY,
    at_ms  INTEGER NOT NULL,
    who    TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;

PRAGMA user_version = 1;
