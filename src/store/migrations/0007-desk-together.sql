-- Working together on a story's desk: who is in it, what each node counts, and the notes of a post found in the desk log. Frozen once released.
-- Unlogged: what they hold is true for seconds. A crash empties them, and nothing is lost by that.

CREATE UNLOGGED TABLE desk_presence (
  story_id text NOT NULL,
  session_id text NOT NULL,
  tab text NOT NULL,
  account_id text NOT NULL,
  name text NOT NULL,
  post_id text,
  writing boolean NOT NULL,
  since bigint NOT NULL,
  seen_at bigint NOT NULL,
  PRIMARY KEY (story_id, session_id, tab)
);

CREATE INDEX desk_presence_seen ON desk_presence (seen_at);

-- One row for each node that has readers: story → how many.
CREATE UNLOGGED TABLE node_count (
  node text PRIMARY KEY,
  at bigint NOT NULL,
  counts jsonb NOT NULL
);

-- Notes stand in the desk log alone; this finds them.
CREATE INDEX desk_entry_note ON desk_entry (story_id, post_id, seq) WHERE kind IN ('add-note', 'delete-note', 'set-shift-note');
