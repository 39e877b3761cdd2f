-- A company's colour and logo, as its customers and agents see them.

CREATE TABLE tenant_brands (
  tenant_id    TEXT   NOT NULL PRIMARY KEY REFERENCES tenants (id),
  colour       TEXT   NOT NULL DEFAULT '',   -- #rrggbb in small letters; '': the product's own
  logo_sha256  TEXT   NOT NULL DEFAULT '',   -- of the picture as it is handed out; '': none
  logo_type    TEXT   NOT NULL DEFAULT '',   -- image/png, image/jpeg
  logo_width   BIGINT NOT NULL DEFAULT 0,
  logo_height  BIGINT NOT NULL DEFAULT 0,
  logo_base64  TEXT   NOT NULL DEFAULT '',   -- at most 256 KiB before base64
  changed_at   BIGINT NOT NULL
);
