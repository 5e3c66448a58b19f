-- Every name that an actor of an article is called by there, so that it is found under each.
CREATE TABLE actor_names (
    article_id INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    folded     TEXT    NOT NULL, -- as in actors
    PRIMARY KEY (article_id, position, folded),
    FOREIGN KEY (article_id, position) REFERENCES actors (article_id, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX actor_names_folded ON actor_names (folded);
-- Of articles read before, the fullest name alone: folding is not SQL's.
INSERT INTO actor_names (article_id, position, folded) SELECT article_id, position, folded FROM actors WHERE folded <> '';
