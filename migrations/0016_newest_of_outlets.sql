-- The newest articles of an outlet are found without the others.
DROP INDEX articles_outlet;
CREATE INDEX articles_outlet ON articles (outlet_folded, published_at, story_id);
