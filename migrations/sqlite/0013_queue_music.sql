-- Music that the waiting customer's page plays: a form of each piece that every browser plays, and who hears one now.

ALTER TABLE media_items ADD COLUMN page_bytes BIGINT NOT NULL DEFAULT 0;      -- of that form; 0: there is none
UPDATE media_items SET state = 'waiting', progress = 0 WHERE source = 'built_in' AND state = 'ready';  -- made again, with it

ALTER TABLE interviews ADD COLUMN queue_music TEXT;                           -- the medium that the customer's page plays
ALTER TABLE interviews ADD COLUMN queue_music_starts BIGINT NOT NULL DEFAULT 0;
