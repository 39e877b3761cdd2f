-- How long recordings are kept, which are held, and what remains of those that were deleted.

-- Erasing a recording's key erases the recording, so nothing of the key may be left in this file. Rows here are appended and
-- never moved or removed: an erased key is overwritten in its place by a text of the same length. (Rows that are updated
-- to another length, as those of recordings are, move between pages, and a page may keep what has moved away from it.)
CREATE TABLE recording_keys (
  tenant_id     TEXT   NOT NULL,
  recording_id  TEXT   NOT NULL,
  wrapped_key   TEXT   NOT NULL,                -- wrapped by the tenant's key, context "recording:" and the id; dashes when erased
  PRIMARY KEY (tenant_id, recording_id),
  FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);
INSERT INTO recording_keys (tenant_id, recording_id, wrapped_key) SELECT tenant_id, id, wrapped_key FROM recordings;
UPDATE recordings SET wrapped_key = '';         -- from here on always empty

ALTER TABLE recordings ADD COLUMN held_since BIGINT;
ALTER TABLE recordings ADD COLUMN held_by TEXT NOT NULL DEFAULT '';          -- a user's id
ALTER TABLE recordings ADD COLUMN held_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE recordings ADD COLUMN deleted_at BIGINT;
ALTER TABLE recordings ADD COLUMN deleted_by TEXT NOT NULL DEFAULT '';       -- a user's id, or "retention"
ALTER TABLE recordings ADD COLUMN deletion_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX jobs_open ON jobs (tenant_id, interview_id) WHERE state IN ('pending', 'running');
CREATE INDEX recordings_kept ON recordings (tenant_id, interview_id) WHERE deleted_at IS NULL;

ALTER TABLE recording_files ADD COLUMN display_name TEXT NOT NULL DEFAULT '';  -- of whose stream it is; '' after deletion

ALTER TABLE tenants ADD COLUMN recording_retention_days BIGINT;              -- NULL: for ever
ALTER TABLE tenants ADD COLUMN recording_retention_since BIGINT NOT NULL DEFAULT 0;  -- when that was last changed
