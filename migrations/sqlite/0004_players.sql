-- What the server plays in calls: films, spoken prompts, music; and what is played now.

CREATE TABLE media_items (
  tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
  id            TEXT   NOT NULL,
  kind          TEXT   NOT NULL CHECK (kind IN ('video', 'prompt', 'music')),
  source        TEXT   NOT NULL CHECK (source IN ('upload', 'url', 'text', 'built_in')),
  in_library    BIGINT NOT NULL DEFAULT 1,      -- 0: of one interview, or a prompt that was typed
  title         TEXT   NOT NULL,
  url           TEXT   NOT NULL DEFAULT '',
  etag          TEXT   NOT NULL DEFAULT '',     -- of the download, so that the same film is fetched once
  language      TEXT   NOT NULL DEFAULT '',     -- of a text: zh-CN, en
  body          TEXT   NOT NULL DEFAULT '',     -- the text of a prompt
  state         TEXT   NOT NULL CHECK (state IN ('waiting', 'working', 'ready', 'failed')),
  progress      BIGINT NOT NULL DEFAULT 0,
  failure       TEXT   NOT NULL DEFAULT '',     -- a code
  duration_ms   BIGINT NOT NULL DEFAULT 0,
  has_sound     BIGINT NOT NULL DEFAULT 0,
  width         BIGINT NOT NULL DEFAULT 0,
  height        BIGINT NOT NULL DEFAULT 0,
  size_bytes    BIGINT NOT NULL DEFAULT 0,
  sha256        TEXT   NOT NULL DEFAULT '',     -- of the source, or of language and text
  wrapped_key   TEXT   NOT NULL,                -- wrapped by the tenant's key, context "media:" and the id; '' when erased
  created_at    BIGINT NOT NULL,
  created_by    TEXT   NOT NULL,
  deleted_at    BIGINT,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX media_items_waiting ON media_items (state, created_at);
CREATE INDEX media_items_by_url ON media_items (tenant_id, url);
CREATE INDEX media_items_by_sha ON media_items (tenant_id, source, sha256);

CREATE TABLE interview_media (                  -- the risk video of an interview
  tenant_id     TEXT   NOT NULL,
  interview_id  TEXT   NOT NULL,
  media_id      TEXT   NOT NULL,
  PRIMARY KEY (tenant_id, interview_id),
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id),
  FOREIGN KEY (tenant_id, media_id) REFERENCES media_items (tenant_id, id)
);

CREATE TABLE interview_players (                -- what is played in a room now; a row that a crash left has ended
  tenant_id     TEXT   NOT NULL,
  interview_id  TEXT   NOT NULL,
  player_id     TEXT   NOT NULL,
  media_id      TEXT   NOT NULL,
  title         TEXT   NOT NULL,
  kind          TEXT   NOT NULL,
  state         TEXT   NOT NULL CHECK (state IN ('playing', 'paused')),
  position_ms   BIGINT NOT NULL,
  duration_ms   BIGINT NOT NULL,
  at            BIGINT NOT NULL,                -- when position was right
  PRIMARY KEY (tenant_id, interview_id),
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id)
);
