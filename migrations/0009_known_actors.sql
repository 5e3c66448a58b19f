-- Every actor once, for suggestions while somebody types.
CREATE TABLE known_actors (
    folded   TEXT    PRIMARY KEY, -- of its fullest name, as in actors
    name     TEXT    NOT NULL,
    called   TEXT    NOT NULL,    -- the folded names that it goes by, a line each
    articles INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO known_actors (folded, name, called, articles)
    SELECT folded, max(name),
        (SELECT group_concat(DISTINCT own.folded) FROM actors AS same JOIN actor_names AS own USING (article_id, position)
         WHERE same.folded = actors.folded),
        count(*)
    FROM actors WHERE folded <> '' GROUP BY folded;
UPDATE known_actors SET called = replace(called, ',', char(10));

CREATE INDEX articles_outlet ON articles (outlet_folded, outlet);
