-- A secret of the installation that the ids of imported stories and posts are made with. Frozen once released.
-- 244 random bits. No view shows it: who knows the source and the salt knows the address of an unlisted import.

ALTER TABLE installation
  ADD COLUMN import_salt text NOT NULL DEFAULT (gen_random_uuid()::text || gen_random_uuid()::text);
