-- What articles and topics mean to the matching of topics; of articles NULL, of topics empty where that is still to be
-- worked out.
ALTER TABLE vectors ADD COLUMN meaning BLOB;
ALTER TABLE subscriptions RENAME COLUMN topic_vector TO topic_meaning;
UPDATE subscriptions SET topic_meaning = x'' WHERE topic_meaning IS NOT NULL;
