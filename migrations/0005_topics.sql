-- How near a story must come to the topic; what it must not have (JSON array of words and phrases);
-- a regular expression that its headline or text must match.
ALTER TABLE subscriptions ADD COLUMN sensitivity TEXT NOT NULL DEFAULT 'normal'
    CHECK (sensitivity IN ('strict', 'normal', 'broad'));
ALTER TABLE subscriptions ADD COLUMN without TEXT NOT NULL DEFAULT '[]';
ALTER TABLE subscriptions ADD COLUMN pattern TEXT;
-- Who changed or paused it last. Paused by a moderator: until a moderator says so, whatever becomes of the channel.
ALTER TABLE subscriptions ADD COLUMN changed_by INTEGER;
ALTER TABLE subscriptions ADD COLUMN changed_at INTEGER;
ALTER TABLE subscriptions ADD COLUMN by_moderator INTEGER NOT NULL DEFAULT 0 CHECK (by_moderator IN (0, 1));
