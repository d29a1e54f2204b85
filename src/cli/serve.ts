// The composition root: one node of Dateline, from the store to the open port.
// Called by the start and serve commands and by tests that need a whole node. The only place where rooms are tied together.

import { performance } from 'node:perf_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Log } from '../base/log.ts'
import { startRedirects } from '../base/redirect-server.ts'
import { readTlsPair, type TlsPair, watchTlsFiles } from '../base/tls-files.ts'
import { AppError } from '../domain/error.ts'
import { renderErrorPage } from '../pages/error-page.ts'
import type { Site } from '../pages/site.ts'
import { createApp } from '../web/app.ts'
import { clientOf } from '../web/client.ts'
import { deskErrorPage, isDeskRequest } from '../web/desk/error-page.ts'
import { STATUS } from '../web/errors.ts'
import { feedRoutes } from '../web/feeds/routes.ts'
import { sitemapRoutes } from '../web/feeds/sitemaps.ts'
import { clipRoutes } from '../web/media/clip.ts'
import { mediaRoutes } from '../web/media/media.ts'
import { healthRoutes } from '../web/ops/health.ts'
import { loadAssets } from '../web/reader/assets.ts'
import { createFragments } from '../web/reader/fragments.ts'
import { readerRoutes } from '../web/reader/pages.ts'
import { createPump, now } from '../web/reader/pump.ts'
import { createShelf, WARM_MS } from '../web/reader/shelf.ts'
import { streamRoutes } from '../web/reader/stream.ts'
import { declareRoutes, type Route } from '../web/routes.ts'
import { startMediaWork } from '../wires/media-work.ts'
import { connectApi } from './api.ts'
import { connectAttention } from './attention.ts'
import { connectDesk, deskProgram } from './desk.ts'
import { connectDeskLive } from './desk-live.ts'
import type { Store } from './open-store.ts'
import type { Options } from './options.ts'
import { createPictures, photoStorage } from './pictures.ts'
import { CLIENT_DIR } from './place.ts'
import { startReleases } from './releases.ts'
import { originOf } from './where.ts'

const DRAIN_MS = 1_000 // readers are sent away over this time; a service manager's patience is longer
const CLOSE_MS = 3_000 // requests under way may finish for so long

export type Node = {
  app: FastifyInstance
  origin: string
  /** The one that is listened on, also where any free one was asked for. */
  port: number
  /** Of plain HTTP that leads to https; null: none. */
  redirectPort: number | null
  routes: readonly Route[]
  readers(): number
  close(): Promise<void>
}

