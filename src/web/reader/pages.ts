// The reader's pages: front, story, older page, post. Served as ready bytes, made again only when the log moved.
// Called through the route table by web/app.ts. Never shows what store/public.ts did not give.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { latestPath, personPath, postPath, rangePath, sincePath, storyPath, tagPath } from '../../domain/address.ts'
import { cleanLine } from '../../domain/content.ts'
import { AppError } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import { formatPosition, parsePosition } from '../../domain/position.ts'
import { firstPageFrom, keysOf, PAGE_SIZE, type PageRange, parsePageRange } from '../../domain/post.ts'
import type { PostOfStory, PublicStory } from '../../domain/view.ts'
import type { WireCatchUp } from '../../domain/wire.ts'
import type { SafeHtml } from '../../kit/html.ts'
import { renderFrontPage } from '../../pages/front-page.ts'
import { renderPersonPage } from '../../pages/person-page.ts'
import { renderPostPage } from '../../pages/post-page.ts'
import type { Assets, Site } from '../../pages/site.ts'
import { renderStoryPage } from '../../pages/story-page.ts'
import { renderTagPage } from '../../pages/tag-page.ts'
import type { PublicReads } from '../../store/contract.ts'
import { makeReady, type Ready, sendReady } from '../ready.ts'
import type { Route } from '../routes.ts'
import { createFlights, type Flights } from './flights.ts'
import type { Fragments } from './fragments.ts'
import { wireChanges } from './frames.ts'
import { ASK_FIRST, FRONT_STORIES, frontStamp, originOf } from './made-from.ts'
import { type Recipe, type Serving, servePage } from './serve-page.ts'
import { type Elsewhere, sendOn, storyAt } from './story-at.ts'

const HTML = 'text/html; charset=utf-8'
/** One shared answer for all readers at a position, for as long as a poll is apart. */
const SHARED_BRIEFLY = 'public, max-age=1'
const LISTED_POSTS = 50 // what somebody wrote lately, or what is new on a topic; not an archive

export type ReaderDeps = Serving & {
  reads: PublicReads
  fragments: Fragments
  site(request: FastifyRequest): Site
  assets: Assets
  /** The story stands on the shelf from now on: its withdrawals must be heard. */
  serving(storyId: string, seq: number): void
}

type Deps = ReaderDeps & { flights: Flights }

