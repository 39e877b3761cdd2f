-- Several people in a conversation: hand-overs, hold, third parties, supervisors. The rules of 0001 hold.

ALTER TABLE interviews ADD COLUMN transfer_from   TEXT;                       -- who hands over; NULL: nobody does
ALTER TABLE interviews ADD COLUMN transfer_target TEXT;                       -- who is rung; NULL: the interview's queue
ALTER TABLE interviews ADD COLUMN transfer_since  BIGINT;
ALTER TABLE interviews ADD COLUMN transfer_until  BIGINT;
ALTER TABLE interviews ADD COLUMN transfer_note   TEXT   NOT NULL DEFAULT '';
ALTER TABLE interviews ADD COLUMN held            BIGINT NOT NULL DEFAULT 0;
ALTER TABLE interviews ADD COLUMN voice_only      BIGINT NOT NULL DEFAULT 0;

ALTER TABLE users ADD COLUMN can_supervise BIGINT NOT NULL DEFAULT 0;         -- administrators may without it

CREATE TABLE guests (
  tenant_id        TEXT   NOT NULL,
  id               TEXT   NOT NULL,             -- gst_… : also the participant's name in the room
  interview_id     TEXT   NOT NULL,
  display_name     TEXT   NOT NULL,
  status           TEXT   NOT NULL CHECK (status IN ('invited', 'joined', 'left', 'removed')),
  sign_in_required BIGINT NOT NULL DEFAULT 0,
  user_id          TEXT,                        -- who signed in, where that was required
  invited_by       TEXT   NOT NULL,
  invited_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,             -- of the link
  joined_at        BIGINT,
  left_at          BIGINT,
  consent_json     TEXT   NOT NULL DEFAULT '',  -- evidence of the consent or its refusal
  consent_given    BIGINT NOT NULL DEFAULT 0,
  absent_until     BIGINT,                      -- when somebody without a page and media counts as gone
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id)
);
CREATE INDEX guests_by_interview ON guests (tenant_id, interview_id);
CREATE INDEX guests_open ON guests (tenant_id, status, expires_at);
CREATE INDEX guests_due ON guests (absent_until);

CREATE TABLE guest_sessions (
  token_hash    TEXT   NOT NULL PRIMARY KEY,    -- SHA-256 of the twg_ token
  tenant_id     TEXT   NOT NULL,
  guest_id      TEXT   NOT NULL,
  id            TEXT   NOT NULL,                -- ses_…
  is_active     BIGINT NOT NULL,                -- 0 after another device took over, or the guest left
  created_at    BIGINT NOT NULL,
  FOREIGN KEY (tenant_id, guest_id) REFERENCES guests (tenant_id, id)
);
CREATE INDEX guest_sessions_by_guest ON guest_sessions (tenant_id, guest_id);

-- What third parties agree to; without a row the text that this program comes with.
CREATE TABLE guest_consent_texts (
  tenant_id   TEXT   NOT NULL REFERENCES tenants (id),
  language    TEXT   NOT NULL,
  version     TEXT   NOT NULL,
  body        TEXT   NOT NULL,
  sha256      TEXT   NOT NULL,
  is_current  BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, language, version)
);

CREATE TABLE supervisor_sessions (
  tenant_id     TEXT   NOT NULL,
  id            TEXT   NOT NULL,                -- sup_… : also the participant's name in the room
  interview_id  TEXT   NOT NULL,
  user_id       TEXT   NOT NULL,
  mode          TEXT   NOT NULL CHECK (mode IN ('listen', 'whisper', 'join')),
  started_at    BIGINT NOT NULL,
  ended_at      BIGINT,
  absent_until  BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX supervisor_sessions_by_interview ON supervisor_sessions (tenant_id, interview_id, ended_at);
CREATE INDEX supervisor_sessions_by_user ON supervisor_sessions (tenant_id, user_id, ended_at);
CREATE INDEX supervisor_sessions_due ON supervisor_sessions (absent_until);
