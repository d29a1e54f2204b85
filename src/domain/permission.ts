// Who may do what: one table, one question, deny by default. docs/security.md shows the same table.
// Called by newsroom at the moment of effect and by web to decide which buttons to show. Pure.

import { PROVE_PATH } from './address.ts'
import { AppError } from './error.ts'

/** `guest`: nothing in the newsroom, only what single stories give. */
export const ROLES = ['admin', 'editor', 'reporter', 'contributor', 'viewer', 'guest'] as const
export type Role = (typeof ROLES)[number]

export const ACTIONS = [
  'desk:read',
  'post:read-drafts',
  'post:draft', // save, submit
  'post:review', // approve, send back
  'post:publish', // undo too
  'post:schedule', // schedule, embargo
  'post:break-embargo',
  'post:change', // revise, correct, flag, mark, pin
  'post:order',
  'post:copy',
  'post:withdraw',
  'media:upload',
  'media:edit', // words and rights of a photo
  'media:withdraw',
  'snippet:use',
  'snippet:change', // save, delete
  'story:create',
  'story:run', // start, pause, resume, end
  'story:summary',
  'story:settings', // title, standfirst, lead, plan, visibility
  'story:continue',
  'story:withdraw',
  'import',
  'roles:assign',
  'token:create',
] as const
export type Action = (typeof ACTIONS)[number]

/** What a token may be limited to. Breaking an embargo, roles and tokens are for people at a keyboard only. */
export const SCOPES = ['read', 'draft', 'publish', 'withdraw', 'manage'] as const
export type Scope = (typeof SCOPES)[number]

const IN_SCOPE: Record<Scope, readonly Action[]> = {
  read: ['desk:read', 'post:read-drafts'],
  draft: ['post:draft', 'media:upload', 'snippet:use'],
  publish: [
    'post:review',
    'post:publish',
    'post:schedule',
    'post:change',
    'post:order',
    'post:copy',
    'media:edit',
    'story:run',
    'story:summary',
  ],
  withdraw: ['post:withdraw', 'media:withdraw'],
  manage: ['story:create', 'story:settings', 'story:continue', 'story:withdraw', 'snippet:change', 'import'],
}

/** The one scope that holds an action; null: no token can do it. */
export function scopeOf(action: Action): Scope | null {
  return SCOPES.find((scope) => IN_SCOPE[scope].includes(action)) ?? null
}

/**
 * Who acts, and by which credential: a value that is passed, never ambient. `scopes` absent = a session: no limit.
 * `fresh`: of a session, whether somebody proved within PROOF_MS that it is them.
 */
export type Actor = {
  id: string
  name: string
  role: Role
  credential: string
  scopes?: readonly Scope[]
  fresh?: boolean
}

export const PROOF_MS = 5 * 60_000 // long enough for a row of such acts, short enough for a desk left open

/** What cannot be taken back, or changes who may do what: a session alone is not enough for it. */
const WANTS_PROOF: ReadonlySet<Action> = new Set([
  'post:break-embargo',
  'media:withdraw',
  'story:withdraw',
  'roles:assign',
])

export function wantsProof(action: Action): boolean {
  return WANTS_PROOF.has(action)
}

/** Tokens have no keyboard to prove anything at: their scopes were given by an operator. Throws `step_up`. */
export function requireProof(actor: Pick<Actor, 'credential' | 'fresh'>): void {
  if (!actor.credential.startsWith('session:') || actor.fresh === true) return
  throw new AppError('step_up', 'This wants a fresh proof that it is you. Nothing was done yet.', {
    details: { prove: PROVE_PATH },
  })
}

type Rule = 'yes' | 'own'
const EVERYTHING: Partial<Record<Action, Rule>> = Object.fromEntries(ACTIONS.map((action) => [action, 'yes' as const]))
const { 'roles:assign': _roles, ...EDITING } = EVERYTHING

const TABLE: Record<Role, Partial<Record<Action, Rule>>> = {
  admin: EVERYTHING,
  editor: EDITING,
  reporter: {
    'desk:read': 'yes',
    'post:read-drafts': 'yes',
    'post:draft': 'own',
    'post:publish': 'own',
    'post:schedule': 'own',
    'post:change': 'own',
    'post:copy': 'own',
    'post:withdraw': 'own',
    'media:upload': 'yes',
    'snippet:use': 'yes',
    'token:create': 'yes',
  },
  contributor: {
    'desk:read': 'yes',
    'post:read-drafts': 'own',
    'post:draft': 'own',
    'media:upload': 'yes',
    'snippet:use': 'yes',
  },
  viewer: { 'desk:read': 'yes', 'post:read-drafts': 'yes' },
  guest: {},
}

/** Of these, the ones of which the role may do nothing; in a single story its holder may still have a higher role. */
export function idleScopes(role: Role, scopes: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => !IN_SCOPE[scope].some((action) => TABLE[role][action] !== undefined))
}

/** `ownerId` is who made the thing acted upon; absent for things nobody owns. */
export function may(actor: Pick<Actor, 'id' | 'role' | 'scopes'>, action: Action, ownerId?: string): boolean {
  if (actor.scopes && !actor.scopes.some((scope) => IN_SCOPE[scope].includes(action))) return false
  const rule = TABLE[actor.role]?.[action]
  return rule === 'yes' || (rule === 'own' && ownerId === actor.id)
}

/** For the moment of effect. Throws `forbidden`, naming what is missing, and `step_up` where the act wants a fresh proof. */
export function requireMay(actor: Actor, action: Action, ownerId?: string): void {
  requireMayLook(actor, action, ownerId)
  if (wantsProof(action)) requireProof(actor)
}

/** For a page that shows or asks and changes nothing. Throws `forbidden`, naming what is missing. */
export function requireMayLook(actor: Actor, action: Action, ownerId?: string): void {
  const refusal = refusalOf(actor, action, ownerId)
  if (refusal !== null) throw new AppError('forbidden', refusal)
}

/** Why not, in a sentence; null: they may. What no other credential would mend, the role, comes before the token's scopes. */
export function refusalOf(
  actor: Pick<Actor, 'id' | 'role' | 'scopes'>,
  action: Action,
  ownerId?: string,
): string | null {
  if (may(actor, action, ownerId)) return null
  const { role, scopes } = actor
  const rule = TABLE[role]?.[action]
  if (rule === undefined) return `Your role (${role}) does not allow this.`
  if (scopes && scopeOf(action) === null) return FOR_PEOPLE[action] ?? 'No token may do this: sign in at the desk.'
  const has = scopes?.length ? scopes.join(', ') : 'none'
  if (scopes && !may({ ...actor, scopes }, action, actor.id))
    return `This needs the scope \`${scopeOf(action)}\`; this token has ${has}.`
  return `Your role (${role}) allows this for your own posts only.`
}

const FOR_PEOPLE: Partial<Record<Action, string>> = {
  'post:break-embargo': 'A token may never lift, shorten or break an embargo that holds: do it on the desk.',
}

/** The role in one story: the one given there, where there is one; an administrator stays one everywhere. */
export function roleInStory(newsroom: Role, story: Role | null): Role {
  return newsroom === 'admin' ? 'admin' : (story ?? newsroom)
}
