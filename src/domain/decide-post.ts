// What the acts on a published post decide, and publishing itself: revise, correct, flag, withdraw, mark as key event, pin.
// Called by newsroom/*-post.ts inside the story's transaction. Pure: no clock, no I/O.

import { canonicalJson } from './canonical.ts'
import { cleanLine, cleanText, isEmptyContent, MAX_HEADLINE, type PostContent } from './content.ts'
import type { Decision } from './decision.ts'
import { AppError } from './error.ts'
import type { Actor } from './permission.ts'
import { type Correction, orderKeyOf, type Post, type Withdrawal } from './post.ts'
import type { Story } from './story.ts'

export const MAX_NOTE = 1_000 // characters of a public correction note or a reason

export type Publish = {
  postId: string
  content: PostContent
  /** Absent: what the draft says; null: none. */
  keyEvent?: Post['keyEvent']
  /** Of the draft the editor saw; absent where there was none: what became a draft meanwhile, as by undo, is not published by a repeat. */
  revision?: number
  /** The second confirmation. */
  breakEmbargo?: boolean
  /** Only an importer sets past times. */
  at?: { publishedAt: number; updatedAt: number | null }
  /** Set by the act of copying alone. */
  origin?: Post['origin']
  /** Set alone by what carries a post over whole into the next part. */
  corrections?: Correction[]
}

/** Idempotent by the post's id: the same content again is the same act; other content is `conflict`. */
export function decidePublish(story: Story, current: Post | null, act: Publish, actor: Actor, now: number): Decision {
  if (current && current.storyId !== story.id)
    throw new AppError('conflict', 'This id belongs to a post of another story.')
  if (current && (current.state === 'published' || current.state === 'withdrawn'))
    return alreadyPublic(story, current, act)
  if (isEmptyContent(act.content)) throw new AppError('invalid', 'A post needs a headline or some text.')
  if (!act.at) requireOpen(story)
  if (current) requireFresh(current, act.revision ?? 0)
  if (current?.embargo && !act.breakEmbargo) requireEmbargoOver(current, now)
  const ordinal = story.ordinal + 1
  const carried = act.corrections ? { corrections: act.corrections } : {}
  const publishedAt = act.at?.publishedAt ?? now
  const post: Post = {
    ...(current ?? newPost(act.postId, story.id, actor.id, now)),
    state: 'published',
    content: act.content,
    revision: (current?.revision ?? 0) + 1,
    orderKey: orderKeyOf(ordinal),
    keyEvent: keyEventOf(act.keyEvent === undefined ? (current?.keyEvent ?? null) : act.keyEvent, act.content),
    firstPublishedAt: publishedAt,
    publishedAt,
    updatedAt: act.at?.updatedAt ?? null,
    release: null,
    // One that was broken stays with the post: undoing puts it back under it.
    embargo: current?.embargo && current.embargo.until > now ? current.embargo : null,
    deskNote: null,
    origin: act.origin ?? current?.origin ?? null,
    ...carried,
  }
  const broken = current?.embargo && current.embargo.until > now ? { brokenEmbargo: current.embargo.until } : {}
  return {
    story: { ...story, ordinal },
    post,
    kind: 'publish-post',
    payload: { content: act.content, keyEvent: post.keyEvent, imported: act.at !== undefined, ...broken, ...carried },
    public: { kind: 'post-published', touches: post.keyEvent ? 'both' : 'post' },
  }
}

/**
 * `revision` is the one the editor saw. Throws `conflict` with the current one when it is stale. `at`: only an importer says
 * when the text last changed, null = never: what it brings later, such as a picture, changes nothing that anybody said.
 * `keyEvent` absent: as it is; where the text stays, the mark alone is an act and no update.
 */
export function decideRevise(
  story: Story,
  post: Post,
  revision: number,
  content: PostContent,
  now: number,
  at?: { updatedAt: number | null },
  keyEvent?: Post['keyEvent'],
): Decision {
  requirePublished(post)
  if (sameContent(post.content, content))
    return keyEvent === undefined ? repeated(story, post, 'revise-post') : decideMarkKeyEvent(story, post, keyEvent)
  requireFresh(post, revision)
  const said = { kind: 'revise-post', public: 'post-revised', note: null, keyEvent } as const
  const decision = changeText(story, post, content, now, said)
  if (!at || !decision.post) return decision
  const payload = { ...decision.payload, imported: true }
  return { ...decision, post: { ...decision.post, updatedAt: at.updatedAt }, payload }
}

