// From an operation to a route: reads what came by the schemas, runs it, sends the answer.
// Called by cli, which declares the list with the guard of the API.
// Never runs an act on input its schema refused.

import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { canonicalJson } from '../../domain/canonical.ts'
import { AppError, isAppError, wrongField } from '../../domain/error.ts'
import { isId } from '../../domain/id.ts'
import type { KeptAnswer, KeyedRequest } from '../../store/idempotency.ts'
import { MAX_UPLOAD } from '../app.ts'
import { PROBLEM, problemOf } from '../errors.ts'
import { makeReady, sendReady } from '../ready.ts'
import type { Route } from '../routes.ts'
import type { StagedFile } from '../staged.ts'
import { documentationRoutes } from './documentation.ts'
import { callerOf } from './guard.ts'
import { mediaOf, pointedAt, readInput } from './input.ts'
import { API_BASE, type ApiDeps, type Call, type Operation, type Params } from './operation.ts'
import { OPERATIONS } from './operations.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
export const KEY_PATTERN = /^[\x21-\x7e]{1,255}$/

/** Their names in the router; sessions look for the story under this one. */
const ROUTED: Record<keyof Params, string> = {
  story: 'storyId',
  post: 'postId',
  media: 'mediaId',
  account: 'accountId',
  revision: 'revision',
  autosave: 'autosave',
  note: 'noteId',
  snippet: 'snippetId',
}

/** Parts of addresses that are no ids. */
const NUMBERS: Record<string, { is: RegExp; detail: string }> = {
  revision: { is: /^[1-9]\d{0,9}$/, detail: 'A revision is a number from 1.' },
  autosave: { is: /^[1-9]\d{0,14}$/, detail: 'An autosave is a number from 1.' },
}

export function apiRoutes(deps: ApiDeps): Route[] {
  return [
    ...OPERATIONS.map((one) => routeOf(deps, one)),
    ...documentationRoutes(deps?.style ?? '', deps?.publicUrl ?? null),
  ]
}

function routeOf(deps: ApiDeps, one: Operation): Route {
  const { method, access, object, surface } = one
  return {
    ...{ method, access, object, surface },
    url: API_BASE + one.path.replace(/\{(\w+)\}/g, (_all, name: keyof Params) => `:${ROUTED[name]}`),
    ...(one.body === 'media' ? { bodyLimit: MAX_UPLOAD, takes: 'media' as const } : {}),
    handler: (request, reply) => handle(deps, one, request, reply),
  }
}

async function handle(deps: ApiDeps, one: Operation, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (one.body !== 'media') return answer(deps, one, readCall(one, request), reply)
  const call = readCall(one, request)
  const body = await mediaOf(request, deps.maxClipBytes)
  try {
    return await answer(deps, one, { ...call, body }, reply)
  } finally {
    if (!(body instanceof Uint8Array)) await body.remove()
  }
}

async function answer(deps: ApiDeps, one: Operation, call: Call, reply: FastifyReply): Promise<unknown> {
  const { request } = call
  if (one.method === 'GET') {
    const text = JSON.stringify(await one.run(deps, call as Call<never, never>))
    return sendReady(request, reply, makeReady(text, JSON_TYPE, one.cacheControl ?? 'private, no-store'))
  }
  const act = async (): Promise<KeptAnswer> => {
    const done = await one.run(deps, call as Call<never, never>).catch((error) => {
      throw pointedAt(error, call.body)
    })
    return { status: one.creates?.(done as never) ? 201 : 200, body: JSON.stringify(done) }
  }
  const { status, body, replayed } = await once(deps, keyedRequest(one, call, request), act)
  if (replayed) reply.header('idempotent-replayed', 'true')
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type(status < 400 ? JSON_TYPE : PROBLEM)
    .send(body)
}

/** Throws `invalid` naming each field, `not_found` where a public address is impossible. */
function readCall(one: Operation, request: FastifyRequest): Call {
  const routed = request.params as Record<string, string | undefined>
  const params = Object.fromEntries(
    Object.entries(ROUTED).map(([name, inRouter]) => [name, routed[inRouter] ?? '']),
  ) as Params
  if (one.access !== 'public') requireParams(one, params)
  const query = readInput(one.query, request.query ?? {}, 'query')
  const body = one.body === 'media' ? undefined : readInput(one.body, request.body ?? {}, 'body')
  return { params, query, body, caller: callerOf(request), request }
}

function requireParams(one: Operation, params: Params): void {
  for (const [, name = ''] of one.path.matchAll(/\{(\w+)\}/g)) {
    const value = params[name as keyof Params]
    const number = NUMBERS[name]
    if (!(number ? number.is.test(value) : isId(value)))
      throw wrongField('invalid', `path:${name}`, number?.detail ?? 'An id is 16 to 32 lower-case letters and digits.')
  }
}

/** null: the client sent no key. Throws `invalid` for a key that is none. */
function keyedRequest(one: Operation, call: Call, request: FastifyRequest): KeyedRequest | null {
  const key = request.headers['idempotency-key']
  if (key === undefined || one.method !== 'POST' || !call.caller) return null
  if (typeof key !== 'string' || !KEY_PATTERN.test(key))
    throw new AppError('invalid', 'An Idempotency-Key is 1 to 255 visible ASCII characters.')
  const hash = createHash('sha256').update(`${request.method} ${request.url}\n`)
  hash.update(hashed(one, call))
  return { accountId: call.caller.actor.id, key, requestHash: hash.digest('hex') }
}

/** A clip is known by its sum: it is read once only. */
function hashed({ body: takes }: Operation, { body }: Call): Uint8Array | string {
  if (body instanceof Uint8Array) return body
  return takes === 'media' ? (body as StagedFile).sha256 : canonicalJson(body)
}

/**
 * The answer that this key got before, or the one that comes of running it now. A crash in between leaves the key under
 * way; whoever takes it over runs the act again, and acts are idempotent by the ids in them.
 */
async function once(
  { answers }: ApiDeps,
  keyed: KeyedRequest | null,
  act: () => Promise<KeptAnswer>,
): Promise<KeptAnswer & { replayed: boolean }> {
  if (!keyed) return { ...(await act()), replayed: false }
  const kept = await answers.take(keyed)
  if (kept) return { ...kept, replayed: true }
  const answer = await act().catch(async (error) => {
    // A definite no stays one under this key; everything else may be tried again.
    if (isAppError(error, 'conflict')) return { status: 409, body: JSON.stringify(problemOf(error)) }
    await answers.release(keyed).catch(() => undefined)
    throw error
  })
  await answers.keep(keyed, answer)
  return { ...answer, replayed: false }
}
