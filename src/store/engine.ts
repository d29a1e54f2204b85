// The embedded PostgreSQL of a data folder: opened, shared by the processes of one machine, kept alive, ended.
// Called by cli/ (serve and every command that needs the database) when no DATABASE_URL is set.
// Must never let two servers start on one folder, nor leave one behind when our process dies.

import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join as pathOf } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../base/log.ts'
import { AppError } from '../domain/error.ts'
import { type Binaries, findBinaries, type Home, prepareHome } from './engine-home.ts'
import { tryLock } from './engine-lock.ts'
import * as server from './engine-process.ts'

export { chooseDataDir } from './engine-home.ts'

const SETTLE_MS = 150_000 // someone else holds the start lock, or the server recovers, for so long at most
const READY_MS = 120_000 // crash recovery after a long checkpoint distance
const RETRY_MS = 15_000 // remains of a killed server: "pre-existing shared memory block is still in use"
const LEFTOVER_PATIENCE_MS = 3_000 // then its backends are told to end
const FIRST_BACKOFF_MS = 100
const LAST_BACKOFF_MS = 5_000
const STEADY_MS = 10_000 // a run this long was a good one: the back-off starts anew
const JOINED_POLL_MS = 500
const JOINED_PATIENCE_MS = 1_000 // the owner restarts its own server first
const POLL_MS = 25
const MARKER = 'database-was-made.txt'
const MARKER_TEXT =
  'The folder pg beside this file is the database. While this file is here, Dateline never makes an empty one in its place.\n'

export type Engine = {
  socketDir: string
  user: 'dateline'
  database: 'dateline'
  dataDir: string
  /** Whether the server is a child of this process. May change when the other process dies. */
  readonly owner: boolean
  /** Called each time the server goes away without `stop()`. It comes back by itself; connections do not. */
  onLost(listener: () => void): void
  /** Ends the server if it is ours, else only leaves it. Call it after the last connection is closed. */
  stop(): Promise<void>
}

type Holding = { kind: 'owned'; run: server.Run; since: number } | { kind: 'joined'; watch: pg.Client }

/**
 * Starts the server of `dataDir`, or joins the one that runs there. `cacheDir`: where a copy of the engine goes when
 * its user cannot reach the installed one. Throws AppError `unavailable`, `conflict` (other major version) or
 * `invalid` (folder out of reach), each with what to do.
 */
export async function openEngine(options: { dataDir: string; cacheDir?: string | null; log: Log }): Promise<Engine> {
  const home = prepareHome(options.dataDir)
  if (!home.socketDir.startsWith(home.dataDir)) {
    options.log.info({ socketDir: home.socketDir }, 'The data folder has a long path: the database socket is elsewhere')
  }
  const keeper = keepAlive(home, options.cacheDir, options.log)
  await keeper.open()
  return {
    ...{ socketDir: home.socketDir, user: 'dateline', database: 'dateline', dataDir: home.dataDir },
    get owner() {
      return keeper.holding()?.kind === 'owned'
    },
    onLost: keeper.onLost,
    stop: keeper.stop,
  }
}

function keepAlive(home: Home, cacheDir: string | null | undefined, log: Log) {
  const ending = new AbortController()
  const listeners: (() => void)[] = []
  let held: Holding | null = null
  let working: Promise<void> = Promise.resolve()
  let backoff = FIRST_BACKOFF_MS
  let found: Binaries | null = null
  const binaries = () => {
    found ??= findBinaries(home, cacheDir)
    return found
  }

  async function open(): Promise<void> {
    hold(await settle(home, binaries, ending.signal, 'may create'))
  }

  function hold(next: Holding | null): void {
    held = next
    if (next?.kind === 'owned') void next.run.exited.then(() => lost(next))
    if (next?.kind === 'joined') next.watch.once('end', () => lost(next))
    // It may have ended between the last look and this line.
    if (next?.kind === 'joined' && isClosed(next.watch)) lost(next)
  }

  function lost(which: Holding): void {
    if (held !== which || ending.signal.aborted) return
    held = null
    const why = which.kind === 'owned' ? which.run.why().text : 'the process that ran it has gone'
    log.warn({ why }, 'The embedded database went away; bringing it back')
    for (const listener of listeners) listener()
    if (which.kind === 'owned' && Date.now() - which.since > STEADY_MS) backoff = FIRST_BACKOFF_MS
    working = bringBack(which.kind)
  }

  async function bringBack(kind: Holding['kind']): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        if (kind === 'joined') await waitForOthers(home, ending.signal)
        else await sleep(backoff, undefined, { signal: ending.signal })
        backoff = Math.min(backoff * 2, LAST_BACKOFF_MS)
        const next = await settle(home, binaries, ending.signal)
        log.info({ owner: next.kind === 'owned' }, 'The embedded database is back')
        return hold(next)
      } catch (error) {
        if (ending.signal.aborted) return
        log.error({ err: error }, 'The embedded database could not be brought back yet')
        await sleep(JOINED_POLL_MS)
      }
    }
  }

  async function stop(): Promise<void> {
    ending.abort()
    await working
    const last = held
    held = null
    if (last?.kind === 'owned') await last.run.stop()
    if (last?.kind === 'joined') await last.watch.end().catch(() => {})
  }

  return { open, stop, holding: () => held, onLost: (listener: () => void) => void listeners.push(listener) }
}