/** A quick mark beside the text: readers see it, but it is no update of the text. */
export function decideFlag(
  story: Story,
  post: Post,
  flags: Partial<Pick<PostContent, 'verification' | 'breaking'>>,
): Decision {
  requirePublished(post)
  const content = { ...post.content, ...flags }
  if (sameContent(post.content, content)) return repeated(story, post, 'flag-post')
  return {
    story,
    post: { ...post, content, revision: post.revision + 1 },
    kind: 'flag-post',
    payload: { ...flags },
    public: { kind: 'post-marked', touches: post.pinnedAt ? 'both' : 'post' },
  }
}

/** The note is public and says what was wrong. */
export function decideCorrect(
  story: Story,
  post: Post,
  revision: number,
  content: PostContent,
  note: string,
  now: number,
  keyEvent?: Post['keyEvent'],
): Decision {
  requirePublished(post)
  const said = cleanText(note).trim()
  if (!said) throw new AppError('invalid', 'A correction needs a note that tells readers what was wrong.')
  requireShort(said)
  if (sameContent(post.content, content) && post.corrections.at(-1)?.note === said)
    return repeated(story, post, 'correct-post')
  requireFresh(post, revision)
  const act = { kind: 'correct-post', public: 'post-corrected', note: said, keyEvent } as const
  return changeText(story, post, content, now, act)
}

/** Withdrawing wins over any concurrent edit: it asks for no revision. A trace may still be lessened to none. */
export function decideWithdraw(
  story: Story,
  post: Post,
  trace: Withdrawal['trace'],
  reason: string,
  now: number,
): Decision {
  if (post.state === 'withdrawn' && (post.withdrawal?.trace === trace || trace === 'line')) {
    return repeated(story, post, 'withdraw-post')
  }
  if (post.state !== 'published' && post.state !== 'withdrawn')
    throw new AppError('conflict', 'This post is not published.')
  requireShort(reason)
  const withdrawal = { at: now, trace, reason: cleanLine(reason) }
  return {
    story,
    post: { ...post, state: 'withdrawn', withdrawal, pinnedAt: null, keyEvent: null },
    kind: 'withdraw-post',
    payload: { trace, reason: cleanLine(reason) },
    public: { kind: 'post-withdrawn', touches: post.keyEvent || post.pinnedAt ? 'both' : 'post' },
  }
}

/** null takes the mark away. An empty title takes the headline's words. */
export function decideMarkKeyEvent(story: Story, post: Post, mark: { title: string } | null): Decision {
  requirePublished(post)
  const keyEvent = keyEventOf(mark, post.content)
  if (JSON.stringify(keyEvent) === JSON.stringify(post.keyEvent)) return repeated(story, post, 'mark-key-event')
  return {
    story,
    post: { ...post, keyEvent },
    kind: 'mark-key-event',
    payload: { keyEvent },
    public: { kind: 'post-marked', touches: 'both' },
  }
}

export function decidePin(story: Story, post: Post, pin: boolean, now: number): Decision {
  requirePublished(post)
  if ((post.pinnedAt !== null) === pin) return repeated(story, post, pin ? 'pin-post' : 'unpin-post')
  return {
    story,
    post: { ...post, pinnedAt: pin ? now : null },
    kind: pin ? 'pin-post' : 'unpin-post',
    payload: {},
    public: { kind: 'post-pinned', touches: 'both' },
  }
}

function changeText(
  story: Story,
  post: Post,
  content: PostContent,
  now: number,
  act: {
    kind: string
    public: 'post-revised' | 'post-corrected'
    note: string | null
    keyEvent: Post['keyEvent'] | undefined
  },
): Decision {
  if (isEmptyContent(content))
    throw new AppError('invalid', 'A post needs a headline or some text; withdraw it to take it down.')
  const corrections = act.note === null ? post.corrections : [...post.corrections, { at: now, note: act.note }]
  const keyEvent = act.keyEvent === undefined ? followed(post, content) : keyEventOf(act.keyEvent, content)
  const onFace = post.pinnedAt !== null || post.keyEvent !== null || keyEvent !== null
  return {
    story,
    post: {
      ...post,
      content,
      corrections,
      keyEvent,
      revision: post.revision + 1,
      updatedAt: now,
    },
    kind: act.kind,
    payload: { content, note: act.note ?? undefined, keyEvent: act.keyEvent === undefined ? undefined : keyEvent },
    public: { kind: act.public, touches: onFace ? 'both' : 'post' },
  }
}

