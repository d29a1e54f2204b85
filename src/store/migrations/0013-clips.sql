-- Videos and sounds as files: they stand beside the pictures, with the same rights and the same withdrawal. Frozen once released.
-- `clip`: format, duration (ms) and SHA-256 of the one file; NULL: a picture. A sound has a width and a height of 0.

ALTER TABLE media
  DROP CONSTRAINT media_kind_check,
  ADD CONSTRAINT media_kind_check CHECK (kind IN ('image', 'video', 'audio')),
  ADD COLUMN clip jsonb,
  ADD CONSTRAINT media_clip_check CHECK ((kind = 'image') = (clip IS NULL));

CREATE OR REPLACE VIEW public_media AS
  SELECT m.id, m.kind, m.width, m.height, m.bytes, m.clip
  FROM media m
  WHERE m.withdrawn_at IS NULL
    AND (EXISTS (SELECT FROM post_media pm JOIN public_post p ON p.id = pm.post_id WHERE pm.media_id = m.id)
      OR EXISTS (SELECT FROM public_story s WHERE s.lead ->> 'media' = m.id));
