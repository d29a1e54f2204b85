// What programs of the newsroom read: who they are, stories and posts in every state, revisions of a post.
// Called by operations.ts.
// Never shows a contributor somebody else's draft: such a post is as absent as one that never was.

import { z } from 'zod'
import { AppError } from '../../domain/error.ts'
import { type Actor, may, ROLES } from '../../domain/permission.ts'
import { isDiscarded, MAX_REVISION, POST_STATES, type PostState } from '../../domain/post.ts'
import { STORY_STATES, VISIBILITIES } from '../../domain/story.ts'
import type { DeskPost } from '../../store/desk-reads.ts'
import * as answers from './answers.ts'
import { API_BASE, type ApiDeps, actorOf, type Call, type Operation, operation } from './operation.ts'

const MAX_PAGE = 100 // posts or stories of one answer; a post may be 256 KB
const DEFAULT_PAGE = 50
const MAX_TOLD = 1_000 // posts of which a few numbers are told

const limit = z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE).describe('At most so many.')
const after = z
  .string()
  .regex(/^[0-9a-z]{16,32}$/)
  .optional()
  .describe('The id of the last one you have; from `next`.')
const oneState = `(${POST_STATES.join('|')})`
const states = z
  .string()
  .regex(new RegExp(`^${oneState}(,${oneState})*$`))
  .optional()
  .describe(`Some of ${POST_STATES.join(', ')}, separated by commas.`)

