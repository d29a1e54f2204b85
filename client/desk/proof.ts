// What a refusal asks for beside words: a fresh proof of who somebody is, a second confirmation, a word about copies.
// Called by bulk.ts, rows.ts and the views. Pure.
// Never follows an address that is not one of ours.

import type { Refusal } from './server/api.ts'

export type CopyAt = { storyId: string; postId: string }

/** Where somebody proves that it is them; null: that is not what is missing. */
export function proofPath({ details }: Pick<Refusal, 'details'>): string | null {
  const { prove } = asked(details)
  return typeof prove === 'string' && /^\/desk\/[\w/-]+$/.test(prove) ? prove : null
}

/** The copies that nobody said anything of; null: it is not about copies. */
export function copiesAsked({ details }: Pick<Refusal, 'details'>): readonly CopyAt[] | null {
  const { copies } = asked(details)
  return Array.isArray(copies) ? (copies as CopyAt[]) : null
}

/** An embargo holds, and nobody said a second time that it is to be broken. */
export function embargoAsked({ details }: Pick<Refusal, 'details'>): boolean {
  return asked(details).embargo !== undefined
}

function asked(details: unknown): { prove?: unknown; copies?: unknown; embargo?: unknown } {
  return typeof details === 'object' && details !== null ? details : {}
}
