-- Every editorial act: drafts on a clock, summaries, parts of a story, roles in a story, tokens. Frozen once released.

ALTER TABLE story
  ADD COLUMN withdrawn_at bigint,
  ADD COLUMN revision integer NOT NULL DEFAULT 1,
  ADD COLUMN summary jsonb,
  ADD COLUMN lead jsonb,
  ADD COLUMN continues text REFERENCES story (id),
  ADD COLUMN continued_by text REFERENCES story (id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE post
  ADD COLUMN release_at bigint,
  ADD COLUMN release_zone text,
  ADD COLUMN release_by text,
  ADD COLUMN embargo_until bigint,
  ADD COLUMN embargo_zone text,
  ADD COLUMN origin_story text,
  ADD COLUMN origin_post text,
  ADD COLUMN desk_note jsonb,
  ADD CONSTRAINT post_scheduled CHECK ((state = 'scheduled') = (release_at IS NOT NULL));

CREATE INDEX post_release ON post (release_at) WHERE state = 'scheduled';

CREATE INDEX post_copies ON post (origin_post) WHERE origin_post IS NOT NULL;

CREATE INDEX post_bylines ON post USING gin ((content -> 'bylines') jsonb_path_ops) WHERE state = 'published';

CREATE INDEX story_lead ON story ((lead ->> 'media')) WHERE lead IS NOT NULL;

CREATE TABLE post_autosave (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  post_id text NOT NULL CHECK (post_id ~ '^[0-9a-z]{16,32}$'),
  story_id text NOT NULL REFERENCES story (id),
  by_id text NOT NULL,
  at bigint NOT NULL,
  revision integer NOT NULL,
  content jsonb NOT NULL
);

CREATE INDEX post_autosave_of ON post_autosave (post_id, id);

ALTER TABLE account DROP CONSTRAINT account_role_check;

ALTER TABLE account ADD CONSTRAINT account_role_check
  CHECK (role IN ('admin', 'editor', 'reporter', 'contributor', 'viewer', 'guest'));

CREATE TABLE story_role (
  story_id text NOT NULL REFERENCES story (id),
  account_id text NOT NULL REFERENCES account (id),
  role text NOT NULL CHECK (role IN ('editor', 'reporter', 'contributor', 'viewer', 'guest')),
  given_by text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (story_id, account_id)
);

CREATE TABLE api_token (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{16,32}$'),
  account_id text NOT NULL REFERENCES account (id),
  name text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  scopes jsonb NOT NULL,
  created_at bigint NOT NULL,
  used_at bigint,
  expires_at bigint NOT NULL,
  revoked_at bigint
);

CREATE INDEX api_token_account ON api_token (account_id);

CREATE TABLE idempotency (
  account_id text NOT NULL REFERENCES account (id),
  key text NOT NULL,
  request_hash text NOT NULL,
  status integer NOT NULL,
  body text NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (account_id, key)
);

CREATE INDEX idempotency_at ON idempotency (at);

-- The public views again: a withdrawn story is nowhere, a part knows its neighbours while they are public.
DROP VIEW public_media;

DROP VIEW public_log;

DROP VIEW public_trace;

DROP VIEW public_post;

DROP VIEW public_story;

CREATE VIEW public_story AS
  SELECT s.id, coalesce(s.slug, s.id) AS name, s.title, s.standfirst, s.language, s.direction, s.time_zone, s.state, s.visibility,
         s.seq, s.version, s.ordinal, s.starts_at, s.started_at, s.ended_at, s.summary, s.lead,
         (SELECT jsonb_build_object('id', p.id, 'name', coalesce(p.slug, p.id), 'title', p.title) FROM story p
          WHERE p.id = s.continues AND p.visibility <> 'private' AND p.seq > 0 AND p.withdrawn_at IS NULL) AS previous,
         (SELECT jsonb_build_object('id', n.id, 'name', coalesce(n.slug, n.id), 'title', n.title) FROM story n
          WHERE n.id = s.continued_by AND n.visibility <> 'private' AND n.seq > 0 AND n.withdrawn_at IS NULL) AS next
  FROM story s
  WHERE s.visibility <> 'private' AND s.seq > 0 AND s.withdrawn_at IS NULL;

CREATE VIEW public_post AS
  SELECT p.id, p.story_id, p.version, p.order_key, p.content, p.key_event, p.pinned_at, p.corrections,
         p.first_published_at, p.published_at, p.updated_at
  FROM post p JOIN story s ON s.id = p.story_id
  WHERE p.state = 'published' AND p.version IS NOT NULL
    AND s.visibility <> 'private' AND s.seq > 0 AND s.withdrawn_at IS NULL;

CREATE VIEW public_trace AS
  SELECT p.id, p.story_id, p.version, p.order_key,
         (p.withdrawal ->> 'at')::bigint AS withdrawn_at, p.withdrawal ->> 'reason' AS reason
  FROM post p JOIN story s ON s.id = p.story_id
  WHERE p.state = 'withdrawn' AND p.withdrawal ->> 'trace' = 'line' AND p.version IS NOT NULL
    AND s.visibility <> 'private' AND s.seq > 0 AND s.withdrawn_at IS NULL;

-- The log as the public may follow it: no payloads, no commitments to them, no actors. `version` tells whether a later entry supersedes.
CREATE VIEW public_log AS
  SELECT e.story_id, e.seq, e.kind, e.post_id, e.at, p.version AS post_version
  FROM public_entry e JOIN story s ON s.id = e.story_id LEFT JOIN post p ON p.id = e.post_id
  WHERE s.visibility <> 'private' AND s.withdrawn_at IS NULL;

CREATE VIEW public_media AS
  SELECT DISTINCT m.id, m.kind, m.width, m.height
  FROM media m
  WHERE m.withdrawn_at IS NULL
    AND (EXISTS (SELECT FROM post_media pm JOIN public_post p ON p.id = pm.post_id WHERE pm.media_id = m.id)
      OR EXISTS (SELECT FROM public_story s WHERE s.lead ->> 'media' = m.id));
