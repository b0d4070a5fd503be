-- Staff, consents, the banks, and what remains of somebody who was erased.

ALTER TABLE person ADD COLUMN category TEXT NOT NULL DEFAULT ''; -- of staff
ALTER TABLE person ADD COLUMN contact TEXT NOT NULL DEFAULT '';

-- Has this answer been read into a consent or a bank? A new one has not.
ALTER TABLE named ADD COLUMN taken INTEGER NOT NULL DEFAULT 0
    CHECK (taken IN (0, 1));
CREATE INDEX named_taken ON named (taken, wave);

-- What people were shown and agreed to, word by word.
CREATE TABLE consent_text (
    id      INTEGER PRIMARY KEY,
    version TEXT NOT NULL,
    body    TEXT NOT NULL,
    UNIQUE (version, body)
) STRICT;

-- One person's consent to stand in one bank.
CREATE TABLE consent (
    person   INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    bank     INTEGER NOT NULL CHECK (bank IN (0, 1)), -- enum store_bank
    text     INTEGER NOT NULL REFERENCES consent_text (id),
    given_ms INTEGER NOT NULL,
    way      INTEGER NOT NULL CHECK (way IN (0, 1)), -- enum store_consent_way
    recorder TEXT NOT NULL, -- account that noted a paper; '' for the kiosk
    PRIMARY KEY (person, bank)
) STRICT, WITHOUT ROWID;

-- The banks of mentees and mentors: an entry for each time in the programme.
CREATE TABLE bank_entry (
    id         INTEGER PRIMARY KEY,
    person     INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    bank       INTEGER NOT NULL CHECK (bank IN (0, 1)),
    entered_ms INTEGER NOT NULL,
    ended_ms   INTEGER NOT NULL, -- 0: in the bank now
    topics     TEXT NOT NULL, -- asked for or offered, parted by '; '
    main_topic TEXT NOT NULL,
    request    TEXT NOT NULL, -- of a mentee: the main request in her words
    merits     TEXT NOT NULL, -- of a mentor: achievements
    interests  TEXT NOT NULL,
    times      TEXT NOT NULL, -- parted by '; '
    form       TEXT NOT NULL, -- one to one, in a group
    places     INTEGER NOT NULL CHECK (places BETWEEN 0 AND 60), -- of a mentor
    hours      INTEGER NOT NULL CHECK (hours BETWEEN 0 AND 1000), -- a month
    wishes     TEXT NOT NULL,
    results    TEXT NOT NULL
) STRICT;
CREATE INDEX bank_entry_person ON bank_entry (person, bank);
CREATE INDEX bank_entry_bank ON bank_entry (bank, ended_ms);

-- When an entry was changed and by whom.
CREATE TABLE bank_change (
    id     INTEGER PRIMARY KEY,
    entry  INTEGER NOT NULL REFERENCES bank_entry (id) ON DELETE CASCADE,
    at_ms  INTEGER NOT NULL,
    who    TEXT NOT NULL -- an account; '' for the kiosk
) STRICT;
CREATE INDEX bank_change_entry ON bank_change (entry);

-- The fact that somebody was erased: the day, what she had been in, by which
-- way. No number that would lead to her.
CREATE TABLE erasure (
    id   INTEGER PRIMARY KEY,
    day  TEXT NOT NULL,
    bank INTEGER NOT NULL CHECK (bank BETWEEN -1 AND 1), -- -1: in neither
    way  INTEGER NOT NULL CHECK (way IN (0, 1)) -- enum store_consent_way
) STRICT;

-- Personal codes that are not given again, so that a late record of somebody
-- erased does not become somebody else's: hashes that lead to no name.
CREATE TABLE retired (
    hash BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 2;
