// Close a part of a story and open the next one, which takes over summary, lead picture and pinned posts.
// Never leaves one without the other: both are one transaction.

import { originOf } from '../domain/decide-order.ts'
import { decidePin, decidePublish } from '../domain/decide-post.ts'
import { decideContinueStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import { isAppError } from '../domain/error.ts'
import { requireId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import type { Post } from '../domain/post.ts'
import {
  isSlugTaken,
  parseStorySettings,
  type StorySettings,
  type StorySettingsInput,
  slugTaken,
} from '../domain/story.ts'
import type { Act } from '../store/contract.ts'
import { freeSlug } from './create-story.ts'
import { authorise, type Desk, requireStory, withLivingNext } from './desk.ts'

export type ContinueInput = {
  nextId: string
  settings: StorySettingsInput
  /** An id for the copy of a pinned post; asked once for each. */
  newId(): string
}

/** The receipt is the next part's. Idempotent by its id. */
export function continueStory(desk: Desk, actor: Actor, storyId: string, input: ContinueInput): Promise<Receipt> {
  const settings = parseStorySettings(input.settings)
  requireId(input.nextId)
  return openNext(desk, actor, storyId, input, settings).catch((error) => {
    if (settings.slug && isSlugTaken(error)) throw slugTaken('#/settings/slug', error)
    if (settings.slug || !isAppError(error, 'conflict')) throw error
    return openNext(desk, actor, storyId, input, settings, freeSlug(settings.title, input.nextId))
  })
}

function openNext(
  desk: Desk,
  actor: Actor,
  storyId: string,
  input: ContinueInput,
  settings: StorySettings,
  slug = settings.slug,
): Promise<Receipt> {
  return desk.acts.act(storyId, async (act) => {
    const present = await authorise(act, actor, 'story:continue')
    const story = await withLivingNext(act, requireStory(act))
    const next = await act.also(input.nextId)
    const asked = { nextId: input.nextId, settings, slug, now: act.now }
    const { closed, opened } = decideContinueStory(story, next.story, asked)
    if (opened.repeated) return next.record(present, opened)
    const pinned = (await act.publishedPosts()).filter((post) => post.pinnedAt !== null)
    const receipt = await next.record(present, opened)
    await act.record(present, closed)
    const last = await carryOver(next, present, pinned, input.newId)
    return last ?? receipt
  })
}

/** Copies, so that each part stands alone, with their public notes; in the order in which they were pinned. */
async function carryOver(
  next: Act,
  actor: Actor,
  pinned: readonly Post[],
  newId: () => string,
): Promise<Receipt | null> {
  let receipt: Receipt | null = null
  for (const post of pinned.toSorted((a, b) => (a.pinnedAt ?? 0) - (b.pinnedAt ?? 0))) {
    const { content, corrections } = post
    const copy = { postId: newId(), content, origin: originOf(post), ...(corrections.length > 0 && { corrections }) }
    await next.record(actor, decidePublish(requireStory(next), null, copy, actor, next.now))
    const published = await next.post(copy.postId)
    if (published) receipt = await next.record(actor, decidePin(requireStory(next), published, true, next.now))
  }
  return receipt
}
