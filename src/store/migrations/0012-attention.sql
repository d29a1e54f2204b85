-- What readers' browsers told of each post: how often it was read, and how many had it on their screen how soon. Frozen once released.
-- Counts alone: nothing here is about a reader. `shown`: by the buckets of domain/attention.ts; '{}' = nobody told.

CREATE TABLE post_attention (
  post_id text PRIMARY KEY REFERENCES post (id) ON DELETE CASCADE,
  reads bigint NOT NULL,
  shown integer[] NOT NULL
);
