-- The first schema. Append-only: a change is a new file, never an edit of this one.
-- Times are Unix seconds (INTEGER) unless a column says otherwise; `published` keeps the
-- publication at its own precision (RFC 3339 or a date), `published_at` the same to sort by.

CREATE TABLE feeds (
    id              INTEGER PRIMARY KEY,
    url             TEXT    NOT NULL UNIQUE,
    title           TEXT,
    state           TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'gone')),
    etag            TEXT,
    last_modified   TEXT,
    next_poll_at    INTEGER NOT NULL,
    last_success_at INTEGER,
    failures        INTEGER NOT NULL DEFAULT 0,
    failing_since   INTEGER,
    last_error      TEXT,
    added_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX feeds_due ON feeds (next_poll_at) WHERE state = 'active';

-- Which guild watches which feed. A feed is polled once for all of them.
CREATE TABLE guild_feeds (
    guild_id INTEGER NOT NULL,
    feed_id  INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    added_by INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, feed_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX guild_feeds_feed ON guild_feeds (feed_id);

CREATE TABLE stories (
    id         INTEGER PRIMARY KEY,
    -- The article whose digest the card shows.
    lead_id    INTEGER NOT NULL REFERENCES articles (id) DEFERRABLE INITIALLY DEFERRED,
    -- Grows with every change that a reader would see.
    revision   INTEGER NOT NULL DEFAULT 1,
    opened_at  INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Publication of the newest article: stories fade in the time of the news, not of this machine.
    latest_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX stories_latest ON stories (latest_at);

CREATE TABLE articles (
    id           INTEGER PRIMARY KEY,
    -- Canonical address: joins the same article under several entries.
    url          TEXT    NOT NULL UNIQUE,
    title        TEXT,
    byline       TEXT,
    outlet       TEXT    NOT NULL,
    -- Lower case, without diacritics or punctuation: what a reader's words for it are compared with.
    outlet_folded TEXT   NOT NULL,
    published    TEXT,
    -- Publication, or when the article was first seen where the page does not say.
    published_at INTEGER NOT NULL,
    lang         TEXT,
    text         TEXT    NOT NULL,
    warnings     TEXT    NOT NULL, -- JSON array of sentences
    -- Meaning of title and lede, of the whole body: unit vectors, little-endian f32.
    vector       BLOB    NOT NULL,
    story_id     INTEGER REFERENCES stories (id),
    read_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX articles_story ON articles (story_id);
CREATE INDEX articles_published ON articles (published_at);

CREATE TABLE entries (
    id              INTEGER PRIMARY KEY,
    feed_id         INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    -- GUID, else link, else title and date.
    key             TEXT    NOT NULL,
    url             TEXT,
    title           TEXT,
    summary         TEXT,
    published       TEXT,
    -- Offered at the feed's first poll: without a date it counts as old.
    back_catalogue  INTEGER NOT NULL DEFAULT 0 CHECK (back_catalogue IN (0, 1)),
    seen_at         INTEGER NOT NULL,
    -- due: to be fetched and read; read: has an article, to be grouped; done: in a story;
    -- skipped: never to be read, the stage log says why.
    state           TEXT    NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'read', 'done', 'skipped')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    -- When it is next worth trying; pushed ahead as a lease while somebody works on it.
    next_attempt_at INTEGER NOT NULL,
    article_id      INTEGER REFERENCES articles (id),
    UNIQUE (feed_id, key)
) STRICT;
-- News goes before back catalogue.
CREATE INDEX entries_due ON entries (state, back_catalogue, next_attempt_at);
CREATE INDEX entries_article ON entries (article_id);
CREATE INDEX entries_url ON entries (url);

-- What every stage did with an entry, so that "why" can be answered.
CREATE TABLE stage_log (
    id       INTEGER PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    stage    TEXT    NOT NULL CHECK (stage IN ('poll', 'fetch', 'clean', 'read', 'group', 'match', 'post')),
    outcome  TEXT    NOT NULL CHECK (outcome IN ('ok', 'retry', 'skipped')),
    detail   TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX stage_log_entry ON stage_log (entry_id);

CREATE TABLE digests (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    headline   TEXT,
    summary    TEXT    NOT NULL, -- JSON array of {text, start, end}
    summarizer TEXT    NOT NULL,
    model      TEXT    NOT NULL,
    version    TEXT    NOT NULL,
    warnings   TEXT    NOT NULL  -- JSON array of sentences
) STRICT;

CREATE TABLE actors (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    -- Lower case, without diacritics or punctuation: what names are compared by.
    folded     TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('person', 'organization', 'place')),
    role       TEXT,
    mentions   TEXT    NOT NULL, -- JSON array of {start, end}
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX actors_folded ON actors (folded);

CREATE TABLE dates (
    article_id  INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    text        TEXT    NOT NULL,
    start       INTEGER NOT NULL,
    "end"       INTEGER NOT NULL,
    value       TEXT    NOT NULL, -- TIMEX3
    granularity TEXT    NOT NULL,
    until       TEXT,
    event       TEXT,
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
    id           INTEGER PRIMARY KEY,
    guild_id     INTEGER NOT NULL,
    channel_id   INTEGER NOT NULL,
    topic        TEXT,
    topic_vector BLOB,
    actor        TEXT,
    feed_id      INTEGER REFERENCES feeds (id) ON DELETE CASCADE,
    state        TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'ended')),
    state_reason TEXT    NOT NULL DEFAULT '',
    -- Nothing published before this moment is posted.
    since        INTEGER NOT NULL,
    created_by   INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    ended_at     INTEGER,
    CHECK (topic IS NOT NULL OR actor IS NOT NULL OR feed_id IS NOT NULL),
    CHECK ((topic IS NULL) = (topic_vector IS NULL))
) STRICT;
CREATE INDEX subscriptions_guild ON subscriptions (guild_id, state);
CREATE INDEX subscriptions_channel ON subscriptions (channel_id, state);

-- The outbox: one card for one story in one channel, for ever.
CREATE TABLE deliveries (
    id              INTEGER PRIMARY KEY,
    story_id        INTEGER NOT NULL REFERENCES stories (id),
    channel_id      INTEGER NOT NULL,
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
    nonce           TEXT    NOT NULL UNIQUE,
    -- due: to be posted, or edited to a newer revision; posted: shown at its latest revision;
    -- held: refused for good, or held back together with its channel.
    state           TEXT    NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'posted', 'held')),
    -- Held for the channel's sake: due again when the channel is.
    with_channel    INTEGER NOT NULL DEFAULT 0 CHECK (with_channel IN (0, 1)),
    message_id      INTEGER,
    posted_revision INTEGER NOT NULL DEFAULT 0,
    attempts        INTEGER NOT NULL DEFAULT 0,
    attempted_at    INTEGER,
    next_attempt_at INTEGER NOT NULL,
    error           TEXT,
    created_at      INTEGER NOT NULL,
    UNIQUE (story_id, channel_id)
) STRICT;
CREATE INDEX deliveries_due ON deliveries (next_attempt_at) WHERE state = 'due';
CREATE INDEX deliveries_channel ON deliveries (channel_id, state);

