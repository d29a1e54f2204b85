// Feeds: of the installation, its stories; of a story, its newest posts. Served as its pages are.
// Called through the route table by web/app.ts.
// Never asks the database while what was made still holds.

import type { FastifyReply, FastifyRequest } from 'fastify'
import { FEED_FORMATS, type FeedFormat, feedPath } from '../../domain/address.ts'
import { AppError } from '../../domain/error.ts'
import { formatPosition } from '../../domain/position.ts'
import { writeAtom } from '../../formats/atom/write.ts'
import type { Feed } from '../../formats/feed.ts'
import { writeJsonFeed } from '../../formats/jsonfeed/write.ts'
import { writeRss } from '../../formats/rss/write.ts'
import { FEED_TYPES, siteFeed, storyFeed } from '../../pages/feed.ts'
import type { Site } from '../../pages/site.ts'
import type { PublicReads } from '../../store/contract.ts'
import { createFlights, type Flights } from '../reader/flights.ts'
import { ASK_FIRST, FRONT_STORIES, frontStamp, originOf } from '../reader/made-from.ts'
import { type Recipe, type Serving, servePage } from '../reader/serve-page.ts'
import { type Elsewhere, storyAt } from '../reader/story-at.ts'
import { makeReady, type Ready } from '../ready.ts'
import type { Route } from '../routes.ts'

export type FeedDeps = Serving & {
  reads: PublicReads
  site(request: FastifyRequest): Site
  /** The story stands on the shelf from now on: its withdrawals must be heard. */
  serving(storyId: string, seq: number): void
}

type Deps = FeedDeps & { flights: Flights }

const WRITERS: Record<FeedFormat, (feed: Feed) => string> = { rss: writeRss, atom: writeAtom, json: writeJsonFeed }

export function feedRoutes(given: FeedDeps): Route[] {
  const deps: Deps = { ...given, flights: createFlights(() => given.shelf.turn()) }
  return FEED_FORMATS.flatMap((format): Route[] => [
    {
      method: 'GET',
      url: feedPath(null, format),
      access: 'public',
      object: 'site',
      surface: 'site-feed',
      handler: (q, r) => ofSite(deps, q, r, format),
    },
    {
      method: 'GET',
      url: feedPath(':story', format),
      access: 'public',
      object: 'story',
      surface: 'feed',
      handler: (q, r) => ofStory(deps, q, r, format),
    },
  ])
}

function ofSite(deps: Deps, request: FastifyRequest, reply: FastifyReply, format: FeedFormat): Promise<unknown> {
  const site = deps.site(request)
  const prepare = async (): Promise<Recipe> => {
    const { epoch, heads } = await deps.reads.frontHeads(FRONT_STORIES)
    const make = async () => {
      const faces = await deps.reads.frontPage(FRONT_STORIES)
      const stories = faces.map(({ story: { id, seq } }) => ({ id, seq }))
      for (const { id, seq } of stories) deps.serving(id, seq)
      return {
        origin: { stamp: frontStamp(epoch, stories), stories },
        ready: written(siteFeed(faces, site, format), format),
      }
    }
    return { stamp: frontStamp(epoch, heads), make }
  }
  const key = `feed ${format} ${site.origin}`
  return servePage(deps, deps.flights, { request, reply, key, language: site.language, prepare })
}

function ofStory(deps: Deps, request: FastifyRequest, reply: FastifyReply, format: FeedFormat): Promise<unknown> {
  const { story: name } = request.params as { story: string }
  const site = deps.site(request)
  const prepare = async (): Promise<Recipe | Elsewhere> => {
    const found = await storyAt(deps.reads, name, (own) => feedPath(own, format))
    if ('elsewhere' in found) return found
    const make = async () => {
      deps.serving(found.id, found.seq)
      const page = await deps.reads.storyPage(found.id)
      if (!page) throw new AppError('not_found', 'There is nothing at this address.')
      return { origin: originOf(page), ready: written(storyFeed(page, site, format), format) }
    }
    return { stamp: formatPosition(found), make }
  }
  const key = `feed ${format} ${name} ${site.origin}`
  return servePage(deps, deps.flights, { request, reply, key, language: site.language, prepare })
}

function written(feed: Feed, format: FeedFormat): Ready {
  return makeReady(WRITERS[format](feed), `${FEED_TYPES[format]}; charset=utf-8`, ASK_FIRST)
}
