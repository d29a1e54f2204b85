// What came in, by the schemas of its operation; and what is wrong with it, each thing with a pointer to where it stands.
// Called by routes.ts.
// Never repeats more of a hostile name than a bound.

import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { AppError, isAppError } from '../../domain/error.ts'
import { sayIssue } from '../../domain/issue-words.ts'
import type { FieldError } from '../errors.ts'
import { stageBody } from '../staged.ts'
import type { MediaBody } from './operation.ts'

const MAX_PROBLEMS = 20
const MAX_SAID = 300 // characters of a pointer or of what is said there: both repeat names that came in

type Place = 'query' | 'body'

/** Throws `invalid` naming each field. */
export function readInput(schema: z.ZodType | undefined, value: unknown, place: Place): unknown {
  if (!schema) {
    const empty =
      typeof value === 'object' && value !== null && !(value instanceof Readable) && Object.keys(value).length === 0
    if (!empty) throw new AppError('invalid', `This address takes no ${place}.`)
    return {}
  }
  if (value instanceof Uint8Array || value instanceof Readable) throw new AppError('invalid', SEND_JSON)
  const parsed = schema.safeParse(value, { error: sayIssue })
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.flatMap((issue) => fieldErrors(issue, place)).slice(0, MAX_PROBLEMS)
  const { pointer, detail } = errors[0] ?? { pointer: '#', detail: 'It is malformed.' }
  const where = pointer === '#' ? '' : ` at \`${pointer}\``
  throw new AppError('invalid', `The ${place} is not as it should be${where}: ${detail}`, { details: { errors } })
}

/** A clip stands on the disk then, until its `remove`. Throws `invalid`, `too_large`. */
export async function mediaOf({ body, headers }: FastifyRequest, maxClipBytes: number): Promise<MediaBody> {
  if (body instanceof Uint8Array) return body
  if (!(body instanceof Readable)) throw new AppError('invalid', SEND_MEDIA)
  return stageBody(body, Number(headers['content-length'] ?? Number.NaN), maxClipBytes)
}

export const SEND_JSON = 'Send JSON, with `Content-Type: application/json`.'
export const SEND_MEDIA =
  'Send the file’s bytes as the body, with a type such as `Content-Type: image/jpeg` or `video/mp4`; no form, no multipart.'

/** An unknown field is pointed at by its own name, not by the object it stands in. */
function fieldErrors(issue: z.core.$ZodIssue, place: Place): FieldError[] {
  const { path, message } = issue
  const detail = message.slice(0, MAX_SAID).toWellFormed()
  const paths =
    issue.code === 'unrecognized_keys' ? issue.keys.slice(0, MAX_PROBLEMS).map((key) => [...path, key]) : [path]
  return paths.map((steps) => ({ pointer: pointerTo(steps, place), detail }))
}

function pointerTo(path: readonly PropertyKey[], place: Place): string {
  const names = path.map((step) => String(step).slice(0, MAX_SAID).toWellFormed())
  if (place === 'query') return `query:${names.join('.')}`
  return `#${names.map((name) => `/${escaped(name)}`).join('')}`.slice(0, 2 * MAX_SAID)
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The store refuses pictures by their ids: here they are found in the body that named them. */
export function pointedAt(error: unknown, body: unknown): unknown {
  if (!isAppError(error, 'invalid')) return error
  const { media } = (error.details ?? {}) as { media?: string[] }
  const pointers = media ? pointersTo(body, new Set<unknown>(media), '#') : []
  if (pointers.length === 0) return error
  const errors = pointers.slice(0, MAX_PROBLEMS).map((pointer) => ({ pointer, detail: error.message }))
  return new AppError('invalid', error.message, { cause: error.cause, details: { errors } })
}

function pointersTo(value: unknown, media: ReadonlySet<unknown>, at: string): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'media' && media.has(inner) ? [`${at}/media`] : pointersTo(inner, media, `${at}/${name}`),
  )
}
