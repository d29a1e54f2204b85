-- People, their sessions, the one-time setup link and the counter of failed sign-ins. Frozen once released.
-- Tokens are stored as SHA-256 only; no view of these tables exists for the public role.

CREATE TABLE account (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{16,32}$'),
  email text NOT NULL,
  email_key text NOT NULL UNIQUE,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'editor', 'reporter', 'contributor', 'viewer')),
  password text NOT NULL,
  created_at bigint NOT NULL,
  disabled_at bigint
);

CREATE TABLE session (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{16,32}$'),
  token_hash text NOT NULL UNIQUE,
  account_id text NOT NULL REFERENCES account (id),
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  revoked_at bigint
);

CREATE INDEX session_account ON session (account_id);

-- One row at most: a new link takes the place of the older one.
CREATE TABLE setup_token (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  token_hash text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);

CREATE TABLE sign_in_attempt (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_key text NOT NULL,
  address_key text NOT NULL,
  at bigint NOT NULL
);

CREATE INDEX sign_in_attempt_account ON sign_in_attempt (account_key, at);

CREATE INDEX sign_in_attempt_address ON sign_in_attempt (address_key, at);
