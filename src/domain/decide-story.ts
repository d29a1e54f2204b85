// What the acts on a story decide: create, start, pause, resume, end, change, open, withdraw, sum up, continue.
// Called by newsroom/*-story.ts inside the story's transaction. Pure: time and ids are passed in.

import { canonicalJson } from './canonical.ts'
import { cleanLine, type SummaryBlock } from './content.ts'
import type { Decision, Json } from './decision.ts'
import { AppError, wrongField } from './error.ts'
import type { Post } from './post.ts'
import {
  checkSlug,
  directionOf,
  NO_ADDRESS,
  type Story,
  type StoryChange,
  type StorySettings,
  slugFrom,
  type Visibility,
} from './story.ts'
import type { PublicKind } from './view.ts'

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
    withdrawnAt: null,
    revision: 1,
    summary: null,
    lead: null,
    continues: null,
    continuedBy: null,
  }
  return {
    story,
    post: null,
    kind: 'create-story',
    payload: { settings },
    public: { kind: 'story-opened', touches: 'story' },
  }
}

/** The same settings again are the same act, as long as they stand; others are `conflict`. An address nobody asked for is any. */
export function decideCreateAgain(story: Story, settings: StorySettings): Decision {
  if (story.withdrawnAt !== null) throw new AppError('conflict', 'This story was withdrawn.')
  const { slug, ...others } = settings
  const asked: Partial<Story> = slug ? { ...others, slug } : others
  const differs = Object.entries(asked).filter(([name, value]) => story[name as keyof Story] !== value)
  if (differs.length === 0) return repeated(story, 'create-story')
  throw new AppError('conflict', 'This id stands for a story with other settings. Change that one, or take a new id.', {
    details: { revision: story.revision, state: story.state, differs: differs.map(([name]) => name) },
  })
}

