// What of the board of stories is asked for, as its address says it.
// Called by board.ts, its view and what leads back to it. Pure.

import { STORY_STATES, VISIBILITIES } from '../../domain/story.ts'

const MAX_WORDS = 100 // characters that are looked for
export const SORTS = ['last', 'readers', 'title'] as const

/** What of the board is asked for; '' = all. */
export type BoardQuery = {
  state: (typeof STORY_STATES)[number] | ''
  visibility: (typeof VISIBILITIES)[number] | ''
  find: string
  sort: (typeof SORTS)[number]
}

/** Anything that is not one of ours is as if it were not there. */
export function boardQuery(given: Record<string, unknown>): BoardQuery {
  const one = <T extends string>(all: readonly T[], value: unknown) => all.find((known) => known === value)
  return {
    state: one(STORY_STATES, given.state) ?? '',
    visibility: one(VISIBILITIES, given.visibility) ?? '',
    find: typeof given.find === 'string' ? given.find.trim().slice(0, MAX_WORDS) : '',
    sort: one(SORTS, given.sort) ?? 'last',
  }
}

/** Without what is asked for anyway; begins with `?`, or ''. */
export function boardSearch(query: BoardQuery, more: Record<string, string> = {}): string {
  const given = Object.entries({ ...query, sort: query.sort === 'last' ? '' : query.sort, ...more })
  const text = new URLSearchParams(given.filter(([, value]) => value !== '')).toString()
  return text === '' ? '' : `?${text}`
}
