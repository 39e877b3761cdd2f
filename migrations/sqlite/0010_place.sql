-- Where customers are: companies that do not ask at all, and who says the address in words.

ALTER TABLE tenants ADD COLUMN place_asked BIGINT NOT NULL DEFAULT 1;   -- 0: never asked, whatever place_policy says

-- A company's own geocoder; without one the server answers from its table of towns.
CREATE TABLE place_providers (
  tenant_id       TEXT   NOT NULL PRIMARY KEY REFERENCES tenants (id),
  url             TEXT   NOT NULL,                 -- with {latitude}, {longitude} and, where there is a key, {key}
  address_pointer TEXT   NOT NULL,                 -- JSON Pointer (RFC 6901) to the address in the answer
  coordinates     TEXT   NOT NULL CHECK (coordinates IN ('wgs84', 'gcj02')),
  sealed_key      TEXT   NOT NULL DEFAULT '',      -- under the company's key; '' where none is needed
  changed_at      BIGINT NOT NULL
);
