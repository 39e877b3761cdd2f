-- Recordings of several streams: where a player may jump to, which stream a file holds, how far its sound and picture
-- lie apart.
ALTER TABLE recordings ADD COLUMN chapters_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE recording_files ADD COLUMN stream TEXT NOT NULL DEFAULT '';
ALTER TABLE recording_files ADD COLUMN av_offset_ms DOUBLE PRECISION;
UPDATE recording_files SET stream = 'camera' WHERE kind = 'stream';
