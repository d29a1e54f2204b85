// Who may do what: one table, one question, deny by default.
// Called by newsroom at the moment of effect and by web to decide which buttons to show. Pure.

import { AppError } from './error.ts'

export const ROLES = ['admin', 'editor', 'reporter', 'contributor', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** Who acts, and by which credential: a value that is passed, never ambient. */
export type Actor = { id: string; name: string; role: Role; credential: string }

export const ACTIONS = [
  'story:create',
  'story:run', // start, end
  'story:settings',
  'post:draft',
  'post:publish',
  'post:change', // revise, correct, mark, pin
  'post:withdraw',
  'photo:withdraw', // out of every post, whoever made it
  'import',
  'desk:read',
] as const
export type Action = (typeof ACTIONS)[number]

type Rule = 'yes' | 'own'
const EVERYTHING: Partial<Record<Action, Rule>> = Object.fromEntries(ACTIONS.map((action) => [action, 'yes' as const]))

const TABLE: Record<Role, Partial<Record<Action, Rule>>> = {
  admin: EVERYTHING,
  editor: EVERYTHING,
  reporter: {
    'post:draft': 'yes',
    'post:publish': 'own',
    'post:change': 'own',
    'post:withdraw': 'own',
    'desk:read': 'yes',
  },
  contributor: { 'post:draft': 'own' },
  viewer: { 'desk:read': 'yes' },
}

/** `ownerId` is who made the thing acted upon; absent for things nobody owns. */
export function may(actor: Actor, action: Action, ownerId?: string): boolean {
  const rule = TABLE[actor.role]?.[action]
  return rule === 'yes' || (rule === 'own' && ownerId === actor.id)
}

/** Throws `forbidden`. */
export function requireMay(actor: Actor, action: Action, ownerId?: string): void {
  if (!may(actor, action, ownerId)) throw new AppError('forbidden', 'Your role does not allow this.')
}
