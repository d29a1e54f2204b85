// The tables of people and their sign-ins, as Kysely sees them.
// Called by store/tables.ts and the files of people and sign-in. Never leaves the room.

import type { ColumnType, Generated } from 'kysely'
import type { Role, Scope } from '../domain/permission.ts'

/** A jsonb column: read as the value, written as JSON text. */
export type JsonColumn<T> = ColumnType<T, string, string>

/** `email_key` is the address folded for comparing; `password` an argon2id string in PHC form, '' = this account has none. */
export type AccountTable = {
  id: string
  email: string
  email_key: string
  name: string
  role: Role
  password: string
  created_at: number
  disabled_at: number | null
}

/** `token_hash` is the SHA-256 of the cookie's value, which itself is stored nowhere. */
export type SessionTable = {
  id: string
  token_hash: string
  account_id: string
  created_at: number
  seen_at: number
  expires_at: number
  revoked_at: number | null
  stage: 'half' | 'full'
  proved_at: number | null
  browser: Generated<string>
  network: Generated<string>
}

/** `last_step`: the newest time step whose code was taken. */
export type TotpTable = {
  account_id: string
  secret: string
  created_at: number
  confirmed_at: number | null
  last_step: Generated<number>
}

export type RecoveryCodeTable = { account_id: string; code_hash: string; created_at: number }

/** `credential_id` and `public_key` in base64url. */
export type PasskeyTable = {
  id: string
  account_id: string
  credential_id: string
  public_key: string
  counter: number
  transports: JsonColumn<string[]>
  name: string
  created_at: number
  used_at: number | null
}

export type ChallengePurpose = 'register' | 'join' | 'sign-in' | 'second' | 'prove'

export type PasskeyChallengeTable = {
  challenge_hash: string
  purpose: ChallengePurpose
  bound_to: string | null
  account_id: string | null
  network_key: string
  expires_at: number
}

export type InvitationTable = {
  id: string
  token_hash: string
  email: string
  email_key: string
  role: Role
  story_id: string | null
  story_role: Exclude<Role, 'admin'> | null
  made_by: string | null
  made_at: number
  expires_at: number
  used_at: number | null
  revoked_at: number | null
}

export type AccountEventTable = {
  id: Generated<number>
  account_id: string
  kind: string
  detail: string
  by_id: string
  by_name: string
  credential: string
  at: number
}

export type SetupTokenTable = { one: Generated<boolean>; token_hash: string; created_at: number; expires_at: number }

/** One failed (or still unfinished) sign-in. Keys are hashes: people type passwords into the wrong field. */
export type SignInAttemptTable = { id: Generated<number>; account_key: string; address_key: string; at: number }

/** `role` of an account in one story; it takes the place of the newsroom's. */
export type StoryRoleTable = { story_id: string; account_id: string; role: Role; given_by: string; at: number }

/** `token_hash` is the SHA-256 of the token, which itself is stored nowhere. */
export type ApiTokenTable = {
  id: string
  account_id: string
  name: string
  token_hash: string
  scopes: JsonColumn<Scope[]>
  created_at: number
  used_at: number | null
  expires_at: number
  revoked_at: number | null
}

/** The answer to a request that carried an Idempotency-Key, for as long as the key is kept. */
export type IdempotencyTable = {
  account_id: string
  key: string
  request_hash: string
  status: number
  body: string
  at: number
}

/** `subject` at `issuer` is the account: never its e-mail address, which a provider may give to somebody else. */
export type SsoIdentityTable = {
  issuer: string
  subject: string
  account_id: string
  bound_at: number
  used_at: number
}

/** A sign-in that is under way at a provider. Keys are SHA-256; it is deleted when its answer comes. */
export type SsoAttemptTable = {
  state_hash: string
  browser_hash: string
  nonce: string
  verifier: string
  next: string
  address_key: string
  expires_at: number
}

/** `token_hash` is the SHA-256 of the link's token, which itself is stored nowhere. */
export type SignInLinkTable = { account_id: string; token_hash: string; expires_at: number }

export type AccountTables = {
  sso_identity: SsoIdentityTable
  sso_attempt: SsoAttemptTable
  sign_in_link: SignInLinkTable
  story_role: StoryRoleTable
  api_token: ApiTokenTable
  idempotency: IdempotencyTable
  account: AccountTable
  session: SessionTable
  setup_token: SetupTokenTable
  sign_in_attempt: SignInAttemptTable
  account_totp: TotpTable
  recovery_code: RecoveryCodeTable
  passkey: PasskeyTable
  passkey_challenge: PasskeyChallengeTable
  invitation: InvitationTable
  account_event: AccountEventTable
}