export const STAFF_READS: readonly Operation[] = [
  operation({
    name: 'whoAmI',
    group: 'Desk reads',
    method: 'GET',
    path: '/me',
    access: 'session',
    object: 'account',
    does: 'Whose credential this is, and what it may be used for.',
    answer: answers.caller,
    run: async (_deps, { caller }) => {
      if (!caller) throw new AppError('unauthorized', 'Nobody is signed in.')
      const { id, name, role, scopes = null } = caller.actor
      return { id, name, role, scopes, credential: caller.credential, expiresAt: caller.expiresAt, csrf: caller.csrf }
    },
  }),
  operation({
    ...read('listStories', '/stories', 'desk:read', 'story'),
    does: 'Stories in every state that the caller may see, newest first.',
    query: z.strictObject({
      state: z.enum(STORY_STATES).optional().describe('Only those in this state.'),
      visibility: z.enum(VISIBILITIES).optional().describe('Only those of this visibility.'),
      may: z
        .enum(['post:draft', 'post:publish'])
        .optional()
        .describe('Only those in which the caller may do this with posts of their own.'),
      after,
      limit,
    }),
    answer: answers.deskStories,
    run: async ({ lists, publicReads }, call) => {
      const actor = actorOf(call)
      const { id: accountId, role: roleAtHome } = actor
      const { may: wanted, ...query } = call.query
      const roles = ROLES.filter(
        (role) => may({ id: accountId, role }, 'desk:read') && (!wanted || may({ ...actor, role }, wanted, accountId)),
      )
      // A token may lack the scope in every role, an administrator's too.
      const found =
        roles.length === 0
          ? []
          : await lists.stories({ ...query, accountId, roleAtHome, roles, limit: query.limit + 1 })
      const epoch = await publicReads.epoch()
      const stories = found.slice(0, query.limit).map((story) => answers.deskStoryAnswer(story, epoch))
      return { stories, next: nextOf('/stories', call.query, found.length > query.limit, stories.at(-1)?.id) }
    },
  }),
  operation({
    ...read('getStory', '/stories/{story}', 'desk:read', 'story'),
    does: 'A story in any state.',
    answer: answers.deskStory,
    run: async ({ reads, publicReads }, { params }) => {
      const story = await reads.story(params.story)
      if (!story) throw new AppError('not_found', 'There is no such story.')
      return answers.deskStoryAnswer(story, await publicReads.epoch())
    },
  }),
  operation({
    ...read('listPosts', '/stories/{story}/posts', 'desk:read', 'post'),
    does: 'Posts of a story in every state: unpublished ones first, then as readers see them.',
    query: z.strictObject({ state: states, after, limit }),
    answer: answers.deskPosts,
    run: async ({ lists, notes }, call) => {
      const actor = actorOf(call)
      const { query, params } = call
      const found = await lists.posts(params.story, {
        states: query.state?.split(',') as PostState[] | undefined,
        draftsOf: may(actor, 'post:read-drafts') ? undefined : actor.id,
        after: query.after,
        limit: query.limit + 1,
      })
      const counts = await notes.counts(params.story)
      const posts = found
        .slice(0, query.limit)
        .map((post) => ({ ...answers.deskPostAnswer(post), notes: counts.get(post.id) ?? 0 }))
      const path = `/stories/${params.story}/posts`
      return { posts, next: nextOf(path, query, found.length > query.limit, posts.at(-1)?.id) }
    },
  }),
  operation({
    ...read('listAttention', '/stories/{story}/attention', 'desk:read', 'post'),
    does: 'What readers’ browsers told of published posts: how often each was read, and how soon it was on the screen. Newest posts first; absent where nothing was told.',
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(MAX_TOLD).default(DEFAULT_PAGE).describe('At most so many.'),
    }),
    answer: answers.attention,
    run: async ({ attention }, { params, query }) => ({ posts: await attention.ofStory(params.story, query.limit) }),
  }),
  operation({
    ...read('getPost', '/stories/{story}/posts/{post}', 'desk:read', 'post'),
    does: 'One post in any state, with its revision.',
    answer: answers.deskPost,
    run: async (deps, call) => {
      const post = await postOf(deps, call)
      const open = post.state === 'published' || (post.state === 'withdrawn' && !isDiscarded(post))
      if (!open) requireSeen(actorOf(call), post)
      return answers.deskPostAnswer(post)
    },
  }),
  operation({
    ...read('listRevisions', '/stories/{story}/posts/{post}/revisions', 'post:read-drafts', 'post'),
    does: 'The revisions of a post: which act made each, when and by whom.',
    answer: answers.revisions,
    run: async (deps, call) => {
      const post = await postOf(deps, call)
      requireSeen(actorOf(call), post)
      return { revisions: await deps.lists.revisions(post.id) }
    },
  }),
  operation({
    ...read('getRevision', '/stories/{story}/posts/{post}/revisions/{revision}', 'post:read-drafts', 'post'),
    does: 'The text of a post as it was at a revision.',
    answer: answers.revisionContent,
    run: async (deps, call) => {
      const post = await postOf(deps, call)
      requireSeen(actorOf(call), post)
      const revision = Number(call.params.revision)
      const content = revision > MAX_REVISION ? null : await deps.reads.contentAt(post.id, revision)
      if (!content) throw new AppError('not_found', 'There is no such revision.')
      return { revision, content }
    },
  }),
]

function read(name: string, path: string, access: Operation['access'], object: Operation['object']) {
  return { name, group: 'Desk reads' as const, method: 'GET' as const, path, access, object }
}

async function postOf({ reads }: ApiDeps, { params }: Call): Promise<DeskPost> {
  const post = await reads.post(params.story, params.post)
  if (!post) throw noPost()
  return post
}

/** Throws `not_found`: to say "forbidden" would say that it is there. */
function requireSeen(actor: Actor, post: DeskPost): void {
  if (!may(actor, 'post:read-drafts', post.createdBy)) throw noPost()
}

function noPost(): AppError {
  return new AppError('not_found', 'There is no such post in this story.')
}

/** The same question, going on after the last one. */
function nextOf(path: string, query: Record<string, unknown>, more: boolean, last: string | undefined): string | null {
  if (!more || last === undefined) return null
  const given = Object.entries({ ...query, after: last }).filter(([, value]) => value !== undefined)
  return `${API_BASE}${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}