// Joins whoever serves the folder, else becomes the one who does. Throws an AbortError when `ending` is signalled.
// Without 'may create' a cluster that is not there is an error: an empty one in its place would look like lost news.
async function settle(
  home: Home,
  binaries: () => Binaries,
  ending: AbortSignal,
  creating?: 'may create',
): Promise<Holding> {
  const deadline = Date.now() + SETTLE_MS
  for (;;) {
    const answer = await server.ask(home)
    const joined = answer === 'ready' ? await join(home) : null
    if (joined !== null) return joined
    const lock = answer === 'none' ? tryLock(home.lock) : null
    if (lock !== null) {
      try {
        return (await join(home)) ?? (await own(home, binaries(), ending, creating))
      } finally {
        lock.release()
      }
    }
    if (Date.now() > deadline) throw new AppError('unavailable', notSettled(home, answer))
    await sleep(POLL_MS, undefined, { signal: ending })
  }
}

// The open connection is the watch: its end says at once that the server has gone.
async function join(home: Home): Promise<Holding | null> {
  const watch = new pg.Client(server.clientConfig(home))
  watch.on('error', () => {})
  try {
    await watch.connect()
    return { kind: 'joined', watch }
  } catch {
    await watch.end().catch(() => {})
    return null
  }
}

async function own(home: Home, binaries: Binaries, ending: AbortSignal, creating?: 'may create'): Promise<Holding> {
  if (!existsSync(home.pg)) {
    refuseLost(home, creating)
    server.createCluster(home, binaries)
  }
  rememberCluster(home)
  server.checkMajor(home, binaries)
  const began = Date.now()
  for (;;) {
    server.dropForeignPid(home)
    const run = server.startServer(home, binaries)
    if (await isReady(home, run, ending)) return { kind: 'owned', run, since: Date.now() }
    const why = run.why()
    const waited = Date.now() - began
    if (!why.passing || waited > RETRY_MS) throw new AppError('unavailable', notStarted(home, why.text))
    if (waited > LEFTOVER_PATIENCE_MS) server.endLeftovers(home)
    await sleep(FIRST_BACKOFF_MS * 2, undefined, { signal: ending })
  }
}

/** Throws unless this is a first start: no database was ever seen here, and no picture lies beside it. */
function refuseLost(home: Home, creating?: 'may create'): void {
  const marker = pathOf(home.dataDir, MARKER)
  const media = pathOf(home.dataDir, 'media')
  const sign = existsSync(marker)
    ? `${marker} says that one was made`
    : hasFiles(media)
      ? `there are files in ${media}`
      : null
  if (creating && sign === null) return
  const why = sign ?? 'it was there a moment ago'
  throw new AppError(
    'unavailable',
    `The embedded database is missing: there is no ${home.pg}, but ${why}. Put the folder back where it was, or restore a backup into an empty DATA_DIR. Nothing was changed.`,
  )
}

function hasFiles(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0
}

function rememberCluster(home: Home): void {
  const marker = pathOf(home.dataDir, MARKER)
  if (!existsSync(marker)) writeFileSync(marker, MARKER_TEXT)
}

// False when the server ended by itself; on anything else that goes wrong it is ended before this throws.
async function isReady(home: Home, run: server.Run, ending: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + READY_MS
  try {
    while (!run.hasExited()) {
      if ((await server.ask(home)) === 'ready') return true
      if (Date.now() > deadline) throw new AppError('unavailable', notStarted(home, 'it does not answer'))
      await sleep(POLL_MS, undefined, { signal: ending })
    }
    return false
  } catch (error) {
    await run.stop()
    throw error
  }
}

// Returns when the server answers again, or when nobody has served the folder for longer than the owner needs.
async function waitForOthers(home: Home, ending: AbortSignal): Promise<void> {
  let noneSince: number | null = null
  for (;;) {
    const answer = await server.ask(home)
    if (answer === 'ready') return
    noneSince = answer === 'none' ? (noneSince ?? Date.now()) : null
    if (noneSince !== null && Date.now() - noneSince > JOINED_PATIENCE_MS) return
    await sleep(JOINED_POLL_MS, undefined, { signal: ending })
  }
}

// pg's typings do not show the socket; a closed one never says 'end' again.
function isClosed(client: pg.Client): boolean {
  return (client as unknown as { _ended?: boolean })._ended === true
}

function notStarted(home: Home, why: string): string {
  return `The embedded database in ${home.dataDir} does not start: ${why.trim()} (more in ${home.log}).`
}

function notSettled(home: Home, answer: server.Answer): string {
  const what = answer === 'none' ? `another process holds ${home.lock}` : 'it is starting or shutting down'
  return `The embedded database in ${home.dataDir} did not become ready in ${SETTLE_MS / 1000} s: ${what}.`
}
