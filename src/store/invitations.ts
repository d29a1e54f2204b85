// Invitations: a link that is good once, for three days, with the role in it. Who is invited sets the password or passkey.
// Called by web/auth, web/desk and `dateline user`.
// Never stores a link: only its SHA-256. Never lets in on the word of somebody who may not invite any more.

import { AppError } from '../domain/error.ts'
import { isId, makeId } from '../domain/id.ts'
import type { Actor, Role } from '../domain/permission.ts'
import { tellEvent } from './account-events.ts'
import { accountRow, checkedEmail, emailKey, insertAccount } from './accounts.ts'
import { insertPasskey, type NewPasskey } from './passkeys.ts'
import { asAdmin } from './people.ts'
import { firstCodes } from './second-factors.ts'
import { hashToken, newToken } from './secret.ts'
import { createSignInBrake } from './sign-in-brake.ts'
import type { Database } from './tables.ts'
import { translating } from './translating.ts'

const HOUR = 3_600_000
export const INVITATION_MS = 72 * HOUR // over a weekend
const MAX_OPEN = 200 // of the whole newsroom

export type StoryRole = Exclude<Role, 'admin'>
export type Wanted = { email: string; role: Role; story: { id: string; role: StoryRole } | null }
/** `token` stands in the link and nowhere else. */
export type MadeInvitation = { id: string; token: string; expiresAt: number }
export type InvitationLine = Wanted & {
  id: string
  storyTitle: string | null
  madeBy: string | null
  expiresAt: number
}
/** `password` null: by passkey alone. */
export type Joining = { name: string; password: string | null; passkey: NewPasskey | null; accountId?: string }
/** `codes`: recovery codes, shown once; [] without a passkey. */
export type Joined = {
  id: string
  invitation: string
  invitedBy: string | null
  story: Wanted['story']
  codes: string[]
}

export type Invitations = {
  /** Throws `invalid`, `conflict` for an address that has an account, `forbidden`, `step_up`. */
  make(actor: Actor, wanted: Wanted): Promise<MadeInvitation>
  /** Those that can still be used, newest first. */
  open(): Promise<InvitationLine[]>
  revoke(actor: Actor, id: string): Promise<void>
  /** Throws `not_found` for a link that is not good (any more), `too_many` for one who guesses. */
  read(token: string, address: string): Promise<InvitationLine>
  /** Uses the link up. Throws `not_found`, `invalid`, `conflict`. */
  accept(token: string, person: Joining): Promise<Joined>
}

type Deps = { db: Database; now(): number; random(size: number): Uint8Array }

export function createInvitations(deps: Deps): Invitations {
  const { db, now } = deps
  return translating<Invitations>({
    make: (actor, wanted) => make(deps, actor, wanted),
    open: async () => (await openOnes(db, now()).orderBy('made_at', 'desc').limit(MAX_OPEN).execute()).map(lineOf),
    revoke: (actor, id) =>
      asAdmin(deps, actor, async (tx) => {
        const changed = await tx
          .updateTable('invitation')
          .set({ revoked_at: now() })
          .where('id', '=', id)
          .where('used_at', 'is', null)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        if (changed.numUpdatedRows === 0n) throw new AppError('not_found', 'There is no such open invitation.')
      }),
    read: async (token, address) => {
      const passed = await createSignInBrake(db, now).begin(`invitation:${token}`, address)
      const row = await openOnes(db, now()).where('token_hash', '=', hashToken(token)).executeTakeFirst()
      if (!row) throw deadInvitation()
      await passed()
      return lineOf(row)
    },
    accept: (token, person) => accept(deps, token, person),
  })
}

