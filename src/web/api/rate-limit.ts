// How often one client may ask: a bucket that fills steadily, for each address, token and account.
// Called by web/api/guard.ts. Counts on this node alone; the clock is passed in.
// Never grows past its bound, whatever addresses come.

import { AppError } from '../../domain/error.ts'

export type LimitKind = 'address' | 'token' | 'account'

/** Requests a minute, all at once where need be. */
export const LIMITS: Record<LimitKind, number> = {
  address: 1_200, // a newsroom, or the readers of a small town's provider, stand behind one
  account: 600, // all of a person's tools and tabs together
  token: 300, // five a second: a wire at its busiest; more is a loop gone wrong
}
const WINDOW_S = 60
const MAX_BUCKETS = 20_000 // per node, some MB; the one not used for longest is the least loss

/** `reset`: seconds until the bucket is full again. */
export type Left = { limit: number; remaining: number; reset: number }

export type Limits = {
  /** Takes one. `left` is told also when nothing was left; then `retryAfter` (s) is above 0. */
  take(kind: LimitKind, key: string): Left & { retryAfter: number }
}

export function createLimits(now: () => number, limits = LIMITS): Limits {
  const buckets = new Map<string, { level: number; at: number }>() // in order of last use
  return {
    take(kind, key) {
      const limit = limits[kind]
      const name = `${kind} ${key}`
      const at = now()
      const before = buckets.get(name) ?? { level: limit, at }
      const full = Math.min(limit, before.level + (Math.max(0, at - before.at) / 1_000) * (limit / WINDOW_S))
      const granted = full >= 1
      const level = granted ? full - 1 : full
      buckets.delete(name)
      buckets.set(name, { level, at })
      for (const oldest of buckets.keys()) {
        if (buckets.size <= MAX_BUCKETS) break
        buckets.delete(oldest)
      }
      const seconds = (requests: number) => Math.ceil((requests * WINDOW_S) / limit)
      return {
        limit,
        remaining: Math.floor(level),
        reset: seconds(limit - level),
        retryAfter: granted ? 0 : Math.max(1, seconds(1 - full)),
      }
    },
  }
}

export function tooMany(): AppError {
  return new AppError('too_many', 'Too many requests. Wait as long as Retry-After says.')
}
