// What the API answers: the schemas of its JSON, and the steps from the house's values to it.
// Called by the tables of operations; shown by openapi.ts. Tests hold every real answer to its schema.
// Never holds more of a public thing than domain/view.ts gives.

import { z } from 'zod'
import { postPath, storyPath } from '../../domain/address.ts'
import { contentSchema, imageSchema, summarySchema } from '../../domain/content.ts'
import { ERROR_CODES, type ErrorCode } from '../../domain/error.ts'
import { idSchema } from '../../domain/id.ts'
import { ROLES, SCOPES } from '../../domain/permission.ts'
import { formatPosition } from '../../domain/position.ts'
import { POST_STATES } from '../../domain/post.ts'
import { STORY_STATES, VISIBILITIES } from '../../domain/story.ts'
import {
  PUBLIC_KINDS,
  type PublicChange,
  type PublicItem,
  type PublicPost,
  type PublicStory,
  type StoryFace,
} from '../../domain/view.ts'
import type { DeskPost, DeskStory } from '../../store/desk-reads.ts'

const moment = z.int().describe('Milliseconds since 1970 UTC')
const count = z.int().min(0)
const seq = count.describe('Place in the public log of the story, from 1')
const version = count.describe('`seq` of the last entry that changed how it looks')
const orderKey = count.describe('Place in the story: the newest end is the highest')
const revision = count.describe('Of the text, from 1; what a change of it names')
export const publicKind = z.enum(PUBLIC_KINDS)
const position = z.string().describe('`epoch.seq`, see the protocol')
const link = z.string().nullable().describe('Path of the next page; null on the last one')
const address = z.string().describe('Path of the page for readers')

const storyWords = {
  id: idSchema,
  title: z.string(),
  standfirst: z.string(),
  language: z.string(),
  direction: z.enum(['ltr', 'rtl']),
  timeZone: z.string(),
  state: z.enum(STORY_STATES),
  startsAt: moment.nullable(),
  startedAt: moment.nullable(),
  endedAt: moment.nullable(),
  summary: z.object({ blocks: summarySchema, at: moment }).nullable(),
  lead: imageSchema.nullable(),
}
const neighbour = z.object({ id: idSchema, name: z.string(), title: z.string() }).nullable()
const correction = z.object({ at: moment, note: z.string() })
const keyEvent = z.object({ title: z.string() }).nullable()

export const publicStory = z.object({
  ...storyWords,
  name: z.string().describe('The last part of its address'),
  visibility: z.enum(['unlisted', 'public']),
  previous: neighbour,
  next: neighbour,
  page: address,
})
export const publicPost = z.object({
  id: idSchema,
  storyId: idSchema,
  version,
  orderKey,
  content: contentSchema,
  keyEvent,
  pinned: z.boolean(),
  corrections: z.array(correction),
  firstPublishedAt: moment,
  publishedAt: moment,
  updatedAt: moment.nullable(),
  page: address,
})
export const publicTrace = z.object({
  id: idSchema,
  storyId: idSchema,
  version,
  orderKey,
  withdrawnAt: moment,
  reason: z.string(),
})
export const publicItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('post'), post: publicPost }),
  z.object({ kind: z.literal('trace'), trace: publicTrace }),
])
const face = {
  story: publicStory,
  posts: count.describe('Published now'),
  updatedAt: moment.nullable(),
  keyEvents: z.array(z.object({ postId: idSchema, title: z.string(), at: moment, orderKey })),
  pinned: z.array(publicPost),
}
export const storyFace = z.object(face)
export const publicStories = z.object({ stories: z.array(storyFace) })
export const publicStoryAnswer = z.object({ position, ...face })
export const publicPosts = z.object({
  position,
  items: z.array(publicItem).describe('Newest first'),
  next: link.describe('Path of the older page; null on the oldest one'),
})
export const publicPostAnswer = z.object({ position, item: publicItem })
const entry = { seq, kind: publicKind, at: moment }
export const publicChange = z.discriminatedUnion('outcome', [
  z.object({ ...entry, outcome: z.literal('post'), post: publicPost }),
  z.object({ ...entry, outcome: z.literal('trace'), trace: publicTrace }),
  z.object({ ...entry, outcome: z.literal('gone'), postId: idSchema }),
  z.object({ ...entry, outcome: z.literal('superseded'), postId: idSchema }),
  z.object({ ...entry, outcome: z.literal('story') }),
])
export const publicChanges = z.object({
  position,
  head: position,
  changes: z.array(publicChange).describe('Oldest first, without gaps'),
  face: storyFace.nullable().describe('The story at the head; null on refetch'),
  refetch: z.boolean().describe('Continuity cannot be proven: read the story again'),
  next: z.string().describe('Path to ask next'),
})

