-- Meaning of title and lede, apart from the wide rows of articles: a search by meaning reads all of them.
CREATE TABLE vectors (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    vector     BLOB    NOT NULL -- unit vector, little-endian f32
) STRICT;
INSERT INTO vectors (article_id, vector) SELECT id, vector FROM articles;
ALTER TABLE articles DROP COLUMN vector;

-- What decides whether an article is found, without its text.
CREATE INDEX articles_facts ON articles (id, story_id, published_at, outlet_folded);
DROP INDEX articles_story;
CREATE INDEX articles_story ON articles (story_id, outlet_folded);
DROP INDEX articles_published;
CREATE INDEX articles_published ON articles (published_at, story_id, outlet_folded);
DROP INDEX entries_article;
CREATE INDEX entries_article ON entries (article_id, feed_id);

-- Which feeds carry a story: whose servers may see it, the newest first. Kept by the triggers below.
CREATE TABLE carried (
    story_id  INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    feed_id   INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    latest_at INTEGER NOT NULL, -- of the story
    PRIMARY KEY (story_id, feed_id)
) STRICT, WITHOUT ROWID;
INSERT INTO carried (story_id, feed_id, latest_at)
    SELECT DISTINCT story_id, feed_id, latest_at
    FROM articles JOIN stories ON stories.id = story_id JOIN entries ON article_id = articles.id;
CREATE INDEX carried_latest ON carried (feed_id, latest_at, story_id);

CREATE TRIGGER carried_by_entry AFTER UPDATE OF article_id ON entries BEGIN
    INSERT INTO carried (story_id, feed_id, latest_at)
        SELECT story_id, new.feed_id, latest_at FROM articles JOIN stories ON stories.id = story_id
        WHERE articles.id = new.article_id
        ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER carried_by_article AFTER UPDATE OF story_id ON articles BEGIN
    INSERT INTO carried (story_id, feed_id, latest_at)
        SELECT new.story_id, feed_id, latest_at FROM entries JOIN stories ON stories.id = new.story_id
        WHERE article_id = new.id
        ON CONFLICT DO NOTHING;
    -- Of a story whose last article was given to another.
    DELETE FROM carried
        WHERE story_id = old.story_id AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.story_id = old.story_id);
END;
CREATE TRIGGER carried_latest AFTER UPDATE OF latest_at ON stories BEGIN
    UPDATE carried SET latest_at = new.latest_at WHERE story_id = new.id;
END;

-- Every outlet once, as known_actors has every actor.
CREATE TABLE known_outlets (
    folded   TEXT    PRIMARY KEY, -- as in articles
    name     TEXT    NOT NULL,
    articles INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO known_outlets (folded, name, articles)
    SELECT outlet_folded, max(outlet), count(*) FROM articles GROUP BY outlet_folded;
CREATE INDEX known_outlets_often ON known_outlets (articles DESC, folded, name);
DROP INDEX articles_outlet;
CREATE INDEX articles_outlet ON articles (outlet_folded, story_id);
CREATE INDEX known_actors_often ON known_actors (articles DESC, folded, called, name);

-- The names that actors go by, under each of their words.
CREATE TABLE name_words (
    word   TEXT NOT NULL,
    folded TEXT NOT NULL, -- as in actor_names
    PRIMARY KEY (word, folded)
) STRICT, WITHOUT ROWID;
INSERT INTO name_words (word, folded)
    WITH RECURSIVE cut (folded, rest, word) AS (
        SELECT DISTINCT folded, folded || ' ', '' FROM actor_names
        UNION ALL
        SELECT folded, substr(rest, instr(rest, ' ') + 1), substr(rest, 1, instr(rest, ' ') - 1) FROM cut WHERE rest <> ''
    )
    SELECT DISTINCT word, folded FROM cut WHERE word <> '';
