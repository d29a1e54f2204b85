-- The pages of topics: posts are found by a tag as by a byline. Frozen once released.

CREATE INDEX post_tags ON post USING gin ((content -> 'tags') jsonb_path_ops) WHERE state = 'published';
