-- When a channel gets what it asked for: at once, or gathered into a round-up.
ALTER TABLE subscriptions ADD COLUMN mode TEXT NOT NULL DEFAULT 'breaking'
    CHECK (mode IN ('breaking', 'hourly', 'daily'));
-- Outlets that must tell a story before it is posted.
ALTER TABLE subscriptions ADD COLUMN min_sources INTEGER NOT NULL DEFAULT 1 CHECK (min_sources BETWEEN 1 AND 20);
-- A role that the card mentions.
ALTER TABLE subscriptions ADD COLUMN mention INTEGER;

-- Why the story is breaking, in words; NULL where it is not.
ALTER TABLE stories ADD COLUMN breaking TEXT;

-- One message that tells several stories, at a moment of its own.
CREATE TABLE roundups (
    id              INTEGER PRIMARY KEY,
    channel_id      INTEGER NOT NULL,
    guild_id        INTEGER NOT NULL,
    nonce           TEXT    NOT NULL UNIQUE,
    due_at          INTEGER NOT NULL,
    -- due: gathers stories until it is posted; posted; held: refused for good, or nothing was left to tell.
    state           TEXT    NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'posted', 'held')),
    message_id      INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0,
    attempted_at    INTEGER,
    next_attempt_at INTEGER NOT NULL,
    error           TEXT,
    UNIQUE (channel_id, due_at)
) STRICT;
CREATE INDEX roundups_due ON roundups (next_attempt_at) WHERE state = 'due';

-- Where a story has a line of a round-up instead of a card of its own.
ALTER TABLE deliveries ADD COLUMN roundup_id INTEGER REFERENCES roundups (id);
CREATE INDEX deliveries_roundup ON deliveries (roundup_id) WHERE roundup_id IS NOT NULL;

-- NULL: the channel has what its guild has, the guild what dateline does unasked.
CREATE TABLE settings_of_guilds (
    guild_id    INTEGER PRIMARY KEY,
    time_zone   TEXT, -- IANA name
    quiet_hours TEXT, -- "22:00-07:00", or "off"
    changed_by  INTEGER,
    changed_at  INTEGER
) STRICT;
INSERT INTO settings_of_guilds (guild_id, time_zone) SELECT guild_id, time_zone FROM guild_settings;
DROP TABLE guild_settings;
ALTER TABLE settings_of_guilds RENAME TO guild_settings;

CREATE TABLE settings_of_channels (
    channel_id  INTEGER PRIMARY KEY,
    guild_id    INTEGER NOT NULL,
    time_zone   TEXT,
    quiet_hours TEXT,
    changed_by  INTEGER,
    changed_at  INTEGER
) STRICT;
INSERT INTO settings_of_channels (channel_id, guild_id, time_zone) SELECT channel_id, guild_id, time_zone FROM channel_settings;
DROP TABLE channel_settings;
ALTER TABLE settings_of_channels RENAME TO channel_settings;
