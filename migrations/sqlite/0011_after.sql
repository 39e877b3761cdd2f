-- After the interview: its receipt number, how content the customer was, and how much of the decision customers are told.

ALTER TABLE interviews ADD COLUMN receipt_number TEXT NOT NULL DEFAULT '';   -- given at the end; '' before it and for those that ended before there were any
CREATE UNIQUE INDEX interviews_by_receipt ON interviews (tenant_id, receipt_number) WHERE receipt_number <> '';

ALTER TABLE tenants ADD COLUMN ask_satisfaction BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN tell_reason BIGINT NOT NULL DEFAULT 0;        -- beside the decision; nothing where that is not told
-- Companies that told their customers the decision told the reason with it.
UPDATE tenants SET tell_reason = customer_sees_outcome;

CREATE TABLE satisfaction (                     -- what a customer said of their interview, once
  tenant_id     TEXT   NOT NULL,
  interview_id  TEXT   NOT NULL,
  score         BIGINT NOT NULL CHECK (score BETWEEN 1 AND 5),
  comment       TEXT   NOT NULL,                -- '': none
  given_at      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, interview_id),
  FOREIGN KEY (tenant_id, interview_id) REFERENCES interviews (tenant_id, id)
);
