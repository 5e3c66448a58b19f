-- What a feed says of its own rhythm, kept because an unchanged feed does not say it again: JSON of
-- ttl, skipped hours and days, usual time between entries, newest entry.
ALTER TABLE feeds ADD COLUMN rhythm TEXT NOT NULL DEFAULT '{}';
-- Where permanent redirects lead, since when, and how many polls were led there in a row.
ALTER TABLE feeds ADD COLUMN moved_to TEXT;
ALTER TABLE feeds ADD COLUMN moved_since INTEGER;
ALTER TABLE feeds ADD COLUMN moved_polls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN author TEXT;
-- What the feed gives of the article, as HTML, until it is read.
ALTER TABLE entries ADD COLUMN content TEXT;

-- What changed with a feed, in words.
CREATE TABLE feed_log (
    id      INTEGER PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    words   TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX feed_log_feed ON feed_log (feed_id, id);
