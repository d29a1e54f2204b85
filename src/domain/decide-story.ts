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

export function decideStartStory(story: Story, now: number): Decision {
  if (story.state === 'live') return repeated(story, 'start-story')
  const started = { ...story, state: 'live' as const, startedAt: story.startedAt ?? now, endedAt: null }
  return {
    story: started,
    post: null,
    kind: 'start-story',
    payload: {},
    public: { kind: 'story-started', touches: 'story' },
  }
}

export function decideEndStory(story: Story, now: number): Decision {
  if (story.state === 'ended') return repeated(story, 'end-story')
  if (story.state === 'planned') throw new AppError('conflict', 'This story has not started.')
  const ended = { ...story, state: 'ended' as const, endedAt: now }
  return { story: ended, post: null, kind: 'end-story', payload: {}, public: { kind: 'story-ended', touches: 'story' } }
}

function chosenSlug(settings: StorySettings): string | null {
  if (settings.slug) return checkSlug(settings.slug)
  return slugFrom(settings.title) || null
}

function repeated(story: Story, kind: string): Decision {
  return { story, post: null, kind, payload: {}, public: null, repeated: true }
}
