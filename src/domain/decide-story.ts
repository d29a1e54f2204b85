// What the acts on a story decide: create, start, end.
// Called by newsroom/*-story.ts inside the story's transaction. Pure: time and ids are passed in.

import type { Decision } from './decision.ts'
import { AppError } from './error.ts'
import { checkSlug, directionOf, type Story, type StorySettings, slugFrom } from './story.ts'

/** A public story takes its slug now; a taken one is the store's `conflict`. */
export function decideCreateStory(id: string, settings: StorySettings, now: number): Decision {
  const story: Story = {
    id,
    slug: settings.visibility === 'public' ? chosenSlug(settings) : null,
    title: settings.title,
    standfirst: settings.standfirst,
    language: settings.language,
    direction: directionOf(settings.language),
    timeZone: settings.timeZone,
    state: 'planned',
    visibility: settings.visibility,
    seq: 0,
    version: 0,
    ordinal: 0,
    createdAt: now,
    startsAt: settings.startsAt,
    startedAt: null,
    endedAt: null,
  }
  return {
    story,
    post: null,
    kind: 'create-story',
    payload: { settings },
    public: { kind: 'story-opened', touches: 'story' },
  }
}

/** `at`: when it started elsewhere, ms UTC; only an importer sets it. Throws `invalid` for a time to come. */
export function decideStartStory(story: Story, now: number, at?: number): Decision {
  if (story.state === 'live') return repeated(story, 'start-story')
  requirePast(at, now)
  const started = { ...story, state: 'live' as const, startedAt: story.startedAt ?? at ?? now, endedAt: null }
  return {
    story: started,
    post: null,
    kind: 'start-story',
    payload: importedAt(at),
    public: { kind: 'story-started', touches: 'story' },
  }
}

/** `at` as for the start. A story that has ended takes a later end from an importer, never an earlier one. */
export function decideEndStory(story: Story, now: number, at?: number): Decision {
  if (story.state === 'ended' && (at ?? 0) <= (story.endedAt ?? now)) return repeated(story, 'end-story')
  if (story.state === 'planned') throw new AppError('conflict', 'This story has not started.')
  requirePast(at, now)
  const ended = { ...story, state: 'ended' as const, endedAt: at ?? now }
  return {
    story: ended,
    post: null,
    kind: 'end-story',
    payload: importedAt(at),
    public: { kind: 'story-ended', touches: 'story' },
  }
}

function requirePast(at: number | undefined, now: number): void {
  if (at !== undefined && at > now) throw new AppError('invalid', 'An import sets past times only.')
}

function importedAt(at: number | undefined): Decision['payload'] {
  return at === undefined ? {} : { at, imported: true }
}

function chosenSlug(settings: StorySettings): string | null {
  if (settings.slug) return checkSlug(settings.slug)
  return slugFrom(settings.title) || null
}

function repeated(story: Story, kind: string): Decision {
  return { story, post: null, kind, payload: {}, public: null, repeated: true }
}
