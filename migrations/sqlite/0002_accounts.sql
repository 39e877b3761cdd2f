-- Who may sign in and call, what administrators keep, and what is sent to integrators. The rules of 0001 hold.

CREATE TABLE api_keys (
  tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
  id            TEXT   NOT NULL,
  name          TEXT   NOT NULL,
  token_hash    TEXT   NOT NULL UNIQUE,         -- SHA-256 of the twk_ token
  enabled       BIGINT NOT NULL DEFAULT 1,
  created_at    BIGINT NOT NULL,
  last_used_at  BIGINT,                         -- to the minute
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name)
);

CREATE TABLE sign_ins (
  token_hash    TEXT   NOT NULL PRIMARY KEY,    -- SHA-256 of the twu_ token
  tenant_id     TEXT   NOT NULL,
  user_id       TEXT   NOT NULL,
  id            TEXT   NOT NULL,                -- sig_…
  created_at    BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  queue_id      TEXT,                           -- from the agent link; these two are shown again by /auth/me
  return_url    TEXT   NOT NULL DEFAULT '',
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX sign_ins_by_user ON sign_ins (tenant_id, user_id, created_at);
CREATE INDEX sign_ins_by_end ON sign_ins (expires_at);

-- Agent links that were followed: each is good for once. Rows are dropped when the link would have expired anyway.
CREATE TABLE used_agent_links (
  token_hash    TEXT   NOT NULL PRIMARY KEY,
  tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
  used_at       BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL
);
CREATE INDEX used_agent_links_by_end ON used_agent_links (expires_at);

CREATE TABLE reasons (
  tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
  id            TEXT   NOT NULL,
  kind          TEXT   NOT NULL CHECK (kind IN ('rejected', 'needs_supplement')),
  text          TEXT   NOT NULL,
  enabled       BIGINT NOT NULL DEFAULT 1,
  created_at    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, kind, text)
);

-- Only grows; numbered per tenant, each entry carrying the hash of the one before, so that a missing one is seen.
CREATE TABLE audit (
  tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
  number        BIGINT NOT NULL,
  id            TEXT   NOT NULL,
  at            BIGINT NOT NULL,
  actor         TEXT   NOT NULL,
  action        TEXT   NOT NULL,
  subject       TEXT   NOT NULL DEFAULT '',
  data_json     TEXT   NOT NULL DEFAULT '{}',
  previous_hash TEXT   NOT NULL,
  hash          TEXT   NOT NULL,
  PRIMARY KEY (tenant_id, number),
  UNIQUE (tenant_id, id)
);

CREATE TABLE idempotency_keys (
  tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
  caller_id     TEXT   NOT NULL,
  key_hash      TEXT   NOT NULL,                -- SHA-256: keys are whatever an integrator likes
  request_hash  TEXT   NOT NULL,                -- SHA-256 of method, path and body
  begun_at      BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL,
  status        BIGINT,                         -- NULL while the first request is at work
  sealed_answer TEXT   NOT NULL DEFAULT '',     -- base64; sealed under the tenant's key, because answers hold secrets
  PRIMARY KEY (tenant_id, caller_id, key_hash)
);
CREATE INDEX idempotency_keys_by_end ON idempotency_keys (expires_at);

CREATE TABLE webhook_endpoints (
  tenant_id      TEXT   NOT NULL REFERENCES tenants (id),
  id             TEXT   NOT NULL,
  url            TEXT   NOT NULL,
  description    TEXT   NOT NULL DEFAULT '',
  enabled        BIGINT NOT NULL DEFAULT 1,
  events_json    TEXT   NOT NULL,               -- array of event types
  wrapped_secret TEXT   NOT NULL,               -- wrapped by the tenant's key, context "webhook:" and the id
  created_at     BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE webhook_messages (
  tenant_id       TEXT   NOT NULL,
  id              TEXT   NOT NULL,              -- msg_… : the webhook-id header, the same at every attempt
  endpoint_id     TEXT   NOT NULL,
  outbox_id       TEXT   NOT NULL,
  interview_id    TEXT   NOT NULL DEFAULT '',
  type            TEXT   NOT NULL,
  payload_json    TEXT   NOT NULL,              -- the body as it is signed and sent
  created_at      BIGINT NOT NULL,
  status          TEXT   NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts        BIGINT NOT NULL DEFAULT 0,
  tries           BIGINT NOT NULL DEFAULT 0,    -- attempts of the present round; a resend begins a new one
  last_attempt_at BIGINT,
  next_attempt_at BIGINT,                       -- NULL unless pending and its endpoint enabled
  last_result     TEXT   NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, endpoint_id, outbox_id),
  FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_messages_due ON webhook_messages (next_attempt_at);
CREATE INDEX webhook_messages_by_interview ON webhook_messages (tenant_id, interview_id);

-- Sign-ins of a demo tenant, sealed under its key, so that the command that made it can tell them again.
CREATE TABLE demo_tenants (
  tenant_id     TEXT   NOT NULL PRIMARY KEY REFERENCES tenants (id),
  sealed        TEXT   NOT NULL
);
