-- By which questions the summary of a wave compares groups: numbers of fields
-- as the form counts them, parted by commas; '-': none; '': those that the
-- questionnaire marks.

ALTER TABLE wave ADD COLUMN groups TEXT NOT NULL DEFAULT '';
ALTER TABLE plan ADD COLUMN groups TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 9;
