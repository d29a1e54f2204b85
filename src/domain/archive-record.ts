// A story as the lines of an archive: what each kind of line holds, and what must be true of it.
// Called by store/story-dump.ts and store/story-load.ts, and by the check of an archive. docs/archive.md tells the same for people. Pure.
// Never takes a line that is not written as we would write it: what is read and written again is the same to the byte.

import { z } from 'zod'
import { canonicalJson } from './canonical.ts'
import { contentSchema, imageSchema, parseSummary, type SummaryBlock } from './content.ts'
import type { Json } from './decision.ts'
import { AppError } from './error.ts'
import { idSchema, isId } from './id.ts'
import { ROLES, SCOPES } from './permission.ts'
import { MAX_NO_USE } from './photo-rights.ts'
import { POST_STATES } from './post.ts'
import { checkSlug, isTimeZone, STORY_STATES, storySettingsSchema, VISIBILITIES } from './story.ts'
import { PUBLIC_KINDS } from './view.ts'

const time = z.int().min(0)
const count = z.int().min(0)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const short = z.string().min(1).max(200)
const zone = z.string().refine(isTimeZone, 'no IANA zone')
const json = z.custom<{ [key: string]: Json }>(
  (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
)
const content = contentSchema

const storyRecord = z.strictObject({
  id: idSchema,
  slug: z.string().nullable().refine(isSlug, 'no address a story can have'),
  title: z.string().min(1),
  standfirst: z.string(),
  language: storySettingsSchema.shape.language.unwrap(),
  direction: z.enum(['ltr', 'rtl']),
  timeZone: zone,
  state: z.enum(STORY_STATES),
  visibility: z.enum(VISIBILITIES),
  seq: count,
  version: count,
  ordinal: count,
  createdAt: time,
  startsAt: z.int().nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  withdrawnAt: time.nullable(),
  revision: count,
  summary: z.strictObject({ blocks: z.custom<SummaryBlock[]>(isSummary, 'no summary'), at: time }).nullable(),
  lead: imageSchema.nullable(),
  continues: idSchema.nullable(),
  continuedBy: idSchema.nullable(),
})

const postRecord = z.strictObject({
  id: idSchema,
  state: z.enum(POST_STATES),
  content,
  revision: z.int().min(1),
  version: z.int().min(1).nullable(),
  orderKey: count.nullable(),
  keyEvent: z.strictObject({ title: z.string() }).nullable(),
  pinnedAt: time.nullable(),
  corrections: z.array(z.strictObject({ at: time, note: z.string() })),
  withdrawal: z.strictObject({ at: time, trace: z.enum(['line', 'none']), reason: z.string() }).nullable(),
  createdAt: time,
  createdBy: short,
  firstPublishedAt: time.nullable(),
  publishedAt: time.nullable(),
  updatedAt: time.nullable(),
  release: z.strictObject({ at: time, zone, by: short }).nullable(),
  embargo: z.strictObject({ until: time, zone }).nullable(),
  origin: z.strictObject({ storyId: idSchema, postId: idSchema }).nullable(),
  deskNote: z.strictObject({ at: time, by: z.string(), text: z.string() }).nullable(),
})

const revisionRecord = z.strictObject({
  postId: idSchema,
  revision: z.int().min(1),
  kind: short,
  content,
  note: z.string().nullable(),
  by: short,
  at: time,
})

const entry = {
  seq: z.int().min(1),
  kind: short,
  postId: idSchema.nullable(),
  at: time,
  commitment: hash,
  previous: hash,
  hash,
  payload: json.nullable(),
  salt: z.string().max(64).nullable(),
}

const deskRecord = z.strictObject({
  ...entry,
  actorId: short,
  actorName: z.string(),
  credential: z.string(),
  publicSeq: z.int().min(1).nullable(),
})

const publicRecord = z.strictObject({ ...entry, kind: z.enum(PUBLIC_KINDS) })

const withdrawnBy = z.strictObject({
  id: short,
  name: z.string(),
  role: z.enum(ROLES),
  credential: z.string(),
  scopes: z.array(z.enum(SCOPES)).optional(),
})

const mediaRecord = z.strictObject({
  id: idSchema,
  kind: z.enum(['image', 'video', 'audio']),
  width: z.int().min(0),
  height: z.int().min(0),
  bytes: count,
  metadata: json,
  createdAt: time,
  createdBy: short,
  withdrawnAt: time.nullable(),
  withdrawal: z.strictObject({ by: withdrawnBy, reason: z.string() }).nullable(),
  erasedAt: time.nullable(),
  avif: z.enum(['wanted', 'made', 'without']),
  clip: z
    .strictObject({ format: z.string().regex(/^[0-9a-z]{1,8}$/), duration: z.int().min(1), sha256: hash })
    .optional(),
  // Absent where nobody said anything, as in archives of earlier versions.
  words: z.strictObject({ caption: z.string(), credit: z.string(), agency: z.string(), alt: z.string() }).optional(),
  useUntil: time.optional(),
  noUse: z.string().min(1).max(MAX_NO_USE).optional(),
  blocked: z.literal(true).optional(),
  cutFrom: idSchema.optional(),
})

const RECORDS = {
  story: storyRecord,
  post: postRecord,
  revision: revisionRecord,
  desk: deskRecord,
  public: publicRecord,
  media: mediaRecord,
} as const

export type RecordKind = keyof typeof RECORDS
export type ArchiveRecord<K extends RecordKind> = z.infer<(typeof RECORDS)[K]>

/** Throws `invalid`, saying of which field, when the line is not exactly what we would write. */
export function parseRecord<K extends RecordKind>(kind: K, line: string): ArchiveRecord<K> {
  const { read, again } = readLine(kind, line)
  if (!read.success) {
    const [issue] = read.error.issues
    throw refused(kind, `${issue?.path.join('.') || 'line'}: ${issue?.message ?? 'malformed'}`)
  }
  // Cleaning and defaults would have changed it, keys stand in another order, or one stands there twice.
  if (again !== line) throw refused(kind, 'it is not written as Dateline writes it')
  return read.data as ArchiveRecord<K>
}

/** Every picture that a record names, wherever in it: its id, as the value of a key `media`. */
export function mediaNamed(value: unknown, found: Set<string>): void {
  if (value === null || typeof value !== 'object') return
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'media' && typeof inner === 'string' && isId(inner)) found.add(inner)
    else mediaNamed(inner, found)
  }
}

/** JSON that is nested ten thousand deep is no record either. */
function readLine(kind: RecordKind, line: string) {
  try {
    const read = RECORDS[kind].safeParse(JSON.parse(line))
    return { read, again: read.success ? canonicalJson(read.data) : '' }
  } catch (cause) {
    throw refused(kind, (cause as Error).message)
  }
}

function refused(kind: RecordKind, why: string): AppError {
  return new AppError('invalid', `a line of kind "${kind}" is wrong (${why.slice(0, 200)})`)
}

function isSlug(slug: string | null): boolean {
  try {
    return slug === null || checkSlug(slug) === slug
  } catch {
    return false
  }
}

function isSummary(blocks: unknown): boolean {
  try {
    return canonicalJson(parseSummary(blocks)) === canonicalJson(blocks)
  } catch {
    return false
  }
}
