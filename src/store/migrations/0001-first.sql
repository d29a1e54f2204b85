-- The logs, stories and posts, and the public views. Frozen once released.
-- Times are ms UTC in bigint columns, always from the database's clock; pages never compare them with a reader's.

CREATE TABLE installation (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch text NOT NULL CHECK (epoch ~ '^[a-z0-9]{1,16}$'),
  created_at bigint NOT NULL
);

CREATE TABLE story (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{16,32}$'),
  slug text UNIQUE,
  title text NOT NULL,
  standfirst text NOT NULL,
  language text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('ltr', 'rtl')),
  time_zone text NOT NULL,
  state text NOT NULL CHECK (state IN ('planned', 'live', 'paused', 'ended')),
  visibility text NOT NULL CHECK (visibility IN ('private', 'unlisted', 'public')),
  seq bigint NOT NULL,
  version bigint NOT NULL,
  ordinal bigint NOT NULL,
  created_at bigint NOT NULL,
  starts_at bigint,
  started_at bigint,
  ended_at bigint
);

CREATE TABLE post (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{16,32}$'),
  story_id text NOT NULL REFERENCES story (id),
  state text NOT NULL CHECK (state IN ('draft', 'submitted', 'scheduled', 'published', 'withdrawn')),
  content jsonb NOT NULL,
  revision integer NOT NULL,
  version bigint,
  order_key bigint,
  key_event jsonb,
  pinned_at bigint,
  corrections jsonb NOT NULL,
  withdrawal jsonb,
  created_at bigint NOT NULL,
  created_by text NOT NULL,
  first_published_at bigint,
  published_at bigint,
  updated_at bigint
);

CREATE UNIQUE INDEX post_order ON post (story_id, order_key) WHERE order_key IS NOT NULL;

CREATE INDEX post_desk ON post (story_id, created_at);

CREATE INDEX post_key_events ON post (story_id, order_key) WHERE key_event IS NOT NULL;

CREATE INDEX post_pinned ON post (story_id, pinned_at) WHERE pinned_at IS NOT NULL;

CREATE TABLE post_revision (
  post_id text NOT NULL REFERENCES post (id),
  revision integer NOT NULL,
  kind text NOT NULL,
  content jsonb NOT NULL,
  note text,
  by_id text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (post_id, revision)
);

-- Law 1: the desk log, one chain per story. Law 2: the payload and its salt can be erased, the header stays.
CREATE TABLE desk_entry (
  story_id text NOT NULL REFERENCES story (id),
  seq bigint NOT NULL,
  kind text NOT NULL,
  post_id text,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  credential text NOT NULL,
  at bigint NOT NULL,
  commitment text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL,
  public_seq bigint,
  payload jsonb,
  salt text,
  PRIMARY KEY (story_id, seq)
);

-- Law 3: dense per story, given out under the story's row lock.
CREATE TABLE public_entry (
  story_id text NOT NULL REFERENCES story (id),
  seq bigint NOT NULL,
  kind text NOT NULL,
  post_id text,
  at bigint NOT NULL,
  commitment text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL,
  payload jsonb,
  salt text,
  PRIMARY KEY (story_id, seq)
);

CREATE TABLE media (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{16,32}$'),
  kind text NOT NULL CHECK (kind IN ('image')),
  width integer NOT NULL,
  height integer NOT NULL,
  bytes bigint NOT NULL,
  metadata jsonb NOT NULL,
  created_at bigint NOT NULL,
  created_by text NOT NULL
);

-- Which posts show which media: media is public while a published post shows it.
CREATE TABLE post_media (
  post_id text NOT NULL REFERENCES post (id),
  media_id text NOT NULL REFERENCES media (id),
  PRIMARY KEY (post_id, media_id)
);

CREATE INDEX post_media_by_media ON post_media (media_id);

-- Law 6: the SQL twin of domain/visible.ts. The public handle reads these and nothing else.
CREATE VIEW public_story AS
  SELECT id, coalesce(slug, id) AS name, title, standfirst, language, direction, time_zone, state, visibility,
         seq, version, ordinal, starts_at, started_at, ended_at
  FROM story
  WHERE visibility <> 'private' AND seq > 0;

CREATE VIEW public_post AS
  SELECT p.id, p.story_id, p.version, p.order_key, p.content, p.key_event, p.pinned_at, p.corrections,
         p.first_published_at, p.published_at, p.updated_at
  FROM post p JOIN story s ON s.id = p.story_id
  WHERE p.state = 'published' AND p.version IS NOT NULL AND s.visibility <> 'private' AND s.seq > 0;

CREATE VIEW public_trace AS
  SELECT p.id, p.story_id, p.version, p.order_key,
         (p.withdrawal ->> 'at')::bigint AS withdrawn_at, p.withdrawal ->> 'reason' AS reason
  FROM post p JOIN story s ON s.id = p.story_id
  WHERE p.state = 'withdrawn' AND p.withdrawal ->> 'trace' = 'line' AND p.version IS NOT NULL
    AND s.visibility <> 'private' AND s.seq > 0;

-- The log as the public may follow it: no payloads, no commitments to them, no actors. `version` tells whether a later entry supersedes.
CREATE VIEW public_log AS
  SELECT e.story_id, e.seq, e.kind, e.post_id, e.at, p.version AS post_version
  FROM public_entry e JOIN story s ON s.id = e.story_id LEFT JOIN post p ON p.id = e.post_id
  WHERE s.visibility <> 'private';

CREATE VIEW public_media AS
  SELECT DISTINCT m.id, m.kind, m.width, m.height
  FROM media m JOIN post_media pm ON pm.media_id = m.id JOIN public_post p ON p.id = pm.post_id;

CREATE VIEW public_installation AS SELECT epoch FROM installation;
