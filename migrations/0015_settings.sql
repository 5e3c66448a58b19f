-- The language of fixed words that moderators chose; NULL or 'server': as the guild, the guild as Discord tells it.
ALTER TABLE guild_settings ADD COLUMN chosen_locale TEXT;
ALTER TABLE channel_settings ADD COLUMN locale TEXT;

-- Whether what is posted in announcement channels is published to the servers that follow. NULL: as the guild, the
-- guild as dateline does unasked. Each subscription said so itself before.
ALTER TABLE guild_settings ADD COLUMN crosspost INTEGER CHECK (crosspost IN (0, 1));
ALTER TABLE channel_settings ADD COLUMN crosspost INTEGER CHECK (crosspost IN (0, 1));
INSERT INTO channel_settings (channel_id, guild_id, crosspost, changed_by, changed_at)
SELECT channel_id, guild_id, 1, min(created_by), max(since) FROM subscriptions WHERE place = 'published' GROUP BY channel_id
ON CONFLICT (channel_id) DO UPDATE SET crosspost = 1;

-- What the subscribed channel is: 'channel'; 'announcements'; 'forum', where each card begins a post, or 'forum:TAG',
-- with the id of the post's tag.
ALTER TABLE subscriptions ADD COLUMN room TEXT NOT NULL DEFAULT 'channel'
    CHECK (room IN ('channel', 'announcements') OR room GLOB 'forum*');
UPDATE subscriptions SET room = iif(place = 'published', 'announcements', place);
ALTER TABLE subscriptions DROP COLUMN place;
ALTER TABLE subscriptions RENAME COLUMN room TO place;
