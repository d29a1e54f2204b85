// Whether the photos of an act may be used: known here, not withdrawn, within their rights. Asked inside the act's transaction.
// Called by store/acts.ts before it writes. Never looks at a photo without a lock: what changes it waits for the act.

import type { Transaction } from 'kysely'
import { kindsOf, type MediaKind, mediaOf } from '../domain/content.ts'
import type { Decision } from '../domain/decision.ts'
import { AppError } from '../domain/error.ts'
import { nameOfPhoto, whyNotUsed } from '../domain/photo-rights.ts'
import type { Post } from '../domain/post.ts'
import type { Tables } from './tables.ts'

type Tx = Transaction<Tables>

export const UNKNOWN_PHOTO = 'A photo of this post is not known here.'
const OTHER_KIND = 'A photo, a video and a sound can each stand only in a block of their own kind.'

const SETS_LEAD: readonly string[] = ['change-story', 'create-story']

/** Before the first row is written: a release that is refused is held back in the same transaction. */
export function newlyShown({ story, post, kind, public: said }: Decision): Map<string, MediaKind> {
  const shown = post && said?.kind === 'post-published' ? kindsOf(post.content) : new Map<string, MediaKind>()
  if (story.lead?.media !== undefined && SETS_LEAD.includes(kind)) shown.set(story.lead.media, 'image')
  return shown
}

/**
 * The lock makes a withdrawal of the photo wait for this act, or this act for it: none slips in between. Throws `invalid`.
 */
export async function requireUsable(tx: Tx, shown: ReadonlyMap<string, MediaKind>): Promise<void> {
  const mediaIds = [...shown.keys()]
  if (mediaIds.length === 0) return
  const rows = await tx
    .selectFrom('media')
    .select(['id', 'kind', 'withdrawn_at'])
    .where('id', 'in', mediaIds)
    .orderBy('id')
    .forShare()
    .execute()
  const known = new Map(rows.map((row) => [row.id, row.kind]))
  refuseMedia(UNKNOWN_PHOTO, (id) => !known.has(id), mediaIds)
  refuseMedia(OTHER_KIND, (id) => known.get(id) !== shown.get(id), mediaIds)
  const gone = new Set(rows.filter((row) => row.withdrawn_at !== null).map((row) => row.id))
  refuseMedia('A photo of this post was withdrawn and cannot be used again.', (id) => gone.has(id), mediaIds)
}

/** What these acts show is shown by them; a correction keeps what readers see already, and is refused for what it adds. */
const ASKS_RIGHTS: readonly string[] = ['revise-post', 'schedule-post']

/** Rights as they are at this moment. The lock makes a change of them wait for this act, or this act for it. Throws `invalid`. */
export async function requireRights(tx: Tx, decision: Decision, now: number): Promise<void> {
  const { post, kind, story, public: said } = decision
  const all = said?.kind === 'post-published' || ASKS_RIGHTS.includes(kind)
  const shown = new Set(post && all ? mediaOf(post.content) : [])
  if (post && kind === 'correct-post') for (const id of await addedTo(tx, post)) shown.add(id)
  const lead = await newLead(tx, decision)
  if (lead !== null) shown.add(lead)
  if (shown.size === 0) return
  const at = kind === 'schedule-post' ? Math.max(now, post?.release?.at ?? now) : now // by then it will have passed
  const rows = await tx
    .selectFrom('media')
    .select(['id', 'use_until as useUntil', 'no_use as noUse', 'blocked'])
    .where('id', 'in', [...shown])
    .where((where) => where.or([where('blocked', '=', true), where('use_until', '<=', at)]))
    .orderBy('id')
    .forShare()
    .execute()
  const [first] = rows
  if (!first) return
  const blocks = [...(post?.content.blocks ?? []), ...(story.lead ? [story.lead] : [])]
  const refusal = whyNotUsed(nameOfPhoto(blocks, first.id), first, at) ?? ''
  throw new AppError('invalid', refusal, { details: { media: rows.map(({ id }) => id) } })
}

/** A lead picture that stands already does not hold up a new title. */
async function newLead(tx: Tx, { story, kind }: Decision): Promise<string | null> {
  const lead = SETS_LEAD.includes(kind) ? story.lead?.media : undefined
  if (lead === undefined) return null
  const before = await tx.selectFrom('story').select('lead').where('id', '=', story.id).executeTakeFirst()
  return before?.lead?.media === lead ? null : lead
}

async function addedTo(tx: Tx, post: Post): Promise<string[]> {
  const rows = await tx.selectFrom('post_media').select('media_id').where('post_id', '=', post.id).execute()
  const before = new Set(rows.map((row) => row.media_id))
  return mediaOf(post.content).filter((id) => !before.has(id))
}

/** `details.media`: which ones, so that a program can be shown where it named them. */
function refuseMedia(said: string, isRefused: (id: string) => boolean, ids: readonly string[]): void {
  const media = ids.filter(isRefused)
  if (media.length > 0) throw new AppError('invalid', said, { details: { media } })
}
