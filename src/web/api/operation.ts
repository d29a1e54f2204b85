// One operation of the API as a value: where it is called, what it asks for, takes and answers, and what it does.
// Made in the tables of web/api; routes, OpenAPI, documentation and the tests of rights are all made from them.
// Never decides rights by itself: `access` names the action, domain/permission.ts decides, the act asks again.

import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Receipt } from '../../domain/decision.ts'
import type { Actor } from '../../domain/permission.ts'
import type { Rectangle } from '../../media/rectangle.ts'
import type { PhotoDesk } from '../../newsroom/withdraw-photo.ts'
import type { Attention } from '../../store/attention.ts'
import type { Autosaves } from '../../store/autosaves.ts'
import type { PublicReads } from '../../store/contract.ts'
import type { DeskLists } from '../../store/desk-lists.ts'
import type { Notes } from '../../store/desk-notes.ts'
import type { DeskReads } from '../../store/desk-reads.ts'
import type { Answers } from '../../store/idempotency.ts'
import type { PhotoRecords } from '../../store/photo-records.ts'
import type { Snippets } from '../../store/snippets.ts'
import type { Together } from '../../store/together.ts'
import type { Tokens } from '../../store/tokens.ts'
import type { Sessions } from '../auth/session.ts'
import type { Route } from '../routes.ts'
import type { StagedFile } from '../staged.ts'
import type { takenMedia } from './answers.ts'
import type { Caller } from './guard.ts'
import type { Limits } from './rate-limit.ts'

export const API_BASE = '/api/v1'

/** A clip is never held in memory. */
export type MediaBody = Uint8Array | StagedFile

/** What the metadata of a picture said comes with it. */
export type TakenMedia = z.infer<typeof takenMedia>

export type ApiDeps = {
  desk: PhotoDesk
  publicReads: PublicReads
  reads: DeskReads
  lists: DeskLists
  autosaves: Autosaves
  notes: Notes
  together: Together
  attention: Pick<Attention, 'ofStory'>
  /** The desk of a story looks other than it did, on every node; no act. */
  ringDesk(storyId: string): void
  answers: Answers
  tokens: Tokens
  sessions: Sessions
  limits: Limits
  publicUrl: string | null
  /** A picture's bytes, or a clip on this machine's disk. Throws `invalid`, `too_large`, `too_many`, `unavailable`. */
  takeMedia(file: MediaBody, actor: Actor): Promise<TakenMedia>
  /** Bytes of one clip. */
  maxClipBytes: number
  /** Throws `invalid`, `not_found`, `too_many`, `unavailable`. */
  cutMedia(id: string, rectangle: Rectangle, actor: Actor): Promise<TakenMedia>
  photos: PhotoRecords
  snippets: Snippets
  /** ms UTC. */
  now(): number
  /** There may be work on pictures to do in the background. */
  mediaChanged(): void
  newId(): string
  /** Path of the style sheet of the documentation. */
  style: string
}

export type Params = {
  story: string
  post: string
  media: string
  account: string
  revision: string
  autosave: string
  note: string
  snippet: string
}
/** Checked by the operation's schemas. `caller` is absent for public operations. */
export type Call<Query = unknown, Body = unknown> = {
  params: Params
  query: Query
  body: Body
  caller: Caller | null
  request: FastifyRequest
}

export const GROUPS = ['Public reads', 'Stories', 'Posts', 'Pictures', 'Desk reads', 'Together'] as const

export type Operation = {
  /** The name of the act, where it is one; `operationId` in OpenAPI. */
  name: string
  group: (typeof GROUPS)[number]
  method: Route['method']
  /** Below API_BASE, with {story}, {post}, {media}, {account}, {revision}, {autosave}, {note}, {snippet}. */
  path: string
  access: Exclude<Route['access'], 'half'>
  object: Route['object']
  surface?: string
  /** One line: what it does. */
  does: string
  query?: z.ZodObject
  /** A schema of JSON, or the bytes of a picture or a clip. Absent: no body. */
  body?: z.ZodType | 'media'
  answer: z.ZodType
  /** How long shared caches may keep a public answer. */
  cacheControl?: string
  /** True when the answer tells of something that was not there before. */
  creates?: (answer: never) => boolean
  run(deps: ApiDeps, call: Call<never, never>): Promise<unknown>
}

type Typed<Q extends z.ZodObject | undefined, B extends z.ZodType | 'media' | undefined> = Omit<
  Operation,
  'query' | 'body' | 'run' | 'creates'
> & {
  query?: Q
  body?: B
  creates?: (answer: Receipt) => boolean
  run(
    deps: ApiDeps,
    call: Call<
      Q extends z.ZodObject ? z.output<Q> : unknown,
      B extends z.ZodType ? z.output<B> : B extends 'media' ? MediaBody : unknown
    >,
  ): Promise<unknown>
}

/** Gives `run` the types of its schemas. */
export function operation<
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | 'media' | undefined = undefined,
>(typed: Typed<Q, B>): Operation {
  return typed as unknown as Operation
}

/** The guard let the request in, so somebody calls. */
export function actorOf(call: Call): Actor {
  if (!call.caller) throw new TypeError('A public operation has no actor.')
  return call.caller.actor
}
