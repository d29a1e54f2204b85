// The board of stories: all of them, found and ordered, with what can be done to each; and what its page asks to keep itself current.
// Called through the route table.
// Never shows a story to somebody who may not read its desk.

import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isId } from '../../domain/id.ts'
import { may } from '../../domain/permission.ts'
import type { DeskStory } from '../../store/desk-reads.ts'
import type { SignedIn } from '../auth/session.ts'
import type { Route } from '../routes.ts'
import { type BoardQuery, boardQuery, boardSearch } from './board-query.ts'
import { type DeskDeps, doneOf, readableStories, rightsOf, shellOf, signedIn } from './deps.ts'
import { DESK_CSP, SCRIPT_CSP, sendDeskPage } from './send.ts'
import { type BoardRow, boardPage, boardRow } from './views/board.ts'

const MAX_ROWS_ASKED = 200

export function boardRoutes(deps: DeskDeps): Route[] {
  const route = (url: string, handler: typeof show): Route => ({
    ...{ method: 'GET', url, access: 'session', object: 'story' },
    handler: (request, reply) => handler(deps, request, reply),
  })
  return [
    route('/desk', show),
    route('/desk/', show), // where the desk on a home screen begins: inside the scope of its worker
    route('/desk/board', stamps),
    route('/desk/board/rows', rows),
  ]
}

async function show(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const { actor } = session
  const query = boardQuery(request.query as Record<string, unknown>)
  const { found, all } = await boardOf(deps, session, query)
  const page = boardPage({
    shell: shellOf(deps, session),
    ...{ query, rows: found, all, script: deps.boardScript, done: doneOf(request) },
    rights: {
      create: may(actor, 'story:create'),
      assign: may(actor, 'roles:assign'),
      photos: may(actor, 'desk:read'),
      snippets: may(actor, 'snippet:use'),
    },
  })
  return sendDeskPage(reply, page, 200, deps.boardScript === null ? DESK_CSP : SCRIPT_CSP)
}

/** Which rows there are, in their order, and what each looks like: a hash. What changes all the time comes as words. */
async function stamps(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const { found, all } = await boardOf(deps, session, boardQuery(request.query as Record<string, unknown>))
  const answer = { all, rows: found.map(({ story, stamp, readers }) => [story.id, stamp, readers]) }
  return reply.header('cache-control', 'no-store').send(answer)
}

async function rows(deps: DeskDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const session = await signedIn(deps, request)
  const given = request.query as Record<string, unknown>
  const ids = new Set(
    String(given.ids ?? '')
      .split(',')
      .filter(isId)
      .slice(0, MAX_ROWS_ASKED),
  )
  const { found } = await boardOf(deps, session, boardQuery(given))
  const text = found.filter(({ story }) => ids.has(story.id)).map(({ markup }) => markup())
  return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text.join('\n'))
}

async function boardOf(
  deps: DeskDeps,
  session: SignedIn,
  query: BoardQuery,
): Promise<{ found: BoardRow[]; all: number }> {
  const { actor } = session
  // A guest sees the stories in which they were given something to do.
  const [{ stories, inStory }, readers] = await Promise.all([readableStories(deps, actor), deps.board.readers()])
  const chosen = sorted(
    stories.filter((story) => fits(story, query)),
    query,
    readers,
  )
  const whole = (story: DeskStory) => may(inStory(story), 'post:read-drafts')
  const idsOf = (some: DeskStory[]) => some.map(({ id }) => id)
  const waiting = new Map([
    ...(await deps.reads.waiting(idsOf(chosen.filter(whole)), actor.id, undefined)),
    ...(await deps.reads.waiting(idsOf(chosen.filter((story) => !whole(story))), actor.id, actor.id)),
  ])
  const shell = shellOf(deps, session)
  const gone = new Set(stories.filter(({ withdrawnAt }) => withdrawnAt !== null).map(({ id }) => id))
  const found = chosen.map((story): BoardRow => {
    const { run, story: rights } = rightsOf(inStory(story))
    const nextWithdrawn = story.continuedBy !== null && gone.has(story.continuedBy)
    const view = { shell, story, waiting: waiting.get(story.id) ?? null, nextWithdrawn, rights: { run, story: rights } }
    const board = boardSearch(query)
    const stamp = stampOf(String(boardRow(view, { board, stamp: '', readers: 0 })))
    const row = { board, stamp, readers: readers.get(story.id) ?? 0 }
    return { ...row, story, markup: () => boardRow(view, row) }
  })
  return { found, all: stories.length }
}

function stampOf(markup: string): string {
  return createHash('sha256').update(markup).digest('base64url').slice(0, 12)
}

function fits({ state, visibility, title, standfirst, withdrawnAt }: DeskStory, query: BoardQuery): boolean {
  if (query.state !== '' && (state !== query.state || withdrawnAt !== null)) return false
  if (query.visibility !== '' && visibility !== query.visibility) return false
  const text = `${title} ${standfirst}`.toLowerCase()
  return query.find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** `last` is the order they were read in: live ones first, then by what happened last. */
function sorted(stories: DeskStory[], { sort }: BoardQuery, readers: ReadonlyMap<string, number>): DeskStory[] {
  if (sort === 'title') return stories.toSorted((one, other) => one.title.localeCompare(other.title))
  if (sort === 'readers')
    return stories.toSorted((one, other) => (readers.get(other.id) ?? 0) - (readers.get(one.id) ?? 0))
  return stories
}
