-- Single sign-on: whose account an identity at a provider is, sign-ins that are under way there, and one-time links made
-- on the machine. Frozen once released.
-- Tokens are stored as SHA-256 only; no view of these tables exists for the public role.

CREATE TABLE sso_identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  account_id text NOT NULL REFERENCES account (id),
  bound_at bigint NOT NULL,
  used_at bigint NOT NULL,
  PRIMARY KEY (issuer, subject),
  -- One person of a provider is one account: a second one with the same address must not take it over.
  UNIQUE (account_id, issuer)
);

CREATE TABLE sso_attempt (
  state_hash text PRIMARY KEY,
  browser_hash text NOT NULL,
  nonce text NOT NULL,
  verifier text NOT NULL,
  next text NOT NULL,
  address_key text NOT NULL,
  expires_at bigint NOT NULL
);

CREATE INDEX sso_attempt_address ON sso_attempt (address_key);

-- One row of an account at most: a new link takes the place of the older one.
CREATE TABLE sign_in_link (
  account_id text PRIMARY KEY REFERENCES account (id),
  token_hash text NOT NULL UNIQUE,
  expires_at bigint NOT NULL
);
