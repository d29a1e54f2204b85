-- What the desk says of a photo: its words, until when it may be used, where not, and whether it was cut from another. Frozen once released.
-- `words`: caption, credit, agency, alt; NULL: as the file said. `cut_from` names no row where a story came in without that photo.

ALTER TABLE media
  ADD COLUMN words jsonb,
  ADD COLUMN use_until bigint,
  ADD COLUMN no_use text NOT NULL DEFAULT '',
  ADD COLUMN blocked boolean NOT NULL DEFAULT false,
  ADD COLUMN cut_from text,
  ADD COLUMN edited_at bigint,
  ADD COLUMN edited_by jsonb;

CREATE INDEX media_rights ON media (use_until) WHERE use_until IS NOT NULL OR blocked;

CREATE INDEX media_cut_from ON media (cut_from) WHERE cut_from IS NOT NULL;