-- Direct messages to moderators about what they must mend, each said once to each.
CREATE TABLE notices (
    id              INTEGER PRIMARY KEY,
    user_id         INTEGER NOT NULL,
    -- What it is about.
    cause           TEXT    NOT NULL,
    text            TEXT    NOT NULL,
    nonce           TEXT    NOT NULL UNIQUE,
    sent            INTEGER NOT NULL DEFAULT 0 CHECK (sent IN (0, 1)),
    attempts        INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL,
    UNIQUE (user_id, cause)
) STRICT;
CREATE INDEX notices_due ON notices (next_attempt_at) WHERE sent = 0;

CREATE TABLE guild_settings (
    guild_id  INTEGER PRIMARY KEY,
    time_zone TEXT NOT NULL -- IANA name
) STRICT;

CREATE TABLE channel_settings (
    channel_id INTEGER PRIMARY KEY,
    guild_id   INTEGER NOT NULL,
    time_zone  TEXT NOT NULL -- IANA name; goes before the guild's
) STRICT;

-- Words of the articles. External content: the text is stored once, in `articles`.
CREATE VIRTUAL TABLE article_search USING fts5 (
    title, text, content = 'articles', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER articles_search_insert AFTER INSERT ON articles BEGIN
    INSERT INTO article_search (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER articles_search_delete AFTER DELETE ON articles BEGIN
    INSERT INTO article_search (article_search, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
END;
CREATE TRIGGER articles_search_update AFTER UPDATE OF title, text ON articles BEGIN
    INSERT INTO article_search (article_search, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
    INSERT INTO article_search (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