/** A key event that took the headline's words takes the new ones: an error must not live on among the turning points. */
function followed({ keyEvent, content }: Post, next: PostContent): Post['keyEvent'] {
  return keyEvent && keyEvent.title === content.headline && next.headline ? { title: next.headline } : keyEvent
}

function alreadyPublic(story: Story, current: Post, act: Publish): Decision {
  if (sameContent(current.content, act.content) && current.state === 'published')
    return repeated(story, current, 'publish-post')
  throw new AppError('conflict', 'This post is already published; revise it instead.', {
    details: { revision: current.revision, state: current.state },
  })
}

export function newPost(
  id: string,
  storyId: string,
  createdBy: string,
  now: number,
): Omit<Post, 'state' | 'content' | 'revision'> {
  return {
    id,
    storyId,
    version: null,
    orderKey: null,
    keyEvent: null,
    pinnedAt: null,
    corrections: [],
    withdrawal: null,
    createdAt: now,
    createdBy,
    firstPublishedAt: null,
    publishedAt: null,
    updatedAt: null,
    release: null,
    embargo: null,
    origin: null,
    deskNote: null,
  }
}

/** As readers are to see it. Throws `invalid`. */
export function keyEventOf(mark: Post['keyEvent'], content: PostContent): Post['keyEvent'] {
  if (!mark) return null
  const title = checkMark(mark)?.title || content.headline
  if (!title) throw new AppError('invalid', 'A key event needs a short title, for this post has no headline.')
  return { title }
}

/** As a draft keeps it: '' = the headline's words, whatever they come to be. Throws `invalid`. */
export function checkMark(mark: Post['keyEvent']): Post['keyEvent'] {
  const title = cleanLine(mark?.title ?? '')
  if (title.length > MAX_HEADLINE)
    throw new AppError('invalid', `A key event's title has at most ${MAX_HEADLINE} characters.`)
  return mark && { title }
}

/** The mark of a published post as a draft or a form has it. */
export function markOf({ keyEvent, content }: Pick<Post, 'keyEvent' | 'content'>): Post['keyEvent'] {
  return keyEvent && { title: keyEvent.title === content.headline ? '' : keyEvent.title }
}

/** Throws `conflict`. */
export function requireOpen(story: Story): void {
  if (story.state === 'live' || story.state === 'paused') return
  throw new AppError('conflict', story.state === 'planned' ? 'Start the story first.' : 'This story has ended.')
}

/** Throws `conflict` with the time in `details`: a second confirmation is asked for. */
export function requireEmbargoOver(post: Post, now: number): void {
  if (post.embargo && post.embargo.until > now) {
    throw new AppError('conflict', 'This post is under embargo. Publishing it now needs a second confirmation.', {
      details: { embargo: post.embargo },
    })
  }
}

function requirePublished(post: Post): void {
  if (post.state !== 'published') {
    throw new AppError(
      'conflict',
      post.state === 'withdrawn' ? 'This post was withdrawn.' : 'This post is not published.',
    )
  }
}

/** Throws `conflict` with the current text. */
export function requireFresh(post: Post, revision: number): void {
  if (post.revision !== revision) {
    throw new AppError('conflict', 'Somebody changed this post meanwhile. Nothing was overwritten.', {
      details: { revision: post.revision, content: post.content },
    })
  }
}

/** Throws `invalid`. */
export function requireShort(note: string): void {
  if (note.length > MAX_NOTE) throw new AppError('invalid', `A note has at most ${MAX_NOTE} characters.`)
}

/** Key order differs between a fresh parse and a row read back. */
export function sameContent(a: PostContent, b: PostContent): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

export function repeated(story: Story, post: Post, kind: string): Decision {
  return { story, post, kind, payload: {}, public: null, repeated: true }
}
