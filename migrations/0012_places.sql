-- What the subscribed channel is: 'channel'; 'published', an announcement channel whose cards are published to the
-- servers that follow it; 'forum', where each card begins a post, or 'forum:TAG', with the id of the post's tag.
ALTER TABLE subscriptions ADD COLUMN place TEXT NOT NULL DEFAULT 'channel'
    CHECK (place IN ('channel', 'published') OR place GLOB 'forum*');

-- Messages to be published (crossposted). Discord takes ten an hour of each channel, so they wait here for their turn.
CREATE TABLE crossposts (
    message_id      INTEGER PRIMARY KEY,
    channel_id      INTEGER NOT NULL,
    -- due: to be published; done; dropped: refused, or waited too long, the error says why.
    state           TEXT    NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done', 'dropped')),
    posted_at       INTEGER NOT NULL,
    -- When a request was last begun. A failed one is repeated an hour later, so that none is forgotten in the count.
    attempted_at    INTEGER,
    next_attempt_at INTEGER NOT NULL,
    error           TEXT
) STRICT;
CREATE INDEX crossposts_due ON crossposts (next_attempt_at) WHERE state = 'due';
CREATE INDEX crossposts_channel ON crossposts (channel_id, attempted_at);

-- The guild's preferred language as Discord tells it, such as 'de'; NULL until it has.
ALTER TABLE guild_settings ADD COLUMN locale TEXT;

-- Addresses, https only, of the lead picture and of the outlet's icon, where the page names them.
ALTER TABLE articles ADD COLUMN image TEXT;
ALTER TABLE articles ADD COLUMN icon TEXT;
