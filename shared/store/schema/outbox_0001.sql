-- Sealed records on their way to the collector.
--
-- Every slot is as long as every other and looks random: see slot.h for what
-- is locked inside. Rows are only ever added, a whole extent at a time, with
-- ids from 1 without gaps; a record is written over the box of a random free
-- one. No column says whether a slot is used, since when, or for what.

CREATE TABLE slot (
    id  INTEGER PRIMARY KEY,
    box BLOB NOT NULL CHECK (length(box) = 656)
) STRICT;

PRAGMA user_version = 1;
