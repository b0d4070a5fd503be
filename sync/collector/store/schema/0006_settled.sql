-- Rows, texts and tables by group are fixed at the first look after a wave has
-- closed: what joins later moves the counts of the whole wave only.

ALTER TABLE wave ADD COLUMN settled INTEGER NOT NULL DEFAULT -1
    CHECK (settled >= -1); -- how many answers they stand on; -1: not fixed
ALTER TABLE wave ADD COLUMN settled_chunks INTEGER NOT NULL DEFAULT -1
    CHECK (settled_chunks >= -1); -- and in how many chunks these lie

-- What was closed and looked at before is fixed as it is.
UPDATE wave SET settled = answers, settled_chunks = chunks
    WHERE published = 1 AND closed_ms > 0;

PRAGMA user_version = 6;
