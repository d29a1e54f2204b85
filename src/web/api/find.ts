// Finding a word or phrase in every post of a story, whatever is loaded anywhere.
// Called by operations.ts.
// Never shows a contributor somebody else's draft, and never answers for more posts than a bound: the next address goes on.

import { z } from 'zod'
import { findInContent, findInLine, MAX_WANTED, type Wanted } from '../../domain/find-in-content.ts'
import { may } from '../../domain/permission.ts'
import type { PostState } from '../../domain/post.ts'
import type { DeskPost } from '../../store/desk-reads.ts'
import * as answers from './answers.ts'
import { API_BASE, type ApiDeps, actorOf, type Call, type Operation, operation } from './operation.ts'

const PAGE = 50 // posts read at once
const MAX_SEARCHED = 500 // posts of one answer: some 5 MB are read for it, a tenth of a second
const ENOUGH = 100 // found posts, after which no page more is read; each may be 256 KB
const SEARCHED: readonly PostState[] = ['draft', 'submitted', 'scheduled', 'published'] // what is withdrawn cannot be changed

const choice = (says: string) => z.enum(['true', 'false']).default('true').describe(says)
const query = z.strictObject({
  words: z.string().min(1).max(MAX_WANTED).describe('A word or phrase. White space in it stands for any.'),
  whole: choice('Not as a part of a longer word.'),
  exact: z.enum(['true', 'false']).default('false').describe('Capitals count.'),
  after: z
    .string()
    .regex(/^[0-9a-z]{16,32}$/)
    .optional()
    .describe('The id of the last post that was searched; from `next`.'),
})

export const FIND: readonly Operation[] = [
  operation({
    ...{ name: 'findInStory', group: 'Desk reads', method: 'GET', path: '/stories/{story}/find' },
    ...{ access: 'desk:read', object: 'post' },
    does: 'Posts of a story that hold a word or phrase in their headline, text, quotes, captions, tags or key event, published or not. Addresses are not searched, nor what is withdrawn.',
    query,
    answer: answers.foundPosts,
    run: find,
  }),
]

async function find({ lists }: ApiDeps, call: Call<z.output<typeof query>>): Promise<unknown> {
  const actor = actorOf(call)
  const { words, whole, exact } = call.query
  const wanted = { words, whole: whole === 'true', exact: exact === 'true' }
  const draftsOf = may(actor, 'post:read-drafts') ? undefined : actor.id
  const found: DeskPost[] = []
  let searched = 0
  let { after } = call.query
  let more = true
  while (more && searched < MAX_SEARCHED && found.length < ENOUGH) {
    const posts = await lists.posts(call.params.story, { states: SEARCHED, draftsOf, after, limit: PAGE })
    found.push(...posts.filter((post) => holds(post, wanted)))
    searched += posts.length
    more = posts.length === PAGE
    after = posts.at(-1)?.id ?? after
  }
  const asked = new URLSearchParams({ ...call.query, ...(after === undefined ? {} : { after }) })
  const next = more ? `${API_BASE}/stories/${call.params.story}/find?${asked}` : null
  return { posts: found.map(answers.deskPostAnswer), searched, next }
}

function holds({ content, keyEvent }: DeskPost, wanted: Wanted): boolean {
  return findInContent(content, wanted).length > 0 || findInLine(keyEvent?.title ?? '', wanted).length > 0
}
