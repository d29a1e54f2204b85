-- Where an imported story's archive came from, for as long as nothing was added to the story here. Frozen once released.
-- `desk_seq`: the last desk entry of the archive.

CREATE TABLE story_origin (
  story_id text PRIMARY KEY REFERENCES story (id),
  epoch text NOT NULL CHECK (epoch ~ '^[a-z0-9]{1,16}$'),
  desk_seq bigint NOT NULL
);
