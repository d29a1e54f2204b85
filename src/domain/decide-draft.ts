// What the acts on a post decide before it is public: save, submit, approve, send back, schedule, embargo, release; undoing, discarding, moving.
// Called by newsroom/* inside the story's transaction. Pure: no clock, no I/O.
// Never moves a public position, but for approval, release and undo.

import { cleanText, isEmptyContent, type PostContent, parseContent } from './content.ts'
import {
  checkMark,
  decidePublish,
  keyEventOf,
  markOf,
  newPost,
  repeated,
  requireFresh,
  requireOpen,
  requireShort,
  sameContent,
} from './decide-post.ts'
import type { Decision } from './decision.ts'
import { AppError, wrongField } from './error.ts'
import type { Actor } from './permission.ts'
import { type Embargo, isDiscarded, type Post, type Release } from './post.ts'
import { isTimeZone, type Story } from './story.ts'

export const UNDO_MS = 10_000 // after that a reader may have quoted it: withdrawing is the honest way
const MAX_SECONDS = 100_000_000_000 // in ms the year 1973, long past; in seconds the year 5138, far off
const UNDO_GRACE_MS = 2_000 // the press was in time, the line was slow
export const MAX_AHEAD_MS = 366 * 24 * 3_600_000 // a year: beyond it a date is a slip of the finger

const NO_WORDS = parseContent({ headline: '', blocks: [] })

/** `revision` 0 = a new draft. `keyEvent`: what it is to be when it is published; absent = as it is, '' = the headline's words. */
export type Draft = {
  postId: string
  revision: number
  content: PostContent
  keyEvent?: Post['keyEvent']
  origin?: Post['origin']
}

/** A scheduled draft stays scheduled, a submitted one submitted. */
export function decideSaveDraft(story: Story, current: Post | null, act: Draft, actor: Actor, now: number): Decision {
  if (current && current.storyId !== story.id)
    throw new AppError('conflict', 'This id belongs to a post of another story.')
  const keyEvent = act.keyEvent === undefined ? (current?.keyEvent ?? null) : checkMark(act.keyEvent)
  if (current) {
    requireUnpublished(current)
    const sameMark = current.keyEvent?.title === keyEvent?.title
    if (sameMark && sameContent(current.content, act.content)) return repeated(story, current, 'save-draft')
    requireFresh(current, act.revision)
  } else if (act.revision !== 0) throw new AppError('not_found', 'There is no such draft.')
  const before = current ?? { ...newPost(act.postId, story.id, actor.id, now), state: 'draft' as const }
  const post: Post = {
    ...before,
    content: act.content,
    keyEvent,
    revision: (current?.revision ?? 0) + 1,
    origin: act.origin ?? before.origin,
  }
  const payload = { content: act.content, keyEvent: keyEvent ?? undefined, origin: post.origin ?? undefined }
  return quietly(story, post, 'save-draft', payload)
}

export function decideSubmit(story: Story, post: Post, revision: number): Decision {
  if (post.state === 'submitted' && post.revision === revision) return repeated(story, post, 'submit-post')
  requireState(post, ['draft'])
  requireFresh(post, revision)
  requireWords(post)
  return quietly(story, { ...post, state: 'submitted', deskNote: null }, 'submit-post', {})
}

/** Publishes the text that was submitted, in its author's name. */
export function decideApprove(
  story: Story,
  post: Post,
  act: { revision: number; breakEmbargo?: boolean },
  actor: Actor,
  now: number,
): Decision {
  if (post.state === 'published' && post.revision === act.revision + 1) return repeated(story, post, 'approve-post')
  requireState(post, ['submitted'])
  const { content } = post
  return { ...decidePublish(story, post, { ...act, postId: post.id, content }, actor, now), kind: 'approve-post' }
}

/** The note is for the author. The same note again from the same person is the same act. */
export function decideSendBack(story: Story, post: Post, note: string, actor: Actor, now: number): Decision {
  const deskNote = { at: now, by: actor.name, text: cleanText(note).trim() }
  const { by, text } = post.deskNote ?? {}
  if (post.state === 'draft' && by === deskNote.by && text === deskNote.text)
    return repeated(story, post, 'send-back-post')
  requireState(post, ['submitted'])
  requireShort(note)
  return quietly(story, { ...post, state: 'draft', deskNote }, 'send-back-post', { note: deskNote.text })
}

