-- The open reports of a guild are found without those of others.
ALTER TABLE reports ADD COLUMN guild_id INTEGER NOT NULL DEFAULT 0;
UPDATE reports SET guild_id = (
    SELECT guild_id FROM deliveries JOIN subscriptions ON subscriptions.id = subscription_id WHERE deliveries.id = delivery_id);
DROP INDEX reports_open;
CREATE INDEX reports_open ON reports (guild_id, delivery_id, at) WHERE state = 'open';