export const deskStory = z.object({
  ...storyWords,
  slug: z.string().nullable(),
  visibility: z.enum(VISIBILITIES),
  revision: count.describe('Of its settings and summary, from 1'),
  position,
  createdAt: moment,
  withdrawnAt: moment.nullable(),
  continues: idSchema.nullable(),
  continuedBy: idSchema.nullable(),
  posts: count.describe('Published now'),
  lastPostAt: moment.nullable(),
})
export const deskPost = z.object({
  id: idSchema,
  storyId: idSchema,
  state: z.enum(POST_STATES),
  revision,
  version: version.nullable(),
  orderKey: orderKey.nullable(),
  content: contentSchema,
  keyEvent,
  pinnedAt: moment.nullable(),
  corrections: z.array(correction),
  withdrawal: z.object({ at: moment, trace: z.enum(['line', 'none']), reason: z.string() }).nullable(),
  createdAt: moment,
  createdBy: z.object({ id: z.string(), name: z.string().nullable() }),
  firstPublishedAt: moment.nullable(),
  publishedAt: moment.nullable(),
  updatedAt: moment.nullable(),
  release: z.object({ at: moment, zone: z.string(), by: z.string() }).nullable(),
  embargo: z.object({ until: moment, zone: z.string() }).nullable(),
  origin: z.object({ storyId: idSchema, postId: idSchema }).nullable(),
  deskNote: z.object({ at: moment, by: z.string(), text: z.string() }).nullable(),
})
export const deskStories = z.object({ stories: z.array(deskStory), next: link })
export const deskPosts = z.object({
  posts: z.array(deskPost.extend({ notes: count.describe('Notes of the desk that stand beside it') })),
  next: link,
})
export const foundPosts = z.object({
  posts: z.array(deskPost).describe('Those that hold it, unpublished ones first'),
  searched: count.describe('How many posts were looked at for this answer'),
  next: link.describe('Path that goes on; null: all of the story was searched'),
})
export const revisions = z.object({
  revisions: z.array(
    z.object({
      revision,
      kind: z.string().describe('The act that made it'),
      note: z.string().nullable(),
      by: z.object({ id: z.string(), name: z.string().nullable() }),
      at: moment,
    }),
  ),
})
const autosave = {
  id: count.describe('Later is higher'),
  at: moment,
  by: z.object({ id: z.string(), name: z.string().nullable() }),
  revision: count.describe('The revision it was made from; 0: none'),
}
export const autosaves = z.object({ autosaves: z.array(z.object(autosave)).describe('Newest first') })
export const autosaveContent = z.object({ ...autosave, content: contentSchema })
export const begunTexts = z.object({
  texts: z.array(z.object({ ...autosave, postId: idSchema, content: contentSchema })).describe('Newest first'),
})
export const keptAutosave = z.object({
  id: count.describe('Later is higher'),
  at: moment.describe('When it was kept'),
  repeated: z.boolean().describe('Your last one of this post holds the same; nothing was written'),
})
export const revisionContent = z.object({ revision, content: contentSchema })

const person = z.object({ id: z.string(), name: z.string() })
export const notes = z.object({
  notes: z
    .array(
      z.object({
        id: z.string(),
        by: person,
        at: moment,
        text: z.string().nullable().describe('null: taken away, or erased'),
        deleted: z.object({ at: moment, by: person }).nullable(),
      }),
    )
    .describe('Oldest first'),
})
const shiftNote = z.object({
  revision: count.describe('From 1'),
  by: person,
  at: moment,
  text: z.string().nullable().describe('Empty: taken away; null: erased'),
})
export const shiftNotes = z.object({
  current: shiftNote.nullable(),
  earlier: z.array(shiftNote).describe('Newest first'),
})
const told = 'Milliseconds from publication to the screen, within which '
export const attention = z.object({
  posts: z.array(
    z.object({
      postId: idSchema,
      reads: count.describe('Half of the post was in view for 5 seconds; a reader counts once a day'),
      shown: z
        .object({
          readers: count.describe('Whose browsers told; those who had the page open at the top when the post came'),
          half: count.describe(`${told}half of them had it`),
          most: count.describe(`${told}95 % of them had it`),
        })
        .nullable()
        .describe('null: nobody told'),
    }),
  ),
})
export const toldPresence = z.object({
  nextIn: count.describe('Milliseconds after which to tell it again'),
  goneAfter: count.describe('Milliseconds after which it is forgotten'),
})

