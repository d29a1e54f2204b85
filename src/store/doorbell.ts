// The doorbell on PostgreSQL: NOTIFY carries `story seq`, never content (law 4).
// Called by cli/serve.ts; heard by the follower. Losing it costs one poll, so nothing here is retried into the ground.

import { sql } from 'kysely'
import type pg from 'pg'
import type { Log } from '../base/log.ts'
import type { Doorbell } from './contract.ts'
import type { Database } from './tables.ts'

const CHANNEL = 'dateline_head'
const RECONNECT_MS = 500
const RECONNECT_MAX_MS = 5_000

/** Rings every node, after the commit and outside its transaction: NOTIFY takes a lock of the whole server at commit. */
export function createRing(db: Database, log: Log): (storyId: string, seq: number) => void {
  return (storyId, seq) => {
    sql`SELECT pg_notify(${CHANNEL}, ${`${storyId} ${seq}`})`
      .execute(db)
      .catch((error: Error) => log.debug({ err: error.message }, 'a doorbell was not rung; the poll will see it'))
  }
}

/** Listens on a connection of its own and opens another one whenever it is lost. */
export function createDoorbell(open: () => pg.Client, log: Log): Doorbell {
  return {
    listen(onRing) {
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
        fresh.on('notification', ({ payload }) => {
          const [storyId, seq] = (payload ?? '').split(' ')
          if (storyId && Number.isSafeInteger(Number(seq))) onRing(storyId, Number(seq))
        })
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
    },
  }
}

/** For NOTIFY switched off: the poll does all the work. */
export const silentDoorbell: Doorbell = { listen: () => () => undefined }
