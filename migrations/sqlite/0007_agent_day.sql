-- What an agent keeps beside a call, decides later, and goes on with in another interview. The rules of 0001 hold.

CREATE TABLE interview_notes (                  -- for the company's own people; nobody else is told of them
  tenant_id     TEXT   NOT NULL,
  interview_id  TEXT   NOT NULL,
  version       BIGINT NOT NULL,                -- grows with every change: compare and set
  body          TEXT   NOT NULL,
  updated_at    BIGINT NOT NULL,
  updated_by    TEXT   NOT NULL,                -- a user's id
  PRIMARY KEY (tenant_id, interview_id),
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id)
);

CREATE TABLE mark_labels (                      -- what an agent sets on the timeline by one key
  tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
  id            TEXT   NOT NULL,
  text          TEXT   NOT NULL,
  key_digit     BIGINT CHECK (key_digit BETWEEN 1 AND 9),
  position      BIGINT NOT NULL,                -- order of the list
  created_at    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, text),
  UNIQUE (tenant_id, key_digit)
);
-- Companies of before begin with the usual ones, as new ones do. Their ids are the company's with another last character.
INSERT INTO mark_labels (tenant_id, id, text, key_digit, position, created_at)
  SELECT t.id, 'mkl_' || substr(t.id, 5, 25) || l.key_digit, l.text, l.key_digit, l.key_digit, t.created_at
  FROM tenants t, (SELECT 1 AS key_digit, '已核实身份' AS text UNION ALL SELECT 2, '已宣读风险' UNION ALL
                   SELECT 3, '已确认自愿办理' UNION ALL SELECT 4, '回答“是”' UNION ALL SELECT 5, '回答“否”') l;

ALTER TABLE tenants ADD COLUMN outcome_deadline_minutes BIGINT NOT NULL DEFAULT 1440;  -- for outcomes that are put off

ALTER TABLE interviews ADD COLUMN outcome_until   BIGINT;                     -- put off until then; NULL: not put off, or given
ALTER TABLE interviews ADD COLUMN outcome_overdue BIGINT NOT NULL DEFAULT 0;  -- that time has passed without an outcome
ALTER TABLE interviews ADD COLUMN follows_id      TEXT;                       -- the interview of which this is the follow-up
CREATE INDEX interviews_open_outcomes ON interviews (tenant_id, last_agent_id, outcome_until) WHERE outcome_until IS NOT NULL;
CREATE INDEX interviews_following ON interviews (tenant_id, follows_id) WHERE follows_id IS NOT NULL;
