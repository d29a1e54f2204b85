// Create a story, planned. Idempotent by the story's id.

import { decideCreateAgain, decideCreateStory } from '../domain/decide-story.ts'
import type { Receipt } from '../domain/decision.ts'
import { isAppError } from '../domain/error.ts'
import { requireId } from '../domain/id.ts'
import type { Actor } from '../domain/permission.ts'
import { MAX_SLUG, parseStorySettings, type StorySettings, type StorySettingsInput, slugFrom } from '../domain/story.ts'
import { authorise, type Desk } from './desk.ts'

/** Throws `invalid`, `forbidden`, `conflict` when the address is taken or the id stands for a story with other settings. */
export function createStory(desk: Desk, actor: Actor, storyId: string, input: StorySettingsInput): Promise<Receipt> {
  const settings = parseStorySettings(input)
  requireId(storyId)
  return create(desk, actor, storyId, settings).catch((error) => {
    if (settings.slug || !isAppError(error, 'conflict')) throw error
    return create(desk, actor, storyId, settings, freeSlug(settings.title, storyId))
  })
}

/** For an address that nobody chose and that is taken: the same words with a bit of the id. */
export function freeSlug(title: string, storyId: string): string {
  const slug = `${slugFrom(title).slice(0, MAX_SLUG - 7)}-${storyId.slice(0, 6)}`
  return slug.replace(/^-+/, '').replace(/-+/g, '-')
}

function create(
  desk: Desk,
  actor: Actor,
  storyId: string,
  settings: StorySettings,
  slug = settings.slug,
): Promise<Receipt> {
  return desk.acts.act(storyId, async (act) => {
    const present = await authorise(act, actor, 'story:create')
    if (act.story) return act.record(present, decideCreateAgain(act.story, settings))
    return act.record(present, decideCreateStory(storyId, { ...settings, slug }, act.now))
  })
}
