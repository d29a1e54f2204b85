// A posted form, however it was encoded: its fields as text, at most one photo, and one clip where the form takes one.
// Called by web/auth and web/desk.
// Never loses typed text because of a file: one that is too large is reported beside the fields.
// Never holds a clip in memory: it stands on the disk until `remove`.

import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { AppError, isAppError } from '../domain/error.ts'
import { MAX_BODY, MAX_UPLOAD } from './app.ts'
import { clipTooLarge, type StagedFile, stageBody } from './staged.ts'

const REFUSED_MS = 60_000 // for the rest of a form that is refused already
const MAX_FILES = 2 // a photo and a clip
export const CLIP_FIELD = 'clip'

/** `photoProblem`: a photo was sent but not taken; `clipProblem`: a clip. Of a field sent twice the last counts. */
export type FormBody = {
  fields: ReadonlyMap<string, string>
  photo: Uint8Array | null
  photoProblem: AppError | null
  clip?: StagedFile
  clipProblem?: AppError
}

/** `field(form, 'x')`: its text, '' when absent. */
export function field(form: FormBody, name: string): string {
  return form.fields.get(name) ?? ''
}

const typed = new WeakMap<FastifyRequest, ReadonlyMap<string, string>>()

const read = new WeakMap<FastifyRequest, FormBody>()

/**
 * Read once per request. `clipBytes`: the form may bring a clip of so many, which whoever asks removes; 0 = it is passed over. Throws
 * `invalid` for a body that is no form.
 */
export async function readForm(request: FastifyRequest, clipBytes = 0): Promise<FormBody> {
  const known = read.get(request)
  if (known) return known
  // A stranger's file is passed over: it would be held in memory for as long as they care to send.
  if (request.isMultipart()) {
    const body = await readParts(request, request.routeOptions.config.signedIn === true, clipBytes)
    read.set(request, body)
    return body
  }
  const fields = plainFields(request.body)
  typed.set(request, fields)
  return { fields, photo: null, photoProblem: null }
}

/** For a request that is refused before its handler reads it: the fields alone, so that the error page can give them back. */
export async function keepTyped(request: FastifyRequest): Promise<void> {
  if (request.isMultipart()) {
    const late = setTimeout(() => request.raw.destroy(), REFUSED_MS)
    await readParts(request, false, 0).finally(() => clearTimeout(late))
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
async function readParts(request: FastifyRequest, files: boolean, clipBytes: number): Promise<FormBody> {
  const taken: TakenFiles = { photo: null, photoProblem: null }
  try {
    return { fields: await partsOf(request, files ? taken : null, clipBytes), ...taken }
  } catch (error) {
    await taken.clip?.remove()
    // The parser's own errors carry no status: a boundary that is missing, a body that breaks off, a sender that left.
    const known = isAppError(error) || (error as { statusCode?: number }).statusCode !== undefined
    throw known
      ? error
      : new AppError('invalid', 'This form broke off or is malformed. Send it again.', { cause: error })
  }
}

type TakenFiles = Omit<FormBody, 'fields'>

/** `taken` null: files are passed over. */
async function partsOf(
  request: FastifyRequest,
  taken: TakenFiles | null,
  clipBytes: number,
): Promise<Map<string, string>> {
  const fields = new Map<string, string>()
  typed.set(request, fields) // filled as it comes: a body that breaks off still gives back what came before
  let size = 0 // of all fields, in characters
  const fileSize = Math.max(MAX_UPLOAD, clipBytes)
  const options = { limits: { files: MAX_FILES, fileSize }, throwFileSizeLimit: false }
  for await (const part of request.parts(options)) {
    if (part.type === 'field') {
      if (typeof part.value !== 'string') continue
      size += part.value.length
      if (size > MAX_BODY) throw new AppError('too_large', 'This form holds too much text.')
      fields.set(part.fieldname, part.value)
    } else if (taken && part.fieldname === CLIP_FIELD && clipBytes > 0) await takeClip(part, taken, clipBytes)
    else await takePhoto(part, part.fieldname === CLIP_FIELD ? null : taken)
  }
  return fields
}

/** `taken` null: it is passed over, unread. */
async function takePhoto(part: MultipartFile, taken: TakenFiles | null): Promise<void> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    size += chunk.length
    if (taken && size <= MAX_UPLOAD) chunks.push(chunk)
  }
  if (!taken) return
  if (part.file.truncated || size > MAX_UPLOAD)
    taken.photoProblem = new AppError('too_large', `A photo has at most ${MAX_UPLOAD / 1024 / 1024} MB.`)
  else if (chunks.length > 0) taken.photo = Buffer.concat(chunks)
}

/** Throws what leaves nothing to go on with: the machine is full, the line broke. */
async function takeClip(part: MultipartFile, taken: TakenFiles, maxBytes: number): Promise<void> {
  if (!part.filename) return void part.file.resume() // none was chosen
  await taken.clip?.remove()
  delete taken.clip
  try {
    // Read to its end, which the parser bounds: else what comes after it would be lost with it.
    const staged = await stageBody(part.file, Number.NaN, Number.POSITIVE_INFINITY)
    if (part.file.truncated || staged.size > maxBytes) {
      await staged.remove()
      taken.clipProblem = clipTooLarge(maxBytes)
    } else taken.clip = staged
  } catch (error) {
    if (!isAppError(error) || !part.file.readableEnded) throw error
    taken.clipProblem = error
  }
}