/** `at`: when it started elsewhere, ms UTC; only an importer sets it. Throws `invalid` for a time to come. */
export function decideStartStory(story: Story, now: number, at?: number): Decision {
  if (story.state === 'live') return repeated(story, 'start-story')
  if (story.state === 'paused') return decideResumeStory(story)
  if (story.continuedBy) throw new AppError('conflict', 'This part is closed: the story goes on in the next one.')
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

export function decidePauseStory(story: Story): Decision {
  if (story.state === 'paused') return repeated(story, 'pause-story')
  if (story.state !== 'live') throw new AppError('conflict', 'Only a live story can be paused.')
  return changed({ ...story, state: 'paused' }, 'pause-story', {}, 'story-paused')
}

export function decideResumeStory(story: Story): Decision {
  if (story.state === 'live') return repeated(story, 'resume-story')
  if (story.state !== 'paused') throw new AppError('conflict', 'Only a paused story can be resumed.')
  return changed({ ...story, state: 'live' }, 'resume-story', {}, 'story-resumed')
}

/** Planning is changing `startsAt`. Throws `conflict` when `revision` is stale. */
export function decideChangeStory(story: Story, revision: number, change: StoryChange): Decision {
  const wanted = withChange(story, change)
  if (canonicalJson(wanted) === canonicalJson(story)) return repeated(story, 'change-story')
  requireFresh(story, revision)
  const settings = JSON.parse(JSON.stringify(change)) as { [key: string]: Json }
  return changed({ ...wanted, revision: story.revision + 1 }, 'change-story', settings, 'story-changed')
}

function withChange(story: Story, change: StoryChange): Story {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
  const wanted: Story = { ...story, ...given }
  return { ...wanted, direction: directionOf(wanted.language) }
}

/** null takes it away. */
export function decideSetSummary(story: Story, revision: number, blocks: SummaryBlock[] | null, now: number): Decision {
  if (canonicalJson(story.summary?.blocks ?? null) === canonicalJson(blocks)) return repeated(story, 'set-summary')
  requireFresh(story, revision)
  const summary = blocks && { blocks, at: now }
  return changed({ ...story, summary, revision: story.revision + 1 }, 'set-summary', { blocks }, 'story-changed')
}

/**
 * private → unlisted → public, and public → unlisted. Taking everything back is withdrawStory. `posts`: the published ones;
 * when a private story opens, each of them takes its entry of the public log.
 */
export function decideSetVisibility(
  story: Story,
  to: { visibility: Visibility; slug?: string },
  posts: readonly Post[],
): Decision {
  const { visibility } = to
  requireAddress(story, to)
  if (visibility === story.visibility) return repeated(story, 'set-visibility')
  if (visibility === 'private')
    throw new AppError(
      'conflict',
      'What readers could open cannot be made private again. Withdraw the story to take it down.',
    )
  const slug = story.slug ?? (visibility === 'public' ? slugOf(to.slug, story.title) : null)
  const opens = story.visibility === 'private'
  return {
    ...changed(
      { ...story, visibility, slug },
      'set-visibility',
      { visibility, slug },
      opens ? 'story-opened' : 'story-changed',
    ),
    more: opens ? posts.map((post) => ({ post, public: { kind: 'post-published', touches: 'both' } })) : [],
  }
}

/** A slug is taken once, on becoming public: one that would be thrown away is refused. */
function requireAddress({ slug }: Story, to: { visibility: Visibility; slug?: string }): void {
  if (!to.slug || to.slug === slug) return
  if (slug !== null) throw wrongField('conflict', '#/slug', `The address of this story is "${slug}" and stays so.`)
  if (to.visibility !== 'public') throw wrongField('invalid', '#/slug', NO_ADDRESS)
}

/** Everything of it: from then on there is nothing at its addresses. */
export function decideWithdrawStory(story: Story, reason: string, now: number): Decision {
  if (story.withdrawnAt !== null) return repeated(story, 'withdraw-story')
  const endedAt = story.state === 'planned' ? null : (story.endedAt ?? now)
  const withdrawn: Story = { ...story, state: 'ended', endedAt, withdrawnAt: now }
  return changed(withdrawn, 'withdraw-story', { reason: cleanLine(reason) }, 'story-withdrawn')
}

/** The neighbour of a story that was withdrawn, or opened: its banner changes. */
export function decideLinkChanged(story: Story): Decision {
  return changed(story, 'link-changed', {}, 'story-changed')
}

/**
 * Closes this part and opens the next, which takes over what stands at the top. Two decisions, one transaction. `taken`: the story that
 * has the next part's id already, which is good only where that was done by this very act. `slug`: an address that nobody asked for.
 */
export function decideContinueStory(
  story: Story,
  taken: Story | null,
  { nextId, settings, slug, now }: { nextId: string; settings: StorySettings; slug?: string; now: number },
): { closed: Decision; opened: Decision } {
  if (taken && taken.id === story.continuedBy)
    return { closed: repeated(story, 'continue-story'), opened: decideCreateAgain(taken, settings) }
  if (taken) throw new AppError('conflict', 'This id belongs to another story.')
  if (story.continuedBy !== null)
    throw new AppError('conflict', 'This story goes on in another part already.', {
      details: { next: story.continuedBy },
    })
  if (story.state === 'planned') throw new AppError('conflict', 'This story has not started.')
  const created = decideCreateStory(nextId, { ...settings, slug: slug ?? settings.slug }, now)
  const { summary, lead } = story
  const next: Story = { ...created.story, state: 'live', startedAt: now, continues: story.id, summary, lead }
  const done: Story = { ...story, state: 'ended', endedAt: story.endedAt ?? now, continuedBy: nextId }
  return {
    closed: changed(done, 'continue-story', { next: nextId }, 'story-continued'),
    opened: { ...created, story: next, payload: { ...created.payload, continues: story.id } },
  }
}

function changed(story: Story, kind: string, payload: Decision['payload'], said: PublicKind): Decision {
  return { story, post: null, kind, payload, public: { kind: said, touches: 'story' } }
}

function requireFresh(story: Story, revision: number): void {
  if (story.revision === revision) return
  throw new AppError('conflict', 'Somebody changed this story meanwhile. Nothing was overwritten.', {
    details: { revision: story.revision, title: story.title, standfirst: story.standfirst, summary: story.summary },
  })
}

function chosenSlug(settings: StorySettings): string | null {
  return slugOf(settings.slug, settings.title)
}

function slugOf(wanted: string | undefined, title: string): string | null {
  if (wanted) return checkSlug(wanted)
  return slugFrom(title) || null
}

function repeated(story: Story, kind: string): Decision {
  return { story, post: null, kind, payload: {}, public: null, repeated: true }
}
