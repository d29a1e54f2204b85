-- Pictures that are taken back, and AVIF that is made after an upload was acknowledged. Frozen once released.
-- `withdrawal`: who did it and why, for the desk. The row stays for good, so that the id is never used again.

ALTER TABLE media
  ADD COLUMN withdrawn_at bigint,
  ADD COLUMN withdrawal jsonb,
  ADD COLUMN erased_at bigint,
  ADD COLUMN avif text NOT NULL DEFAULT 'wanted' CHECK (avif IN ('wanted', 'made', 'without')),
  ADD COLUMN avif_tries integer NOT NULL DEFAULT 0,
  ADD COLUMN avif_until bigint;

-- Pictures that are here already have no master to make it from.
UPDATE media SET avif = 'without';

CREATE INDEX media_avif_wanted ON media (created_at) WHERE avif = 'wanted';

CREATE INDEX media_unerased ON media (withdrawn_at) WHERE withdrawn_at IS NOT NULL AND erased_at IS NULL;

CREATE OR REPLACE VIEW public_media AS
  SELECT DISTINCT m.id, m.kind, m.width, m.height
  FROM media m JOIN post_media pm ON pm.media_id = m.id JOIN public_post p ON p.id = pm.post_id
  WHERE m.withdrawn_at IS NULL;
