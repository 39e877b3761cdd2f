-- Tenants, queues, people, interviews and what comes of them. Rules of this folder:
--  * every key begins with the tenant, so that no query can reach another tenant's rows by accident;
--  * numbers are BIGINT (64 bits), times microseconds since 1970 UTC, flags 0 or 1, keys base64 of a wrapped key;
--  * a column that ends in _json holds a JSON text that this program wrote.

CREATE TABLE tenants (
  id             TEXT   NOT NULL PRIMARY KEY,
  account        TEXT   NOT NULL UNIQUE,        -- short name used at sign-in
  name           TEXT   NOT NULL,
  enabled        BIGINT NOT NULL DEFAULT 1,
  place_policy   TEXT   NOT NULL DEFAULT 'optional' CHECK (place_policy IN ('required', 'optional')),
  time_zone      TEXT   NOT NULL DEFAULT 'Asia/Shanghai',
  return_origins_json TEXT NOT NULL DEFAULT '[]',
  wrapped_key    TEXT   NOT NULL,               -- wrapped by the master key, context "tenant:" and the id
  created_at     BIGINT NOT NULL
);

-- Changing a text makes a new version; what somebody agreed to can always be shown again.
CREATE TABLE consent_texts (
  tenant_id   TEXT   NOT NULL REFERENCES tenants (id),
  language    TEXT   NOT NULL,
  version     TEXT   NOT NULL,
  body        TEXT   NOT NULL,
  sha256      TEXT   NOT NULL,
  is_current  BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, language, version)
);

-- The next number of a kind ("queue", "user", "customer") in a tenant.
CREATE TABLE counters (
  tenant_id  TEXT   NOT NULL REFERENCES tenants (id),
  name       TEXT   NOT NULL,
  value      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, name)
);

CREATE TABLE queues (
  tenant_id   TEXT   NOT NULL REFERENCES tenants (id),
  id          TEXT   NOT NULL,
  number      BIGINT NOT NULL,
  name        TEXT   NOT NULL,
  enabled     BIGINT NOT NULL DEFAULT 1,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  UNIQUE (tenant_id, name)
);

CREATE TABLE users (
  tenant_id        TEXT   NOT NULL REFERENCES tenants (id),
  id               TEXT   NOT NULL,
  number           BIGINT NOT NULL,
  name             TEXT   NOT NULL,             -- login name, unique in the tenant
  display_name     TEXT   NOT NULL,
  role             TEXT   NOT NULL CHECK (role IN ('agent', 'administrator')),
  enabled          BIGINT NOT NULL DEFAULT 1,
  password_hash    TEXT   NOT NULL,             -- argon2id
  created_at       BIGINT NOT NULL,
  last_sign_in_at  BIGINT,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  UNIQUE (tenant_id, name)
);