/** null takes the schedule away. Throws `invalid` for a time that is past, or lies before the embargo's end. */
export function decideSchedule(
  story: Story,
  post: Post,
  act: { revision: number; release: Omit<Release, 'by'> | null },
  actor: Actor,
  now: number,
): Decision {
  requireUnpublished(post)
  const { release } = act
  if (post.release?.at === release?.at && post.release?.zone === release?.zone)
    return repeated(story, post, 'schedule-post')
  requireFresh(post, act.revision)
  if (!release) return quietly(story, { ...post, state: 'draft', release: null }, 'unschedule-post', {})
  requireMoment('#/release/at', release.at, release.zone, now)
  requireWords(post)
  if (story.state === 'ended') requireOpen(story)
  if (post.embargo && post.embargo.until > release.at)
    throw new AppError('invalid', "The time lies before the embargo's end.", { details: { embargo: post.embargo } })
  const scheduled: Post = { ...post, state: 'scheduled', release: { ...release, by: actor.id }, deskNote: null }
  return quietly(story, scheduled, 'schedule-post', { ...release })
}

/** Lifting or shortening one that still holds is breaking it: `breakEmbargo` is the second confirmation. */
export function decideEmbargo(
  story: Story,
  post: Post,
  act: { embargo: Embargo | null; breakEmbargo?: boolean },
  now: number,
): Decision {
  requireUnpublished(post)
  const { embargo } = act
  if (post.embargo?.until === embargo?.until && post.embargo?.zone === embargo?.zone)
    return repeated(story, post, 'embargo-post')
  if (embargo) requireMoment('#/embargo/until', embargo.until, embargo.zone, now)
  if (breaksEmbargo(post, embargo, now) && !act.breakEmbargo)
    throw new AppError('conflict', 'Lifting or shortening an embargo needs a second confirmation.', {
      details: { embargo: post.embargo },
    })
  if (embargo && post.release && post.release.at < embargo.until)
    throw new AppError('invalid', 'The post is scheduled before that time. Change the schedule first.', {
      details: { release: post.release },
    })
  return quietly(story, { ...post, embargo }, embargo ? 'embargo-post' : 'lift-embargo', embargo ? { ...embargo } : {})
}

/** True when setting `embargo` (null: none, or publishing now) lets the post out earlier than it was promised. */
export function breaksEmbargo(post: Post, embargo: Embargo | null, now: number): boolean {
  return post.embargo !== null && post.embargo.until > now && (embargo?.until ?? 0) < post.embargo.until
}

/** The release worker's: exactly once, for a published post is `repeated`. Throws `conflict` when it is not due. */
export function decideRelease(story: Story, post: Post, actor: Actor, now: number): Decision {
  if (post.state === 'published') return repeated(story, post, 'release-post')
  if (post.state !== 'scheduled' || !post.release || post.release.at > now)
    throw new AppError('conflict', 'This post is not due.')
  const publish = { postId: post.id, content: post.content, revision: post.revision }
  return { ...decidePublish(story, post, publish, actor, now), kind: 'release-post' }
}

/** What was due cannot go out: back to the desk, with the reason. */
export function decideHoldBack(story: Story, post: Post, reason: string, now: number): Decision {
  requireState(post, ['scheduled'])
  const deskNote = { at: now, by: 'Dateline', text: reason }
  return quietly(story, { ...post, state: 'submitted', release: null, deskNote }, 'hold-back-post', { reason })
}

/**
 * Within seconds of publishing: back to a draft, without a trace, and under its embargo again. Throws `conflict` when it is too late, or
 * when it was copied: a copy has readers of its own.
 */
