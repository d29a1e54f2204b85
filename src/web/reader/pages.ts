// The reader's pages: front, story, older page, post. Served as ready bytes, made again only when the log moved.
// Called through the route table by web/app.ts. Never shows what store/public.ts did not give.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { latestPath, personPath } from '../../domain/address.ts'
import { cleanLine } from '../../domain/content.ts'
import { AppError, isAppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { formatPosition, parsePosition } from '../../domain/position.ts'
import { firstPageFrom, keysOf, PAGE_SIZE, type PageRange, parsePageRange } from '../../domain/post.ts'
import type { PublicStory } from '../../domain/view.ts'
import type { WireCatchUp } from '../../domain/wire.ts'
import { renderFrontPage } from '../../pages/front-page.ts'
import { renderPersonPage } from '../../pages/person-page.ts'
import { renderPostPage } from '../../pages/post-page.ts'
import type { Assets, Site } from '../../pages/site.ts'
import { renderStoryPage } from '../../pages/story-page.ts'
import type { PublicReads } from '../../store/contract.ts'
import { makeReady, type Ready, sendReady } from '../ready.ts'
import type { Route } from '../routes.ts'
import type { Fragments } from './fragments.ts'
import { wireChanges } from './frames.ts'
import { connectionLost } from './lost.ts'
import type { Shelf } from './shelf.ts'
import { storyAt } from './story-at.ts'

const HTML = 'text/html; charset=utf-8'
/** Any cache may keep it and must ask before each use: a withdrawal is never outlived by a copy. */
const ASK_FIRST = 'public, no-cache'
/** One shared answer for all readers at a position, for as long as a poll is apart. */
const SHARED_BRIEFLY = 'public, max-age=1'
const FRONT_STORIES = 50
const PERSON_POSTS = 50 // what somebody wrote lately, not an archive

export type ReaderDeps = {
  reads: PublicReads
  shelf: Shelf
  fragments: Fragments
  site(request: FastifyRequest): Site
  assets: Assets
  /** The story's pages stand on the shelf from now on: its withdrawals must be heard. */
  serving(storyId: string, seq: number): void
  /** ms since this node last heard the log; law 12. */
  silence(): number
  staleMax: number // ms
}

export function readerRoutes(deps: ReaderDeps): Route[] {
  return [
    {
      method: 'GET',
      url: '/',
      access: 'public',
      object: 'site',
      surface: 'front',
      handler: (q, r) => front(deps, q, r),
    },
    {
      method: 'GET',
      url: '/:story',
      access: 'public',
      object: 'story',
      surface: 'story',
      handler: (q, r) => story(deps, q, r),
    },
    {
      method: 'GET',
      url: '/:story/page/:range',
      access: 'public',
      object: 'story',
      surface: 'older-page',
      handler: (q, r) => older(deps, q, r),
    },
    {
      method: 'GET',
      url: latestPath(':story'),
      access: 'public',
      object: 'story',
      surface: 'older-page',
      handler: (q, r) => storyPage(deps, q, r, (q.params as { story: string }).story, 'latest'),
    },
    {
      method: 'GET',
      url: '/:story/post/:post',
      access: 'public',
      object: 'post',
      surface: 'post',
      handler: (q, r) => post(deps, q, r),
    },
    {
      method: 'GET',
      url: '/person/:name',
      access: 'public',
      object: 'post',
      surface: 'person',
      handler: (q, r) => person(deps, q, r),
    },
    {
      method: 'GET',
      url: '/:story/since/:position',
      access: 'public',
      object: 'story',
      surface: 'catch-up',
      handler: (q, r) => since(deps, q, r),
    },
  ]
}

async function front(deps: ReaderDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const site = deps.site(request)
  return serve(deps, request, reply, `front ${site.origin}`, async () => {
    const faces = await deps.reads.frontPage(FRONT_STORIES)
    const stamp = faces.map((face) => `${face.story.id}.${face.story.seq}`).join()
    return { stamp, make: async () => page(renderFrontPage({ faces, site, assets: deps.assets })) }
  })
}

async function story(deps: ReaderDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { story: name } = request.params as { story: string }
  return storyPage(deps, request, reply, name, null)
}

async function older(deps: ReaderDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { story: name, range: text } = request.params as { story: string; range: string }
  const range = parsePageRange(text)
  if (!range) throw new AppError('not_found', 'There is nothing at this address.')
  return storyPage(deps, request, reply, name, range)
}

async function storyPage(
  deps: ReaderDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  place: PageRange | 'latest' | null,
): Promise<unknown> {
  const order = (request.query as { order?: unknown }).order === 'oldest' ? 'oldest' : 'newest'
  const site = deps.site(request)
  const range = place === 'latest' ? null : place
  const key = `story ${name} ${range ? `${range.from}-${range.to}` : (place ?? 'first')} ${order} ${site.origin}`
  return serve(deps, request, reply, key, async () => {
    const found = await storyAt(deps.reads, request, reply, name)
    if (!found) return null
    if (range && range.from >= firstPageFrom(found.ordinal))
      throw new AppError('not_found', 'There is no such page yet.')
    const shown = place === 'latest' ? null : (range ?? startOf(found, order))
    return {
      stamp: await stampOf(deps, found),
      make: async () => {
        const keys = shown ? keysOf(shown.from, shown.to) : undefined
        deps.serving(found.id, found.seq)
        const view = await deps.reads.storyPage(found.id, keys)
        if (!view) throw new AppError('not_found', 'There is nothing at this address.')
        return page(
          renderStoryPage({
            page: view,
            order,
            range: shown,
            site,
            assets: deps.assets,
            render: deps.fragments.of(view.epoch),
          }),
        )
      },
    }
  })
}

/** Read from the start: the oldest closed page, or the first page where there is no closed one. */
function startOf(found: PublicStory, order: 'newest' | 'oldest'): PageRange | null {
  return order === 'oldest' && firstPageFrom(found.ordinal) > 1 ? { from: 1, to: PAGE_SIZE } : null
}

async function post(deps: ReaderDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { story: name, post: postId } = request.params as { story: string; post: string }
  const site = deps.site(request)
  if (!isId(postId)) throw new AppError('not_found', 'There is nothing at this address.')
  return serve(deps, request, reply, `post ${name} ${postId} ${site.origin}`, async () => {
    const found = await storyAt(deps.reads, request, reply, name)
    if (!found) return null
    const stamp = await stampOf(deps, found)
    return {
      stamp,
      make: async () => {
        deps.serving(found.id, found.seq)
        const view = await deps.reads.postPage(found.id, postId)
        if (!view?.item) throw new AppError('not_found', 'There is nothing at this address.')
        return page(renderPostPage({ view, site, assets: deps.assets, render: deps.fragments.of(view.epoch) }))
      },
    }
  })
}

async function person(deps: ReaderDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const asked = (request.params as { name: string }).name
  const name = cleanLine(asked)
  if (name !== asked && name !== '')
    return reply.code(308).header('cache-control', ASK_FIRST).header('location', personPath(name)).send()
  const site = deps.site(request)
  return serve(deps, request, reply, `person ${name} ${site.origin}`, async () => {
    const posts = await deps.reads.postsBy(name, PERSON_POSTS)
    if (posts.length === 0) throw new AppError('not_found', 'There is nothing at this address.')
    for (const { story } of posts) deps.serving(story.id, story.seq)
    const stamps = posts.map(({ story, post }) => `${post.id}.${post.version}.${story.version}`)
    const stamp = [await deps.reads.epoch(), ...stamps].join()
    return { stamp, make: async () => page(renderPersonPage({ name, posts, site, assets: deps.assets })) }
  })
}

/** The shared catch-up: entries after a position, folded. */
async function since(deps: ReaderDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { story: name, position: text } = request.params as { story: string; position: string }
  const position = parsePosition(text)
  const found = await storyAt(deps.reads, request, reply, name)
  if (!found) return reply
  const epoch = await deps.reads.epoch()
  const changes = epoch === position.epoch ? await deps.reads.changesSince(found.id, position.seq) : null
  const answer: WireCatchUp = changes
    ? {
        position: text,
        head: formatPosition({ epoch, seq: changes.head }),
        changes: wireChanges(changes, deps.fragments),
      }
    : { position: text, head: formatPosition({ epoch, seq: found.seq }), changes: [], refetch: true }
  return sendReady(request, reply, makeReady(JSON.stringify(answer), 'application/json; charset=utf-8', SHARED_BRIEFLY))
}

/** What a page of the story is made from: a page stays good until the public log moves. */
async function stampOf(deps: ReaderDeps, found: PublicStory): Promise<string> {
  return formatPosition({ epoch: await deps.reads.epoch(), seq: found.seq })
}

type Recipe = { stamp: string; make: () => Promise<Ready> }

async function serve(
  deps: ReaderDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  prepare: () => Promise<Recipe | null>,
): Promise<unknown> {
  try {
    const recipe = await prepare()
    if (!recipe) return reply
    let ready = deps.shelf.fresh(key, recipe.stamp)
    if (!ready) {
      ready = await recipe.make()
      deps.shelf.keep(key, recipe.stamp, ready)
    }
    return sendReady(request, reply, ready)
  } catch (error) {
    const last = isAppError(error, 'unavailable') ? deps.shelf.last(key) : null
    if (!last || deps.silence() > deps.staleMax) throw error
    return sendReady(request, reply, connectionLost(last.ready, last.madeAt))
  }
}

function page(html: { toString(): string }): Ready {
  return makeReady(String(html), HTML, ASK_FIRST)
}
