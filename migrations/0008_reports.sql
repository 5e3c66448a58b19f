-- What readers call inaccurate, for the moderators of their server.
CREATE TABLE reports (
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    user_id     INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    -- open: waits for a moderator; retracted, dismissed: by `settled_by`.
    state       TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'retracted', 'dismissed')),
    settled_by  INTEGER,
    settled_at  INTEGER,
    PRIMARY KEY (delivery_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_open ON reports (delivery_id) WHERE state = 'open';

-- When moderators took the card back: it says so from then on.
ALTER TABLE deliveries ADD COLUMN retracted_at INTEGER;
