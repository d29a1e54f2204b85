// `dateline start` and `dateline serve`: open the store, serve, say where everything is, end cleanly.

import type { Log } from '../../base/log.ts'
import { firstAdminLink } from '../desk.ts'
import type { Store } from '../open-store.ts'
import type { Options, Parsed } from '../options.ts'
import { mediaDirOf } from '../pictures.ts'
import { openStoreAt, type Place, placeOf, sayPlace } from '../place.ts'
import { type Node, serve, tlsOf } from '../serve.ts'
import { networkOrigins } from '../where.ts'

const ONE_KEYSTROKE_MS = 1_000 // a terminal's Ctrl-C may arrive twice: by the group and by the launcher

type Running = { options: Options; place: Place; store: Store; node: Node }

export async function start({ options, rest }: Parsed): Promise<void> {
  const running = await run(options)
  process.stdout.write(await block(running))
  if (rest.includes('--demo')) {
    const { startDemo } = await import('../demo/start.ts')
    await startDemo(running)
  }
}

export async function serveQuietly({ options }: Parsed): Promise<void> {
  const { node, place } = await run(options)
  sayPlace(place)
  place.log.info({ origin: node.origin, host: options.host, port: node.port }, 'Dateline serves')
}

async function run(options: Options): Promise<Running> {
  tlsOf(options) // before anything opens: wrong files are found while there is nothing to undo
  const place = placeOf(options)
  const ended = endOnSignals(place.log)
  const store = await openStoreAt(place, options, 'may found')
  ended.push(() => store.close())
  try {
    const node = await serve(options, store, mediaDirOf(place.dataDir), place.log)
    ended.push(() => node.close())
    return { options, place, store, node }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Runs what was pushed, last first, at the first signal; a later second one ends at once. */
function endOnSignals(log: Log): (() => Promise<void>)[] {
  const steps: (() => Promise<void>)[] = []
  let since: number | null = null
  const end = async () => {
    if (since !== null) {
      if (Date.now() - since > ONE_KEYSTROKE_MS) process.exit(130)
      return
    }
    since = Date.now()
    for (const step of steps.reverse()) {
      await step().catch((error: Error) => log.error({ err: error }, 'Something did not end cleanly'))
    }
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end())
  return steps
}

async function block({ options, place, store, node }: Running): Promise<string> {
  const link = await firstAdminLink(store, node.origin)
  const lines = [
    ['Readers', node.origin],
    ['Desk', `${node.origin}/desk`],
    ...(options.publicUrl === null ? networkOrigins(options, node.port) : []).map((origin) => [
      'In your network',
      origin,
    ]),
    ...(link ? [['First admin', `${link}  (once, within 24 hours)`]] : []),
    ['Data', whereDataAre(options, place)],
    ...(place.reason ? [['', place.reason]] : []),
    ['Stop', 'Ctrl-C'],
  ]
  const wide = Math.max(...lines.map(([name = '']) => name.length))
  return `\n${lines.map(([name = '', text = '']) => `  ${name.padEnd(wide)}  ${text}\n`).join('')}\n`
}

function whereDataAre({ databaseUrl, s3Bucket }: Options, { dataDir }: Place): string {
  if (databaseUrl === null) return s3Bucket ? `${dataDir}; photos in the bucket ${s3Bucket}` : dataDir
  return `your PostgreSQL (DATABASE_URL); photos in ${s3Bucket ? `the bucket ${s3Bucket}` : dataDir}`
}
