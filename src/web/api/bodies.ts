// What each act takes: the schemas of request bodies, put together from those of domain. Unknown fields are refused.
// Called by the tables of operations, which validate with them, and by openapi.ts, which shows them.
// Never weaker than what the act itself asks for.

import { z } from 'zod'
import { contentSchema, MAX_HEADLINE, momentSchema, summarySchema, VERIFICATIONS } from '../../domain/content.ts'
import { MAX_PHOTO_REASON } from '../../domain/decide-photo.ts'
import { MAX_NOTE } from '../../domain/decide-post.ts'
import { idSchema } from '../../domain/id.ts'
import { MAX_NOTE_TEXT, MAX_SHIFT_NOTE } from '../../domain/note.ts'
import { ROLES } from '../../domain/permission.ts'
import { MAX_REVISION } from '../../domain/post.ts'
import { slugSchema, storyChangeSchema, storySettingsSchema, timeZoneSchema, VISIBILITIES } from '../../domain/story.ts'

const note = z.string().max(MAX_NOTE)
const revision = z.int().min(0).describe('The revision you saw. A stale one is refused with the current state.')
const keyEvent = z.strictObject({ title: z.string().max(MAX_HEADLINE).describe('Empty: the headline’s words.') })
const breakEmbargo = z.literal(true).optional().describe('The second confirmation. For people, not for tokens.')

export const releaseBody = z.strictObject({ at: momentSchema, zone: timeZoneSchema })
export const embargoBody = z.strictObject({ until: momentSchema, zone: timeZoneSchema })

export const nothingBody = z.strictObject({})

export const changeStoryBody = z.strictObject({ revision, change: storyChangeSchema })
export const setVisibilityBody = z.strictObject({
  visibility: z.enum(VISIBILITIES),
  slug: slugSchema.optional().describe('Taken on becoming public; left out, it is made from the title.'),
})
export const setSummaryBody = z.strictObject({
  revision: revision.describe('The story’s revision.'),
  blocks: summarySchema.nullable().describe('null takes the summary away.'),
})
export const giveRoleBody = z.strictObject({
  role: z.enum(ROLES).exclude(['admin']).nullable().describe('null: as in the newsroom.'),
})
export const withdrawStoryBody = z.strictObject({ reason: note.describe('For the desk log; readers find nothing.') })
export const continueStoryBody = z.strictObject({ nextId: idSchema, settings: storySettingsSchema })

export const saveDraftBody = z.strictObject({
  revision: revision.describe('The revision you saw; 0 for a new draft.'),
  content: contentSchema,
  keyEvent: keyEvent.nullable().optional().describe('What it is to be when it is published; absent: as it is.'),
})
export const autosavePostBody = z.strictObject({
  revision: z
    .int()
    .min(0)
    .max(MAX_REVISION)
    .describe('The revision it was made from; 0 for a new text. A stale one is kept too.'),
  content: contentSchema.describe('As far as it is written: nothing has to be filled in.'),
})
export const publishPostBody = z.strictObject({
  content: contentSchema,
  keyEvent: keyEvent.nullable().optional().describe('Absent: what the draft says; null: none.'),
  revision: revision.optional().describe('Of the draft you saw; leave it out for a new post.'),
  breakEmbargo,
})
export const submitPostBody = z.strictObject({ revision })
export const approvePostBody = z.strictObject({ revision, breakEmbargo })
export const sendBackPostBody = z.strictObject({ note: note.describe('For the author.') })
export const schedulePostBody = z.strictObject({
  revision,
  release: releaseBody.nullable().describe('null takes the schedule away.'),
})
export const embargoPostBody = z.strictObject({
  embargo: embargoBody.nullable().describe('null lifts it.'),
  breakEmbargo,
})
export const revisePostBody = z.strictObject({ revision, content: contentSchema })
export const correctPostBody = z.strictObject({
  revision,
  content: contentSchema,
  note: note.min(1).describe('Public: what was wrong.'),
})
export const flagPostBody = z.strictObject({
  verification: z.enum(VERIFICATIONS).optional(),
  breaking: z.boolean().optional(),
})
export const markKeyEventBody = z.strictObject({ keyEvent: keyEvent.nullable().describe('null takes the mark away.') })
export const pinPostBody = z.strictObject({ pinned: z.boolean() })
export const reorderPostBody = z.strictObject({
  side: z.enum(['above', 'below']).describe('Above is nearer to the newest end.'),
  postId: idSchema,
})
export const discardDraftBody = z.strictObject({ revision })
export const moveDraftBody = z.strictObject({
  to: z.strictObject({ storyId: idSchema, postId: idSchema.describe('Its id there, made by you.') }),
})
export const copyPostBody = z.strictObject({
  to: z.strictObject({ storyId: idSchema, postId: idSchema.describe('An id for the copy, made by you.') }),
  publish: z.boolean().describe('false: a draft there.'),
})
export const withdrawPostBody = z.strictObject({
  trace: z.enum(['line', 'none']).describe('One grey line with the reason, or nothing.'),
  reason: note,
  copies: z.enum(['withdraw', 'leave']).optional().describe('Asked for when there are copies in other stories.'),
})
export const addNoteBody = z.strictObject({ text: z.string().min(1).max(MAX_NOTE_TEXT) })
export const setShiftNoteBody = z.strictObject({
  revision: revision.describe('Of the note you saw; 0 for none. A stale one is refused with the current note.'),
  text: z.string().max(MAX_SHIFT_NOTE).describe('Empty takes it away.'),
})
export const tellPresenceBody = z.strictObject({
  postId: idSchema.nullable().describe('The post this window shows, saved or not; null: none.'),
  writing: z.boolean(),
  tab: z
    .string()
    .regex(/^[0-9a-z]{1,32}$/, 'A window names itself by 1 to 32 lower-case letters and digits.')
    .optional()
    .describe('Which of your windows; left out: the only one.'),
  leaving: z.literal(true).optional().describe('This window closes.'),
})
export const withdrawPhotoBody = z.strictObject({
  reason: z.string().max(MAX_PHOTO_REASON).describe('For the desk only.'),
})
