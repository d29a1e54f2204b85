// What search engines ask for: robots.txt, and sitemaps of the public stories.
// Called through the route table by web/app.ts.
// Never from a shelf: a story that is withdrawn or no longer public is gone with the next answer.

import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  NEWS_SITEMAP_PATH,
  ROBOTS_PATH,
  rangePath,
  SITEMAP_PATH,
  STORIES_SITEMAP_PATH,
  storyPath,
} from '../../domain/address.ts'
import { firstPageFrom, PAGE_SIZE } from '../../domain/post.ts'
import type { ListedStory } from '../../domain/view.ts'
import {
  type Entry,
  MAX_ADDRESSES,
  MAX_NEWS,
  writeNewsSitemap,
  writeRobots,
  writeSitemap,
  writeSitemapIndex,
} from '../../formats/sitemap/write.ts'
import type { Site } from '../../pages/site.ts'
import type { PublicReads } from '../../store/contract.ts'
import { createFlights } from '../reader/flights.ts'
import { ASK_FIRST } from '../reader/made-from.ts'
import { makeReady, type Ready, sendReady } from '../ready.ts'
import type { Route } from '../routes.ts'

export type SitemapDeps = {
  reads: PublicReads
  site(request: FastifyRequest): Site
  /** ms UTC */
  utc(): number
}

const NEWS_MS = 2 * 24 * 60 * 60 * 1_000 // how old news may be in a news sitemap, by Google's rule
const CLOSED = ['/desk', '/api/'] // nothing there is for readers who search
const XML = 'application/xml; charset=utf-8'

export function sitemapRoutes({ reads, site, utc }: SitemapDeps): Route[] {
  const flights = createFlights(() => 0)
  const kept = new Map<string, { stamp: string; ready: Ready }>()

  /** Many who ask at once share one question, and what did not change is not written again. */
  const written = async (key: string, of: Site, pick: (all: ListedStory[]) => ListedStory[], write: Writer) => {
    const { epoch, stories } = await reads.listed(MAX_ADDRESSES)
    const picked = pick(stories)
    const stamp = [epoch, of.origin, of.name, ...picked.map(({ id, seq }) => `${id}.${seq}`)].join()
    const found = kept.get(key)
    if (found?.stamp === stamp) return found.ready
    const ready = makeReady(write(picked, of), XML, ASK_FIRST)
    kept.set(key, { stamp, ready })
    return ready
  }
  const file = (url: string, pick: (all: ListedStory[]) => ListedStory[], write: Writer): Route => ({
    ...{ method: 'GET', url, access: 'public', object: 'site', surface: 'sitemap' },
    handler: async (request, reply) => {
      const of = site(request)
      const ready = await flights.share(`${url} ${of.origin}`, () => written(url, of, pick, write))
      return sendReady(request, reply, ready)
    },
  })
  const fixed = (url: string, type: string, write: (of: Site) => string): Route => ({
    ...{ method: 'GET', url, access: 'public', object: 'site' },
    handler: async (request: FastifyRequest, reply: FastifyReply) =>
      sendReady(request, reply, makeReady(write(site(request)), type, ASK_FIRST)),
  })
  const isNew = ({ startedAt }: ListedStory) => startedAt !== null && startedAt > utc() - NEWS_MS
  return [
    fixed(ROBOTS_PATH, 'text/plain; charset=utf-8', ({ origin }) => writeRobots(CLOSED, origin + SITEMAP_PATH)),
    fixed(SITEMAP_PATH, XML, ({ origin }) =>
      writeSitemapIndex([STORIES_SITEMAP_PATH, NEWS_SITEMAP_PATH].map((path) => origin + path)),
    ),
    file(
      STORIES_SITEMAP_PATH,
      (all) => all,
      (all, of) => writeSitemap(addresses(all, of).slice(0, MAX_ADDRESSES)),
    ),
    file(
      NEWS_SITEMAP_PATH,
      (all) => all.filter(isNew).slice(0, MAX_NEWS),
      (all, of) =>
        writeNewsSitemap(
          all.map((one) => newsOf(one, of)),
          of.name,
        ),
    ),
  ]
}

type Writer = (stories: readonly ListedStory[], of: Site) => string

/** The front page, then each story and its closed pages, which seldom change and so have no time. */
function addresses(stories: readonly ListedStory[], { origin }: Site): Entry[] {
  const changedAt = stories[0]?.changedAt ?? null
  const front: Entry = { page: `${origin}/`, changedAt }
  return [front, ...stories.flatMap((story) => [pageOf(story, origin), ...closedPages(story, origin)])]
}

function pageOf({ name, changedAt }: ListedStory, origin: string): Entry {
  return { page: origin + storyPath(name), changedAt }
}

function closedPages({ name, ordinal }: ListedStory, origin: string): Entry[] {
  const count = (firstPageFrom(ordinal) - 1) / PAGE_SIZE
  return Array.from({ length: count }, (_, n) => {
    const from = n * PAGE_SIZE + 1
    return { page: origin + rangePath(name, { from, to: from + PAGE_SIZE - 1 }), changedAt: null }
  })
}

function newsOf({ name, title, language, startedAt }: ListedStory, { origin }: Site) {
  return { page: origin + storyPath(name), title, language, publishedAt: startedAt ?? 0 }
}
