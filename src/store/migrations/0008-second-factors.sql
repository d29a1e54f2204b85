-- Second factors, passkeys, invitations, and what happened to an account. Frozen once released.
-- Links and codes are stored as SHA-256 only; no view of these tables exists for the public role.

-- Sessions from before were opened by a password when nobody had a second factor. From now on a session is half unless it says so.
ALTER TABLE session ADD COLUMN stage text NOT NULL DEFAULT 'full' CHECK (stage IN ('half', 'full'));
ALTER TABLE session ALTER COLUMN stage SET DEFAULT 'half';
ALTER TABLE session ADD COLUMN proved_at bigint;
ALTER TABLE session ADD COLUMN browser text NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN network text NOT NULL DEFAULT '';

-- confirmed_at null: shown, but no code of it has come back yet. last_step: a code is good once.
CREATE TABLE account_totp (
  account_id text PRIMARY KEY REFERENCES account (id),
  secret text NOT NULL,
  created_at bigint NOT NULL,
  confirmed_at bigint,
  last_step bigint NOT NULL DEFAULT 0
);

-- A row is a code that is still good: a used one is deleted.
CREATE TABLE recovery_code (
  account_id text NOT NULL REFERENCES account (id),
  code_hash text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE passkey (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{16,32}$'),
  account_id text NOT NULL REFERENCES account (id),
  credential_id text NOT NULL UNIQUE,
  public_key text NOT NULL,
  counter bigint NOT NULL,
  transports jsonb NOT NULL,
  name text NOT NULL,
  created_at bigint NOT NULL,
  used_at bigint
);

CREATE INDEX passkey_account ON passkey (account_id);

-- What a passkey is to sign, once. bound_to: the session or the invitation that asked; null for a sign-in.
CREATE TABLE passkey_challenge (
  challenge_hash text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('register', 'join', 'sign-in', 'second', 'prove')),
  bound_to text,
  account_id text,
  network_key text NOT NULL,
  expires_at bigint NOT NULL
);

CREATE INDEX passkey_challenge_network ON passkey_challenge (network_key, expires_at);

-- made_by null: an operator, at the command line.
CREATE TABLE invitation (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{16,32}$'),
  token_hash text NOT NULL UNIQUE,
  email text NOT NULL,
  email_key text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'editor', 'reporter', 'contributor', 'viewer', 'guest')),
  story_id text REFERENCES story (id),
  story_role text CHECK (story_role IN ('editor', 'reporter', 'contributor', 'viewer', 'guest')),
  made_by text REFERENCES account (id),
  made_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint,
  revoked_at bigint,
  CHECK ((story_id IS NULL) = (story_role IS NULL))
);

-- by_id is no reference: an operator at the command line has no account.
CREATE TABLE account_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL REFERENCES account (id),
  kind text NOT NULL,
  detail text NOT NULL DEFAULT '',
  by_id text NOT NULL,
  by_name text NOT NULL,
  credential text NOT NULL,
  at bigint NOT NULL
);

CREATE INDEX account_event_account ON account_event (account_id, id);
