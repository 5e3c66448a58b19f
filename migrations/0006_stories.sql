-- In which order articles joined their stories, and when: what the shelf that new ones are held against is filled by.
ALTER TABLE articles ADD COLUMN placed INTEGER;
ALTER TABLE articles ADD COLUMN placed_at INTEGER;
UPDATE articles SET placed = id, placed_at = read_at WHERE story_id IS NOT NULL;
CREATE INDEX articles_placed ON articles (placed);
-- The article of the same story whose text this one has.
ALTER TABLE articles ADD COLUMN copy_of INTEGER REFERENCES articles (id);
-- What it told that the story's articles published before it had not; JSON. Nothing for the first.
ALTER TABLE articles ADD COLUMN news TEXT;
-- The story that this one is a later development of.
ALTER TABLE stories ADD COLUMN earlier_id INTEGER REFERENCES stories (id);
-- The story that has this one's articles, since both turned out to be of one event.
ALTER TABLE stories ADD COLUMN merged_into INTEGER REFERENCES stories (id);
-- What its articles say together; JSON. Nothing where the lead's own digest says it all.
ALTER TABLE stories ADD COLUMN merged TEXT;
CREATE INDEX stories_earlier ON stories (earlier_id) WHERE earlier_id IS NOT NULL;