/** Throws when it cannot listen or its certificate is no good, naming what to do. */
export async function serve(options: Options, store: Store, mediaDir: string, log: Log): Promise<Node> {
  const assets = loadAssets(CLIENT_DIR)
  const pageAssets = {
    script: assets.path('reader.js'),
    style: assets.path('reader.css'),
    seen: assets.path('seen.js'),
  }
  const deskStyle = assets.path('desk-plain.css')
  const signInScript = assets.path('sign-in.js')
  const site = (request: FastifyRequest): Site => ({
    name: options.siteName,
    origin: clientOf(request, options.publicUrl).origin,
    language: 'en',
  })
  const tls = tlsOf(options)
  const secure = tls !== null || (options.publicUrl?.startsWith('https:') ?? false)
  const app = await createApp({
    log,
    secure,
    tls: tls?.pair ?? null,
    trustedProxies: options.trustedProxies,
    errorPage: (error, request) =>
      isDeskRequest(request)
        ? deskErrorPage(error, request, { style: deskStyle, script: signInScript, provider: desk.proofElsewhere })
        : String(
            renderErrorPage({
              status: STATUS[error.code],
              message: error.message,
              site: site(request),
              assets: pageAssets,
            }),
          ),
  })
  const shelf = createShelf(Date.now, now, options.notify ? WARM_MS : 0)
  const fragments = createFragments()
  const staleMax = options.staleMax * 1_000
  const pump = createPump({ ...options, ...store, shelf, fragments, log, staleMax })
  const storage = photoStorage(options, mediaDir, true)
  const pictures = createPictures(storage.blobs, store.media)
  const work = startMediaWork({
    jobs: store.mediaJobs,
    blobs: pictures.blobs,
    desk: { acts: store.acts, photos: store.media },
    log,
  })
  const desk = connectDesk({
    store,
    pictures,
    mediaChanged: work.wake,
    options,
    style: deskStyle,
    readerStyle: pageAssets.style,
    program: { ...deskProgram(assets), maxClipMb: options.maxClipMb },
    boardScript: assets.path('board.js'),
    script: signInScript,
    log,
  })
  const { sessions } = desk
  const { publicUrl } = options
  const live = connectDeskLive({ store, sessions, hub: pump.hub, publicUrl, log })
  const attention = connectAttention(store, pump.hub.total, log)
  let trouble = (): string | null => null
  const { reads } = store
  const { serving, silence, heardAt } = pump
  const reading = { reads, shelf, site, serving, silence, heardAt, now, staleMax }
  const routes = [
    ...healthRoutes(async () => readiness(pump.silence(), staleMax, [trouble(), storage.trouble()])),
    ...assets.routes,
    ...mediaRoutes({
      isPublic: store.media.isPublic,
      isKept: store.media.isKept,
      read: (id, part) => pictures.blobs.readBytes({ id, part }),
      actorOf: desk.actorOf,
    }),
    ...clipRoutes({ clip: store.media.clip, read: pictures.blobs.read, actorOf: desk.actorOf }),
    ...desk.routes,
    ...live.routes,
    ...attention.routes,
    ...streamRoutes({ reads: store.reads, hub: pump.hub }),
    ...readerRoutes({ ...reading, fragments, assets: pageAssets }),
    ...feedRoutes(reading),
    ...sitemapRoutes({ reads, site, utc: Date.now }),
  ]
  declareRoutes(app, routes, desk.guard)
  const api = await connectApi(app, {
    store,
    pictures,
    sessions,
    publicUrl,
    style: deskStyle,
    maxClipMb: options.maxClipMb,
    log,
    mediaChanged: work.wake,
  })
  const undo = async (error: unknown): Promise<never> => {
    await live.pump.stop()
    await attention.tally.stop()
    pump.stop() // else it misses the log when the store is closed, and says so
    await work.stop()
    throw error
  }
  const { origin, port } = await listen(app, options).catch(undo)
  const redirects = await redirectsOf(options).catch(async (error) => {
    await app.close()
    return undo(error)
  })
  const certificate = tls && watchTlsFiles(app.server as unknown as SecureServer, tls.files, tls.pair, log)
  const releases = startReleases(store, log)
  // Readers get their pages without it: a node does not wait for the storage, and does not refuse to start.
  storage.check().catch((error) => log.warn({ err: String(error.cause ?? '') }, error.message))
  trouble = releases.trouble
  log.debug({ ms: Math.round(performance.now()) }, 'ready')
  return {
    app,
    origin,
    port,
    redirectPort: redirects?.port ?? null,
    routes: [...routes, ...api],
    readers: pump.hub.total,
    close: async () => {
      certificate?.stop()
      redirects?.close()
      const rested = work.stop()
      await releases.stop()
      live.pump.drain()
      await live.pump.stop()
      await pump.hub.drain(pump.hub.total() === 0 ? 0 : DRAIN_MS)
      await attention.tally.stop()
      pump.stop()
      await Promise.race([
        Promise.all([app.close(), rested]),
        new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref()),
      ])
    },
  }
}

type SecureServer = Parameters<typeof watchTlsFiles>[0]

/** null: plain HTTP. Throws `invalid`. */
export function tlsOf({ tlsCert, tlsKey }: Options): { files: { cert: string; key: string }; pair: TlsPair } | null {
  if (tlsCert === null || tlsKey === null) return null
  const files = { cert: tlsCert, key: tlsKey }
  return { files, pair: readTlsPair(files) }
}

async function redirectsOf({ httpRedirectPort, publicUrl, host }: Options) {
  if (httpRedirectPort === null || publicUrl === null) return null
  return startRedirects(publicUrl, host, httpRedirectPort)
}

/** A node that holds back scheduled posts, or cannot show photos, still serves: it says so and stays in. */
function readiness(silence: number, staleMax: number, troubles: (string | null)[]) {
  const heard = silence > 0 ? [`the log was last heard ${Math.round(silence / 1_000)} s ago`] : []
  const reasons = [...heard, ...troubles.filter((trouble) => trouble !== null)]
  return { ready: silence < staleMax, reasons }
}

const NO_SUCH_HOST = ['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EINVAL', 'EAFNOSUPPORT']

async function listen(app: FastifyInstance, options: Options): Promise<Pick<Node, 'origin' | 'port'>> {
  try {
    await app.listen({ host: options.host, port: options.port })
  } catch (cause) {
    await app.close()
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new AppError(
        'conflict',
        `Port ${options.port} is in use, perhaps by a Dateline that already runs. Choose another one with --port.`,
        { cause },
      )
    }
    if (code === 'EACCES') {
      throw new AppError(
        'forbidden',
        `This user may not open port ${options.port}. Choose one above 1023 with --port, or give the service CAP_NET_BIND_SERVICE (docs/operations/install.md).`,
        { cause },
      )
    }
    if (NO_SUCH_HOST.includes(code ?? '')) {
      throw new AppError('invalid', `This machine cannot listen on ${options.host} (${code}). Choose another HOST.`, {
        cause,
      })
    }
    throw cause
  }
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return { origin: options.publicUrl ?? originOf(options, port), port }
}
