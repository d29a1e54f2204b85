-- Snippets: pieces of content that are written once and put into many posts. For the desk alone. Frozen once released.

CREATE TABLE snippet (
  id text PRIMARY KEY,
  name text NOT NULL UNIQUE,
  blocks jsonb NOT NULL,
  revision integer NOT NULL,
  updated_at bigint NOT NULL,
  updated_by jsonb NOT NULL
);