async function make(deps: Deps, actor: Actor, { email: typed, role, story }: Wanted): Promise<MadeInvitation> {
  const email = checkedEmail(typed)
  const token = newToken(deps.random)
  const at = deps.now()
  const row = { id: makeId(deps.random), made_at: at, expires_at: at + INVITATION_MS }
  await asAdmin(deps, actor, async (tx) => {
    const known = await tx
      .selectFrom('account')
      .select('id')
      .where('email_key', '=', emailKey(email))
      .executeTakeFirst()
    if (known) throw new AppError('conflict', 'There is an account with this e-mail address already.')
    if (story && !(await tx.selectFrom('story').select('id').where('id', '=', story.id).executeTakeFirst()))
      throw new AppError('invalid', 'There is no such story.')
    // A newer link for the same person takes the place of the older one.
    await tx
      .updateTable('invitation')
      .set({ revoked_at: at })
      .where('email_key', '=', emailKey(email))
      .where('used_at', 'is', null)
      .where('revoked_at', 'is', null)
      .execute()
    await tx
      .insertInto('invitation')
      .values({
        ...row,
        ...{ token_hash: hashToken(token), email, email_key: emailKey(email), role },
        ...{ story_id: story?.id ?? null, story_role: story?.role ?? null },
        ...{ made_by: isId(actor.id) ? actor.id : null, used_at: null, revoked_at: null },
      })
      .execute()
  })
  return { id: row.id, token, expiresAt: row.expires_at }
}

/** Whoever made it must still be one who may. */
function openOnes(db: Database, at: number) {
  return db
    .selectFrom('invitation')
    .leftJoin('account as maker', 'maker.id', 'invitation.made_by')
    .leftJoin('story', 'story.id', 'invitation.story_id')
    .select(['invitation.id', 'invitation.email', 'invitation.role', 'invitation.expires_at', 'invitation.made_at'])
    .select(['invitation.story_id', 'invitation.story_role', 'story.title as story_title', 'maker.name as maker_name'])
    .where('invitation.expires_at', '>', at)
    .where('invitation.used_at', 'is', null)
    .where('invitation.revoked_at', 'is', null)
    .where(({ or, and, eb }) =>
      or([
        eb('invitation.made_by', 'is', null),
        and([eb('maker.role', '=', 'admin'), eb('maker.disabled_at', 'is', null)]),
      ]),
    )
}

async function accept(deps: Deps, token: string, person: Joining): Promise<Joined> {
  const { db, now, random } = deps
  const hash = hashToken(token)
  // Asked before a password is hashed; asked again by the update, which lets one of two through.
  const open = await openOnes(db, now()).where('token_hash', '=', hash).executeTakeFirst()
  if (!open) throw deadInvitation()
  if (person.password === null && person.passkey === null)
    throw new AppError('invalid', 'Choose a password or a passkey.')
  const row = await accountRow(deps, { name: person.name, email: open.email, password: person.password }, open.role)
  if (person.accountId) row.id = person.accountId
  return db.transaction().execute(async (tx) => {
    const used = await tx
      .updateTable('invitation')
      .set({ used_at: now() })
      .where('token_hash', '=', hash)
      .where('used_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now())
      .returning('made_by')
      .executeTakeFirst()
    if (!used || !(await stillInvites(tx, used.made_by))) throw deadInvitation()
    const { id } = await insertAccount(tx, row)
    const by = { id, name: row.name, credential: `invitation:${open.id}` }
    const detail = `invited by ${open.maker_name ?? 'the command line'}`
    await tellEvent(tx, { accountId: id, kind: 'joined', detail, by, at: now() })
    if (person.passkey) await insertPasskey(tx, deps, id, person.passkey)
    const codes = person.passkey ? await firstCodes(tx, id, random, now()) : []
    return { id, invitation: open.id, invitedBy: used.made_by, story: storyOf(open), codes }
  })
}

async function stillInvites(db: Database, accountId: string | null): Promise<boolean> {
  if (accountId === null) return true
  const maker = db.selectFrom('account').select('id').where('id', '=', accountId).where('role', '=', 'admin')
  return (await maker.where('disabled_at', 'is', null).executeTakeFirst()) !== undefined
}

type OpenRow = {
  id: string
  email: string
  role: Role
  story_id: string | null
  story_role: StoryRole | null
  story_title: string | null
  maker_name: string | null
  expires_at: number
}

function lineOf(row: OpenRow): InvitationLine {
  const { id, email, role, story_title, maker_name, expires_at } = row
  return { id, email, role, story: storyOf(row), storyTitle: story_title, madeBy: maker_name, expiresAt: expires_at }
}

function storyOf({ story_id, story_role }: Pick<OpenRow, 'story_id' | 'story_role'>): Wanted['story'] {
  return story_id !== null && story_role !== null ? { id: story_id, role: story_role } : null
}

function deadInvitation(): AppError {
  return new AppError(
    'not_found',
    'This invitation was used, is older than three days, or was taken back. Ask whoever invited you for a new link.',
  )
}
