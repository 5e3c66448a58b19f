-- Paragraphs that were kept on pages of an outlet, by fingerprint: what recurs on several is furniture.
CREATE TABLE outlet_blocks (
    outlet    TEXT    NOT NULL, -- host, without "www."
    print     INTEGER NOT NULL, -- first eight bytes of the SHA-256 of its letters and digits
    pages     INTEGER NOT NULL DEFAULT 1,
    last_seen INTEGER NOT NULL,
    PRIMARY KEY (outlet, print)
) STRICT, WITHOUT ROWID;
CREATE INDEX outlet_blocks_last_seen ON outlet_blocks (last_seen);