CREATE TABLE user_queues (
  tenant_id  TEXT NOT NULL,
  user_id    TEXT NOT NULL,
  queue_id   TEXT NOT NULL,
  PRIMARY KEY (tenant_id, user_id, queue_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX user_queues_by_queue ON user_queues (tenant_id, queue_id);

-- Where an agent stands. A row appears with the first presence or connection.
CREATE TABLE agent_states (
  tenant_id     TEXT   NOT NULL,
  agent_id      TEXT   NOT NULL,
  presence      TEXT   NOT NULL CHECK (presence IN ('online', 'busy', 'away', 'offline')),
  connected     BIGINT NOT NULL DEFAULT 0,      -- a page of theirs is open
  activity      TEXT   NOT NULL CHECK (activity IN ('idle', 'ringing', 'talking', 'wrapping_up')),
  interview_id  TEXT,                           -- rung for, talked in or wrapped up
  idle_since    BIGINT NOT NULL,
  absent_until  BIGINT,                         -- deadline: no page since; set offline then
  PRIMARY KEY (tenant_id, agent_id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX agent_states_due ON agent_states (absent_until);

CREATE TABLE customers (
  tenant_id   TEXT   NOT NULL REFERENCES tenants (id),
  id          TEXT   NOT NULL,
  number      BIGINT NOT NULL,
  nick_name   TEXT   NOT NULL,                  -- the same name is the same customer
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number),
  UNIQUE (tenant_id, nick_name)
);

CREATE TABLE interviews (
  tenant_id      TEXT   NOT NULL REFERENCES tenants (id),
  id             TEXT   NOT NULL,
  version        BIGINT NOT NULL,               -- grows with every change: compare and set
  node           TEXT   NOT NULL,               -- where its room lives
  queue_id       TEXT   NOT NULL,
  customer_id    TEXT   NOT NULL,
  business_id    TEXT   NOT NULL,
  assist_id      TEXT   NOT NULL DEFAULT '',
  company_name   TEXT   NOT NULL,
  sections_json  TEXT   NOT NULL DEFAULT '[]',
  order_endpoint TEXT   NOT NULL DEFAULT '',
  return_url     TEXT   NOT NULL DEFAULT '',
  status         TEXT   NOT NULL CHECK (status IN ('created', 'entered', 'queued', 'ringing', 'talking', 'ended')),
  end_reason     TEXT,
  answering      BIGINT NOT NULL DEFAULT 0,     -- an agent has claimed it; the recording is being started
  is_returning   BIGINT NOT NULL DEFAULT 0,     -- lost an agent and waits to go on
  agent_id       TEXT,                          -- rung or talking now
  last_agent_id  TEXT,                          -- who talked last: may conclude after the end
  consent_json   TEXT   NOT NULL DEFAULT '',    -- evidence of the consent or its refusal
  consent_given  BIGINT NOT NULL DEFAULT 0,
  place_json     TEXT   NOT NULL DEFAULT '',
  place          TEXT,                          -- given, refused, unavailable
  outcome        TEXT,
  outcome_reason TEXT   NOT NULL DEFAULT '',
  outcome_at     BIGINT,
  created_at     BIGINT NOT NULL,
  queued_at      BIGINT,                        -- joined the queue for the first time
  waiting_since  BIGINT,                        -- of the present wait: the order in the queue
  ringing_since  BIGINT,
  answered_at    BIGINT,                        -- first answer
  talking_since  BIGINT,                        -- present stretch of talk
  talked_us      BIGINT NOT NULL DEFAULT 0,     -- stretches before it
  ended_at       BIGINT,
  tried_json     TEXT   NOT NULL DEFAULT '[]',  -- agents rung in this round without an answer
  ring_until     BIGINT,
  retry_at       BIGINT,                        -- when those may be rung again
  wait_until     BIGINT,
  answer_until   BIGINT,
  agent_absent_until    BIGINT,
  customer_absent_until BIGINT,
  expires_at     BIGINT NOT NULL,               -- of the newest link; ends an interview that nobody entered
  deadline_at    BIGINT,                        -- the first of those that count in the present state
  timeline_number BIGINT NOT NULL DEFAULT 0,    -- of the newest timeline entry
  timeline_hash  TEXT   NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, queue_id) REFERENCES queues (tenant_id, id),
  FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE INDEX interviews_by_queue ON interviews (tenant_id, queue_id, status);
CREATE INDEX interviews_by_status ON interviews (tenant_id, status);
CREATE INDEX interviews_by_business ON interviews (tenant_id, business_id);
CREATE INDEX interviews_by_id ON interviews (id);   -- news from media name no tenant
CREATE INDEX interviews_due ON interviews (deadline_at);

-- Only grows; each entry carries the hash of the one before.
CREATE TABLE timeline (
  tenant_id      TEXT   NOT NULL,
  interview_id   TEXT   NOT NULL,
  number         BIGINT NOT NULL,
  at             BIGINT NOT NULL,
  kind           TEXT   NOT NULL,
  data_json      TEXT   NOT NULL,
  previous_hash  TEXT   NOT NULL,
  hash           TEXT   NOT NULL,
  PRIMARY KEY (tenant_id, interview_id, number),
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id)
);

CREATE TABLE customer_sessions (
  token_hash    TEXT   NOT NULL PRIMARY KEY,
  tenant_id     TEXT   NOT NULL,
  interview_id  TEXT   NOT NULL,
  id            TEXT   NOT NULL,                -- ses_…
  is_active     BIGINT NOT NULL,                -- 0 after another device took over
  created_at    BIGINT NOT NULL,
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id)
);
CREATE INDEX customer_sessions_by_interview ON customer_sessions (tenant_id, interview_id);

CREATE TABLE photos (
  tenant_id      TEXT   NOT NULL,
  id             TEXT   NOT NULL,
  interview_id   TEXT   NOT NULL,
  status         TEXT   NOT NULL CHECK (status IN ('pending', 'ready', 'failed')),
  failure        TEXT   NOT NULL DEFAULT '',
  taken_at       BIGINT NOT NULL,
  taken_by       TEXT   NOT NULL,
  width          BIGINT NOT NULL DEFAULT 0,
  height         BIGINT NOT NULL DEFAULT 0,
  sha256         TEXT   NOT NULL DEFAULT '',
  watermarked_sha256 TEXT NOT NULL DEFAULT '',
  original_bytes BIGINT NOT NULL DEFAULT 0,
  watermarked_bytes BIGINT NOT NULL DEFAULT 0,
  wrapped_key    TEXT   NOT NULL,               -- wrapped by the tenant's key, context "photo:" and the id
  deleted_at     BIGINT,
  deleted_by     TEXT   NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id)
);
CREATE INDEX photos_by_interview ON photos (tenant_id, interview_id);

