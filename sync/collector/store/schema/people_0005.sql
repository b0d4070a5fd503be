-- Pairs as they were proposed before something changed: the next proposal keeps
-- as many of them as it can.

CREATE TABLE pair_before (
    meeting  INTEGER NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
    mentee   INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    mentor   INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    PRIMARY KEY (meeting, mentee)
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_before_mentee ON pair_before (mentee);
CREATE INDEX pair_before_mentor ON pair_before (mentor);

PRAGMA user_version = 5;