export const receipt = z.object({
  storyId: idSchema,
  postId: idSchema.nullable(),
  revision: count.nullable().describe('Of the post; null for an act on a story'),
  position: position.describe('The head of the story’s public log after the act'),
  repeated: z.boolean().describe('It had been done before; nothing was written'),
})
const side = z.int().min(0).describe('Pixels; 0 for a sound')
const photo = {
  id: idSchema,
  kind: z.enum(['image', 'video', 'audio']),
  width: side,
  height: side,
  duration: z.int().min(0).describe('Milliseconds; 0 for a picture'),
  caption: z.string(),
  credit: z.string(),
  agency: z.string(),
  alt: z.string(),
  takenAt: z
    .string()
    .describe('As the file says: ISO 8601, with an offset if it names one, or only the day; empty: not said'),
  gps: z
    .boolean()
    .describe(
      'Whether the file of a photo said where it was taken. The place is not kept, and nothing that is served holds it',
    ),
}
export const takenMedia = z.object(photo)
const rights = {
  useUntil: moment.nullable().describe('The first moment at which it may no longer be used; null: no end'),
  noUse: z.string().describe('“No use in …”, for people'),
  blocked: z.boolean().describe('No act may show it'),
}
export const mediaRecord = z.object({
  ...photo,
  ...rights,
  usable: z.boolean().describe('Whether an act may show it now'),
  said: z
    .object({
      caption: z.string(),
      headline: z.string(),
      byline: z.string(),
      credit: z.string(),
      source: z.string(),
      copyright: z.string(),
      terms: z.string(),
      city: z.string(),
      country: z.string(),
    })
    .describe('What the file itself said, word for word'),
  cutFrom: idSchema.nullable().describe('The photo it was cut from'),
  createdAt: moment,
  editedAt: moment.nullable(),
  editedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  withdrawn: z.boolean(),
})
export const endedMedia = z.object({
  photos: z.array(
    z.object({
      photo: mediaRecord,
      stories: z.array(z.object({ id: idSchema, title: z.string() })).describe('Where it stands, published'),
    }),
  ),
})
export const withdrawnPhoto = z.object({ receipts: z.array(receipt) })
export const caller = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  credential: z.enum(['token', 'session']),
  scopes: z.array(z.enum(SCOPES)).nullable().describe('null: no limit'),
  expiresAt: moment.nullable(),
  csrf: z.string().nullable().describe('What X-CSRF-Token carries; for a session only'),
})
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int().describe('The status of the answer'),
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  details: z.unknown().optional().describe('The current state on `conflict`'),
})

export function storyAnswer({ seq: _s, version: _v, ordinal: _o, ...story }: PublicStory) {
  return { ...story, page: storyPath(story.name) }
}

export function postAnswer(post: PublicPost, name: string) {
  return { ...post, page: postPath(name, post.id) }
}

export function itemAnswer(item: PublicItem, name: string) {
  return item.kind === 'post' ? { ...item, post: postAnswer(item.post, name) } : item
}

export function changeAnswer(change: PublicChange, name: string) {
  return change.outcome === 'post' ? { ...change, post: postAnswer(change.post, name) } : change
}

export function faceAnswer({ story, keyEvents, pinned, postCount, updatedAt }: StoryFace) {
  const posts = pinned.map((post) => postAnswer(post, story.name))
  return { story: storyAnswer(story), posts: postCount, updatedAt, keyEvents, pinned: posts }
}

export function deskStoryAnswer({ seq, version: _v, ordinal: _o, ...story }: DeskStory, epoch: string) {
  return { ...story, position: formatPosition({ epoch, seq }) }
}

export function deskPostAnswer({ byName, createdBy, ...post }: DeskPost) {
  return { ...post, createdBy: { id: createdBy, name: byName } }
}