CREATE TABLE recordings (
  tenant_id     TEXT   NOT NULL,
  id            TEXT   NOT NULL,
  interview_id  TEXT   NOT NULL,
  path          TEXT   NOT NULL,                -- folder below the data folder's recordings
  name          TEXT   NOT NULL,                -- of the composed file
  status        TEXT   NOT NULL CHECK (status IN ('recording', 'processing', 'ready', 'failed')),
  started_at    BIGINT NOT NULL,
  duration_ms   BIGINT NOT NULL DEFAULT 0,
  progress      BIGINT NOT NULL DEFAULT 0,
  recovered     BIGINT NOT NULL DEFAULT 0,
  gaps_json     TEXT   NOT NULL DEFAULT '[]',
  av_offset_ms  DOUBLE PRECISION,
  failure       TEXT   NOT NULL DEFAULT '',
  wrapped_key   TEXT   NOT NULL,                -- wrapped by the tenant's key, context "recording:" and the id
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, interview_id),
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id)
);

CREATE TABLE recording_parts (
  tenant_id     TEXT   NOT NULL,
  recording_id  TEXT   NOT NULL,
  part          BIGINT NOT NULL,                -- counts from 1, never used twice
  status        TEXT   NOT NULL CHECK (status IN ('starting', 'running', 'ended', 'cut', 'abandoned')),
  started_at    BIGINT NOT NULL,
  ended_at      BIGINT,
  PRIMARY KEY (tenant_id, recording_id, part),
  FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);

CREATE TABLE recording_files (
  tenant_id     TEXT   NOT NULL,
  recording_id  TEXT   NOT NULL,
  name          TEXT   NOT NULL,
  kind          TEXT   NOT NULL CHECK (kind IN ('composed', 'stream')),
  participant   TEXT   NOT NULL DEFAULT '',
  size_bytes    BIGINT NOT NULL,
  sha256        TEXT   NOT NULL,
  duration_ms   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, recording_id, name),
  FOREIGN KEY (tenant_id, recording_id) REFERENCES recordings (tenant_id, id)
);

-- What must reach others. Written in the transaction of what happened; webhook delivery takes rows from here.
CREATE TABLE outbox (
  tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
  id            TEXT   NOT NULL,                -- evt_… : sorts by time
  interview_id  TEXT   NOT NULL DEFAULT '',
  type          TEXT   NOT NULL,                -- interview.answered …
  payload_json  TEXT   NOT NULL,                -- the event's data
  at            BIGINT NOT NULL,
  handled_at    BIGINT,                         -- when it was handed to every endpoint
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX outbox_open ON outbox (handled_at, at);

CREATE TABLE jobs (
  tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
  id            TEXT   NOT NULL,
  kind          TEXT   NOT NULL,                -- compose
  interview_id  TEXT   NOT NULL DEFAULT '',
  payload_json  TEXT   NOT NULL DEFAULT '{}',
  state         TEXT   NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed')),
  attempts      BIGINT NOT NULL DEFAULT 0,
  next_at       BIGINT NOT NULL,
  progress      BIGINT NOT NULL DEFAULT 0,
  last_error    TEXT   NOT NULL DEFAULT '',
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX jobs_due ON jobs (state, next_at);
