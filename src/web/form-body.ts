// A posted form, however it was encoded: its fields as text and at most one photo.
// Called by web/auth and web/desk.
// Never loses typed text because of the photo: one that is too large is reported beside the fields.

import type { FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../domain/error.ts'
import { MAX_BODY, MAX_UPLOAD } from './app.ts'

const REFUSED_MS = 60_000 // for the rest of a form that is refused already
const PARTS = { limits: { files: 1 }, throwFileSizeLimit: false }

/** `photoProblem`: a photo was sent but not taken. Of a field sent twice the last counts. */
export type FormBody = { fields: ReadonlyMap<string, string>; photo: Uint8Array | null; photoProblem: AppError | null }

/** `field(form, 'x')`: its text, '' when absent. */
export function field(form: FormBody, name: string): string {
  return form.fields.get(name) ?? ''
}

const typed = new WeakMap<FastifyRequest, ReadonlyMap<string, string>>()

/** Read once per request. Throws `invalid` for a body that is no form. */
export async function readForm(request: FastifyRequest): Promise<FormBody> {
  // A stranger's file is passed over: it would be held in memory for as long as they care to send.
  if (request.isMultipart()) return readParts(request, request.routeOptions.config.signedIn === true)
  const fields = plainFields(request.body)
  typed.set(request, fields)
  return { fields, photo: null, photoProblem: null }
}

/** For a request that is refused before its handler reads it: the fields alone, so that the error page can give them back. */
export async function keepTyped(request: FastifyRequest): Promise<void> {
  if (request.isMultipart()) {
    const late = setTimeout(() => request.raw.destroy(), REFUSED_MS)
    await readParts(request, false).finally(() => clearTimeout(late))
  } else typed.set(request, plainFields(request.body))
}

/** What the form of this request held, once it was read; null when it holds nothing. */
export function typedIn(request: FastifyRequest): ReadonlyMap<string, string> | null {
  const fields = typed.get(request)
  return fields && fields.size > 0 ? fields : null
}

function plainFields(body: unknown): Map<string, string> {
  const fields = new Map<string, string>()
  if (body === null || body === undefined) return fields
  if (typeof body !== 'object') throw new AppError('invalid', 'This address takes forms.')
  for (const [name, value] of Object.entries(body)) {
    const last: unknown = Array.isArray(value) ? value.at(-1) : value
    if (typeof last === 'string') fields.set(name, last)
  }
  return fields
}

/** `files` false: they are passed over, unread. Throws `too_large` when the fields together are. */
async function readParts(request: FastifyRequest, files: boolean): Promise<FormBody> {
  try {
    return await partsOf(request, files)
  } catch (error) {
    // The parser's own errors carry no status: a boundary that is missing, a body that breaks off, a sender that left.
    const known = isAppError(error) || (error as { statusCode?: number }).statusCode !== undefined
    throw known
      ? error
      : new AppError('invalid', 'This form broke off or is malformed. Send it again.', { cause: error })
  }
}

async function partsOf(request: FastifyRequest, files: boolean): Promise<FormBody> {
  const fields = new Map<string, string>()
  typed.set(request, fields) // filled as it comes: a body that breaks off still gives back what came before
  let size = 0 // of all fields, in characters
  let photo: Uint8Array | null = null
  let photoProblem: AppError | null = null
  for await (const part of request.parts(PARTS)) {
    if (part.type === 'field') {
      if (typeof part.value !== 'string') continue
      size += part.value.length
      if (size > MAX_BODY) throw new AppError('too_large', 'This form holds too much text.')
      fields.set(part.fieldname, part.value)
      continue
    }
    const chunks: Buffer[] = []
    for await (const chunk of part.file) if (files) chunks.push(chunk as Buffer)
    if (part.file.truncated) {
      photoProblem = new AppError('too_large', `A photo has at most ${MAX_UPLOAD / 1024 / 1024} MB.`)
    } else if (chunks.length > 0) photo = Buffer.concat(chunks)
  }
  return { fields, photo, photoProblem }
}
