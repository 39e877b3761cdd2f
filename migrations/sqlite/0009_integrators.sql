-- Integrators' own pages: who may frame ours and call from a page, what a page logs in with, what customers are told.

ALTER TABLE tenants ADD COLUMN embed_origins_json TEXT NOT NULL DEFAULT '[]';       -- nobody, until an administrator says who
ALTER TABLE tenants ADD COLUMN customer_sees_outcome BIGINT NOT NULL DEFAULT 0;     -- the decision and its reason, at the end

-- What an integrator's page said of the people in the interview, as order sections; kept apart from the order itself,
-- which the integrator's server may replace.
ALTER TABLE interviews ADD COLUMN supplied_json TEXT NOT NULL DEFAULT '[]';

-- A login of an integrator's page: for one business, for minutes, for one interview. Rows are dropped a day after their end.
CREATE TABLE login_tokens (
  token_hash       TEXT   NOT NULL PRIMARY KEY,    -- SHA-256 of the twn_ token
  tenant_id        TEXT   NOT NULL,
  key_id           TEXT   NOT NULL,                -- whose API key asked for it
  business_id      TEXT   NOT NULL,
  assist_id        TEXT   NOT NULL,
  company_name     TEXT   NOT NULL,
  nick_name        TEXT   NOT NULL DEFAULT '',     -- fixed by the integrator; '' leaves it to the page
  queue_id         TEXT   NOT NULL DEFAULT '',     -- the same
  order_endpoint   TEXT   NOT NULL DEFAULT '',
  return_url       TEXT   NOT NULL DEFAULT '',
  risk_video_url   TEXT   NOT NULL DEFAULT '',
  created_at       BIGINT NOT NULL,
  expires_at       BIGINT NOT NULL,
  used_at          BIGINT,
  interview_id     TEXT   NOT NULL DEFAULT '',     -- what came of it
  refused_features TEXT   NOT NULL DEFAULT '',     -- what the page asked for that is not built
  FOREIGN KEY (tenant_id, key_id) REFERENCES api_keys (tenant_id, id)
);
CREATE INDEX login_tokens_by_end ON login_tokens (expires_at);
CREATE INDEX login_tokens_by_tenant ON login_tokens (tenant_id, created_at);
