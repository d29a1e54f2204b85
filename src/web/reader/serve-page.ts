// How a page reaches its reader: warm from the shelf, or asked about, or made; and the last good one while the database is away (law 12).
// Called by web/reader/pages.ts. Never knows what the page is about.

import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isAppError } from '../../domain/error.ts'
import { type Ready, sendReady } from '../ready.ts'
import type { Flights } from './flights.ts'
import { connectionLost } from './lost.ts'
import type { Origin, Shelf } from './shelf.ts'
import { type Elsewhere, sendOn } from './story-at.ts'

const PATIENCE_MS = 1_500 // longer than a poll: by then a database that lives was heard
const PATIENCE_UNHEARD_MS = 150 // it was silent before this request came; enough for one that has just come back

export type Serving = {
  shelf: Shelf
  /** ms since this node last heard the log; 0 while it hears it. */
  silence(): number
  /** When the log last answered, by `now`. */
  heardAt(): number
  now(): number // ms
  staleMax: number // ms
}

/** `make` tells what the page was really made from, which may be newer than `stamp`. */
export type Recipe = { stamp: string; make: () => Promise<{ origin: Origin; ready: Ready }> }

export type PageRequest = {
  request: FastifyRequest
  reply: FastifyReply
  key: string
  language: string
  /** Asks the cheap question; must not depend on the reader. */
  prepare: () => Promise<Recipe | Elsewhere>
}

export async function servePage(serving: Serving, flights: Flights, page: PageRequest): Promise<unknown> {
  const { request, reply, key, prepare } = page
  const { shelf, now } = serving
  const warm = shelf.warm(key)
  if (warm) return sendReady(request, reply, warm)
  const came = now()
  const answer = flights.share(key, () => find(shelf, key, prepare))
  try {
    if (await isLate(serving, answer)) {
      const shown = showLast(serving, page, came)
      if (shown) return shown
    }
    const found = await answer
    return 'elsewhere' in found ? sendOn(request, reply, found) : sendReady(request, reply, found)
  } catch (error) {
    if (!isAppError(error, 'unavailable')) throw error
    const shown = showLast(serving, page, came) ?? showUnmarked(serving, page, came)
    if (!shown) throw error
    return shown
  }
}

async function find(shelf: Shelf, key: string, prepare: () => Promise<Recipe | Elsewhere>): Promise<Ready | Elsewhere> {
  const turn = shelf.turn()
  const recipe = await prepare()
  if ('elsewhere' in recipe) return recipe
  const fresh = shelf.fresh(key, recipe.stamp, turn)
  if (fresh) return fresh
  const { origin, ready } = await recipe.make()
  shelf.keep(key, origin, ready, turn)
  return ready
}

/** True when the answer did not come in time. Throws what it throws. */
async function isLate(serving: Serving, answer: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController()
  const patience = serving.silence() > 0 ? PATIENCE_UNHEARD_MS : PATIENCE_MS
  const late = pause(patience, true, { signal: stop.signal }).catch(() => true)
  try {
    return await Promise.race([answer.then(() => false), late])
  } finally {
    stop.abort()
  }
}

/** null: nothing to show, kept for too long, or the database answers others and is merely busy. */
function showLast(serving: Serving, { request, reply, key, language }: PageRequest, came: number): FastifyReply | null {
  const last = serving.shelf.last(key)
  if (!last || serving.silence() > serving.staleMax || serving.heardAt() > came) return null
  return sendReady(request, reply, connectionLost(last.ready, last.madeAt, language))
}

/** The log is heard, so nothing on the shelf was taken back; its stream brings the page up to date. */
function showUnmarked(serving: Serving, { request, reply, key }: PageRequest, came: number): FastifyReply | null {
  const { shelf, heardAt, now, staleMax } = serving
  const last = heardAt() > came ? shelf.last(key) : null
  return last && now() - last.checkedAt <= staleMax ? sendReady(request, reply, last.ready) : null
}
