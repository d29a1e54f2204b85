// The doorbell on PostgreSQL: NOTIFY carries `story seq deskSeq`, never content (law 4). A seq that did not move stands as `-`.
// Called by cli/serve.ts; heard by the followers of both logs, on one connection. Losing it costs one poll, so nothing here is retried
// into the ground.

import { sql } from 'kysely'
import type pg from 'pg'
import type { Log } from '../base/log.ts'
import type { DeskDoorbell, Doorbell } from './contract.ts'
import type { Database } from './tables.ts'

const CHANNEL = 'dateline_head'
const UNMOVED = '-'
const RECONNECT_MS = 500
const RECONNECT_MAX_MS = 5_000

/** Heads after an act; null where that log did not move. Both null: something else at the desk of the story is other than it was. */
export type Rung = { seq: number | null; deskSeq: number | null }
export type Ring = (storyId: string, rung: Rung) => void

/** Rings every node, after the commit and outside its transaction: NOTIFY takes a lock of the whole server at commit. */
export function createRing(db: Database, log: Log): Ring {
  return (storyId, { seq, deskSeq }) => {
    sql`SELECT pg_notify(${CHANNEL}, ${`${storyId} ${seq ?? UNMOVED} ${deskSeq ?? UNMOVED}`})`
      .execute(db)
      .catch((error: Error) => log.debug({ err: error.message }, 'a doorbell was not rung; the poll will see it'))
  }
}

type OnPublic = Parameters<Doorbell['listen']>[0]
type OnDesk = Parameters<DeskDoorbell['listenDesk']>[0]

/** Listens on a connection of its own while anybody wants to hear, and opens another one whenever it is lost. */
export function createDoorbell(open: () => pg.Client, log: Log): Doorbell & DeskDoorbell {
  const ofPublic = new Set<OnPublic>()
  const ofDesk = new Set<OnDesk>()
  let hangUp: (() => void) | null = null

  const heard = (payload: string) => {
    const [storyId, seq, deskSeq] = payload.split(' ')
    if (!storyId) return
    const head = Number(seq)
    if (Number.isSafeInteger(head)) for (const onRing of ofPublic) onRing(storyId, head)
    if (deskSeq === undefined) return
    const deskHead = Number(deskSeq)
    for (const onRing of ofDesk) onRing(storyId, Number.isSafeInteger(deskHead) ? deskHead : null)
  }
  const join = <T>(listeners: Set<T>, listener: T) => {
    listeners.add(listener)
    hangUp ??= keepListening(open, log, heard)
    return () => {
      listeners.delete(listener)
      if (ofPublic.size + ofDesk.size > 0) return
      hangUp?.()
      hangUp = null
    }
  }
  // Wrapped, so that one function that listens twice is two listeners.
  return {
    listen: (onRing) => join<OnPublic>(ofPublic, (...rung) => onRing(...rung)),
    listenDesk: (onRing) => join<OnDesk>(ofDesk, (...rung) => onRing(...rung)),
  }
}

function keepListening(open: () => pg.Client, log: Log, heard: (payload: string) => void): () => void {
  let stopped = false
  let client: pg.Client | null = null
  let wait = RECONNECT_MS
  let timer: NodeJS.Timeout | undefined

  const retry = () => {
    client = null
    if (stopped || timer) return
    timer = setTimeout(() => {
      timer = undefined
      void connect()
    }, wait)
    wait = Math.min(wait * 2, RECONNECT_MAX_MS)
  }
  const connect = async () => {
    const fresh = open()
    client = fresh
    fresh.on('error', (error) => log.debug({ err: error.message }, 'the doorbell connection was lost'))
    fresh.once('end', retry)
    fresh.on('notification', ({ payload }) => heard(payload ?? ''))
    try {
      await fresh.connect()
      if (stopped) return void fresh.end().catch(() => undefined)
      await fresh.query(`LISTEN ${CHANNEL}`)
      wait = RECONNECT_MS
    } catch {
      fresh.removeAllListeners('end')
      void fresh.end().catch(() => undefined)
      retry()
    }
  }
  void connect()
  return () => {
    stopped = true
    clearTimeout(timer)
    client?.removeAllListeners('end')
    void client?.end().catch(() => undefined)
  }
}

/** For NOTIFY switched off: the poll does all the work. */
export const silentDoorbell: Doorbell & DeskDoorbell = {
  listen: () => () => undefined,
  listenDesk: () => () => undefined,
}
