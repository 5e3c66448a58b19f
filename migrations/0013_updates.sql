-- Whether what is new of a story is told by a reply to its card too. NULL: as the guild, the guild as dateline does unasked.
ALTER TABLE guild_settings ADD COLUMN reply_updates INTEGER CHECK (reply_updates IN (0, 1));
ALTER TABLE channel_settings ADD COLUMN reply_updates INTEGER CHECK (reply_updates IN (0, 1));

-- A reply to a card: what an article told that nobody had told before.
CREATE TABLE updates (
    id              INTEGER PRIMARY KEY,
    delivery_id     INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    article_id      INTEGER NOT NULL REFERENCES articles (id),
    nonce           TEXT    NOT NULL UNIQUE,
    state           TEXT    NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'posted', 'held')),
    message_id      INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0,
    attempted_at    INTEGER,
    next_attempt_at INTEGER NOT NULL,
    error           TEXT,
    created_at      INTEGER NOT NULL,
    UNIQUE (delivery_id, article_id)
) STRICT;
CREATE INDEX updates_due ON updates (next_attempt_at) WHERE state = 'due';
CREATE INDEX updates_article ON updates (article_id);