export function decideUndo(story: Story, post: Post, copies: readonly Post[], now: number): Decision {
  if (post.state === 'draft') return repeated(story, post, 'undo-publish')
  requireState(post, ['published'])
  if (now - (post.publishedAt ?? 0) > UNDO_MS + UNDO_GRACE_MS)
    throw new AppError('conflict', 'It is too late to undo: withdraw the post instead.')
  if (post.updatedAt !== null)
    throw new AppError('conflict', 'The post was changed since. Withdraw it instead.', {
      details: { revision: post.revision },
    })
  if (copies.length > 0)
    throw new AppError('conflict', 'The post was copied to another story. Withdraw it instead.', {
      details: { copies: copies.map((copy) => ({ storyId: copy.storyId, postId: copy.id })) },
    })
  const onFace = post.keyEvent !== null || post.pinnedAt !== null
  const times = { firstPublishedAt: null, publishedAt: null, orderKey: null, pinnedAt: null }
  return {
    story,
    post: { ...post, ...times, keyEvent: markOf(post), state: 'draft' },
    kind: 'undo-publish',
    payload: {},
    public: { kind: 'post-withdrawn', touches: onFace ? 'both' : 'post' },
  }
}

/**
 * Throws a draft away. Its row stays, without a word in it, so that the log keeps its post and the id is never used again; earlier
 * revisions are kept as those of every post. Nothing of it was public, or an undo took it back: no position moves.
 */
export function decideDiscard(story: Story, post: Post, revision: number, now: number): Decision {
  if (isDiscarded(post)) return repeated(story, post, 'discard-draft')
  requireUnpublished(post)
  requireFresh(post, revision)
  return quietly(story, discarded(post, now), 'discard-draft', {})
}

/** What a move to another story needs to know. `keepsTime`: whoever moves it may schedule there. */
export type Move = { from: Story; to: Story; newId: string; moved: Post | null; keepsTime: boolean }

/**
 * A post belongs to its story's logs for good: moved, it is another post there, of the same author, and this one is discarded. A schedule that
 * cannot come along is left to the editors of the other story. `moved`: what stands under the new id.
 */
export function decideMoveDraft(post: Post, act: Move, now: number): { left: Decision; arrived: Decision } {
  const { from, to, newId, moved, keepsTime } = act
  if (isDiscarded(post) && moved?.storyId === to.id)
    return { left: repeated(from, post, 'move-draft-away'), arrived: repeated(to, moved, 'move-draft') }
  requireUnpublished(post)
  if (from.id === to.id) throw new AppError('invalid', 'It is in this story already.')
  if (moved) throw new AppError('conflict', 'This was made meanwhile by another request.')
  if (to.state === 'ended') throw new AppError('conflict', 'That story has ended: choose another one.')
  const time: Partial<Post> = post.release && !keepsTime ? { state: 'submitted', release: null } : {}
  const there: Post = { ...post, ...time, id: newId, storyId: to.id, revision: 1, version: null }
  const payload = { content: post.content, from: { storyId: from.id, postId: post.id } }
  return {
    left: quietly(from, discarded(post, now), 'move-draft-away', { to: { storyId: to.id, postId: newId } }),
    arrived: quietly(to, there, 'move-draft', payload),
  }
}

function discarded(post: Post, now: number): Post {
  const gone = { keyEvent: null, release: null, embargo: null, deskNote: null, origin: null }
  const withdrawal = { at: now, trace: 'none' as const, reason: '' }
  return { ...post, ...gone, state: 'withdrawn', withdrawal, content: NO_WORDS, revision: post.revision + 1 }
}

function quietly(story: Story, post: Post, kind: string, payload: Decision['payload']): Decision {
  return { story, post, kind, payload, public: null }
}

function requireState(post: Post, states: readonly Post['state'][]): void {
  if (states.includes(post.state)) return
  throw new AppError('conflict', `This post is ${post.state}; that does not fit here.`, {
    details: { state: post.state, revision: post.revision },
  })
}

function requireUnpublished(post: Post): void {
  requireState(post, ['draft', 'submitted', 'scheduled'])
}

/** What can be published as it is. */
function requireWords(post: Post): void {
  if (isEmptyContent(post.content)) throw new AppError('invalid', 'A post needs a headline or some text.')
  keyEventOf(post.keyEvent, post.content)
}

function requireMoment(pointer: string, at: number, zone: string, now: number): void {
  if (!isTimeZone(zone)) throw new AppError('invalid', 'A time zone is an IANA name such as "Europe/Paris".')
  const hint =
    at < MAX_SECONDS ? 'This time has passed: it looks like seconds. Send milliseconds since 1970.' : undefined
  if (!(at > now)) throw wrongField('invalid', pointer, 'This time has passed.', { hint })
  if (at > now + MAX_AHEAD_MS) throw wrongField('invalid', pointer, 'This time lies more than a year ahead.')
}
