-- Photos by the customer's device, what photos show, retakes; what customers may do with them; calls shown in landscape.

ALTER TABLE photos ADD COLUMN category TEXT NOT NULL DEFAULT 'other' CHECK (category IN ('portrait', 'id_front', 'id_back', 'signature', 'other'));
ALTER TABLE photos ADD COLUMN source TEXT NOT NULL DEFAULT 'cloud' CHECK (source IN ('cloud', 'local'));
ALTER TABLE photos ADD COLUMN replaces TEXT NOT NULL DEFAULT '';             -- the photo that it was taken instead of
ALTER TABLE photos ADD COLUMN asked_until BIGINT;                            -- while the customer's device is asked for it
CREATE INDEX photos_asked ON photos (asked_until) WHERE asked_until IS NOT NULL;

ALTER TABLE tenants ADD COLUMN customer_photos TEXT NOT NULL DEFAULT 'view' CHECK (customer_photos IN ('none', 'view', 'view_and_delete'));
ALTER TABLE tenants ADD COLUMN call_orientation TEXT NOT NULL DEFAULT 'any' CHECK (call_orientation IN ('any', 'landscape'));
ALTER TABLE interviews ADD COLUMN orientation TEXT NOT NULL DEFAULT '' CHECK (orientation IN ('', 'any', 'landscape'));  -- asked by the agent; '': the tenant's
