-- When its article was published, beside every name: the newest appearances of an actor are found without the others.
DROP INDEX actor_names_folded;
ALTER TABLE actor_names ADD COLUMN published_at INTEGER NOT NULL DEFAULT 0;
UPDATE actor_names SET published_at = (SELECT published_at FROM articles WHERE articles.id = article_id);
CREATE INDEX actor_names_folded ON actor_names (folded, published_at);