export function readerRoutes(given: ReaderDeps): Route[] {
  const deps: Deps = { ...given, flights: createFlights(() => given.shelf.turn()) }
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
    ...listPages(deps).map(
      (list): Route => ({
        method: 'GET',
        url: `/${list.kind}/:name`,
        access: 'public',
        object: 'post',
        surface: list.kind,
        handler: (q, r) => listPage(deps, q, r, list),
      }),
    ),
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

async function front(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const site = deps.site(request)
  const prepare = async (): Promise<Recipe> => {
    const { epoch, heads } = await deps.reads.frontHeads(FRONT_STORIES)
    return {
      stamp: frontStamp(epoch, heads),
      make: async () => {
        const faces = await deps.reads.frontPage(FRONT_STORIES)
        const stories = faces.map(({ story: { id, seq } }) => ({ id, seq }))
        for (const { id, seq } of stories) deps.serving(id, seq)
        const ready = page(renderFrontPage({ faces, site, assets: deps.assets }))
        return { origin: { stamp: frontStamp(epoch, stories), stories }, ready }
      },
    }
  }
  return servePage(deps, deps.flights, {
    request,
    reply,
    key: `front ${site.origin}`,
    language: site.language,
    prepare,
  })
}

async function story(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { story: name } = request.params as { story: string }
  return storyPage(deps, request, reply, name, null)
}

async function older(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { story: name, range: text } = request.params as { story: string; range: string }
  const range = parsePageRange(text)
  if (!range) throw new AppError('not_found', 'There is nothing at this address.')
  return storyPage(deps, request, reply, name, range)
}

type Place = PageRange | 'latest' | null

async function storyPage(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  name: string,
  place: Place,
): Promise<unknown> {
  const order = (request.query as { order?: unknown }).order === 'oldest' ? 'oldest' : 'newest'
  const site = deps.site(request)
  const range = place === 'latest' ? null : place
  const key = `story ${name} ${range ? `${range.from}-${range.to}` : (place ?? 'first')} ${order} ${site.origin}`
  const prepare = async (): Promise<Recipe | Elsewhere> => {
    const found = await storyAt(deps.reads, name, (own) => placePath(own, place))
    if ('elsewhere' in found) return found
    if (range && range.from >= firstPageFrom(found.ordinal))
      throw new AppError('not_found', 'There is no such page yet.')
    const shown = place === 'latest' ? null : (range ?? startOf(found, order))
    return {
      stamp: formatPosition(found),
      make: async () => {
        deps.serving(found.id, found.seq)
        const view = await deps.reads.storyPage(found.id, shown ? keysOf(shown.from, shown.to) : undefined)
        if (!view) throw new AppError('not_found', 'There is nothing at this address.')
        const render = deps.fragments.of(view.epoch)
        const markup = renderStoryPage({ page: view, order, range: shown, site, assets: deps.assets, render })
        return { origin: originOf(view), ready: page(markup) }
      },
    }
  }
  return servePage(deps, deps.flights, { request, reply, key, language: site.language, prepare })
}

function placePath(name: string, place: Place): string {
  if (place === 'latest') return latestPath(name)
  return place ? rangePath(name, place) : storyPath(name)
}

/** Read from the start: the oldest closed page, or the first page where there is no closed one. */
function startOf(found: PublicStory, order: 'newest' | 'oldest'): PageRange | null {
  return order === 'oldest' && firstPageFrom(found.ordinal) > 1 ? { from: 1, to: PAGE_SIZE } : null
}

async function post(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { story: name, post: postId } = request.params as { story: string; post: string }
  const site = deps.site(request)
  if (!isId(postId)) throw new AppError('not_found', 'There is nothing at this address.')
  const prepare = async (): Promise<Recipe | Elsewhere> => {
    const found = await storyAt(deps.reads, name, (own) => postPath(own, postId))
    if ('elsewhere' in found) return found
    return {
      stamp: formatPosition(found),
      make: async () => {
        deps.serving(found.id, found.seq)
        const view = await deps.reads.postPage(found.id, postId)
        if (!view?.item) throw new AppError('not_found', 'There is nothing at this address.')
        const render = deps.fragments.of(view.epoch)
        return { origin: originOf(view), ready: page(renderPostPage({ view, site, assets: deps.assets, render })) }
      },
    }
  }
  const key = `post ${name} ${postId} ${site.origin}`
  return servePage(deps, deps.flights, { request, reply, key, language: site.language, prepare })
}

function listPages({ reads, assets }: Deps): ListPage[] {
  return [
    {
      kind: 'person',
      pathOf: personPath,
      read: (name) => reads.postsBy(name, LISTED_POSTS),
      render: (name, posts, site) => renderPersonPage({ name, posts, site, assets }),
    },
    {
      kind: 'tag',
      pathOf: tagPath,
      read: (tag) => reads.postsTagged(tag, LISTED_POSTS),
      render: (tag, posts, site) => renderTagPage({ tag, posts, site, assets }),
    },
  ]
}

type ListPage = {
  kind: 'person' | 'tag'
  pathOf(name: string): string
  read(name: string): Promise<PostOfStory[]>
  render(name: string, posts: PostOfStory[], site: Site): SafeHtml
}

/** Of many stories: good until one of its posts, or a story that stands beside it, is another. */
async function listPage(deps: Deps, request: FastifyRequest, reply: FastifyReply, list: ListPage): Promise<unknown> {
  const asked = (request.params as { name: string }).name
  const name = cleanLine(asked)
  if (name !== asked && name !== '')
    return reply.code(308).header('cache-control', ASK_FIRST).header('location', list.pathOf(name)).send()
  const site = deps.site(request)
  const prepare = async (): Promise<Recipe> => {
    const posts = await list.read(name)
    if (posts.length === 0) throw new AppError('not_found', 'There is nothing at this address.')
    const stamps = posts.map(({ story, post }) => `${post.id}.${post.version}.${story.version}`)
    const stamp = [await deps.reads.epoch(), ...stamps].join()
    const stories = posts.map(({ story: { id, seq } }) => ({ id, seq }))
    const make = async () => {
      for (const { id, seq } of stories) deps.serving(id, seq)
      return { origin: { stamp, stories }, ready: page(list.render(name, posts, site)) }
    }
    return { stamp, make }
  }
  const key = `${list.kind} ${name} ${site.origin}`
  return servePage(deps, deps.flights, { request, reply, key, language: site.language, prepare })
}

/** The shared catch-up: entries after a position, folded. */
async function since(deps: Deps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { story: name, position: text } = request.params as { story: string; position: string }
  const answer = await deps.flights.share(`since ${name} ${text}`, () => catchUp(deps, name, text))
  return 'elsewhere' in answer ? sendOn(request, reply, answer) : sendReady(request, reply, answer)
}

async function catchUp(deps: Deps, name: string, text: string): Promise<Ready | Elsewhere> {
  const position = parsePosition(text)
  const found = await storyAt(deps.reads, name, (own) => sincePath(own, text))
  if ('elsewhere' in found) return found
  const { epoch } = found
  const changes = epoch === position.epoch ? await deps.reads.changesSince(found.id, position.seq) : null
  const answer: WireCatchUp = changes
    ? {
        position: text,
        head: formatPosition({ epoch, seq: changes.head }),
        changes: wireChanges(changes, deps.fragments),
      }
    : { position: text, head: formatPosition({ epoch, seq: found.seq }), changes: [], refetch: true }
  return makeReady(JSON.stringify(answer), 'application/json; charset=utf-8', SHARED_BRIEFLY)
}

function page(html: { toString(): string }): Ready {
  return makeReady(String(html), HTML, ASK_FIRST)
}
